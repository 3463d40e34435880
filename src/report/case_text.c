/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A case of a diagnosis in words, which are those of a story in a capture (story_text.c).
 */
#include "report/case_text.h"

#include <stdlib.h>
#include <string.h>

#include "report/words.h"
#include "value.h"

enum {
    NOTES_MOST = 5,  /* findings of a case that are told */
    FIXES_MOST = 4,  /* of a finding */
    ALSO_MOST = 5,   /* further messages that have it */
    UNTOLD_MOST = 5, /* responses that nothing tells of */
    LOCAL_MOST = 5,  /* entries of local knowledge */
    HOPS_MOST = 8,
    FIRST_REFUSAL = 300,
    UNAUTHORIZED = 401,
    PROXY_UNAUTHORIZED = 407,
};

/* ---- small words ---- */

/* What stands in a message, fit to be shown, and shortened. */
static char *shown(const char *text)
{
    return sipwhy_short_text((SipwhySlice){text, strlen(text)});
}

/* A sentence of the plugin's, which quotes messages; a line break in it is none. */
static char *sentence(const char *text)
{
    return sipwhy_printable_text(text, strlen(text));
}

static void add_sentence(SipwhyBlock *block, const char *label, const char *text)
{
    sipwhy_block_take(block, label, sentence(text));
}

static char *method_text(const char *method, SipwhyLanguage language)
{
    return method && *method ? shown(method) : g_strdup(sipwhy_text(language, SIPWHY_TEXT_REQUEST));
}

/* ---- what it came to ---- */

static bool has_invite(const SipwhyRecordedCall *call)
{
    for (unsigned i = 0; i < call->messages->len; i++)
        if (g_strcmp0(((const SipwhyRecordedMessage *)call->messages->pdata[i])->method,
                      "INVITE") == 0)
            return true;
    return false;
}

static SipwhyText verdict_of(const SipwhyRecordedCall *call)
{
    if (!call->call_id)
        return SIPWHY_TEXT_REPORT_STRAY;
    if (call->is_call && call->code > 0)
        return SIPWHY_TEXT_REPORT_CALL_FINAL;
    if (call->is_call)
        return has_invite(call) ? SIPWHY_TEXT_REPORT_CALL_OPEN : SIPWHY_TEXT_REPORT_CALL_MIDDLE;
    if (call->code == 0)
        return SIPWHY_TEXT_REPORT_REQUEST_OPEN;
    if (call->code == UNAUTHORIZED || call->code == PROXY_UNAUTHORIZED)
        return SIPWHY_TEXT_REPORT_REQUEST_CHALLENGED;
    return call->code >= FIRST_REFUSAL ? SIPWHY_TEXT_REPORT_REQUEST_REFUSED
                                       : SIPWHY_TEXT_REPORT_REQUEST_FINAL;
}

/* Whether the response that none explains is the one that decided, as it was or on another hop. */
static bool bare_decided(const SipwhyCase *one)
{
    const SipwhyRecordedCall *call = one->call;
    const SipwhyRecordedMessage *deciding = sipwhy_case_message(one, call->code_in, call->code);

    return call->bare->frame == call->code_in ||
           (deciding && call->bare->code == call->code &&
            g_strcmp0(call->bare->method, deciding->method) == 0);
}

/* "500 Server Internal Error to BYE in frame 20" */
static char *response_text(const SipwhyRecordedMessage *response, SipwhyLanguage language)
{
    char *code = sipwhy_words_code(language, response->code);

    if (!response->method)
        return code;
    char *frame = sipwhy_words_number(response->frame);
    char *method = method_text(response->method, language);
    char *text = sipwhy_text_format(language, SIPWHY_TEXT_REPORT_LATER, "code", code, "method",
                                    method, "frame", frame, NULL);
    g_free(method);
    g_free(frame);
    g_free(code);
    return text;
}

char *sipwhy_case_reason(const SipwhyCase *one, SipwhyLanguage language)
{
    const SipwhyRecordedCall *call = one->call;

    if (call->leading)
        return sentence(call->leading->title);
    if (sipwhy_case_titled(one))
        return sentence(sipwhy_case_titled(one)->title);
    if (!call->bare || bare_decided(one))
        return NULL;
    return response_text(call->bare, language);
}

