/* SPDX-License-Identifier: GPL-2.0-or-later
 * Builds the bytes of IP packets (UDP, TCP, SCTP, ICMP) and the Ethernet frame around them. */
#ifndef SCENARIO_PACKET_H
#define SCENARIO_PACKET_H

#include <glib.h>

typedef struct {
    guint8 bytes[16];
    gsize len; /* 4 or 16 */
} Address;

/* One end of a packet. number makes the MAC address and the IPv4 identification. */
typedef struct {
    Address address;
    guint16 port;
    guint number;
    guint16 *ip_id; /* counter of this end, raised by every IPv4 packet */
} Endpoint;

enum { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08, TCP_ACK = 0x10 };

typedef struct {
    guint32 seq, ack;
    guint8 flags;
} TcpHeader;

/* All of these return a new IP packet; both ends have addresses of the same family. */
GByteArray *packet_udp(const Endpoint *from, const Endpoint *to, const guint8 *payload, gsize len);
GByteArray *packet_tcp(const Endpoint *from, const Endpoint *to, TcpHeader header,
                       const guint8 *payload, gsize len);
/* chunks: whole SCTP chunks, padded; tag: the verification tag of the receiver. */
GByteArray *packet_sctp(const Endpoint *from, const Endpoint *to, guint32 tag,
                        const GByteArray *chunks);
/* type and code are those of ICMP or ICMPv6, by the family; quoted is an IP packet, of which as
 * much goes in as fits 576 bytes (RFC 1812 4.3.2.3) or 1280 (RFC 4443 2.4). */
GByteArray *packet_icmp(const Endpoint *from, const Endpoint *to, guint8 type, guint8 code,
                        const GByteArray *quoted);

/* Cuts an IPv4 packet for an MTU of 1500 bytes; an IPv6 packet, or one that fits, stays whole.
 * Returns GByteArrays. */
GPtrArray *packet_fragment(const GByteArray *ip);

GByteArray *packet_ethernet(const Endpoint *from, const Endpoint *to, const GByteArray *ip);

/* Big-endian numbers at the end of bytes. */
void packet_put16(GByteArray *bytes, guint16 value);
void packet_put32(GByteArray *bytes, guint32 value);

#endif
