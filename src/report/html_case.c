/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A case: who, what it came to, why, what to do, and its ladder.
 */
#include "report/html_case.h"

#include <string.h>

#include "report/case_text.h"
#include "report/html.h"
#include "report/ladder.h"
#include "report/words.h"
#include "value.h"

enum {
    FINDINGS_MOST = 6, /* told; of the rest the ids */
    FRAMES_MOST = 32,
    CAUSES_MOST = 3, /* of a code that no finding explains */
    FIXES_MOST = 3,
    LOCAL_MOST = 5, /* entries of local knowledge */
    FIRST_REFUSAL = 300,
    ROW_TEXT_MOST = 120,
};

/* What is written. */
typedef struct {
    GString *out;
    const SipwhyCase *one;
    const SipwhyRecordedCall *call;
    SipwhyLanguage language;
    unsigned number;
    bool with_file;
} Writer;

static const char *word(const Writer *writer, SipwhyText text)
{
    return sipwhy_text(writer->language, text);
}

/* ---- what it came to ---- */

static void write_title(const Writer *writer)
{
    GString *out = writer->out;
    char *verdict = sipwhy_case_outcome(writer->one, writer->language);
    char *reason = sipwhy_case_reason(writer->one, writer->language);

    g_string_append(out, "<div class=\"tag\">");
    sipwhy_html_severity(out, writer->one->severity, writer->language);
    g_string_append_printf(out, "<a class=\"number\" href=\"#call-%u\">#%u</a></div>\n",
                           writer->number, writer->number);
    sipwhy_html_element(out, "h3", verdict);
    if (reason)
        sipwhy_html_element(out, "p class=\"why\"", reason);
    g_string_append_c(out, '\n');
    g_free(reason);
    g_free(verdict);
}

/* ---- facts ---- */

/* Whether a fact begins a line where two stand in one, so that what belongs together does. */
static bool begins_line(SipwhyText name)
{
    return name == SIPWHY_TEXT_HTML_FROM || name == SIPWHY_TEXT_HTML_CLIENT ||
           name == SIPWHY_TEXT_REPORT_TIME || name == SIPWHY_TEXT_HTML_CALL_ID;
}

static void write_fact(const Writer *writer, SipwhyText name, const char *text)
{
    if (!text || !*text)
        return;
    sipwhy_html_element(writer->out, begins_line(name) ? "dt class=\"left\"" : "dt",
                        word(writer, name));
    sipwhy_html_element(writer->out, name == SIPWHY_TEXT_HTML_CALL_ID ? "dd class=\"whole\"" : "dd",
                        text);
    g_string_append_c(writer->out, '\n');
}

static void take_fact(const Writer *writer, SipwhyText name, char *text)
{
    write_fact(writer, name, text);
    g_free(text);
}

/* "192.0.2.1:5060, Agent/1" */
static char *side_text(const char *endpoint, const char *agent)
{
    if (!endpoint || !agent)
        return g_strdup(endpoint ? endpoint : agent);
    return g_strdup_printf("%s, %s", endpoint, agent);
}

static const SipwhyRecordedMessage *message_at(const SipwhyRecordedCall *call, unsigned n)
{
    return n < call->messages->len ? call->messages->pdata[n] : NULL;
}

static void write_answer(const Writer *writer)
{
    const SipwhyRecordedMessage *deciding =
        sipwhy_case_message(writer->one, writer->call->code_in, writer->call->code);
    const int origin = deciding && deciding->origin
                           ? sipwhy_term_value(SIPWHY_TERM_KIND_ORIGIN, deciding->origin)
                           : -1;
    char *code = sipwhy_words_code(writer->language, writer->call->code);

    if (deciding) {
        char *sent =
            g_strdup_printf("%u %s", deciding->code, deciding->phrase ? deciding->phrase : "");
        if (strcmp(g_strchomp(sent), code) != 0)
            write_fact(writer, SIPWHY_TEXT_HTML_WIRE, sent);
        g_free(sent);
    }
    if (origin > -1 && origin != SIPWHY_ORIGIN_UNKNOWN && deciding->code >= FIRST_REFUSAL)
        write_fact(writer, SIPWHY_TEXT_REPORT_SENDER,
                   sipwhy_term_label(writer->language, SIPWHY_TERM_KIND_ORIGIN, origin));
    g_free(code);
}

/* A time whose unit stands in the same line. */
static char *duration_text(int64_t microseconds, SipwhyLanguage language)
{
    char *duration = sipwhy_duration_text(microseconds, language);
    char **parts = g_strsplit(duration, " ", -1);
    char *text = g_strjoinv("\xC2\xA0", parts);

    g_strfreev(parts);
    g_free(duration);
    return text;
}

