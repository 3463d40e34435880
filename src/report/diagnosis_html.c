/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis as one HTML file that needs nothing else: summary, tables, then the calls, worst
 * first.
 *
 * It is well-formed XML, runs no script and loads nothing, which it also forbids the browser. Calls
 * of one kind are told once or a few times, and are rows after that: a file with 10,000 calls is
 * still opened at once.
 */
#include "report/diagnosis.h"

#include <stdlib.h>
#include <string.h>

#include "report/case_text.h"
#include "report/html.h"
#include "report/html_case.h"
#include "report/html_chart.h"
#include "report/words.h"
#include "value.h"

enum {
    FULL_MOST = 150,      /* cases told in full */
    FULL_OF_KIND = 3,     /* of one kind */
    ROWS_MOST = 20000,    /* of all tables of cases together */
    ROWS_OPEN = 12,       /* longer tables are folded */
    LINKS_MOST = 5,       /* of a row of the tables by code and by finding */
    BARS_MOST = 8,        /* of a chart */
    CAPTURES_OPEN = 12,   /* more of them are folded */
    CAPTURES_MOST = 2000, /* rows of their table */
    FIRST_REFUSAL = 300,
    CODES = 1000,
};

/* How a case is shown. */
typedef enum { SHOWN_NOT, SHOWN_ROW, SHOWN_FULL } Shown;

/* What is written, from what. */
typedef struct {
    GString *out;
    const SipwhyDiagnosis *diagnosis;
    SipwhyLanguage language;
    bool with_file;  /* several captures were read */
    char *shown;     /* Shown, of each case */
    size_t troubled; /* cases above chat: they stand first */
    size_t left_out; /* cases that are not even a row */
} Page;

static const char *word(const Page *page, SipwhyText text)
{
    return sipwhy_text(page->language, text);
}

static const SipwhyCase *case_at(const Page *page, size_t n)
{
    return page->diagnosis->cases->pdata[n];
}

static void take_element(const Page *page, const char *tag, char *text)
{
    sipwhy_html_element(page->out, tag, text);
    g_free(text);
}

/* A text with {count} in it. */
static char *counted(const Page *page, SipwhyText text, size_t count)
{
    char *number = sipwhy_words_number(count);
    char *filled = sipwhy_text_format(page->language, text, "count", number, NULL);

    g_free(number);
    return filled;
}

/* ---- which cases are told in full ---- */

static size_t count_kinds(const Page *page)
{
    size_t kinds = 0;

    for (size_t i = 0; i < page->troubled; i++)
        if (i == 0 || case_at(page, i)->kind != case_at(page, i - 1)->kind)
            kinds++;
    return kinds;
}

static void choose(Page *page)
{
    const size_t count = page->diagnosis->cases->len;
    size_t full = 0;
    size_t rows = 0;
    size_t of_kind = 0;

    while (page->troubled < count && case_at(page, page->troubled)->severity > SIPWHY_SEVERITY_CHAT)
        page->troubled++;
    const size_t kinds = count_kinds(page);
    const size_t each = CLAMP(FULL_MOST / MAX(kinds, 1), 1, FULL_OF_KIND);
    page->shown = g_new0(char, MAX(count, 1));
    for (size_t i = 0; i < count; i++) {
        of_kind = i > 0 && case_at(page, i)->kind == case_at(page, i - 1)->kind ? of_kind + 1 : 0;
        if (i < page->troubled && of_kind < each && full < FULL_MOST) {
            page->shown[i] = SHOWN_FULL;
            full++;
        } else if (rows < ROWS_MOST) {
            page->shown[i] = SHOWN_ROW;
            rows++;
        } else {
            page->left_out++;
        }
    }
}

/* ---- head ---- */

static char *title_text(const Page *page)
{
    const GPtrArray *captures = page->diagnosis->captures;

    if (captures->len == 1) {
        const SipwhyRecording *only = captures->pdata[0];
        return strcmp(only->file, "-") == 0 ? g_strdup(word(page, SIPWHY_TEXT_HTML_STANDARD_INPUT))
                                            : sipwhy_html_cut(only->file, 120);
    }
    return counted(page, SIPWHY_TEXT_HTML_CAPTURES_N, captures->len);
}

