/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Observe: where in this packet are SIP responses?
 */
#include "ws_compat.h"

#include "observe.h"

#include <string.h>

#include <epan/proto_data.h>
#include <epan/tap.h>
#include <wsutil/wslog.h>

enum { BACKWARDS_MOST = 65536 };

static const char version[] = "SIP/2.0 ";
enum { VERSION_LENGTH = sizeof version - 1, STATUS_LINE_BEFORE_PHRASE = VERSION_LENGTH + 4 };

static int proto_sipwhy = -1;
static int follow_tap; /* 0, which no entry has, if there is none */

static gboolean is_quoted(packet_info *pinfo)
{
    return pinfo->flags.in_error_pkt || proto_is_frame_protocol(pinfo->layers, "icmp") ||
           proto_is_frame_protocol(pinfo->layers, "icmpv6");
}

/* The bytes of a message, request or response, in their data source. */
typedef struct {
    tvbuff_t *source;
    gint start;
    gint end;
} Span;

/* What has been found in this packet so far. */
typedef struct {
    packet_info *pinfo;
    wmem_array_t *responses; /* Observed */
    wmem_array_t *messages;  /* Span */
} Found;

/* Whether a byte of a data source lies in a message that is known already: then it begins a message
 * in that one's body, or the same message again. */
static gboolean is_known(const Found *found, tvbuff_t *tvb, gint offset)
{
    tvbuff_t *source = tvb_get_ds_tvb(tvb);
    gint raw = (gint)tvb_raw_offset(tvb) + offset;

    for (guint i = wmem_array_get_count(found->messages); i > 0; i--) {
        const Span *message = wmem_array_index(found->messages, i - 1);
        if (message->source == source && raw >= message->start && raw < message->end)
            return TRUE;
    }
    return FALSE;
}

/* Scans the message at `offset` and notes it down. Returns its length, or 0 if there is no SIP
 * message. */
static gint note_message(Found *found, tvbuff_t *tvb, gint offset)
{
    gint length = tvb_captured_length_remaining(tvb, offset);
    Observed observed = {.tvb = tvb, .offset = offset};

    if (length <= 0 ||
        !sipwhy_message_scan((const char *)tvb_get_ptr(tvb, offset, length), (size_t)length,
                             SIPWHY_FRAMING_STREAM, &observed.message))
        return 0;
    gint start = (gint)tvb_raw_offset(tvb) + offset;
    length = MAX((gint)observed.message.length, 1);
    Span span = {tvb_get_ds_tvb(tvb), start, start + length};
    wmem_array_append_one(found->messages, span);
    if (observed.message.is_response) {
        observed.quoted = is_quoted(found->pinfo);
        wmem_array_append_one(found->responses, observed);
    }
    return length;
}

/* Where a hook has seen a message begin. */
typedef struct {
    tvbuff_t *source;
    gint offset;
} Sighting;

/* What the hooks have seen so far, in this pass over this packet. */
typedef struct {
    wmem_array_t *list; /* Sighting */
    gboolean response;  /* one of them is a response */
    tvbuff_t *source;   /* observe_header has searched this one up to here */
    gint searched;
} Sightings;

static Sightings *get_sightings(packet_info *pinfo)
{
    Sightings *seen = p_get_proto_data(pinfo->pool, pinfo, proto_sipwhy, 0);

    if (!seen) {
        seen = wmem_new0(pinfo->pool, Sightings);
        seen->list = wmem_array_new(pinfo->pool, sizeof(Sighting));
        p_add_proto_data(pinfo->pool, pinfo, proto_sipwhy, 0, seen);
    }
    return seen;
}

static void note_sighting(Sightings *seen, tvbuff_t *source, gint offset, gboolean response)
{
    Sighting sighting = {source, offset};

    wmem_array_append_one(seen->list, sighting);
    seen->response = seen->response || response;
}

static gboolean is_enabled(void)
{
    return proto_is_protocol_enabled(find_protocol_by_id(proto_sipwhy));
}

static tvbuff_t *tapped_message(guint n)
{
    return (tvbuff_t *)fetch_tapped_data(follow_tap, (int)n);
}

/* "sip.diagnostic": the reason phrase of a status line. Noted in every pass: the tap misses what is
 * beyond Wireshark's 5000 entries for one packet. */
