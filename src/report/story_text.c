/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A story in words.
 */
#include "report/story_text.h"

#include <stdlib.h>
#include <string.h>

#include "endpoint.h"
#include "origin.h"
#include "report/words.h"
#include "value.h"

enum {
    NOTES_MOST = 5,  /* of a story */
    FIXES_MOST = 3,  /* of a finding, or of a code */
    CAUSES_MOST = 2, /* of a code that nothing explains */
    LOCAL_MOST = 5,  /* entries of local knowledge */
    HOPS_MOST = 8,
    FIRST_REFUSAL = 300,
    UNAUTHORIZED = 401,
    PROXY_UNAUTHORIZED = 407,
};

typedef struct {
    const SipwhyCapture *capture;
    const SipwhyReportSettings *settings;
    SipwhyLanguage language;
} Report;

static const char *label(const Report *report, SipwhyText text)
{
    return sipwhy_text(report->language, text);
}

/* ---- what it came to ---- */

static const SipwhyCollected *message_at(const Report *report, const SipwhyStory *story, unsigned n)
{
    return sipwhy_collected_call_message(report->capture, story->call, n);
}

static SipwhyText verdict_of(const SipwhyStory *story)
{
    if (!story->call->call)
        return SIPWHY_TEXT_REPORT_STRAY;
    if (story->is_call && story->code > 0)
        return SIPWHY_TEXT_REPORT_CALL_FINAL;
    if (story->is_call)
        return story->deciding ? SIPWHY_TEXT_REPORT_CALL_OPEN : SIPWHY_TEXT_REPORT_CALL_MIDDLE;
    if (story->code == 0)
        return SIPWHY_TEXT_REPORT_REQUEST_OPEN;
    if (story->code == UNAUTHORIZED || story->code == PROXY_UNAUTHORIZED)
        return SIPWHY_TEXT_REPORT_REQUEST_CHALLENGED;
    return story->code >= FIRST_REFUSAL ? SIPWHY_TEXT_REPORT_REQUEST_REFUSED
                                        : SIPWHY_TEXT_REPORT_REQUEST_FINAL;
}

/* Why it came to that: the finding that leads, or the response that none explains; or NULL. */
static char *reason_text(const Report *report, const SipwhyStory *story)
{
    const SipwhyStoryNote *leading = sipwhy_story_leading(story);

    if (leading)
        return sipwhy_finding_title(leading->finding, report->language);
    if (sipwhy_story_titled(story))
        return g_strdup(sipwhy_story_titled(story)->title);
    if (story->bare.status == 0 ||
        (story->bare.status == story->code && story->bare.method == story->method))
        return NULL;
    char *code = sipwhy_words_code(report->language, story->bare.status);
    char *frame = sipwhy_words_number(story->bare.frame);
    char *text =
        sipwhy_text_format(report->language, SIPWHY_TEXT_REPORT_LATER, "code", code, "method",
                           sipwhy_words_method(report->language, (SipwhyMethod)story->bare.method),
                           "frame", frame, NULL);
    g_free(frame);
    g_free(code);
    return text;
}

char *sipwhy_story_verdict(const SipwhyCapture *capture, const SipwhyReportSettings *settings,
                           const SipwhyStory *story)
{
    const SipwhyLanguage language = settings->language;
    const Report report_of = {capture, settings, language};
    const Report *report = &report_of;
    const uint32_t first = message_at(report, story, 0)->event.frame;
    char *frame = sipwhy_words_number(story->code_in > 0 ? story->code_in : first);
    char *code = sipwhy_words_code(report->language, story->code);
    char *verdict = sipwhy_text_format(
        language, verdict_of(story), "outcome",
        sipwhy_term_label(language, SIPWHY_TERM_KIND_OUTCOME, (int)story->outcome.outcome),
        "method", sipwhy_words_method(report->language, story->method), "code", code, "frame",
        frame, NULL);
    char *reason = reason_text(report, story);

    if (reason) {
        char *both = sipwhy_text_format(language, SIPWHY_TEXT_REPORT_VERDICT, "verdict", verdict,
                                        "reason", reason, NULL);
        g_free(verdict);
        verdict = both;
    }
    g_free(reason);
    g_free(code);
    g_free(frame);
    return verdict;
}

/* ---- who, where, when ---- */

static char *uri_text(const SipwhyMessage *message, SipwhyHeaderId header)
{
    SipwhySlice value;

    if (!sipwhy_message_first(message, header, &value))
        return g_strdup("?");
    return sipwhy_short_text(sipwhy_slice_uri(value));
}