char *sipwhy_case_outcome(const SipwhyCase *one, SipwhyLanguage language)
{
    const SipwhyRecordedCall *call = one->call;
    char *frame = sipwhy_words_number(call->code_in > 0 ? call->code_in : call->first_in);
    char *code = sipwhy_words_code(language, call->code);
    char *method = method_text(call->method, language);
    const char *outcome = sipwhy_term_label(language, SIPWHY_TERM_KIND_OUTCOME, call->outcome);
    char *text = sipwhy_text_format(language, verdict_of(call), "outcome", outcome ? outcome : "?",
                                    "method", method, "code", code, "frame", frame, NULL);

    g_free(method);
    g_free(code);
    g_free(frame);
    return text;
}

char *sipwhy_case_verdict(const SipwhyCase *one, SipwhyLanguage language)
{
    char *outcome = sipwhy_case_outcome(one, language);
    char *reason = sipwhy_case_reason(one, language);

    if (!reason)
        return outcome;
    char *both = sipwhy_text_format(language, SIPWHY_TEXT_REPORT_VERDICT, "verdict", outcome,
                                    "reason", reason, NULL);
    g_free(reason);
    g_free(outcome);
    return both;
}

/* ---- who ---- */

char *sipwhy_case_who(const SipwhyCase *one, SipwhyLanguage language)
{
    const SipwhyRecordedCall *call = one->call;

    if (!call->from && !call->to)
        return NULL;
    char *from = shown(call->from ? call->from : "?");
    char *to = shown(call->to ? call->to : "?");
    char *who = g_strcmp0(call->from, call->to) == 0
                    ? g_strdup(from)
                    : sipwhy_text_format(language, SIPWHY_TEXT_REPORT_WHO_TEXT, "from", from, "to",
                                         to, NULL);
    g_free(to);
    g_free(from);
    return who;
}

static void add_software(SipwhyBlock *block, const SipwhyRecordedCall *call,
                         SipwhyLanguage language)
{
    if (!call->agent && !call->server_agent)
        return;
    char *client = shown(call->agent ? call->agent : "");
    char *server = shown(call->server_agent ? call->server_agent : "");
    const SipwhyText text = !call->server_agent ? SIPWHY_TEXT_DIAGNOSIS_SOFTWARE_CLIENT
                            : !call->agent      ? SIPWHY_TEXT_DIAGNOSIS_SOFTWARE_SERVER
                                                : SIPWHY_TEXT_DIAGNOSIS_SOFTWARE_BOTH;

    sipwhy_block_take(block, sipwhy_text(language, SIPWHY_TEXT_DIAGNOSIS_SOFTWARE),
                      sipwhy_text_format(language, text, "client", client, "server", server, NULL));
    g_free(server);
    g_free(client);
}

/* ---- where ---- */

static const SipwhyRecordedMessage *message_at(const SipwhyCase *one, unsigned n)
{
    return n < one->call->messages->len ? one->call->messages->pdata[n] : NULL;
}

/* The final response that decided it; NULL: there is none, or it is not there. */
static const SipwhyRecordedMessage *deciding_response(const SipwhyCase *one)
{
    return sipwhy_case_message(one, one->call->code_in, one->call->code);
}

/* The request that decided it: that of the final response, else the first that the client sent. */
static const SipwhyRecordedMessage *deciding_request(const SipwhyCase *one)
{
    const SipwhyRecordedMessage *response = deciding_response(one);
    const SipwhyRecordedMessage *message =
        response ? sipwhy_case_message(one, response->request_in, 0) : NULL;

    if (message && !message->is_response)
        return message;
    for (unsigned i = 0; (message = message_at(one, i)); i++)
        if (!message->is_response && g_strcmp0(message->source, one->call->client) == 0 &&
            g_strcmp0(message->destination, one->call->server) == 0)
            return message;
    return NULL;
}

