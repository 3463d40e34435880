/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis for people: an overview, then the cases by kind, worst first. Of a kind a few cases
 * are told in full, some more in a line each, and the rest is counted.
 */
#include "report/diagnosis.h"

#include <string.h>

#include "report/case_text.h"
#include "report/words.h"
#include "value.h"

enum {
    FILES_MOST = 20,    /* named in the overview */
    KINDS_MOST = 40,    /* told in full */
    FULL_MOST = 3,      /* cases of a kind that are told in full */
    LINES_MOST = 10,    /* further cases of a kind, a line each */
    ORDINARY_MOST = 5,  /* cases of a kind with nothing wrong, a line each */
    SERVERS_MOST = 4,   /* of a kind that are told apart */
    CALL_ID_MOST = 200, /* bytes of one that is put into a filter */
    FIRST_REFUSAL = 300,
};

/* What is written: the page, and what it is made from. */
typedef struct {
    SipwhyPage *page;
    const SipwhyDiagnosis *diagnosis;
    SipwhyLanguage language;
    bool many; /* captures: each case says its own */
} Report;

static const char *label(const Report *report, SipwhyText text)
{
    return sipwhy_text(report->language, text);
}

static const SipwhyCase *case_at(const Report *report, size_t n)
{
    const GPtrArray *cases = report->diagnosis->cases;

    return n < cases->len ? cases->pdata[n] : NULL;
}

static char *file_text(const char *file)
{
    return sipwhy_printable_text(file, strlen(file));
}

/* ---- the overview ---- */

/* Appends "3 failed" to a list. */
static void append_count(const Report *report, GString *list, SipwhyText text, size_t count,
                         const char *what)
{
    if (count == 0)
        return;
    char *number = sipwhy_words_number(count);
    char *part = sipwhy_text_format(report->language, text, "count", number, "what", what,
                                    "severity", what, NULL);
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

static void add_unread(const Report *report)
{
    const GPtrArray *unread = report->diagnosis->unread;
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_BULLETS,
                                         label(report, SIPWHY_TEXT_DIAGNOSIS_UNREAD));

    for (unsigned i = 0; i < unread->len; i++) {
        const SipwhyUnread *one = unread->pdata[i];
        char *file = file_text(one->file);
        sipwhy_block_take(block, file, file_text(one->text));
        g_free(file);
    }
}

static GString *list_outcomes(const Report *report, const size_t *outcomes)
{
    static const SipwhyOutcome order[] = {SIPWHY_OUTCOME_FAILED,     SIPWHY_OUTCOME_UNANSWERED,
                                          SIPWHY_OUTCOME_CANCELLED,  SIPWHY_OUTCOME_REDIRECTED,
                                          SIPWHY_OUTCOME_INCOMPLETE, SIPWHY_OUTCOME_ANSWERED};
    GString *list = g_string_new(NULL);

    for (unsigned i = 0; i < G_N_ELEMENTS(order); i++)
        append_count(report, list, SIPWHY_TEXT_REPORT_BY_OUTCOME, outcomes[order[i]],
                     sipwhy_term_label(report->language, SIPWHY_TERM_KIND_OUTCOME, (int)order[i]));
    return list;
}

/* What one of several captures holds. */
static void add_file(const Report *report, SipwhyBlock *block, const SipwhyRecording *recording)
{
    size_t outcomes[SIPWHY_OUTCOME_COUNT] = {0};

    for (unsigned i = 0; i < recording->calls->len; i++) {
        const SipwhyRecordedCall *call = recording->calls->pdata[i];
        if (call->is_call && call->outcome >= 0 && call->outcome < SIPWHY_OUTCOME_COUNT)
            outcomes[call->outcome]++;
    }
    GString *calls = list_outcomes(report, outcomes);
    char *file = file_text(recording->file);
    char *packets = sipwhy_words_number(recording->packets);
    sipwhy_block_take(
        block, file,
        sipwhy_text_format(
            report->language, SIPWHY_TEXT_DIAGNOSIS_FILES_TEXT, "packets", packets, "calls",
            calls->len ? calls->str : label(report, SIPWHY_TEXT_DIAGNOSIS_NO_CALLS), NULL));
    g_free(packets);
    g_free(file);
    g_string_free(calls, TRUE);
}

