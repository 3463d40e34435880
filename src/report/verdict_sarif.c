/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A verdict as SARIF 2.1.0 (OASIS), as GitHub's code scanning and others read it.
 *
 * The tool's rules are those that have a result; what is said of them is sipwhy's knowledge. A
 * capture has no lines: its region is the first one, because code scanning wants one, and the frame
 * stands in the properties. Problems that are tolerated or known are suppressed. Code scanning
 * takes no file with more than so many results: then the gravest are written, and how many are not.
 */
#include "check/verdict.h"

#include <string.h>

#include "explain.h"
#include "json.h"
#include "language.h"
#include "machine.h"
#include "members.h"
#include "render.h"
#include "words.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"
#define RFC_EDITOR "https://www.rfc-editor.org/rfc/"

/* Of the level that a rule has by itself. */
static const char *const levels[] = {
    [SIPWHY_SEVERITY_CHAT] = "note",
    [SIPWHY_SEVERITY_NOTE] = "note",
    [SIPWHY_SEVERITY_WARN] = "warning",
    [SIPWHY_SEVERITY_ERROR] = "error",
};

/* What GitHub calls it. */
static const char *const github_severities[] = {
    [SIPWHY_SEVERITY_CHAT] = "recommendation",
    [SIPWHY_SEVERITY_NOTE] = "recommendation",
    [SIPWHY_SEVERITY_WARN] = "warning",
    [SIPWHY_SEVERITY_ERROR] = "error",
};

/* What GitHub takes of a run. */
enum { RESULTS_MOST = 25000 };

/* What is written first when there are more: the higher. */
enum {
    RANK_SUPPRESSED,
    RANK_PROBLEM, /* and its gravity */
    RANK_FAILURE = RANK_PROBLEM + SIPWHY_SEVERITY_COUNT,
    RANKS
};

typedef struct {
    JsonBuilder *json;
    const SipwhyVerdict *verdict;
    SipwhyLanguage language;
    GPtrArray *rules;        /* char *: their ids, in the order of their first results */
    GHashTable *rule_index;  /* id -> index + 1 */
    GPtrArray *artifacts;    /* char *: names of captures */
    GHashTable *file_index;  /* name -> index + 1 */
    GHashTable *occurrences; /* fingerprint -> how often it was written */
    size_t places[RANKS];    /* results that are still to be written */
    size_t left_out;
} Writer;

/* ---- JSON ---- */

/* In a message (SARIF 3.11) braces begin a placeholder, and "[text](address)" is a link: neither
 * may come from a packet. */
static char *message_text(const char *text)
{
    GString *out = g_string_new(NULL);

    for (const char *c = text; *c; c++) {
        if (*c == '{' || *c == '}')
            g_string_append_c(out, *c);
        g_string_append_c(out, *c);
        if (c[0] == ']' && c[1] == '(')
            g_string_append_c(out, ' ');
    }
    return g_string_free(out, FALSE);
}

/* {"text": ...}; takes the text */
static void add_message(JsonBuilder *json, const char *key, char *text)
{
    char *escaped = message_text(text);

    begin_object(json, key);
    add_string(json, "text", escaped);
    json_builder_end_object(json);
    g_free(escaped);
    g_free(text);
}

/* ---- captures ---- */

/* A relative reference to a file, or a URI of one with an absolute path (RFC 3986). */
static char *file_uri(const char *file)
{
    char *escaped = g_uri_escape_bytes((const guint8 *)file, strlen(file), "/");
    char *uri;

    if (g_str_has_prefix(escaped, "/"))
        uri = g_strconcat("file://", escaped, NULL);
    else if (g_str_has_prefix(escaped, "./") && strspn(escaped + 2, "/") == 0 && escaped[2])
        uri = g_strdup(escaped + 2);
    else
        uri = g_strdup(escaped);
    g_free(escaped);
    return uri;
}

static unsigned index_of(GHashTable *index, GPtrArray *list, const char *name)
{
    unsigned place = GPOINTER_TO_UINT(g_hash_table_lookup(index, name));

    if (place == 0) {
        char *copy = g_strdup(name);
        g_ptr_array_add(list, copy);
        place = list->len;
        g_hash_table_insert(index, copy, GUINT_TO_POINTER(place));
    }
    return place - 1;
}

