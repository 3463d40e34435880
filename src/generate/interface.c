/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * interface.ini: what the software itself says, and the labels of the closed lists.
 *
 * Group [terms] holds a label for each term; every other key of every group becomes an enumerator
 * SIPWHY_TEXT_<KEY>. All languages have the same keys with the same {placeholders}.
 */
#include <string.h>

#include "build.h"
#include "emit.h"

static const char FILE_NAME[] = "interface.ini";
static const char TERMS[] = "terms";

typedef struct {
    char *group;
    char *key;
} Text;

static void free_text(void *data)
{
    Text *text = data;
    g_free(text->group);
    g_free(text->key);
    g_free(text);
}

static void emit_term_labels(GString *out, Source *source, const char *language)
{
    for (int kind = 0; kind < SIPWHY_TERM_KIND_COUNT; kind++) {
        g_string_append_printf(out, "static const char *const terms_%s_%d[] = {", language, kind);
        for (int value = 0; sipwhy_term_id((SipwhyTermKind)kind, value); value++) {
            char *key = g_strconcat(sipwhy_term_label_prefix((SipwhyTermKind)kind),
                                    sipwhy_term_id((SipwhyTermKind)kind, value), NULL);
            emit_literal(out, source_text(source, TERMS, key, REQUIRED));
            g_string_append(out, ", ");
            g_free(key);
        }
        g_string_append(out, "};\n");
    }
    g_string_append_printf(out, "static const char *const *const terms_%s[] = {", language);
    for (int kind = 0; kind < SIPWHY_TERM_KIND_COUNT; kind++)
        g_string_append_printf(out, "terms_%s_%d, ", language, kind);
    g_string_append(out, "};\n");
}

static GPtrArray *enumerate_texts(Build *build, Source *source)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(free_text);
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    g_string_append(build->texts, "/** What the software itself says, in data/<language>/"
                                  "interface.ini. */\ntypedef enum {\n");
    for (const char *const *group = source_groups(source); *group; group++) {
        if (strcmp(*group, TERMS) == 0)
            continue;
        char **keys = source_keys(source, *group);
        for (char **key = keys; *key; key++) {
            Text *text = g_new(Text, 1);
            char *identifier = emit_identifier(*key);
            char *upper = g_ascii_strup(identifier, -1);
            if (!g_hash_table_add(seen, g_strdup(*key)))
                source_complain(source, *group, *key, "stands in another group too");
            g_string_append_printf(build->texts, "    SIPWHY_TEXT_%s,\n", upper);
            text->group = g_strdup(*group);
            text->key = g_strdup(*key);
            g_ptr_array_add(texts, text);
            g_free(upper);
            g_free(identifier);
        }
        g_strfreev(keys);
    }
    g_string_append(build->texts, "    SIPWHY_TEXT_COUNT\n} SipwhyText;\n");
    g_hash_table_destroy(seen);
    return texts;
}

void generate_interface(Build *build)
{
    GString *out = build->tables;
    Source *first = build_load_words(build, build->languages->pdata[0], FILE_NAME);
    GPtrArray *texts = enumerate_texts(build, first);

    for (unsigned i = 0; i < build->languages->len; i++) {
        const Language *language = build->languages->pdata[i];
        Source *source = i ? build_load_words(build, language, FILE_NAME) : first;
        emit_term_labels(out, source, language->id);
        g_string_append_printf(out, "static const char *const interface_%s[] = {\n", language->id);
        for (unsigned j = 0; j < texts->len; j++) {
            const Text *text = texts->pdata[j];
            g_string_append(out, "    ");
            emit_literal(out, source_text(source, text->group, text->key, REQUIRED));
            g_string_append(out, ",\n");
        }
        g_string_append(out, "};\n");
        source_finish(source);
        if (source != first)
            source_free(source);
    }
    g_string_append(out, "const char *const *const sipwhy_interface_texts[] = {");
    for (unsigned i = 0; i < build->languages->len; i++)
        g_string_append_printf(out, "interface_%s, ",
                               ((const Language *)build->languages->pdata[i])->id);
    g_string_append(out, "};\nconst char *const *const *const sipwhy_term_labels[] = {");
    for (unsigned i = 0; i < build->languages->len; i++)
        g_string_append_printf(out, "terms_%s, ",
                               ((const Language *)build->languages->pdata[i])->id);
    g_string_append(out, "};\n\n");
    source_free(first);
    g_ptr_array_free(texts, TRUE);
}