/* The next hop of a request: what its receiver sent on of the same method; or NULL. */
static const SipwhyRecordedMessage *next_hop(const SipwhyCase *one,
                                             const SipwhyRecordedMessage *request)
{
    const SipwhyRecordedMessage *message;

    for (unsigned i = 0; (message = message_at(one, i)); i++)
        if (message->frame > request->frame && !message->is_response && !message->quoted &&
            !message->repeated && g_strcmp0(message->method, request->method) == 0 &&
            g_strcmp0(message->source, request->destination) == 0 &&
            g_strcmp0(message->destination, request->source) != 0)
            return message;
    return NULL;
}

/* The way of the request that decided, from hop to hop. */
static char *hops_text(const SipwhyCase *one, const SipwhyRecordedMessage *request)
{
    GString *hops = g_string_new(request->source ? request->source : "?");

    for (unsigned i = 0; request && i < HOPS_MOST; i++) {
        g_string_append_printf(hops, " -> %s", request->destination ? request->destination : "?");
        request = request->is_response ? NULL : next_hop(one, request);
    }
    if (request)
        g_string_append(hops, " ...");
    char *text = sentence(hops->str);
    g_string_free(hops, TRUE);
    return text;
}

uint32_t sipwhy_case_last_frame(const SipwhyCase *one)
{
    const unsigned count = one->call->messages->len;

    return count > 0 ? message_at(one, count - 1)->frame : one->call->first_in;
}

static void add_path(SipwhyBlock *block, const SipwhyCase *one, SipwhyLanguage language)
{
    const SipwhyRecordedMessage *first = message_at(one, 0);
    const SipwhyRecordedMessage *request = deciding_request(one);
    const SipwhyRecordedMessage *begin = request ? request : first;

    if (!begin)
        return;
    const uint32_t last = sipwhy_case_last_frame(one);
    char *hops = hops_text(one, begin);
    char *first_frame = sipwhy_words_number(first->frame);
    char *last_frame = sipwhy_words_number(last);
    sipwhy_block_take(block, sipwhy_text(language, SIPWHY_TEXT_REPORT_PATH),
                      sipwhy_text_format(language,
                                         last > first->frame ? SIPWHY_TEXT_REPORT_PATH_TEXT
                                                             : SIPWHY_TEXT_REPORT_PATH_ONE,
                                         "hops", hops, "transport",
                                         begin->transport ? begin->transport : "?", "first",
                                         first_frame, "last", last_frame, NULL));
    g_free(last_frame);
    g_free(first_frame);
    g_free(hops);
}

/* ---- when ---- */

int64_t sipwhy_case_start(const SipwhyCase *one)
{
    const SipwhyRecordedMessage *first = message_at(one, 0);
    const SipwhyRecordedMessage *request =
        one->call->is_call || one->call->code == 0 ? NULL : deciding_request(one);

    if (request && request->time != SIPWHY_NO_TIME)
        return request->time;
    return first ? first->time : SIPWHY_NO_TIME;
}

int64_t sipwhy_case_end(const SipwhyCase *one)
{
    const SipwhyRecordedMessage *final = deciding_response(one);

    return final ? final->time : SIPWHY_NO_TIME;
}

int64_t sipwhy_case_wait(const SipwhyCase *one)
{
    const SipwhyRecordedMessage *final = deciding_response(one);
    const int64_t first = sipwhy_case_start(one);

    if (!final || final->request_in == 0 || final->time == SIPWHY_NO_TIME ||
        first == SIPWHY_NO_TIME || final->time < first)
        return -1;
    return final->time - first;
}

static void add_time(SipwhyBlock *block, const SipwhyCase *one, SipwhyLanguage language)
{
    const int64_t first = sipwhy_case_start(one);
    const int64_t waited = sipwhy_case_wait(one);
    const bool final = waited >= 0;
    const bool rang = one->call->pdd >= 0;

    if (first == SIPWHY_NO_TIME)
        return;
    char *start = sipwhy_words_time(first);
    char *wait = sipwhy_duration_text(MAX(waited, 0), language);
    char *delay = sipwhy_duration_text(
        rang ? (int64_t)(MIN(one->call->pdd, 1e9) * G_USEC_PER_SEC) : 0, language);
    const SipwhyText text =
        final  ? rang ? SIPWHY_TEXT_REPORT_TIME_DELAY : SIPWHY_TEXT_REPORT_TIME_FINAL
        : rang ? SIPWHY_TEXT_REPORT_TIME_RINGING
               : SIPWHY_TEXT_REPORT_TIME_TEXT;

    sipwhy_block_take(
        block, sipwhy_text(language, SIPWHY_TEXT_REPORT_TIME),
        sipwhy_text_format(language, text, "start", start, "wait", wait, "delay", delay, NULL));
    g_free(delay);
    g_free(wait);
    g_free(start);
}

