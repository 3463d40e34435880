/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What happened under one Call-ID.
 */
#include "report/story.h"

#include <string.h>

enum { FIRST_FINAL = 200, FIRST_REFUSAL = 300 };

static SipwhySeverity severity_of(const SipwhyFinding *finding)
{
    return sipwhy_finding_facts(finding->id)->severity;
}

/* ---- what it came to ---- */

/* The hop of a request that is nearest to its client. */
static const SipwhyTransaction *first_hop(const SipwhyTransaction *transaction)
{
    const SipwhyTransaction *before;

    for (unsigned i = 0; i < SIPWHY_LOOK_MOST; i++, transaction = before) {
        before = sipwhy_transaction_received(transaction);
        if (!before)
            break;
    }
    return transaction;
}

/* Takes what a message says of how its request ended; false when it says nothing. Of a transaction
 * whose frames are not the file's only the message itself counts. */
static bool decide_by(const SipwhyEvent *event, SipwhyStory *story)
{
    const SipwhyTransaction *transaction = event->transaction;

    if (!transaction || event->quoted || transaction->method != story->method)
        return false;
    if (transaction->disowned && event->status < FIRST_FINAL)
        return false;
    if (transaction->disowned) {
        story->code = event->status;
        story->code_in = event->frame;
        return true;
    }
    story->deciding = first_hop(transaction);
    if (story->deciding->status >= FIRST_FINAL) {
        story->code = story->deciding->status;
        story->code_in = story->deciding->final.frame;
    }
    return true;
}

/* A story that is no call is about the method that it begins with; its last request decides. */
static void decide_request(const SipwhyCapture *capture, SipwhyStory *story)
{
    const SipwhyCollectedCall *call = story->call;

    story->method = (SipwhyMethod)sipwhy_collected_call_message(capture, call, 0)->event.method;
    for (unsigned i = call->messages->len; i > 0; i--)
        if (decide_by(&sipwhy_collected_call_message(capture, call, i - 1)->event, story))
            return;
}

static void decide(const SipwhyCapture *capture, const SipwhyTrace *trace, SipwhyStory *story)
{
    story->is_call =
        story->call->call && sipwhy_collected_outcome(trace, capture, story->call, &story->outcome);
    if (!story->is_call) {
        decide_request(capture, story);
        return;
    }
    story->method = SIPWHY_METHOD_INVITE;
    story->deciding = story->outcome.invite;
    story->code = story->outcome.final_code;
    story->code_in = story->outcome.final_in;
}

/* ---- its findings ---- */

static SipwhyStoryNote *find_note(const SipwhyStory *story, const SipwhyFinding *finding)
{
    for (unsigned i = 0; i < story->notes->len; i++) {
        SipwhyStoryNote *note = story->notes->pdata[i];
        if (note->finding->id == finding->id && note->finding->wording == finding->wording)
            return note;
    }
    return NULL;
}

static bool is_deciding(const SipwhyStory *story, const SipwhyEvent *event)
{
    return story->code > 0 && event->status == story->code && event->method == story->method &&
           !event->quoted;
}

static void add_also(SipwhyStoryNote *note, uint32_t frame)
{
    if (note->also < SIPWHY_NOTE_ALSO_MOST)
        note->also_in[note->also] = frame;
    note->also++;
}

/* Takes a finding out of its list. */
static const SipwhyFinding *take(SipwhyStory *story, GPtrArray *findings, unsigned n)
{
    SipwhyFinding *finding = g_ptr_array_steal_index(findings, n);

    g_ptr_array_add(story->findings, finding);
    return finding;
}

/* A finding of a message; may be taken out of its list. Of the messages that have it, the one that
 * decided the story goes before the first. */
static void note_finding(SipwhyStory *story, const SipwhyEvent *event, GPtrArray *findings,
                         unsigned n)
{
    SipwhyStoryNote *note = find_note(story, findings->pdata[n]);
    const bool deciding = is_deciding(story, event);

    if (note && (note->on_deciding || !deciding)) {
        add_also(note, event->frame);
        return;
    }
    if (note)
        add_also(note, note->frame);
    else if (story->notes->len == SIPWHY_STORY_NOTES_MOST)
        return;
    else
        g_ptr_array_add(story->notes, note = g_new0(SipwhyStoryNote, 1));
    note->finding = take(story, findings, n);
    note->frame = event->frame;
    note->on_response = event->status > 0 || event->invalid;
    note->on_deciding = deciding;
}

