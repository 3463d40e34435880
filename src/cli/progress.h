/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A line on the terminal that says how far the reading is.
 */
#ifndef SIPWHY_CLI_PROGRESS_H
#define SIPWHY_CLI_PROGRESS_H

#include "cli.h"

typedef struct CliProgress CliProgress;

/** NULL if standard error is no terminal that can erase a line. */
CliProgress *cli_progress_new(const Cli *cli);

/** Shows the n-th of `count` captures and how much of it has been read (0 to 1; negative: not
 * known), once it takes more than a second. */
void cli_progress_show(CliProgress *progress, const char *name, unsigned n, unsigned count,
                       double part);

/** Erases the line. */
void cli_progress_free(CliProgress *progress);

#endif
