/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Observe: where in this packet are SIP responses?
 *
 * SIP's tap "sip_follow" hands over every message of a packet, complete and in order. Passes in
 * which no taps run (the first of `tshark -2`, loading a file into sharkd, the details pane of the
 * GUI) have only the optional dissectors that SIP calls while it works; together they find every
 * response that has a reason phrase, or a user part in From or To.
 */
#ifndef SIPWHY_OBSERVE_H
#define SIPWHY_OBSERVE_H

#include <epan/packet.h>

#include "message.h"

/** A response whose bytes are at hand in this pass. */
typedef struct {
    tvbuff_t *tvb; /**< holds the message at `offset` */
    gint offset;
    SipwhyMessage message; /**< slices into the tvb's bytes */
    gboolean quoted;       /**< stands in an ICMP error: it was never received */
    gboolean cut;          /**< the capture holds less of it than there was */
} Observed;

/** Registers the optional dissectors that SIP looks for; names that are taken are left alone. */
void observe_register(int proto);

/** Starts listening to SIP's tap. Returns FALSE if Wireshark has none. */
gboolean observe_handoff(void);

/**
 * The responses of this packet, in order: an array of Observed in pinfo->pool, or NULL when there
 * is none. `*complete` tells whether they come from the tap.
 */
wmem_array_t *observe_packet(packet_info *pinfo, gboolean *complete);

#endif
