/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading one capture with tshark, and what its end means.
 */
#ifndef SIPWHY_CLI_READING_H
#define SIPWHY_CLI_READING_H

#include "prefiltering.h"
#include "recording/recording.h"
#include "tshark.h"

/** What became of one capture. */
typedef struct {
    SipwhyRecording *recording; /**< what could be read, if there is SIP in it; or NULL */
    char *trouble;              /**< why not all of it, in one line; NULL: all was read */
    gboolean no_sip;            /**< the trouble is that all was read and held no SIP */
} CliResult;

typedef struct CliReading CliReading;

/** Told of the end. `result` is taken over; the reading is freed behind it. */
typedef void (*CliReadingEnd)(void *data, const CliResult *result);

/** Starts reading the file `path`, which the user calls `name`; `prefiltering`, which has ended and
 * stays until `end` is told, may have made a shorter one of it, or is NULL. NULL if tshark cannot
 * be started: `end` has been told then. */
CliReading *cli_reading_start(const CliTshark *tshark, const char *name, const char *path,
                              const CliPrefiltering *prefiltering, CliReadingEnd end, void *data);

/** How much of the file has been read, 0 to 1; negative: not known. */
double cli_reading_progress(const CliReading *reading);

#endif
