/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a report on a whole capture is made of.
 */
#include "capture.h"

#include <string.h>

#include "spool.h"

struct SipwhyCapture {
    GArray *messages;    /* SipwhyCollected */
    GPtrArray *calls;    /* SipwhyCollectedCall */
    GHashTable *by_call; /* SipwhyCall -> SipwhyCollectedCall, of `calls` */
    GHashTable *by_id;   /* Call-ID, fit to be shown -> the same */
    GHashTable *packets; /* the frames that messages came in */
    SipwhySpool *bytes;  /* of the messages */
};

static void clear_message(void *data)
{
    SipwhyCollected *collected = data;

    g_free(collected->local);
}

static void free_call(void *data)
{
    SipwhyCollectedCall *call = data;

    g_array_free(call->messages, TRUE);
    g_free(call);
}

SipwhyCapture *sipwhy_capture_new(void)
{
    SipwhyCapture *capture = g_new0(SipwhyCapture, 1);

    capture->messages = g_array_new(FALSE, FALSE, sizeof(SipwhyCollected));
    g_array_set_clear_func(capture->messages, clear_message);
    capture->calls = g_ptr_array_new_with_free_func(free_call);
    capture->by_call = g_hash_table_new(NULL, NULL);
    capture->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    capture->packets = g_hash_table_new(NULL, NULL);
    capture->bytes = sipwhy_spool_new(SIPWHY_SPOOL_MEMORY);
    return capture;
}

void sipwhy_capture_free(SipwhyCapture *capture)
{
    if (!capture)
        return;
    g_hash_table_destroy(capture->packets);
    g_hash_table_destroy(capture->by_id);
    g_hash_table_destroy(capture->by_call);
    g_ptr_array_free(capture->calls, TRUE);
    g_array_free(capture->messages, TRUE);
    sipwhy_spool_free(capture->bytes);
    g_free(capture);
}

void sipwhy_capture_clear(SipwhyCapture *capture)
{
    g_hash_table_remove_all(capture->packets);
    g_hash_table_remove_all(capture->by_id);
    g_hash_table_remove_all(capture->by_call);
    g_ptr_array_set_size(capture->calls, 0);
    g_array_set_size(capture->messages, 0);
    sipwhy_spool_free(capture->bytes);
    capture->bytes = sipwhy_spool_new(SIPWHY_SPOOL_MEMORY);
}

static SipwhyCollectedCall *add_call(SipwhyCapture *capture)
{
    SipwhyCollectedCall *added = g_new0(SipwhyCollectedCall, 1);

    added->messages = g_array_new(FALSE, FALSE, sizeof(unsigned));
    g_ptr_array_add(capture->calls, added);
    return added;
}

static char *read_id(const SipwhyMessage *message, const SipwhyCall *call)
{
    SipwhySlice id;

    if (!message || !sipwhy_message_first(message, SIPWHY_HEADER_CALL_ID, &id))
        return g_strdup(call ? call->id : "");
    return sipwhy_printable_text(id.data, MIN(id.length, SIPWHY_CALL_ID_BYTES_MOST));
}

/* The call of a message. What an ICMP error quotes has no transaction, but a Call-ID. */
static SipwhyCollectedCall *get_call(SipwhyCapture *capture, const SipwhyCall *call,
                                     const SipwhyMessage *message)
{
    SipwhyCollectedCall *found = call ? g_hash_table_lookup(capture->by_call, call) : NULL;

    if (found)
        return found;
    char *id = read_id(message, call);
    found = g_hash_table_lookup(capture->by_id, id);
    if (!found || (call && found->call)) {
        found = add_call(capture);
        g_hash_table_insert(capture->by_id, id, found);
    } else {
        g_free(id);
    }
    if (call) {
        found->call = call;
        g_hash_table_insert(capture->by_call, (void *)call, found);
    }
    return found;
}

