/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * validate-lines SCHEMA: checks each line of standard input against a JSON Schema.
 *
 * It knows the keywords of draft 2020-12 that our schemas use, and refuses a schema with others:
 * what it does not check must not look checked. Stricter than the standard, it takes no member that
 * a "$defs" schema with "properties" does not name. A line that is no JSON, or is not valid, is
 * reported on standard output; the exit code is 1 if there is one, 2 without any line.
 */
#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    JsonObject *root; /* the whole schema */
    GString *error;   /* what is wrong, or empty */
    bool quiet;       /* in "if": being wrong is no error */
} Check;

static bool validate(Check *check, JsonNode *schema, JsonNode *value, const char *path);

G_GNUC_PRINTF(3, 4)
static bool wrong(Check *check, const char *path, const char *format, ...)
{
    va_list arguments;

    if (!check->quiet && check->error->len == 0) {
        g_string_printf(check->error, "%s ", *path ? path : "the line");
        va_start(arguments, format);
        g_string_append_vprintf(check->error, format, arguments);
        va_end(arguments);
    }
    return false;
}

static bool is_of_type(JsonNode *value, const char *type)
{
    const GType scalar = json_node_get_value_type(value);

    if (strcmp(type, "object") == 0)
        return JSON_NODE_HOLDS_OBJECT(value);
    if (strcmp(type, "array") == 0)
        return JSON_NODE_HOLDS_ARRAY(value);
    if (strcmp(type, "null") == 0)
        return JSON_NODE_HOLDS_NULL(value);
    if (!JSON_NODE_HOLDS_VALUE(value))
        return false;
    if (strcmp(type, "string") == 0)
        return scalar == G_TYPE_STRING;
    if (strcmp(type, "boolean") == 0)
        return scalar == G_TYPE_BOOLEAN;
    if (strcmp(type, "integer") == 0)
        return scalar == G_TYPE_INT64;
    return strcmp(type, "number") == 0 && (scalar == G_TYPE_INT64 || scalar == G_TYPE_DOUBLE);
}

static bool check_type(Check *check, JsonNode *types, JsonNode *value, const char *path)
{
    if (!JSON_NODE_HOLDS_ARRAY(types))
        return is_of_type(value, json_node_get_string(types)) ||
               wrong(check, path, "is no %s", json_node_get_string(types));
    JsonArray *list = json_node_get_array(types);
    for (guint i = 0; i < json_array_get_length(list); i++)
        if (is_of_type(value, json_array_get_string_element(list, i)))
            return true;
    return wrong(check, path, "is of another type");
}

static bool check_enum(Check *check, JsonNode *values, JsonNode *value, const char *path)
{
    JsonArray *list = json_node_get_array(values);

    for (guint i = 0; i < json_array_get_length(list); i++)
        if (json_node_equal(json_array_get_element(list, i), value))
            return true;
    return wrong(check, path, "is none of the values that it may have");
}

static bool check_limit(Check *check, const char *keyword, JsonNode *limit, JsonNode *value,
                        const char *path)
{
    if (!is_of_type(value, "number"))
        return true;
    const double number = json_node_get_double(value);
    const double bound = json_node_get_double(limit);
    const bool within = strcmp(keyword, "minimum") == 0 ? number >= bound : number <= bound;
    return within || wrong(check, path, "is beyond its %s", keyword);
}

static bool check_pattern(Check *check, JsonNode *pattern, JsonNode *value, const char *path)
{
    return !is_of_type(value, "string") ||
           g_regex_match_simple(json_node_get_string(pattern), json_node_get_string(value), 0, 0) ||
           wrong(check, path, "does not match its pattern");
}

static bool check_required(Check *check, JsonNode *names, JsonNode *value, const char *path)
{
    JsonArray *list = json_node_get_array(names);

    if (!JSON_NODE_HOLDS_OBJECT(value))
        return true;
    for (guint i = 0; i < json_array_get_length(list); i++) {
        const char *name = json_array_get_string_element(list, i);
        if (!json_object_has_member(json_node_get_object(value), name))
            return wrong(check, path, "has no %s", name);
    }
    return true;
}

