/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where reports go: standard output, files, several at once.
 */
#ifndef SIPWHY_CLI_OUTPUTS_H
#define SIPWHY_CLI_OUTPUTS_H

#include "cli.h"

/** Appends the report to `out` in a format; `is_shown` tells that it goes to standard output. */
typedef void (*CliReport)(GString *out, CliFormat format, gboolean is_shown, const Cli *cli,
                          const void *data);

/**
 * Settles which report goes where: each `-o` gets its format, by its name or ending, else that of
 * --format; a --format that no file takes goes to standard output; if none does, text goes there
 * when there is no file at all, or the command `always_shows` something. CLI_OK; or after a line on
 * stderr CLI_USAGE (a file is named twice, or is one that is read), or CLI_FAILED (one cannot be
 * written).
 */
CliExit cli_outputs_settle(Cli *cli, gboolean always_shows);

/** Writes all reports; that for standard output is only appended to cli->out. CLI_FAILED after a
 * line on stderr for each file that cannot be written. */
CliExit cli_outputs_write(Cli *cli, CliReport report, const void *data);

/** Writes a file all at once: it is there whole, or as it was before. CLI_FAILED after a line. */
CliExit cli_write_file(const Cli *cli, const char *file, const char *text, gsize length);

#endif
