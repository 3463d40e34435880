/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The formats that there are, and which command makes which.
 */
#include <string.h>

#include "cli.h"

static const struct {
    const char *name;
    const char *endings[3]; /* of files; NULL-terminated */
} formats[CLI_FORMAT_COUNT] = {
    [CLI_FORMAT_TEXT] = {"text", {".txt"}},
    [CLI_FORMAT_MARKDOWN] = {"markdown", {".md", ".markdown"}},
    [CLI_FORMAT_JSON] = {"json", {".json"}},
    [CLI_FORMAT_CSV] = {"csv", {".csv"}},
    [CLI_FORMAT_HTML] = {"html", {".html", ".htm"}},
    [CLI_FORMAT_JUNIT] = {"junit", {".xml"}},
    [CLI_FORMAT_SARIF] = {"sarif", {".sarif", ".sarif.json"}},
    [CLI_FORMAT_GITHUB] = {"github", {NULL}},
};

CliFormat cli_format_find(const char *name, size_t length)
{
    for (unsigned i = CLI_FORMAT_TEXT; i < CLI_FORMAT_COUNT; i++)
        if (strlen(formats[i].name) == length && memcmp(formats[i].name, name, length) == 0)
            return (CliFormat)i;
    return CLI_FORMAT_NONE;
}

CliFormat cli_format_of_file(const char *file, unsigned set)
{
    CliFormat found = CLI_FORMAT_NONE;
    size_t length = 0;

    /* ".sarif.json" ends with ".json", too: the longest counts. */
    for (unsigned i = CLI_FORMAT_TEXT; i < CLI_FORMAT_COUNT; i++) {
        for (const char *const *ending = formats[i].endings; *ending; ending++) {
            if ((set & CLI_FORMAT_BIT(i)) && strlen(*ending) > length &&
                g_str_has_suffix(file, *ending)) {
                found = (CliFormat)i;
                length = strlen(*ending);
            }
        }
    }
    return found;
}

char *cli_format_list(unsigned set, SipwhyLanguage language)
{
    GString *list = g_string_new(NULL);

    for (unsigned i = CLI_FORMAT_TEXT; i < CLI_FORMAT_COUNT; i++) {
        if (!(set & CLI_FORMAT_BIT(i)))
            continue;
        set &= ~CLI_FORMAT_BIT(i);
        if (list->len > 0 && set == 0)
            g_string_append_printf(list, " %s ", sipwhy_text(language, SIPWHY_TEXT_OR));
        else if (list->len > 0)
            g_string_append(list, ", ");
        g_string_append(list, formats[i].name);
    }
    return g_string_free(list, FALSE);
}

void cli_complain_of_format(const Cli *cli, const char *name)
{
    char *known = cli_format_list(cli->command->formats, cli->language);

    cli_complain(cli, SIPWHY_TEXT_ERROR_FORMAT, "command", cli->command->name, "format", name,
                 "known", known, NULL);
    g_free(known);
}

CliExit cli_check_format(const Cli *cli, CliFormat format)
{
    if (format == CLI_FORMAT_NONE || (cli->command->formats & CLI_FORMAT_BIT(format)))
        return CLI_OK;
    cli_complain_of_format(cli, formats[format].name);
    return CLI_USAGE;
}
