/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A capture without its media, made in a thread, for tshark to read instead.
 */
#ifndef SIPWHY_CLI_PREFILTERING_H
#define SIPWHY_CLI_PREFILTERING_H

#include "cli.h"

typedef struct CliPrefiltering CliPrefiltering;

/** Begins to leave the media out of the file `path`. NULL: tshark is to read the file itself, since
 * the options want that, or nothing could be gained. */
CliPrefiltering *cli_prefiltering_start(const Cli *cli, const char *path);

/** The file that it is about. */
const char *cli_prefiltering_path(const CliPrefiltering *prefiltering);

/** Whether it has ended, and its files are complete or gone. The main loop takes a turn when it has
 * ended. */
gboolean cli_prefiltering_end(CliPrefiltering *prefiltering);

/** Once it has ended: the capture to read, and the file with the numbers of its packets; NULL: the
 * original is to be read. */
const char *cli_prefiltering_capture(const CliPrefiltering *prefiltering);
const char *cli_prefiltering_numbers(const CliPrefiltering *prefiltering);

/** How far it is, 0 to 1. */
double cli_prefiltering_progress(const CliPrefiltering *prefiltering);

/** Ends it and removes its files; NULL is let be. */
void cli_prefiltering_free(CliPrefiltering *prefiltering);

#endif
