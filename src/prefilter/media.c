/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Media streams.
 */
#include "media.h"

#include <glib.h>
#include <string.h>

#include "datagram.h"

enum {
    PORT_FIRST = 1024,
    STREAMS_MOST = 1 << 20,
    MARKS_BITS = 26, /* of a hash: a mark that two ends share keeps more than need be kept */
    PLACES_FIRST = 1 << 12,
};

/* Datagrams from one end to another. */
typedef struct {
    SipwhyEndpoint source;
    SipwhyEndpoint destination;
    uint32_t identifier; /* SSRC */
    uint16_t sequence;   /* the highest */
} Stream;

struct SipwhyMedia {
    GArray *streams;  /* Stream */
    uint32_t *places; /* by hash, open addressing: the number of a stream, from 1; 0: free */
    uint32_t place_count;
    uint64_t *marks; /* a bit for each hash of an end that carries more than media */
    bool kept_ports[UINT16_MAX + 1];
};

/* Ports of which all is kept: SIP's, and those of what carries packets or messages of others. */
static const struct {
    uint16_t first;
    uint16_t last;
} kept_ports[] = {
    {1701, 1701},   /* L2TP */
    {2123, 2123},   /* GTP, control */
    {2152, 2152},   /* GTP, user data */
    {2427, 2427},   /* MGCP, to the gateway */
    {2727, 2727},   /* MGCP, to the call agent */
    {2944, 2945},   /* H.248 */
    {3386, 3386},   /* GTP' */
    {3478, 3481},   /* STUN and TURN */
    {3544, 3544},   /* Teredo */
    {4341, 4342},   /* LISP */
    {4500, 4500},   /* ESP */
    {4569, 4569},   /* IAX2 */
    {4754, 4755},   /* GRE */
    {4789, 4791},   /* VXLAN, its GPE, RoCE */
    {5000, 5000},   /* captures of a wireless access point */
    {5060, 5099},   /* SIP, AYIYA (5072) */
    {5246, 5247},   /* CAPWAP */
    {5349, 5349},   /* STUN and TURN over DTLS */
    {5353, 5353},   /* mDNS */
    {5555, 5555},   /* captures of a wireless access point */
    {6081, 6081},   /* Geneve */
    {6343, 6343},   /* sFlow, which quotes packets */
    {6635, 6635},   /* MPLS */
    {8211, 8211},   /* PAPI */
    {8472, 8472},   /* VXLAN, of old */
    {9060, 9063},   /* HEP */
    {9899, 9899},   /* SCTP */
    {12000, 12004}, /* LLC */
    {12220, 12223}, /* LWAPP */
    {13907, 13910}, /* WASSP */
    {37008, 37008}, /* TZSP */
};

SipwhyMedia *sipwhy_media_new(void)
{
    SipwhyMedia *media = g_new0(SipwhyMedia, 1);

    media->streams = g_array_new(FALSE, FALSE, sizeof(Stream));
    media->place_count = PLACES_FIRST;
    media->places = g_new0(uint32_t, media->place_count);
    media->marks = g_malloc0((1U << MARKS_BITS) / 8);
    for (unsigned port = 0; port < PORT_FIRST; port++)
        media->kept_ports[port] = true;
    for (unsigned i = 0; i < G_N_ELEMENTS(kept_ports); i++)
        for (unsigned port = kept_ports[i].first; port <= kept_ports[i].last; port++)
            media->kept_ports[port] = true;
    return media;
}

void sipwhy_media_free(SipwhyMedia *media)
{
    if (!media)
        return;
    g_array_free(media->streams, TRUE);
    g_free(media->places);
    g_free(media->marks);
    g_free(media);
}

/* ---- hashes ---- */

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

static uint64_t hash_end(const SipwhyEndpoint *end)
{
    uint64_t words[2];

    memcpy(words, end->address, sizeof words);
    return mix(mix(mix(1, words[0]), words[1]), end->port);
}