static void write_head(const Page *page)
{
    GString *out = page->out;
    char *subject = title_text(page);
    char *title = sipwhy_labelled_text(page->language, word(page, SIPWHY_TEXT_HTML_TITLE), subject);

    g_string_append_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n",
                           sipwhy_language_id(page->language));
    g_string_append(
        out, "<meta charset=\"utf-8\"/>\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\"/>\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
             "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
             "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
             "<meta name=\"robots\" content=\"noindex\"/>\n"
             "<meta name=\"generator\" content=\"sipwhy " SIPWHY_VERSION "\"/>\n");
    sipwhy_html_element(out, "title", title);
    g_string_append_printf(out, "\n<style>\n%s</style>\n</head>\n<body>\n%s", sipwhy_html_style,
                           sipwhy_html_shapes);
    g_free(title);
    g_free(subject);
}

static void write_nav(const Page *page)
{
    static const struct {
        const char *tag;
        SipwhyText text;
    } links[] = {{"a href=\"#summary\"", SIPWHY_TEXT_HTML_SUMMARY},
                 {"a href=\"#findings\"", SIPWHY_TEXT_HTML_BY_FINDING},
                 {"a href=\"#codes\"", SIPWHY_TEXT_HTML_BY_CODE},
                 {"a href=\"#calls\"", SIPWHY_TEXT_HTML_CALLS},
                 {"a href=\"#ordinary\"", SIPWHY_TEXT_HTML_ORDINARY}};
    const SipwhyDiagnosis *diagnosis = page->diagnosis;
    const bool there[] = {true, diagnosis->findings->len > 0, diagnosis->codes->len > 0,
                          page->troubled > 0, diagnosis->cases->len > page->troubled};

    g_string_append_printf(page->out, "<nav aria-label=\"%s\"><ul>",
                           word(page, SIPWHY_TEXT_HTML_CONTENTS));
    for (size_t i = 0; i < G_N_ELEMENTS(links); i++)
        if (there[i]) {
            g_string_append(page->out, "<li>");
            sipwhy_html_element(page->out, links[i].tag, word(page, links[i].text));
            g_string_append(page->out, "</li>");
        }
    g_string_append(page->out, "</ul></nav>\n");
}

/* "3 of 12 calls and other requests call for repair." */
static char *lead_text(const Page *page)
{
    const size_t *by = page->diagnosis->by_severity;
    const size_t count = by[SIPWHY_SEVERITY_ERROR] + by[SIPWHY_SEVERITY_WARN];

    if (page->diagnosis->cases->len == 0)
        return g_strdup(word(page, SIPWHY_TEXT_HTML_NO_CASES));
    if (count == 0)
        return g_strdup(word(page, SIPWHY_TEXT_HTML_ALL_WELL));
    if (page->diagnosis->cases->len == 1)
        return sipwhy_case_verdict(case_at(page, 0), page->language);
    char *all = sipwhy_words_number(page->diagnosis->cases->len);
    char *some = sipwhy_words_number(count);
    char *text = sipwhy_text_format(page->language,
                                    count == 1 ? SIPWHY_TEXT_HTML_ONE_CALLS_FOR_REPAIR
                                               : SIPWHY_TEXT_HTML_SOME_CALL_FOR_REPAIR,
                                    "all", all, "count", some, NULL);
    g_free(some);
    g_free(all);
    return text;
}

static void write_span(const Page *page)
{
    const SipwhyDiagnosis *diagnosis = page->diagnosis;

    if (diagnosis->first_time == SIPWHY_NO_TIME || diagnosis->last_time == SIPWHY_NO_TIME)
        return;
    char *start = sipwhy_words_time(diagnosis->first_time);
    char *end = sipwhy_words_time(diagnosis->last_time);
    char *time = sipwhy_duration_text(diagnosis->last_time - diagnosis->first_time, page->language);
    take_element(page, "p class=\"hint\"",
                 sipwhy_text_format(page->language, SIPWHY_TEXT_REPORT_SPAN, "start", start, "end",
                                    end, "time", time, NULL));
    g_free(time);
    g_free(end);
    g_free(start);
}

static void write_unread(const Page *page)
{
    const GPtrArray *unread = page->diagnosis->unread;

    if (!unread || unread->len == 0)
        return;
    g_string_append(page->out, "<section class=\"alert\">");
    sipwhy_html_element(page->out, "h2", word(page, SIPWHY_TEXT_HTML_UNREAD));
    g_string_append(page->out, "<ul>");
    for (unsigned i = 0; i < unread->len; i++) {
        const SipwhyUnread *one = unread->pdata[i];
        g_string_append(page->out, "<li>");
        sipwhy_html_element(page->out, "bdi", one->file);
        g_string_append(page->out, ": ");
        sipwhy_html_element(page->out, "bdi", one->text);
        g_string_append(page->out, "</li>\n");
    }
    g_string_append(page->out, "</ul></section>\n");
}