static void add_artifact_location(Writer *writer, const char *key, const char *file, bool indexed)
{
    JsonBuilder *json = writer->json;
    char *uri = file_uri(file);

    begin_object(json, key);
    add_string(json, "uri", uri);
    if (indexed)
        add_number(json, "index", index_of(writer->file_index, writer->artifacts, file));
    if (strcmp(file, "-") == 0)
        add_message(json, "description", sipwhy_machine_file(file, writer->language));
    json_builder_end_object(json);
    g_free(uri);
}

static void add_physical_location(Writer *writer, const char *file)
{
    JsonBuilder *json = writer->json;

    begin_object(json, "physicalLocation");
    add_artifact_location(writer, "artifactLocation", file, true);
    begin_object(json, "region");
    add_number(json, "startLine", 1);
    add_number(json, "startColumn", 1);
    add_number(json, "endLine", 1);
    add_number(json, "endColumn", 1);
    json_builder_end_object(json);
    json_builder_end_object(json);
}

/* "locations": the capture, and the call in it, which may be NULL. */
static void add_locations(Writer *writer, const char *file, const SipwhyRecordedCall *call)
{
    JsonBuilder *json = writer->json;
    char *id = sipwhy_machine_call_id(call);

    begin_array(json, "locations");
    begin_object(json, NULL);
    add_physical_location(writer, file);
    if (call && id) {
        char *name = sipwhy_machine_call(call, writer->language);
        begin_array(json, "logicalLocations");
        begin_object(json, NULL);
        add_string(json, "name", id);
        add_string(json, "fullyQualifiedName", id);
        add_string(json, "decoratedName", name);
        add_string(json, "kind", call->is_call ? "call" : "exchange");
        json_builder_end_object(json);
        json_builder_end_array(json);
        g_free(name);
    }
    json_builder_end_object(json);
    json_builder_end_array(json);
    g_free(id);
}

/* ---- results ---- */

static void add_rule_reference(Writer *writer, const char *rule)
{
    add_string(writer->json, "ruleId", rule);
    add_number(writer->json, "ruleIndex", index_of(writer->rule_index, writer->rules, rule));
}

/* The second is the only one that GitHub looks at; it numbers what is alike in a file. */
static void add_fingerprints(Writer *writer, const char *file, const char *fingerprint)
{
    char *key = g_strdup_printf("%s\n%s", file, fingerprint);
    const unsigned count = 1 + GPOINTER_TO_UINT(g_hash_table_lookup(writer->occurrences, key));
    char *numbered = g_strdup_printf("%s:%u", fingerprint, count);

    begin_object(writer->json, "partialFingerprints");
    add_string(writer->json, "sipwhy/v1", fingerprint);
    add_string(writer->json, "primaryLocationLineHash", numbered);
    json_builder_end_object(writer->json);
    g_free(numbered);
    g_hash_table_insert(writer->occurrences, key, GUINT_TO_POINTER(count));
}

static void add_suppressions(Writer *writer, const SipwhyProblem *problem)
{
    char *justification = sipwhy_machine_state(problem, writer->language);

    if (!justification)
        return;
    begin_array(writer->json, "suppressions");
    begin_object(writer->json, NULL);
    add_string(writer->json, "kind", "external");
    add_string(writer->json, "status", "accepted");
    add_string(writer->json, "justification", justification);
    json_builder_end_object(writer->json);
    json_builder_end_array(writer->json);
    g_free(justification);
}

static void add_result_properties(Writer *writer, const SipwhyProblem *problem)
{
    JsonBuilder *json = writer->json;

    begin_object(json, "properties");
    add_number(json, "frame", problem->frame);
    begin_array(json, "evidence");
    for (unsigned i = 0; problem->evidence && i < problem->evidence->len; i++)
        json_builder_add_int_value(json, g_array_index(problem->evidence, uint32_t, i));
    json_builder_end_array(json);
    if (problem->code > 0)
        add_number(json, "code", problem->code);
    if (problem->method)
        add_string(json, "method", problem->method);
    add_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)problem->severity);
    add_boolean(json, "denied", problem->denied);
    add_number(json, "alsoInMessages", problem->also);
    begin_array(json, "fixes");
    for (char **fix = problem->fixes; fix && *fix; fix++) {
        char *text = sipwhy_machine_shown(*fix);
        json_builder_add_string_value(json, text);
        g_free(text);
    }
    json_builder_end_array(json);
    json_builder_end_object(json);
}