static void add_who(const Report *report, SipwhyBlock *block, const SipwhyStory *story)
{
    SipwhyMessage message;

    if (!sipwhy_collected_scan(message_at(report, story, 0), &message))
        return;
    char *from = uri_text(&message, SIPWHY_HEADER_FROM);
    char *to = uri_text(&message, SIPWHY_HEADER_TO);
    if (strcmp(from, to) == 0)
        sipwhy_block_add(block, label(report, SIPWHY_TEXT_REPORT_WHO), from);
    else
        sipwhy_block_take(block, label(report, SIPWHY_TEXT_REPORT_WHO),
                          sipwhy_text_format(report->language, SIPWHY_TEXT_REPORT_WHO_TEXT, "from",
                                             from, "to", to, NULL));
    g_free(to);
    g_free(from);
}

static void append_hop(GString *hops, const SipwhyEndpoint *endpoint)
{
    char *text = sipwhy_endpoint_text(endpoint);

    g_string_append_printf(hops, "%s%s", hops->len ? " -> " : "", text);
    g_free(text);
}

/* The way of the request that decided, from hop to hop. */
static char *hops_text(const Report *report, const SipwhyStory *story)
{
    const SipwhyTransaction *hop = story->deciding;
    GString *hops = g_string_new(NULL);

    if (!hop) {
        const SipwhyPacket *packet = &message_at(report, story, 0)->packet;
        append_hop(hops, &packet->source);
        append_hop(hops, &packet->destination);
        return g_string_free(hops, FALSE);
    }
    append_hop(hops, &hop->client);
    for (unsigned i = 0; hop && i < HOPS_MOST; i++) {
        append_hop(hops, &hop->server);
        hop = sipwhy_transaction_forwarded(hop);
    }
    if (hop)
        g_string_append(hops, " ...");
    return g_string_free(hops, FALSE);
}

static const char *transport_text(SipwhyTransport transport)
{
    const char *name = sipwhy_transport_name(transport);

    return name ? name : "?";
}

static void add_path(const Report *report, SipwhyBlock *block, const SipwhyStory *story)
{
    const unsigned last = story->call->messages->len - 1;
    const SipwhyPacket *packet = &message_at(report, story, 0)->packet;
    char *hops = hops_text(report, story);
    char *first_frame = sipwhy_words_number(packet->frame);
    char *last_frame = sipwhy_words_number(message_at(report, story, last)->packet.frame);

    sipwhy_block_take(
        block, label(report, SIPWHY_TEXT_REPORT_PATH),
        sipwhy_text_format(
            report->language, last > 0 ? SIPWHY_TEXT_REPORT_PATH_TEXT : SIPWHY_TEXT_REPORT_PATH_ONE,
            "hops", hops, "transport",
            transport_text(story->deciding ? story->deciding->transport : packet->transport),
            "first", first_frame, "last", last_frame, NULL));
    g_free(last_frame);
    g_free(first_frame);
    g_free(hops);
}

/* When it began: a call, or what never ended, with its first message, which a filter may have left
 * out; another story with the request that decided. */
static int64_t begin_of(const Report *report, const SipwhyStory *story)
{
    const int64_t shown = message_at(report, story, 0)->packet.time;
    const SipwhyTransaction *deciding = story->deciding;

    if (!deciding || deciding->request.count == 0)
        return shown;
    if (!story->is_call)
        return story->code > 0 ? deciding->request.time : shown;
    const SipwhySeen *first = &deciding->call->first_invite->request;
    return MIN(shown, first->count > 0 ? first->time : deciding->request.time);
}

static void add_time(const Report *report, SipwhyBlock *block, const SipwhyStory *story)
{
    const int64_t first = begin_of(report, story);
    const bool asked = story->deciding && story->deciding->request.count > 0;
    const bool final = asked && story->code > 0 && story->deciding->final.time >= first;
    const bool rang = story->is_call && story->outcome.delay >= 0;
    char *start = sipwhy_words_time(first);
    char *wait =
        sipwhy_duration_text(final ? story->deciding->final.time - first : 0, report->language);
    char *delay = sipwhy_duration_text(rang ? story->outcome.delay : 0, report->language);
    const SipwhyText text =
        final  ? rang ? SIPWHY_TEXT_REPORT_TIME_DELAY : SIPWHY_TEXT_REPORT_TIME_FINAL
        : rang ? SIPWHY_TEXT_REPORT_TIME_RINGING
               : SIPWHY_TEXT_REPORT_TIME_TEXT;

    sipwhy_block_take(block, label(report, SIPWHY_TEXT_REPORT_TIME),
                      sipwhy_text_format(report->language, text, "start", start, "wait", wait,
                                         "delay", delay, NULL));
    g_free(delay);
    g_free(wait);
    g_free(start);
}

/* ---- why, and what to do ---- */

static void add_fix(const Report *report, SipwhyBlock *block, char *text)
{
    sipwhy_block_take(block, label(report, SIPWHY_TEXT_REPORT_FIX), text);
}