static bool check_items(Check *check, JsonNode *schema, JsonNode *value, const char *path)
{
    if (!JSON_NODE_HOLDS_ARRAY(value))
        return true;
    JsonArray *list = json_node_get_array(value);
    bool valid = true;
    for (guint i = 0; valid && i < json_array_get_length(list); i++) {
        char *place = g_strdup_printf("%s[%u]", path, i);
        valid = validate(check, schema, json_array_get_element(list, i), place);
        g_free(place);
    }
    return valid;
}

static bool check_names(Check *check, JsonNode *schema, JsonNode *value, const char *path)
{
    if (!JSON_NODE_HOLDS_OBJECT(value))
        return true;
    GList *names = json_object_get_members(json_node_get_object(value));
    bool valid = true;
    for (GList *name = names; valid && name; name = name->next) {
        JsonNode *node = json_node_init_string(json_node_alloc(), name->data);
        valid = validate(check, schema, node, path);
        json_node_unref(node);
    }
    g_list_free(names);
    return valid;
}

/* "properties" and "additionalProperties"; either may be NULL. A member that neither knows is wrong
 * if the schema is `closed`. */
static bool check_members(Check *check, JsonObject *known, JsonNode *others, bool closed,
                          JsonNode *value, const char *path)
{
    if (!JSON_NODE_HOLDS_OBJECT(value))
        return true;
    JsonObject *object = json_node_get_object(value);
    GList *names = json_object_get_members(object);
    bool valid = true;
    for (GList *name = names; valid && name; name = name->next) {
        JsonNode *schema = known ? json_object_get_member(known, name->data) : NULL;
        char *place = g_strdup_printf("%s.%s", path, (const char *)name->data);
        schema = schema ? schema : others;
        if (schema)
            valid = validate(check, schema, json_object_get_member(object, name->data), place);
        else if (closed)
            valid = wrong(check, place, "is not in the schema");
        g_free(place);
    }
    g_list_free(names);
    return valid;
}

static bool check_condition(Check *check, JsonObject *schema, JsonNode *value, const char *path)
{
    JsonNode *condition = json_object_get_member(schema, "if");
    const bool quiet = check->quiet;

    if (!condition)
        return true;
    check->quiet = true;
    const bool met = validate(check, condition, value, path);
    check->quiet = quiet;
    JsonNode *branch = json_object_get_member(schema, met ? "then" : "else");
    return !branch || validate(check, branch, value, path);
}

static bool check_all(Check *check, JsonNode *schemas, JsonNode *value, const char *path)
{
    JsonArray *list = json_node_get_array(schemas);

    for (guint i = 0; i < json_array_get_length(list); i++)
        if (!validate(check, json_array_get_element(list, i), value, path))
            return false;
    return true;
}

/* "#/$defs/NAME" */
static bool check_reference(Check *check, JsonNode *reference, JsonNode *value, const char *path)
{
    static const char start[] = "#/$defs/";
    const char *target = json_node_get_string(reference);

    /* NOLINTNEXTLINE(readability-suspicious-call-argument): `start` is the prefix */
    if (!g_str_has_prefix(target, start))
        g_error("the schema refers to %s", target);
    JsonObject *definitions = json_object_get_object_member(check->root, "$defs");
    const char *name = target + strlen(start);
    JsonNode *definition = json_object_get_member(definitions, name);
    if (!definition)
        g_error("the schema has no %s", target);
    return validate(check, definition, value, path);
}

static bool is_annotation(const char *keyword)
{
    static const char *const annotations[] = {"$schema", "$defs", "title", "description", NULL};
    /* these are looked at with "if" and "properties" */
    static const char *const companions[] = {"then", "else", "additionalProperties", NULL};

    return g_strv_contains(annotations, keyword) || g_strv_contains(companions, keyword);
}

