/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One session description, scanned in place.
 */
#include "sdp.h"

#include <glib.h>
#include <string.h>

/* What a=, c= and m= lines say of one stream, or of the session for all of them. */
typedef struct {
    SipwhySlice connection;
    SipwhySdpDirection direction;
    bool crypto, fingerprint, setup, ice, candidate_ip4, candidate_ip6, bundle_only;
} Properties;

static SipwhySlice text_slice(const char *text)
{
    return (SipwhySlice){text, strlen(text)};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Whether a line is "LETTER=value". */
static bool read_line(SipwhySlice line, char letter, SipwhySlice *value)
{
    if (line.length < 2 || line.data[1] != '=' || line.data[0] != letter)
        return false;
    *value = sipwhy_slice_strip(sipwhy_slice_between(line.data + 2, sipwhy_slice_end(line)));
    return true;
}

bool sipwhy_sdp_next_line(SipwhySlice *rest, char letter, SipwhySlice *value)
{
    SipwhySlice line;

    while (sipwhy_slice_next_line(rest, &line))
        if (read_line(line, letter, value))
            return true;
    return false;
}

bool sipwhy_sdp_next_format(SipwhySlice *rest, SipwhySlice *format)
{
    const char *begin = rest->data;
    const char *end = sipwhy_slice_end(*rest);

    while (begin < end && is_blank(*begin))
        begin++;
    const char *at = begin;
    while (at < end && !is_blank(*at))
        at++;
    *format = sipwhy_slice_between(begin, at);
    *rest = sipwhy_slice_between(at, end);
    return format->length > 0;
}

/* Whether an attribute is "name" or "name:value"; gives the value. */
static bool is_attribute(SipwhySlice attribute, const char *name, SipwhySlice *value)
{
    size_t length = strlen(name);

    if (attribute.length < length || memcmp(attribute.data, name, length) != 0 ||
        (attribute.length > length && attribute.data[length] != ':'))
        return false;
    *value = sipwhy_slice_between(attribute.data + MIN(attribute.length, length + 1),
                                  sipwhy_slice_end(attribute));
    return true;
}

/* The n-th word of a value, from 0; empty when there are not so many. */
static SipwhySlice word_at(SipwhySlice value, unsigned n)
{
    SipwhySlice word = {NULL, 0};

    do {
        if (!sipwhy_sdp_next_format(&value, &word))
            return word;
    } while (n-- > 0);
    return word;
}

static void note_candidate(SipwhySlice address, Properties *properties)
{
    if (address.length == 0)
        return;
    if (memchr(address.data, ':', address.length))
        properties->candidate_ip6 = true;
    else if (address.data[0] >= '0' && address.data[0] <= '9')
        properties->candidate_ip4 = true;
}

static void read_attribute(SipwhySlice attribute, Properties *properties)
{
    static const struct {
        const char *name;
        SipwhySdpDirection direction;
    } directions[] = {
        {"sendrecv", SIPWHY_SDP_SENDRECV},
        {"sendonly", SIPWHY_SDP_SENDONLY},
        {"recvonly", SIPWHY_SDP_RECVONLY},
        {"inactive", SIPWHY_SDP_INACTIVE},
    };
    SipwhySlice value;

    for (size_t i = 0; i < G_N_ELEMENTS(directions); i++)
        if (is_attribute(attribute, directions[i].name, &value))
            properties->direction = directions[i].direction;
    properties->crypto |= is_attribute(attribute, "crypto", &value);
    properties->fingerprint |= is_attribute(attribute, "fingerprint", &value);
    properties->setup |= is_attribute(attribute, "setup", &value);
    properties->bundle_only |= is_attribute(attribute, "bundle-only", &value);
    properties->ice |= is_attribute(attribute, "ice-ufrag", &value);
    if (is_attribute(attribute, "candidate", &value)) {
        properties->ice = true;
        note_candidate(word_at(value, 4), properties); /* RFC 8839 5.1 */
    }
    if (is_attribute(attribute, "altc", &value))
        note_candidate(word_at(value, 2), properties); /* RFC 6947 4.1 */
}

static void read_properties(SipwhySlice lines, Properties *properties)
{
    SipwhySlice line;
    SipwhySlice value;

    while (sipwhy_slice_next_line(&lines, &line)) {
        if (read_line(line, 'c', &value))
            properties->connection = value;
        else if (read_line(line, 'a', &value))
            read_attribute(value, properties);
    }
}

/* m=<media> <port>[/<number of ports>] <proto> <fmt> ... (RFC 8866 5.14) */
static void read_media_line(SipwhySlice line, SipwhySdpMedia *media)
{
    SipwhySlice rest = line;
    SipwhySlice port;

    media->line = line;
    sipwhy_sdp_next_format(&rest, &media->type);
    sipwhy_sdp_next_format(&rest, &port);
    sipwhy_sdp_next_format(&rest, &media->proto);
    media->formats = rest;
    /* a port that is no number refuses nothing */
    if (!sipwhy_slice_number(port, &media->port))
        media->port = 65535;
}

static void apply_properties(const Properties *properties, SipwhySdpMedia *media)
{
    media->connection = properties->connection;
    media->direction = properties->direction;
    media->crypto = properties->crypto;
    media->fingerprint = properties->fingerprint;
    media->setup = properties->setup;
    media->ice = properties->ice;
    media->candidate_ip4 = properties->candidate_ip4;
    media->candidate_ip6 = properties->candidate_ip6;
    media->bundle_only = properties->bundle_only;
}

/* Takes what stands before the next m= line off `rest`; `media_line` is the value of that. */
static bool take_section(SipwhySlice *rest, SipwhySlice *lines, SipwhySlice *media_line)
{
    const char *begin = rest->data;
    SipwhySlice line;

    while (sipwhy_slice_next_line(rest, &line)) {
        if (!read_line(line, 'm', media_line))
            continue;
        *lines = sipwhy_slice_between(begin, line.data);
        return true;
    }
    *lines = sipwhy_slice_between(begin, rest->data);
    return false;
}

bool sipwhy_sdp_scan(SipwhySlice bytes, SipwhySdp *sdp)
{
    Properties session = {0};
    SipwhySlice line;
    SipwhySlice rest = bytes;

    sdp->media_count = 0;
    sdp->line_count = 0;
    sdp->session = bytes;
    if (bytes.length == 0 || !take_section(&rest, &sdp->session, &line))
        return false;
    read_properties(sdp->session, &session);
    bool more = true;
    while (more) {
        SipwhySdpMedia media = {0};
        Properties own = session;
        read_media_line(line, &media);
        more = take_section(&rest, &media.lines, &line);
        if (sdp->line_count++ >= SIPWHY_SDP_MEDIA_MOST)
            continue;
        read_properties(media.lines, &own);
        apply_properties(&own, &media);
        sdp->media[sdp->media_count++] = media;
    }
    return true;
}

/* The formats that need no a=rtpmap (RFC 3551 6). */
static void name_static_format(SipwhySdpCodec *codec)
{
    static const struct {
        const char *name;
        unsigned clock;
    } known[] = {
        [0] = {"PCMU", 8000},   [3] = {"GSM", 8000},    [4] = {"G723", 8000},
        [5] = {"DVI4", 8000},   [6] = {"DVI4", 16000},  [7] = {"LPC", 8000},
        [8] = {"PCMA", 8000},   [9] = {"G722", 8000},   [10] = {"L16", 44100},
        [11] = {"L16", 44100},  [12] = {"QCELP", 8000}, [13] = {"CN", 8000},
        [14] = {"MPA", 90000},  [15] = {"G728", 8000},  [16] = {"DVI4", 11025},
        [17] = {"DVI4", 22050}, [18] = {"G729", 8000},  [25] = {"CelB", 90000},
        [26] = {"JPEG", 90000}, [28] = {"nv", 90000},   [31] = {"H261", 90000},
        [32] = {"MPV", 90000},  [33] = {"MP2T", 90000}, [34] = {"H263", 90000},
    };
    unsigned number;

    if (!sipwhy_slice_number(codec->format, &number) || number >= G_N_ELEMENTS(known) ||
        !known[number].name)
        return;
    codec->name = text_slice(known[number].name);
    codec->clock = known[number].clock;
}

/* a=rtpmap:<payload type> <encoding name>/<clock rate>[/<channels>] (RFC 8866 6.6) */
static void apply_rtpmap(SipwhySlice value, SipwhySdpCodec *codecs, size_t count)
{
    SipwhySlice format = word_at(value, 0);
    SipwhySlice encoding = word_at(value, 1);
    const char *slash = encoding.length > 0 ? memchr(encoding.data, '/', encoding.length) : NULL;

    for (size_t i = 0; i < count; i++) {
        if (!sipwhy_slice_equal(codecs[i].format, format) || encoding.length == 0)
            continue;
        codecs[i].name =
            sipwhy_slice_between(encoding.data, slash ? slash : sipwhy_slice_end(encoding));
        codecs[i].clock = 0;
        if (slash)
            sipwhy_slice_number(sipwhy_slice_between(slash + 1, sipwhy_slice_end(encoding)),
                                &codecs[i].clock);
    }
}

size_t sipwhy_sdp_codecs(const SipwhySdpMedia *media,
                         SipwhySdpCodec codecs[SIPWHY_SDP_FORMATS_MOST])
{
    bool rtp = sipwhy_sdp_proto(media->proto).kind == SIPWHY_SDP_PROTO_RTP;
    SipwhySlice rest = media->formats;
    SipwhySlice value;
    size_t count = 0;

    while (count < SIPWHY_SDP_FORMATS_MOST) {
        SipwhySdpCodec codec = {0};
        if (!sipwhy_sdp_next_format(&rest, &codec.format))
            break;
        if (rtp)
            name_static_format(&codec);
        else
            codec.name = codec.format;
        codecs[count++] = codec;
    }
    rest = media->lines;
    while (rtp && sipwhy_sdp_next_line(&rest, 'a', &value)) {
        SipwhySlice map;
        if (is_attribute(value, "rtpmap", &map))
            apply_rtpmap(map, codecs, count);
    }
    return count;
}

bool sipwhy_sdp_codec_same(const SipwhySdpCodec *one, const SipwhySdpCodec *other)
{
    return one->name.length > 0 && sipwhy_slice_alike(one->name, other->name) &&
           (one->clock == other->clock || one->clock == 0 || other->clock == 0);
}

bool sipwhy_sdp_codec_helps(const SipwhySdpCodec *codec)
{
    static const char *const helpers[] = {
        "telephone-event", "tone",    "CN",         "red",      "rtx",
        "ulpfec",          "flexfec", "flexfec-03", "parityfec"};

    for (size_t i = 0; i < G_N_ELEMENTS(helpers); i++)
        if (sipwhy_slice_is(codec->name, helpers[i]))
            return true;
    return false;
}

static bool ends_with(SipwhySlice slice, const char *text)
{
    size_t length = strlen(text);

    return slice.length >= length &&
           g_ascii_strncasecmp(sipwhy_slice_end(slice) - length, text, length) == 0;
}

SipwhySdpProto sipwhy_sdp_proto(SipwhySlice proto)
{
    SipwhySdpProto found = {0};

    found.dtls = sipwhy_slice_contains(proto, "UDP/TLS/") ||
                 sipwhy_slice_contains(proto, "TCP/DTLS/") ||
                 sipwhy_slice_contains(proto, "TCP/TLS/") ||
                 sipwhy_slice_contains(proto, "DCCP/TLS/") || sipwhy_slice_contains(proto, "DTLS/");
    found.secure = found.dtls;
    if (sipwhy_slice_contains(proto, "RTP/")) {
        found.kind = SIPWHY_SDP_PROTO_RTP;
        found.feedback = ends_with(proto, "AVPF");
        found.secure |= sipwhy_slice_contains(proto, "RTP/SAVP");
    } else if (ends_with(proto, "udptl")) {
        found.kind = SIPWHY_SDP_PROTO_UDPTL;
    } else if (ends_with(proto, "MSRP")) {
        found.kind = SIPWHY_SDP_PROTO_MSRP;
    }
    return found;
}

SipwhySlice sipwhy_sdp_address(SipwhySlice connection)
{
    SipwhySlice address = word_at(connection, 2);
    const char *slash = address.length > 0 ? memchr(address.data, '/', address.length) : NULL;

    return slash ? sipwhy_slice_between(address.data, slash) : address;
}

SipwhySdpFamily sipwhy_sdp_family(SipwhySlice connection)
{
    SipwhySlice type = word_at(connection, 1);
    SipwhySlice address = sipwhy_sdp_address(connection);

    if (address.length == 0 || sipwhy_slice_is(address, "0.0.0.0") ||
        sipwhy_slice_is(address, "::"))
        return SIPWHY_SDP_FAMILY_NONE;
    if (sipwhy_slice_is(type, "IP4"))
        return SIPWHY_SDP_FAMILY_IP4;
    return sipwhy_slice_is(type, "IP6") ? SIPWHY_SDP_FAMILY_IP6 : SIPWHY_SDP_FAMILY_OTHER;
}
