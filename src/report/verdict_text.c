/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A verdict for people: what fails, worst first, then the rest.
 */
#include <string.h>

#include "check/verdict.h"
#include "page.h"
#include "render.h"
#include "words.h"

enum { WIDTH = 100, SHOWN_MOST = 10, FIXES_MOST = 3 };

/* Failing problems of one rule. */
typedef struct {
    const char *rule;
    SipwhySeverity severity; /* the highest */
    unsigned place;          /* among the groups as they came */
    GPtrArray *problems;     /* const SipwhyProblem */
} Group;

typedef struct {
    const SipwhyVerdict *verdict;
    SipwhyLanguage language;
    SipwhyPage *page;
} Report;

static const char *label(const Report *report, SipwhyText text)
{
    return sipwhy_text(report->language, text);
}

static char *printable(const char *text)
{
    return sipwhy_printable_text(text ? text : "?", text ? strlen(text) : 1);
}

/* ---- the first line ---- */

static void append_count(const Report *report, GString *counts, SipwhyText what, size_t count,
                         bool always)
{
    if (count == 0 && !always)
        return;
    char *number = sipwhy_words_number(count);
    char *part = sipwhy_text_format(report->language, SIPWHY_TEXT_VERDICT_COUNT, "what",
                                    label(report, what), "count", number, NULL);
    if (counts->len > 0) {
        char *longer = sipwhy_text_format(report->language, SIPWHY_TEXT_VERDICT_JOIN, "list",
                                          counts->str, "item", part, NULL);
        g_string_assign(counts, longer);
        g_free(longer);
    } else {
        g_string_append(counts, part);
    }
    g_free(part);
    g_free(number);
}

static size_t count_state(const SipwhyVerdict *verdict, SipwhyProblemState state)
{
    size_t count = 0;

    for (unsigned i = 0; i < verdict->problems->len; i++)
        count += ((const SipwhyProblem *)verdict->problems->pdata[i])->state == state;
    return count;
}

static size_t count_missed(const SipwhyVerdict *verdict)
{
    size_t count = 0;

    for (unsigned i = 0; i < verdict->expectations->len; i++)
        count += !((const SipwhyExpectation *)verdict->expectations->pdata[i])->met;
    return count;
}

/* Nothing fails where nothing could be looked at: that is no verdict. */
static SipwhyText text_of_verdict(const SipwhyVerdict *verdict)
{
    bool fails = verdict->failing > 0 || count_missed(verdict) > 0 || verdict->unchecked->len == 0;

    for (unsigned i = 0; i < verdict->unchecked->len; i++)
        fails |= ((const SipwhyUnchecked *)verdict->unchecked->pdata[i])->fails;
    if (verdict->passed)
        return SIPWHY_TEXT_VERDICT_PASSED;
    return fails ? SIPWHY_TEXT_VERDICT_FAILED : SIPWHY_TEXT_VERDICT_NONE;
}

static char *title_of(const Report *report)
{
    const SipwhyVerdict *verdict = report->verdict;
    GString *counts = g_string_new(NULL);

    append_count(report, counts, SIPWHY_TEXT_VERDICT_PROBLEMS, verdict->failing, false);
    append_count(report, counts, SIPWHY_TEXT_VERDICT_NOT_MET, count_missed(verdict), false);
    append_count(report, counts, SIPWHY_TEXT_VERDICT_UNCHECKED, verdict->unchecked->len, false);
    append_count(report, counts, SIPWHY_TEXT_VERDICT_TOLERATED,
                 count_state(verdict, SIPWHY_PROBLEM_TOLERATED), false);
    append_count(report, counts, SIPWHY_TEXT_VERDICT_KNOWN,
                 count_state(verdict, SIPWHY_PROBLEM_KNOWN), false);
    append_count(report, counts, SIPWHY_TEXT_VERDICT_CAPTURES, verdict->captures->len, true);
    append_count(report, counts, SIPWHY_TEXT_VERDICT_CALLS, verdict->calls, true);
    append_count(report, counts, SIPWHY_TEXT_VERDICT_RESPONSES, verdict->responses, true);
    char *title =
        sipwhy_text_format(report->language, SIPWHY_TEXT_VERDICT_TITLE, "verdict",
                           label(report, text_of_verdict(verdict)), "counts", counts->str, NULL);
    g_string_free(counts, TRUE);
    return title;
}

/* ---- what fails ---- */

static void free_group(void *data)
{
    Group *group = data;

    g_ptr_array_free(group->problems, TRUE);
    g_free(group);
}