static bool check_keyword(Check *check, JsonObject *schema, const char *keyword, JsonNode *value,
                          const char *path)
{
    JsonNode *says = json_object_get_member(schema, keyword);

    if (strcmp(keyword, "$ref") == 0)
        return check_reference(check, says, value, path);
    if (strcmp(keyword, "type") == 0)
        return check_type(check, says, value, path);
    if (strcmp(keyword, "enum") == 0)
        return check_enum(check, says, value, path);
    if (strcmp(keyword, "const") == 0)
        return json_node_equal(says, value) || wrong(check, path, "has another value");
    if (strcmp(keyword, "minimum") == 0 || strcmp(keyword, "maximum") == 0)
        return check_limit(check, keyword, says, value, path);
    if (strcmp(keyword, "pattern") == 0)
        return check_pattern(check, says, value, path);
    if (strcmp(keyword, "required") == 0)
        return check_required(check, says, value, path);
    if (strcmp(keyword, "items") == 0)
        return check_items(check, says, value, path);
    if (strcmp(keyword, "propertyNames") == 0)
        return check_names(check, says, value, path);
    if (strcmp(keyword, "allOf") == 0)
        return check_all(check, says, value, path);
    if (strcmp(keyword, "if") == 0)
        return check_condition(check, schema, value, path);
    if (strcmp(keyword, "properties") != 0 && !is_annotation(keyword))
        g_error("this program does not know the keyword \"%s\"", keyword);
    return true;
}

static bool validate(Check *check, JsonNode *schema, JsonNode *value, const char *path)
{
    if (!JSON_NODE_HOLDS_OBJECT(schema)) /* true or false */
        return json_node_get_boolean(schema) || wrong(check, path, "must not be there");
    JsonObject *object = json_node_get_object(schema);
    GList *keywords = json_object_get_members(object);
    bool valid = true;
    for (GList *keyword = keywords; valid && keyword; keyword = keyword->next)
        valid = check_keyword(check, object, keyword->data, value, path);
    g_list_free(keywords);
    JsonNode *known = json_object_get_member(object, "properties");
    /* those with a type say all that an object has; others are conditions */
    const bool closed = known && json_object_has_member(object, "type");
    return valid && check_members(check, known ? json_node_get_object(known) : NULL,
                                  json_object_get_member(object, "additionalProperties"), closed,
                                  value, path);
}

static bool validate_line(Check *check, JsonNode *schema, const char *line, unsigned number)
{
    GError *error = NULL;
    JsonNode *value = g_utf8_validate(line, -1, NULL) ? json_from_string(line, &error) : NULL;

    g_string_truncate(check->error, 0);
    if (!value)
        wrong(check, "", "is no JSON: %s", error ? error->message : "no UTF-8, or empty");
    else
        validate(check, schema, value, "");
    if (value)
        json_node_unref(value);
    g_clear_error(&error);
    if (check->error->len > 0)
        printf("line %u: %s\n", number, check->error->str);
    return check->error->len == 0;
}

static JsonParser *read_schema(const char *file)
{
    JsonParser *parser = json_parser_new_immutable();
    GError *error = NULL;

    if (!json_parser_load_from_file(parser, file, &error))
        g_error("%s: %s", file, error->message);
    return parser;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: validate-lines SCHEMA < LINES\n", stderr);
        return 2;
    }
    JsonParser *parser = read_schema(argv[1]);
    JsonNode *schema = json_parser_get_root(parser);
    Check check = {.root = json_node_get_object(schema), .error = g_string_new(NULL)};
    char *line = NULL;
    size_t size = 0;
    unsigned number = 0;
    bool valid = true;

    while (getline(&line, &size, stdin) > 0) {
        line[strcspn(line, "\n")] = '\0';
        valid = validate_line(&check, schema, line, ++number) && valid;
    }
    free(line);
    g_string_free(check.error, TRUE);
    g_object_unref(parser);
    if (number == 0)
        puts("there is no line");
    return number == 0 ? 2 : !valid;
}