static void add_files(const Report *report)
{
    const GPtrArray *captures = report->diagnosis->captures;
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_BULLETS,
                                         label(report, SIPWHY_TEXT_DIAGNOSIS_FILES));

    for (unsigned i = 0; i < MIN(captures->len, FILES_MOST); i++)
        add_file(report, block, captures->pdata[i]);
    if (captures->len > FILES_MOST) {
        char *count = sipwhy_words_number(captures->len - FILES_MOST);
        sipwhy_block_take(block, NULL,
                          sipwhy_text_format(report->language, SIPWHY_TEXT_DIAGNOSIS_FILES_REST,
                                             "count", count, NULL));
        g_free(count);
    }
}

static void add_packets(const Report *report, SipwhyBlock *block)
{
    const GPtrArray *captures = report->diagnosis->captures;
    size_t sum = 0;

    for (unsigned i = 0; i < captures->len; i++)
        sum += ((const SipwhyRecording *)captures->pdata[i])->packets;
    char *packets = sipwhy_words_number(sum);
    char *responses = sipwhy_words_number(report->diagnosis->responses);
    sipwhy_block_take(block, label(report, SIPWHY_TEXT_REPORT_PACKETS),
                      sipwhy_text_format(report->language, SIPWHY_TEXT_REPORT_PACKETS_TEXT,
                                         "packets", packets, "responses", responses, NULL));
    g_free(responses);
    g_free(packets);
}

static void add_span(const Report *report, SipwhyBlock *block)
{
    const int64_t first = report->diagnosis->first_time;
    const int64_t last = report->diagnosis->last_time;

    if (first == SIPWHY_NO_TIME)
        return;
    char *start = sipwhy_words_time(first);
    char *end = sipwhy_words_time(last);
    char *time = sipwhy_duration_text(last - first, report->language);
    sipwhy_block_take(block, label(report, SIPWHY_TEXT_REPORT_TIME),
                      sipwhy_text_format(report->language, SIPWHY_TEXT_REPORT_SPAN, "start", start,
                                         "end", end, "time", time, NULL));
    g_free(time);
    g_free(end);
    g_free(start);
}

/* What is no call, by method; those without a number of their own come last. */
static void add_requests(const Report *report, SipwhyBlock *block)
{
    size_t counts[SIPWHY_METHOD_COUNT] = {0};
    size_t refusals[SIPWHY_METHOD_COUNT] = {0};
    GString *list = g_string_new(NULL);
    const SipwhyCase *one;

    for (size_t i = 0; (one = case_at(report, i)); i++) {
        const char *name = one->call->method ? one->call->method : "";
        const SipwhyMethod method = sipwhy_method_find((SipwhySlice){name, strlen(name)});
        const bool counted = !one->call->is_call && one->call->call_id;
        counts[method] += counted;
        refusals[method] += counted && one->call->code >= FIRST_REFUSAL;
    }
    for (int n = 1; n <= SIPWHY_METHOD_COUNT; n++) {
        const int i = n % SIPWHY_METHOD_COUNT;
        const char *name = sipwhy_method_name((SipwhyMethod)i);
        char *refused = sipwhy_words_number(refusals[i]);
        char *method = sipwhy_text_format(
            report->language,
            refusals[i] > 0 ? SIPWHY_TEXT_REPORT_REFUSED : SIPWHY_TEXT_REPORT_METHOD, "method",
            name ? name : label(report, SIPWHY_TEXT_REPORT_OTHER), "refused", refused, NULL);
        append_count(report, list, SIPWHY_TEXT_REPORT_BY_METHOD, counts[i], method);
        g_free(method);
        g_free(refused);
    }
    add_list(block, label(report, SIPWHY_TEXT_REPORT_REQUESTS), list);
}