static void write_header(const Page *page)
{
    g_string_append_printf(page->out, "<a class=\"skip\" href=\"#%s\">",
                           page->troubled > 0 ? "calls" : "summary");
    sipwhy_html_text(page->out, word(page, SIPWHY_TEXT_HTML_SKIP));
    g_string_append(page->out, "</a>\n<header>\n");
    sipwhy_html_element(page->out, "p class=\"kicker\"", word(page, SIPWHY_TEXT_HTML_TITLE));
    take_element(page, "h1", title_text(page));
    take_element(page, "p class=\"lead\"", lead_text(page));
    write_span(page);
    write_nav(page);
    g_string_append(page->out, "</header>\n<main>\n");
}

/* ---- summary ---- */

static void write_figure(const Page *page, SipwhyText name, char *value)
{
    g_string_append(page->out, "<div>");
    sipwhy_html_element(page->out, "dt", word(page, name));
    take_element(page, "dd", value);
    g_string_append(page->out, "</div>\n");
}

static void write_figures(const Page *page)
{
    const SipwhyDiagnosis *diagnosis = page->diagnosis;
    const size_t *by = diagnosis->by_severity;
    const size_t others = diagnosis->cases->len - diagnosis->calls;
    size_t packets = 0;

    for (unsigned i = 0; i < diagnosis->captures->len; i++)
        packets += ((const SipwhyRecording *)diagnosis->captures->pdata[i])->packets;
    g_string_append(page->out, "<dl class=\"figures\">\n");
    write_figure(page, SIPWHY_TEXT_HTML_TO_REPAIR,
                 sipwhy_words_number(by[SIPWHY_SEVERITY_ERROR] + by[SIPWHY_SEVERITY_WARN]));
    write_figure(page, SIPWHY_TEXT_HTML_CALL_COUNT, sipwhy_words_number(diagnosis->calls));
    if (diagnosis->calls > 0) {
        char *share = g_strdup_printf(
            "%d", (int)(100.0 * (double)diagnosis->outcomes[SIPWHY_OUTCOME_ANSWERED] /
                        (double)diagnosis->calls));
        write_figure(
            page, SIPWHY_TEXT_HTML_ANSWERED_SHARE,
            sipwhy_text_format(page->language, SIPWHY_TEXT_HTML_PERCENT, "share", share, NULL));
        g_free(share);
    }
    if (others > 0)
        write_figure(page, SIPWHY_TEXT_HTML_OTHER_COUNT, sipwhy_words_number(others));
    write_figure(page, SIPWHY_TEXT_HTML_RESPONSE_COUNT, sipwhy_words_number(diagnosis->responses));
    write_figure(page, SIPWHY_TEXT_HTML_PACKET_COUNT, sipwhy_words_number(packets));
    g_string_append(page->out, "</dl>\n");
}

static void chart_outcomes(const Page *page)
{
    static const struct {
        SipwhyOutcome outcome;
        const char *class;
    } order[] = {{SIPWHY_OUTCOME_FAILED, "error"},    {SIPWHY_OUTCOME_UNANSWERED, "warn"},
                 {SIPWHY_OUTCOME_CANCELLED, "chat"},  {SIPWHY_OUTCOME_REDIRECTED, "note"},
                 {SIPWHY_OUTCOME_INCOMPLETE, "chat"}, {SIPWHY_OUTCOME_ANSWERED, "ok"}};
    SipwhyBar bars[G_N_ELEMENTS(order)];
    size_t count = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
        if (page->diagnosis->outcomes[order[i].outcome] > 0)
            bars[count++] = (SipwhyBar){
                sipwhy_term_label(page->language, SIPWHY_TERM_KIND_OUTCOME, (int)order[i].outcome),
                order[i].class, page->diagnosis->outcomes[order[i].outcome]};
    sipwhy_html_chart(page->out, "chart-outcomes", word(page, SIPWHY_TEXT_HTML_BY_OUTCOME), bars,
                      count, page->language);
}