static void write_time(const Writer *writer)
{
    const int64_t first = sipwhy_case_start(writer->one);
    const int64_t waited = sipwhy_case_wait(writer->one);
    const bool final = waited >= 0;
    const double pdd = writer->call->pdd;

    if (first == SIPWHY_NO_TIME)
        return;
    char *start = sipwhy_words_time(first);
    char *wait = duration_text(MAX(waited, 0), writer->language);
    char *delay =
        duration_text(pdd >= 0 ? (int64_t)(MIN(pdd, 1e9) * G_USEC_PER_SEC) : 0, writer->language);
    const SipwhyText text =
        final      ? pdd >= 0 ? SIPWHY_TEXT_REPORT_TIME_DELAY : SIPWHY_TEXT_REPORT_TIME_FINAL
        : pdd >= 0 ? SIPWHY_TEXT_REPORT_TIME_RINGING
                   : SIPWHY_TEXT_REPORT_TIME_TEXT;
    take_fact(writer, SIPWHY_TEXT_REPORT_TIME,
              sipwhy_text_format(writer->language, text, "start", start, "wait", wait, "delay",
                                 delay, NULL));
    g_free(delay);
    g_free(wait);
    g_free(start);
}

static void write_frames(const Writer *writer)
{
    const SipwhyRecordedCall *call = writer->call;
    const unsigned count = call->messages->len;

    if (count == 0)
        return;
    const SipwhyRecordedMessage *first_one = call->messages->pdata[0];
    const SipwhyRecordedMessage *last_one = call->messages->pdata[count - 1];
    char *first = sipwhy_words_number(first_one->frame);
    char *last = sipwhy_words_number(last_one->frame);
    char *messages = sipwhy_words_number(count);
    take_fact(
        writer, SIPWHY_TEXT_HTML_FRAMES,
        sipwhy_text_format(writer->language,
                           count > 1 ? SIPWHY_TEXT_HTML_FRAMES_TEXT : SIPWHY_TEXT_HTML_FRAMES_ONE,
                           "first", first, "last", last, "messages", messages, NULL));
    g_free(messages);
    g_free(last);
    g_free(first);
}

static void write_facts(const Writer *writer)
{
    const SipwhyRecordedCall *call = writer->call;
    const SipwhyRecordedMessage *first = message_at(call, 0);

    g_string_append(writer->out, "<dl class=\"facts\">\n");
    write_fact(writer, SIPWHY_TEXT_HTML_FROM, call->from);
    write_fact(writer, SIPWHY_TEXT_HTML_TO, call->to);
    take_fact(writer, SIPWHY_TEXT_HTML_CLIENT, side_text(call->client, call->agent));
    take_fact(writer, SIPWHY_TEXT_HTML_SERVER, side_text(call->server, call->server_agent));
    write_time(writer);
    write_frames(writer);
    write_answer(writer);
    if (writer->with_file)
        write_fact(writer, SIPWHY_TEXT_HTML_CAPTURE, writer->one->recording->file);
    if (first)
        write_fact(writer, SIPWHY_TEXT_HTML_TRANSPORT, first->transport);
    write_fact(writer, SIPWHY_TEXT_HTML_CALL_ID, call->call_id);
    g_string_append(writer->out, "</dl>\n");
}

/* ---- why, and what to do ---- */

/* How long the name of who carries a fix out is, in front of it: "Caller: ..."; 0: there is none.
 * What stands there may be in another language than the page, if the plugin spoke that. */
static size_t role_length(const char *fix)
{
    for (int language = 0; sipwhy_language_id((SipwhyLanguage)language); language++)
        for (int role = 0; role < SIPWHY_ROLE_COUNT; role++) {
            const char *label =
                sipwhy_term_label((SipwhyLanguage)language, SIPWHY_TERM_KIND_ROLE, role);
            char *prefix = sipwhy_labelled_text((SipwhyLanguage)language, label, "");
            const bool fits = g_str_has_prefix(fix, prefix);
            g_free(prefix);
            if (fits)
                return strlen(label);
        }
    return 0;
}

/* What stands behind "Caller:". */
static const char *behind_role(const char *fix, size_t role)
{
    const char *colon = role > 0 ? strchr(fix + role, ':') : NULL;

    return colon ? colon + 1 + strspn(colon + 1, " ") : fix;
}

