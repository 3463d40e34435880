/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Strict reading of one key file: duplicates, unknown keys and misshapen values are all refused.
 */
#include "source.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "knowledge.h"

struct Source {
    char *label;
    GKeyFile *keys;
    GStringChunk *texts;
    GHashTable *used; /* "group\nkey" of every key that was asked for */
    char **groups;
};

static unsigned errors;
static gboolean unloadable; /* a file could not be loaded: what else is wrong may follow from it */
static GHashTable *printed;

unsigned source_error_count(void)
{
    return errors;
}

/* Prints a complaint that has not been printed yet: some values are asked for more than once. */
static void complain(const Source *source, const char *group, const char *key, const char *reason)
{
    GString *line = g_string_new(NULL);

    g_string_append_printf(line, "%s: ", source ? source->label : "data");
    if (group)
        g_string_append_printf(line, "[%s] ", group);
    if (key)
        g_string_append_printf(line, "%s: ", key);
    g_string_append(line, reason);
    if (!printed)
        printed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!g_hash_table_contains(printed, line->str)) {
        fprintf(stderr, "%s\n", line->str);
        errors++;
    }
    g_hash_table_add(printed, g_string_free(line, FALSE));
    /* cppcheck-suppress memleak ; the table keeps it */
}

void source_complain(const Source *source, const char *group, const char *key, const char *format,
                     ...)
{
    if (unloadable)
        return;
    va_list arguments;
    va_start(arguments, format);
    char *reason = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    complain(source, group, key, reason);
    g_free(reason);
}

/* The file cannot be used at all. Other such files are still complained of, and nothing else. */
static void complain_of_file(const Source *source, const char *fault, const GError *error)
{
    char *reason = error ? g_strdup_printf("%s: %s", fault, error->message) : g_strdup(fault);

    complain(source, NULL, NULL, reason);
    g_free(reason);
    unloadable = TRUE;
}

/* GKeyFile joins groups and lets the last of two keys win: look for both in the text itself. */
static void find_duplicates(const Source *source, const char *text)
{
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    char **lines = g_strsplit(text, "\n", -1);
    char *group = g_strdup("");

    for (unsigned i = 0; lines[i]; i++) {
        char *line = g_strstrip(lines[i]);
        char *equals = strchr(line, '=');
        if (line[0] == '[' && line[strlen(line) - 1] == ']') {
            g_free(group);
            group = g_strndup(line + 1, strlen(line) - 2);
            if (!g_hash_table_add(seen, g_strdup(group)))
                source_complain(source, group, NULL, "group stands twice (line %u)", i + 1);
        } else if (line[0] != '#' && equals) {
            *equals = '\0';
            if (!g_hash_table_add(seen, g_strdup_printf("%s\n%s", group, g_strstrip(line))))
                source_complain(source, group, line, "key stands twice (line %u)", i + 1);
        }
    }
    g_free(group);
    g_strfreev(lines);
    g_hash_table_destroy(seen);
}

Source *source_load(const char *directory, const char *name, const char *label)
{
    Source *source = g_new0(Source, 1);
    char *path = g_build_filename(directory, name, NULL);
    char *text = NULL;
    gsize length = 0;
    GError *error = NULL;

    source->label = g_strdup(label);
    source->keys = g_key_file_new();
    source->texts = g_string_chunk_new(4096);
    source->used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!g_file_get_contents(path, &text, &length, &error)) {
        complain_of_file(source, "cannot be read", error);
    } else if (!g_utf8_validate(text, (gssize)length, NULL)) {
        complain_of_file(source, "is not UTF-8, or holds a NUL", NULL);
    } else if (!g_key_file_load_from_data(source->keys, text, length, G_KEY_FILE_KEEP_TRANSLATIONS,
                                          &error)) {
        complain_of_file(source, "is no key file", error);
    } else {
        find_duplicates(source, text);
    }
    g_clear_error(&error);
    g_free(text);
    g_free(path);
    return source;
}

void source_free(Source *source)
{
    if (!source)
        return;
    g_strfreev(source->groups);
    g_hash_table_destroy(source->used);
    g_string_chunk_free(source->texts);
    g_key_file_free(source->keys);
    g_free(source->label);
    g_free(source);
}

static int compare_strings(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The sorted {placeholders} of a text, as one string. */
static char *placeholders(const char *text)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (const char *open = strchr(text, '{'); open; open = strchr(open + 1, '{')) {
        const char *close = strchr(open, '}');
        if (close)
            g_ptr_array_add(names, g_strndup(open, (gsize)(close - open + 1)));
    }
    g_ptr_array_sort(names, compare_strings);
    GString *joined = g_string_new("");
    for (unsigned i = 0; i < names->len; i++)
        if (i == 0 || strcmp(names->pdata[i], names->pdata[i - 1]) != 0)
            g_string_append(joined, names->pdata[i]);
    g_ptr_array_free(names, TRUE);
    return g_string_free(joined, FALSE);
}

