/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis for machines: one document, whose schema is diagnosis.schema.json. Each case stands
 * on a line of its own, and is freed once it is written: there may be many.
 */
#include <string.h>

#include "report/case_text.h"
#include "report/json.h"
#include "report/members.h"
#include "report/words.h"

/* ---- members ---- */

/* What comes from a message or a command line; NULL becomes null. */
static void add_text(JsonBuilder *json, const char *key, const char *text)
{
    char *valid = text ? g_utf8_make_valid(text, -1) : NULL;

    add_string(json, key, valid);
    g_free(valid);
}

static void add_time(JsonBuilder *json, const char *key, int64_t time)
{
    add_taken(json, key, time != SIPWHY_NO_TIME ? sipwhy_words_instant(time) : NULL);
}

static void add_terms(JsonBuilder *json, const char *key, SipwhyTermKind kind, const size_t *counts,
                      int count)
{
    begin_object(json, key);
    for (int i = 0; i < count; i++)
        add_count(json, sipwhy_term_id(kind, i), counts[i]);
    json_builder_end_object(json);
}

/* Writes what has been built, in one line, and frees it. */
static void write_built(GString *out, JsonBuilder *json)
{
    JsonGenerator *generator = json_generator_new();
    JsonNode *root = json_builder_get_root(json);
    gsize length;

    json_generator_set_root(generator, root);
    char *text = json_generator_to_data(generator, &length);
    g_string_append_len(out, text, (gssize)length);
    g_free(text);
    json_node_unref(root);
    g_object_unref(generator);
    g_object_unref(json);
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

static void add_file(JsonBuilder *json, const SipwhyRecording *recording, const char *error)
{
    size_t outcomes[SIPWHY_OUTCOME_COUNT] = {0};
    size_t calls = 0;

    for (unsigned i = 0; i < recording->calls->len; i++) {
        const SipwhyRecordedCall *call = recording->calls->pdata[i];
        calls += call->is_call;
        if (call->is_call && call->outcome >= 0 && call->outcome < SIPWHY_OUTCOME_COUNT)
            outcomes[call->outcome]++;
    }
    json_builder_begin_object(json);
    add_text(json, "file", recording->file);
    add_text(json, "error", error);
    add_count(json, "packets", recording->packets);
    add_count(json, "messages", recording->messages->len);
    add_count(json, "calls", calls);
    add_count(json, "exchanges", recording->calls->len - calls);
    add_terms(json, "by_outcome", SIPWHY_TERM_KIND_OUTCOME, outcomes, SIPWHY_OUTCOME_COUNT);
    add_text(json, "filter", recording->filter);
    add_text(json, "plugin_version", recording->version);
    json_builder_end_object(json);
}

/* Those of which nothing could be read stand behind the others. */
static void write_files(GString *out, const SipwhyDiagnosis *diagnosis)
{
    JsonBuilder *json = json_builder_new();

    json_builder_begin_array(json);
    for (unsigned i = 0; i < diagnosis->captures->len; i++) {
        const SipwhyRecording *recording = diagnosis->captures->pdata[i];
        add_file(json, recording, error_of(diagnosis, recording->file));
    }
    for (unsigned i = 0; i < diagnosis->unread->len; i++) {
        const SipwhyUnread *unread = diagnosis->unread->pdata[i];
        if (is_read(diagnosis, unread->file))
            continue;
        json_builder_begin_object(json);
        add_text(json, "file", unread->file);
        add_text(json, "error", unread->text);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    write_built(out, json);
}

/* ---- tables ---- */

static void write_summary(GString *out, const SipwhyDiagnosis *diagnosis)
{
    JsonBuilder *json = json_builder_new();

    json_builder_begin_object(json);
    add_time(json, "start", diagnosis->first_time);
    add_time(json, "end", diagnosis->last_time);
    add_count(json, "cases", diagnosis->cases->len);
    add_count(json, "calls", diagnosis->calls);
    add_count(json, "exchanges", diagnosis->cases->len - diagnosis->calls);
    add_count(json, "responses", diagnosis->responses);
    add_terms(json, "by_outcome", SIPWHY_TERM_KIND_OUTCOME, diagnosis->outcomes,
              SIPWHY_OUTCOME_COUNT);
    add_terms(json, "by_severity", SIPWHY_TERM_KIND_SEVERITY, diagnosis->by_severity,
              SIPWHY_SEVERITY_COUNT);
    json_builder_end_object(json);
    write_built(out, json);
}

static void write_tallies(GString *out, const GPtrArray *tallies, bool are_codes,
                          SipwhyLanguage language)
{
    JsonBuilder *json = json_builder_new();

    json_builder_begin_array(json);
    for (unsigned i = 0; i < tallies->len; i++) {
        const SipwhyTally *tally = tallies->pdata[i];
        json_builder_begin_object(json);
        if (are_codes)
            add_number(json, "code", (unsigned)g_ascii_strtoull(tally->name, NULL, 10));
        else
            add_text(json, "id", tally->name);
        add_text(json, are_codes ? "phrase" : "label", sipwhy_tally_text(tally, language));
        add_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)tally->severity);
        add_count(json, "messages", tally->messages);
        add_count(json, "cases", tally->calls);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    write_built(out, json);
}

/* ---- cases ---- */

static void add_texts(JsonBuilder *json, const char *key, char *const *texts)
{
    begin_array(json, key);
    for (; texts && *texts; texts++) {
        char *valid = g_utf8_make_valid(*texts, -1);
        json_builder_add_string_value(json, valid);
        g_free(valid);
    }
    json_builder_end_array(json);
}

static void add_finding(JsonBuilder *json, const SipwhyRecordedFinding *finding)
{
    json_builder_begin_object(json);
    add_text(json, "id", finding->id);
    add_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)finding->severity);
    add_text(json, "category", finding->category);
    add_boolean(json, "inferred", finding->inferred);
    add_text(json, "title", finding->title);
    add_text(json, "text", finding->text);
    add_texts(json, "fixes", finding->fixes);
    add_number(json, "frame", finding->frame);
    begin_array(json, "evidence");
    for (unsigned i = 0; finding->evidence && i < finding->evidence->len; i++)
        json_builder_add_int_value(json, g_array_index(finding->evidence, uint32_t, i));
    json_builder_end_array(json);
    json_builder_end_object(json);
}

