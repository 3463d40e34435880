/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lines of JSON: what json-glib would make of the same members.
 */
#include "report/json_line.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

static void add(JsonBuilder *json, const char *key, JsonNode *value)
{
    json_builder_set_member_name(json, key);
    json_builder_add_value(json, value);
}

static JsonNode *text_node(const char *text)
{
    return text ? json_node_init_string(json_node_alloc(), text)
                : json_node_init_null(json_node_alloc());
}

static char *generate(JsonBuilder *json)
{
    JsonGenerator *generator = json_generator_new();

    json_builder_end_object(json);
    JsonNode *root = json_builder_get_root(json);
    json_generator_set_root(generator, root);
    char *text = json_generator_to_data(generator, NULL);
    char *line = g_strconcat(text, "\n", NULL);
    g_free(text);
    json_node_unref(root);
    g_object_unref(generator);
    g_object_unref(json);
    return line;
}

static JsonBuilder *begin(SipwhyJsonLine *line)
{
    JsonBuilder *json = json_builder_new();

    sipwhy_json_line_begin(line, "test");
    json_builder_begin_object(json);
    add(json, "type", text_node("test"));
    return json;
}

/* The line is written. */
static void assert_same(SipwhyJsonLine *line, JsonBuilder *json)
{
    char *expected = generate(json);
    char *written = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&written, &length);

    sipwhy_json_line_end(line, out);
    fclose(out);
    g_assert_cmpstr(written, ==, expected);
    g_assert_cmpuint(length, ==, strlen(expected));
    free(written);
    g_free(expected);
}

/* The line from a place on. */
static void assert_bytes(const SipwhyJsonLine *line, size_t start, const char *expected)
{
    g_assert_cmpuint(line->length - start, ==, strlen(expected));
    g_assert_true(memcmp(line->text + start, expected, strlen(expected)) == 0);
}

static void test_texts(void)
{
    static const char *const texts[] = {
        "",   "plain", NULL, "\"quoted\" \\ and / back",       "\b\f\n\r\t \x01\x1e \x7f",
        "\"", "{",     "[",  "é \xe2\x80\xa8 \xf0\x9f\x98\x80"};
    SipwhyJsonLine line = {0};

    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        JsonBuilder *json = begin(&line);
        add(json, "text", text_node(texts[i]));
        add(json, "again", text_node(texts[i]));
        sipwhy_json_line_string(&line, "text", texts[i]);
        sipwhy_json_line_taken(&line, "again", g_strdup(texts[i]));
        assert_same(&line, json);
    }
    sipwhy_json_line_clear(&line);
}

/* json-glib leaves this one as it is, which RFC 8259 7 forbids. */
static void test_unit_separator(void)
{
    static const char expected[] = "{\"type\":\"test\",\"text\":\"\\u001f\"";
    SipwhyJsonLine line = {0};

    sipwhy_json_line_begin(&line, "test");
    sipwhy_json_line_string(&line, "text", "\x1f");
    assert_bytes(&line, 0, expected);
    sipwhy_json_line_clear(&line);
}

static void test_slices(void)
{
    static const struct {
        SipwhySlice slice;
        const char *shown;
    } cases[] = {{{"abc", 2}, "ab"},
                 {{"", 0}, ""},
                 {{NULL, 0}, NULL},
                 {{"a\"\\", 3}, "a\"\\"},
                 {{"a\0b\x1b", 4},
                  "a\xef\xbf\xbd"
                  "b\xef\xbf\xbd"},
                 {{"a \r\n b", 6}, "a b"},
                 {{"\xff", 1}, "\xef\xbf\xbd"}};
    SipwhyJsonLine line = {0};

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        JsonBuilder *json = begin(&line);
        add(json, "slice", text_node(cases[i].shown));
        sipwhy_json_line_slice(&line, "slice", cases[i].slice);
        assert_same(&line, json);
    }
    sipwhy_json_line_clear(&line);
}