/* Whether a finding is about the wait only: never why a request was refused. */
static bool is_delay(const SipwhyFinding *finding)
{
    return finding->id == SIPWHY_FINDING_SLOW_ANSWER;
}

/* Returns the highest severity of what explains the message. */
static SipwhySeverity note_findings(SipwhyStory *story, const SipwhyEvent *event,
                                    GPtrArray *findings)
{
    SipwhySeverity highest = SIPWHY_SEVERITY_CHAT;

    for (unsigned i = 0; i < findings->len;) {
        const unsigned before = findings->len;
        if (!is_delay(findings->pdata[i]))
            highest = MAX(highest, severity_of(findings->pdata[i]));
        note_finding(story, event, findings, i);
        if (findings->len == before)
            i++;
    }
    return highest;
}

static SipwhyStoryLocal *get_local(SipwhyStory *story, const SipwhyLocalEntry *entry)
{
    for (unsigned i = 0; i < story->local->len; i++) {
        SipwhyStoryLocal *local = &g_array_index(story->local, SipwhyStoryLocal, i);
        if (local->entry == entry)
            return local;
    }
    const SipwhyStoryLocal added = {.entry = entry};
    g_array_append_val(story->local, added);
    return &g_array_index(story->local, SipwhyStoryLocal, story->local->len - 1);
}

static void note_local(SipwhyStory *story, const SipwhyEvent *event, const SipwhyJudged *judged)
{
    const bool deciding = is_deciding(story, event);

    if (!deciding && judged->severity == SIPWHY_SEVERITY_CHAT)
        return;
    for (const SipwhyLocalEntry *const *entry = judged->local; entry && *entry; entry++) {
        SipwhyStoryLocal *local = get_local(story, *entry);
        if (local->frame == 0 || (deciding && !local->on_deciding))
            local->frame = event->frame;
        local->on_deciding = local->on_deciding || deciding;
    }
}

/* Whether a response that nothing explains says more than the one before: the graver one does, then
 * that which a proxy passed on as the one that decided. What it made itself of another says less.
 */
static bool says_more(const SipwhyStory *story, const SipwhyEvent *event, SipwhySeverity severity)
{
    if (severity != story->bare.severity)
        return severity > story->bare.severity;
    return severity > SIPWHY_SEVERITY_CHAT && is_deciding(story, event) &&
           event->frame != story->code_in && story->bare.status != story->code;
}

/* `silent`: as in SipwhyReportSettings, of this message. */
static void read_message(SipwhyStory *story, const SipwhyCollected *collected,
                         const SipwhyReportSettings *settings, uint8_t silent)
{
    const SipwhyEvent *event = &collected->event;
    SipwhySeverity found = SIPWHY_SEVERITY_CHAT;
    SipwhyJudged judged = {.local = collected->local};

    if (silent > 0) {
        judged.severity = (SipwhySeverity)(silent - 1);
    } else {
        sipwhy_collected_judge(settings->trace, collected, settings->language, &judged);
        found = note_findings(story, event, judged.findings);
    }
    story->severity = MAX(story->severity, found);
    if (event->status > 0 && !event->quoted) {
        const bool first = !event->copy && !event->repeated;
        story->responses++;
        story->severity = MAX(story->severity, judged.severity);
        note_local(story, event, &judged);
        if (first && judged.severity > found && says_more(story, event, judged.severity))
            story->bare =
                (SipwhyBareResponse){event->status, event->method, event->frame, judged.severity};
    }
    if (judged.findings)
        sipwhy_judged_clear(&judged);
}

/* What says most: the gravest; then what stands on the response that decided; then what decides.
 * A breach of the protocol, however grave, is rarely why a call failed. */
static unsigned weight(const SipwhyStoryNote *note)
{
    const SipwhyFindingFacts *facts = sipwhy_finding_facts(note->finding->id);
    const bool breach = strcmp(facts->family, "conformance") == 0;
    const SipwhySeverity severity =
        breach ? MIN(facts->severity, SIPWHY_SEVERITY_NOTE) : facts->severity;

    return (unsigned)severity * 8 + (breach ? 0 : 4) + (note->on_deciding ? 2 : 0) +
           (note->finding->decides ? 1 : 0);
}