static void mark(SipwhyMedia *media, const SipwhyEndpoint *end)
{
    const uint64_t bit = hash_end(end) >> (64 - MARKS_BITS);

    media->marks[bit / 64] |= UINT64_C(1) << bit % 64;
}

static bool is_marked(const SipwhyMedia *media, const SipwhyEndpoint *end)
{
    const uint64_t bit = hash_end(end) >> (64 - MARKS_BITS);

    return media->marks[bit / 64] >> bit % 64 & 1;
}

static bool is_stream(const Stream *stream, const SipwhyDatagram *datagram)
{
    return sipwhy_same_endpoint(&stream->source, &datagram->source) &&
           sipwhy_same_endpoint(&stream->destination, &datagram->destination);
}

static uint32_t first_place(const SipwhyMedia *media, const SipwhyEndpoint *source,
                            const SipwhyEndpoint *destination)
{
    return (uint32_t)(mix(hash_end(source), hash_end(destination)) >> 32) &
           (media->place_count - 1);
}

static void double_places(SipwhyMedia *media)
{
    g_free(media->places);
    media->place_count *= 2;
    media->places = g_new0(uint32_t, media->place_count);
    for (guint i = 0; i < media->streams->len; i++) {
        const Stream *stream = &g_array_index(media->streams, Stream, i);
        uint32_t place = first_place(media, &stream->source, &stream->destination);
        while (media->places[place])
            place = (place + 1) & (media->place_count - 1);
        media->places[place] = i + 1;
    }
}

/* The number of the stream of a datagram; 0: there is none, and `*place` is for it. */
static uint32_t find_stream(const SipwhyMedia *media, const SipwhyDatagram *datagram,
                            uint32_t *place)
{
    *place = first_place(media, &datagram->source, &datagram->destination);
    for (;;) {
        const uint32_t number = media->places[*place];
        if (!number || is_stream(&g_array_index(media->streams, Stream, number - 1), datagram))
            return number;
        *place = (*place + 1) & (media->place_count - 1);
    }
}

/* ---- what is media ---- */