static int observe_phrase(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree _U_, void *data _U_)
{
    gint start = (gint)tvb_raw_offset(tvb) - STATUS_LINE_BEFORE_PHRASE;

    if (start >= 0 && is_enabled())
        note_sighting(get_sightings(pinfo), tvb_get_ds_tvb(tvb), start, TRUE);
    return (int)tvb_captured_length(tvb);
}

/* Whether a message may begin at bytes[at]: at the first byte, after a line's end, or after the
 * header of a lower layer, which is no text. */
static gboolean may_begin_message(const char *bytes, gint at)
{
    enum { LOWER_HEADER = 8 }; /* that of UDP, the shortest */

    if (at == 0 || bytes[at - 1] == '\n' || bytes[at - 1] == '\r')
        return TRUE;
    for (gint i = at - 1; i >= 0 && i >= at - LOWER_HEADER; i--)
        if (!g_ascii_isprint(bytes[i]))
            return TRUE;
    return FALSE;
}

/* The start of a request line that ends at bytes[end]. Bytes of a lower layer's header may look
 * like text and stand before the method: they do not matter, the method is not looked at. */
static gint request_line_start(const char *bytes, gint end)
{
    gint start = end;

    while (start > 0 && !g_ascii_iscntrl(bytes[start - 1]))
        start--;
    while (start < end && bytes[start] == ' ')
        start++;
    return start;
}

/* Notes the message in whose headers the byte at `offset` stands, unless it is that of the header
 * before: what has been searched already is not searched again. */
static void note_message_around(Sightings *seen, tvbuff_t *source, gint offset)
{
    gint lowest = MAX(0, offset - BACKWARDS_MOST);
    gint length = offset - lowest;
    const char *bytes = (const char *)tvb_get_ptr(source, lowest, length);
    gint stop = seen->source == source && seen->searched <= offset ? seen->searched - lowest : 0;

    seen->source = source;
    seen->searched = offset;
    for (gint i = length - VERSION_LENGTH; i >= MAX(stop, 0); i--) {
        if (bytes[i] != version[0] || memcmp(bytes + i, version, VERSION_LENGTH - 1) != 0)
            continue;
        char next = bytes[i + VERSION_LENGTH - 1];
        if (next == ' ' && may_begin_message(bytes, i)) {
            note_sighting(seen, source, lowest + i, TRUE);
            return;
        }
        if ((next == '\r' || next == '\n') && i > 0 && bytes[i - 1] == ' ') {
            note_sighting(seen, source, lowest + request_line_start(bytes, i - 1), FALSE);
            return;
        }
    }
}

/* "sip.uri_userinfo", "sip.via_branch": something in the headers of a message. Of use only where no
 * tap runs: SIP has queued the message to its tap by the time that it reads the headers. */
static int observe_header(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree _U_, void *data _U_)
{
    if (is_enabled() && !tapped_message(0))
        note_message_around(get_sightings(pinfo), tvb_get_ds_tvb(tvb), (gint)tvb_raw_offset(tvb));
    return (int)tvb_captured_length(tvb);
}

void observe_register(int proto)
{
    static const struct {
        const char *name;
        dissector_t dissector;
    } hooks[] = {{"sip.diagnostic", observe_phrase},
                 {"sip.uri_userinfo", observe_header},
                 {"sip.via_branch", observe_header}};

    proto_sipwhy = proto;
    /* No protocol of their own: a hook is no layer of the packet, and when sipwhy is disabled SIP
     * must still see its hook accept the bytes, else it shows them as undissected data. */
    for (guint i = 0; i < G_N_ELEMENTS(hooks); i++)
        if (!find_dissector(hooks[i].name))
            register_dissector(hooks[i].name, hooks[i].dissector, -1);
}

void observe_handoff(void)
{
    static int nobody;
    GString *error = register_tap_listener("sip_follow", &nobody, NULL, TL_IS_DISSECTOR_HELPER,
                                           NULL, NULL, NULL, NULL);

    if (error) {
        ws_warning("sipwhy: SIP has no tap sip_follow: %s", error->str);
        g_string_free(error, TRUE);
    }
    follow_tap = find_tap_id("sip_follow");
}

/* The next line, from `offset` on, that begins a message; -1 if there is none. */
static gint find_start_line(tvbuff_t *tvb, gint offset)
{
    gint length = tvb_captured_length_remaining(tvb, offset);
    const char *bytes = length > 0 ? (const char *)tvb_get_ptr(tvb, offset, length) : NULL;
    SipwhyMessage message;

    for (gint i = 0; i < length; i++) {
        if (i > 0 && bytes[i - 1] != '\n' && bytes[i - 1] != '\r')
            continue;
        if (length - i >= VERSION_LENGTH && memcmp(bytes + i, version, VERSION_LENGTH) == 0 &&
            sipwhy_message_scan(bytes + i, (size_t)(length - i), SIPWHY_FRAMING_STREAM, &message))
            return offset + i;
    }
    return -1;
}