/* ---- why, and what to do ---- */

/* What was told of a case before this one. */
typedef struct {
    const SipwhyCase *like; /* NULL: nothing */
    size_t number;
    bool again; /* some of its fixes are this one's too */
} Told;

static bool has_frame(const GArray *frames, uint32_t frame)
{
    for (unsigned i = 0; i < frames->len; i++)
        if (g_array_index(frames, uint32_t, i) == frame)
            return true;
    return false;
}

/* The frames that prove a finding, and that of its message, in order. */
static GArray *list_evidence(const SipwhyRecordedFinding *finding)
{
    GArray *frames = g_array_new(FALSE, FALSE, sizeof(uint32_t));

    if (finding->frame > 0)
        g_array_append_val(frames, finding->frame);
    for (unsigned i = 0; finding->evidence && i < finding->evidence->len; i++) {
        const uint32_t frame = g_array_index(finding->evidence, uint32_t, i);
        if (frame > 0 && !has_frame(frames, frame))
            g_array_append_val(frames, frame);
    }
    g_array_sort(frames, sipwhy_frames_compare);
    return frames;
}

/* Further messages that have a finding of that id, as far as they are not among the evidence; NULL:
 * there are none. */
static char *also_text(const SipwhyCase *one, const SipwhyRecordedFinding *finding,
                       const GArray *evidence, SipwhyLanguage language)
{
    GArray *frames = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    bool more = false;

    for (unsigned i = 0; i < one->all->len && !more; i++) {
        const SipwhyRecordedFinding *other = one->all->pdata[i];
        if (strcmp(other->id, finding->id) != 0 || has_frame(evidence, other->frame) ||
            has_frame(frames, other->frame))
            continue;
        more = frames->len == ALSO_MOST;
        if (!more)
            g_array_append_val(frames, other->frame);
    }
    char *text = frames->len > 0
                     ? sipwhy_words_frames(language, (uint32_t *)frames->data, frames->len, more)
                     : NULL;
    g_array_free(frames, TRUE);
    return text;
}

/* The sentence, the frames that prove it, and further messages of which it is true. */
static char *finding_text(const SipwhyCase *one, const SipwhyRecordedFinding *finding,
                          SipwhyLanguage language)
{
    GArray *evidence = list_evidence(finding);
    char *text = sentence(finding->text);
    char *frames = sipwhy_words_frames(language, (uint32_t *)evidence->data, evidence->len, false);
    char *also = also_text(one, finding, evidence, language);
    const SipwhyText how = also                ? SIPWHY_TEXT_REPORT_PROVEN_ALSO
                           : evidence->len > 1 ? SIPWHY_TEXT_REPORT_PROVEN_MORE
                                               : SIPWHY_TEXT_REPORT_PROVEN;
    char *proven =
        sipwhy_text_format(language, how, "text", text, "frames", frames, "also", also, NULL);

    g_free(also);
    g_free(frames);
    g_free(text);
    g_array_free(evidence, TRUE);
    return proven;
}

static bool same_fixes(const SipwhyRecordedFinding *one, const SipwhyRecordedFinding *other)
{
    return one->fixes && other->fixes && *one->fixes &&
           g_strv_equal((const char *const *)one->fixes, (const char *const *)other->fixes);
}

