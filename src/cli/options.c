/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The options of the command line: one table for parsing and help.
 */
#include <getopt.h>
#include <string.h>

#include "cli.h"
#include "language.h"

enum { OPTION_LANG = 256, OPTION_FORMAT, OPTION_SEARCH };

typedef struct {
    int id; /* a letter when there is a short form */
    const char *name;
    const char *argument; /* NULL when it takes none */
    SipwhyText help;
} Option;

static const Option options[] = {
    {OPTION_FORMAT, "format", "FORMAT", SIPWHY_TEXT_OPTION_FORMAT},
    {OPTION_SEARCH, "search", "WORD", SIPWHY_TEXT_OPTION_SEARCH},
    {OPTION_LANG, "lang", "LANG", SIPWHY_TEXT_OPTION_LANG},
    {'h', "help", NULL, SIPWHY_TEXT_OPTION_HELP},
    {'V', "version", NULL, SIPWHY_TEXT_OPTION_VERSION},
};

static const char *const formats[] = {"text", "markdown", "json"};

static CliExit read_format(Cli *cli, const char *name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(formats[i], name) == 0) {
            cli->format = (CliFormat)i;
            return CLI_OK;
        }
    }
    cli_complain(cli, SIPWHY_TEXT_ERROR_FORMAT, "format", name, NULL);
    return CLI_USAGE;
}

static CliExit read_language(Cli *cli, const char *name)
{
    if (sipwhy_language_find(name, &cli->language))
        return CLI_OK;
    GString *known = g_string_new(NULL);
    for (SipwhyLanguage i = 0; sipwhy_language_id(i); i++)
        g_string_append_printf(known, "%s%s (%s)", i ? ", " : "", sipwhy_language_id(i),
                               sipwhy_language_name(i));
    cli_complain(cli, SIPWHY_TEXT_ERROR_LANGUAGE, "language", name, "known", known->str, NULL);
    g_string_free(known, TRUE);
    return CLI_USAGE;
}

/* Complains of the word of the command line that getopt_long stumbled over. An unknown letter is
 * named by optopt (optind still points at its word); an unknown long option leaves 0 there. */
static void complain_of_option(const Cli *cli, char **argv, SipwhyText text)
{
    char letter[] = {'-', (char)optopt, '\0'};
    gboolean is_letter = optopt != 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(options); i++)
        is_letter = is_letter && options[i].id != optopt;

    cli_complain(cli, text, "option", is_letter ? letter : argv[optind - 1], NULL);
}

CliExit cli_read_options(Cli *cli, int argc, char **argv, gboolean *help, gboolean *version)
{
    struct option table[G_N_ELEMENTS(options) + 1] = {{0}};
    CliExit result = CLI_OK;

    for (unsigned i = 0; i < G_N_ELEMENTS(options); i++)
        table[i] =
            (struct option){options[i].name, options[i].argument ? required_argument : no_argument,
                            NULL, options[i].id};
    optind = 1;
    opterr = 0;
    while (result == CLI_OK) {
        int id = getopt_long(argc, argv, ":hV", table, NULL);
        if (id == -1)
            break;
        switch (id) {
        case OPTION_LANG:
            result = read_language(cli, optarg);
            break;
        case OPTION_FORMAT:
            result = read_format(cli, optarg);
            break;
        case OPTION_SEARCH:
            cli->search = optarg;
            break;
        case 'h':
            *help = TRUE;
            break;
        case 'V':
            *version = TRUE;
            break;
        case ':':
            complain_of_option(cli, argv, SIPWHY_TEXT_ERROR_OPTION_ARGUMENT);
            result = CLI_USAGE;
            break;
        default:
            complain_of_option(cli, argv, SIPWHY_TEXT_ERROR_OPTION_UNKNOWN);
            result = CLI_USAGE;
        }
    }
    cli->arguments = argv + optind;
    cli->argument_count = (unsigned)(argc - optind);
    return result;
}

void cli_append_options(GString *out, SipwhyLanguage language)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(options); i++) {
        const Option *option = &options[i];
        GString *shown = g_string_new(NULL);
        if (option->id < OPTION_LANG)
            g_string_append_printf(shown, "-%c, ", option->id);
        g_string_append_printf(shown, "--%s", option->name);
        if (option->argument)
            g_string_append_printf(shown, " %s", option->argument);
        g_string_append_printf(out, "  %-17s  %s\n", shown->str,
                               sipwhy_text(language, option->help));
        g_string_free(shown, TRUE);
    }
}
