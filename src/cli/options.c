/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The options of the command line: one table for parsing and help.
 */
#include <getopt.h>
#include <string.h>

#include "cli.h"
#include "language.h"
#include "parse.h"

enum { JOBS_MOST = 64 };

/* What getopt_long returns for the n-th option; only -o has another meaning than its long form. */
enum { FIRST_ID = 256 };

typedef enum {
    OPTION_FORMAT,
    OPTION_SEARCH,
    OPTION_LOCAL,
    OPTION_OUTPUT,
    OPTION_FILTER,
    OPTION_DECODE_AS,
    OPTION_OPTION,
    OPTION_KEYS,
    OPTION_JOBS,
    OPTION_NO_PREFILTER,
    OPTION_TSHARK,
    OPTION_POLICY,
    OPTION_BASELINE,
    OPTION_WRITE_BASELINE,
    OPTION_LANG,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_COUNT,
} OptionId;

static const struct {
    char letter; /* 0: there is no short form */
    const char *name;
    const char *argument; /* NULL when it takes none */
    SipwhyText help;
    unsigned commands; /* that take it */
} options[OPTION_COUNT] = {
    [OPTION_FORMAT] = {0, "format", "FORMAT", SIPWHY_TEXT_OPTION_FORMAT, CLI_ANY},
    [OPTION_SEARCH] = {0, "search", "WORD", SIPWHY_TEXT_OPTION_SEARCH, CLI_LIST},
    [OPTION_LOCAL] = {0, "local", "FILE|FOLDER", SIPWHY_TEXT_OPTION_LOCAL,
                      CLI_EXPLAIN | CLI_LIST | CLI_CAPTURES},
    [OPTION_OUTPUT] = {'o', "output", "[FORMAT:]FILE", SIPWHY_TEXT_OPTION_OUTPUT, CLI_CAPTURES},
    [OPTION_FILTER] = {'Y', "filter", "FILTER", SIPWHY_TEXT_OPTION_FILTER, CLI_CAPTURES},
    [OPTION_DECODE_AS] = {'d', "decode-as", "SELECTOR", SIPWHY_TEXT_OPTION_DECODE_AS, CLI_CAPTURES},
    [OPTION_OPTION] = {0, "option", "NAME:VALUE", SIPWHY_TEXT_OPTION_OPTION, CLI_CAPTURES},
    [OPTION_KEYS] = {0, "keys", "FILE", SIPWHY_TEXT_OPTION_KEYS, CLI_CAPTURES},
    [OPTION_JOBS] = {'j', "jobs", "N", SIPWHY_TEXT_OPTION_JOBS, CLI_CAPTURES},
    [OPTION_NO_PREFILTER] = {0, "no-prefilter", NULL, SIPWHY_TEXT_OPTION_NO_PREFILTER,
                             CLI_CAPTURES},
    [OPTION_TSHARK] = {0, "tshark", "PATH", SIPWHY_TEXT_OPTION_TSHARK, CLI_TSHARK},
    [OPTION_POLICY] = {0, "policy", "FILE", SIPWHY_TEXT_OPTION_POLICY, CLI_CHECK},
    [OPTION_BASELINE] = {0, "baseline", "FILE", SIPWHY_TEXT_OPTION_BASELINE, CLI_CHECK},
    [OPTION_WRITE_BASELINE] = {0, "write-baseline", "FILE", SIPWHY_TEXT_OPTION_WRITE_BASELINE,
                               CLI_CHECK},
    [OPTION_LANG] = {0, "lang", "LANG", SIPWHY_TEXT_OPTION_LANG, CLI_ANY},
    [OPTION_HELP] = {'h', "help", NULL, SIPWHY_TEXT_OPTION_HELP, CLI_ANY},
    [OPTION_VERSION] = {'V', "version", NULL, SIPWHY_TEXT_OPTION_VERSION, CLI_ANY},
};

/* One that there is not is no reason to say nothing: it is said in English. */
static void read_language(Cli *cli, const char *name)
{
    cli->language = 0;
    if (sipwhy_language_find(name, &cli->language))
        return;
    GString *known = g_string_new(NULL);
    for (SipwhyLanguage i = 0; sipwhy_language_id(i); i++)
        g_string_append_printf(known, "%s%s (%s)", i ? ", " : "", sipwhy_language_id(i),
                               sipwhy_language_name(i));
    cli_complain(cli, SIPWHY_TEXT_ERROR_LANGUAGE, "language", name, "known", known->str, NULL);
    g_string_free(known, TRUE);
}