/* Whether the case that was told before has the same fixes for the same finding. */
static bool is_told_before(const Told *told, const SipwhyRecordedFinding *finding)
{
    if (!told->like)
        return false;
    for (unsigned i = 0; i < MIN(told->like->findings->len, NOTES_MOST); i++) {
        const SipwhyRecordedFinding *other = told->like->findings->pdata[i];
        if (strcmp(other->id, finding->id) == 0)
            return same_fixes(finding, other);
    }
    return false;
}

static void add_finding(SipwhyBlock *block, const SipwhyCase *one,
                        const SipwhyRecordedFinding *finding, Told *told, SipwhyLanguage language)
{
    sipwhy_block_take(
        block, sipwhy_term_label(language, SIPWHY_TERM_KIND_SEVERITY, (int)finding->severity),
        finding_text(one, finding, language));
    if (is_told_before(told, finding)) {
        told->again = true;
        return;
    }
    for (size_t i = 0; finding->fixes && finding->fixes[i] && i < FIXES_MOST; i++)
        add_sentence(block, sipwhy_text(language, SIPWHY_TEXT_REPORT_FIX), finding->fixes[i]);
}

static void add_findings(SipwhyBlock *block, const SipwhyCase *one, Told *told,
                         SipwhyLanguage language)
{
    GString *more = g_string_new(NULL);

    for (unsigned i = 0; i < one->findings->len; i++) {
        const SipwhyRecordedFinding *finding = one->findings->pdata[i];
        if (i < NOTES_MOST)
            add_finding(block, one, finding, told, language);
        else
            g_string_append_printf(more, "%s%s", more->len ? ", " : "", finding->id);
    }
    if (more->len > 0)
        add_sentence(block, sipwhy_text(language, SIPWHY_TEXT_REPORT_MORE), more->str);
    g_string_free(more, TRUE);
}

void sipwhy_case_apply_local(const SipwhyRecordedMessage *message, SipwhyExplanation *explanation)
{
    size_t *const counts[SIPWHY_LOCAL_PART_COUNT] = {
        [SIPWHY_LOCAL_PART_DESCRIPTION] = &explanation->description.count,
        [SIPWHY_LOCAL_PART_CAUSES] = &explanation->causes.count,
        [SIPWHY_LOCAL_PART_FIXES] = &explanation->fixes.count,
    };

    for (unsigned i = 0; message->local && i < message->local->len; i++) {
        const SipwhyRecordedLocal *local = message->local->pdata[i];
        for (int part = 0; part < SIPWHY_LOCAL_PART_COUNT; part++)
            if (local->replaces[part])
                *counts[part] = 0;
    }
}

bool sipwhy_case_explain(const SipwhyCase *one, SipwhyLanguage language,
                         SipwhyExplanation *explanation)
{
    const SipwhyRecordedCall *call = one->call;

    if (!call->bare || (call->leading && call->leading->severity >= call->bare->severity))
        return false; /* where the cause is known, what it often is does not matter */
    if (!sipwhy_explain(call->bare->code, language, explanation))
        return false;
    sipwhy_case_apply_local(call->bare, explanation);
    return true;
}

/* The first fix that local knowledge has, that of the response which decided or which nothing
 * explains before others; NULL: it has none. */
static const char *local_fix(const SipwhyCase *one)
{
    const SipwhyRecordedLocal *titled = sipwhy_case_titled(one);

    if (titled && titled->fixes[0])
        return titled->fixes[0];
    for (unsigned i = 0; i < one->local->len; i++) {
        const SipwhyRecordedLocal *entry = g_array_index(one->local, SipwhyCaseLocal, i).entry;
        if (entry->fixes[0])
            return entry->fixes[0];
    }
    return NULL;
}

char *sipwhy_case_fix(const SipwhyCase *one, SipwhyLanguage language)
{
    const SipwhyRecordedFinding *leading = one->call->leading;
    SipwhyExplanation explanation;

    if (leading && leading->fixes && leading->fixes[0])
        return sentence(leading->fixes[0]);
    const char *local = local_fix(one);
    if (local)
        return sentence(local);
    if (sipwhy_case_explain(one, language, &explanation) && explanation.fixes.count > 0)
        return sipwhy_fix_text(language, &explanation.fixes.fix[0]);
    for (unsigned i = 0; i < one->findings->len; i++) {
        const SipwhyRecordedFinding *finding = one->findings->pdata[i];
        if (finding->fixes && finding->fixes[0])
            return sentence(finding->fixes[0]);
    }
    return NULL;
}

