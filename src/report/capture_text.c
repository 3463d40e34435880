/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The report on a capture: an overview, the things to do, then one story of each kind, worst first.
 */
#include "report/capture_text.h"

#include <string.h>

#include "endpoint.h"
#include "report/digest.h"
#include "report/render.h"
#include "report/story_text.h"
#include "report/words.h"
#include "value.h"

enum {
    WIDTH = 100,
    TASKS_MOST = 12,   /* of the overview */
    KINDS_MOST = 20,   /* told in full */
    ORDINARY_MOST = 5, /* told in full where nothing else is there */
    BRIEF_MOST = 12,   /* told in a line */
    FIRST_REFUSAL = 300,
};

/* What is written: the page, and what it is made from. */
typedef struct {
    SipwhyPage *page;
    const SipwhyCapture *capture;
    const SipwhyReportSettings *settings;
    SipwhyDigest *digest;
    SipwhyLanguage language;
} Report;

static const char *label(const Report *report, SipwhyText text)
{
    return sipwhy_text(report->language, text);
}

/* ---- the overview ---- */

static void add_packets(const Report *report, SipwhyBlock *block)
{
    const SipwhyDigest *digest = report->digest;
    char *packets = sipwhy_words_number(sipwhy_capture_packets(report->capture));
    char *responses = sipwhy_words_number(digest->responses);
    char *start = sipwhy_words_time(digest->first_time);
    char *end = sipwhy_words_time(digest->last_time);
    char *time = sipwhy_duration_text(digest->last_time - digest->first_time, report->language);

    sipwhy_block_take(block, label(report, SIPWHY_TEXT_REPORT_PACKETS),
                      sipwhy_text_format(report->language, SIPWHY_TEXT_REPORT_PACKETS_TEXT,
                                         "packets", packets, "responses", responses, NULL));
    sipwhy_block_take(block, label(report, SIPWHY_TEXT_REPORT_TIME),
                      sipwhy_text_format(report->language, SIPWHY_TEXT_REPORT_SPAN, "start", start,
                                         "end", end, "time", time, NULL));
    g_free(time);
    g_free(end);
    g_free(start);
    g_free(responses);
    g_free(packets);
}

/* Appends "3 failed" to a list. */
static void append_count(const Report *report, GString *list, SipwhyText text, size_t count,
                         const char *what)
{
    if (count == 0)
        return;
    char *number = sipwhy_words_number(count);
    char *part = sipwhy_text_format(report->language, text, "count", number, "what", what, NULL);
    g_string_append_printf(list, "%s%s", list->len ? ", " : "", part);
    g_free(part);
    g_free(number);
}

static void add_list(SipwhyBlock *block, const char *name, GString *list)
{
    if (list->len > 0)
        sipwhy_block_add(block, name, list->str);
    g_string_free(list, TRUE);
}

static void add_outcomes(const Report *report, SipwhyBlock *block)
{
    static const SipwhyOutcome order[] = {SIPWHY_OUTCOME_FAILED,     SIPWHY_OUTCOME_UNANSWERED,
                                          SIPWHY_OUTCOME_CANCELLED,  SIPWHY_OUTCOME_REDIRECTED,
                                          SIPWHY_OUTCOME_INCOMPLETE, SIPWHY_OUTCOME_ANSWERED};
    GString *list = g_string_new(NULL);

    for (unsigned i = 0; i < G_N_ELEMENTS(order); i++)
        append_count(report, list, SIPWHY_TEXT_REPORT_BY_OUTCOME,
                     report->digest->outcomes[order[i]],
                     sipwhy_term_label(report->language, SIPWHY_TERM_KIND_OUTCOME, order[i]));
    add_list(block, label(report, SIPWHY_TEXT_REPORT_CALLS), list);
}

static void add_requests(const Report *report, SipwhyBlock *block)
{
    GString *list = g_string_new(NULL);

    for (int n = 1; n <= SIPWHY_METHOD_COUNT; n++) {
        const int i = n % SIPWHY_METHOD_COUNT; /* those without a number of their own: last */
        char *refused = sipwhy_words_number(report->digest->refused[i]);
        char *method = sipwhy_text_format(
            report->language,
            report->digest->refused[i] > 0 ? SIPWHY_TEXT_REPORT_REFUSED : SIPWHY_TEXT_REPORT_METHOD,
            "method",
            i ? sipwhy_method_name((SipwhyMethod)i) : label(report, SIPWHY_TEXT_REPORT_OTHER),
            "refused", refused, NULL);
        append_count(report, list, SIPWHY_TEXT_REPORT_BY_METHOD, report->digest->requests[i],
                     method);
        g_free(method);
        g_free(refused);
    }
    add_list(block, label(report, SIPWHY_TEXT_REPORT_REQUESTS), list);
}