static void chart_severities(const Page *page)
{
    SipwhyBar bars[SIPWHY_SEVERITY_COUNT];
    size_t count = 0;

    for (int severity = SIPWHY_SEVERITY_COUNT - 1; severity >= 0; severity--)
        bars[count++] = (SipwhyBar){
            sipwhy_term_label(page->language, SIPWHY_TERM_KIND_SEVERITY, severity),
            sipwhy_html_class((SipwhySeverity)severity), page->diagnosis->by_severity[severity]};
    sipwhy_html_chart(page->out, "chart-severities", word(page, SIPWHY_TEXT_HTML_BY_SEVERITY), bars,
                      count, page->language);
}

static bool is_refusal(const SipwhyTally *tally)
{
    return g_ascii_strtoull(tally->name, NULL, 10) >= FIRST_REFUSAL;
}

static int compare_tallies(const void *a, const void *b)
{
    const SipwhyTally *one = *(SipwhyTally *const *)a;
    const SipwhyTally *other = *(SipwhyTally *const *)b;

    if (one->messages != other->messages)
        return one->messages > other->messages ? -1 : 1;
    return strcmp(one->name, other->name);
}

/* The most frequent refusals; without any, the most frequent codes. */
static void chart_codes(const Page *page)
{
    const GPtrArray *codes = page->diagnosis->codes;
    GPtrArray *chosen = g_ptr_array_new();
    SipwhyBar bars[BARS_MOST];
    char *labels[BARS_MOST];
    bool refusals = false;

    for (unsigned i = 0; i < codes->len; i++)
        refusals = refusals || is_refusal(codes->pdata[i]);
    for (unsigned i = 0; i < codes->len; i++)
        if (is_refusal(codes->pdata[i]) == refusals)
            g_ptr_array_add(chosen, codes->pdata[i]);
    g_ptr_array_sort(chosen, compare_tallies);
    const unsigned count = MIN(chosen->len, BARS_MOST);
    for (unsigned i = 0; i < count; i++) {
        const SipwhyTally *tally = chosen->pdata[i];
        labels[i] = g_strdup_printf("%s %s", tally->name, tally->text ? tally->text : "");
        bars[i] =
            (SipwhyBar){g_strchomp(labels[i]), refusals ? sipwhy_html_class(tally->severity) : "ok",
                        tally->messages};
    }
    if (count > 0)
        sipwhy_html_chart(
            page->out, "chart-codes",
            word(page, refusals ? SIPWHY_TEXT_HTML_REFUSALS : SIPWHY_TEXT_HTML_RESPONSES), bars,
            count, page->language);
    for (unsigned i = 0; i < count; i++)
        g_free(labels[i]);
    g_ptr_array_free(chosen, TRUE);
}

static void write_capture(const Page *page, const SipwhyRecording *recording)
{
    size_t calls = 0;

    for (unsigned i = 0; i < recording->calls->len; i++)
        calls += ((const SipwhyRecordedCall *)recording->calls->pdata[i])->is_call ? 1 : 0;
    g_string_append(page->out, "<tr>");
    sipwhy_html_element(page->out, "th scope=\"row\" class=\"u\"", recording->file);
    sipwhy_html_number(page->out, "td class=\"n\"", recording->packets);
    sipwhy_html_number(page->out, "td class=\"n\"", calls);
    sipwhy_html_number(page->out, "td class=\"n\"", recording->calls->len - calls);
    g_string_append(page->out, "</tr>\n");
}

static void write_captures(const Page *page)
{
    const GPtrArray *captures = page->diagnosis->captures;
    const bool folded = captures->len > CAPTURES_OPEN;

    g_string_append(page->out,
                    folded ? "<details class=\"kind card\">" : "<div class=\"kind card\">");
    if (folded)
        take_element(page, "summary", counted(page, SIPWHY_TEXT_HTML_CAPTURES_N, captures->len));
    sipwhy_html_scroll(page->out, word(page, SIPWHY_TEXT_HTML_CAPTURES));
    g_string_append(page->out, "<table><thead><tr>");
    sipwhy_html_element(page->out, "th scope=\"col\"", word(page, SIPWHY_TEXT_HTML_CAPTURE));
    sipwhy_html_element(page->out, "th scope=\"col\" class=\"n\"",
                        word(page, SIPWHY_TEXT_HTML_PACKET_COUNT));
    sipwhy_html_element(page->out, "th scope=\"col\" class=\"n\"",
                        word(page, SIPWHY_TEXT_HTML_CALL_COUNT));
    sipwhy_html_element(page->out, "th scope=\"col\" class=\"n\"",
                        word(page, SIPWHY_TEXT_HTML_OTHER_COUNT));
    g_string_append(page->out, "</tr></thead><tbody>\n");
    for (unsigned i = 0; i < MIN(captures->len, CAPTURES_MOST); i++)
        write_capture(page, captures->pdata[i]);
    g_string_append(page->out, "</tbody></table></div>\n");
    if (captures->len > CAPTURES_MOST)
        take_element(
            page, "p class=\"hint\"",
            counted(page, SIPWHY_TEXT_HTML_CAPTURES_LEFT_OUT, captures->len - CAPTURES_MOST));
    g_string_append(page->out, folded ? "</details>\n" : "</div>\n");
}

