/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tap "sipwhy", one entry a response, and the statistics that are made of it.
 */
#ifndef SIPWHY_TAPS_H
#define SIPWHY_TAPS_H

#include "remember.h"
#include "text.h"

/** What a listener on tap "sipwhy" gets. Quoted responses are not tapped. */
typedef struct {
    guint status;
} SipwhyTapResponse;

void taps_register(SipwhyLanguage language);

/** Queues the responses of a packet, if anybody listens. */
void taps_queue(const Record *record, packet_info *pinfo);

#endif
