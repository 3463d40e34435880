/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What an interrupted command must not leave behind: temporary files and children at work.
 */
#ifndef SIPWHY_CLI_LEFTOVERS_H
#define SIPWHY_CLI_LEFTOVERS_H

#include <glib.h>
#include <sys/types.h>

/** From here on SIGINT, SIGTERM and SIGHUP clean up and then do what they do by default; a broken
 * pipe and a file that grows too big are errors of the write and no signals. */
void cli_leftovers_watch(void);

/** Names a file that a signal removes; the name is copied. */
void cli_leftovers_add_file(const char *file);
/** The file is to stay, or is gone. */
void cli_leftovers_drop_file(const char *file);

/** Names a child that a signal kills. */
void cli_leftovers_add_child(pid_t child);
void cli_leftovers_drop_child(pid_t child);

/** Whether a line of progress stands on the terminal, which a signal erases. */
void cli_leftovers_set_progress(gboolean shown);

/** What erases it. */
#define CLI_ERASE_LINE "\r\033[K"

#endif
