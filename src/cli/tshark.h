/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tshark with the plugin: whether it is there, and how it is asked.
 */
#ifndef SIPWHY_CLI_TSHARK_H
#define SIPWHY_CLI_TSHARK_H

#include "cli.h"
#include "process.h"

typedef struct {
    const Cli *cli; /**< language, filter, keys, words that are passed on */
    char *program;
    char **environment;
} CliTshark;

/** The tshark that is asked for, and who asks for it: "--tshark", "$SIPWHY_TSHARK" or "PATH". */
const char *cli_tshark_wanted(const Cli *cli, const char **source);

/** What the plugin says is in the language, what tshark says is English. Freed with g_strfreev. */
char **cli_tshark_environment(SipwhyLanguage language);

/** The version in a line of `tshark --version`, "4.0.17"; NULL: it says none. The caller frees it.
 */
char *cli_tshark_version(const char *line, size_t length);

/** The first version of Wireshark that the plugin can be built for. */
enum { CLI_TSHARK_OLDEST_MAJOR = 4 };

/**
 * Finds tshark and tries it: its version, whether the plugin is loaded, works and is the one that
 * belongs to this command, and whether options and filter are right. CLI_OK, or CLI_FAILED or
 * CLI_USAGE after a line on stderr.
 */
CliExit cli_tshark_open(CliTshark *tshark, const Cli *cli);
void cli_tshark_close(CliTshark *tshark);

/** Starts `tshark -q -n -r PATH -z STATISTICS` with what is passed on. NULL and `*trouble`, one
 * line that the caller frees, if it cannot be started. */
CliProcess *cli_tshark_start(const CliTshark *tshark, const char *path, const char *statistics,
                             const CliProcessEvents *events, void *data, char **trouble);

/** The same for the plugin's JSON Lines, with the filter. `numbers` is a file with the numbers that
 * the packets had before some were left out; NULL: all are there. */
CliProcess *cli_tshark_start_lines(const CliTshark *tshark, const char *path, const char *numbers,
                                   const CliProcessEvents *events, void *data, char **trouble);

/** The first line of what tshark complains of, printable and without its name in front. The caller
 * frees it. */
char *cli_tshark_complaint(const char *errors);

#endif
