/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Observe: where in this packet are SIP responses?
 *
 * SIP's tap "sip_follow" hands over every message of a packet, complete and in order, as long as
 * there is room for it among the 5000 entries that Wireshark's taps have for one packet. Passes in
 * which no taps run (the first of `tshark -2`, loading a file into sharkd, the details pane of the
 * GUI) have only the optional dissectors that SIP calls while it works, our hooks; together they
 * find every response that has a reason phrase, or a user part in From or To.
 *
 * A SIP message in the body of another one (message/sip) is no response that anybody received: it
 * is left out.
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
} Observed;

/**
 * Registers the optional dissectors that SIP looks for; names that are taken are left alone. (A
 * plugin that registers one of them after us makes Wireshark stop: it insists on unique names, and
 * SIP looks for them before any plugin is told that all others are there.)
 */
void observe_register(int proto);

/** Starts listening to SIP's tap; without it, after a warning, the hooks are on their own. */
void observe_handoff(void);

/**
 * The responses of this packet, in order: an array of Observed in pinfo->pool, empty or NULL when
 * there is none. `*complete` tells whether they come from the tap. `frame` is the whole packet: SIP
 * gives up on one that is cut within its headers before it taps it or, if it has no phrase, calls a
 * hook; then its status line is looked for in the packet's own bytes. `shown` tells that somebody
 * looks at the packet, so that the search is worth its time if it is not cut, too.
 */
wmem_array_t *observe_packet(packet_info *pinfo, tvbuff_t *frame, gboolean shown,
                             gboolean *complete);

#endif