static void write_fix(const Writer *writer, const char *fix)
{
    const size_t role = role_length(fix);

    g_string_append(writer->out, "<li>");
    if (role > 0) {
        char *who = g_strndup(fix, role);
        sipwhy_html_element(writer->out, "b", who);
        g_free(who);
    }
    sipwhy_html_element(writer->out, "span", behind_role(fix, role));
    g_string_append(writer->out, "</li>\n");
}

/* The frame of a finding, and those that prove it: "Frames 1, 4". */
static char *evidence_text(const Writer *writer, const SipwhyRecordedFinding *finding)
{
    const unsigned proofs = finding->evidence ? MIN(finding->evidence->len, FRAMES_MOST) : 0;
    uint32_t frames[FRAMES_MOST + 1];
    unsigned count = 0;

    if (finding->frame > 0)
        frames[count++] = finding->frame;
    for (unsigned i = 0; i < proofs; i++) {
        const uint32_t frame = g_array_index(finding->evidence, uint32_t, i);
        if (frame != finding->frame)
            frames[count++] = frame;
    }
    qsort(frames, count, sizeof *frames, sipwhy_frames_compare);
    char *list = sipwhy_words_frames(writer->language, frames, count, false);
    char *text = sipwhy_text_format(
        writer->language, count > 1 ? SIPWHY_TEXT_HTML_FRAMES_N : SIPWHY_TEXT_HTML_FRAME_N,
        "frames", list, NULL);
    g_free(list);
    return text;
}

static void write_proof(const Writer *writer, const SipwhyRecordedFinding *finding)
{
    char *evidence = evidence_text(writer, finding);

    g_string_append(writer->out, "<p class=\"proof\">");
    sipwhy_html_text(writer->out, evidence);
    if (finding->inferred)
        g_string_append_printf(writer->out, " \xC2\xB7 %s",
                               word(writer, SIPWHY_TEXT_HTML_INFERRED));
    g_string_append(writer->out, " \xC2\xB7 ");
    sipwhy_html_element(writer->out, "code", finding->id);
    g_string_append(writer->out, "</p>\n");
    g_free(evidence);
}

static void write_finding(const Writer *writer, const SipwhyRecordedFinding *finding)
{
    GString *out = writer->out;

    g_string_append_printf(out, "<div class=\"finding %s\">\n<p class=\"text\">",
                           sipwhy_html_class(finding->severity));
    sipwhy_html_severity(out, finding->severity, writer->language);
    g_string_append_c(out, ' ');
    sipwhy_html_text(out, finding->text);
    g_string_append(out, "</p>\n");
    write_proof(writer, finding);
    if (finding->fixes && *finding->fixes) {
        g_string_append(out, "<ul class=\"do\">\n");
        for (char **fix = finding->fixes; *fix; fix++)
            write_fix(writer, *fix);
        g_string_append(out, "</ul>\n");
    }
    g_string_append(out, "</div>\n");
}

static void write_findings(const Writer *writer)
{
    const GPtrArray *findings = writer->one->findings;
    GString *rest = g_string_new(NULL);

    for (unsigned i = 0; i < findings->len; i++) {
        const SipwhyRecordedFinding *finding = findings->pdata[i];
        if (i < FINDINGS_MOST)
            write_finding(writer, finding);
        else
            g_string_append_printf(rest, "%s%s", rest->len ? ", " : "", finding->id);
    }
    if (rest->len > 0) {
        char *text = sipwhy_labelled_text(writer->language, word(writer, SIPWHY_TEXT_REPORT_MORE),
                                          rest->str);
        sipwhy_html_element(writer->out, "p class=\"proof\"", text);
        g_free(text);
    }
    g_string_free(rest, TRUE);
}

static void write_table_fixes(const Writer *writer, SipwhyFixes fixes)
{
    if (fixes.count == 0)
        return;
    g_string_append(writer->out, "<ul class=\"do\">\n");
    for (size_t i = 0; i < MIN(fixes.count, FIXES_MOST); i++) {
        char *fix = sipwhy_fix_text(writer->language, &fixes.fix[i]);
        write_fix(writer, fix);
        g_free(fix);
    }
    g_string_append(writer->out, "</ul>\n");
}

/* Only the web is linked to: what stands in the lines of a recording may be anything. */
static void write_runbook(const Writer *writer, const char *url)
{
    if (!url || !(g_str_has_prefix(url, "http://") || g_str_has_prefix(url, "https://")))
        return;
    char *label =
        sipwhy_labelled_text(writer->language, word(writer, SIPWHY_TEXT_REPORT_RUNBOOK), "");
    g_string_append(writer->out, "<p class=\"proof\">");
    sipwhy_html_text(writer->out, label);
    g_string_append(writer->out, "<a rel=\"noreferrer\" href=\"");
    sipwhy_html_text(writer->out, url);
    g_string_append(writer->out, "\">");
    sipwhy_html_text(writer->out, url);
    g_string_append(writer->out, "</a></p>\n");
    g_free(label);
}

