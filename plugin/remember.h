/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Remember: the trace, for as long as the file is open.
 */
#ifndef SIPWHY_REMEMBER_H
#define SIPWHY_REMEMBER_H

#include "observe.h"

/** The messages of one packet, as the trace has them. */
typedef struct {
    gsize count;
    const SipwhyEvent *events;
} Record;

void remember_register(void);

/** Takes notice of a packet without SIP. */
void remember_passed(const packet_info *pinfo);

/**
 * Adds what was observed of a packet to the trace, once, and returns what the trace has of it now;
 * it stays valid until the next packet. `count` is 0 when nothing is known of any message in it.
 */
Record remember_packet(packet_info *pinfo, const Observation *observation);

/** Where the messages of a packet were seen. */
SipwhyPacket remember_place(const packet_info *pinfo, const Observation *observation);

/** The bytes of the n-th message of a record; NULL where they are not at hand. */
const Observed *remember_observed(const Record *record, gsize n, const Observation *observation);

/** Adds a TCP reset to the trace. */
void remember_reset(const packet_info *pinfo);

/** The trace of the file that is open; NULL when there is none. */
SipwhyTrace *remember_trace(void);

#endif