static CliExit read_jobs(Cli *cli, const char *number)
{
    if (sipwhy_parse_number(number, JOBS_MOST, &cli->jobs) && cli->jobs > 0)
        return CLI_OK;
    cli_complain(cli, SIPWHY_TEXT_ERROR_JOBS, "jobs", number, NULL);
    return CLI_USAGE;
}

/* "FORMAT:FILE" or "FILE"; the file - is standard output, which has its format from --format. */
static void read_output(Cli *cli, const char *value)
{
    size_t length = strcspn(value, ":");
    CliFormat format = value[length] == ':' ? cli_format_find(value, length) : CLI_FORMAT_NONE;
    const char *file = format == CLI_FORMAT_NONE ? value : value + length + 1;

    if (strcmp(file, "-") == 0) {
        cli->shown = format;
        cli->shows = TRUE;
        return;
    }
    CliOutput *output = g_new(CliOutput, 1);
    *output = (CliOutput){format, file};
    g_ptr_array_add(cli->outputs, output);
}

/* Whether the value of -o is a preference of Wireshark, "sip.tls.port:5071": two names or more
 * with full stops between them, and a colon. */
static gboolean is_preference(const char *value)
{
    static const char NAME[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    unsigned names = 0;
    size_t length;

    while ((length = strspn(value, NAME)) > 0) {
        names++;
        value += length;
        if (*value != '.')
            break;
        value++;
    }
    return names >= 2 && length > 0 && *value == ':';
}

static void pass(Cli *cli, const char *option, const char *value)
{
    g_ptr_array_add(cli->passed, (gpointer)option);
    g_ptr_array_add(cli->passed, (gpointer)value);
}

static CliExit read_option(Cli *cli, OptionId id, const char *value)
{
    /* Where the value of an option is kept that needs no more than that. */
    const char **const places[OPTION_COUNT] = {
        [OPTION_FORMAT] = &cli->format_name, [OPTION_SEARCH] = &cli->search,
        [OPTION_FILTER] = &cli->filter,      [OPTION_KEYS] = &cli->keys,
        [OPTION_TSHARK] = &cli->tshark,      [OPTION_POLICY] = &cli->policy,
        [OPTION_BASELINE] = &cli->baseline,  [OPTION_WRITE_BASELINE] = &cli->write_baseline,
    };

    cli->given |= 1U << id;
    switch (id) {
    case OPTION_LANG:
        read_language(cli, value);
        break;
    case OPTION_JOBS:
        return read_jobs(cli, value);
    case OPTION_NO_PREFILTER:
        cli->no_prefilter = TRUE;
        break;
    case OPTION_LOCAL:
        g_ptr_array_add(cli->local_paths, (gpointer)value);
        break;
    case OPTION_OUTPUT:
        read_output(cli, value);
        break;
    case OPTION_OPTION:
        pass(cli, "-o", value);
        break;
    case OPTION_DECODE_AS:
        pass(cli, "-d", value);
        break;
    default:
        if (places[id])
            *places[id] = value;
    }
    return CLI_OK;
}

/* Complains of the word of the command line that getopt_long stumbled over. An unknown letter is
 * named by optopt (optind still points at its word); an unknown long option leaves 0 there. */
static void complain_of_option(const Cli *cli, char **argv, SipwhyText text)
{
    char letter[] = {'-', (char)optopt, '\0'};

    cli_complain(cli, text, "option", optopt != 0 && optopt < FIRST_ID ? letter : argv[optind - 1],
                 NULL);
}

/* The option of an id or a letter; OPTION_COUNT: none. */
static OptionId find_option(int id, const char *value)
{
    if (id >= FIRST_ID)
        return (OptionId)(id - FIRST_ID);
    if (id == 'o' && is_preference(value))
        return OPTION_OPTION;
    unsigned i = 0;
    while (i < OPTION_COUNT && options[i].letter != id)
        i++;
    return (OptionId)i;
}

static void make_table(struct option *table, char *letters)
{
    *letters++ = ':';
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        const gboolean has_argument = options[i].argument != NULL;
        table[i] = (struct option){options[i].name, has_argument ? required_argument : no_argument,
                                   NULL, FIRST_ID + (int)i};
        if (options[i].letter)
            *letters++ = options[i].letter;
        if (options[i].letter && has_argument)
            *letters++ = ':';
    }
}