/* What is known of a server here. */
static void write_local_entry(const Writer *writer, const SipwhyCaseLocal *local)
{
    const SipwhyRecordedLocal *entry = local->entry;
    const guint texts = g_strv_length(entry->texts);
    const guint fixes = MIN(g_strv_length(entry->fixes), texts);
    GString *out = writer->out;
    char *frame = sipwhy_words_number(local->frame);
    char *title = sipwhy_text_format(writer->language, SIPWHY_TEXT_REPORT_LOCAL_TEXT, "title",
                                     entry->title ? entry->title : entry->id, "file", entry->file,
                                     "frame", frame, NULL);
    char *labelled =
        sipwhy_labelled_text(writer->language, word(writer, SIPWHY_TEXT_REPORT_LOCAL), title);

    g_string_append(out, "<div class=\"finding local\">\n<p class=\"text\">");
    sipwhy_html_element(out, "strong", labelled);
    for (guint i = 0; i < texts - fixes; i++) {
        g_string_append_c(out, ' ');
        sipwhy_html_text(out, entry->texts[i]);
    }
    g_string_append(out, "</p>\n");
    if (fixes > 0)
        g_string_append(out, "<ul class=\"do\">\n");
    for (guint i = 0; i < fixes; i++)
        write_fix(writer, entry->fixes[i]);
    if (fixes > 0)
        g_string_append(out, "</ul>\n");
    write_runbook(writer, entry->url);
    g_string_append(out, "</div>\n");
    g_free(labelled);
    g_free(title);
    g_free(frame);
}

static void write_local(const Writer *writer)
{
    const GArray *local = writer->one->local;

    for (unsigned i = 0; i < MIN(local->len, LOCAL_MOST); i++)
        write_local_entry(writer, &g_array_index(local, SipwhyCaseLocal, i));
}

/* What the tables know of a response that no finding explains. */
static void write_bare(const Writer *writer)
{
    const SipwhyRecordedMessage *bare = writer->call->bare;
    SipwhyExplanation explanation;
    GString *out = writer->out;

    if (!sipwhy_case_explain(writer->one, writer->language, &explanation))
        return;
    char *code = sipwhy_words_code(writer->language, bare->code);
    char *frame = sipwhy_words_number(bare->frame);
    char *title = sipwhy_text_format(writer->language, SIPWHY_TEXT_HTML_BARE, "code", code, "frame",
                                     frame, NULL);
    char **lines = sipwhy_description_lines(writer->language, &explanation);
    g_string_append_printf(out, "<div class=\"finding %s\">\n<p class=\"text\">",
                           sipwhy_html_class(bare->severity));
    sipwhy_html_severity(out, bare->severity, writer->language);
    g_string_append_c(out, ' ');
    sipwhy_html_element(out, "strong", title);
    for (char **line = lines; *line; line++) {
        g_string_append_c(out, ' ');
        sipwhy_html_text(out, *line);
    }
    g_string_append(out, "</p>\n");
    if (explanation.causes.count > 0) {
        sipwhy_html_element(out, "p class=\"proof\"", word(writer, SIPWHY_TEXT_HTML_OFTEN));
        g_string_append(out, "<ul class=\"often\">");
        for (size_t i = 0; i < MIN(explanation.causes.count, CAUSES_MOST); i++)
            sipwhy_html_element(out, "li", explanation.causes.line[i]);
        g_string_append(out, "</ul>\n");
    }
    write_table_fixes(writer, explanation.fixes);
    g_string_append(out, "</div>\n");
    g_strfreev(lines);
    g_free(title);
    g_free(frame);
    g_free(code);
}

/* ---- the ladder ---- */

static void write_ladder(const Writer *writer)
{
    SipwhyLadder *ladder = sipwhy_ladder_new(writer->call);
    char *id = g_strdup_printf("ladder-%u", writer->number);
    GString *out = writer->out;

    sipwhy_html_element(out, "h4", word(writer, SIPWHY_TEXT_HTML_LADDER));
    sipwhy_html_scroll(out, word(writer, SIPWHY_TEXT_HTML_LADDER));
    sipwhy_ladder_svg(out, ladder, id, writer->language);
    g_string_append(out, "</div>\n<details>");
    sipwhy_html_element(out, "summary", word(writer, SIPWHY_TEXT_HTML_MESSAGES));
    sipwhy_ladder_table(out, ladder, writer->language);
    g_string_append(out, "</details>\n");
    g_free(id);
    sipwhy_ladder_free(ladder);
}