/* GitHub shows the first sentence as the title of an alert. */
static char *result_text(Writer *writer, const SipwhyProblem *problem)
{
    GPtrArray *lines = sipwhy_machine_lines(problem, true, writer->language);
    char *title = sipwhy_machine_shown(problem->title);

    g_ptr_array_add(lines, NULL);
    char *rest = g_strjoinv("\n", (char **)lines->pdata);
    char *text = g_strdup_printf("%s.\n%s", title, rest);
    g_free(rest);
    g_free(title);
    g_ptr_array_free(lines, TRUE);
    return text;
}

static void add_problem(Writer *writer, const SipwhyProblem *problem)
{
    JsonBuilder *json = writer->json;
    const char *file = problem->recording->file;

    begin_object(json, NULL);
    add_rule_reference(writer, problem->rule);
    add_string(json, "level", levels[sipwhy_machine_gravity(problem)]);
    add_message(json, "message", result_text(writer, problem));
    add_locations(writer, file, problem->call);
    add_fingerprints(writer, file, problem->fingerprint);
    add_suppressions(writer, problem);
    add_result_properties(writer, problem);
    json_builder_end_object(json);
}

/* What fails the check without being a problem of a message: of the captures together, or of one.
 */
static void add_failure(Writer *writer, const char *rule, const char *file, const char *text)
{
    JsonBuilder *json = writer->json;
    char *identity = g_strdup_printf("sipwhy/v1\n%s\n%s", rule, file ? file : "");
    char *fingerprint = g_compute_checksum_for_string(G_CHECKSUM_SHA256, identity, -1);

    begin_object(json, NULL);
    add_rule_reference(writer, rule);
    add_string(json, "level", "error");
    add_message(json, "message", sipwhy_machine_shown(text));
    if (file)
        add_locations(writer, file, NULL);
    add_fingerprints(writer, file ? file : "", fingerprint);
    json_builder_end_object(json);
    g_free(fingerprint);
    g_free(identity);
}

static unsigned rank_of(const SipwhyProblem *problem)
{
    return problem->state == SIPWHY_PROBLEM_FAILS ? RANK_PROBLEM + sipwhy_machine_gravity(problem)
                                                  : (unsigned)RANK_SUPPRESSED;
}

/* How many of each rank are written. */
static void share_places(Writer *writer)
{
    const SipwhyVerdict *verdict = writer->verdict;
    size_t room = RESULTS_MOST;

    for (unsigned i = 0; i < verdict->problems->len; i++)
        writer->places[rank_of(verdict->problems->pdata[i])]++;
    for (unsigned i = 0; i < verdict->expectations->len; i++)
        writer->places[RANK_FAILURE] +=
            !((const SipwhyExpectation *)verdict->expectations->pdata[i])->met;
    for (unsigned i = 0; i < verdict->unchecked->len; i++)
        writer->places[RANK_FAILURE] +=
            ((const SipwhyUnchecked *)verdict->unchecked->pdata[i])->fails;
    for (unsigned rank = RANKS; rank-- > 0;) {
        const size_t wanted = writer->places[rank];
        writer->places[rank] = MIN(wanted, room);
        room -= writer->places[rank];
        writer->left_out += wanted - writer->places[rank];
    }
}

/* Of a rank that is not written whole, the first ones are. */
static bool take_place(Writer *writer, unsigned rank)
{
    if (writer->places[rank] == 0)
        return false;
    writer->places[rank]--;
    return true;
}

static void add_results(Writer *writer)
{
    const SipwhyVerdict *verdict = writer->verdict;
    const SipwhyRecording *first = verdict->captures->len > 0 ? verdict->captures->pdata[0] : NULL;

    share_places(writer);
    begin_array(writer->json, "results");
    for (unsigned i = 0; i < verdict->problems->len; i++)
        if (take_place(writer, rank_of(verdict->problems->pdata[i])))
            add_problem(writer, verdict->problems->pdata[i]);
    for (unsigned i = 0; i < verdict->expectations->len; i++) {
        const SipwhyExpectation *expectation = verdict->expectations->pdata[i];
        char *rule = g_strdup_printf("expect-%s", expectation->id);
        /* of all captures: code scanning wants one */
        if (!expectation->met && take_place(writer, RANK_FAILURE))
            add_failure(writer, rule, first ? first->file : NULL, expectation->text);
        g_free(rule);
    }
    for (unsigned i = 0; i < verdict->unchecked->len; i++) {
        const SipwhyUnchecked *unchecked = verdict->unchecked->pdata[i];
        if (unchecked->fails && take_place(writer, RANK_FAILURE))
            add_failure(writer, "no-sip", unchecked->file, unchecked->text);
    }
    json_builder_end_array(writer->json);
}

