/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis for machines: one document, whose schema is diagnosis.schema.json. Each case stands
 * on a line of its own, and is freed once it is written: there may be many.
 */
#include <string.h>

#include "report/case_text.h"
#include "report/json_line.h"
#include "report/words.h"

/* ---- members ---- */

/* What comes from a message or a command line; NULL becomes null. */
static void add_text(SipwhyJsonLine *json, const char *key, const char *text)
{
    char *valid = text ? g_utf8_make_valid(text, -1) : NULL;

    sipwhy_json_line_string(json, key, valid);
    g_free(valid);
}

static void add_time(SipwhyJsonLine *json, const char *key, int64_t time)
{
    sipwhy_json_line_taken(json, key, time != SIPWHY_NO_TIME ? sipwhy_words_instant(time) : NULL);
}

static void add_terms(SipwhyJsonLine *json, const char *key, SipwhyTermKind kind,
                      const size_t *counts, int count)
{
    sipwhy_json_line_open_object(json, key);
    for (int i = 0; i < count; i++)
        sipwhy_json_line_number(json, sipwhy_term_id(kind, i), counts[i]);
    sipwhy_json_line_close_object(json);
}

/* Appends what was built, and frees it. */
static void write_built(GString *out, SipwhyJsonLine *json)
{
    g_string_append_len(out, json->text, (gssize)json->length);
    sipwhy_json_line_clear(json);
}

/* ---- files ---- */

/* Why a capture could not be read, or not to its end; NULL: it could. */
static const char *error_of(const SipwhyDiagnosis *diagnosis, const char *file)
{
    for (unsigned i = 0; i < diagnosis->unread->len; i++) {
        const SipwhyUnread *unread = diagnosis->unread->pdata[i];
        if (strcmp(unread->file, file) == 0)
            return unread->text;
    }
    return NULL;
}

static bool is_read(const SipwhyDiagnosis *diagnosis, const char *file)
{
    for (unsigned i = 0; i < diagnosis->captures->len; i++)
        if (strcmp(((const SipwhyRecording *)diagnosis->captures->pdata[i])->file, file) == 0)
            return true;
    return false;
}

static void add_file(SipwhyJsonLine *json, const SipwhyRecording *recording, const char *error)
{
    size_t outcomes[SIPWHY_OUTCOME_COUNT] = {0};
    size_t calls = 0;

    for (unsigned i = 0; i < recording->calls->len; i++) {
        const SipwhyRecordedCall *call = recording->calls->pdata[i];
        calls += call->is_call;
        if (call->is_call && call->outcome >= 0 && call->outcome < SIPWHY_OUTCOME_COUNT)
            outcomes[call->outcome]++;
    }
    sipwhy_json_line_open_object(json, NULL);
    add_text(json, "file", recording->file);
    add_text(json, "error", error);
    sipwhy_json_line_number(json, "packets", recording->packets);
    sipwhy_json_line_number(json, "messages", recording->messages->len);
    sipwhy_json_line_number(json, "calls", calls);
    sipwhy_json_line_number(json, "exchanges", recording->calls->len - calls);
    add_terms(json, "by_outcome", SIPWHY_TERM_KIND_OUTCOME, outcomes, SIPWHY_OUTCOME_COUNT);
    add_text(json, "filter", recording->filter);
    add_text(json, "plugin_version", recording->version);
    sipwhy_json_line_close_object(json);
}

/* Those of which nothing could be read stand behind the others. */
static void write_files(GString *out, const SipwhyDiagnosis *diagnosis)
{
    SipwhyJsonLine built = {0};
    SipwhyJsonLine *json = &built;

    sipwhy_json_line_open_array(json, NULL);
    for (unsigned i = 0; i < diagnosis->captures->len; i++) {
        const SipwhyRecording *recording = diagnosis->captures->pdata[i];
        add_file(json, recording, error_of(diagnosis, recording->file));
    }
    for (unsigned i = 0; i < diagnosis->unread->len; i++) {
        const SipwhyUnread *unread = diagnosis->unread->pdata[i];
        if (is_read(diagnosis, unread->file))
            continue;
        sipwhy_json_line_open_object(json, NULL);
        add_text(json, "file", unread->file);
        add_text(json, "error", unread->text);
        sipwhy_json_line_close_object(json);
    }
    sipwhy_json_line_close_array(json);
    write_built(out, json);
}

