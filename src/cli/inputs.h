/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The captures that a command line names: files, those in folders, standard input.
 */
#ifndef SIPWHY_CLI_INPUTS_H
#define SIPWHY_CLI_INPUTS_H

#include "cli.h"

typedef struct {
    char *name;    /**< as the user named it; "-" for standard input */
    char *path;    /**< the file to be read */
    char *trouble; /**< why it cannot be read, in one line; NULL: it can */
    gboolean is_temporary;
} CliInput;

/** The captures (CliInput) of the arguments, in their order; each argument yields one at least. Of
 * a folder those are taken, sorted by name, that are captures by their first bytes or their name.
 * Standard input is written to a temporary file, as Wireshark has to move about in some formats. */
GPtrArray *cli_inputs_new(const Cli *cli);

/** Whether the file, which may be packed, begins as one of the usual kinds of captures does. */
gboolean cli_begins_as_capture(const char *path);

/** Frees them, and removes temporary files. */
void cli_inputs_free(GPtrArray *inputs);

#endif
