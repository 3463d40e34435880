/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Problems that are known: {"version":1,"tool":"sipwhy","problems":[...]}, one problem a line, so
 * that two baselines can be compared line by line.
 */
#include "baseline.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "json_guard.h"
#include "report/members.h"
#include "settings/read_file.h"

static const char TOOL[] = "sipwhy";

enum { VERSION = 1, BYTES_MOST = 64 << 20, DIGITS = 32, DEPTH_MOST = 8 };

struct SipwhyBaseline {
    GHashTable *fingerprints;
};

bool sipwhy_baseline_has(const SipwhyBaseline *baseline, const char *fingerprint)
{
    return baseline && g_hash_table_contains(baseline->fingerprints, fingerprint);
}

void sipwhy_baseline_free(SipwhyBaseline *baseline)
{
    if (!baseline)
        return;
    g_hash_table_destroy(baseline->fingerprints);
    g_free(baseline);
}

/* ---- reading ---- */

static JsonNode *find(JsonNode *object, const char *key, GType type)
{
    JsonNode *node = JSON_NODE_HOLDS_OBJECT(object)
                         ? json_object_get_member(json_node_get_object(object), key)
                         : NULL;

    return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type ? node
                                                                                         : NULL;
}

static bool is_fingerprint(const char *text)
{
    return strlen(text) == DIGITS && strspn(text, "0123456789abcdef") == DIGITS;
}

/* Takes the fingerprints of all problems; a text of what is wrong, or NULL. */
static char *read_problems(SipwhyBaseline *baseline, JsonArray *problems, SipwhyLanguage language)
{
    for (guint i = 0; i < json_array_get_length(problems); i++) {
        JsonNode *fingerprint =
            find(json_array_get_element(problems, i), "fingerprint", G_TYPE_STRING);
        if (!fingerprint || !is_fingerprint(json_node_get_string(fingerprint))) {
            char *number = g_strdup_printf("%u", i + 1);
            char *text =
                sipwhy_text_format(language, SIPWHY_TEXT_BASELINE_PROBLEM, "number", number, NULL);
            g_free(number);
            return text;
        }
        g_hash_table_add(baseline->fingerprints, json_node_dup_string(fingerprint));
    }
    return NULL;
}

/* Takes a baseline that has been parsed; `root` may be NULL. */
static char *read_root(SipwhyBaseline *baseline, JsonNode *root, SipwhyLanguage language)
{
    JsonNode *tool = root ? find(root, "tool", G_TYPE_STRING) : NULL;
    JsonNode *version = root ? find(root, "version", G_TYPE_INT64) : NULL;
    JsonNode *problems =
        tool ? json_object_get_member(json_node_get_object(root), "problems") : NULL;

    if (!tool || strcmp(json_node_get_string(tool), TOOL) != 0 || !version || !problems ||
        !JSON_NODE_HOLDS_ARRAY(problems))
        return g_strdup(sipwhy_text(language, SIPWHY_TEXT_BASELINE_NONE));
    if (json_node_get_int(version) != VERSION) {
        char *number = g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(version));
        char *text =
            sipwhy_text_format(language, SIPWHY_TEXT_BASELINE_VERSION, "version", number, NULL);
        g_free(number);
        return text;
    }
    return read_problems(baseline, json_node_get_array(problems), language);
}

/* A text of what is wrong, or NULL. */
static char *read_text(SipwhyBaseline *baseline, const char *text, SipwhyLanguage language)
{
    JsonParser *parser = json_parser_new_immutable();
    GError *error = NULL;
    char *wrong;

    if (sipwhy_json_is_harmless(text, strlen(text), DEPTH_MOST) &&
        json_parser_load_from_data(parser, text, -1, &error))
        wrong = read_root(baseline, json_parser_get_root(parser), language);
    else
        wrong = g_strdup(sipwhy_text(language, SIPWHY_TEXT_BASELINE_NONE));
    g_clear_error(&error);
    g_object_unref(parser);
    return wrong;
}

SipwhyBaseline *sipwhy_baseline_read(const char *file, SipwhyLanguage language, char **error)
{
    char *text = sipwhy_file_read(file, BYTES_MOST, language, error);

    if (!text)
        return NULL;
    SipwhyBaseline *baseline = g_new(SipwhyBaseline, 1);
    baseline->fingerprints = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    char *wrong = read_text(baseline, text, language);
    g_free(text);
    if (!wrong)
        return baseline;
    *error = sipwhy_file_error(file, 0, wrong);
    sipwhy_baseline_free(baseline);
    return NULL;
}

/* ---- writing ---- */

static char *line_of(const SipwhyProblem *problem)
{
    JsonBuilder *json = json_builder_new();

    json_builder_begin_object(json);
    add_string(json, "fingerprint", problem->fingerprint);
    add_string(json, "rule", problem->rule);
    add_string(json, "method", problem->method);
    if (problem->code > 0)
        add_number(json, "code", problem->code);
    else
        add_string(json, "code", NULL);
    add_string(json, "from", problem->call ? problem->call->from : NULL);
    add_string(json, "to", problem->call ? problem->call->to : NULL);
    add_string(json, "title", problem->title);
    json_builder_end_object(json);
    JsonNode *root = json_builder_get_root(json);
    char *line = json_to_string(root, FALSE);
    json_node_unref(root);
    g_object_unref(json);
    return line;
}

/* By rule, for people; then by what is written of the parties; in the end by fingerprint. */
static int compare_problems(const void *a, const void *b)
{
    const SipwhyProblem *one = *(SipwhyProblem *const *)a;
    const SipwhyProblem *other = *(SipwhyProblem *const *)b;
    const int rules = g_strcmp0(one->rule, other->rule);

    return rules != 0 ? rules : strcmp(one->fingerprint, other->fingerprint);
}

/* What the policy tolerates is left to the policy: if that changes, it shall be seen. */
char *sipwhy_baseline_text(const SipwhyVerdict *verdict)
{
    GPtrArray *problems = g_ptr_array_new();
    GString *text = g_string_new(NULL);
    const char *last = NULL;

    for (unsigned i = 0; i < verdict->problems->len; i++) {
        SipwhyProblem *problem = verdict->problems->pdata[i];
        if (problem->state != SIPWHY_PROBLEM_TOLERATED)
            g_ptr_array_add(problems, problem);
    }
    g_ptr_array_sort(problems, compare_problems);
    g_string_append_printf(text, "{\"version\":%d,\"tool\":\"%s\",\"problems\":[", VERSION, TOOL);
    for (unsigned i = 0; i < problems->len; i++) {
        const SipwhyProblem *problem = problems->pdata[i];
        if (last && strcmp(last, problem->fingerprint) == 0)
            continue;
        char *line = line_of(problem);
        g_string_append_printf(text, "%s\n%s", last ? "," : "", line);
        g_free(line);
        last = problem->fingerprint;
    }
    g_string_append(text, last ? "\n]}\n" : "]}\n");
    g_ptr_array_free(problems, TRUE);
    return g_string_free(text, FALSE);
}