void sipwhy_html_case(GString *out, const SipwhyCase *one, unsigned number, bool with_file,
                      SipwhyLanguage language)
{
    const Writer writer = {out, one, one->call, language, number, with_file};

    g_string_append_printf(out, "<article class=\"case %s\" id=\"call-%u\">\n",
                           sipwhy_html_class(one->severity), number);
    write_title(&writer);
    write_facts(&writer);
    if (one->findings->len > 0 || one->call->bare || one->local->len > 0) {
        sipwhy_html_element(out, "h4", word(&writer, SIPWHY_TEXT_HTML_WHY));
        write_local(&writer);
        write_bare(&writer);
        write_findings(&writer);
    }
    if (one->call->messages->len > 0)
        write_ladder(&writer);
    g_string_append(out, "</article>\n");
}

/* ---- as a row ---- */

void sipwhy_html_case_head(GString *out, const char *label, bool with_file, SipwhyLanguage language)
{
    static const SipwhyText heads[] = {SIPWHY_TEXT_HTML_NUMBER,  SIPWHY_TEXT_HTML_SEVERITY,
                                       SIPWHY_TEXT_HTML_OUTCOME, SIPWHY_TEXT_HTML_FROM,
                                       SIPWHY_TEXT_HTML_TO,      SIPWHY_TEXT_HTML_TIME_UTC,
                                       SIPWHY_TEXT_HTML_FRAME,   SIPWHY_TEXT_HTML_CAPTURE};

    sipwhy_html_scroll(out, label);
    g_string_append(out, "<table><thead><tr>");
    for (size_t i = 0; i < G_N_ELEMENTS(heads) - (with_file ? 0 : 1); i++)
        sipwhy_html_element(out,
                            heads[i] == SIPWHY_TEXT_HTML_FRAME ? "th scope=\"col\" class=\"n\""
                                                               : "th scope=\"col\"",
                            sipwhy_text(language, heads[i]));
    g_string_append(out, "</tr></thead><tbody>\n");
}

/* "failed: 488 Not Acceptable Here - no codec in common", "REGISTER: 200 OK" */
static char *brief_verdict(const SipwhyCase *one, SipwhyLanguage language)
{
    const SipwhyRecordedCall *call = one->call;
    const char *outcome = sipwhy_term_label(language, SIPWHY_TERM_KIND_OUTCOME, call->outcome);
    const char *what = call->is_call && outcome ? outcome
                       : call->method           ? call->method
                                                : sipwhy_text(language, SIPWHY_TEXT_REQUEST);
    char *code = sipwhy_words_code(language, call->code);
    char *verdict = call->code > 0 ? sipwhy_labelled_text(language, what, code) : g_strdup(what);
    char *reason = one->severity > SIPWHY_SEVERITY_CHAT ? sipwhy_case_reason(one, language) : NULL;
    char *text = reason ? sipwhy_text_format(language, SIPWHY_TEXT_REPORT_VERDICT, "verdict",
                                             verdict, "reason", reason, NULL)
                        : g_strdup(verdict);

    g_free(reason);
    g_free(verdict);
    g_free(code);
    return text;
}

static void write_cell(GString *out, const char *tag, const char *text)
{
    char *cut = text ? sipwhy_html_cut(text, ROW_TEXT_MOST) : NULL;

    sipwhy_html_element(out, tag, cut);
    g_free(cut);
}

void sipwhy_html_case_row(GString *out, const SipwhyCase *one, unsigned number, bool with_file,
                          SipwhyLanguage language)
{
    const SipwhyRecordedCall *call = one->call;
    char *verdict = brief_verdict(one, language);
    const int64_t start = sipwhy_case_start(one);
    char *time = start != SIPWHY_NO_TIME ? sipwhy_words_time(start) : NULL;

    g_string_append_printf(out, "<tr id=\"call-%u\"><td class=\"s\">#%u</td>", number, number);
    sipwhy_html_element(out, "td class=\"s\"",
                        sipwhy_term_label(language, SIPWHY_TERM_KIND_SEVERITY, (int)one->severity));
    write_cell(out, "td class=\"wide\"", verdict);
    write_cell(out, "td class=\"u\"", call->from);
    write_cell(out, "td class=\"u\"", call->to);
    sipwhy_html_element(out, "td", time);
    sipwhy_html_number(out, "td class=\"n\"", call->first_in);
    if (with_file)
        write_cell(out, "td class=\"u\"", one->recording->file);
    g_string_append(out, "</tr>\n");
    g_free(time);
    g_free(verdict);
}