/* The frames that prove a finding, and that of its message. Returns how many they are. */
static unsigned list_evidence(const SipwhyStoryNote *note, uint32_t *frames)
{
    const SipwhyFinding *finding = note->finding;
    unsigned count = 0;

    frames[count++] = note->frame;
    for (unsigned i = 0; i < finding->frame_count; i++)
        if (finding->frames[i] != note->frame)
            frames[count++] = finding->frames[i];
    qsort(frames, count, sizeof *frames, sipwhy_frames_compare);
    return count;
}

/* Further messages of which it is true, as far as they are not among the evidence. */
static char *also_text(const Report *report, const SipwhyStoryNote *note, const uint32_t *evidence,
                       unsigned count)
{
    const unsigned known = MIN(note->also, SIPWHY_NOTE_ALSO_MOST);
    uint32_t frames[SIPWHY_NOTE_ALSO_MOST] = {0};
    unsigned left = 0;

    for (unsigned i = 0; i < known; i++)
        if (!bsearch(&note->also_in[i], evidence, count, sizeof *evidence, sipwhy_frames_compare))
            frames[left++] = note->also_in[i];
    qsort(frames, left, sizeof *frames, sipwhy_frames_compare);
    return left > 0 ? sipwhy_words_frames(report->language, frames, left, note->also > known)
                    : NULL;
}

/* The sentence, the frames that prove it, and further messages of which it is true. */
static char *note_text(const Report *report, const SipwhyStoryNote *note)
{
    uint32_t frames[SIPWHY_FINDING_FRAMES_MOST + 1];
    const unsigned count = list_evidence(note, frames);
    char *text = sipwhy_finding_text(note->finding, report->language);
    char *list = sipwhy_words_frames(report->language, frames, count, false);
    char *also = also_text(report, note, frames, count);
    char *proven = sipwhy_text_format(report->language,
                                      also        ? SIPWHY_TEXT_REPORT_PROVEN_ALSO
                                      : count > 1 ? SIPWHY_TEXT_REPORT_PROVEN_MORE
                                                  : SIPWHY_TEXT_REPORT_PROVEN,
                                      "text", text, "frames", list, "also", also, NULL);

    g_free(also);
    g_free(list);
    g_free(text);
    return proven;
}

static void add_note(const Report *report, SipwhyBlock *block, const SipwhyStoryNote *note)
{
    const SipwhyFindingFacts *facts = sipwhy_finding_facts(note->finding->id);
    const size_t fixes = sipwhy_finding_fix_count(note->finding, report->language);

    sipwhy_block_take(
        block, sipwhy_term_label(report->language, SIPWHY_TERM_KIND_SEVERITY, (int)facts->severity),
        note_text(report, note));
    for (size_t i = 0; i < MIN(fixes, FIXES_MOST + 1); i++)
        add_fix(report, block, sipwhy_finding_fix(note->finding, i, report->language));
}

/* Whether a finding is told: what is grave, what is on the outcome, and what is on the refusal that
 * the story is about. What a capture lacks is told where it hides what was asked. */
static bool is_told(const SipwhyStory *story, const SipwhyStoryNote *note)
{
    const SipwhyFindingFacts *facts = sipwhy_finding_facts(note->finding->id);

    if (facts->severity > SIPWHY_SEVERITY_CHAT)
        return true;
    if (strcmp(facts->family, "capture") == 0)
        return note->on_deciding && note->finding->id == SIPWHY_FINDING_REQUEST_NOT_CAPTURED;
    return note->on_deciding || (story->bare.status > 0 && note->frame == story->bare.frame);
}

static void add_notes(const Report *report, SipwhyBlock *block, const SipwhyStory *story)
{
    GString *more = g_string_new(NULL);
    unsigned told = 0;

    for (unsigned i = 0; i < story->notes->len; i++) {
        const SipwhyStoryNote *note = story->notes->pdata[i];
        if (!is_told(story, note))
            continue;
        if (told++ < NOTES_MOST)
            add_note(report, block, note);
        else
            g_string_append_printf(more, "%s%s", more->len ? ", " : "",
                                   sipwhy_finding_facts(note->finding->id)->id);
    }
    if (more->len > 0)
        sipwhy_block_add(block, label(report, SIPWHY_TEXT_REPORT_MORE), more->str);
    g_string_free(more, TRUE);
}

