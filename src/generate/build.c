/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * languages.ini, and the files of facts and words that the parts ask for.
 */
#include "build.h"

#include <string.h>

Source *build_load_facts(const Build *build, const char *name)
{
    return source_load(build->data, name, name);
}

Source *build_load_words(const Build *build, const Language *language, const char *name)
{
    char *label = g_build_filename(language->id, name, NULL);
    Source *source = source_load(build->data, label, label);
    const Language *first = build->languages->pdata[0];

    if (language != first) {
        Source *model = build_load_words(build, first, name);
        source_match(source, model);
        source_free(model);
    }
    g_free(label);
    return source;
}

static void free_language(void *data)
{
    Language *language = data;
    g_free(language->id);
    g_free(language->name);
    g_free(language);
}

GPtrArray *build_languages_new(void)
{
    return g_ptr_array_new_with_free_func(free_language);
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

void build_refuse_unknown_files(const Build *build, const char *folder, const char *const *known)
{
    char *path = g_build_filename(build->data, folder, NULL);
    GDir *directory = g_dir_open(path, 0, NULL);
    const char *name;

    while (directory && (name = g_dir_read_name(directory))) {
        char *label = g_build_filename(folder, name, NULL);
        if (g_str_has_suffix(name, ".ini") && !g_strv_contains(known, name))
            source_complain(NULL, NULL, NULL, "%s is read by nobody",
                            strcmp(folder, ".") == 0 ? name : label);
        g_free(label);
    }
    if (directory)
        g_dir_close(directory);
    g_free(path);
}