static void add_findings(JsonBuilder *json, const SipwhyCase *one)
{
    const SipwhyRecordedFinding *leading = one->call->leading;

    if (leading) {
        begin_object(json, "leading");
        add_text(json, "id", leading->id);
        add_number(json, "frame", leading->frame);
        json_builder_end_object(json);
    } else {
        add_string(json, "leading", NULL);
    }
    begin_array(json, "findings");
    for (unsigned i = 0; i < one->all->len; i++)
        add_finding(json, one->all->pdata[i]);
    json_builder_end_array(json);
}

static void add_local_entry(JsonBuilder *json, const SipwhyCaseLocal *local)
{
    const SipwhyRecordedLocal *entry = local->entry;

    json_builder_begin_object(json);
    add_text(json, "id", entry->id);
    add_text(json, "title", entry->title);
    add_texts(json, "text", entry->texts);
    add_texts(json, "fixes", entry->fixes);
    add_string(json, "severity", sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY, entry->severity));
    add_text(json, "url", entry->url);
    add_text(json, "file", entry->file);
    add_number(json, "frame", local->frame);
    json_builder_end_object(json);
}

static void add_local(JsonBuilder *json, const SipwhyCase *one)
{
    if (one->local->len == 0)
        return;
    begin_array(json, "local");
    for (unsigned i = 0; i < one->local->len; i++)
        add_local_entry(json, &g_array_index(one->local, SipwhyCaseLocal, i));
    json_builder_end_array(json);
}

