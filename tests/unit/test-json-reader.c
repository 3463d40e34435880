/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The reader of lines of JSON: what RFC 8259 says, and the same values as json-glib.
 */
#include "recording/json_reader.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "json_guard.h"

static const struct {
    const char *text;
    bool accepted;
} cases[] = {
    {"{}", true},
    {" \t\r\n[ ] \n", true},
    {"null", true},
    {"\"\"", true},
    {"", false},
    {" ", false},
    {"{\"a\":[1,-2.5e+3,true,false,null,{\"b\":\"c\"}]}", true},
    {"{\"a\" : 1 , \"b\" : [ 1 , 2 ] }", true},
    {"{\"a\":1,}", false},
    {"{,}", false},
    {"{\"a\"}", false},
    {"{\"a\":}", false},
    {"{\"a\",1}", false},
    {"{a:1}", false},
    {"{1:1}", false},
    {"{'a':1}", false},
    {"{\"a\":1", false},
    {"{\"a\":1]", false},
    {"{\"a\":1}}", false},
    {"{} {}", false},
    {"{}x", false},
    {"{\"a\":1} // b", false},
    {"[1,]", false},
    {"[,1]", false},
    {"[1 2]", false},
    {"[1}", false},
    {"[", false},
    {"[1,", false},
    {"]", false},
    {"[0,-0,10,0.5,-0.25,1e5,1E-5,1e+05]", true},
    {"01", false},
    {"-", false},
    {"+1", false},
    {".5", false},
    {"1.", false},
    {"1e", false},
    {"1e+", false},
    {"0x1", false},
    {"NaN", false},
    {"tru", false},
    {"truex", false},
    {"True", false},
    {"\"", false},
    {"\"\\", false},
    {"\"\\\"", false},
    {"\"\\\"\"", true},
    {"\"\\\\\\/\\b\\f\\n\\r\\t\"", true},
    {"\"\\a\"", false},
    {"\"\\x41\"", false},
    {"\"\\u00e9\\ud7ff\\ue000\\uFFFF\"", true},
    {"\"\\u00e\"", false},
    {"\"\\u00eg\"", false},
    {"\"\\ud83d\\ude00\"", true},
    {"\"\\ud83d\"", false},
    {"\"\\ud83d", false},
    {"\"\\ud83d\\n\"", false},
    {"\"\\ud83d\\ud83d\"", false},
    {"\"\\ude00\"", false},
    {"\"a\tb\"", false},
    {"\"12345678\x01\"", false},
    {"\"12345678\x1f\x7f\"", false},
    {"\"\x7f\"", true},
    {"\"\xc3\xa9\xf0\x9f\x98\x80\"", true},
    {"\"12345678\xc3\xa9\"", true},
    {"\"12345678\xc3\"", false},
    {"\"\xed\xa0\x80\"", false},
    {"{\"\xff\":1}", false},
    {"[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", true},
    {"[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", false},
    {"[[[[[[[[[[[[[[[[{}]]]]]]]]]]]]]]]]", false},
};

static void test_texts(void)
{
    SipwhyJsonReader *reader = sipwhy_json_reader_new();

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        const size_t length = strlen(cases[i].text);
        char *exact = g_memdup2(cases[i].text, length); /* a byte more is seen by sanitizers */
        const bool accepted = sipwhy_json_reader_read(reader, exact ? exact : "", length);
        if (accepted != cases[i].accepted)
            g_test_message("%s", cases[i].text);
        g_assert_true(accepted == cases[i].accepted);
        g_free(exact);
    }
    g_assert_null(sipwhy_json_reader_read(reader, "\"a\0b\"", 5));
    g_assert_null(sipwhy_json_reader_read(reader, "{}\0", 3));
    sipwhy_json_reader_free(reader);
}