/* Bytes from which SIP takes messages, one behind the other. */
typedef struct {
    tvbuff_t *tvb;
    gint next; /* where the next one is looked for; -1: these bytes stand in a message's body */
} Stream;

static Stream *get_stream(const Found *found, wmem_array_t *streams, tvbuff_t *tvb)
{
    for (guint i = wmem_array_get_count(streams); i > 0; i--) {
        Stream *stream = wmem_array_index(streams, i - 1);
        if (stream->tvb == tvb)
            return stream;
    }
    Stream added = {tvb, is_known(found, tvb, 0) ? -1 : 0};
    wmem_array_append_one(streams, added);
    return wmem_array_index(streams, wmem_array_get_count(streams) - 1);
}

/* Notes the next message of a stream, as Content-Length tells where it begins. */
static void note_next(Found *found, Stream *stream)
{
    if (stream->next < 0)
        return;
    while (tvb_captured_length_remaining(stream->tvb, stream->next) > 0) {
        guint8 byte = tvb_get_guint8(stream->tvb, stream->next);
        if (byte != '\r' && byte != '\n')
            break;
        stream->next++;
    }
    gint length = note_message(found, stream->tvb, stream->next);
    if (length == 0) {
        stream->next = find_start_line(stream->tvb, stream->next);
        if (stream->next >= 0)
            length = note_message(found, stream->tvb, stream->next);
    }
    stream->next += length;
}

/* Whether this packet has one message only, and it is a request. */
static gboolean is_lone_request(void)
{
    tvbuff_t *tvb = tapped_message(0);

    return !tapped_message(1) && tvb_captured_length(tvb) > 0 &&
           g_ascii_toupper((gchar)tvb_get_guint8(tvb, 0)) != version[0];
}

/* The tap has an entry for each message, in order: the buffer that it stands in. Messages in the
 * body of one of them come between it and the next. */
static void note_tapped(Found *found)
{
    wmem_array_t *streams = wmem_array_new(found->pinfo->pool, sizeof(Stream));
    tvbuff_t *tvb;

    for (guint i = 0; (tvb = tapped_message(i)); i++)
        note_next(found, get_stream(found, streams, tvb));
}

/* Those that only the hooks have seen; one that two of them saw is noted once. */
static void note_sighted(Found *found, const Sightings *seen)
{
    for (guint i = 0; i < wmem_array_get_count(seen->list); i++) {
        const Sighting *sighting = wmem_array_index(seen->list, i);
        if (!is_known(found, sighting->source, sighting->offset))
            note_message(found, sighting->source, sighting->offset);
    }
}

/* The first status line in the bytes of the packet itself. */
static void note_searched(Found *found, tvbuff_t *frame)
{
    gint length = (gint)tvb_captured_length(frame);
    const char *bytes = (const char *)tvb_get_ptr(frame, 0, length);

    for (gint i = 0; i + VERSION_LENGTH <= length; i++) {
        if (bytes[i] == version[0] && memcmp(bytes + i, version, VERSION_LENGTH) == 0 &&
            may_begin_message(bytes, i) && note_message(found, frame, i) > 0)
            return;
    }
}

wmem_array_t *observe_packet(packet_info *pinfo, tvbuff_t *frame, gboolean shown,
                             gboolean *complete)
{
    const Sightings *seen = p_get_proto_data(pinfo->pool, pinfo, proto_sipwhy, 0);
    gboolean cut = tvb_captured_length(frame) < tvb_reported_length(frame);

    *complete = tapped_message(0) != NULL;
    gboolean observed = *complete ? !is_lone_request() : seen && seen->response;
    gboolean search =
        !*complete && !observed && (cut || shown) && proto_is_frame_protocol(pinfo->layers, "sip");
    if (!observed && !search)
        return NULL;
    Found found = {.pinfo = pinfo,
                   .responses = wmem_array_new(pinfo->pool, sizeof(Observed)),
                   .messages = wmem_array_new(pinfo->pool, sizeof(Span))};
    if (*complete)
        note_tapped(&found);
    if (seen)
        note_sighted(&found, seen);
    if (search)
        note_searched(&found, frame);
    return found.responses;
}
