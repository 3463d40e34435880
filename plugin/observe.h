/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Observe: where in this packet are SIP messages?
 *
 * SIP's tap "sip_follow" hands over every message of a packet, complete and in order, as long as
 * there is room for it among the 5000 entries that Wireshark's taps have for one packet. In passes
 * in which no taps run (the first of `tshark -2`, loading a file into sharkd, the details pane of
 * the GUI) the messages are looked for in the bytes of the packets that have SIP in them: their
 * own, and those that were reassembled or decrypted.
 *
 * A SIP message in the body of another one (message/sip) was never received by anybody: it is left
 * out.
 */
#ifndef SIPWHY_OBSERVE_H
#define SIPWHY_OBSERVE_H

#include <epan/packet.h>

#include "trace.h"

/** A message whose bytes are at hand in this pass. */
typedef struct {
    tvbuff_t *tvb; /**< holds the message at `offset` */
    gint offset;
    SipwhyMessage message; /**< slices into the tvb's bytes */
} Observed;

/** What is seen of a packet in this pass. */
typedef struct {
    gboolean complete; /**< the messages come from the tap, not from a search */
    gboolean quoted;   /**< they stand in an ICMP error: they were never received */
    SipwhyTransport transport;
    guint32 source_port; /**< 0: there is none, or it is not known */
    guint32 destination_port;
    guint count;
    const Observed *messages; /**< in order; in pinfo->pool */
} Observation;

/** Starts listening to SIP's tap, and TCP's; without SIP's, after a warning, every pass searches.
 */
void observe_handoff(void);

/** Whether observe_packet might find any: quick, and asked of every packet. */
gboolean observe_may_have_sip(const packet_info *pinfo, tvbuff_t *frame);

/** The messages of this packet; `frame` is all of it. (SIP gives up on a message that is cut within
 * its headers before it taps it.) */
void observe_packet(packet_info *pinfo, tvbuff_t *frame, Observation *observation);

/** Whether this packet resets a TCP connection, or (where no tap runs) comes after one that did. */
gboolean observe_reset(packet_info *pinfo);

#endif
