/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The sub-commands: one table for dispatch and help.
 */
#include <string.h>

#include "cli.h"

enum {
    LISTS = CLI_FORMAT_BIT(CLI_FORMAT_TEXT) | CLI_FORMAT_BIT(CLI_FORMAT_JSON),
    PAGES = CLI_FORMAT_BIT(CLI_FORMAT_TEXT) | CLI_FORMAT_BIT(CLI_FORMAT_MARKDOWN) |
            CLI_FORMAT_BIT(CLI_FORMAT_JSON),
    DIAGNOSES = PAGES | CLI_FORMAT_BIT(CLI_FORMAT_CSV) | CLI_FORMAT_BIT(CLI_FORMAT_HTML),
    VERDICTS = CLI_FORMAT_BIT(CLI_FORMAT_TEXT) | CLI_FORMAT_BIT(CLI_FORMAT_JSON) |
               CLI_FORMAT_BIT(CLI_FORMAT_JUNIT) | CLI_FORMAT_BIT(CLI_FORMAT_SARIF) |
               CLI_FORMAT_BIT(CLI_FORMAT_GITHUB),
    LINES = CLI_FORMAT_BIT(CLI_FORMAT_TEXT) | CLI_FORMAT_BIT(CLI_FORMAT_JSON),
};

static const CliCommand commands[] = {
    {"explain", CLI_EXPLAIN, "CODE...", SIPWHY_TEXT_COMMAND_EXPLAIN, SIPWHY_TEXT_DETAILS_EXPLAIN,
     PAGES, cli_explain},
    {"compare", CLI_COMPARE, "CODE CODE...", SIPWHY_TEXT_COMMAND_COMPARE,
     SIPWHY_TEXT_DETAILS_COMPARE, PAGES, cli_compare},
    {"list", CLI_LIST, "[CLASS]", SIPWHY_TEXT_COMMAND_LIST, SIPWHY_TEXT_DETAILS_LIST, PAGES,
     cli_list},
    {"diagnose", CLI_DIAGNOSE, "FILE|FOLDER|-...", SIPWHY_TEXT_COMMAND_DIAGNOSE,
     SIPWHY_TEXT_DETAILS_DIAGNOSE, DIAGNOSES, cli_diagnose},
    {"check", CLI_CHECK, "FILE|FOLDER|-...", SIPWHY_TEXT_COMMAND_CHECK, SIPWHY_TEXT_DETAILS_CHECK,
     VERDICTS, cli_check},
    {"local", CLI_LOCAL, "check FILE|FOLDER...", SIPWHY_TEXT_COMMAND_LOCAL,
     SIPWHY_TEXT_DETAILS_LOCAL, LISTS, cli_local},
    {"doctor", CLI_DOCTOR, "[--tshark PATH]", SIPWHY_TEXT_COMMAND_DOCTOR,
     SIPWHY_TEXT_DETAILS_DOCTOR, LINES, cli_doctor},
};

const CliCommand *cli_command_at(size_t n)
{
    return n < G_N_ELEMENTS(commands) ? &commands[n] : NULL;
}

const CliCommand *cli_command_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}