void sipwhy_capture_add(SipwhyCapture *capture, const SipwhyEvent *event,
                        const SipwhyPacket *packet, const SipwhyMessage *message)
{
    const SipwhyTransaction *transaction = event->transaction;
    const unsigned place = capture->messages->len;
    SipwhyCollected collected = {
        .packet = *packet, .event = *event, .is_response = event->status > 0 || event->invalid};

    if (message && message->length > 0) {
        collected.length = message->length;
        collected.bytes = sipwhy_spool_copy(capture->bytes, message->line.data, message->length);
    }
    SipwhyCollectedCall *call = get_call(capture, transaction ? transaction->call : NULL, message);
    g_array_append_val(capture->messages, collected);
    g_hash_table_add(capture->packets, GUINT_TO_POINTER(packet->frame));
    g_array_append_val(call->messages, place);
}

/* NULL: nothing matches. What an ICMP error quotes was never received. */
static const SipwhyLocalEntry **match(const SipwhyCollected *collected, SipwhyLocal *local)
{
    const SipwhyEvent *event = &collected->event;
    SipwhyMessage message;

    if (!local || !collected->is_response || event->quoted)
        return NULL;
    const bool scanned = sipwhy_collected_scan(collected, &message);
    const SipwhyLocalEntry **matched =
        sipwhy_local_match(local, event->status, event->phrase, scanned ? &message : NULL);
    if (!*matched)
        g_clear_pointer(&matched, g_free);
    return matched;
}

void sipwhy_capture_match(SipwhyCapture *capture, SipwhyLocal *local)
{
    for (unsigned i = 0; i < capture->messages->len; i++) {
        SipwhyCollected *collected = &g_array_index(capture->messages, SipwhyCollected, i);
        g_free(collected->local);
        collected->local = match(collected, local);
    }
}

const SipwhyCollected *sipwhy_capture_message(const SipwhyCapture *capture, size_t n)
{
    sipwhy_spool_look(capture->bytes);
    return n < capture->messages->len ? &g_array_index(capture->messages, SipwhyCollected, n)
                                      : NULL;
}

size_t sipwhy_capture_count(const SipwhyCapture *capture)
{
    return capture->messages->len;
}

size_t sipwhy_capture_packets(const SipwhyCapture *capture)
{
    return g_hash_table_size(capture->packets);
}

const SipwhyCollectedCall *sipwhy_capture_call(const SipwhyCapture *capture, size_t n)
{
    return n < capture->calls->len ? capture->calls->pdata[n] : NULL;
}

const SipwhyCollected *sipwhy_collected_call_message(const SipwhyCapture *capture,
                                                     const SipwhyCollectedCall *call, size_t n)
{
    return n < call->messages->len
               ? sipwhy_capture_message(capture, g_array_index(call->messages, unsigned, n))
               : NULL;
}

bool sipwhy_collected_scan(const SipwhyCollected *collected, SipwhyMessage *message)
{
    return collected->bytes &&
           sipwhy_message_scan(collected->bytes, collected->length, SIPWHY_FRAMING_STREAM, message);
}

/* Whether all of what is known of a call is of packets that the file has. */
static bool is_owned(const SipwhyCapture *capture, const SipwhyCollectedCall *call)
{
    for (unsigned i = 0; i < call->messages->len; i++) {
        const SipwhyCollected *one = sipwhy_collected_call_message(capture, call, i);
        if (one->event.transaction && one->event.transaction->disowned)
            return false;
    }
    return true;
}

bool sipwhy_collected_outcome(const SipwhyTrace *trace, const SipwhyCapture *capture,
                              const SipwhyCollectedCall *call, SipwhyCallOutcome *outcome)
{
    return call->call && is_owned(capture, call) &&
           sipwhy_call_outcome(trace, call->call, outcome) &&
           !(outcome->invite && outcome->invite->disowned);
}

uint32_t sipwhy_collected_first_frame(const SipwhyCapture *capture, const SipwhyCollectedCall *call)
{
    if (call->call && is_owned(capture, call))
        return call->call->first_frame;
    return sipwhy_collected_call_message(capture, call, 0)->packet.frame;
}