static void add_apart(const Report *report, SipwhyBlock *block)
{
    const SipwhyCase *one;
    size_t apart = 0;

    for (size_t i = 0; (one = case_at(report, i)); i++)
        apart += one->call->call_id ? 0 : one->call->messages->len;
    if (apart == 0)
        return;
    char *count = sipwhy_words_number(apart);
    sipwhy_block_take(
        block, label(report, SIPWHY_TEXT_REPORT_APART),
        sipwhy_text_format(report->language, SIPWHY_TEXT_REPORT_APART_TEXT, "count", count, NULL));
    g_free(count);
}

/* "12; 1 Error, 3 Warn, 8 Chat" */
static void add_cases(const Report *report, SipwhyBlock *block)
{
    GString *list = g_string_new(NULL);

    for (int i = SIPWHY_SEVERITY_COUNT - 1; i >= 0; i--)
        append_count(report, list, SIPWHY_TEXT_DIAGNOSIS_BY_SEVERITY,
                     report->diagnosis->by_severity[i],
                     sipwhy_term_label(report->language, SIPWHY_TERM_KIND_SEVERITY, i));
    char *cases = sipwhy_words_number(report->diagnosis->cases->len);
    sipwhy_block_take(block, label(report, SIPWHY_TEXT_DIAGNOSIS_CASES),
                      sipwhy_text_format(report->language, SIPWHY_TEXT_DIAGNOSIS_CASES_TEXT,
                                         "cases", cases, "severities", list->str, NULL));
    g_free(cases);
    g_string_free(list, TRUE);
}

/* The filter is the same for all captures of a run. */
static const char *filter_of(const SipwhyDiagnosis *diagnosis)
{
    return diagnosis->captures->len > 0
               ? ((const SipwhyRecording *)diagnosis->captures->pdata[0])->filter
               : NULL;
}

static void add_overview(const Report *report)
{
    const SipwhyDiagnosis *diagnosis = report->diagnosis;
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_FACTS, NULL);

    if (!report->many && diagnosis->captures->len > 0)
        sipwhy_block_take(
            block, label(report, SIPWHY_TEXT_DIAGNOSIS_FILE),
            file_text(((const SipwhyRecording *)diagnosis->captures->pdata[0])->file));
    if (filter_of(diagnosis))
        sipwhy_block_take(block, label(report, SIPWHY_TEXT_REPORT_FILTER),
                          file_text(filter_of(diagnosis)));
    if (diagnosis->cases->len == 0)
        return;
    add_packets(report, block);
    add_span(report, block);
    add_list(block, label(report, SIPWHY_TEXT_REPORT_CALLS),
             list_outcomes(report, diagnosis->outcomes));
    add_requests(report, block);
    add_apart(report, block);
    add_cases(report, block);
}

/* ---- tables ---- */

static void add_tally(const Report *report, SipwhyBlock *block, const SipwhyTally *tally,
                      const char *name, SipwhyText text)
{
    const char *words = sipwhy_tally_text(tally, report->language);
    char *title = sipwhy_printable_text(words, strlen(words));
    char *cases = sipwhy_words_number(tally->calls);
    char *messages = sipwhy_words_number(tally->messages);

    sipwhy_block_take(block, name,
                      sipwhy_text_format(report->language, text, "title", title, "phrase",
                                         *title ? title : "-", "cases", cases, "messages", messages,
                                         "id", tally->name, NULL));
    g_free(messages);
    g_free(cases);
    g_free(title);
}