/* ---- rules ---- */

/* "NoCommonCodec" of "no-common-codec" */
static char *camel_case(const char *id)
{
    GString *name = g_string_new(NULL);
    bool first = true;

    for (; *id; id++) {
        if (*id != '-')
            g_string_append_c(name, first ? g_ascii_toupper(*id) : *id);
        first = *id == '-';
    }
    return g_string_free(name, FALSE);
}

/* "Frame <request>" of "Frame {request}": a word that a trace would fill in. */
static void name_placeholders(char **text)
{
    for (char *c = *text; c && *c; c++)
        *c = (char)(*c == '{' ? '<' : *c == '}' ? '>' : *c);
}

static void add_help(JsonBuilder *json, SipwhyPage *page)
{
    const SipwhyTextStyle plain = {.colour = FALSE, .width = 0};
    GString *text = g_string_new(NULL);
    GString *markdown = g_string_new(NULL);

    for (unsigned i = 0; i < page->blocks->len; i++) {
        SipwhyBlock *block = page->blocks->pdata[i];
        name_placeholders(&block->heading);
        for (unsigned j = 0; j < block->items->len; j++)
            name_placeholders(&((SipwhyItem *)block->items->pdata[j])->text);
    }
    sipwhy_render_text(text, page, &plain);
    sipwhy_render_markdown(markdown, page);
    begin_object(json, "help");
    add_string(json, "text", text->str);
    add_string(json, "markdown", markdown->str);
    json_builder_end_object(json);
    g_string_free(markdown, TRUE);
    g_string_free(text, TRUE);
    sipwhy_page_free(page);
}

/* The page of "RFC 3261 22.2"; NULL if it is no RFC. */
static char *source_url(const char *source)
{
    char **words = g_strsplit(source ? source : "", " ", -1);
    const unsigned count = g_strv_length(words);
    char *url = NULL;

    if (count == 3 && strcmp(words[0], "RFC") == 0)
        url = g_strdup_printf(RFC_EDITOR "rfc%s#section-%s", words[1], words[2]);
    else if (count == 2 && strcmp(words[0], "RFC") == 0)
        url = g_strdup_printf(RFC_EDITOR "rfc%s", words[1]);
    g_strfreev(words);
    return url;
}

static void add_configuration(JsonBuilder *json, SipwhySeverity severity, const char *category,
                              const char *precision)
{
    begin_object(json, "defaultConfiguration");
    add_string(json, "level", levels[severity]);
    json_builder_end_object(json);
    begin_object(json, "properties");
    begin_array(json, "tags");
    json_builder_add_string_value(json, "sip");
    if (category)
        json_builder_add_string_value(json, category);
    json_builder_end_array(json);
    add_string(json, "precision", precision);
    add_string(json, "problem.severity", github_severities[severity]);
    json_builder_end_object(json);
}

static void add_finding_rule(Writer *writer, SipwhyFindingId id)
{
    JsonBuilder *json = writer->json;
    const SipwhyFindingFacts *facts = sipwhy_finding_facts(id);
    char *url = facts->sources.count > 0 ? source_url(facts->sources.line[0]) : NULL;
    char *text = g_strdup(sipwhy_finding_wording_at(id, 0, writer->language)->text);

    name_placeholders(&text);
    add_message(json, "shortDescription", g_strdup(sipwhy_finding_label(id, writer->language)));
    add_message(json, "fullDescription", text);
    add_help(json, sipwhy_explain_finding(id, writer->language));
    if (url)
        add_string(json, "helpUri", url);
    add_configuration(json, facts->severity,
                      sipwhy_term_id(SIPWHY_TERM_KIND_CATEGORY, (int)facts->category),
                      facts->inferred ? "medium" : "very-high");
    g_free(url);
}