CliExit cli_read_options(Cli *cli, int argc, char **argv, gboolean *help, gboolean *version)
{
    struct option table[OPTION_COUNT + 1] = {{0}};
    char letters[2 * OPTION_COUNT + 2] = {0};
    CliExit result = CLI_OK;
    int id;

    make_table(table, letters);
    optind = 1;
    opterr = 0;
    while (result == CLI_OK && (id = getopt_long(argc, argv, letters, table, NULL)) != -1) {
        OptionId option = find_option(id, optarg);
        if (option < OPTION_COUNT) {
            result = read_option(cli, option, optarg);
            continue;
        }
        complain_of_option(cli, argv,
                           id == ':' ? SIPWHY_TEXT_ERROR_OPTION_ARGUMENT
                                     : SIPWHY_TEXT_ERROR_OPTION_UNKNOWN);
        result = CLI_USAGE;
    }
    *help = (cli->given & (1U << OPTION_HELP)) != 0;
    *version = (cli->given & (1U << OPTION_VERSION)) != 0;
    cli->arguments = argv + optind;
    cli->argument_count = (unsigned)(argc - optind);
    return result;
}

CliExit cli_check_options(Cli *cli)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (!(cli->given & (1U << i)) || (options[i].commands & cli->command->bit))
            continue;
        char *name = g_strdup_printf("--%s", options[i].name);
        cli_complain(cli, SIPWHY_TEXT_ERROR_OPTION_COMMAND, "option", name, "command",
                     cli->command->name, NULL);
        g_free(name);
        return CLI_USAGE;
    }
    if (!cli->format_name)
        return CLI_OK;
    cli->format = cli_format_find(cli->format_name, strlen(cli->format_name));
    if (cli->format != CLI_FORMAT_NONE)
        return cli_check_format(cli, cli->format);
    cli_complain_of_format(cli, cli->format_name);
    return CLI_USAGE;
}

/* "-o, --output [FORMAT:]FILE" */
static char *show_option(OptionId id)
{
    GString *shown = g_string_new(NULL);

    if (options[id].letter)
        g_string_append_printf(shown, "-%c, ", options[id].letter);
    g_string_append_printf(shown, "--%s", options[id].name);
    if (options[id].argument)
        g_string_append_printf(shown, " %s", options[id].argument);
    return g_string_free(shown, FALSE);
}

/* "diagnose, check"; the caller frees it. */
static char *list_commands(unsigned set)
{
    GString *list = g_string_new(NULL);
    const CliCommand *command;

    for (size_t i = 0; (command = cli_command_at(i)); i++)
        if (set & command->bit)
            g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", command->name);
    return g_string_free(list, FALSE);
}

/* Among the options of all commands, one that not all take names those that do. */
static char *help_of(OptionId id, const CliCommand *command, SipwhyLanguage language)
{
    const char *help = sipwhy_text(language, options[id].help);
    char *text;

    if (command && id == OPTION_FORMAT) {
        char *formats = cli_format_list(command->formats, language);
        text = sipwhy_text_format(language, SIPWHY_TEXT_OPTION_FORMAT_OF, "formats", formats, NULL);
        g_free(formats);
    } else if (!command && options[id].commands != CLI_ANY) {
        char *commands = list_commands(options[id].commands);
        text = sipwhy_labelled_text(language, commands, help);
        g_free(commands);
    } else {
        text = g_strdup(help);
    }
    return text;
}

void cli_append_options(GString *out, const CliCommand *command, SipwhyLanguage language)
{
    int width = 0;

    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        char *shown = show_option((OptionId)i);
        if (!command || (options[i].commands & command->bit))
            width = MAX(width, (int)strlen(shown));
        g_free(shown);
    }
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (command && !(options[i].commands & command->bit))
            continue;
        char *shown = show_option((OptionId)i);
        char *help = help_of((OptionId)i, command, language);
        g_string_append_printf(out, "  %-*s  %s\n", width, shown, help);
        g_free(help);
        g_free(shown);
    }
}
