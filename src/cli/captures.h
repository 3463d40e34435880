/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * All captures of a command line, read by several tsharks at a time.
 */
#ifndef SIPWHY_CLI_CAPTURES_H
#define SIPWHY_CLI_CAPTURES_H

#include "cli.h"
#include "reading.h"

/** A capture that was named. */
typedef struct {
    char *name; /**< as the user named it; "-" for standard input */
    CliResult result;
} CliCapture;

/** Reads all captures (CliCapture) that `cli` names, with progress on a terminal. CLI_OK, or
 * CLI_USAGE or CLI_FAILED after a line on stderr if none can be read for a reason that they share.
 * Nothing has been said of troubles of single ones. */
CliExit cli_captures_read(const Cli *cli, GPtrArray **captures);
void cli_captures_free(GPtrArray *captures);

/** Says what the trouble with a capture is, on stderr. */
void cli_captures_complain(const Cli *cli, const CliCapture *capture);

/** The recordings of captures, in their order; the captures keep owning them. */
GPtrArray *cli_captures_recordings(const GPtrArray *captures);

#endif