static void test_members(void)
{
    static const char line[] = "{\"a\":1,\"b\":{\"a\":2,\"x\":[3,4]},\"c\":[],\"d\":\"e\"}";
    SipwhyJsonReader *reader = sipwhy_json_reader_new();
    const SipwhyJsonValue *object = sipwhy_json_reader_read(reader, line, strlen(line));
    const SipwhyJsonValue *place = NULL;

    g_assert_nonnull(object);
    const SipwhyJsonValue *c = sipwhy_json_member(object, "c", &place);
    g_assert_cmpint(c->kind, ==, SIPWHY_JSON_ARRAY);
    g_assert_cmpuint(sipwhy_json_count(c), ==, 0);
    const SipwhyJsonValue *b = sipwhy_json_member(object, "b", &place); /* before the last one */
    const SipwhyJsonValue *inner = NULL;
    g_assert_cmpuint(sipwhy_json_count(sipwhy_json_member(b, "x", &inner)), ==, 2);
    g_assert_null(sipwhy_json_member(object, "x", &place));
    g_assert_null(sipwhy_json_member(object, "e", &place)); /* a value, not a key */
    g_assert_true(sipwhy_json_member(object, "d", &place)->kind == SIPWHY_JSON_STRING);
    g_assert_true(sipwhy_json_member(object, "a", &place)->kind == SIPWHY_JSON_INTEGER);
    sipwhy_json_reader_free(reader);
}

static void test_integers(void)
{
    static const struct {
        const char *text;
        bool fits;
        int64_t number;
    } numbers[] = {{"0", true, 0},
                   {"-0", true, 0},
                   {"4294967296", true, INT64_C(4294967296)},
                   {"9223372036854775807", true, INT64_MAX},
                   {"-9223372036854775808", true, INT64_MIN},
                   {"9223372036854775808", false, 0},
                   {"-9223372036854775809", false, 0},
                   {"92233720368547758070", false, 0}};
    SipwhyJsonReader *reader = sipwhy_json_reader_new();
    int64_t number;

    for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const SipwhyJsonValue *value =
            sipwhy_json_reader_read(reader, numbers[i].text, strlen(numbers[i].text));
        g_assert_true(sipwhy_json_integer(value, &number) == numbers[i].fits);
        g_assert_true(!numbers[i].fits || number == numbers[i].number);
    }
    sipwhy_json_reader_free(reader);
}

/* A NUL would end a text before its end. */
static void test_nul(void)
{
    static const char line[] = "\"a\\u0000b\\ud83d\\ude00\"";
    SipwhyJsonReader *reader = sipwhy_json_reader_new();
    GString *room = g_string_new(NULL);
    size_t length;

    sipwhy_json_unescape(sipwhy_json_reader_read(reader, line, strlen(line)), room, &length);
    g_assert_cmpstr(room->str, ==,
                    "a\xef\xbf\xbd"
                    "b\xf0\x9f\x98\x80");
    g_assert_cmpuint(length, ==, room->len);
    g_string_free(room, TRUE);
    sipwhy_json_reader_free(reader);
}

/* ---- json-glib ---- */

static void assert_same(const SipwhyJsonValue *value, JsonNode *node);

static char *text_of(const SipwhyJsonValue *string)
{
    GString *room = g_string_new(NULL);
    size_t length;
    const char *text = sipwhy_json_unescape(string, room, &length);
    char *copy = g_strndup(text, length);

    g_string_free(room, TRUE);
    return copy;
}

static void assert_same_array(const SipwhyJsonValue *array, JsonArray *other)
{
    const SipwhyJsonValue *value = array + 1;

    g_assert_cmpuint(sipwhy_json_count(array), ==, json_array_get_length(other));
    for (guint i = 0; i < json_array_get_length(other); i++, value += value->size)
        assert_same(value, json_array_get_element(other, i));
}

/* Of several members with one key json-glib has the last. */
static void assert_same_object(const SipwhyJsonValue *object, JsonObject *other)
{
    const SipwhyJsonValue *end = object + object->size;

    if (sipwhy_json_count(object) != 2 * json_object_get_size(other))
        return;
    for (const SipwhyJsonValue *key = object + 1; key < end; key += 1 + key[1].size) {
        char *name = text_of(key);
        g_assert_true(json_object_has_member(other, name));
        assert_same(key + 1, json_object_get_member(other, name));
        g_free(name);
    }
}

static void assert_same_number(const SipwhyJsonValue *value, JsonNode *node)
{
    int64_t number;

    if (value->kind == SIPWHY_JSON_DECIMAL)
        g_assert_true(json_node_get_double(node) == sipwhy_json_number(value));
    else if (sipwhy_json_integer(value, &number))
        g_assert_cmpint(json_node_get_int(node), ==, number);
}

