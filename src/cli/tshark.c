/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tshark with the plugin: where it is, and how it is asked.
 */
#include "tshark.h"

#include <string.h>

#include "report/spool.h"
#include "tshark_trial.h"

static CliProcess *start(const CliTshark *tshark, const char *path, const char *statistics,
                         gboolean plugin, const char *numbers, const CliProcessEvents *events,
                         void *data, char **trouble)
{
    const Cli *cli = tshark->cli;
    GPtrArray *words = g_ptr_array_new();
    char *keys = cli->keys ? g_strdup_printf("tls.keylog_file:%s", cli->keys) : NULL;
    char *local = plugin ? cli_local_preference(cli) : NULL;
    const char *const fixed[] = {tshark->program, "-q", "-n", "-r", path, "-z", statistics};
    const char *const own[] = {"-o", "sipwhy.json_knowledge:FALSE"};
    char *frames = numbers ? g_strdup_printf("sipwhy,frames,%s", numbers) : NULL;
    GError *error = NULL;

    for (unsigned i = 0; i < G_N_ELEMENTS(fixed); i++)
        g_ptr_array_add(words, (gpointer)fixed[i]);
    for (unsigned i = 0; i < cli->passed->len; i++)
        g_ptr_array_add(words, cli->passed->pdata[i]);
    if (keys) {
        g_ptr_array_add(words, (gpointer) "-o");
        g_ptr_array_add(words, keys);
    }
    if (local) {
        g_ptr_array_add(words, (gpointer) "-o");
        g_ptr_array_add(words, local);
    }
    if (frames) {
        g_ptr_array_add(words, (gpointer) "-z");
        g_ptr_array_add(words, frames);
    }
    for (unsigned i = 0; plugin && i < G_N_ELEMENTS(own); i++)
        g_ptr_array_add(words, (gpointer)own[i]);
    g_ptr_array_add(words, NULL);
    /* Where the plugin puts what it cannot hold: it may make no files (confine.c). */
    const int spool = plugin ? sipwhy_spool_make_file() : -1;
    CliProcess *process = cli_process_start((const char *const *)words->pdata, tshark->environment,
                                            spool, events, data, &error);
    if (!process) {
        *trouble = sipwhy_text_format(cli->language, SIPWHY_TEXT_RUN_NOT_STARTED, "reason",
                                      error->message, NULL);
        g_error_free(error);
    }
    g_free(frames);
    g_free(local);
    g_free(keys);
    g_ptr_array_free(words, TRUE);
    return process;
}

CliProcess *cli_tshark_start(const CliTshark *tshark, const char *path, const char *statistics,
                             const CliProcessEvents *events, void *data, char **trouble)
{
    return start(tshark, path, statistics, FALSE, NULL, events, data, trouble);
}

CliProcess *cli_tshark_start_lines(const CliTshark *tshark, const char *path, const char *numbers,
                                   const CliProcessEvents *events, void *data, char **trouble)
{
    const char *filter = tshark->cli->filter;
    char *statistics = g_strconcat("sipwhy,json", filter ? "," : NULL, filter, NULL);
    CliProcess *process = start(tshark, path, statistics, TRUE, numbers, events, data, trouble);

    g_free(statistics);
    return process;
}

char *cli_tshark_complaint(const char *errors)
{
    static const char *const names[] = {"tshark: ", "sipwhy: "};
    const char *line = errors;

    /* That it runs as root is no complaint. */
    while (g_str_has_prefix(line, "Running as user") || *line == '\n')
        line += strcspn(line, "\n") + (strchr(line, '\n') ? 1 : 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_str_has_prefix(line, names[i]))
            line += strlen(names[i]);
    return sipwhy_printable_text(line, strcspn(line, "\n"));
}

char *cli_tshark_version(const char *line, size_t length)
{
    char *text = g_strndup(line, length);
    const char *name = strstr(text, "TShark");
    const char *number = name ? strpbrk(name, "0123456789") : NULL;
    char *version = number ? g_strndup(number, strspn(number, "0123456789.")) : NULL;

    /* "TShark (Wireshark) 4.4.18." */
    if (version && g_str_has_suffix(version, "."))
        version[strlen(version) - 1] = '\0';
    g_free(text);
    return version;
}

char **cli_tshark_environment(SipwhyLanguage language)
{
    char **environment = g_get_environ();
    char *spool = g_strdup_printf("%d", CLI_PROCESS_DESCRIPTOR);

    environment = g_environ_unsetenv(environment, "LC_ALL");
    environment = g_environ_unsetenv(environment, "LANGUAGE");
    environment = g_environ_setenv(environment, "LC_CTYPE", "C.UTF-8", TRUE);
    environment = g_environ_setenv(environment, "LC_NUMERIC", "C", TRUE);
    environment = g_environ_setenv(environment, SIPWHY_SPOOL_VARIABLE, spool, TRUE);
    g_free(spool);
    return g_environ_setenv(environment, "LC_MESSAGES", sipwhy_language_id(language), TRUE);
}

const char *cli_tshark_wanted(const Cli *cli, const char **source)
{
    const char *variable = g_getenv("SIPWHY_TSHARK");
    const char *wanted = "tshark";

    *source = "PATH";
    if (cli->tshark) {
        wanted = cli->tshark;
        *source = "--tshark";
    } else if (variable && *variable) {
        wanted = variable;
        *source = "$SIPWHY_TSHARK";
    }
    return wanted;
}

CliExit cli_tshark_open(CliTshark *tshark, const Cli *cli)
{
    const char *source;
    const char *wanted = cli_tshark_wanted(cli, &source);

    *tshark = (CliTshark){.cli = cli};
    tshark->program = g_find_program_in_path(wanted);
    if (!tshark->program) {
        cli_complain(cli, SIPWHY_TEXT_RUN_NO_TSHARK, "tshark", wanted, NULL);
        return CLI_FAILED;
    }
    tshark->environment = cli_tshark_environment(cli->language);
    return cli_tshark_try(tshark);
}

void cli_tshark_close(CliTshark *tshark)
{
    g_free(tshark->program);
    g_strfreev(tshark->environment);
}