static void add_tables(const Report *report)
{
    const SipwhyDiagnosis *diagnosis = report->diagnosis;
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_FACTS,
                                         label(report, SIPWHY_TEXT_DIAGNOSIS_BY_FINDING));

    for (unsigned i = 0; i < diagnosis->findings->len; i++) {
        const SipwhyTally *tally = diagnosis->findings->pdata[i];
        const char *severity =
            sipwhy_term_label(report->language, SIPWHY_TERM_KIND_SEVERITY, (int)tally->severity);
        add_tally(report, block, tally, severity, SIPWHY_TEXT_DIAGNOSIS_FINDING);
    }
    block = sipwhy_page_add(report->page, SIPWHY_BLOCK_FACTS,
                            label(report, SIPWHY_TEXT_DIAGNOSIS_BY_CODE));
    for (unsigned i = 0; i < diagnosis->codes->len; i++) {
        const SipwhyTally *tally = diagnosis->codes->pdata[i];
        add_tally(report, block, tally, tally->name, SIPWHY_TEXT_DIAGNOSIS_CODE);
    }
}

/* ---- a case in a line ---- */

/* "sip:alice@example.com -> sip:bob@example.org, a.pcap, frame 7, 2026-11-20 09:00:00.123" */
static char *line_of(const Report *report, const SipwhyCase *one)
{
    char *who = sipwhy_case_who(one, report->language);
    char *file = file_text(one->recording->file);
    char *number = sipwhy_words_number(one->call->first_in);
    char *frame = sipwhy_text_format(report->language,
                                     report->many ? SIPWHY_TEXT_DIAGNOSIS_IN_FILE
                                                  : SIPWHY_TEXT_DIAGNOSIS_IN_FRAME,
                                     "file", file, "frame", number, NULL);
    const int64_t time = sipwhy_case_start(one);
    char *start = time != SIPWHY_NO_TIME ? sipwhy_words_time(time) : g_strdup("?");
    char *line = sipwhy_text_format(report->language, SIPWHY_TEXT_DIAGNOSIS_SAME_ONE, "who",
                                    who ? who : "?", "frame", frame, "start", start, NULL);

    g_free(start);
    g_free(frame);
    g_free(number);
    g_free(file);
    g_free(who);
    return line;
}

/* The same with the post-dial delay. */
static char *line_with_delay(const Report *report, const SipwhyCase *one)
{
    char *line = line_of(report, one);

    if (one->call->pdd < 0)
        return line;
    char *delay = sipwhy_duration_text((int64_t)(MIN(one->call->pdd, 1e9) * G_USEC_PER_SEC),
                                       report->language);
    char *with = sipwhy_text_format(report->language, SIPWHY_TEXT_DIAGNOSIS_DELAY, "start", line,
                                    "delay", delay, NULL);
    g_free(delay);
    g_free(line);
    return with;
}

/* What a case came to, that line, and what to do first where something is wrong. */
static void add_brief(const Report *report, SipwhyBlock *block, size_t n)
{
    const SipwhyCase *one = case_at(report, n);
    const bool wrong = one->severity > SIPWHY_SEVERITY_CHAT;
    char *number = sipwhy_words_number(n + 1);
    char *verdict = sipwhy_case_verdict(one, report->language);
    char *line = line_with_delay(report, one);
    char *fix = wrong ? sipwhy_case_fix(one, report->language) : NULL;

    sipwhy_block_take(
        block, number,
        sipwhy_text_format(report->language,
                           fix ? SIPWHY_TEXT_DIAGNOSIS_BRIEF_FIX : SIPWHY_TEXT_DIAGNOSIS_BRIEF,
                           "verdict", verdict, "line", line, "fix", fix, NULL));
    g_free(fix);
    g_free(line);
    g_free(verdict);
    g_free(number);
}

static void add_rest(const Report *report, SipwhyBlock *block, size_t count)
{
    if (count == 0)
        return;
    char *number = sipwhy_words_number(count);
    sipwhy_block_take(block, NULL,
                      sipwhy_text_format(report->language, SIPWHY_TEXT_DIAGNOSIS_SAME_REST, "count",
                                         number, NULL));
    g_free(number);
}

/* ---- kinds of cases ---- */

