/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the command and its children give up before they look at a capture. What a kernel does not
 * have is left out.
 */
#ifndef SIPWHY_CLI_CONFINE_H
#define SIPWHY_CLI_CONFINE_H

/** The command itself: no right is gained by running a program, and of root's capabilities only
 * those stay that open files, and put a report into the place of another. */
void cli_confine(void);

/** A child, between fork and exec (so it only makes system calls): no core dump, no capability but
 * that of reading any file, and it can neither write nor make nor remove one; but what stands open
 * stays open, and /dev/null swallows all. Of the type GSpawnChildSetupFunc. */
void cli_confine_child(void *data);

#endif
