/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * json.h: valid JSON, the promised keys, and ids that no language changes.
 */
#include "report/json.h"

#include <string.h>

#include "language.h"

typedef void (*AddFunction)(JsonBuilder *json, SipwhyLanguage language);

static SipwhyLanguage french(void)
{
    SipwhyLanguage language = 0;

    g_assert_true(sipwhy_language_find("fr", &language));
    return language;
}

/* Takes the finished text, and reads it back as a machine would. */
static JsonNode *finish(JsonBuilder *json)
{
    char *text = sipwhy_json_text(json);
    GError *error = NULL;

    g_assert_true(g_str_has_suffix(text, "\n"));
    g_assert_true(g_utf8_validate(text, -1, NULL));
    JsonNode *node = json_from_string(text, &error);
    g_assert_no_error(error);
    g_assert_true(JSON_NODE_HOLDS_OBJECT(node));
    g_free(text);
    g_object_unref(json);
    return node;
}

static void add_code(JsonBuilder *json, unsigned status, SipwhyLanguage language)
{
    SipwhyExplanation explanation;

    g_assert_true(sipwhy_explain(status, language, &explanation));
    sipwhy_json_add_code(json, &explanation, NULL, language);
}

static JsonNode *make_code(unsigned status, SipwhyLanguage language)
{
    JsonBuilder *json = json_builder_new();

    add_code(json, status, language);
    return finish(json);
}

static void assert_keys(JsonNode *node, const char *keys)
{
    JsonObject *object = json_node_get_object(node);
    char **names = g_strsplit(keys, " ", -1);

    for (char **name = names; *name; name++) {
        g_test_message("%s", *name);
        g_assert_true(json_object_has_member(object, *name));
    }
    g_assert_cmpuint(json_object_get_size(object), ==, g_strv_length(names));
    g_strfreev(names);
}

static const char *string_of(JsonNode *node, const char *key)
{
    return json_object_get_string_member(json_node_get_object(node), key);
}

#define CLASS_KEYS                                                                         \
    "type language code phrase class class_name severity search registered reference url " \
    "description causes fixes next_text"
#define ENTRY_KEYS                                                                             \
    CLASS_KEYS " status sources methods senders category expected next scope headers q850_in " \
               "q850_out related practice"

static void test_code(void)
{
    JsonNode *node = make_code(488, 0);
    JsonObject *object = json_node_get_object(node);

    assert_keys(node, ENTRY_KEYS);
    g_assert_cmpstr(string_of(node, "type"), ==, "code");
    g_assert_cmpint(json_object_get_int_member(object, "code"), ==, 488);
    g_assert_cmpstr(string_of(node, "phrase"), ==, "Not Acceptable Here");
    g_assert_cmpstr(string_of(node, "class"), ==, "4xx");
    g_assert_cmpstr(string_of(node, "severity"), ==, "warn");
    g_assert_cmpstr(string_of(node, "category"), ==, "media");
    g_assert_cmpstr(string_of(node, "language"), ==, "en");
    g_assert_true(json_object_get_boolean_member(object, "registered"));
    g_assert_cmpuint(json_array_get_length(json_object_get_array_member(object, "causes")), >=, 2);
    JsonArray *fixes = json_object_get_array_member(object, "fixes");
    for (guint i = 0; i < json_array_get_length(fixes); i++)
        assert_keys(json_array_get_element(fixes, i), "who text");
    JsonArray *headers = json_object_get_array_member(object, "headers");
    g_assert_cmpuint(json_array_get_length(headers), >=, 1);
    for (guint i = 0; i < json_array_get_length(headers); i++)
        assert_keys(json_array_get_element(headers, i), "level one_of methods note");
    JsonArray *related = json_object_get_array_member(object, "related");
    for (guint i = 0; i < json_array_get_length(related); i++)
        assert_keys(json_array_get_element(related, i), "code text");
    json_node_unref(node);
}

