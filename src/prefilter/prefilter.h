/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A capture without the media in it, for a reader to whom SIP matters and the numbers of packets.
 */
#ifndef SIPWHY_PREFILTER_H
#define SIPWHY_PREFILTER_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/** What to do. The caller opens and closes the files. */
typedef struct {
    int capture; /**< descriptor of the file to read */
    FILE *kept;  /**< the capture without media goes there, all else as it is */
    FILE
        *numbers; /**< the number in `capture`, from 1, of each packet in `kept`: a uint32_t each */
    bool always;  /**< also where little is gained */
    gint *stop;   /**< atomic: not 0: give up. NULL: never */
    gint *done;   /**< atomic: how far it is, in thousandths. NULL: nobody asks */
} SipwhyPrefilter;

/** What came of it. */
typedef struct {
    uint32_t packets;
    uint32_t left_out;
} SipwhyPrefilterResult;

/**
 * Writes the capture without what is media beyond doubt (media.h). The first and the last packet
 * stay, those beside a step of the clock backwards or by more than a second, and one of each
 * second. False: there is anything doubtful about the file, less than a third of it would be left
 * out, or writing failed; the original is then to be read. What has been written is worth nothing.
 */
bool sipwhy_prefilter_run(const SipwhyPrefilter *prefilter, SipwhyPrefilterResult *result);

#endif