static void write_filter(const Page *page)
{
    const GPtrArray *captures = page->diagnosis->captures;
    const char *filter =
        captures->len > 0 ? ((const SipwhyRecording *)captures->pdata[0])->filter : NULL;

    if (filter)
        take_element(
            page, "p class=\"hint\"",
            sipwhy_labelled_text(page->language, word(page, SIPWHY_TEXT_REPORT_FILTER), filter));
}

static void write_summary(const Page *page)
{
    g_string_append(page->out, "<section id=\"summary\" aria-labelledby=\"summary-title\">\n");
    sipwhy_html_element(page->out, "h2 id=\"summary-title\"", word(page, SIPWHY_TEXT_HTML_SUMMARY));
    write_filter(page);
    write_figures(page);
    if (page->diagnosis->cases->len > 0) {
        g_string_append(page->out, "<div class=\"charts\">\n");
        if (page->diagnosis->calls > 0)
            chart_outcomes(page);
        else
            chart_severities(page);
        chart_codes(page);
        g_string_append(page->out, "</div>\n");
    }
    if (page->with_file)
        write_captures(page);
    g_string_append(page->out, "</section>\n");
}

/* ---- tables by code and by finding ---- */

/* The first cases of something. */
typedef struct {
    size_t cases[LINKS_MOST];
    size_t shown; /* of these */
    size_t count;
} Places;

static void add_place(Places *places, const Page *page, size_t number)
{
    if (places->count > 0 && places->shown > 0 && places->cases[places->shown - 1] == number)
        return;
    places->count++;
    if (places->shown < LINKS_MOST && page->shown[number] != SHOWN_NOT)
        places->cases[places->shown++] = number;
}

/* Where each finding is: id -> Places. */
static GHashTable *locate_findings(const Page *page)
{
    GHashTable *where = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);

    for (size_t i = 0; i < page->diagnosis->cases->len; i++) {
        const GPtrArray *all = case_at(page, i)->all;
        for (unsigned j = 0; j < all->len; j++) {
            const SipwhyRecordedFinding *finding = all->pdata[j];
            Places *places = g_hash_table_lookup(where, finding->id);
            if (!places) {
                places = g_new0(Places, 1);
                g_hash_table_insert(where, (void *)finding->id, places);
            }
            add_place(places, page, i);
        }
    }
    return where;
}

static Places *locate_codes(const Page *page)
{
    Places *where = g_new0(Places, CODES);

    for (size_t i = 0; i < page->diagnosis->cases->len; i++) {
        const GPtrArray *messages = case_at(page, i)->call->messages;
        for (unsigned j = 0; j < messages->len; j++) {
            const SipwhyRecordedMessage *message = messages->pdata[j];
            if (message->is_response && !message->quoted && message->code < CODES)
                add_place(&where[message->code], page, i);
        }
    }
    return where;
}

static void write_places(const Page *page, const Places *places, size_t cases)
{
    g_string_append(page->out, "<td class=\"s\">");
    for (size_t i = 0; places && i < places->shown; i++)
        g_string_append_printf(page->out,
                               "%s<a href=\"#call-%" G_GSIZE_FORMAT "\">#%" G_GSIZE_FORMAT "</a>",
                               i ? ", " : "", places->cases[i] + 1, places->cases[i] + 1);
    if (places && cases > places->shown) {
        g_string_append_c(page->out, ' ');
        take_element(page, "span class=\"id\"",
                     counted(page, SIPWHY_TEXT_HTML_MORE_N, cases - places->shown));
    }
    g_string_append(page->out, "</td>");
}

