/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * generate-tables DATA TABLES.C INTERFACE.H: checks the knowledge and writes it as C.
 *
 * Every fault of data/ is printed, one a line, as "file: [group] key: reason"; then nothing is
 * written and the exit status is 1. 2: wrong usage. 3: the output cannot be written.
 */
#include <stdio.h>
#include <string.h>

#include "build.h"

Source *build_load_facts(const Build *build, const char *name)
{
    return source_load(build->data, name, name);
}

Source *build_load_words(const Build *build, const Language *language, const char *name)
{
    char *label = g_build_filename(language->id, name, NULL);
    Source *source = source_load(build->data, label, label);
    g_free(label);
    return source;
}

void generate_languages(Build *build)
{
    Source *source = build_load_facts(build, "languages.ini");
    GString *ids = g_string_new("const char *const sipwhy_language_ids[] = {");
    GString *names = g_string_new("const char *const sipwhy_language_names[] = {");

    for (const char *const *group = source_groups(source); *group; group++) {
        Language *language = g_new0(Language, 1);
        GPtrArray *covers = source_list(source, *group, "covers", REQUIRED);
        gboolean interface = FALSE;
        language->id = g_strdup(*group);
        language->name = g_strdup(source_text(source, *group, "name", REQUIRED));
        for (unsigned i = 0; i < covers->len; i++) {
            if (strcmp(covers->pdata[i], "tables") == 0)
                language->tables = TRUE;
            else if (strcmp(covers->pdata[i], "interface") == 0)
                interface = TRUE;
            else
                source_complain(source, *group, "covers", "\"%s\" is neither interface nor tables",
                                (const char *)covers->pdata[i]);
        }
        if (!interface || (build->languages->len == 0 && !language->tables))
            source_complain(source, *group, "covers",
                            "a language covers interface, and the first one tables too");
        g_ptr_array_free(covers, TRUE);
        g_ptr_array_add(build->languages, language);
        g_string_append_printf(ids, "\"%s\", ", language->id);
        g_string_append_printf(names, "\"%s\", ", language->name);
    }
    if (build->languages->len == 0)
        source_complain(source, NULL, NULL, "names no language");
    source_finish(source);
    source_free(source);
    g_string_append_printf(build->tables, "const unsigned sipwhy_language_count = %u;\n",
                           build->languages->len);
    g_string_append_printf(build->tables, "%s};\n%s};\n\n", ids->str, names->str);
    g_string_free(ids, TRUE);
    g_string_free(names, TRUE);
}

static void free_language(void *data)
{
    Language *language = data;
    g_free(language->id);
    g_free(language->name);
    g_free(language);
}

static gboolean write_file(const char *path, const GString *text)
{
    GError *error = NULL;

    if (g_file_set_contents(path, text->str, (gssize)text->len, &error))
        return TRUE;
    fprintf(stderr, "%s: %s\n", path, error->message);
    g_error_free(error);
    return FALSE;
}

int main(int argc, char **argv)
{
    int status = 0;

    if (argc != 4) {
        fprintf(stderr, "usage: generate-tables DATA TABLES.C INTERFACE.H\n");
        return 2;
    }
    Build build = {
        .data = argv[1],
        .languages = g_ptr_array_new_with_free_func(free_language),
        .tables = g_string_new("/* Made from data/ by generate-tables. */\n"
                               "#include \"tables.h\"\n\n"),
        .texts = g_string_new("/* Made from data/ by generate-tables. */\n"
                              "#ifndef SIPWHY_INTERFACE_H\n#define SIPWHY_INTERFACE_H\n\n"),
    };
    generate_languages(&build);
    if (build.languages->len > 0) {
        generate_interface(&build);
        generate_classes(&build);
        generate_codes(&build);
        generate_warnings(&build);
        generate_causes(&build);
        generate_reasons(&build);
    }
    g_string_append(build.texts, "\n#endif\n");

    if (source_error_count() > 0) {
        fprintf(stderr, "data: %u faults, no tables written\n", source_error_count());
        status = 1;
    } else if (!write_file(argv[2], build.tables) || !write_file(argv[3], build.texts)) {
        status = 3;
    }
    g_ptr_array_free(build.languages, TRUE);
    g_string_free(build.tables, TRUE);
    g_string_free(build.texts, TRUE);
    return status;
}