static char *value_of(const Source *source, const char *group, const char *key)
{
    return g_key_file_get_value(source->keys, group, key, NULL);
}

/* A text against that of the default language. */
static void match_text(const Source *source, const Source *model, const char *group,
                       const char *key)
{
    char *value = value_of(source, group, key);
    char *wanted_in = value_of(model, group, key);
    char *found = value ? placeholders(value) : NULL;
    char *wanted = wanted_in ? placeholders(wanted_in) : NULL;

    if (!found)
        source_complain(source, group, key, "is missing");
    else if (g_strcmp0(found, wanted) != 0)
        source_complain(source, group, key, "has placeholders %s, the default language has %s",
                        found, wanted);
    g_free(wanted);
    g_free(found);
    g_free(wanted_in);
    g_free(value);
}

/* A text that the default language does not have. */
static void match_orphan(Source *source, const Source *model, const char *group, const char *key)
{
    if (g_key_file_has_key(model->keys, group, key, NULL))
        return;
    source_complain(source, group, key, "has no counterpart in the default language");
    g_hash_table_add(source->used, g_strdup_printf("%s\n%s", group, key));
}

void source_match(Source *source, Source *model)
{
    for (const char *const *group = source_groups(model); *group; group++) {
        if (!source_has_group(source, *group))
            continue; /* whoever needs it complains of that */
        char **wanted = source_keys(model, *group);
        for (char **key = wanted; *key; key++)
            match_text(source, model, *group, *key);
        g_strfreev(wanted);
        char **found = source_keys(source, *group);
        for (char **key = found; *key; key++)
            match_orphan(source, model, *group, *key);
        g_strfreev(found);
    }
}

const char *const *source_groups(Source *source)
{
    if (!source->groups)
        source->groups = g_key_file_get_groups(source->keys, NULL);
    return (const char *const *)source->groups;
}

char **source_keys(Source *source, const char *group)
{
    return g_key_file_get_keys(source->keys, group, NULL, NULL);
}

gboolean source_has_group(Source *source, const char *group)
{
    return g_key_file_has_group(source->keys, group);
}

static const char *const typographic[] = {"\u2018", "\u2019", "\u201c", "\u201d", NULL};

const char *source_text(Source *source, const char *group, const char *key, int required)
{
    char *value = g_key_file_get_value(source->keys, group, key, NULL);

    g_hash_table_add(source->used, g_strdup_printf("%s\n%s", group, key));
    if (!value) {
        if (required)
            source_complain(source, group, key, "is missing");
        return NULL;
    }
    const char *text = g_string_chunk_insert(source->texts, value);
    g_free(value);
    size_t length = strlen(text);
    if (length == 0) {
        source_complain(source, group, key, "is empty");
        return NULL;
    }
    if (g_ascii_isspace(text[0]) || g_ascii_isspace(text[length - 1]))
        source_complain(source, group, key, "begins or ends with white space");
    for (const char *c = text; *c; c++) {
        if (g_ascii_iscntrl(*c) || *c == '\\') {
            source_complain(source, group, key, "holds a control character or a backslash");
            break;
        }
    }
    for (const char *const *mark = typographic; *mark; mark++)
        if (strstr(text, *mark))
            source_complain(source, group, key, "holds %s: write straight quotes", *mark);
    return text;
}

const char *source_sentence(Source *source, const char *group, const char *key, int required)
{
    const char *text = source_text(source, group, key, required);

    if (!text)
        return NULL;
    size_t length = strlen(text);
    if (length > SIPWHY_LINE_BYTES_MAX)
        source_complain(source, group, key, "has %zu bytes, %d are allowed", length,
                        SIPWHY_LINE_BYTES_MAX);
    while (length > 1 && g_ascii_isspace(text[length - 1])) /* complained of already */
        length--;
    if (text[length - 1] != '.')
        source_complain(source, group, key, "does not end with a full stop");
    return text;
}

GPtrArray *source_sentences(Source *source, const char *group, const char *key, unsigned least,
                            unsigned most)
{
    GPtrArray *lines = g_ptr_array_new();
    gboolean gap = FALSE; /* of those that may be missing; others have been complained of */

    for (unsigned i = 1; i <= most; i++) {
        char *numbered = g_strdup_printf("%s%u", key, i);
        const char *text = source_sentence(source, group, numbered, i <= least);
        if (text && gap)
            source_complain(source, group, numbered, "stands after a gap");
        gap = !text && (gap || i > least);
        if (text)
            g_ptr_array_add(lines, (char *)text);
        for (unsigned other = 0; text && other + 1 < lines->len; other++)
            if (strcmp(lines->pdata[other], text) == 0)
                source_complain(source, group, numbered, "says the same as another one");
        g_free(numbered);
    }
    return lines;
}

