/* SPDX-License-Identifier: GPL-2.0-or-later
 * Builds the bytes of IP packets (UDP, TCP, SCTP, ICMP) and the Ethernet frame around them. */
#include "packet.h"

#include <string.h>

#include "checksum.h"

enum {
    PROTOCOL_ICMP = 1,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_ICMPV6 = 58,
    PROTOCOL_SCTP = 132,
};

enum { IPV4_HEADER = 20, IPV6_HEADER = 40, MTU = 1500, TTL = 64, MSS = 1460 };

void packet_put16(GByteArray *bytes, guint16 value)
{
    const guint8 be[2] = {(guint8)(value >> 8), (guint8)(value & 0xff)};
    g_byte_array_append(bytes, be, sizeof be);
}

void packet_put32(GByteArray *bytes, guint32 value)
{
    packet_put16(bytes, (guint16)(value >> 16));
    packet_put16(bytes, (guint16)(value & 0xffff));
}

static void put8(GByteArray *bytes, guint8 value)
{
    g_byte_array_append(bytes, &value, 1);
}

static void put_address(GByteArray *bytes, const Address *address)
{
    g_byte_array_append(bytes, address->bytes, (guint)address->len);
}

static void store16(GByteArray *bytes, gsize at, guint16 value)
{
    bytes->data[at] = (guint8)(value >> 8);
    bytes->data[at + 1] = (guint8)(value & 0xff);
}

/* Sum of the pseudo header (RFC 768, RFC 9293 3.1, RFC 8200 8.1). */
static guint32 pseudo_sum(const Endpoint *from, const Endpoint *to, guint8 protocol, gsize len)
{
    const guint8 tail[4] = {(guint8)(len >> 8), (guint8)(len & 0xff), 0, protocol};
    guint32 sum = checksum_add(0, from->address.bytes, from->address.len);

    sum = checksum_add(sum, to->address.bytes, to->address.len);
    return checksum_add(sum, tail, sizeof tail);
}

static void seal_ipv4(GByteArray *ip)
{
    store16(ip, 10, 0);
    store16(ip, 10, checksum_finish(checksum_add(0, ip->data, IPV4_HEADER)));
}

/* Puts the IP header before upper, which is freed. */
static GByteArray *wrap_ip(const Endpoint *from, const Endpoint *to, guint8 protocol,
                           GByteArray *upper)
{
    GByteArray *ip = g_byte_array_new();

    if (from->address.len == 4) {
        put8(ip, 0x45);
        put8(ip, 0);
        packet_put16(ip, (guint16)(IPV4_HEADER + upper->len));
        packet_put16(ip, ++*from->ip_id);
        packet_put16(ip, 0);
        put8(ip, TTL);
        put8(ip, protocol);
        packet_put16(ip, 0);
        put_address(ip, &from->address);
        put_address(ip, &to->address);
        seal_ipv4(ip);
    } else {
        packet_put32(ip, 0x60000000);
        packet_put16(ip, (guint16)upper->len);
        put8(ip, protocol);
        put8(ip, TTL);
        put_address(ip, &from->address);
        put_address(ip, &to->address);
    }
    g_byte_array_append(ip, upper->data, upper->len);
    g_byte_array_unref(upper);
    return ip;
}

GByteArray *packet_udp(const Endpoint *from, const Endpoint *to, const guint8 *payload, gsize len)
{
    GByteArray *udp = g_byte_array_new();

    packet_put16(udp, from->port);
    packet_put16(udp, to->port);
    packet_put16(udp, (guint16)(8 + len));
    packet_put16(udp, 0);
    g_byte_array_append(udp, payload, (guint)len);

    guint32 sum = pseudo_sum(from, to, PROTOCOL_UDP, udp->len);
    guint16 checksum = checksum_finish(checksum_add(sum, udp->data, udp->len));
    store16(udp, 6, checksum ? checksum : 0xffff); /* 0 would mean "none" (RFC 768) */
    return wrap_ip(from, to, PROTOCOL_UDP, udp);
}