static void write_table_head(const Page *page, SipwhyText what, SipwhyText messages)
{
    const SipwhyText heads[] = {SIPWHY_TEXT_HTML_SEVERITY, what, messages, SIPWHY_TEXT_HTML_CASES,
                                SIPWHY_TEXT_HTML_WHERE};

    g_string_append(page->out, "<table><thead><tr>");
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
        sipwhy_html_element(page->out,
                            i == 2 || i == 3 ? "th scope=\"col\" class=\"n\"" : "th scope=\"col\"",
                            word(page, heads[i]));
    g_string_append(page->out, "</tr></thead><tbody>\n");
}

static void write_tally(const Page *page, const SipwhyTally *tally, const char *title,
                        const char *id, const Places *places)
{
    GString *out = page->out;

    g_string_append(out, "<tr><td class=\"s\">");
    sipwhy_html_severity(out, tally->severity, page->language);
    g_string_append(out, "</td><th scope=\"row\" class=\"wide\">");
    sipwhy_html_text(out, title);
    if (id) {
        g_string_append(out, " ");
        sipwhy_html_element(out, "code class=\"id\"", id);
    }
    g_string_append(out, "</th>");
    sipwhy_html_number(out, "td class=\"n\"", tally->messages);
    sipwhy_html_number(out, "td class=\"n\"", tally->calls);
    write_places(page, places, tally->calls);
    g_string_append(out, "</tr>\n");
}

static void write_by_finding(const Page *page)
{
    const GPtrArray *findings = page->diagnosis->findings;

    if (findings->len == 0)
        return;
    GHashTable *where = locate_findings(page);
    g_string_append(page->out, "<section id=\"findings\" aria-labelledby=\"findings-title\">\n");
    sipwhy_html_element(page->out, "h2 id=\"findings-title\"",
                        word(page, SIPWHY_TEXT_HTML_BY_FINDING));
    g_string_append(page->out, "<div class=\"card\">");
    sipwhy_html_scroll(page->out, word(page, SIPWHY_TEXT_HTML_BY_FINDING));
    write_table_head(page, SIPWHY_TEXT_HTML_FINDING, SIPWHY_TEXT_HTML_MESSAGE_COUNT);
    for (unsigned i = 0; i < findings->len; i++) {
        const SipwhyTally *tally = findings->pdata[i];
        write_tally(page, tally, sipwhy_tally_text(tally, page->language), tally->name,
                    g_hash_table_lookup(where, tally->name));
    }
    g_string_append(page->out, "</tbody></table></div></div>\n</section>\n");
    g_hash_table_destroy(where);
}

static void write_by_code(const Page *page)
{
    const GPtrArray *codes = page->diagnosis->codes;

    if (codes->len == 0)
        return;
    Places *where = locate_codes(page);
    g_string_append(page->out, "<section id=\"codes\" aria-labelledby=\"codes-title\">\n");
    sipwhy_html_element(page->out, "h2 id=\"codes-title\"", word(page, SIPWHY_TEXT_HTML_BY_CODE));
    g_string_append(page->out, "<div class=\"card\">");
    sipwhy_html_scroll(page->out, word(page, SIPWHY_TEXT_HTML_BY_CODE));
    write_table_head(page, SIPWHY_TEXT_HTML_CODE, SIPWHY_TEXT_HTML_RESPONSE_COUNT);
    for (unsigned i = 0; i < codes->len; i++) {
        const SipwhyTally *tally = codes->pdata[i];
        const unsigned code = (unsigned)g_ascii_strtoull(tally->name, NULL, 10);
        char *title = g_strdup_printf("%s %s", tally->name, tally->text ? tally->text : "");
        write_tally(page, tally, g_strchomp(title), NULL, code < CODES ? &where[code] : NULL);
        g_free(title);
    }
    g_string_append(page->out, "</tbody></table></div></div>\n</section>\n");
    g_free(where);
}

/* ---- the calls ---- */

static size_t count_shown(const Page *page, size_t from, size_t to, Shown shown)
{
    size_t count = 0;

    for (size_t i = from; i < to; i++)
        count += page->shown[i] == (char)shown ? 1 : 0;
    return count;
}