/* What is known of a server here. */
static void add_local_entry(const Report *report, SipwhyBlock *block, const SipwhyStoryLocal *local)
{
    char *frame = sipwhy_words_number(local->frame);
    char **texts = sipwhy_local_texts(local->entry, report->language);
    char **fixes = sipwhy_local_fixes(local->entry, report->language);
    const guint plain = g_strv_length(texts) - g_strv_length(fixes);

    sipwhy_block_take(block, label(report, SIPWHY_TEXT_REPORT_LOCAL),
                      sipwhy_text_format(report->language, SIPWHY_TEXT_REPORT_LOCAL_TEXT, "title",
                                         sipwhy_local_name(local->entry), "file",
                                         local->entry->file, "frame", frame, NULL));
    for (guint i = 0; i < plain; i++)
        sipwhy_block_add(block, "", texts[i]);
    for (char **fix = fixes; *fix; fix++)
        sipwhy_block_add(block, label(report, SIPWHY_TEXT_REPORT_FIX), *fix);
    sipwhy_block_add(block, label(report, SIPWHY_TEXT_REPORT_RUNBOOK), local->entry->url);
    g_strfreev(fixes);
    g_strfreev(texts);
    g_free(frame);
}

static void add_local(const Report *report, SipwhyBlock *block, const SipwhyStory *story)
{
    for (unsigned i = 0; i < MIN(story->local->len, LOCAL_MOST); i++)
        add_local_entry(report, block, &g_array_index(story->local, SipwhyStoryLocal, i));
}

/* What local knowledge of the response that no finding explains takes the place of, is not told. */
static void apply_local(const Report *report, const SipwhyStory *story,
                        SipwhyExplanation *explanation)
{
    for (unsigned i = 0; i < story->call->messages->len; i++) {
        const SipwhyCollected *one = message_at(report, story, i);
        if (one->local && one->event.frame == story->bare.frame &&
            one->event.status == story->bare.status)
            sipwhy_local_apply(one->local, explanation);
    }
}

/* What the tables know of a response that no finding explains. */
static void add_bare(const Report *report, SipwhyBlock *block, const SipwhyStory *story)
{
    const SipwhyStoryNote *leading = sipwhy_story_leading(story);
    SipwhyExplanation explanation;

    if (story->bare.status == 0 ||
        !sipwhy_explain(story->bare.status, report->language, &explanation))
        return;
    if (leading && sipwhy_finding_facts(leading->finding->id)->severity >= story->bare.severity)
        return; /* the cause is known: what it often is does not matter */
    apply_local(report, story, &explanation);
    for (size_t i = 0; i < MIN(explanation.causes.count, CAUSES_MOST); i++)
        sipwhy_block_add(block, label(report, SIPWHY_TEXT_REPORT_OFTEN),
                         explanation.causes.line[i]);
    for (size_t i = 0; i < MIN(explanation.fixes.count, FIXES_MOST); i++)
        add_fix(report, block, sipwhy_fix_text(report->language, &explanation.fixes.fix[i]));
}

/* The response that decided, or else the one that nothing explains. */
static const SipwhyCollected *find_response(const Report *report, const SipwhyStory *story)
{
    const uint32_t frame = story->code >= FIRST_REFUSAL ? story->code_in : story->bare.frame;
    const uint16_t status = story->code >= FIRST_REFUSAL ? story->code : story->bare.status;

    for (unsigned i = 0; frame > 0 && i < story->call->messages->len; i++) {
        const SipwhyCollected *one = message_at(report, story, i);
        if (one->event.frame == frame && one->event.status == status)
            return one;
    }
    return NULL;
}

static void add_sender(const Report *report, SipwhyBlock *block, const SipwhyStory *story)
{
    const SipwhyCollected *response = find_response(report, story);
    SipwhyOriginEvidence evidence;
    SipwhyJudged judged;

    if (!response)
        return;
    sipwhy_collected_judge(report->settings->trace, response, report->language, &judged);
    SipwhySubject subject;
    sipwhy_collected_subject(report->settings->trace, response, &judged, &subject);
    const SipwhyOrigin origin = sipwhy_origin(&subject, &evidence);
    char *why = sipwhy_origin_text(&evidence, report->language);

    if (origin != SIPWHY_ORIGIN_UNKNOWN) {
        char *known = sipwhy_text_format(
            report->language, SIPWHY_TEXT_REPORT_SENDER_TEXT, "origin",
            sipwhy_term_label(report->language, SIPWHY_TERM_KIND_ORIGIN, (int)origin), "evidence",
            why, NULL);
        g_free(why);
        why = known;
    }
    sipwhy_block_take(block, label(report, SIPWHY_TEXT_REPORT_SENDER), why);
    sipwhy_origin_clear(&evidence);
    sipwhy_judged_clear(&judged);
}

void sipwhy_story_tell(SipwhyBlock *block, const SipwhyCapture *capture,
                       const SipwhyReportSettings *settings, const SipwhyStory *story)
{
    const Report report = {capture, settings, settings->language};

    add_who(&report, block, story);
    add_path(&report, block, story);
    add_time(&report, block, story);
    add_notes(&report, block, story);
    add_local(&report, block, story);
    add_bare(&report, block, story);
    add_sender(&report, block, story);
}