static int compare_groups(const void *a, const void *b)
{
    const Group *one = *(Group *const *)a;
    const Group *other = *(Group *const *)b;

    if (one->severity != other->severity)
        return one->severity > other->severity ? -1 : 1;
    if (one->problems->len != other->problems->len)
        return one->problems->len > other->problems->len ? -1 : 1;
    return one->place < other->place ? -1 : 1;
}

/* The failing problems by rule: worst first, then most frequent. */
static GPtrArray *group_problems(const SipwhyVerdict *verdict)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func(free_group);
    GHashTable *by_rule = g_hash_table_new(g_str_hash, g_str_equal);

    for (unsigned i = 0; i < verdict->problems->len; i++) {
        SipwhyProblem *problem = verdict->problems->pdata[i];
        if (problem->state != SIPWHY_PROBLEM_FAILS)
            continue;
        Group *group = g_hash_table_lookup(by_rule, problem->rule);
        if (!group) {
            group = g_new0(Group, 1);
            group->rule = problem->rule;
            group->place = groups->len;
            group->problems = g_ptr_array_new();
            g_hash_table_insert(by_rule, (void *)group->rule, group);
            g_ptr_array_add(groups, group);
        }
        group->severity = MAX(group->severity, problem->severity);
        g_ptr_array_add(group->problems, problem);
    }
    g_hash_table_destroy(by_rule);
    g_ptr_array_sort(groups, compare_groups);
    return groups;
}

static char *heading_of(const Report *report, const Group *group, unsigned number)
{
    const SipwhyProblem *first = group->problems->pdata[0];
    const bool is_single = group->problems->len == 1;
    SipwhyFindingId id;
    const char *title = !is_single && sipwhy_finding_find(group->rule, &id)
                            ? sipwhy_finding_label(id, report->language)
                            : first->title;
    char *place = sipwhy_words_number(number);
    char *count = sipwhy_words_number(group->problems->len);
    char *heading = sipwhy_text_format(
        report->language, is_single ? SIPWHY_TEXT_VERDICT_GROUP : SIPWHY_TEXT_VERDICT_GROUP_TIMES,
        "number", place, "severity",
        sipwhy_term_label(report->language, SIPWHY_TERM_KIND_SEVERITY, (int)group->severity),
        "count", count, "title", title, "rule", group->rule, NULL);
    g_free(count);
    g_free(place);
    return heading;
}

static void add_place(const Report *report, SipwhyBlock *block, const SipwhyProblem *problem)
{
    char *file = printable(problem->recording->file);
    char *frame = sipwhy_words_number(problem->frame);
    char *code = sipwhy_words_code(report->language, problem->code);
    const char *method = problem->method ? problem->method : label(report, SIPWHY_TEXT_REQUEST);

    sipwhy_block_take(block, label(report, SIPWHY_TEXT_VERDICT_AT),
                      sipwhy_text_format(report->language,
                                         problem->code > 0 ? SIPWHY_TEXT_VERDICT_AT_RESPONSE
                                                           : SIPWHY_TEXT_VERDICT_AT_REQUEST,
                                         "file", file, "frame", frame, "code", code, "method",
                                         method, NULL));
    g_free(code);
    g_free(frame);
    g_free(file);
}

static void add_call(const Report *report, SipwhyBlock *block, const SipwhyRecordedCall *call)
{
    if (!call)
        return;
    if (!call->call_id && !call->from && !call->to) {
        sipwhy_block_add(block, label(report, SIPWHY_TEXT_VERDICT_CALL),
                         label(report, SIPWHY_TEXT_MACHINE_STRAY));
        return;
    }
    char *from = printable(call->from);
    char *to = printable(call->to);
    char *id = printable(call->call_id);
    sipwhy_block_take(block, label(report, SIPWHY_TEXT_VERDICT_CALL),
                      sipwhy_text_format(report->language,
                                         call->call_id ? SIPWHY_TEXT_VERDICT_PARTIES_ID
                                                       : SIPWHY_TEXT_VERDICT_PARTIES,
                                         "from", from, "to", to, "id", id, NULL));
    g_free(id);
    g_free(to);
    g_free(from);
}

static char *text_of(const Report *report, const SipwhyProblem *problem)
{
    const GArray *evidence = problem->evidence;

    if (!evidence || evidence->len == 0)
        return g_strdup(problem->text);
    char *frames = sipwhy_words_frames(report->language, (const uint32_t *)(void *)evidence->data,
                                       evidence->len, false);
    char *text = sipwhy_text_format(report->language,
                                    evidence->len > 1 ? SIPWHY_TEXT_REPORT_PROVEN_MORE
                                                      : SIPWHY_TEXT_REPORT_PROVEN,
                                    "text", problem->text, "frames", frames, NULL);
    g_free(frames);
    return text;
}