/* The cases from `from` to `to` that are rows: a table, folded when it is long. */
static void write_rows(const Page *page, size_t from, size_t to, SipwhyText label)
{
    const size_t count = count_shown(page, from, to, SHOWN_ROW);
    const bool folded = count > ROWS_OPEN;

    if (count == 0)
        return;
    char *title = counted(page, label, count);
    g_string_append(page->out,
                    folded ? "<details class=\"kind card\">" : "<div class=\"kind card\">");
    sipwhy_html_element(page->out, folded ? "summary" : "p class=\"hint\"", title);
    sipwhy_html_case_head(page->out, title, page->with_file, page->language);
    for (size_t i = from; i < to; i++)
        if (page->shown[i] == SHOWN_ROW)
            sipwhy_html_case_row(page->out, case_at(page, i), (unsigned)i + 1, page->with_file,
                                 page->language);
    g_string_append(page->out, "</tbody></table></div>");
    g_string_append(page->out, folded ? "</details>\n" : "</div>\n");
    g_free(title);
}

static size_t end_of_kind(const Page *page, size_t from, size_t end)
{
    size_t to = from + 1;

    while (to < end && case_at(page, to)->kind == case_at(page, from)->kind)
        to++;
    return to;
}

static void write_legend(const Page *page)
{
    g_string_append(page->out, "<ul class=\"legend\">");
    for (int severity = SIPWHY_SEVERITY_COUNT - 1; severity >= 0; severity--) {
        g_string_append(page->out, "<li>");
        sipwhy_html_severity(page->out, (SipwhySeverity)severity, page->language);
        g_string_append(page->out, "</li>");
    }
    g_string_append(page->out, "</ul>\n");
    sipwhy_html_element(page->out, "p class=\"hint\"", word(page, SIPWHY_TEXT_HTML_LEGEND));
}

static void write_kind(const Page *page, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (page->shown[i] == SHOWN_FULL)
            sipwhy_html_case(page->out, case_at(page, i), (unsigned)i + 1, page->with_file,
                             page->language);
    write_rows(page, from, to, SIPWHY_TEXT_HTML_SAME_KIND);
}

static void write_calls(const Page *page)
{
    size_t from = 0;

    if (page->troubled == 0)
        return;
    g_string_append(page->out, "<section id=\"calls\" aria-labelledby=\"calls-title\">\n");
    sipwhy_html_element(page->out, "h2 id=\"calls-title\"", word(page, SIPWHY_TEXT_HTML_CALLS));
    write_legend(page);
    while (from < page->troubled && page->shown[from] == SHOWN_FULL) {
        const size_t to = end_of_kind(page, from, page->troubled);
        write_kind(page, from, to);
        from = to;
    }
    write_rows(page, from, page->troubled, SIPWHY_TEXT_HTML_OTHER_KINDS);
    g_string_append(page->out, "</section>\n");
}

static void write_ordinary(const Page *page)
{
    const size_t count = page->diagnosis->cases->len;

    if (count == page->troubled)
        return;
    g_string_append(page->out, "<section id=\"ordinary\" aria-labelledby=\"ordinary-title\">\n");
    sipwhy_html_element(page->out, "h2 id=\"ordinary-title\"",
                        word(page, SIPWHY_TEXT_HTML_ORDINARY));
    write_rows(page, page->troubled, count, SIPWHY_TEXT_HTML_ORDINARY_N);
    if (page->left_out > 0)
        take_element(page, "p class=\"hint\"",
                     counted(page, SIPWHY_TEXT_HTML_CASES_LEFT_OUT, page->left_out));
    g_string_append(page->out, "</section>\n");
}

static void write_footer(const Page *page)
{
    char *text = sipwhy_text_format(page->language, SIPWHY_TEXT_HTML_FOOTER, "version",
                                    SIPWHY_VERSION, NULL);

    g_string_append(page->out, "</main>\n<footer>");
    sipwhy_html_element(page->out, "p", text);
    g_string_append(page->out, "</footer>\n</body>\n</html>\n");
    g_free(text);
}

void sipwhy_diagnosis_html(GString *out, const SipwhyDiagnosis *diagnosis, SipwhyLanguage language)
{
    Page page = {.out = out,
                 .diagnosis = diagnosis,
                 .language = language,
                 .with_file = diagnosis->captures->len > 1};

    choose(&page);
    write_head(&page);
    write_header(&page);
    write_unread(&page);
    write_summary(&page);
    write_by_finding(&page);
    write_by_code(&page);
    write_calls(&page);
    write_ordinary(&page);
    write_footer(&page);
    g_free(page.shown);
}