GByteArray *packet_tcp(const Endpoint *from, const Endpoint *to, TcpHeader header,
                       const guint8 *payload, gsize len)
{
    GByteArray *tcp = g_byte_array_new();
    gboolean syn = (header.flags & TCP_SYN) != 0;

    packet_put16(tcp, from->port);
    packet_put16(tcp, to->port);
    packet_put32(tcp, header.seq);
    packet_put32(tcp, header.ack);
    put8(tcp, syn ? 0x60 : 0x50);
    put8(tcp, header.flags);
    packet_put16(tcp, (header.flags & TCP_RST) ? 0 : 65535);
    packet_put32(tcp, 0); /* checksum, urgent pointer */
    if (syn) {
        packet_put16(tcp, 0x0204);
        packet_put16(tcp, MSS);
    }
    g_byte_array_append(tcp, payload, (guint)len);

    guint32 sum = pseudo_sum(from, to, PROTOCOL_TCP, tcp->len);
    store16(tcp, 16, checksum_finish(checksum_add(sum, tcp->data, tcp->len)));
    return wrap_ip(from, to, PROTOCOL_TCP, tcp);
}

GByteArray *packet_sctp(const Endpoint *from, const Endpoint *to, guint32 tag,
                        const GByteArray *chunks)
{
    GByteArray *sctp = g_byte_array_new();

    packet_put16(sctp, from->port);
    packet_put16(sctp, to->port);
    packet_put32(sctp, tag);
    packet_put32(sctp, 0);
    g_byte_array_append(sctp, chunks->data, chunks->len);

    guint32 crc = checksum_crc32c(sctp->data, sctp->len);
    for (gsize i = 0; i < 4; i++)
        sctp->data[8 + i] = (guint8)((crc >> (8 * i)) & 0xff);
    return wrap_ip(from, to, PROTOCOL_SCTP, sctp);
}

GByteArray *packet_icmp(const Endpoint *from, const Endpoint *to, guint8 type, guint8 code,
                        const GByteArray *quoted)
{
    gboolean v4 = from->address.len == 4;
    guint8 protocol = v4 ? PROTOCOL_ICMP : PROTOCOL_ICMPV6;
    guint room = v4 ? 576 - IPV4_HEADER - 8 : 1280 - IPV6_HEADER - 8;
    GByteArray *icmp = g_byte_array_new();

    put8(icmp, type);
    put8(icmp, code);
    packet_put16(icmp, 0);
    packet_put32(icmp, 0);
    g_byte_array_append(icmp, quoted->data, MIN(quoted->len, room));

    guint32 sum = v4 ? 0 : pseudo_sum(from, to, protocol, icmp->len);
    store16(icmp, 2, checksum_finish(checksum_add(sum, icmp->data, icmp->len)));
    return wrap_ip(from, to, protocol, icmp);
}

GPtrArray *packet_fragment(const GByteArray *ip)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    const gsize step = (MTU - IPV4_HEADER) & ~(gsize)7;
    gboolean whole = ip->len <= MTU || (ip->data[0] >> 4) != 4;
    gsize at = 0, total = whole ? 0 : ip->len - IPV4_HEADER;

    if (whole) {
        GByteArray *copy = g_byte_array_new();
        g_byte_array_append(copy, ip->data, ip->len);
        g_ptr_array_add(parts, copy);
    }
    for (; at < total; at += step) {
        gsize len = MIN(step, total - at);
        gboolean more = at + len < total;
        GByteArray *part = g_byte_array_new();

        g_byte_array_append(part, ip->data, IPV4_HEADER);
        g_byte_array_append(part, ip->data + IPV4_HEADER + at, (guint)len);
        store16(part, 2, (guint16)(IPV4_HEADER + len));
        store16(part, 6, (guint16)((more ? 0x2000u : 0u) | (at / 8)));
        seal_ipv4(part);
        g_ptr_array_add(parts, part);
    }
    return parts;
}

static void put_mac(GByteArray *frame, guint number)
{
    const guint8 mac[6] = {2, 0, 0, 0, (guint8)(number >> 8), (guint8)(number & 0xff)};
    g_byte_array_append(frame, mac, sizeof mac);
}

GByteArray *packet_ethernet(const Endpoint *from, const Endpoint *to, const GByteArray *ip)
{
    GByteArray *frame = g_byte_array_new();

    put_mac(frame, to->number);
    put_mac(frame, from->number);
    packet_put16(frame, (ip->data[0] >> 4) == 4 ? 0x0800 : 0x86dd);
    g_byte_array_append(frame, ip->data, ip->len);
    return frame;
}
