/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * verdict.h's reports for CI systems: JUnit, SARIF, GitHub's commands. The verdict is written down
 * here, with all that is hostile in it.
 *
 * test-verdict-reports --write FOLDER puts the reports into a folder, for the check against their
 * schemas.
 */
#include "check/verdict.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "language.h"
#include "report/machine.h"

/* Markup, quotes, a control character, what XML forbids, what reorders text, no UTF-8, and what
 * would be a command, a link, a placeholder. */
#define HOSTILE "<b>&\"'%\x01\x1b[31m\xef\xbf\xbf\xe2\x80\xae\xff\r\n::error::x]](http://x){0}"
#define TIME G_GINT64_CONSTANT(1768467600123456) /* 2026-01-15 09:00:00.123456 */

enum { CALLS = 6, PROBLEMS = 7, MANY = 30 };

typedef struct {
    SipwhyRecordedMessage messages[2];
    SipwhyRecordedCall calls[CALLS];
    SipwhyRecording recordings[2];
    SipwhyProblem problems[PROBLEMS + MANY];
    SipwhyUnchecked unchecked[2];
    SipwhyExpectation expectations[2];
    SipwhyPolicyRule rule;
    GArray *evidence;
    GPtrArray *captures;
    SipwhyVerdict verdict;
} Kit;

static SipwhyLanguage french(void)
{
    SipwhyLanguage language = 0;

    g_assert_true(sipwhy_language_find("fr", &language));
    return language;
}

static char *fixes[] = {(char *)"Caller: Offer PCMA.", (char *)"Callee: " HOSTILE, NULL};

static SipwhyProblem problem(const char *rule, const char *title, const SipwhyRecording *recording,
                             const SipwhyRecordedCall *call, uint32_t frame)
{
    return (SipwhyProblem){.rule = rule,
                           .severity = SIPWHY_SEVERITY_WARN,
                           .title = (char *)title,
                           .text = (char *)"The two lists have nothing in common.",
                           .fixes = fixes,
                           .recording = recording,
                           .call = call,
                           .method = "INVITE",
                           .code = 488,
                           .frame = frame,
                           .fingerprint = (char *)"0123456789abcdef"};
}

static void fill_captures(Kit *kit)
{
    static const char *const names[] = {"captures/b\xc3\xbcro a&b%:\"<x>\xff.pcap", "-"};
    static const SipwhyRecordedCall calls[CALLS] = {
        {.call_id = "1@192.0.2.1",
         .is_call = true,
         .method = "INVITE",
         .from = "sip:a@example.com",
         .to = "sips:b@example.org"},
        {.call_id = HOSTILE,
         .is_call = true,
         .method = "INVITE",
         .from = HOSTILE,
         .to = HOSTILE "x"},
        {.call_id = "fine", .is_call = true, .method = "INVITE", .from = "sip:a@x", .to = NULL},
        {.call_id = "register", .method = "REGISTER", .from = "sip:a@x", .to = "sip:a@x"},
        {.call_id = "forbidden", .method = NULL, .from = NULL, .to = "sip:c@x"},
        {.call_id = "on stdin",
         .is_call = true,
         .method = "INVITE",
         .from = "tel:1",
         .to = "tel:2"},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(kit->messages); i++)
        kit->messages[i].time = TIME + (int64_t)i * 2500000;
    memcpy(kit->calls, calls, sizeof calls);
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        SipwhyRecording *recording = &kit->recordings[i];
        recording->file = names[i];
        recording->version = "1.0";
        recording->calls = g_ptr_array_new();
        recording->messages = g_ptr_array_new();
        g_ptr_array_add(kit->captures, recording);
    }
    kit->recordings[0].filter = HOSTILE;
    for (unsigned i = 0; i < CALLS; i++) {
        kit->calls[i].messages = g_ptr_array_new();
        g_ptr_array_add(kit->recordings[i == CALLS - 1].calls, &kit->calls[i]);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(kit->messages); i++) {
        g_ptr_array_add(kit->recordings[0].messages, &kit->messages[i]);
        g_ptr_array_add(kit->calls[0].messages, &kit->messages[i]);
    }
}