/* The response that no finding explains, with what the table knows of its code. */
static void add_bare(JsonBuilder *json, const SipwhyCase *one, SipwhyLanguage language)
{
    const SipwhyRecordedMessage *bare = one->call->bare;
    SipwhyExplanation explanation = {0};

    if (!bare) {
        add_string(json, "bare", NULL);
        return;
    }
    sipwhy_explain(bare->code, language, &explanation);
    sipwhy_case_apply_local(bare, &explanation);
    begin_object(json, "bare");
    add_number(json, "frame", bare->frame);
    add_number(json, "code", bare->code);
    add_text(json, "phrase", bare->phrase);
    add_text(json, "method", bare->method);
    add_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)bare->severity);
    add_lines(json, "causes", explanation.causes);
    begin_array(json, "fixes");
    for (size_t i = 0; i < explanation.fixes.count; i++) {
        char *fix = sipwhy_fix_text(language, &explanation.fixes.fix[i]);
        json_builder_add_string_value(json, fix);
        g_free(fix);
    }
    json_builder_end_array(json);
    add_string(json, "reference", explanation.reference);
    add_string(json, "url", explanation.url);
    json_builder_end_object(json);
}

static void add_message(JsonBuilder *json, const SipwhyRecordedMessage *message)
{
    json_builder_begin_object(json);
    add_number(json, "frame", message->frame);
    add_time(json, "time", message->time);
    add_text(json, "method", message->method);
    if (message->is_response) {
        add_number(json, "code", message->code);
        add_text(json, "phrase", message->phrase);
    }
    add_text(json, "src", message->source);
    add_text(json, "dst", message->destination);
    add_text(json, "transport", message->transport);
    add_boolean(json, "quoted", message->quoted);
    add_boolean(json, "repeated", message->repeated);
    if (message->is_response && !message->quoted) {
        add_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)message->severity);
        add_text(json, "origin", message->origin);
        add_positive(json, "request_in", message->request_in);
    }
    json_builder_end_object(json);
}

static void add_messages(JsonBuilder *json, const GPtrArray *messages)
{
    begin_array(json, "messages");
    for (unsigned i = 0; i < messages->len; i++)
        add_message(json, messages->pdata[i]);
    json_builder_end_array(json);
}

static void add_parties(JsonBuilder *json, const SipwhyRecordedCall *call)
{
    add_text(json, "call_id", call->call_id);
    add_boolean(json, "is_call", call->is_call);
    add_text(json, "method", call->method);
    add_text(json, "from", call->from);
    add_text(json, "to", call->to);
    add_text(json, "client", call->client);
    add_text(json, "server", call->server);
    add_text(json, "agent", call->agent);
    add_text(json, "server_agent", call->server_agent);
}

static void add_delay(JsonBuilder *json, double seconds)
{
    json_builder_set_member_name(json, "pdd");
    if (seconds >= 0)
        json_builder_add_double_value(json, seconds);
    else
        json_builder_add_null_value(json);
}

static void add_result(JsonBuilder *json, const SipwhyCase *one, SipwhyLanguage language)
{
    const SipwhyRecordedCall *call = one->call;

    add_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)one->severity);
    add_taken(json, "verdict", sipwhy_case_verdict(one, language));
    add_string(json, "outcome", sipwhy_term_id(SIPWHY_TERM_KIND_OUTCOME, call->outcome));
    add_positive(json, "final_code", call->code);
    add_positive(json, "final_in", call->code_in);
    add_positive(json, "first_in", call->first_in);
    add_time(json, "start", sipwhy_case_start(one));
    add_time(json, "end", sipwhy_case_end(one));
    add_delay(json, call->pdd);
    add_taken(json, "fix", sipwhy_case_fix(one, language));
}

static void write_case(GString *out, const SipwhyCase *one, size_t number, SipwhyLanguage language)
{
    JsonBuilder *json = json_builder_new();

    json_builder_begin_object(json);
    add_count(json, "case", number);
    add_count(json, "kind", one->kind);
    add_text(json, "file", one->recording->file);
    add_parties(json, one->call);
    add_result(json, one, language);
    add_findings(json, one);
    add_local(json, one);
    add_bare(json, one, language);
    add_messages(json, one->call->messages);
    json_builder_end_object(json);
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