static unsigned get_16(const uint8_t *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

/* Both have version 2. The second byte of RTCP is its type, from 192 to 223 (RFC 5761 4). */
static bool is_version_2(const uint8_t *bytes)
{
    return bytes[0] >> 6 == 2;
}

static bool has_rtcp_type(const uint8_t *bytes)
{
    return bytes[1] >= 192 && bytes[1] <= 223;
}

static bool is_rtcp(const uint8_t *bytes, uint32_t length)
{
    enum { HEADER = 8, WORD = 4 };

    return length >= HEADER && length % WORD == 0 && is_version_2(bytes) && has_rtcp_type(bytes) &&
           (get_16(bytes + 2) + 1) * WORD <= length;
}

/* Whether the payload may carry packets in its turn: MPEG transport streams, DVB's base-band. */
static bool may_carry_packets(const uint8_t *bytes, const uint8_t *payload, uint32_t length)
{
    enum { MP2T = 33, SYNC = 0x47, SLOT = 188, BASE_BAND_SYNC = 0xb8 };

    return (bytes[1] & 0x7f) == MP2T || bytes[0] == BASE_BAND_SYNC ||
           (length > 0 && length % SLOT == 0 && payload[0] == SYNC);
}

/* RFC 3550 5.1, 5.3.1; types 64 to 95 would be RTCP's, with or without the marker. */
static bool is_rtp(const uint8_t *bytes, uint32_t length)
{
    enum {
        HEADER = 12,
        WORD = 4,
        PADDING = 0x20,
        EXTENSION = 0x10,
        RTCP_FIRST = 64,
        RTCP_LAST = 95
    };
    const uint8_t *end = bytes + length;

    if (length < HEADER || !is_version_2(bytes))
        return false;
    const unsigned type = bytes[1] & 0x7fU;
    uint32_t header = HEADER + (bytes[0] & 0x0fU) * WORD;
    if (type >= RTCP_FIRST && type <= RTCP_LAST)
        return false;
    if (bytes[0] & EXTENSION) {
        if (header + WORD > length)
            return false;
        header += WORD + get_16(bytes + header + 2) * WORD;
    }
    if (header > length)
        return false;
    length -= header;
    if ((bytes[0] & PADDING) && (length == 0 || end[-1] == 0 || end[-1] > length))
        return false;
    return !may_carry_packets(bytes, bytes + header, length);
}

static bool is_media(const SipwhyMedia *media, const SipwhyDatagram *datagram)
{
    return datagram->kind == SIPWHY_DATAGRAM_WHOLE && !media->kept_ports[datagram->source.port] &&
           !media->kept_ports[datagram->destination.port] &&
           is_rtp(datagram->payload, datagram->length);
}

/* ---- streams ---- */

/* Whether the datagram goes on with its stream. If not, the stream goes on from here, unless this
 * one is late, or one more of the same. */
static bool goes_on(Stream *stream, const uint8_t *rtp)
{
    enum { DROPOUT_MOST = 3000, LATE_MOST = 100, IDENTIFIER = 8 }; /* RFC 3550 A.1 */
    uint32_t identifier;

    memcpy(&identifier, rtp + IDENTIFIER, sizeof identifier);
    const uint16_t sequence = (uint16_t)get_16(rtp + 2);
    const uint16_t step = (uint16_t)(sequence - stream->sequence);
    const bool is_same = identifier == stream->identifier;
    if (is_same && (step == 0 || step >= UINT16_MAX + 1 - LATE_MOST))
        return false;
    stream->identifier = identifier;
    stream->sequence = sequence;
    return is_same && step <= DROPOUT_MOST;
}

static uint32_t take_media(SipwhyMedia *media, const SipwhyDatagram *datagram)
{
    uint32_t place;
    const uint32_t number = find_stream(media, datagram, &place);

    if (number)
        return goes_on(&g_array_index(media->streams, Stream, number - 1), datagram->payload)
                   ? number
                   : 0;
    if (media->streams->len == STREAMS_MOST)
        return 0;
    Stream stream = {.source = datagram->source, .destination = datagram->destination};
    goes_on(&stream, datagram->payload);
    g_array_append_val(media->streams, stream);
    media->places[place] = media->streams->len;
    if (media->streams->len > media->place_count / 2)
        double_places(media);
    return 0;
}

/* ---- all else ---- */

static void mark_both(SipwhyMedia *media, const SipwhyDatagram *datagram)
{
    mark(media, &datagram->source);
    mark(media, &datagram->destination);
}

/* The ends of what a packet carries or quotes, unless that looks like media itself. */
static void mark_inner(SipwhyMedia *media, const SipwhyDatagram *outer)
{
    SipwhyDatagram inner;
    uint32_t at = 0;

    while (sipwhy_datagram_find_inner(outer->payload, outer->length, &at, &inner))
        if (inner.length < 2 || !is_version_2(inner.payload))
            mark_both(media, &inner);
}

uint32_t sipwhy_media_take(SipwhyMedia *media, uint32_t link_type, const SipwhyCapturePiece *packet)
{
    SipwhyDatagram datagram;

    sipwhy_datagram_find(link_type, packet->bytes, packet->captured, packet->length, &datagram);
    if (is_media(media, &datagram))
        return take_media(media, &datagram);
    if (datagram.kind == SIPWHY_DATAGRAM_NONE) {
        mark_inner(media, &datagram);
        return 0;
    }
    if (datagram.kind == SIPWHY_DATAGRAM_ODD || !is_rtcp(datagram.payload, datagram.length))
        mark_both(media, &datagram);
    /* SIP itself, which begins with a letter, carries none. */
    if (datagram.length > 0 && !g_ascii_isalpha(datagram.payload[0]))
        mark_inner(media, &datagram);
    return 0;
}

bool sipwhy_media_is_alone(const SipwhyMedia *media, uint32_t stream)
{
    const Stream *one = &g_array_index(media->streams, Stream, stream - 1);

    return !is_marked(media, &one->source) && !is_marked(media, &one->destination);
}
