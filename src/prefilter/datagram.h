/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The UDP datagram in a captured packet.
 */
#ifndef SIPWHY_PREFILTER_DATAGRAM_H
#define SIPWHY_PREFILTER_DATAGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "endpoint.h"

typedef enum {
    SIPWHY_DATAGRAM_NONE,  /**< no UDP, or not where it is looked for */
    SIPWHY_DATAGRAM_ODD,   /**< from here to there, but a part of one, or with an odd length */
    SIPWHY_DATAGRAM_WHOLE, /**< all of it is there, and nothing else */
} SipwhyDatagramKind;

typedef struct {
    SipwhyDatagramKind kind;
    SipwhyEndpoint source; /**< of all but NONE */
    SipwhyEndpoint destination;
    const uint8_t *payload; /**< what is behind the headers that were read; of NONE, the packet */
    uint32_t length;
} SipwhyDatagram;

/** Whether packets of a link-layer type (LINKTYPE_*) can be looked into. */
bool sipwhy_datagram_knows_link(uint32_t link_type);

/** Finds the datagram in the first `captured` of the `length` bytes of a packet: Ethernet (also
 * with VLAN tags), Linux cooked or loopback headers or none, and IPv4 or IPv6 right below UDP. */
void sipwhy_datagram_find(uint32_t link_type, const uint8_t *bytes, uint32_t captured,
                          uint32_t length, SipwhyDatagram *datagram);

/** Finds the next datagram that something else carries (an ICMP error, a tunnel): an IP header
 * anywhere from `*at` on, which is moved behind its start, and UDP below it. False: no more. */
bool sipwhy_datagram_find_inner(const uint8_t *bytes, uint32_t length, uint32_t *at,
                                SipwhyDatagram *datagram);

#endif