static void test_numbers(void)
{
    static const double doubles[] = {0, 1, 2.5, 1e-6, 0.000123, 32.000001, 1e15, 4294967295.5};
    static const unsigned numbers[] = {0, 1, 9, 10, 4294967295};
    SipwhyJsonLine line = {0};
    JsonBuilder *json = begin(&line);

    for (unsigned i = 0; i < G_N_ELEMENTS(doubles); i++) {
        char *key = g_strdup_printf("double%u", i);
        add(json, key, json_node_init_double(json_node_alloc(), doubles[i]));
        sipwhy_json_line_double(&line, key, doubles[i]);
        g_free(key);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++) {
        char *key = g_strdup_printf("number%u", i);
        add(json, key, json_node_init_int(json_node_alloc(), numbers[i]));
        sipwhy_json_line_number(&line, key, numbers[i]);
        g_free(key);
    }
    add(json, "none", text_node(NULL));
    sipwhy_json_line_positive(&line, "none", 0);
    add(json, "some", json_node_init_int(json_node_alloc(), 7));
    sipwhy_json_line_positive(&line, "some", 7);
    add(json, "true", json_node_init_boolean(json_node_alloc(), TRUE));
    sipwhy_json_line_boolean(&line, "true", true);
    add(json, "false", json_node_init_boolean(json_node_alloc(), FALSE));
    sipwhy_json_line_boolean(&line, "false", false);
    assert_same(&line, json);
    sipwhy_json_line_clear(&line);
}

static void add_nested(SipwhyJsonLine *line)
{
    sipwhy_json_line_open_array(line, "empty");
    sipwhy_json_line_close_array(line);
    sipwhy_json_line_open_array(line, "list");
    sipwhy_json_line_number(line, NULL, 1);
    sipwhy_json_line_open_object(line, NULL);
    sipwhy_json_line_term(line, "severity", SIPWHY_TERM_KIND_SEVERITY, 0);
    sipwhy_json_line_term(line, "nothing", SIPWHY_TERM_KIND_SEVERITY, -1);
    sipwhy_json_line_close_object(line);
    sipwhy_json_line_open_object(line, NULL);
    sipwhy_json_line_close_object(line);
    sipwhy_json_line_string(line, NULL, "[");
    sipwhy_json_line_string(line, NULL, "last");
    sipwhy_json_line_close_array(line);
    sipwhy_json_line_open_object(line, "empty object");
    sipwhy_json_line_close_object(line);
}

/* Also what is added once more. */
static void test_nested(void)
{
    static const char nested[] =
        ",\"empty\":[],\"list\":[1,{\"severity\":\"chat\",\"nothing\":null},{},\"[\",\"last\"],"
        "\"empty object\":{}";
    SipwhyJsonLine line = {0};

    sipwhy_json_line_begin(&line, "test");
    const size_t before = line.length;
    add_nested(&line);
    assert_bytes(&line, before, nested);
    char *members = g_memdup2(line.text + before, line.length - before);
    sipwhy_json_line_again(&line, members, strlen(nested));
    const size_t half = line.length - strlen(nested);
    assert_bytes(&line, half, nested);
    g_free(members);
    sipwhy_json_line_clear(&line);
}

/* Longer than any room that it begins with. */
static void test_long(void)
{
    enum { LENGTH = 100000 };
    char *text = g_strnfill(LENGTH, '"');
    SipwhyJsonLine line = {0};
    JsonBuilder *json = begin(&line);

    add(json, "text", text_node(text));
    sipwhy_json_line_string(&line, "text", text);
    assert_same(&line, json);
    sipwhy_json_line_clear(&line);
    g_free(text);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json-line/texts", test_texts);
    g_test_add_func("/json-line/unit-separator", test_unit_separator);
    g_test_add_func("/json-line/slices", test_slices);
    g_test_add_func("/json-line/numbers", test_numbers);
    g_test_add_func("/json-line/nested", test_nested);
    g_test_add_func("/json-line/long", test_long);
    return g_test_run();
}