static void fill_problems(Kit *kit)
{
    const SipwhyRecording *file = &kit->recordings[0];
    SipwhyProblem *problems = kit->problems;

    problems[0] = problem("code-488", "488 Not Acceptable Here", file, &kit->calls[0], 4);
    problems[1] = problem("no-common-codec", "no codec in common", file, &kit->calls[0], 3);
    problems[1].severity = SIPWHY_SEVERITY_ERROR;
    problems[1].evidence = kit->evidence;
    problems[1].also = 2;
    problems[2] = problem("no-such-finding", HOSTILE, file, &kit->calls[1], 5);
    problems[2].text = (char *)HOSTILE;
    problems[3] = problem("code-401", "401 Unauthorized", file, &kit->calls[3], 6);
    problems[3].state = SIPWHY_PROBLEM_TOLERATED;
    problems[3].because = "JIRA-1, \xe2\x82\xac <" HOSTILE ">";
    problems[4] = problem("code-603", "603 Decline", file, &kit->calls[4], 7);
    problems[4].severity = SIPWHY_SEVERITY_CHAT;
    problems[4].denied = true;
    problems[4].because = "no refusals";
    problems[5] = problem("no-common-codec", "no codec in common", file, NULL, 8);
    problems[6] = problem("code-999", "999", &kit->recordings[1], &kit->calls[5], 1);
    problems[6].state = SIPWHY_PROBLEM_KNOWN;
    for (unsigned i = PROBLEMS; i < PROBLEMS + MANY; i++)
        problems[i] = problem("code-486", "486 Busy Here", file, &kit->calls[1], i);
    for (unsigned i = 0; i < PROBLEMS + MANY; i++)
        g_ptr_array_add(kit->verdict.problems, &problems[i]);
}

static Kit *kit_new(void)
{
    Kit *kit = g_new0(Kit, 1);
    const uint32_t frames[] = {1, 3};

    kit->evidence = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_array_append_vals(kit->evidence, frames, G_N_ELEMENTS(frames));
    kit->captures = g_ptr_array_new();
    kit->verdict.captures = kit->captures;
    kit->verdict.problems = g_ptr_array_new();
    kit->verdict.unchecked = g_ptr_array_new();
    kit->verdict.expectations = g_ptr_array_new();
    kit->verdict.expired = g_ptr_array_new();
    return kit;
}

static Kit *kit_full(void)
{
    Kit *kit = kit_new();

    fill_captures(kit);
    fill_problems(kit);
    kit->unchecked[0] =
        (SipwhyUnchecked){"cut\n.pcap", (char *)"cut off in the middle: " HOSTILE, false};
    kit->unchecked[1] =
        (SipwhyUnchecked){"/tmp/no sip.pcap", (char *)"there is no SIP in it", true};
    kit->expectations[0] =
        (SipwhyExpectation){"calls-least", false, (char *)"10 calls, 6 came" HOSTILE};
    kit->expectations[1] =
        (SipwhyExpectation){"pdd-p95-most", true, (char *)"at most 3 s, 1 s came"};
    kit->rule = (SipwhyPolicyRule){.name = (char *)"old \"" HOSTILE, .until = TIME};
    for (unsigned i = 0; i < 2; i++) {
        g_ptr_array_add(kit->verdict.unchecked, &kit->unchecked[i]);
        g_ptr_array_add(kit->verdict.expectations, &kit->expectations[i]);
    }
    g_ptr_array_add(kit->verdict.expired, &kit->rule);
    kit->verdict.calls = CALLS;
    kit->verdict.failing = 5 + MANY;
    return kit;
}

/* One capture with one good call. */
static Kit *kit_fine(void)
{
    Kit *kit = kit_new();

    fill_captures(kit);
    g_ptr_array_set_size(kit->captures, 1);
    kit->verdict.calls = CALLS - 1;
    kit->verdict.passed = true;
    return kit;
}