/* How many cases from `first` on are of the same kind. */
static size_t count_kind(const Report *report, size_t first)
{
    const size_t kind = case_at(report, first)->kind;
    size_t count = 1;

    while (case_at(report, first + count) && case_at(report, first + count)->kind == kind)
        count++;
    return count;
}

static int compare_counts(const void *a, const void *b, void *data)
{
    GHashTable *counts = data;
    const char *one = *(const char *const *)a;
    const char *other = *(const char *const *)b;
    const size_t many = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, one));
    const size_t others = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, other));

    return many != others ? (many > others ? -1 : 1) : strcmp(one, other);
}

/* Which servers the cases of a kind ended at: one that fails, or all of them. */
static void add_servers(const Report *report, SipwhyBlock *block, size_t first, size_t count)
{
    GHashTable *counts = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *servers = g_ptr_array_new();
    GString *list = g_string_new(NULL);
    size_t elsewhere = 0;

    for (size_t i = first; i < first + count; i++) {
        const char *server = case_at(report, i)->call->server;
        if (!server)
            continue;
        const size_t known = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, server));
        if (known == 0)
            g_ptr_array_add(servers, (void *)server);
        g_hash_table_insert(counts, (void *)server, GSIZE_TO_POINTER(known + 1));
    }
    g_ptr_array_sort_with_data(servers, compare_counts, counts);
    for (unsigned i = 0; i < servers->len; i++) {
        const size_t known = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, servers->pdata[i]));
        if (i < SERVERS_MOST)
            append_count(report, list, SIPWHY_TEXT_REPORT_BY_SERVER, known, servers->pdata[i]);
        else
            elsewhere += known;
    }
    append_count(report, list, SIPWHY_TEXT_REPORT_BY_SERVER, elsewhere,
                 label(report, SIPWHY_TEXT_REPORT_ELSEWHERE));
    add_list(block, label(report, SIPWHY_TEXT_REPORT_SERVERS), list);
    g_ptr_array_free(servers, TRUE);
    g_hash_table_destroy(counts);
}

/* The display filter that shows a case, where its Call-ID can stand in one as it is. */
static void add_filter(const Report *report, SipwhyBlock *block, const SipwhyCase *one)
{
    const char *id = one ? one->call->call_id : NULL;

    if (!id || strlen(id) > CALL_ID_MOST)
        return;
    for (const char *c = id; *c; c++)
        if (!g_ascii_isgraph(*c) || *c == '"' || *c == '\\')
            return;
    sipwhy_block_take(block, label(report, SIPWHY_TEXT_REPORT_FILTER),
                      g_strdup_printf("sip.Call-ID == \"%s\"", id));
}

/* The n-th case in full; `first` is the first of its kind, of which there are `count`. */
static void tell(const Report *report, size_t n, size_t first, size_t count)
{
    const SipwhyCase *one = case_at(report, n);
    char *verdict = sipwhy_case_verdict(one, report->language);
    char *heading = g_strdup_printf("%" G_GSIZE_FORMAT ". %s", n + 1, verdict);
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_FACTS, heading);

    if (report->many)
        sipwhy_block_take(block, label(report, SIPWHY_TEXT_DIAGNOSIS_FILE),
                          file_text(one->recording->file));
    sipwhy_case_tell(block, one, report->language, n > first ? case_at(report, first) : NULL,
                     first + 1);
    if (n == first && count > 1)
        add_servers(report, block, first, count);
    add_filter(report, block, one);
    g_free(heading);
    g_free(verdict);
}

/* Cases of a kind that were not told in full. */
static void list_same(const Report *report, size_t first, size_t told, size_t count)
{
    if (told == count)
        return;
    const size_t end = MIN(told + LINES_MOST, count);
    char *number = sipwhy_words_number(first + 1);
    char *more = sipwhy_words_number(count - told);
    char *heading = sipwhy_text_format(report->language, SIPWHY_TEXT_DIAGNOSIS_SAME, "number",
                                       number, "count", more, NULL);
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_BULLETS, heading);

    for (size_t i = told; i < end; i++) {
        char *name = sipwhy_words_number(first + i + 1);
        sipwhy_block_take(block, name, line_of(report, case_at(report, first + i)));
        g_free(name);
    }
    add_rest(report, block, count - end);
    g_free(heading);
    g_free(more);
    g_free(number);
}