GPtrArray *source_list(Source *source, const char *group, const char *key, int required)
{
    GPtrArray *items = g_ptr_array_new();
    const char *text = source_text(source, group, key, required);

    if (!text)
        return items;
    char **parts = g_strsplit(text, ";", -1);
    for (char **part = parts; *part; part++) {
        char *item = g_strstrip(*part);
        if (*item)
            g_ptr_array_add(items, g_string_chunk_insert(source->texts, item));
        else if (part[1])
            source_complain(source, group, key, "has an empty item");
    }
    g_strfreev(parts);
    return items;
}

GPtrArray *source_references(Source *source, const char *group)
{
    GPtrArray *references = source_list(source, group, "source", REQUIRED);

    for (unsigned i = 0; i < references->len; i++) {
        const char *text = references->pdata[i];
        if (g_str_has_prefix(text, "RFC") &&
            !g_regex_match_simple("^RFC [1-9][0-9]{0,3} [0-9A-Z]+(\\.[0-9]+)*$", text, 0, 0))
            source_complain(source, group, "source", "\"%s\" is not RFC NUMBER SECTION", text);
    }
    return references;
}

static gboolean parse_number(const char *text, unsigned first, unsigned last, unsigned *number)
{
    guint64 value;

    if (!g_ascii_string_to_unsigned(text, 10, first, last, &value, NULL))
        return FALSE;
    *number = (unsigned)value;
    return TRUE;
}

GArray *source_numbers(Source *source, const char *group, const char *key, unsigned first,
                       unsigned last)
{
    GPtrArray *items = source_list(source, group, key, OPTIONAL);
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint16));

    for (unsigned i = 0; i < items->len; i++) {
        unsigned number = 0;
        const char *item = items->pdata[i];
        if (!parse_number(item, first, last, &number)) {
            source_complain(source, group, key, "\"%s\" is no number from %u to %u", item, first,
                            last);
            continue;
        }
        guint16 value = (guint16)number;
        for (unsigned j = 0; j < numbers->len; j++)
            if (g_array_index(numbers, guint16, j) == value)
                source_complain(source, group, key, "%u stands twice", number);
        g_array_append_val(numbers, value);
    }
    g_ptr_array_free(items, TRUE);
    return numbers;
}

unsigned source_number(Source *source, const char *group, const char *key, unsigned first,
                       unsigned last)
{
    const char *text = source_text(source, group, key, REQUIRED);
    unsigned number = first;

    if (text && !parse_number(text, first, last, &number))
        source_complain(source, group, key, "\"%s\" is no number from %u to %u", text, first, last);
    return number;
}

char *source_term_ids(SipwhyTermKind kind)
{
    GString *ids = g_string_new(NULL);

    for (int value = 0; sipwhy_term_id(kind, value); value++)
        g_string_append_printf(ids, "%s%s", value ? ", " : "", sipwhy_term_id(kind, value));
    return g_string_free(ids, FALSE);
}

int source_term(Source *source, const char *group, const char *key, SipwhyTermKind kind)
{
    const char *text = source_text(source, group, key, REQUIRED);

    if (!text)
        return 0;
    int value = sipwhy_term_value(kind, text);
    if (value < 0) {
        char *known = source_term_ids(kind);
        source_complain(source, group, key, "\"%s\" is not one of: %s", text, known);
        g_free(known);
        return 0;
    }
    return value;
}

void source_finish(Source *source)
{
    for (const char *const *group = source_groups(source); *group; group++) {
        char **keys = source_keys(source, *group);
        for (char **key = keys; *key; key++) {
            char *name = g_strdup_printf("%s\n%s", *group, *key);
            if (!g_hash_table_contains(source->used, name))
                source_complain(source, *group, *key, "is unknown here");
            g_free(name);
        }
        g_strfreev(keys);
    }
}

void source_skip_group(Source *source, const char *group)
{
    char **keys = source_keys(source, group);

    for (char **key = keys; key && *key; key++)
        g_hash_table_add(source->used, g_strdup_printf("%s\n%s", group, *key));
    g_strfreev(keys);
}

void source_refuse_group(Source *source, const char *group, const char *reason)
{
    source_complain(source, group, NULL, "%s", reason);
    source_skip_group(source, group);
}

gboolean source_group_number(Source *source, const char *group, unsigned first, unsigned last,
                             unsigned *number)
{
    if (group[0] != '0' || group[1] == '\0') /* "0486" is no second 486 */
        if (parse_number(group, first, last, number))
            return TRUE;
    char *reason = g_strdup_printf("the group's name is no number from %u to %u", first, last);
    source_refuse_group(source, group, reason);
    g_free(reason);
    return FALSE;
}

gboolean source_yes_no(Source *source, const char *group, const char *key)
{
    const char *text = source_text(source, group, key, REQUIRED);

    if (text && strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
        source_complain(source, group, key, "\"%s\" is neither yes nor no", text);
    return text && strcmp(text, "yes") == 0;
}