static void add_unidentified(const Report *report, SipwhyBlock *block)
{
    if (report->digest->unidentified == 0)
        return;
    char *count = sipwhy_words_number(report->digest->unidentified);
    sipwhy_block_take(
        block, label(report, SIPWHY_TEXT_REPORT_APART),
        sipwhy_text_format(report->language, SIPWHY_TEXT_REPORT_APART_TEXT, "count", count, NULL));
    g_free(count);
}

static void add_overview(const Report *report)
{
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_FACTS, NULL);

    sipwhy_block_add(block, label(report, SIPWHY_TEXT_REPORT_FILTER), report->settings->filter);
    add_packets(report, block);
    add_outcomes(report, block);
    add_requests(report, block);
    add_unidentified(report, block);
}

static void add_task(const Report *report, SipwhyBlock *block, const SipwhyTask *task)
{
    char *title =
        task->id ? g_strdup(task->title) : sipwhy_words_code(report->language, task->status);
    char *count = sipwhy_words_number(task->count);
    char *frame = sipwhy_words_number(task->frame);
    char *status = sipwhy_words_number(task->status);

    sipwhy_block_take(
        block, sipwhy_term_label(report->language, SIPWHY_TERM_KIND_SEVERITY, (int)task->severity),
        sipwhy_text_format(
            report->language,
            task->count > 1 ? SIPWHY_TEXT_REPORT_TASK_TIMES : SIPWHY_TEXT_REPORT_TASK, "title",
            title, "count", count, "frame", frame, "id", task->id ? task->id : status, NULL));
    g_free(status);
    g_free(frame);
    g_free(count);
    g_free(title);
}

static void add_tasks(const Report *report)
{
    const GPtrArray *tasks = report->digest->tasks;
    SipwhyBlock *block =
        sipwhy_page_add(report->page, SIPWHY_BLOCK_FACTS, label(report, SIPWHY_TEXT_REPORT_TASKS));

    for (unsigned i = 0; i < MIN(tasks->len, TASKS_MOST); i++)
        add_task(report, block, tasks->pdata[i]);
    if (tasks->len > TASKS_MOST) {
        char *count = sipwhy_words_number(tasks->len - TASKS_MOST);
        sipwhy_block_take(block, "",
                          sipwhy_text_format(report->language, SIPWHY_TEXT_REPORT_TASKS_REST,
                                             "count", count, NULL));
        g_free(count);
    }
    if (tasks->len == 0) {
        block = sipwhy_page_add(report->page, SIPWHY_BLOCK_PARAGRAPH, NULL);
        sipwhy_block_add(block, NULL, label(report, SIPWHY_TEXT_REPORT_NO_TASKS));
    }
}

/* ---- filters ---- */

/* Whether a Call-ID can stand in a display filter as it is, and is short enough to be whole. */
static bool is_plain(const char *id)
{
    const size_t length = strlen(id);

    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isgraph(id[i]) || id[i] == '"' || id[i] == '\\')
            return false;
    return length < SIPWHY_CALL_ID_BYTES_MOST;
}

/* The display filter that shows all stories of a kind; NULL: there is none. */
static char *kind_filter(const SipwhyStoryKind *kind)
{
    if (kind->leading >= 0 && !kind->is_call)
        return g_strdup_printf("sipwhy.finding == \"%s\"",
                               sipwhy_finding_facts((SipwhyFindingId)kind->leading)->id);
    if (!kind->is_call && kind->bare > 0)
        return g_strdup_printf("sipwhy.code == %u", kind->bare);
    if (!kind->is_call) {
        const char *method = sipwhy_method_name(kind->method);
        return method ? g_strdup_printf("sip.CSeq.method == \"%s\"", method) : NULL;
    }
    if (kind->code >= FIRST_REFUSAL)
        return g_strdup_printf("sipwhy.call.final_code == %u", kind->code);
    return g_strdup_printf("sipwhy.call.outcome == \"%s\"",
                           sipwhy_term_id(SIPWHY_TERM_KIND_OUTCOME, (int)kind->outcome));
}

/* ---- kinds of stories ---- */

static const SipwhyCollectedCall *sample_of(const Report *report, const SipwhyStoryKind *kind,
                                            size_t n)
{
    return sipwhy_capture_call(report->capture, kind->sample[n]);
}