static void add_also(const Report *report, SipwhyBlock *block, const SipwhyProblem *problem)
{
    if (problem->also == 0)
        return;
    char *count = sipwhy_words_number(problem->also);
    sipwhy_block_take(
        block, label(report, SIPWHY_TEXT_VERDICT_ALSO),
        sipwhy_text_format(report->language, SIPWHY_TEXT_VERDICT_ALSO_TEXT, "count", count, NULL));
    g_free(count);
}

/* "[lab]" */
static char *rule_text(const SipwhyPolicyRule *rule)
{
    return g_strdup_printf("[%s]", rule->name ? rule->name : "policy");
}

/* Takes the text. */
static char *with_reason(const Report *report, const SipwhyPolicyRule *rule, char *text)
{
    if (!rule->reason)
        return text;
    char *longer = sipwhy_text_format(report->language, SIPWHY_TEXT_VERDICT_REASON, "text", text,
                                      "reason", rule->reason, NULL);
    g_free(text);
    return longer;
}

static void add_denied(const Report *report, SipwhyBlock *block, const SipwhyProblem *problem)
{
    if (!problem->denied)
        return;
    char *rule = rule_text(problem->decided_by);
    sipwhy_block_take(
        block, label(report, SIPWHY_TEXT_VERDICT_DENIED),
        with_reason(report, problem->decided_by,
                    sipwhy_text_format(report->language, SIPWHY_TEXT_VERDICT_DENIED_BY, "rule",
                                       rule, NULL)));
    g_free(rule);
}

static void add_fixes(const Report *report, SipwhyBlock *block, const SipwhyProblem *problem)
{
    for (unsigned i = 0; i < FIXES_MOST && problem->fixes[i]; i++)
        sipwhy_block_add(block, label(report, SIPWHY_TEXT_VERDICT_FIX), problem->fixes[i]);
}

static bool same_fixes(const SipwhyProblem *one, const SipwhyProblem *other)
{
    return g_strv_equal((const char *const *)one->fixes, (const char *const *)other->fixes);
}

/* What problems that follow each other have in common is said once: what happened with the first,
 * what to do with the last. */
static void add_problem(const Report *report, SipwhyBlock *block, const SipwhyProblem *last,
                        const SipwhyProblem *problem, const SipwhyProblem *next)
{
    add_place(report, block, problem);
    add_call(report, block, problem->call);
    if (!last || strcmp(last->text, problem->text) != 0)
        sipwhy_block_take(block, label(report, SIPWHY_TEXT_VERDICT_WHAT), text_of(report, problem));
    add_also(report, block, problem);
    add_denied(report, block, problem);
    if (!next || !same_fixes(problem, next))
        add_fixes(report, block, problem);
}

static void add_group(const Report *report, const Group *group, unsigned number)
{
    char *heading = heading_of(report, group, number);
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_FACTS, heading);
    SipwhyProblem **problems = (SipwhyProblem **)group->problems->pdata;
    const unsigned shown = MIN(group->problems->len, SHOWN_MOST);

    for (unsigned i = 0; i < shown; i++)
        add_problem(report, block, i > 0 ? problems[i - 1] : NULL, problems[i],
                    i + 1 < shown ? problems[i + 1] : NULL);
    if (group->problems->len > shown) {
        char *count = sipwhy_words_number(group->problems->len - shown);
        sipwhy_block_take(block, label(report, SIPWHY_TEXT_VERDICT_MORE),
                          sipwhy_text_format(report->language, SIPWHY_TEXT_VERDICT_MORE_TEXT,
                                             "count", count, NULL));
        g_free(count);
    }
    g_free(heading);
}

static void add_failing(const Report *report)
{
    GPtrArray *groups = group_problems(report->verdict);

    for (unsigned i = 0; i < groups->len; i++)
        add_group(report, groups->pdata[i], i + 1);
    g_ptr_array_free(groups, TRUE);
}

/* ---- the rest ---- */

static void add_expectations(const Report *report)
{
    const GPtrArray *expectations = report->verdict->expectations;
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_FACTS,
                                         label(report, SIPWHY_TEXT_VERDICT_HEADING_EXPECTATIONS));

    for (int met = 0; met <= 1; met++) {
        for (unsigned i = 0; i < expectations->len; i++) {
            const SipwhyExpectation *expectation = expectations->pdata[i];
            if (expectation->met == (met == 1))
                sipwhy_block_add(
                    block,
                    label(report, met ? SIPWHY_TEXT_VERDICT_MET : SIPWHY_TEXT_VERDICT_MISSED),
                    expectation->text);
        }
    }
}