/* The same is said by findings of one id with the same evidence; without any, on one request. */
static guint hash_finding(const void *data)
{
    const SipwhyFinding *finding = data;
    guint hash = (guint)finding->id;

    if (finding->frame_count == 0)
        return hash * 31 + finding->frame;

    for (unsigned i = 0; i < finding->frame_count; i++)
        hash = hash * 31 + finding->frames[i];
    return hash;
}

static gboolean is_same_finding(const void *one_data, const void *other_data)
{
    const SipwhyFinding *one = one_data;
    const SipwhyFinding *other = other_data;

    return one->id == other->id && one->frame_count == other->frame_count &&
           (one->frame_count > 0 || one->frame == other->frame) &&
           memcmp(one->frames, other->frames, one->frame_count * sizeof *one->frames) == 0;
}

/* Moves those that are not in `said` yet. */
static void move_findings(GPtrArray *to, GPtrArray *from, GHashTable *said)
{
    unsigned i = 0;

    while (i < from->len) {
        if (g_hash_table_contains(said, from->pdata[i])) {
            i++;
            continue;
        }
        g_hash_table_add(said, from->pdata[i]);
        g_ptr_array_add(to, g_ptr_array_steal_index(from, i));
    }
}

GPtrArray *sipwhy_collected_findings(const SipwhyReportSettings *settings,
                                     const SipwhyCapture *capture, const SipwhyCollectedCall *call)
{
    GPtrArray *findings = sipwhy_findings_new();
    GHashTable *said = g_hash_table_new(hash_finding, is_same_finding);

    for (unsigned i = 0; i < call->messages->len; i++) {
        const SipwhyCollected *collected = sipwhy_collected_call_message(capture, call, i);
        if (!collected || collected->is_response)
            continue;
        SipwhyMessage message;
        GPtrArray *own = sipwhy_find(settings->trace, &collected->event,
                                     sipwhy_collected_scan(collected, &message) ? &message : NULL);
        if (settings->silent && own->len == 0)
            settings->silent[g_array_index(call->messages, unsigned, i)] = 1 + SIPWHY_SEVERITY_CHAT;
        move_findings(findings, own, said);
        g_ptr_array_free(own, TRUE);
    }
    g_hash_table_destroy(said);
    return findings;
}

const SipwhyFinding *sipwhy_collected_same(const GPtrArray *findings, const SipwhyFinding *finding)
{
    for (unsigned i = 0; i < findings->len; i++)
        if (is_same_finding(findings->pdata[i], finding))
            return findings->pdata[i];
    return NULL;
}

void sipwhy_collected_judge(const SipwhyTrace *trace, const SipwhyCollected *collected,
                            SipwhyLanguage language, SipwhyJudged *judged)
{
    const SipwhyEvent *event = &collected->event;

    *judged = (SipwhyJudged){0};
    judged->scanned = sipwhy_collected_scan(collected, &judged->message);
    judged->findings = sipwhy_find(trace, event, judged->scanned ? &judged->message : NULL);
    if (!collected->is_response)
        return;
    judged->explained = sipwhy_explain(event->status, language, &judged->explanation);
    judged->severity = sipwhy_findings_severity(
        judged->findings, judged->explained ? &judged->explanation : NULL, &judged->expected);
    judged->local = collected->local;
    if (judged->explained) {
        judged->severity = sipwhy_local_decide(judged->local, judged->severity, &judged->expected);
        if (judged->local)
            sipwhy_local_apply(judged->local, &judged->explanation);
    } else {
        judged->severity = MAX(judged->severity, SIPWHY_SEVERITY_WARN);
        judged->expected = false;
    }
}

void sipwhy_collected_subject(const SipwhyTrace *trace, const SipwhyCollected *collected,
                              const SipwhyJudged *judged, SipwhySubject *subject)
{
    *subject =
        sipwhy_subject_of(trace, &collected->event, judged->scanned ? &judged->message : NULL);
}

void sipwhy_judged_clear(SipwhyJudged *judged)
{
    g_ptr_array_free(judged->findings, TRUE);
}