/* How many more there are, where they begin, and when the last of them ended. */
static void add_same(const Report *report, SipwhyBlock *block, const SipwhyStoryKind *kind)
{
    const size_t samples = MIN(kind->count, SIPWHY_SAMPLES_MOST);
    uint32_t frames[SIPWHY_SAMPLES_MOST];

    for (size_t i = 1; i < samples; i++)
        frames[i - 1] = sipwhy_collected_first_frame(report->capture, sample_of(report, kind, i));
    char *count = sipwhy_words_number(kind->count - 1);
    char *list = sipwhy_words_frames(report->language, frames, samples - 1, kind->count > samples);
    char *last = sipwhy_words_time(kind->last_time);
    sipwhy_block_take(block, label(report, SIPWHY_TEXT_REPORT_SAME),
                      sipwhy_text_format(report->language,
                                         kind->last_time > 0 ? SIPWHY_TEXT_REPORT_SAME_UNTIL
                                                             : SIPWHY_TEXT_REPORT_SAME_TEXT,
                                         "count", count, "frames", list, "last", last, NULL));
    g_free(last);
    g_free(list);
    g_free(count);
}

/* Which servers they ended at: one that fails, or all of them. */
static void add_servers(const Report *report, SipwhyBlock *block, const SipwhyStoryKind *kind)
{
    GString *list = g_string_new(NULL);

    for (unsigned i = 0; i < kind->server_count; i++) {
        char *server = sipwhy_endpoint_text(&kind->server[i].endpoint);
        append_count(report, list, SIPWHY_TEXT_REPORT_BY_SERVER, kind->server[i].count, server);
        g_free(server);
    }
    append_count(report, list, SIPWHY_TEXT_REPORT_BY_SERVER, kind->elsewhere,
                 label(report, SIPWHY_TEXT_REPORT_ELSEWHERE));
    add_list(block, label(report, SIPWHY_TEXT_REPORT_SERVERS), list);
}

static void add_filter(const Report *report, SipwhyBlock *block, const SipwhyStoryKind *kind,
                       const SipwhyStory *story)
{
    const SipwhyCall *call = story->call->call;
    char *filter = NULL;

    if (kind->count > 1)
        filter = kind_filter(kind);
    else if (call && is_plain(call->id))
        filter = g_strdup_printf("sip.Call-ID == \"%s\"", call->id);
    sipwhy_block_add(block, label(report, SIPWHY_TEXT_REPORT_FILTER), filter);
    g_free(filter);
}

/* The first story of a kind in full. */
static void tell(const Report *report, const SipwhyStoryKind *kind, unsigned number)
{
    SipwhyStory story;

    sipwhy_story_read(report->capture, report->settings, sample_of(report, kind, 0), &story);
    char *verdict = sipwhy_story_verdict(report->capture, report->settings, &story);
    char *heading = g_strdup_printf("%u. %s", number, verdict);
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_FACTS, heading);

    sipwhy_story_tell(block, report->capture, report->settings, &story);
    if (kind->count > 1) {
        add_same(report, block, kind);
        add_servers(report, block, kind);
    }
    add_filter(report, block, kind, &story);
    g_free(heading);
    g_free(verdict);
    sipwhy_story_clear(&story);
}

/* A kind in a line: what it came to, how often, and what shows the others. */
static void tell_briefly(const Report *report, SipwhyBlock *block, const SipwhyStoryKind *kind)
{
    SipwhyStory story;

    sipwhy_story_read(report->capture, report->settings, sample_of(report, kind, 0), &story);
    char *verdict = sipwhy_story_verdict(report->capture, report->settings, &story);
    char *count = sipwhy_words_number(kind->count - 1);
    char *filter = kind->count > 1 ? kind_filter(kind) : NULL;
    const SipwhyText text = filter            ? SIPWHY_TEXT_REPORT_BRIEF_FILTER
                            : kind->count > 1 ? SIPWHY_TEXT_REPORT_BRIEF_MORE
                                              : SIPWHY_TEXT_REPORT_BRIEF;
    sipwhy_block_take(block, NULL,
                      sipwhy_text_format(report->language, text, "verdict", verdict, "count", count,
                                         "filter", filter, NULL));
    g_free(filter);
    g_free(count);
    g_free(verdict);
    sipwhy_story_clear(&story);
}

/* How many of the kinds, which are sorted, have at least that severity. */
static unsigned count_kinds(const GPtrArray *kinds, SipwhySeverity least)
{
    unsigned count = 0;

    while (count < kinds->len && ((const SipwhyStoryKind *)kinds->pdata[count])->severity >= least)
        count++;
    return count;
}

