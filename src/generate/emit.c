/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * C text for the tables.
 */
#include "emit.h"

#include <string.h>

#include "build.h"
#include "reference.h"

void emit_literal(GString *out, const char *text)
{
    if (!text) {
        g_string_append(out, "NULL");
        return;
    }
    g_string_append_c(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

char *emit_identifier(const char *name)
{
    char *identifier = g_strdup(name);

    for (char *c = identifier; *c; c++)
        if (!g_ascii_isalnum(*c))
            *c = '_';
    return identifier;
}

char *emit_lines_array(GString *out, const char *name, const GPtrArray *lines)
{
    if (lines->len == 0)
        return g_strdup("{NULL, 0}");
    g_string_append_printf(out, "static const char *const %s[] = {\n", name);
    for (unsigned i = 0; i < lines->len; i++) {
        g_string_append(out, "    ");
        emit_literal(out, lines->pdata[i]);
        g_string_append(out, ",\n");
    }
    g_string_append(out, "};\n");
    return g_strdup_printf("{%s, %u}", name, lines->len);
}

char *emit_numbers_array(GString *out, const char *name, const GArray *numbers)
{
    if (numbers->len == 0)
        return g_strdup("{NULL, 0}");
    g_string_append_printf(out, "static const uint16_t %s[] = {", name);
    for (unsigned i = 0; i < numbers->len; i++)
        g_string_append_printf(out, "%s%u", i ? ", " : "", g_array_index(numbers, guint16, i));
    g_string_append(out, "};\n");
    return g_strdup_printf("{%s, %u}", name, numbers->len);
}

char *emit_fixes_array(GString *out, const char *name, Source *source, const char *group,
                       unsigned least, unsigned most)
{
    GPtrArray *lines = source_sentences(source, group, "fix", least, most);
    char *pair = g_strdup("{NULL, 0}");

    if (lines->len > 0) {
        g_string_append_printf(out, "static const SipwhyFix %s[] = {\n", name);
        for (unsigned i = 0; i < lines->len; i++) {
            const char *line = lines->pdata[i];
            const char *colon = strstr(line, ": ");
            char *who = colon ? g_strndup(line, (gsize)(colon - line)) : g_strdup("");
            int role = sipwhy_term_value(SIPWHY_TERM_KIND_ROLE, who);
            if (role < 0) {
                char *key = g_strdup_printf("fix%u", i + 1);
                char *roles = source_term_ids(SIPWHY_TERM_KIND_ROLE);
                source_complain(source, group, key, "does not begin with WHO and a colon (%s)",
                                roles);
                g_free(roles);
                g_free(key);
            }
            g_string_append_printf(out, "    {%d, ", role);
            emit_literal(out, colon ? colon + 2 : line);
            g_string_append(out, "},\n");
            g_free(who);
        }
        g_string_append(out, "};\n");
        g_free(pair);
        pair = g_strdup_printf("{%s, %u}", name, lines->len);
    }
    g_ptr_array_free(lines, TRUE);
    return pair;
}

char *emit_sentences(GString *out, const char *name, Source *source, const char *group,
                     const char *key, Range range)
{
    GPtrArray *lines = source_sentences(source, group, key, range.least, range.most);
    char *array = g_strdup_printf("%s_%s", name, key);
    char *pair = emit_lines_array(out, array, lines);

    g_free(array);
    g_ptr_array_free(lines, TRUE);
    return pair;
}

char *emit_advice(GString *out, const char *name, Source *source, const char *group,
                  Range descriptions, Range causes, Range fixes)
{
    char *array = g_strconcat(name, "_fix", NULL);
    char *pairs[] = {
        emit_sentences(out, name, source, group, "description", descriptions),
        emit_sentences(out, name, source, group, "cause", causes),
        emit_fixes_array(out, array, source, group, fixes.least, fixes.most),
    };
    char *advice = g_strdup_printf("%s, %s, %s", pairs[0], pairs[1], pairs[2]);

    for (unsigned i = 0; i < G_N_ELEMENTS(pairs); i++)
        g_free(pairs[i]);
    g_free(array);
    return advice;
}

char *emit_source_url(const char *source, const char *otherwise)
{
    char *url = sipwhy_source_url(source);

    return url ? url : g_strdup(otherwise);
}

void emit_word_tables(GString *out, const char *type, const char *table, const char *name,
                      const GPtrArray *languages)
{
    const Language *first = languages->pdata[0];

    g_string_append_printf(out, "const %s *const %s[] = {", type, table);
    for (unsigned i = 0; i < languages->len; i++) {
        const Language *language = languages->pdata[i];
        g_string_append_printf(out, "%s_%s, ", name, language->tables ? language->id : first->id);
    }
    g_string_append(out, "};\n\n");
}
