/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * classes.ini: the six classes, and the advice for a code that has no entry.
 */
#include "build.h"
#include "emit.h"
#include "knowledge.h"

static const char FILE_NAME[] = "classes.ini";
static const char *const groups[] = {"1xx", "2xx", "3xx", "4xx", "5xx", "6xx"};

static void check_groups(Source *source)
{
    for (const char *const *group = source_groups(source); *group; group++) {
        gboolean known = FALSE;
        for (unsigned i = 0; i < G_N_ELEMENTS(groups); i++)
            known = known || g_str_equal(*group, groups[i]);
        if (!known)
            source_refuse_group(source, *group, "is no class (1xx to 6xx)");
    }
}

static void emit_class_words(GString *out, Source *source, const char *language)
{
    GString *rows = g_string_new(NULL);

    for (unsigned i = 0; i < G_N_ELEMENTS(groups); i++) {
        const char *group = groups[i];
        char *name = g_strdup_printf("class_%s_%s", group, language);
        char *advice =
            emit_advice(out, name, source, group, (Range){1, 3}, (Range){1, 5}, (Range){1, 5});
        g_string_append_printf(rows, "    {%s, ", advice);
        emit_literal(rows, source_sentence(source, group, "next", REQUIRED));
        g_string_append(rows, "},\n");
        g_free(advice);
        g_free(name);
    }
    g_string_append_printf(out, "static const SipwhyClassWords class_words_%s[] = {\n%s};\n",
                           language, rows->str);
    g_string_free(rows, TRUE);
}

void generate_classes(Build *build)
{
    GString *out = build->tables;
    Source *facts = build_load_facts(build, FILE_NAME);

    check_groups(facts);
    g_string_append(out, "const SipwhyClass sipwhy_classes[] = {\n");
    for (unsigned i = 0; i < G_N_ELEMENTS(groups); i++)
        g_string_append_printf(
            out, "    {%u, %d, %d, %u},\n", i + 1,
            source_term(facts, groups[i], "severity", SIPWHY_TERM_KIND_SEVERITY),
            source_term(facts, groups[i], "search", SIPWHY_TERM_KIND_SEARCH),
            source_number(facts, groups[i], "fallback", SIPWHY_STATUS_FIRST, SIPWHY_STATUS_LAST));
    g_string_append(out, "};\n");
    source_finish(facts);
    source_free(facts);

    for (unsigned i = 0; i < build->languages->len; i++) {
        const Language *language = build->languages->pdata[i];
        if (!language->tables)
            continue;
        Source *words = build_load_words(build, language, FILE_NAME);
        check_groups(words);
        emit_class_words(out, words, language->id);
        source_finish(words);
        source_free(words);
    }
    emit_word_tables(out, "SipwhyClassWords", "sipwhy_class_word_tables", "class_words",
                     build->languages);
}