/* How many problems a rule spares. */
static size_t count_spared(const SipwhyVerdict *verdict, const SipwhyPolicyRule *rule)
{
    size_t count = 0;

    for (unsigned i = 0; i < verdict->problems->len; i++) {
        const SipwhyProblem *problem = verdict->problems->pdata[i];
        count += problem->state == SIPWHY_PROBLEM_TOLERATED && problem->decided_by == rule;
    }
    return count;
}

static void add_spared_by(const Report *report, SipwhyBlock *block, const SipwhyPolicyRule *rule)
{
    char *count = sipwhy_words_number(count_spared(report->verdict, rule));
    char *name = rule_text(rule);

    sipwhy_block_take(block, NULL,
                      with_reason(report, rule,
                                  sipwhy_text_format(report->language, SIPWHY_TEXT_VERDICT_SPARED,
                                                     "count", count, "rule", name, NULL)));
    g_free(name);
    g_free(count);
}

static void add_spared(const Report *report)
{
    const SipwhyVerdict *verdict = report->verdict;
    const size_t known = count_state(verdict, SIPWHY_PROBLEM_KNOWN);
    GHashTable *told = g_hash_table_new(NULL, NULL);
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_BULLETS,
                                         label(report, SIPWHY_TEXT_VERDICT_HEADING_SPARED));

    for (unsigned i = 0; i < verdict->problems->len; i++) {
        const SipwhyProblem *problem = verdict->problems->pdata[i];
        if (problem->state == SIPWHY_PROBLEM_TOLERATED &&
            g_hash_table_add(told, (void *)problem->decided_by))
            add_spared_by(report, block, problem->decided_by);
    }
    g_hash_table_destroy(told);
    if (known > 0) {
        char *count = sipwhy_words_number(known);
        sipwhy_block_take(block, NULL,
                          sipwhy_text_format(report->language, SIPWHY_TEXT_VERDICT_SPARED_BASELINE,
                                             "count", count, NULL));
        g_free(count);
    }
}

static void add_expired(const Report *report)
{
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_BULLETS,
                                         label(report, SIPWHY_TEXT_VERDICT_HEADING_EXPIRED));

    for (unsigned i = 0; i < report->verdict->expired->len; i++) {
        const SipwhyPolicyRule *rule = report->verdict->expired->pdata[i];
        char *day = sipwhy_policy_day(rule);
        char *name = rule_text(rule);
        sipwhy_block_take(
            block, NULL,
            with_reason(report, rule,
                        sipwhy_text_format(report->language,
                                           rule->allow ? SIPWHY_TEXT_VERDICT_EXPIRED_ALLOW
                                                       : SIPWHY_TEXT_VERDICT_EXPIRED_DENY,
                                           "rule", name, "day", day, NULL)));
        g_free(name);
        g_free(day);
    }
}

static void add_unchecked(const Report *report)
{
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_BULLETS,
                                         label(report, SIPWHY_TEXT_VERDICT_HEADING_UNCHECKED));

    for (unsigned i = 0; i < report->verdict->unchecked->len; i++) {
        const SipwhyUnchecked *unchecked = report->verdict->unchecked->pdata[i];
        char *file = printable(unchecked->file);
        char *text = printable(unchecked->text);
        sipwhy_block_take(block, NULL,
                          sipwhy_text_format(report->language, SIPWHY_TEXT_VERDICT_UNCHECKED_TEXT,
                                             "file", file, "text", text, NULL));
        g_free(text);
        g_free(file);
    }
}

static SipwhyPage *make_page(const SipwhyVerdict *verdict, SipwhyLanguage language)
{
    Report report = {.verdict = verdict, .language = language};
    char *title = title_of(&report);

    report.page = sipwhy_page_new(title);
    report.page->language = language;
    g_free(title);
    add_failing(&report);
    add_expectations(&report);
    add_spared(&report);
    add_expired(&report);
    add_unchecked(&report);
    return report.page;
}

void sipwhy_verdict_text(GString *out, const SipwhyVerdict *verdict, SipwhyLanguage language)
{
    static const SipwhyTextStyle style = {.colour = FALSE, .width = WIDTH};
    SipwhyPage *page = make_page(verdict, language);

    sipwhy_render_text(out, page, &style);
    sipwhy_page_free(page);
}