static void kit_free(Kit *kit)
{
    for (unsigned i = 0; i < CALLS; i++)
        if (kit->calls[i].messages)
            g_ptr_array_free(kit->calls[i].messages, TRUE);
    for (unsigned i = 0; i < G_N_ELEMENTS(kit->recordings); i++) {
        if (kit->recordings[i].calls)
            g_ptr_array_free(kit->recordings[i].calls, TRUE);
        if (kit->recordings[i].messages)
            g_ptr_array_free(kit->recordings[i].messages, TRUE);
    }
    g_ptr_array_free(kit->verdict.problems, TRUE);
    g_ptr_array_free(kit->verdict.unchecked, TRUE);
    g_ptr_array_free(kit->verdict.expectations, TRUE);
    g_ptr_array_free(kit->verdict.expired, TRUE);
    g_ptr_array_free(kit->captures, TRUE);
    g_array_free(kit->evidence, TRUE);
    g_free(kit);
}

static const struct {
    const char *name;
    Kit *(*make)(void);
} kits[] = {{"full", kit_full}, {"fine", kit_fine}, {"empty", kit_new}};

/* The report of a kit, which must be UTF-8, end with a newline, and be the same every time. */
static char *report(Kit *(*make)(void), SipwhyVerdictWriter writer, SipwhyLanguage language)
{
    Kit *kit = make();
    GString *out = g_string_new(NULL);
    GString *again = g_string_new(NULL);

    writer(out, &kit->verdict, language);
    kit_free(kit);
    kit = make();
    writer(again, &kit->verdict, language);
    kit_free(kit);
    g_assert_cmpstr(out->str, ==, again->str);
    g_assert_true(g_utf8_validate(out->str, (gssize)out->len, NULL));
    g_assert_true(g_str_has_suffix(out->str, "\n"));
    g_assert_null(strstr(out->str, "\xe2\x80\xae"));
    g_string_free(again, TRUE);
    return g_string_free(out, FALSE);
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        g_error("there is no \"%s\" in\n%s", part, text);
}

/* ---- JUnit ---- */

typedef struct {
    unsigned suites;
    unsigned cases;
    unsigned counted[3]; /* failures, errors, skipped of the suite's attributes */
    unsigned seen[3];
    unsigned tests;
    unsigned depth;
    GHashTable *names; /* of cases in this suite */
} Junit;

static const char *const counters[] = {"failures", "errors", "skipped"};
static const char *const elements[] = {"failure", "error", "skipped"};

static unsigned number_of(const char **names, const char **values, const char *name)
{
    for (; *names; names++, values++)
        if (strcmp(*names, name) == 0)
            return (unsigned)g_ascii_strtoull(*values, NULL, 10);
    g_error("there is no attribute %s", name);
    return 0;
}

static const char *value_of(const char **names, const char **values, const char *name)
{
    for (; *names; names++, values++)
        if (strcmp(*names, name) == 0)
            return *values;
    g_error("there is no attribute %s", name);
    return NULL;
}

static void on_start(GMarkupParseContext *context, const char *element, const char **names,
                     const char **values, void *data, GError **error)
{
    Junit *junit = data;

    (void)context;
    (void)error;
    if (strcmp(element, "testsuite") == 0) {
        junit->suites++;
        junit->tests = number_of(names, values, "tests");
        for (unsigned i = 0; i < 3; i++) {
            junit->counted[i] = number_of(names, values, counters[i]);
            junit->seen[i] = 0;
        }
        junit->cases = 0;
        g_hash_table_remove_all(junit->names);
        g_assert_true(
            g_regex_match_simple("^[0-9]+\\.[0-9]{3}$", value_of(names, values, "time"), 0, 0));
    }
    if (strcmp(element, "testcase") == 0) {
        junit->cases++; /* GitLab knows a test by its name */
        g_assert_true(g_hash_table_add(junit->names, g_strdup(value_of(names, values, "name"))));
    }
    for (unsigned i = 0; i < 3; i++)
        junit->seen[i] += strcmp(element, elements[i]) == 0;
}

static void on_end(GMarkupParseContext *context, const char *element, void *data, GError **error)
{
    Junit *junit = data;

    (void)context;
    (void)error;
    if (strcmp(element, "testsuite") != 0)
        return;
    g_assert_cmpuint(junit->tests, ==, junit->cases);
    for (unsigned i = 0; i < 3; i++)
        g_assert_cmpuint(junit->counted[i], ==, junit->seen[i]);
}