static void add_code_rule(Writer *writer, const SipwhyExplanation *explanation)
{
    JsonBuilder *json = writer->json;
    char **lines = sipwhy_description_lines(writer->language, explanation);
    const SipwhyCode *code = explanation->code;

    add_message(json, "shortDescription", sipwhy_code_title(explanation));
    add_message(json, "fullDescription", g_strjoinv(" ", lines));
    add_help(json, sipwhy_explain_code(explanation, writer->language));
    if (explanation->url)
        add_string(json, "helpUri", explanation->url);
    add_configuration(json, explanation->severity,
                      code ? sipwhy_term_id(SIPWHY_TERM_KIND_CATEGORY, (int)code->category) : NULL,
                      "high");
    g_strfreev(lines);
}

/* A rule of the check itself, or one that this version does not know. */
static void add_other_rule(Writer *writer, const char *rule)
{
    JsonBuilder *json = writer->json;
    const bool expects = g_str_has_prefix(rule, "expect-");
    const bool no_sip = strcmp(rule, "no-sip") == 0;
    const SipwhyText text = expects  ? SIPWHY_TEXT_MACHINE_RULE_EXPECTATION
                            : no_sip ? SIPWHY_TEXT_MACHINE_RULE_NO_SIP
                                     : SIPWHY_TEXT_MACHINE_RULE_UNKNOWN;
    char *words = sipwhy_text_format(writer->language, text, "id", rule, NULL);

    add_message(json, "shortDescription", g_strdup(words));
    add_message(json, "fullDescription", g_strdup(words));
    add_message(json, "help", words);
    add_configuration(json, expects || no_sip ? SIPWHY_SEVERITY_ERROR : SIPWHY_SEVERITY_WARN, NULL,
                      "high");
}

/* "code-488" */
static bool explain_rule(const char *rule, SipwhyLanguage language, SipwhyExplanation *explanation)
{
    static const char of_code[] = "code-";
    guint64 code;

    return g_str_has_prefix(rule, of_code) &&
           g_ascii_string_to_unsigned(rule + strlen(of_code), 10, 0, UINT16_MAX, &code, NULL) &&
           sipwhy_explain((unsigned)code, language, explanation);
}

static void add_rule(Writer *writer, const char *rule)
{
    SipwhyExplanation explanation;
    SipwhyFindingId id;
    char *name = camel_case(rule);

    begin_object(writer->json, NULL);
    add_string(writer->json, "id", rule);
    add_string(writer->json, "name", name);
    if (explain_rule(rule, writer->language, &explanation))
        add_code_rule(writer, &explanation);
    else if (sipwhy_finding_find(rule, &id))
        add_finding_rule(writer, id);
    else
        add_other_rule(writer, rule);
    json_builder_end_object(writer->json);
    g_free(name);
}

/* ---- the run ---- */

/* What a notification is, and its description; in the order of this table. */
static const struct {
    const char *id;
    SipwhyText description;
} notices[] = {{"unchecked", SIPWHY_TEXT_MACHINE_UNCHECKED},
               {"expired", SIPWHY_TEXT_MACHINE_EXPIRED_RULE},
               {"left-out", SIPWHY_TEXT_MACHINE_LEFT_OUT_RULE}};
enum { NOTICE_UNCHECKED, NOTICE_EXPIRED, NOTICE_LEFT_OUT };

