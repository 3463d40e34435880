/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A verdict for machines: one object, whose schema is verdict.schema.json.
 */
#include <string.h>

#include "check/verdict.h"
#include "json.h"
#include "language.h"
#include "members.h"

/* A text that is not known to be UTF-8: a file's name. */
static void add_printable(JsonBuilder *json, const char *key, const char *text)
{
    char *shown = text ? sipwhy_printable_text(text, strlen(text)) : NULL;

    add_string(json, key, shown);
    g_free(shown);
}

static void add_captures(JsonBuilder *json, const GPtrArray *captures)
{
    begin_array(json, "captures");
    for (unsigned i = 0; i < captures->len; i++) {
        const SipwhyRecording *capture = captures->pdata[i];
        size_t calls = 0;
        for (unsigned j = 0; j < capture->calls->len; j++)
            calls += ((const SipwhyRecordedCall *)capture->calls->pdata[j])->is_call;
        json_builder_begin_object(json);
        add_printable(json, "file", capture->file);
        add_count(json, "packets", capture->packets);
        add_count(json, "messages", capture->messages->len);
        add_count(json, "calls", calls);
        add_printable(json, "filter", capture->filter);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void add_unchecked(JsonBuilder *json, const GPtrArray *list)
{
    begin_array(json, "unchecked");
    for (unsigned i = 0; i < list->len; i++) {
        const SipwhyUnchecked *unchecked = list->pdata[i];
        json_builder_begin_object(json);
        add_printable(json, "file", unchecked->file);
        add_printable(json, "text", unchecked->text);
        add_boolean(json, "fails", unchecked->fails);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static const char *state_id(SipwhyProblemState state)
{
    static const char *const ids[] = {[SIPWHY_PROBLEM_FAILS] = "fails",
                                      [SIPWHY_PROBLEM_TOLERATED] = "tolerated",
                                      [SIPWHY_PROBLEM_KNOWN] = "known"};
    return ids[state];
}

static void add_call(JsonBuilder *json, const SipwhyRecordedCall *call)
{
    add_string(json, "call_id", call ? call->call_id : NULL);
    add_string(json, "from", call ? call->from : NULL);
    add_string(json, "to", call ? call->to : NULL);
    if (call && call->outcome >= 0)
        add_term(json, "outcome", SIPWHY_TERM_KIND_OUTCOME, call->outcome);
    else
        add_string(json, "outcome", NULL);
}

static void add_fixes(JsonBuilder *json, char *const *fixes)
{
    begin_array(json, "fixes");
    for (; *fixes; fixes++)
        json_builder_add_string_value(json, *fixes);
    json_builder_end_array(json);
}

static void add_evidence(JsonBuilder *json, const GArray *evidence)
{
    begin_array(json, "evidence");
    for (unsigned i = 0; evidence && i < evidence->len; i++)
        json_builder_add_int_value(json, g_array_index(evidence, uint32_t, i));
    json_builder_end_array(json);
}

static void add_problem(JsonBuilder *json, const SipwhyProblem *problem)
{
    json_builder_begin_object(json);
    add_string(json, "rule", problem->rule);
    add_string(json, "state", state_id(problem->state));
    add_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)problem->severity);
    add_boolean(json, "denied", problem->denied);
    add_string(json, "because", problem->because);
    add_string(json, "decided_by", problem->decided_by ? problem->decided_by->name : NULL);
    add_string(json, "title", problem->title);
    add_string(json, "text", problem->text);
    add_fixes(json, problem->fixes);
    add_printable(json, "file", problem->recording->file);
    add_number(json, "frame", problem->frame);
    add_count(json, "also", problem->also);
    add_evidence(json, problem->evidence);
    add_string(json, "method", problem->method);
    add_positive(json, "code", problem->code);
    add_call(json, problem->call);
    add_string(json, "fingerprint", problem->fingerprint);
    json_builder_end_object(json);
}

static void add_problems(JsonBuilder *json, const GPtrArray *problems)
{
    begin_array(json, "problems");
    for (unsigned i = 0; i < problems->len; i++)
        add_problem(json, problems->pdata[i]);
    json_builder_end_array(json);
}

static void add_expectations(JsonBuilder *json, const GPtrArray *expectations)
{
    begin_array(json, "expectations");
    for (unsigned i = 0; i < expectations->len; i++) {
        const SipwhyExpectation *expectation = expectations->pdata[i];
        json_builder_begin_object(json);
        add_string(json, "id", expectation->id);
        add_boolean(json, "met", expectation->met);
        add_string(json, "text", expectation->text);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void add_expired(JsonBuilder *json, const GPtrArray *expired)
{
    begin_array(json, "expired");
    for (unsigned i = 0; i < expired->len; i++) {
        const SipwhyPolicyRule *rule = expired->pdata[i];
        char *day = sipwhy_policy_day(rule);
        json_builder_begin_object(json);
        add_string(json, "name", rule->name);
        add_string(json, "until", day);
        add_string(json, "reason", rule->reason);
        json_builder_end_object(json);
        g_free(day);
    }
    json_builder_end_array(json);
}

void sipwhy_verdict_json(GString *out, const SipwhyVerdict *verdict, SipwhyLanguage language)
{
    JsonBuilder *json = json_builder_new();

    json_builder_begin_object(json);
    add_string(json, "type", "verdict");
    add_boolean(json, "passed", verdict->passed);
    add_count(json, "calls", verdict->calls);
    add_count(json, "responses", verdict->responses);
    add_count(json, "failing", verdict->failing);
    add_captures(json, verdict->captures);
    add_unchecked(json, verdict->unchecked);
    add_problems(json, verdict->problems);
    add_expectations(json, verdict->expectations);
    add_expired(json, verdict->expired);
    add_string(json, "language", sipwhy_language_id(language));
    add_string(json, "version", SIPWHY_VERSION);
    json_builder_end_object(json);
    char *text = sipwhy_json_text(json);
    g_string_append(out, text);
    g_free(text);
    g_object_unref(json);
}