/* Kinds from..to of the list, which are left out. */
static void add_rest(const Report *report, SipwhyBlock *block, unsigned from, unsigned to)
{
    size_t stories = 0;

    for (unsigned i = from; i < to; i++)
        stories += ((const SipwhyStoryKind *)report->digest->kinds->pdata[i])->count;
    if (stories == 0)
        return;
    const SipwhyStoryKind *first = report->digest->kinds->pdata[from];
    char *count = sipwhy_words_number(stories);
    char *kinds = sipwhy_words_number(to - from);
    char *filter = g_strdup_printf("sipwhy.severity == \"%s\"",
                                   sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY, (int)first->severity));
    sipwhy_block_take(block, NULL,
                      sipwhy_text_format(report->language, SIPWHY_TEXT_REPORT_REST, "count", count,
                                         "kinds", kinds, "filter", filter, NULL));
    g_free(filter);
    g_free(kinds);
    g_free(count);
}

/* Kinds from..to of the list: a line each. */
static void add_brief(const Report *report, SipwhyText heading, unsigned from, unsigned to)
{
    const GPtrArray *kinds = report->digest->kinds;
    SipwhyBlock *block =
        sipwhy_page_add(report->page, SIPWHY_BLOCK_BULLETS, label(report, heading));
    const unsigned end = MIN(to, from + BRIEF_MOST);

    for (unsigned i = from; i < end; i++)
        tell_briefly(report, block, kinds->pdata[i]);
    add_rest(report, block, end, to);
}

static void add_hint(const Report *report)
{
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_PARAGRAPH,
                                         label(report, SIPWHY_TEXT_REPORT_FILTERS));

    sipwhy_block_add(block, NULL, label(report, SIPWHY_TEXT_REPORT_HINT));
}

/* What wants repair is told in full, then refusals and oddities in a line each, then what is in
 * order. Where there is nothing to repair, the next of them are told in full. */
static void add_stories(const Report *report)
{
    const GPtrArray *kinds = report->digest->kinds;
    const unsigned noted = count_kinds(kinds, SIPWHY_SEVERITY_NOTE);
    const unsigned grave = count_kinds(kinds, SIPWHY_SEVERITY_WARN);
    const unsigned told = grave > 0   ? MIN(grave, KINDS_MOST)
                          : noted > 0 ? MIN(noted, KINDS_MOST)
                                      : MIN(kinds->len, ORDINARY_MOST);

    for (unsigned i = 0; i < told; i++)
        tell(report, kinds->pdata[i], i + 1);
    add_brief(report, SIPWHY_TEXT_REPORT_MORE_KINDS, told, MAX(grave, told));
    add_brief(report, SIPWHY_TEXT_REPORT_NOTED, MAX(grave, told), MAX(noted, told));
    add_brief(report, SIPWHY_TEXT_REPORT_ORDINARY, MAX(noted, told), kinds->len);
    if (noted > 0)
        add_hint(report);
}

SipwhyPage *sipwhy_capture_page(const SipwhyCapture *capture, const SipwhyReportSettings *settings)
{
    Report report = {.page =
                         sipwhy_page_new(sipwhy_text(settings->language, SIPWHY_TEXT_REPORT_TITLE)),
                     .capture = capture,
                     .settings = settings,
                     .language = settings->language};

    report.page->language = settings->language;
    if (!sipwhy_capture_message(capture, 0)) {
        SipwhyBlock *block = sipwhy_page_add(report.page, SIPWHY_BLOCK_FACTS, NULL);
        sipwhy_block_add(block, label(&report, SIPWHY_TEXT_REPORT_FILTER), settings->filter);
        block = sipwhy_page_add(report.page, SIPWHY_BLOCK_PARAGRAPH, NULL);
        sipwhy_block_add(block, NULL,
                         label(&report, settings->filter ? SIPWHY_TEXT_REPORT_NO_SIP_FILTERED
                                                         : SIPWHY_TEXT_REPORT_NO_SIP));
        return report.page;
    }
    report.digest = sipwhy_digest_new(capture, settings);
    add_overview(&report);
    add_tasks(&report);
    add_stories(&report);
    sipwhy_digest_free(report.digest);
    return report.page;
}

void sipwhy_capture_write_text(const SipwhyCapture *capture, const SipwhyReportSettings *settings,
                               FILE *out)
{
    static const SipwhyTextStyle style = {.colour = FALSE, .width = WIDTH};
    SipwhyPage *page = sipwhy_capture_page(capture, settings);
    GString *text = g_string_new(NULL);

    sipwhy_render_text(text, page, &style);
    fputs(text->str, out);
    g_string_free(text, TRUE);
    sipwhy_page_free(page);
}