static void assert_junit(const char *xml, unsigned suites)
{
    static const GMarkupParser parser = {.start_element = on_start, .end_element = on_end};
    Junit junit = {.names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, &junit, NULL);
    GError *error = NULL;

    g_markup_parse_context_parse(context, xml, -1, &error);
    g_assert_no_error(error);
    g_assert_true(g_markup_parse_context_end_parse(context, &error));
    g_assert_cmpuint(junit.suites, ==, suites);
    for (const char *c = xml; *c; c++)
        g_assert_true((unsigned char)*c >= 0x20 || *c == '\n');
    g_assert_null(strstr(xml, "\xef\xbf\xbf"));
    g_assert_null(strstr(xml, "&#x1;"));
    g_hash_table_destroy(junit.names);
    g_markup_parse_context_free(context);
}

static void test_junit(void)
{
    char *xml = report(kit_full, sipwhy_verdict_junit, 0);

    assert_junit(xml, 5);
    assert_has(xml, "name=\"INVITE a@example.com to b@example.org (Call-ID 1@192.0.2.1)\"");
    assert_has(xml, "name=\"REGISTER a@x (Call-ID register)\"");
    assert_has(xml, "name=\"INVITE a@x to ? (Call-ID fine)\"");
    assert_has(xml,
               "<failure type=\"no-common-codec\" message=\"no codec in common, and 1 more\">");
    assert_has(xml, "Frame 3 of captures/b\xc3\xbcro a&amp;b%:&quot;&lt;x&gt;\xef\xbf\xbd.pcap "
                    "(evidence: 1, 3)\n");
    assert_has(xml, "Caller: Offer PCMA.\n");
    assert_has(xml, "<skipped type=\"code-401\" message=\"401 Unauthorized - Tolerated by");
    assert_has(xml, "<error type=\"unchecked\"");
    assert_has(xml, "timestamp=\"2026-01-15T09:00:00\"");
    assert_has(xml, "time=\"2.500\"");
    assert_has(xml, "classname=\"standard input\"");
    assert_has(xml, "<failure type=\"calls-least\"");
    g_free(xml);
    xml = report(kit_fine, sipwhy_verdict_junit, 0);
    assert_junit(xml, 1);
    g_free(xml);
    xml = report(kit_new, sipwhy_verdict_junit, 0);
    assert_junit(xml, 0);
    g_free(xml);
    xml = report(kit_full, sipwhy_verdict_junit, french());
    assert_junit(xml, 5);
    g_free(xml);
}

/* ---- SARIF ---- */

static JsonObject *only_run(JsonNode *root)
{
    JsonArray *runs = json_object_get_array_member(json_node_get_object(root), "runs");

    g_assert_cmpuint(json_array_get_length(runs), ==, 1);
    return json_array_get_object_element(runs, 0);
}

static JsonArray *rules_of(JsonObject *run)
{
    JsonObject *tool = json_object_get_object_member(run, "tool");

    return json_object_get_array_member(json_object_get_object_member(tool, "driver"), "rules");
}

static JsonNode *parse_sarif(Kit *(*make)(void), SipwhyLanguage language)
{
    GError *error = NULL;
    char *text = report(make, sipwhy_verdict_sarif, language);
    JsonNode *root = json_from_string(text, &error);

    g_assert_no_error(error);
    g_free(text);
    return root;
}

static const char *text_of(JsonObject *object, const char *key)
{
    return json_object_get_string_member(json_object_get_object_member(object, key), "text");
}

/* What code scanning requires: a level, a text, a place, a fingerprint, and a rule with all of its
 * texts, in their lengths. */