/* ---- tables ---- */

static void write_summary(GString *out, const SipwhyDiagnosis *diagnosis)
{
    SipwhyJsonLine built = {0};
    SipwhyJsonLine *json = &built;

    sipwhy_json_line_open_object(json, NULL);
    add_time(json, "start", diagnosis->first_time);
    add_time(json, "end", diagnosis->last_time);
    sipwhy_json_line_number(json, "cases", diagnosis->cases->len);
    sipwhy_json_line_number(json, "calls", diagnosis->calls);
    sipwhy_json_line_number(json, "exchanges", diagnosis->cases->len - diagnosis->calls);
    sipwhy_json_line_number(json, "responses", diagnosis->responses);
    add_terms(json, "by_outcome", SIPWHY_TERM_KIND_OUTCOME, diagnosis->outcomes,
              SIPWHY_OUTCOME_COUNT);
    add_terms(json, "by_severity", SIPWHY_TERM_KIND_SEVERITY, diagnosis->by_severity,
              SIPWHY_SEVERITY_COUNT);
    sipwhy_json_line_close_object(json);
    write_built(out, json);
}

static void write_tallies(GString *out, const GPtrArray *tallies, bool are_codes,
                          SipwhyLanguage language)
{
    SipwhyJsonLine built = {0};
    SipwhyJsonLine *json = &built;

    sipwhy_json_line_open_array(json, NULL);
    for (unsigned i = 0; i < tallies->len; i++) {
        const SipwhyTally *tally = tallies->pdata[i];
        sipwhy_json_line_open_object(json, NULL);
        if (are_codes)
            sipwhy_json_line_number(json, "code",
                                    (unsigned)g_ascii_strtoull(tally->name, NULL, 10));
        else
            add_text(json, "id", tally->name);
        add_text(json, are_codes ? "phrase" : "label", sipwhy_tally_text(tally, language));
        sipwhy_json_line_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)tally->severity);
        sipwhy_json_line_number(json, "messages", tally->messages);
        sipwhy_json_line_number(json, "cases", tally->calls);
        sipwhy_json_line_close_object(json);
    }
    sipwhy_json_line_close_array(json);
    write_built(out, json);
}

/* ---- cases ---- */

static void add_texts(SipwhyJsonLine *json, const char *key, char *const *texts)
{
    sipwhy_json_line_open_array(json, key);
    for (; texts && *texts; texts++) {
        char *valid = g_utf8_make_valid(*texts, -1);
        sipwhy_json_line_string(json, NULL, valid);
        g_free(valid);
    }
    sipwhy_json_line_close_array(json);
}

static void add_finding(SipwhyJsonLine *json, const SipwhyRecordedFinding *finding)
{
    sipwhy_json_line_open_object(json, NULL);
    add_text(json, "id", finding->id);
    sipwhy_json_line_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)finding->severity);
    add_text(json, "category", finding->category);
    sipwhy_json_line_boolean(json, "inferred", finding->inferred);
    add_text(json, "title", finding->title);
    add_text(json, "text", finding->text);
    add_texts(json, "fixes", finding->fixes);
    sipwhy_json_line_number(json, "frame", finding->frame);
    sipwhy_json_line_open_array(json, "evidence");
    for (unsigned i = 0; finding->evidence && i < finding->evidence->len; i++)
        sipwhy_json_line_number(json, NULL, g_array_index(finding->evidence, uint32_t, i));
    sipwhy_json_line_close_array(json);
    sipwhy_json_line_close_object(json);
}

