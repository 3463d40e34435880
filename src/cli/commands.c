/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The sub-commands: one table for dispatch and help.
 */
#include <string.h>

#include "cli.h"

static const CliCommand commands[] = {
    {"explain", "CODE...", SIPWHY_TEXT_COMMAND_EXPLAIN, SIPWHY_TEXT_DETAILS_EXPLAIN, cli_explain},
    {"compare", "CODE CODE...", SIPWHY_TEXT_COMMAND_COMPARE, SIPWHY_TEXT_DETAILS_COMPARE,
     cli_compare},
    {"list", "[CLASS]", SIPWHY_TEXT_COMMAND_LIST, SIPWHY_TEXT_DETAILS_LIST, cli_list},
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