static void assert_result(JsonObject *run, JsonObject *result)
{
    JsonArray *rules = rules_of(run);
    const gint64 index = json_object_get_int_member(result, "ruleIndex");
    JsonObject *rule = json_array_get_object_element(rules, (guint)index);
    JsonArray *locations = json_object_get_array_member(result, "locations");
    JsonObject *place = json_array_get_object_element(locations, 0);
    JsonObject *artifact = json_object_get_object_member(
        json_object_get_object_member(place, "physicalLocation"), "artifactLocation");
    const char *uri = json_object_get_string_member(artifact, "uri");
    JsonObject *named = json_object_get_object_member(
        json_array_get_object_element(json_object_get_array_member(run, "artifacts"),
                                      (guint)json_object_get_int_member(artifact, "index")),
        "location");

    g_assert_cmpstr(json_object_get_string_member(result, "ruleId"), ==,
                    json_object_get_string_member(rule, "id"));
    g_assert_cmpuint(strlen(text_of(result, "message")), >, 0);
    g_assert_null(strstr(text_of(result, "message"), "]("));
    g_assert_cmpstr(uri, ==, json_object_get_string_member(named, "uri"));
    g_assert_true(g_regex_match_simple("^[A-Za-z0-9._~%/:-]+$", uri, 0, 0));
    g_assert_true(json_object_has_member(
        json_object_get_object_member(result, "partialFingerprints"), "sipwhy/v1"));
}

static void assert_rule(JsonObject *rule)
{
    g_test_message("%s", json_object_get_string_member(rule, "id"));
    g_assert_cmpuint(strlen(text_of(rule, "shortDescription")), >, 0);
    g_assert_cmpuint(strlen(text_of(rule, "shortDescription")), <=, 1024);
    g_assert_cmpuint(strlen(text_of(rule, "fullDescription")), >, 0);
    g_assert_cmpuint(strlen(text_of(rule, "fullDescription")), <=, 1024);
    g_assert_cmpuint(strlen(text_of(rule, "help")), >, 0);
    g_assert_null(strpbrk(text_of(rule, "help"), "{}"));
}

static void test_sarif(void)
{
    static const char *const uris[] = {"captures/b%C3%BCro%20a%26b%25%3A%22%3Cx%3E%FF.pcap", "-",
                                       "/tmp/no%20sip.pcap"};
    JsonNode *root = parse_sarif(kit_full, 0);
    JsonObject *run = only_run(root);
    JsonArray *results = json_object_get_array_member(run, "results");
    unsigned suppressed = 0;
    GHashTable *lines = g_hash_table_new(g_str_hash, g_str_equal);

    g_assert_cmpuint(json_array_get_length(results), ==, PROBLEMS + MANY + 2);
    for (guint i = 0; i < json_array_get_length(results); i++) {
        JsonObject *result = json_array_get_object_element(results, i);
        JsonObject *prints = json_object_get_object_member(result, "partialFingerprints");
        assert_result(run, result);
        if (json_object_has_member(result, "suppressions"))
            suppressed++;
        /* two of the same capture never have the same */
        char *line = (char *)json_object_get_string_member(prints, "primaryLocationLineHash");
        if (i != 6)
            g_assert_true(g_hash_table_add(lines, line));
    }
    g_assert_cmpuint(suppressed, ==, 2);
    g_hash_table_destroy(lines);
    JsonArray *artifacts = json_object_get_array_member(run, "artifacts");
    for (guint i = 0; i < 2; i++) {
        JsonObject *artifact = json_array_get_object_element(artifacts, i);
        JsonObject *location = json_object_get_object_member(artifact, "location");
        g_assert_cmpstr(json_object_get_string_member(location, "uri"), ==, uris[i]);
    }
    JsonArray *rules = rules_of(run);
    for (guint i = 0; i < json_array_get_length(rules); i++)
        assert_rule(json_array_get_object_element(rules, i));
    JsonObject *invocation =
        json_array_get_object_element(json_object_get_array_member(run, "invocations"), 0);
    g_assert_false(json_object_get_boolean_member(invocation, "executionSuccessful"));
    json_node_unref(root);
}

static void test_sarif_levels(void)
{
    static const char *const levels[] = {"warning", "error",   "warning", "warning",
                                         "error",   "warning", "warning"};
    JsonNode *root = parse_sarif(kit_full, 0);
    JsonArray *results = json_object_get_array_member(only_run(root), "results");

    for (guint i = 0; i < PROBLEMS; i++)
        g_assert_cmpstr(
            json_object_get_string_member(json_array_get_object_element(results, i), "level"), ==,
            levels[i]);
    JsonObject *first = json_array_get_object_element(results, 1);
    JsonObject *properties = json_object_get_object_member(first, "properties");
    g_assert_cmpint(json_object_get_int_member(properties, "frame"), ==, 3);
    g_assert_cmpuint(json_array_get_length(json_object_get_array_member(properties, "evidence")),
                     ==, 2);
    JsonObject *place =
        json_array_get_object_element(json_object_get_array_member(first, "locations"), 0);
    JsonObject *call =
        json_array_get_object_element(json_object_get_array_member(place, "logicalLocations"), 0);
    g_assert_cmpstr(json_object_get_string_member(call, "fullyQualifiedName"), ==, "1@192.0.2.1");
    json_node_unref(root);
}