/* What is known of a server here. */
static void add_local_entry(SipwhyBlock *block, const SipwhyCaseLocal *local,
                            SipwhyLanguage language)
{
    const SipwhyRecordedLocal *entry = local->entry;
    char *frame = sipwhy_words_number(local->frame);
    char *title = sentence(entry->title ? entry->title : entry->id);
    char *file = sentence(entry->file);
    const guint texts = g_strv_length(entry->texts);
    const guint fixes = MIN(g_strv_length(entry->fixes), texts);

    sipwhy_block_take(block, sipwhy_text(language, SIPWHY_TEXT_REPORT_LOCAL),
                      sipwhy_text_format(language, SIPWHY_TEXT_REPORT_LOCAL_TEXT, "title", title,
                                         "file", file, "frame", frame, NULL));
    for (guint i = 0; i < texts - fixes; i++)
        add_sentence(block, "", entry->texts[i]);
    for (char **fix = entry->fixes; *fix; fix++)
        add_sentence(block, sipwhy_text(language, SIPWHY_TEXT_REPORT_FIX), *fix);
    if (entry->url)
        add_sentence(block, sipwhy_text(language, SIPWHY_TEXT_REPORT_RUNBOOK), entry->url);
    g_free(file);
    g_free(title);
    g_free(frame);
}

static bool has_local(const SipwhyCase *one, const SipwhyRecordedLocal *entry)
{
    for (unsigned i = 0; i < one->local->len; i++)
        if (g_array_index(one->local, SipwhyCaseLocal, i).entry == entry)
            return true;
    return false;
}

/* What was told of the case before is not told again. */
static void add_local(SipwhyBlock *block, const SipwhyCase *one, Told *told,
                      SipwhyLanguage language)
{
    for (unsigned i = 0; i < MIN(one->local->len, LOCAL_MOST); i++) {
        const SipwhyCaseLocal *local = &g_array_index(one->local, SipwhyCaseLocal, i);
        if (told->like && has_local(told->like, local->entry))
            told->again = true;
        else
            add_local_entry(block, local, language);
    }
}

static bool has_bare_told(const Told *told, unsigned code)
{
    return told->like && told->like->call->bare && told->like->call->bare->code == code;
}

/* What the table knows of the response that no finding explains: the likeliest cause, and the first
 * thing to do. */
static void add_bare(SipwhyBlock *block, const SipwhyCase *one, Told *told, SipwhyLanguage language)
{
    SipwhyExplanation explanation;

    if (!sipwhy_case_explain(one, language, &explanation))
        return;
    if (has_bare_told(told, explanation.status)) {
        told->again = true;
        return;
    }
    if (explanation.causes.count > 0)
        sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_REPORT_OFTEN),
                         explanation.causes.line[0]);
    if (explanation.fixes.count > 0)
        sipwhy_block_take(block, sipwhy_text(language, SIPWHY_TEXT_REPORT_FIX),
                          sipwhy_fix_text(language, &explanation.fixes.fix[0]));
    char *code = g_strdup_printf("%03u", explanation.status);
    sipwhy_block_take(
        block, sipwhy_text(language, SIPWHY_TEXT_REPORT_MORE),
        sipwhy_text_format(language, SIPWHY_TEXT_DIAGNOSIS_EXPLAIN, "code", code, NULL));
    g_free(code);
}

/* Whether a response is worth a look, and nothing else of the case tells of it. */
static bool is_untold(const SipwhyCase *one, const SipwhyRecordedMessage *message)
{
    const SipwhyRecordedCall *call = one->call;

    if (!message->is_response || message->quoted || message->repeated ||
        message->severity < SIPWHY_SEVERITY_WARN || message->frame == call->code_in)
        return false;
    for (unsigned i = 0; i < message->findings->len; i++)
        if (((const SipwhyRecordedFinding *)message->findings->pdata[i])->severity >=
            SIPWHY_SEVERITY_WARN)
            return false;
    return !call->bare ||
           (call->bare->code != message->code || g_strcmp0(call->bare->method, message->method));
}

