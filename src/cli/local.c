/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sipwhy local check: what is wrong in files of local knowledge; and the files of --local.
 */
#include "local/local.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "report/json.h"

/* ---- --local ---- */

/* Says what is wrong in the files, if they are not to be checked: then what is odd is left unsaid.
 */
static void complain_of_faults(const Cli *cli, const GPtrArray *faults)
{
    for (unsigned i = 0; i < faults->len; i++) {
        const SipwhyLocalFault *fault = faults->pdata[i];
        if (!fault->warning)
            cli_complain(cli, SIPWHY_TEXT_RUN_TROUBLE, "trouble", fault->text, NULL);
    }
}

static CliExit judge_files(const SipwhyLocal *local, CliExit faulty)
{
    const SipwhyLocalFile *file;
    CliExit result = CLI_OK;

    for (size_t i = 0; (file = sipwhy_local_file_at(local, i)); i++) {
        if (file->unreadable)
            return CLI_FAILED;
        if (file->faults > 0)
            result = faulty;
    }
    return result;
}

CliExit cli_read_local(Cli *cli)
{
    GPtrArray *faults;

    if (cli->local_paths->len == 0)
        return CLI_OK;
    g_ptr_array_add(cli->local_paths, NULL);
    cli->local =
        sipwhy_local_read((const char *const *)cli->local_paths->pdata, cli->language, &faults);
    complain_of_faults(cli, faults);
    g_ptr_array_free(faults, TRUE);
    return judge_files(cli->local, CLI_OK);
}

void cli_complain_of_slow_patterns(Cli *cli)
{
    const SipwhyLocalEntry *entry;

    while ((entry = sipwhy_local_given_up(cli->local))) {
        char *place = g_strdup_printf("%s:%u", entry->file, entry->line);
        cli_complain(cli, SIPWHY_TEXT_LOCAL_GIVEN_UP, "place", place, "id", entry->id, NULL);
        g_free(place);
    }
}

/* ---- --local of those that read captures ---- */

static CliExit complain_of_first_fault(const Cli *cli, const GPtrArray *faults, char **paths)
{
    const SipwhyLocalFault *first = NULL;
    unsigned count = 0;

    for (unsigned i = 0; i < faults->len; i++) {
        const SipwhyLocalFault *fault = faults->pdata[i];
        if (fault->warning)
            continue;
        first = first ? first : fault;
        count++;
    }
    if (!first)
        return CLI_OK;
    if (count == 1) {
        cli_complain(cli, SIPWHY_TEXT_RUN_TROUBLE, "trouble", first->text, NULL);
    } else {
        char *more = g_strdup_printf("%u", count - 1);
        char *files = g_strjoinv(" ", paths);
        cli_complain(cli, SIPWHY_TEXT_LOCAL_FIRST_FAULT, "fault", first->text, "count", more,
                     "files", files, NULL);
        g_free(files);
        g_free(more);
    }
    return first->file->unreadable ? CLI_FAILED : CLI_USAGE;
}

CliExit cli_check_local(const Cli *cli)
{
    GPtrArray *paths = g_ptr_array_copy(cli->local_paths, NULL, NULL);
    GPtrArray *faults;

    g_ptr_array_add(paths, NULL);
    SipwhyLocal *local =
        sipwhy_local_read((const char *const *)paths->pdata, cli->language, &faults);
    CliExit result = complain_of_first_fault(cli, faults, (char **)paths->pdata);
    g_ptr_array_free(faults, TRUE);
    sipwhy_local_free(local);
    g_ptr_array_free(paths, TRUE);
    return result;
}

char *cli_local_preference(const Cli *cli)
{
    if (cli->local_paths->len == 0)
        return NULL;
    GString *preference = g_string_new("sipwhy.local");
    for (unsigned i = 0; i < cli->local_paths->len; i++) {
        char *path = g_canonicalize_filename(cli->local_paths->pdata[i], NULL);
        g_string_append_c(preference, ':');
        for (const char *c = path; *c; c++) {
            if (*c == ':' || *c == '\\')
                g_string_append_c(preference, '\\');
            g_string_append_c(preference, *c);
        }
        g_free(path);
    }
    return g_string_free(preference, FALSE);
}

/* ---- local check ---- */

/* "1 fault" */
static char *count_text(SipwhyLanguage language, unsigned count, SipwhyText none, SipwhyText one,
                        SipwhyText many)
{
    char *number = g_strdup_printf("%u", count);
    char *text = sipwhy_text_format(language,
                                    count == 0   ? none
                                    : count == 1 ? one
                                                 : many,
                                    "count", number, NULL);

    g_free(number);
    return text;
}

static void append_summary(Cli *cli, const SipwhyLocalFile *file)
{
    const SipwhyLanguage language = cli->language;
    char *path = sipwhy_printable_text(file->path, strlen(file->path));
    char *entries = count_text(language, file->entries, SIPWHY_TEXT_LOCAL_ENTRIES_NONE,
                               SIPWHY_TEXT_LOCAL_ENTRIES_ONE, SIPWHY_TEXT_LOCAL_ENTRIES_MANY);
    char *faults = count_text(language, file->faults, SIPWHY_TEXT_LOCAL_FAULTS_NONE,
                              SIPWHY_TEXT_LOCAL_FAULTS_ONE, SIPWHY_TEXT_LOCAL_FAULTS_MANY);
    char *warnings = count_text(language, file->warnings, SIPWHY_TEXT_LOCAL_WARNINGS_NONE,
                                SIPWHY_TEXT_LOCAL_WARNINGS_ONE, SIPWHY_TEXT_LOCAL_WARNINGS_MANY);
    char *text =
        sipwhy_text_format(language, SIPWHY_TEXT_LOCAL_CHECK_SUMMARY, "file", path, "entries",
                           entries, "faults", faults, "warnings", warnings, NULL);

    g_string_append_printf(cli->out, "%s\n", text);
    g_free(text);
    g_free(warnings);
    g_free(faults);
    g_free(entries);
    g_free(path);
}

static void show_check(Cli *cli, const GPtrArray *faults)
{
    const SipwhyLocalFile *file;

    for (unsigned i = 0; i < faults->len; i++) {
        const SipwhyLocalFault *fault = faults->pdata[i];
        g_string_append_printf(cli->out, "%s\n", fault->text);
    }
    for (size_t i = 0; (file = sipwhy_local_file_at(cli->local, i)); i++)
        append_summary(cli, file);
}

static void show_check_json(Cli *cli, const GPtrArray *faults)
{
    const SipwhyLocalFile *file;

    cli->json = json_builder_new();
    json_builder_begin_array(cli->json);
    for (size_t i = 0; (file = sipwhy_local_file_at(cli->local, i)); i++)
        sipwhy_json_add_local_file(cli->json, file, faults);
    json_builder_end_array(cli->json);
    cli_take_json(cli);
}

CliExit cli_local(Cli *cli)
{
    GPtrArray *faults;

    if (cli->argument_count < 2 || strcmp(cli->arguments[0], "check") != 0) {
        cli_complain(cli, SIPWHY_TEXT_ERROR_LOCAL_WHAT, NULL);
        return CLI_USAGE;
    }
    cli->local = sipwhy_local_read((const char *const *)cli->arguments + 1, cli->language, &faults);
    sipwhy_local_probe(cli->local, cli->language, faults);
    if (cli->format == CLI_FORMAT_JSON)
        show_check_json(cli, faults);
    else
        show_check(cli, faults);
    g_ptr_array_free(faults, TRUE);
    return judge_files(cli->local, CLI_CHECK_FAILED);
}
