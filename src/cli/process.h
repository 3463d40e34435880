/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A child process whose output comes line by line, in the main loop.
 */
#ifndef SIPWHY_CLI_PROCESS_H
#define SIPWHY_CLI_PROCESS_H

#include <glib.h>
#include <sys/types.h>

/** How it ended. */
typedef struct {
    int exit_code;      /**< -1: a signal ended it */
    int signal;         /**< 0: none */
    gboolean whole;     /**< the last line had its end */
    const char *errors; /**< the beginning of what it wrote to standard error */
} CliProcessEnd;

/** What is told of it. */
typedef struct {
    /** A line, without its end. FALSE: no more is wanted, it is killed. */
    gboolean (*line)(void *data, const char *line, size_t length);
    /** The last that is told; all its output has come. */
    void (*end)(void *data, const CliProcessEnd *end);
} CliProcessEvents;

typedef struct CliProcess CliProcess;

/** The descriptor under which it has a file of the caller's. */
enum { CLI_PROCESS_DESCRIPTOR = 3 };

/** Starts it; NULL and `error` if that fails. It frees itself behind `end`. `descriptor` (-1: none)
 * is taken over and given to it. */
CliProcess *cli_process_start(const char *const *arguments, char **environment, int descriptor,
                              const CliProcessEvents *events, void *data, GError **error);

pid_t cli_process_id(const CliProcess *process);

#endif