/* What wants repair is told a few times, what is a refusal or an oddity once. */
static void tell_kind(const Report *report, size_t first, size_t count)
{
    const bool grave = case_at(report, first)->severity > SIPWHY_SEVERITY_NOTE;
    const size_t told = MIN(count, grave ? FULL_MOST : 1);

    for (size_t i = first; i < first + told; i++)
        tell(report, i, first, count);
    list_same(report, first, told, count);
}

static void list_kind(const Report *report, SipwhyBlock *block, size_t first, size_t count,
                      size_t most)
{
    const size_t listed = MIN(count, most);

    for (size_t i = first; i < first + listed; i++)
        add_brief(report, block, i);
    add_rest(report, block, count - listed);
}

static void add_all_cases(const Report *report)
{
    SipwhyBlock *block = NULL;
    SipwhySeverity heading = SIPWHY_SEVERITY_COUNT;
    size_t count = 0;

    for (size_t first = 0; case_at(report, first); first += count) {
        const SipwhySeverity severity = case_at(report, first)->severity;
        const bool ordinary = severity == SIPWHY_SEVERITY_CHAT;
        count = count_kind(report, first);
        if (!ordinary && case_at(report, first)->kind <= KINDS_MOST) {
            tell_kind(report, first, count);
            continue;
        }
        const SipwhySeverity under = ordinary ? SIPWHY_SEVERITY_CHAT : SIPWHY_SEVERITY_NOTE;
        if (heading != under)
            block = sipwhy_page_add(report->page, SIPWHY_BLOCK_BULLETS,
                                    label(report, ordinary ? SIPWHY_TEXT_REPORT_ORDINARY
                                                           : SIPWHY_TEXT_REPORT_MORE_KINDS));
        heading = under;
        list_kind(report, block, first, count, ordinary ? ORDINARY_MOST : 1);
    }
}

static void add_hint(const Report *report)
{
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_PARAGRAPH,
                                         label(report, SIPWHY_TEXT_REPORT_FILTERS));

    sipwhy_block_add(block, NULL, label(report, SIPWHY_TEXT_REPORT_HINT));
}

static void add_nothing(const Report *report)
{
    SipwhyBlock *block = sipwhy_page_add(report->page, SIPWHY_BLOCK_PARAGRAPH, NULL);

    if (report->diagnosis->cases->len > 0)
        sipwhy_block_add(block, NULL, label(report, SIPWHY_TEXT_DIAGNOSIS_NONE));
    else if (report->diagnosis->captures->len > 0)
        sipwhy_block_add(block, NULL,
                         label(report, filter_of(report->diagnosis)
                                           ? SIPWHY_TEXT_REPORT_NO_SIP_FILTERED
                                           : SIPWHY_TEXT_REPORT_NO_SIP));
}

SipwhyPage *sipwhy_diagnosis_page(const SipwhyDiagnosis *diagnosis, SipwhyLanguage language)
{
    const Report report = {
        .page = sipwhy_page_new(sipwhy_text(language, SIPWHY_TEXT_DIAGNOSIS_TITLE)),
        .diagnosis = diagnosis,
        .language = language,
        .many = diagnosis->captures->len > 1,
    };
    const size_t ordinary = diagnosis->by_severity[SIPWHY_SEVERITY_CHAT];

    report.page->language = language;
    add_unread(&report);
    add_overview(&report);
    if (report.many)
        add_files(&report);
    if (ordinary == diagnosis->cases->len)
        add_nothing(&report);
    add_tables(&report);
    add_all_cases(&report);
    if (ordinary < diagnosis->cases->len)
        add_hint(&report);
    return report.page;
}