static void test_all_codes(void)
{
    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
        for (unsigned status = 0; status < 1000; status++) {
            SipwhyExplanation explanation;
            if (!sipwhy_explain(status, language, &explanation))
                continue;
            JsonNode *node = make_code(status, language);
            assert_keys(node, explanation.code ? ENTRY_KEYS : CLASS_KEYS);
            json_node_unref(node);
        }
    }
}

/* No class is a null, not a missing key. */
static void test_no_class(void)
{
    JsonNode *node = make_code(999, 0);
    JsonObject *object = json_node_get_object(node);

    g_assert_true(json_object_get_null_member(object, "class"));
    g_assert_true(json_object_get_null_member(object, "class_name"));
    g_assert_true(json_object_get_null_member(object, "severity"));
    g_assert_false(json_object_get_boolean_member(object, "registered"));
    json_node_unref(node);
}

static void test_code_line(void)
{
    JsonBuilder *json = json_builder_new();
    SipwhyExplanation explanation;

    sipwhy_explain(200, 0, &explanation);
    sipwhy_json_add_code_line(json, &explanation);
    JsonNode *node = finish(json);
    assert_keys(node, "type code phrase registered reference");
    json_node_unref(node);
}

static void add_class(JsonBuilder *json, SipwhyLanguage language)
{
    sipwhy_json_add_class(json, sipwhy_class_find(300), language);
}

static void add_warning(JsonBuilder *json, SipwhyLanguage language)
{
    sipwhy_json_add_warning(json, sipwhy_warning_find(370), language);
}

static void add_cause(JsonBuilder *json, SipwhyLanguage language)
{
    sipwhy_json_add_cause(json, 17, language);
}

/* 13 has no entry */
static void add_unnamed_cause(JsonBuilder *json, SipwhyLanguage language)
{
    g_assert_null(sipwhy_cause_find(13));
    sipwhy_json_add_cause(json, 13, language);
}

static void add_reason(JsonBuilder *json, SipwhyLanguage language)
{
    sipwhy_json_add_reason(json, sipwhy_reason_find("STIR"), language);
}

static void add_finding(JsonBuilder *json, SipwhyLanguage language)
{
    sipwhy_json_add_finding(json, SIPWHY_FINDING_AUTH_LOOP, language);
}

static void add_comparison(JsonBuilder *json, SipwhyLanguage language)
{
    static const unsigned codes[] = {486, 600, 450};
    SipwhyComparison *comparison = sipwhy_compare(codes, G_N_ELEMENTS(codes), language);

    sipwhy_json_add_comparison(json, comparison);
    sipwhy_comparison_free(comparison);
}

static void add_entry(JsonBuilder *json, SipwhyLanguage language)
{
    add_code(json, 401, language);
}

static void add_no_entry(JsonBuilder *json, SipwhyLanguage language)
{
    add_code(json, 450, language);
}

static const struct {
    const char *type;
    AddFunction add;
    const char *keys;
} objects[] = {
    {"code", add_entry, ENTRY_KEYS},
    {"code", add_no_entry, CLASS_KEYS},
    {"class", add_class,
     "type language class class_name severity search fallback description causes fixes next_text "
     "codes"},
    {"warning", add_warning, "type code text language description causes fixes codes sources url"},
    {"q850", add_cause, "type cause name assigned class language description causes fixes sip"},
    {"q850", add_unnamed_cause, "type cause name assigned class language description causes fixes"},
    {"reason", add_reason,
     "type protocol language description causes fixes values registered_values sources url"},
    {"finding", add_finding,
     "type id language label family severity category inferred decides wordings sources"},
    {"comparison", add_comparison, "type language codes facts distinctions"},
};

static void test_objects(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(objects); i++) {
        for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
            JsonBuilder *json = json_builder_new();
            objects[i].add(json, language);
            JsonNode *node = finish(json);
            g_assert_cmpstr(string_of(node, "type"), ==, objects[i].type);
            g_assert_nonnull(string_of(node, "language"));
            assert_keys(node, objects[i].keys);
            json_node_unref(node);
        }
    }
}