static void assert_same(const SipwhyJsonValue *value, JsonNode *node)
{
    char *text;

    switch (value->kind) {
    case SIPWHY_JSON_NULL:
        g_assert_true(JSON_NODE_HOLDS_NULL(node));
        break;
    case SIPWHY_JSON_TRUE:
    case SIPWHY_JSON_FALSE:
        g_assert_true(json_node_get_boolean(node) == (value->kind == SIPWHY_JSON_TRUE));
        break;
    case SIPWHY_JSON_INTEGER:
    case SIPWHY_JSON_DECIMAL:
        assert_same_number(value, node);
        break;
    case SIPWHY_JSON_STRING:
        text = text_of(value);
        g_assert_cmpstr(text, ==, json_node_get_string(node));
        g_free(text);
        break;
    case SIPWHY_JSON_ARRAY:
        assert_same_array(value, json_node_get_array(node));
        break;
    case SIPWHY_JSON_OBJECT:
        assert_same_object(value, json_node_get_object(node));
        break;
    }
}

/* Whether json-glib takes a line. What the reader takes it takes too, as the same values. */
static bool compare(SipwhyJsonReader *reader, JsonParser *parser, const char *line, size_t length)
{
    const SipwhyJsonValue *value = sipwhy_json_reader_read(reader, line, length);
    const bool taken = g_utf8_validate(line, (gssize)length, NULL) &&
                       sipwhy_json_is_harmless(line, length, SIPWHY_JSON_DEPTH_MOST) &&
                       json_parser_load_from_data(parser, line, (gssize)length, NULL);

    if (value) {
        g_assert_true(taken);
        assert_same(value, json_parser_get_root(parser));
    }
    return taken;
}

/* A line with each of its bytes in turn as another one. */
static void compare_damaged(SipwhyJsonReader *reader, JsonParser *parser, const char *line,
                            size_t length)
{
    static const char damages[] = "\"\\,:{}[]0-.eu \x1f\x80";
    char *copy = g_memdup2(line, length);

    for (size_t i = 0; i < length; i++) {
        copy[i] = damages[i % (sizeof damages - 1)];
        compare(reader, parser, copy, length);
        copy[i] = line[i];
    }
    g_free(copy);
}

static void compare_file(const char *path)
{
    SipwhyJsonReader *reader = sipwhy_json_reader_new();
    JsonParser *parser = json_parser_new();
    char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        const size_t length = strlen(*line);
        const bool taken = compare(reader, parser, *line, length);
        g_assert_true(taken == (length == 0 || sipwhy_json_reader_read(reader, *line, length)));
        if (length > 0)
            compare_damaged(reader, parser, *line, length);
    }
    g_strfreev(lines);
    g_free(text);
    g_object_unref(parser);
    sipwhy_json_reader_free(reader);
}

/* The recordings that the fuzzer begins with; what it found itself may be anything. */
static void test_recordings(void)
{
    char *folder = g_build_filename(g_getenv("SIPWHY_SOURCE"), "tests/fuzz/corpus/recording", NULL);
    GDir *files = g_dir_open(folder, 0, NULL);
    unsigned count = 0;
    const char *name;

    g_assert_nonnull(files);
    while ((name = g_dir_read_name(files))) {
        if (!g_str_has_suffix(name, ".jsonl"))
            continue;
        char *path = g_build_filename(folder, name, NULL);
        compare_file(path);
        g_free(path);
        count++;
    }
    g_assert_cmpuint(count, >, 0);
    g_dir_close(files);
    g_free(folder);
}

static void test_cases(void)
{
    SipwhyJsonReader *reader = sipwhy_json_reader_new();
    JsonParser *parser = json_parser_new();

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
        compare(reader, parser, cases[i].text, strlen(cases[i].text));
    g_object_unref(parser);
    sipwhy_json_reader_free(reader);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json-reader/texts", test_texts);
    g_test_add_func("/json-reader/members", test_members);
    g_test_add_func("/json-reader/integers", test_integers);
    g_test_add_func("/json-reader/nul", test_nul);
    g_test_add_func("/json-reader/json-glib/cases", test_cases);
    g_test_add_func("/json-reader/json-glib/recordings", test_recordings);
    return g_test_run();
}
