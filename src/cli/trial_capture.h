/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A small capture that tshark is tried with.
 */
#ifndef SIPWHY_CLI_TRIAL_CAPTURE_H
#define SIPWHY_CLI_TRIAL_CAPTURE_H

#include "cli.h"

/** Writes the SIP messages, each a packet in UDP between addresses of documentation, responses on
 * their way back, to a temporary file. Its name; NULL if it cannot be made, and `*trouble`, one
 * line, if anything went wrong. */
char *cli_trial_capture_write(const Cli *cli, const char *const *messages, char **trouble);

/** Deletes the file, and frees its name; NULL is fine. */
void cli_trial_capture_remove(char *path);

#endif