static void add_findings(SipwhyJsonLine *json, const SipwhyCase *one)
{
    const SipwhyRecordedFinding *leading = one->call->leading;

    if (leading) {
        sipwhy_json_line_open_object(json, "leading");
        add_text(json, "id", leading->id);
        sipwhy_json_line_number(json, "frame", leading->frame);
        sipwhy_json_line_close_object(json);
    } else {
        sipwhy_json_line_string(json, "leading", NULL);
    }
    sipwhy_json_line_open_array(json, "findings");
    for (unsigned i = 0; i < one->all->len; i++)
        add_finding(json, one->all->pdata[i]);
    sipwhy_json_line_close_array(json);
}

static void add_local_entry(SipwhyJsonLine *json, const SipwhyCaseLocal *local)
{
    const SipwhyRecordedLocal *entry = local->entry;

    sipwhy_json_line_open_object(json, NULL);
    add_text(json, "id", entry->id);
    add_text(json, "title", entry->title);
    add_texts(json, "text", entry->texts);
    add_texts(json, "fixes", entry->fixes);
    sipwhy_json_line_string(json, "severity",
                            sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY, entry->severity));
    add_text(json, "url", entry->url);
    add_text(json, "file", entry->file);
    sipwhy_json_line_number(json, "frame", local->frame);
    sipwhy_json_line_close_object(json);
}

static void add_local(SipwhyJsonLine *json, const SipwhyCase *one)
{
    if (one->local->len == 0)
        return;
    sipwhy_json_line_open_array(json, "local");
    for (unsigned i = 0; i < one->local->len; i++)
        add_local_entry(json, &g_array_index(one->local, SipwhyCaseLocal, i));
    sipwhy_json_line_close_array(json);
}

/* The response that no finding explains, with what the table knows of its code. */
static void add_bare(SipwhyJsonLine *json, const SipwhyCase *one, SipwhyLanguage language)
{
    const SipwhyRecordedMessage *bare = one->call->bare;
    SipwhyExplanation explanation = {0};

    if (!bare) {
        sipwhy_json_line_string(json, "bare", NULL);
        return;
    }
    sipwhy_explain(bare->code, language, &explanation);
    sipwhy_case_apply_local(bare, &explanation);
    sipwhy_json_line_open_object(json, "bare");
    sipwhy_json_line_number(json, "frame", bare->frame);
    sipwhy_json_line_number(json, "code", bare->code);
    add_text(json, "phrase", bare->phrase);
    add_text(json, "method", bare->method);
    sipwhy_json_line_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)bare->severity);
    sipwhy_json_line_lines(json, "causes", explanation.causes);
    sipwhy_json_line_open_array(json, "fixes");
    for (size_t i = 0; i < explanation.fixes.count; i++) {
        char *fix = sipwhy_fix_text(language, &explanation.fixes.fix[i]);
        sipwhy_json_line_string(json, NULL, fix);
        g_free(fix);
    }
    sipwhy_json_line_close_array(json);
    sipwhy_json_line_string(json, "reference", explanation.reference);
    sipwhy_json_line_string(json, "url", explanation.url);
    sipwhy_json_line_close_object(json);
}

static void add_message(SipwhyJsonLine *json, const SipwhyRecordedMessage *message)
{
    sipwhy_json_line_open_object(json, NULL);
    sipwhy_json_line_number(json, "frame", message->frame);
    add_time(json, "time", message->time);
    add_text(json, "method", message->method);
    if (message->is_response) {
        sipwhy_json_line_number(json, "code", message->code);
        add_text(json, "phrase", message->phrase);
    }
    add_text(json, "src", message->source);
    add_text(json, "dst", message->destination);
    add_text(json, "transport", message->transport);
    sipwhy_json_line_boolean(json, "quoted", message->quoted);
    sipwhy_json_line_boolean(json, "repeated", message->repeated);
    if (message->is_response && !message->quoted) {
        sipwhy_json_line_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)message->severity);
        add_text(json, "origin", message->origin);
        sipwhy_json_line_positive(json, "request_in", message->request_in);
    }
    sipwhy_json_line_close_object(json);
}