/* Further responses that no finding explains, each code and method once. */
static void add_untold(SipwhyBlock *block, const SipwhyCase *one, SipwhyLanguage language)
{
    const SipwhyRecordedMessage *told[UNTOLD_MOST];
    const SipwhyRecordedMessage *message;
    unsigned count = 0;

    for (unsigned i = 0; count < UNTOLD_MOST && (message = message_at(one, i)); i++) {
        bool is_new = is_untold(one, message);
        for (unsigned k = 0; k < count && is_new; k++)
            is_new = told[k]->code != message->code || g_strcmp0(told[k]->method, message->method);
        if (!is_new)
            continue;
        told[count++] = message;
        sipwhy_block_take(block, sipwhy_text(language, SIPWHY_TEXT_DIAGNOSIS_ALSO),
                          response_text(message, language));
    }
}

/* What was told before, in a word. */
static void add_again(SipwhyBlock *block, const Told *told, SipwhyLanguage language)
{
    if (!told->again)
        return;
    char *number = sipwhy_words_number(told->number);
    sipwhy_block_take(
        block, sipwhy_text(language, SIPWHY_TEXT_REPORT_FIX),
        sipwhy_text_format(language, SIPWHY_TEXT_DIAGNOSIS_AS_IN, "number", number, NULL));
    g_free(number);
}

/* ---- who sent the response ---- */

/* Where a response comes from, as far as the capture shows it: the same one on the hops behind. */
static const SipwhyRecordedMessage *farthest(const SipwhyCase *one,
                                             const SipwhyRecordedMessage *response)
{
    const SipwhyRecordedMessage *message;

    for (unsigned hops = 0; hops < HOPS_MOST; hops++) {
        const SipwhyRecordedMessage *before = NULL;
        for (unsigned i = 0; (message = message_at(one, i)) && message->frame < response->frame;
             i++)
            if (message->is_response && !message->quoted && message->code == response->code &&
                g_strcmp0(message->method, response->method) == 0 &&
                g_strcmp0(message->destination, response->source) == 0)
                before = message;
        if (!before)
            break;
        response = before;
    }
    return response;
}

/* Who made the response that decided, or else the one that nothing explains. */
static void add_sender(SipwhyBlock *block, const SipwhyCase *one, SipwhyLanguage language)
{
    const SipwhyRecordedMessage *response =
        one->call->code >= FIRST_REFUSAL ? deciding_response(one) : one->call->bare;

    if (!response || !response->origin)
        return;
    const int origin = sipwhy_term_value(SIPWHY_TERM_KIND_ORIGIN, response->origin);
    const char *known = sipwhy_term_label(language, SIPWHY_TERM_KIND_ORIGIN, origin);
    const char *source = farthest(one, response)->source;
    char *server = sentence(source ? source : "?");
    char *text =
        known && origin != SIPWHY_ORIGIN_UNKNOWN
            ? sipwhy_text_format(language, SIPWHY_TEXT_DIAGNOSIS_SENDER, "origin", known, "server",
                                 server, NULL)
            : sipwhy_text_format(language, SIPWHY_TEXT_ORIGIN_NOTHING, "server", server, NULL);

    sipwhy_block_take(block, sipwhy_text(language, SIPWHY_TEXT_REPORT_SENDER), text);
    g_free(server);
}

void sipwhy_case_tell(SipwhyBlock *block, const SipwhyCase *one, SipwhyLanguage language,
                      const SipwhyCase *like, size_t like_number)
{
    Told told = {like, like_number, false};

    sipwhy_block_take(block, sipwhy_text(language, SIPWHY_TEXT_REPORT_WHO),
                      sipwhy_case_who(one, language));
    add_path(block, one, language);
    add_time(block, one, language);
    add_software(block, one->call, language);
    add_findings(block, one, &told, language);
    add_local(block, one, &told, language);
    add_bare(block, one, &told, language);
    add_untold(block, one, language);
    add_again(block, &told, language);
    add_sender(block, one, language);
}