/* Whether a language may change what stands under a key. A Warning's own "text" is a fact. */
static gboolean is_words(const char *key, JsonNode *value)
{
    static const char *const words[] = {"language",  "class_name", "description",  "causes",
                                        "next_text", "note",       "distinctions", "practice",
                                        "text",      "label",      "title"};

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i], key) == 0)
            return TRUE;
    /* of a comparison, in which every value is in words; of a Reason protocol it is an id */
    return strcmp(key, "values") == 0 && JSON_NODE_HOLDS_OBJECT(value);
}

static void assert_same_ids(JsonNode *one, JsonNode *other, unsigned *compared)
{
    g_assert_cmpint((int)json_node_get_node_type(one), ==, (int)json_node_get_node_type(other));
    if (JSON_NODE_HOLDS_OBJECT(one)) {
        JsonObject *members = json_node_get_object(one);
        JsonObject *others = json_node_get_object(other);
        GList *keys = json_object_get_members(members);
        g_assert_cmpuint(json_object_get_size(members), ==, json_object_get_size(others));
        for (GList *key = keys; key; key = key->next) {
            JsonNode *value = json_object_get_member(members, key->data);
            g_assert_true(json_object_has_member(others, key->data));
            if (!is_words(key->data, value))
                assert_same_ids(value, json_object_get_member(others, key->data), compared);
        }
        g_list_free(keys);
    } else if (JSON_NODE_HOLDS_ARRAY(one)) {
        JsonArray *items = json_node_get_array(one);
        JsonArray *others = json_node_get_array(other);
        g_assert_cmpuint(json_array_get_length(items), ==, json_array_get_length(others));
        for (guint i = 0; i < json_array_get_length(items); i++)
            assert_same_ids(json_array_get_element(items, i), json_array_get_element(others, i),
                            compared);
    } else {
        char *shown = json_to_string(one, FALSE);
        char *shown_other = json_to_string(other, FALSE);
        g_assert_cmpstr(shown, ==, shown_other);
        g_free(shown_other);
        g_free(shown);
        ++*compared;
    }
}

static void test_french(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(objects); i++) {
        JsonBuilder *english = json_builder_new();
        JsonBuilder *french_json = json_builder_new();
        unsigned compared = 0;
        objects[i].add(english, 0);
        objects[i].add(french_json, french());
        JsonNode *one = finish(english);
        JsonNode *other = finish(french_json);
        assert_same_ids(one, other, &compared);
        g_assert_cmpuint(compared, >=, 4);
        json_node_unref(one);
        json_node_unref(other);
    }
    /* while words do change: the sentence that a code is not registered */
    JsonNode *one = make_code(450, 0);
    JsonNode *other = make_code(450, french());
    g_assert_cmpstr(string_of(one, "description"), !=, string_of(other, "description"));
    json_node_unref(one);
    json_node_unref(other);
}

static void test_comparison(void)
{
    JsonBuilder *json = json_builder_new();
    add_comparison(json, 0);
    JsonNode *node = finish(json);
    JsonObject *object = json_node_get_object(node);
    JsonArray *facts = json_object_get_array_member(object, "facts");

    g_assert_cmpuint(json_array_get_length(json_object_get_array_member(object, "codes")), ==, 3);
    g_assert_cmpuint(json_array_get_length(facts), >=, 5);
    for (guint i = 0; i < json_array_get_length(facts); i++) {
        JsonNode *fact = json_array_get_element(facts, i);
        assert_keys(fact, "fact same values");
        JsonNode *values = json_object_get_member(json_node_get_object(fact), "values");
        assert_keys(values, "486 600 450");
    }
    json_node_unref(node);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json/code", test_code);
    g_test_add_func("/json/all-codes", test_all_codes);
    g_test_add_func("/json/no-class", test_no_class);
    g_test_add_func("/json/code-line", test_code_line);
    g_test_add_func("/json/objects", test_objects);
    g_test_add_func("/json/french", test_french);
    g_test_add_func("/json/comparison", test_comparison);
    return g_test_run();
}
