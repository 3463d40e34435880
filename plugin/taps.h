/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tap "sipwhy", one entry a packet, and the statistics that are made of it.
 */
#ifndef SIPWHY_TAPS_H
#define SIPWHY_TAPS_H

#include "remember.h"
#include "text.h"

/** A message of a packet. */
typedef struct {
    const SipwhyEvent *event;
    const SipwhyMessage *message; /**< NULL where its bytes are not at hand */
} SipwhyTapMessage;

/** What a listener on tap "sipwhy" gets: all messages of a packet, in order. Valid until the next
 * packet. */
typedef struct {
    SipwhyPacket place;
    gsize count;
    const SipwhyTapMessage *messages;
} SipwhyTapPacket;

void taps_register(void);

/** Queues the messages of a packet, if anybody listens. */
void taps_queue(const Record *record, const Observation *observation, packet_info *pinfo);

/** Whether anybody listens to the tap. */
gboolean taps_wanted(void);

/** Whether taps run in this pass; to be asked while nobody listens to ours. */
gboolean taps_run(packet_info *pinfo);

#endif