static int compare_notes(const void *a, const void *b)
{
    const SipwhyStoryNote *one = *(SipwhyStoryNote *const *)a;
    const SipwhyStoryNote *other = *(SipwhyStoryNote *const *)b;

    if (weight(one) != weight(other))
        return weight(one) > weight(other) ? -1 : 1;
    return one->frame < other->frame ? -1 : one->frame > other->frame;
}

/* What a story says twice in other words, it says once. The notes are sorted. */
static void merge_notes(SipwhyStory *story)
{
    SipwhyStoryNote *first[SIPWHY_FINDING_COUNT] = {NULL};

    for (unsigned i = 0; i < story->notes->len;) {
        SipwhyStoryNote *note = story->notes->pdata[i];
        SipwhyStoryNote **known = &first[note->finding->id];
        if (*known) {
            add_also(*known, note->frame);
            g_ptr_array_remove_index(story->notes, i);
        } else {
            *known = note;
            i++;
        }
    }
}

void sipwhy_story_read(const SipwhyCapture *capture, const SipwhyReportSettings *settings,
                       const SipwhyCollectedCall *call, SipwhyStory *story)
{
    *story = (SipwhyStory){.call = call};
    story->notes = g_ptr_array_new_with_free_func(g_free);
    story->findings = sipwhy_findings_new();
    story->local = g_array_new(FALSE, FALSE, sizeof(SipwhyStoryLocal));
    decide(capture, settings->trace, story);
    for (unsigned i = 0; i < call->messages->len; i++)
        read_message(story, sipwhy_collected_call_message(capture, call, i), settings,
                     settings->silent ? settings->silent[g_array_index(call->messages, unsigned, i)]
                                      : 0);
    if (story->is_call && (story->outcome.outcome == SIPWHY_OUTCOME_FAILED ||
                           story->outcome.outcome == SIPWHY_OUTCOME_UNANSWERED))
        story->severity = MAX(story->severity, SIPWHY_SEVERITY_NOTE);
    g_ptr_array_sort(story->notes, compare_notes);
    merge_notes(story);
}

void sipwhy_story_clear(SipwhyStory *story)
{
    g_ptr_array_free(story->notes, TRUE);
    g_ptr_array_free(story->findings, TRUE);
    g_array_free(story->local, TRUE);
}

/* Whether a finding is what the sender itself says of the refusal. */
static bool is_own_word(const SipwhyStoryNote *note)
{
    return note->finding->id == SIPWHY_FINDING_PHRASE_CARRIES_CAUSE ||
           note->finding->id == SIPWHY_FINDING_REASON_EXPLAINED;
}

/* Whether a finding says why the story came to what it did. What was found elsewhere says less of a
 * refusal than that refusal does. */
static bool leads(const SipwhyStory *story, const SipwhyStoryNote *note)
{
    const SipwhySeverity severity = severity_of(note->finding);
    const bool refused = story->code >= FIRST_REFUSAL;
    const bool unexplained = story->bare.status == story->code;

    if (refused && is_delay(note->finding))
        return false;
    if (note->on_deciding && refused)
        return is_own_word(note) || severity >= story->bare.severity ||
               (severity > SIPWHY_SEVERITY_CHAT && !unexplained);
    if (refused && unexplained)
        return severity > story->bare.severity;
    return severity > SIPWHY_SEVERITY_CHAT && severity >= story->bare.severity;
}

const SipwhyStoryNote *sipwhy_story_leading(const SipwhyStory *story)
{
    for (unsigned i = 0; i < story->notes->len; i++)
        if (leads(story, story->notes->pdata[i]))
            return story->notes->pdata[i];
    return NULL;
}

const SipwhyLocalEntry *sipwhy_story_titled(const SipwhyStory *story)
{
    const SipwhyLocalEntry *titled = NULL;

    for (unsigned i = 0; i < story->local->len; i++) {
        const SipwhyStoryLocal *local = &g_array_index(story->local, SipwhyStoryLocal, i);
        if (local->entry->title && (local->on_deciding || local->frame == story->bare.frame))
            titled = local->entry;
    }
    return titled;
}
