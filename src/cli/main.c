/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command `sipwhy`: why a SIP server said that, and what to do now.
 */
#include <string.h>

#include "charset.h"
#include "check/policy.h"
#include "cli.h"
#include "confine.h"
#include "finding.h"
#include "language.h"
#include "parse.h"
#include "report/json.h"

static void append_usage(GString *out, SipwhyLanguage language)
{
    const CliCommand *command;

    g_string_append_printf(out, "%s\n\n%s\n", sipwhy_text(language, SIPWHY_TEXT_HELP_PURPOSE),
                           sipwhy_text(language, SIPWHY_TEXT_HELP_USAGE));
    for (size_t i = 0; (command = cli_command_at(i)); i++)
        g_string_append_printf(out, "  sipwhy %s%s%s\n", command->name,
                               *command->synopsis ? " " : "", command->synopsis);
    g_string_append_printf(out, "\n%s\n", sipwhy_text(language, SIPWHY_TEXT_HELP_COMMANDS));
    for (size_t i = 0; (command = cli_command_at(i)); i++)
        g_string_append_printf(out, "  %-8s  %s\n", command->name,
                               sipwhy_text(language, command->summary));
    g_string_append_printf(out, "\n%s\n", sipwhy_text(language, SIPWHY_TEXT_HELP_OPTIONS));
    cli_append_options(out, NULL, language);
    g_string_append_printf(out, "\n%s\n", sipwhy_text(language, SIPWHY_TEXT_HELP_EXIT));
}

/* The keys of a policy, group by group. */
static void append_policy_keys(GString *out, SipwhyLanguage language)
{
    const SipwhyPolicyKey *key;
    const char *group = NULL;

    g_string_append_printf(out, "\n%s\n", sipwhy_text(language, SIPWHY_TEXT_HELP_POLICY));
    for (size_t i = 0; (key = sipwhy_policy_key_at(i)); i++) {
        if (!group || strcmp(group, key->group) != 0)
            g_string_append_printf(
                out, "  [%s%s]\n", key->group,
                strcmp(key->group, "rule") == 0 || strcmp(key->group, "known") == 0 ? " NAME" : "");
        group = key->group;
        char *shown = g_strdup_printf("%s=%s", key->key, key->form);
        g_string_append_printf(out, "    %-38s  %s\n", shown, sipwhy_text(language, key->meaning));
        g_free(shown);
    }
}

/* The keys of one half: what an entry asks, or what it says. */
static void append_half(GString *out, bool is_condition, SipwhyLanguage language)
{
    const SipwhyLocalKey *key;

    for (size_t i = 0; (key = sipwhy_local_key_at(i)); i++) {
        if (key->is_condition != is_condition)
            continue;
        char *shown = g_strdup_printf("%s=%s", key->key, key->form);
        g_string_append_printf(out, "    %-33s  %s\n", shown, sipwhy_text(language, key->meaning));
        g_free(shown);
    }
}

/* The keys of an entry of local knowledge. */
static void append_local_keys(GString *out, SipwhyLanguage language)
{
    g_string_append_printf(out, "\n%s\n  %s\n", sipwhy_text(language, SIPWHY_TEXT_HELP_LOCAL),
                           sipwhy_text(language, SIPWHY_TEXT_HELP_LOCAL_ASKS));
    append_half(out, true, language);
    g_string_append_printf(out, "  %s\n", sipwhy_text(language, SIPWHY_TEXT_HELP_LOCAL_SAYS));
    append_half(out, false, language);
}

static void append_command_usage(GString *out, const CliCommand *command, SipwhyLanguage language)
{
    g_string_append_printf(
        out, "%s sipwhy %s%s%s\n\n%s\n\n%s\n\n%s\n", sipwhy_text(language, SIPWHY_TEXT_HELP_USAGE),
        command->name, *command->synopsis ? " " : "", command->synopsis,
        sipwhy_text(language, command->summary), sipwhy_text(language, command->details),
        sipwhy_text(language, SIPWHY_TEXT_HELP_OPTIONS));
    cli_append_options(out, command, language);
    if (command->run == cli_check)
        append_policy_keys(out, language);
    if (command->run == cli_local)
        append_local_keys(out, language);
}

/* Whether the word is something that explain takes, and nothing else does. */
static gboolean is_explained(const char *word)
{
    SipwhyFindingId finding;
    unsigned number;

    return sipwhy_parse_number(word, G_MAXUINT, &number) || sipwhy_parse_class(word) ||
           sipwhy_finding_find(word, &finding);
}

/* The command that the first word names; "sipwhy 488" is short for "sipwhy explain 488". */
static const CliCommand *find_command(Cli *cli)
{
    const char *word = cli->argument_count > 0 ? cli->arguments[0] : NULL;
    const CliCommand *command = word ? cli_command_find(word) : NULL;

    if (command) {
        cli->arguments++;
        cli->argument_count--;
    } else if (word && is_explained(word)) {
        command = cli_command_find("explain");
    }
    return command;
}

static CliExit run(Cli *cli, int argc, char **argv)
{
    gboolean help = FALSE;
    gboolean version = FALSE;
    CliExit result = cli_read_options(cli, argc, argv, &help, &version);

    if (result != CLI_OK)
        return result;
    const CliCommand *command = find_command(cli);
    cli->command = command;
    if (version) {
        g_string_append_printf(cli->out, "sipwhy %s\n", SIPWHY_VERSION);
        return CLI_OK;
    }
    if (help) {
        if (command)
            append_command_usage(cli->out, command, cli->language);
        else
            append_usage(cli->out, cli->language);
        return CLI_OK;
    }
    if (command) {
        result = cli_check_options(cli);
        return result == CLI_OK ? command->run(cli) : result;
    }
    if (cli->argument_count == 0)
        cli_complain(cli, SIPWHY_TEXT_ERROR_NO_COMMAND, NULL);
    else
        cli_complain(cli, SIPWHY_TEXT_ERROR_COMMAND, "command", cli->arguments[0], NULL);
    return CLI_USAGE;
}

int main(int argc, char **argv)
{
    Cli cli = {.language = sipwhy_language_from_environment(),
               .jobs = 1,
               .local_paths = g_ptr_array_new(),
               .passed = g_ptr_array_new(),
               .outputs = g_ptr_array_new_with_free_func(g_free),
               .out = g_string_new(NULL)};

    cli_confine();
    cli_charset_begin();
    CliExit result = run(&cli, argc, argv);
    result = cli_worse(result, cli_flush(&cli));
    if (cli_charset_lacking())
        cli_complain(&cli, SIPWHY_TEXT_NOTE_CHARSET, "charset", cli_charset_lacking(), NULL);
    g_ptr_array_free(cli.outputs, TRUE);
    g_ptr_array_free(cli.passed, TRUE);
    g_ptr_array_free(cli.local_paths, TRUE);
    sipwhy_local_free(cli.local);
    g_string_free(cli.out, TRUE);
    return (int)result;
}