static void add_tool(Writer *writer)
{
    JsonBuilder *json = writer->json;

    begin_object(json, "tool");
    begin_object(json, "driver");
    add_string(json, "name", "sipwhy");
    add_string(json, "version", SIPWHY_VERSION);
    add_string(json, "semanticVersion", SIPWHY_VERSION);
    begin_array(json, "rules");
    for (unsigned i = 0; i < writer->rules->len; i++)
        add_rule(writer, writer->rules->pdata[i]);
    json_builder_end_array(json);
    begin_array(json, "notifications");
    for (unsigned i = 0; i < G_N_ELEMENTS(notices); i++) {
        begin_object(json, NULL);
        add_string(json, "id", notices[i].id);
        add_message(json, "shortDescription",
                    g_strdup(sipwhy_text(writer->language, notices[i].description)));
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    json_builder_end_object(json);
    json_builder_end_object(json);
}

static void begin_notification(Writer *writer, unsigned index, const char *level, char *text)
{
    JsonBuilder *json = writer->json;

    begin_object(json, NULL);
    begin_object(json, "descriptor");
    add_string(json, "id", notices[index].id);
    add_number(json, "index", index);
    json_builder_end_object(json);
    add_string(json, "level", level);
    add_message(json, "message", text);
}

static void add_left_out(Writer *writer)
{
    char *most = g_strdup_printf("%d", RESULTS_MOST);
    char *count = sipwhy_words_number(writer->left_out);

    begin_notification(writer, NOTICE_LEFT_OUT, "warning",
                       sipwhy_text_format(writer->language, SIPWHY_TEXT_MACHINE_LEFT_OUT, "most",
                                          most, "count", count, NULL));
    json_builder_end_object(writer->json);
    g_free(count);
    g_free(most);
}

static void add_invocation(Writer *writer)
{
    const SipwhyVerdict *verdict = writer->verdict;
    JsonBuilder *json = writer->json;
    bool successful = true;

    begin_array(json, "invocations");
    begin_object(json, NULL);
    begin_array(json, "toolExecutionNotifications");
    for (unsigned i = 0; i < verdict->unchecked->len; i++) {
        const SipwhyUnchecked *unchecked = verdict->unchecked->pdata[i];
        if (unchecked->fails) /* it has a result */
            continue;
        successful = false;
        begin_notification(writer, NOTICE_UNCHECKED, "error",
                           sipwhy_machine_shown(unchecked->text));
        add_locations(writer, unchecked->file, NULL);
        json_builder_end_object(json);
    }
    if (writer->left_out > 0)
        add_left_out(writer);
    json_builder_end_array(json);
    begin_array(json, "toolConfigurationNotifications");
    for (unsigned i = 0; i < verdict->expired->len; i++) {
        begin_notification(writer, NOTICE_EXPIRED, "warning",
                           sipwhy_machine_expired(verdict->expired->pdata[i], writer->language));
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    add_boolean(json, "executionSuccessful", successful);
    json_builder_end_object(json);
    json_builder_end_array(json);
}

static void add_artifacts(Writer *writer)
{
    JsonBuilder *json = writer->json;

    begin_array(json, "artifacts");
    for (unsigned i = 0; i < writer->artifacts->len; i++) {
        begin_object(json, NULL);
        add_artifact_location(writer, "location", writer->artifacts->pdata[i], false);
        begin_array(json, "roles");
        json_builder_add_string_value(json, "analysisTarget");
        json_builder_end_array(json);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

/* The tool comes last: its rules are known when the results are. */
static void add_run(Writer *writer)
{
    JsonBuilder *json = writer->json;
    const GPtrArray *captures = writer->verdict->captures;

    for (unsigned i = 0; i < captures->len; i++)
        index_of(writer->file_index, writer->artifacts,
                 ((const SipwhyRecording *)captures->pdata[i])->file);
    begin_object(json, NULL);
    add_string(json, "language", sipwhy_language_id(writer->language));
    add_string(json, "columnKind", "unicodeCodePoints");
    add_results(writer);
    add_invocation(writer);
    add_artifacts(writer);
    add_tool(writer);
    json_builder_end_object(json);
}

void sipwhy_verdict_sarif(GString *out, const SipwhyVerdict *verdict, SipwhyLanguage language)
{
    Writer writer = {
        .json = json_builder_new(),
        .verdict = verdict,
        .language = language,
        .rules = g_ptr_array_new_with_free_func(g_free),
        .rule_index = g_hash_table_new(g_str_hash, g_str_equal),
        .artifacts = g_ptr_array_new_with_free_func(g_free),
        .file_index = g_hash_table_new(g_str_hash, g_str_equal),
        .occurrences = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };

    begin_object(writer.json, NULL);
    add_string(writer.json, "$schema", SCHEMA);
    add_string(writer.json, "version", "2.1.0");
    begin_array(writer.json, "runs");
    add_run(&writer);
    json_builder_end_array(writer.json);
    json_builder_end_object(writer.json);
    char *text = sipwhy_json_text(writer.json);
    g_string_append(out, text);
    g_free(text);
    g_hash_table_destroy(writer.occurrences);
    g_hash_table_destroy(writer.file_index);
    g_ptr_array_free(writer.artifacts, TRUE);
    g_hash_table_destroy(writer.rule_index);
    g_ptr_array_free(writer.rules, TRUE);
    g_object_unref(writer.json);
}
