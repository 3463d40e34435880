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

static gboolean write_file(const char *path, const GString *text)
{
    GError *error = NULL;

    if (g_file_set_contents(path, text->str, (gssize)text->len, &error))
        return TRUE;
    fprintf(stderr, "%s: %s\n", path, error->message);
    g_error_free(error);
    return FALSE;
}

static void refuse_unknown_files(const Build *build)
{
    static const char *const facts[] = {"languages.ini", "classes.ini", "warnings.ini",
                                        "q850.ini",      "reasons.ini", NULL};
    static const char *const words[] = {"interface.ini", "classes.ini", "warnings.ini",
                                        "q850.ini",      "reasons.ini", NULL};
    static const char *const codes[] = {"1xx.ini", "2xx.ini", "3xx.ini",   "4xx.ini",
                                        "5xx.ini", "6xx.ini", "other.ini", NULL};
    static const char *const findings[] = {"authentication.ini",
                                           "identity.ini",
                                           "offer-answer.ini",
                                           "transfer.ini",
                                           "ending.ini",
                                           "routing.ini",
                                           "limits.ini",
                                           "extensions.ini",
                                           "causes.ini",
                                           "timers.ini",
                                           "conformance.ini",
                                           "capture.ini",
                                           NULL};

    build_refuse_unknown_files(build, ".", facts);
    build_refuse_unknown_files(build, "responses", codes);
    build_refuse_unknown_files(build, "findings", findings);
    for (unsigned i = 0; i < build->languages->len; i++) {
        const Language *language = build->languages->pdata[i];
        char *responses = g_build_filename(language->id, "responses", NULL);
        char *templates = g_build_filename(language->id, "findings", NULL);
        build_refuse_unknown_files(build, language->id, words);
        build_refuse_unknown_files(build, responses, codes);
        build_refuse_unknown_files(build, templates, findings);
        g_free(templates);
        g_free(responses);
    }
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
        .languages = build_languages_new(),
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
        generate_findings(&build);
        refuse_unknown_files(&build);
    }
    g_string_append(build.texts, "\n#endif\n");

    if (source_error_count() > 0) {
        fprintf(stderr, "data: %u %s, no tables written\n", source_error_count(),
                source_error_count() == 1 ? "fault" : "faults");
        status = 1;
    } else if (!write_file(argv[2], build.tables) || !write_file(argv[3], build.texts)) {
        status = 3;
    }
    g_ptr_array_free(build.languages, TRUE);
    g_string_free(build.tables, TRUE);
    g_string_free(build.texts, TRUE);
    return status;
}