/* Every rule that there can be, in each language. */
static Kit *kit_rules(void)
{
    Kit *kit = kit_new();

    fill_captures(kit);
    return kit;
}

static void assert_all_rules(SipwhyLanguage language)
{
    Kit *kit = kit_rules();
    GPtrArray *owned = g_ptr_array_new_with_free_func(g_free);

    for (unsigned code = 300; code < 700; code++)
        g_ptr_array_add(owned, g_strdup_printf("code-%u", code));
    for (int id = 0; id < SIPWHY_FINDING_COUNT; id++)
        g_ptr_array_add(owned, g_strdup(sipwhy_finding_facts((SipwhyFindingId)id)->id));
    SipwhyProblem *problems = g_new(SipwhyProblem, owned->len);
    for (unsigned i = 0; i < owned->len; i++) {
        problems[i] = problem(owned->pdata[i], "title", &kit->recordings[0], NULL, i + 1);
        g_ptr_array_add(kit->verdict.problems, &problems[i]);
    }
    GString *out = g_string_new(NULL);
    sipwhy_verdict_sarif(out, &kit->verdict, language);
    JsonNode *root = json_from_string(out->str, NULL);
    JsonArray *rules = rules_of(only_run(root));
    g_assert_cmpuint(json_array_get_length(rules), ==, owned->len);
    for (guint i = 0; i < json_array_get_length(rules); i++) {
        JsonObject *rule = json_array_get_object_element(rules, i);
        assert_rule(rule);
        g_assert_true(
            json_object_has_member(json_object_get_object_member(rule, "help"), "markdown"));
        g_assert_true(g_str_has_prefix(json_object_get_string_member(rule, "helpUri"), "https://"));
    }
    json_node_unref(root);
    g_string_free(out, TRUE);
    g_free(problems);
    g_ptr_array_free(owned, TRUE);
    kit_free(kit);
}

static void test_sarif_rules(void)
{
    assert_all_rules(0);
    assert_all_rules(french());
}

/* More than code scanning takes: the gravest, and how many are missing. */
static void test_sarif_most(void)
{
    enum { MOST = 25000, GRAVE = 10 };
    Kit *kit = kit_full();
    SipwhyProblem *problems = g_new(SipwhyProblem, MOST);

    for (unsigned i = 0; i < MOST; i++) {
        problems[i] = problem("code-486", "486 Busy Here", &kit->recordings[0], NULL, i);
        problems[i].fixes = NULL;
        if (i >= MOST - GRAVE)
            problems[i].severity = SIPWHY_SEVERITY_ERROR;
        g_ptr_array_add(kit->verdict.problems, &problems[i]);
    }
    GString *out = g_string_new(NULL);
    sipwhy_verdict_sarif(out, &kit->verdict, 0);
    JsonNode *root = json_from_string(out->str, NULL);
    JsonObject *run = only_run(root);
    JsonArray *results = json_object_get_array_member(run, "results");
    unsigned grave = 0;
    g_assert_cmpuint(json_array_get_length(results), ==, MOST);
    for (guint i = 0; i < MOST; i++) {
        JsonObject *result = json_array_get_object_element(results, i);
        grave += strcmp(json_object_get_string_member(result, "level"), "error") == 0;
        g_assert_false(json_object_has_member(result, "suppressions"));
    }
    /* two problems and two failures of the kit */
    g_assert_cmpuint(grave, ==, GRAVE + 4);
    JsonObject *invocation =
        json_array_get_object_element(json_object_get_array_member(run, "invocations"), 0);
    JsonArray *notices = json_object_get_array_member(invocation, "toolExecutionNotifications");
    JsonObject *last = json_array_get_object_element(notices, json_array_get_length(notices) - 1);
    g_assert_cmpstr(
        json_object_get_string_member(json_object_get_object_member(last, "descriptor"), "id"), ==,
        "left-out");
    assert_has(text_of(last, "message"), "and 39 are left out");
    json_node_unref(root);
    g_string_free(out, TRUE);
    g_free(problems);
    kit_free(kit);
}

