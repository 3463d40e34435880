/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The UDP datagram in a captured packet.
 */
#include "datagram.h"

#include <string.h>

/* www.tcpdump.org/linktypes.html */
enum {
    LINK_NULL = 0,
    LINK_ETHERNET = 1,
    LINK_RAW = 101,
    LINK_LOOP = 108,
    LINK_COOKED = 113,
    LINK_IPV4 = 228,
    LINK_IPV6 = 229,
    LINK_COOKED_2 = 276,
};

enum { TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd, TYPE_VLAN = 0x8100, TYPE_PROVIDER_VLAN = 0x88a8 };
enum { IPV4_HEADER = 20, IPV6_HEADER = 40, UDP_HEADER = 8, UDP = 17 };

/* Bytes that are left to be read, and how many there were of them on the wire. */
typedef struct {
    const uint8_t *bytes;
    uint32_t captured;
    uint32_t length;
} Rest;

static unsigned get_16(const uint8_t *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

static bool skip(Rest *rest, uint32_t count)
{
    if (rest->captured < count)
        return false;
    rest->bytes += count;
    rest->captured -= count;
    rest->length -= count;
    return true;
}

/* ---- link layers: each skips its header, and tells the type of what follows; 0: not known ---- */

/* Up to two tags. */
static unsigned skip_tags(Rest *rest, unsigned type)
{
    enum { TAG = 4, MOST = 2 };

    for (int i = 0; i < MOST && (type == TYPE_VLAN || type == TYPE_PROVIDER_VLAN); i++) {
        if (rest->captured < TAG)
            return 0;
        type = get_16(rest->bytes + 2);
        skip(rest, TAG);
    }
    return type;
}

static unsigned skip_ethernet(Rest *rest)
{
    enum { HEADER = 14, TYPE = 12 };
    /* Cisco's ISL, which has another frame in it, is sent to 01-00-0c-00-00 and 03-... */
    static const uint8_t isl[] = {0x00, 0x0c, 0x00, 0x00};

    if (rest->captured < HEADER ||
        ((rest->bytes[0] | 2) == 3 && memcmp(rest->bytes + 1, isl, sizeof isl) == 0))
        return 0;
    const unsigned type = get_16(rest->bytes + TYPE);
    skip(rest, HEADER);
    return skip_tags(rest, type);
}

/* What a device of these kinds of hardware sends is what the type says. */
static bool is_plain_hardware(unsigned hardware)
{
    enum { ETHERNET = 1, PPP = 512, LOOPBACK = 772, NONE = 65534 };

    return hardware == ETHERNET || hardware == PPP || hardware == LOOPBACK || hardware == NONE;
}

static unsigned skip_cooked(Rest *rest)
{
    enum { HEADER = 16, HARDWARE = 2, TYPE = 14 };

    if (rest->captured < HEADER || !is_plain_hardware(get_16(rest->bytes + HARDWARE)))
        return 0;
    const unsigned type = get_16(rest->bytes + TYPE);
    skip(rest, HEADER);
    return skip_tags(rest, type);
}

static unsigned skip_cooked_2(Rest *rest)
{
    enum { HEADER = 20, HARDWARE = 8 };

    if (rest->captured < HEADER || !is_plain_hardware(get_16(rest->bytes + HARDWARE)))
        return 0;
    const unsigned type = get_16(rest->bytes);
    skip(rest, HEADER);
    return skip_tags(rest, type);
}

/* The address family, in whichever order of bytes. */
static unsigned skip_family(Rest *rest)
{
    enum { HEADER = 4, IPV4 = 2, NETBSD_IPV6 = 24, FREEBSD_IPV6 = 28, MACOS_IPV6 = 30 };

    if (rest->captured < HEADER)
        return 0;
    const uint8_t *bytes = rest->bytes;
    unsigned family = 0;
    if (bytes[1] == 0 && bytes[2] == 0 && (bytes[0] == 0 || bytes[3] == 0))
        family = (unsigned)bytes[0] + bytes[3];
    skip(rest, HEADER);
    if (family == IPV4)
        return TYPE_IPV4;
    return family == NETBSD_IPV6 || family == FREEBSD_IPV6 || family == MACOS_IPV6 ? TYPE_IPV6 : 0;
}

static unsigned type_of_version(const Rest *rest)
{
    const unsigned version = rest->captured > 0 ? rest->bytes[0] >> 4 : 0;

    if (version == 4)
        return TYPE_IPV4;
    return version == 6 ? TYPE_IPV6 : 0;
}

static unsigned skip_link(uint32_t link_type, Rest *rest)
{
    switch (link_type) {
    case LINK_ETHERNET:
        return skip_ethernet(rest);
    case LINK_COOKED:
        return skip_cooked(rest);
    case LINK_COOKED_2:
        return skip_cooked_2(rest);
    case LINK_NULL:
    case LINK_LOOP:
        return skip_family(rest);
    case LINK_RAW:
        return type_of_version(rest);
    case LINK_IPV4:
        return TYPE_IPV4;
    case LINK_IPV6:
        return TYPE_IPV6;
    default:
        return 0;
    }
}

bool sipwhy_datagram_knows_link(uint32_t link_type)
{
    return link_type == LINK_ETHERNET || link_type == LINK_COOKED || link_type == LINK_COOKED_2 ||
           link_type == LINK_NULL || link_type == LINK_LOOP || link_type == LINK_RAW ||
           link_type == LINK_IPV4 || link_type == LINK_IPV6;
}

/* ---- IP ---- */

/* IP's header is skipped; returns whether UDP follows. `*whole` is left alone, or cleared if this
 * is a part of a datagram, or if there is anything about the header that there need not be. */
static bool skip_ipv4(Rest *rest, SipwhyDatagram *datagram, bool *whole)
{
    enum {
        MAPPED = 10,
        TAIL = 12,
        TOTAL = 2,
        FRAGMENT = 6,
        PROTOCOL = 9,
        SOURCE = 12,
        TARGET = 16
    };
    enum { WORD = 4, OFFSET = 0x1fff, MORE = 0x2000, RESERVED = 0x8000 };
    const uint8_t *bytes = rest->bytes;

    if (rest->captured < IPV4_HEADER || bytes[0] >> 4 != 4 || bytes[PROTOCOL] != UDP)
        return false;
    const unsigned header = (bytes[0] & 0x0fU) * WORD;
    const unsigned total = get_16(bytes + TOTAL);
    const unsigned fragment = get_16(bytes + FRAGMENT);
    if (header < IPV4_HEADER || (fragment & OFFSET) != 0)
        return false;
    datagram->source = datagram->destination = (SipwhyEndpoint){0};
    memset(datagram->source.address + MAPPED, 0xff, TAIL - MAPPED);
    memset(datagram->destination.address + MAPPED, 0xff, TAIL - MAPPED);
    memcpy(datagram->source.address + TAIL, bytes + SOURCE, WORD);
    memcpy(datagram->destination.address + TAIL, bytes + TARGET, WORD);
    if (header != IPV4_HEADER || (fragment & (MORE | RESERVED)) || total < header ||
        total > rest->length)
        *whole = false;
    else if (rest->captured == rest->length) /* the link layer may have padded it */
        rest->length = rest->captured = total;
    return skip(rest, header);
}

static bool skip_ipv6(Rest *rest, SipwhyDatagram *datagram, bool *whole)
{
    enum { PAYLOAD = 4, NEXT = 6, SOURCE = 8, TARGET = 24, ADDRESS = 16 };
    enum { HOPS = 0, ROUTING = 43, FRAGMENT = 44, DESTINATION = 60, UNIT = 8 };
    const uint8_t *bytes = rest->bytes;

    if (rest->captured < IPV6_HEADER || bytes[0] >> 4 != 6)
        return false;
    const unsigned payload = get_16(bytes + PAYLOAD);
    unsigned next = bytes[NEXT];
    memcpy(datagram->source.address, bytes + SOURCE, ADDRESS);
    memcpy(datagram->destination.address, bytes + TARGET, ADDRESS);
    if (payload == 0 || payload > rest->length - IPV6_HEADER)
        *whole = false;
    else if (rest->captured == rest->length)
        rest->length = rest->captured = payload + IPV6_HEADER;
    skip(rest, IPV6_HEADER);
    while (next == HOPS || next == ROUTING || next == FRAGMENT || next == DESTINATION) {
        *whole = false;
        if (rest->captured < UNIT || (next == FRAGMENT && (get_16(rest->bytes + 2) & 0xfff8)))
            return false;
        const uint32_t size = next == FRAGMENT ? UNIT : (rest->bytes[1] + 1U) * UNIT;
        next = rest->bytes[0];
        if (!skip(rest, size))
            return false;
    }
    return next == UDP;
}

/* ---- UDP ---- */

/* Finds UDP below an IP header. */
static void find_below(unsigned type, Rest rest, SipwhyDatagram *datagram)
{
    enum { TARGET = 2, LENGTH = 4 };
    bool whole = rest.captured == rest.length;
    const bool found = type == TYPE_IPV4   ? skip_ipv4(&rest, datagram, &whole)
                       : type == TYPE_IPV6 ? skip_ipv6(&rest, datagram, &whole)
                                           : false;

    if (!found || rest.captured < UDP_HEADER)
        return;
    datagram->source.port = (uint16_t)get_16(rest.bytes);
    datagram->destination.port = (uint16_t)get_16(rest.bytes + TARGET);
    whole = whole && get_16(rest.bytes + LENGTH) == rest.length;
    datagram->kind = whole ? SIPWHY_DATAGRAM_WHOLE : SIPWHY_DATAGRAM_ODD;
    skip(&rest, UDP_HEADER);
    datagram->payload = rest.bytes;
    datagram->length = rest.captured;
}

void sipwhy_datagram_find(uint32_t link_type, const uint8_t *bytes, uint32_t captured,
                          uint32_t length, SipwhyDatagram *datagram)
{
    enum { SHORTEST_FRAME = 64, TRAILER_MOST = 8 };
    Rest rest = {bytes, captured, length};

    datagram->kind = SIPWHY_DATAGRAM_NONE;
    datagram->payload = bytes;
    datagram->length = captured;
    const unsigned type = skip_link(link_type, &rest);
    find_below(type, rest, datagram);
    /* The padding of a short frame, and a check sum, may follow; more than that is odd. */
    if (datagram->kind == SIPWHY_DATAGRAM_WHOLE && captured > SHORTEST_FRAME &&
        (uint32_t)(bytes + captured - (datagram->payload + datagram->length)) > TRAILER_MOST)
        datagram->kind = SIPWHY_DATAGRAM_ODD;
}

bool sipwhy_datagram_find_inner(const uint8_t *bytes, uint32_t length, uint32_t *at,
                                SipwhyDatagram *datagram)
{
    while (*at + IPV4_HEADER + UDP_HEADER <= length) {
        Rest rest = {bytes + *at, length - *at, length - *at};
        const unsigned version = rest.bytes[0] >> 4;
        ++*at;
        datagram->kind = SIPWHY_DATAGRAM_NONE;
        if (version == 4)
            find_below(TYPE_IPV4, rest, datagram);
        else if (version == 6)
            find_below(TYPE_IPV6, rest, datagram);
        if (datagram->kind != SIPWHY_DATAGRAM_NONE)
            return true;
    }
    return false;
}