static void add_messages(SipwhyJsonLine *json, const GPtrArray *messages)
{
    sipwhy_json_line_open_array(json, "messages");
    for (unsigned i = 0; i < messages->len; i++)
        add_message(json, messages->pdata[i]);
    sipwhy_json_line_close_array(json);
}

static void add_parties(SipwhyJsonLine *json, const SipwhyRecordedCall *call)
{
    add_text(json, "call_id", call->call_id);
    sipwhy_json_line_boolean(json, "is_call", call->is_call);
    add_text(json, "method", call->method);
    add_text(json, "from", call->from);
    add_text(json, "to", call->to);
    add_text(json, "client", call->client);
    add_text(json, "server", call->server);
    add_text(json, "agent", call->agent);
    add_text(json, "server_agent", call->server_agent);
}

static void add_delay(SipwhyJsonLine *json, double seconds)
{
    if (seconds >= 0)
        sipwhy_json_line_double(json, "pdd", seconds);
    else
        sipwhy_json_line_string(json, "pdd", NULL);
}

static void add_result(SipwhyJsonLine *json, const SipwhyCase *one, SipwhyLanguage language)
{
    const SipwhyRecordedCall *call = one->call;

    sipwhy_json_line_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)one->severity);
    sipwhy_json_line_taken(json, "verdict", sipwhy_case_verdict(one, language));
    sipwhy_json_line_string(json, "outcome",
                            sipwhy_term_id(SIPWHY_TERM_KIND_OUTCOME, call->outcome));
    sipwhy_json_line_positive(json, "final_code", call->code);
    sipwhy_json_line_positive(json, "final_in", call->code_in);
    sipwhy_json_line_positive(json, "first_in", call->first_in);
    add_time(json, "start", sipwhy_case_start(one));
    add_time(json, "end", sipwhy_case_end(one));
    add_delay(json, call->pdd);
    sipwhy_json_line_taken(json, "fix", sipwhy_case_fix(one, language));
}

static void write_case(GString *out, const SipwhyCase *one, size_t number, SipwhyLanguage language)
{
    SipwhyJsonLine built = {0};
    SipwhyJsonLine *json = &built;

    sipwhy_json_line_open_object(json, NULL);
    sipwhy_json_line_number(json, "case", number);
    sipwhy_json_line_number(json, "kind", one->kind);
    add_text(json, "file", one->recording->file);
    add_parties(json, one->call);
    add_result(json, one, language);
    add_findings(json, one);
    add_local(json, one);
    add_bare(json, one, language);
    add_messages(json, one->call->messages);
    sipwhy_json_line_close_object(json);
    write_built(out, json);
}

void sipwhy_diagnosis_json(GString *out, const SipwhyDiagnosis *diagnosis, SipwhyLanguage language)
{
    g_string_append_printf(out,
                           "{\n\"type\":\"diagnosis\",\n\"version\":\"%s\",\n\"language\":\"%s\",\n"
                           "\"files\":",
                           SIPWHY_VERSION, sipwhy_language_id(language));
    write_files(out, diagnosis);
    g_string_append(out, ",\n\"summary\":");
    write_summary(out, diagnosis);
    g_string_append(out, ",\n\"by_code\":");
    write_tallies(out, diagnosis->codes, true, language);
    g_string_append(out, ",\n\"by_finding\":");
    write_tallies(out, diagnosis->findings, false, language);
    g_string_append(out, ",\n\"cases\":[");
    for (unsigned i = 0; i < diagnosis->cases->len; i++) {
        g_string_append(out, i > 0 ? ",\n" : "\n");
        write_case(out, diagnosis->cases->pdata[i], (size_t)i + 1, language);
    }
    g_string_append(out, "\n]\n}\n");
}