/* ---- GitHub ---- */

/* Each line but the last is a command, and what stands in it cannot end it. */
static void assert_commands(const char *text, const char *expected)
{
    char **lines = g_strsplit(text, "\n", -1);
    const unsigned count = g_strv_length(lines); /* with an empty one behind the last newline */
    GString *kinds = g_string_new(NULL);

    for (unsigned i = 0; i + 2 < count; i++) {
        g_assert_true(g_regex_match_simple("^::(error|warning|notice)"
                                           "( (file|title)=[^:,\r]+(,title=[^:,\r]+)?)?::[^\r]+$",
                                           lines[i], 0, 0));
        g_string_append_c(kinds, lines[i][2]);
    }
    g_assert_cmpstr(kinds->str, ==, expected);
    g_assert_true(g_str_has_prefix(lines[count - 2], "sipwhy"));
    g_string_free(kinds, TRUE);
    g_strfreev(lines);
}

static void test_github(void)
{
    char *text = report(kit_full, sipwhy_verdict_github, 0);

    /* 2 unchecked, 1 expectation, 6 kinds of trouble; a rule that ran out; 2 that do not fail */
    assert_commands(text, "eeeeeeeeewnn");
    assert_has(text, "::error file=cut%0A.pcap,title=Capture not checked::cut off in the middle");
    assert_has(text,
               "%25%3A\"<x>\xef\xbf\xbd.pcap,title=no codec in common [no-common-codec]::The");
    assert_has(text, "::notice title=999 [code-999]::"); /* from standard input */
    assert_has(text, "%0ACaller: Offer PCMA.%0A");
    assert_has(text, "%0AFurther places of it in this capture: 29.\n");
    assert_has(text, "Problems that fail: 35; tolerated: 1; known: 1. Calls: 6, captures: 2.");
    g_assert_null(strstr(text, "\n::error::x"));
    /* worst first: an error, and what the policy denies, before the warnings */
    g_assert_true(strstr(text, "[code-603]") < strstr(text, "[code-488]"));
    g_assert_true(strstr(text, "[code-486]") < strstr(text, "[code-488]")); /* the most frequent */
    g_free(text);
    text = report(kit_fine, sipwhy_verdict_github, 0);
    assert_commands(text, "");
    g_free(text);
    text = report(kit_full, sipwhy_verdict_github, french());
    assert_commands(text, "eeeeeeeeewnn");
    g_free(text);
}

static int write_reports(const char *folder)
{
    static const struct {
        const char *suffix;
        SipwhyVerdictWriter writer;
    } formats[] = {{"xml", sipwhy_verdict_junit}, {"sarif", sipwhy_verdict_sarif}};

    for (unsigned i = 0; i < G_N_ELEMENTS(kits) * G_N_ELEMENTS(formats) * 2; i++) {
        const unsigned kit = i / 4;
        const unsigned format = i / 2 % 2;
        const SipwhyLanguage language = i % 2 ? french() : 0;
        char *text = report(kits[kit].make, formats[format].writer, language);
        char *file = g_strdup_printf("%s/%s-%s.%s", folder, kits[kit].name,
                                     sipwhy_language_id(language), formats[format].suffix);
        GError *error = NULL;
        g_file_set_contents(file, text, -1, &error);
        g_assert_no_error(error);
        g_free(file);
        g_free(text);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--write") == 0)
        return write_reports(argv[2]);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/verdict-reports/junit", test_junit);
    g_test_add_func("/verdict-reports/sarif", test_sarif);
    g_test_add_func("/verdict-reports/sarif-levels", test_sarif_levels);
    g_test_add_func("/verdict-reports/sarif-rules", test_sarif_rules);
    g_test_add_func("/verdict-reports/sarif-most", test_sarif_most);
    g_test_add_func("/verdict-reports/github", test_github);
    return g_test_run();
}
