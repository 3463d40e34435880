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
static int follow_tap;
static gboolean listening;

static gboolean is_quoted(packet_info *pinfo)
{
    return pinfo->flags.in_error_pkt || proto_is_frame_protocol(pinfo->layers, "icmp") ||
           proto_is_frame_protocol(pinfo->layers, "icmpv6");
}

/* Whether a byte of a data source lies in a message that is known already. A SIP message in the
 * body of another one is no response that anybody received. */
static gboolean is_known(const wmem_array_t *found, tvbuff_t *tvb, gint offset)
{
    tvbuff_t *source = tvb_get_ds_tvb(tvb);
    gint raw = tvb_raw_offset(tvb) + offset;

    for (guint i = 0; i < wmem_array_get_count((wmem_array_t *)found); i++) {
        const Observed *observed = wmem_array_index((wmem_array_t *)found, i);
        gint start = tvb_raw_offset(observed->tvb) + observed->offset;
        if (tvb_get_ds_tvb(observed->tvb) == source && raw >= start &&
            raw < start + (gint)observed->message.length)
            return TRUE;
    }
    return FALSE;
}

/* Scans the message at `offset`; notes it down if it is a response. Returns its length, or 0 if
 * there is no SIP message. */
static gint note_message(packet_info *pinfo, wmem_array_t *found, tvbuff_t *tvb, gint offset)
{
    gint length = tvb_captured_length_remaining(tvb, offset);
    Observed observed = {.tvb = tvb, .offset = offset};

    if (length <= 0 ||
        !sipwhy_message_scan((const char *)tvb_get_ptr(tvb, offset, length), (size_t)length,
                             SIPWHY_FRAMING_STREAM, &observed.message))
        return 0;
    if (observed.message.is_response && !is_known(found, tvb, offset)) {
        observed.quoted = is_quoted(pinfo);
        observed.cut = observed.message.cut || tvb_captured_length(tvb) < tvb_reported_length(tvb);
        wmem_array_append_one(found, observed);
    }
    return MAX((gint)observed.message.length, 1);
}

/* Where a hook has seen a response begin. */
typedef struct {
    tvbuff_t *source;
    gint offset;
} Sighting;

/* What the hooks have seen so far, in this pass over this packet. */
static wmem_array_t *sightings(packet_info *pinfo, gboolean create)
{
    wmem_array_t *seen = p_get_proto_data(pinfo->pool, pinfo, proto_sipwhy, 0);

    if (!seen && create) {
        seen = wmem_array_new(pinfo->pool, sizeof(Sighting));
        p_add_proto_data(pinfo->pool, pinfo, proto_sipwhy, 0, seen);
    }
    return seen;
}

static void note_sighting(packet_info *pinfo, tvbuff_t *source, gint offset)
{
    Sighting sighting = {source, offset};
    wmem_array_append_one(sightings(pinfo, TRUE), sighting);
}

/* Whether no tap runs in this pass: SIP has queued the message to its tap by the time that it
 * reads the headers. */
static gboolean hook_is_needed(void)
{
    return proto_is_protocol_enabled(find_protocol_by_id(proto_sipwhy)) &&
           !(listening && fetch_tapped_data(follow_tap, 0));
}

/* "sip.diagnostic": the reason phrase of a status line. */
static int observe_phrase(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree _U_, void *data _U_)
{
    gint start = tvb_raw_offset(tvb) - STATUS_LINE_BEFORE_PHRASE;

    if (start >= 0 && hook_is_needed())
        note_sighting(pinfo, tvb_get_ds_tvb(tvb), start);
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

/* The start of the response in whose headers the byte at `offset` stands, or -1. */
static gint find_status_line(tvbuff_t *source, gint offset)
{
    gint lowest = MAX(0, offset - BACKWARDS_MOST);
    gint length = offset - lowest;
    const char *bytes = (const char *)tvb_get_ptr(source, lowest, length);

    for (gint i = length - VERSION_LENGTH; i >= 0; i--) {
        if (bytes[i] != version[0] || memcmp(bytes + i, version, VERSION_LENGTH - 1) != 0)
            continue;
        char next = bytes[i + VERSION_LENGTH - 1];
        if (next == ' ' && may_begin_message(bytes, i))
            return lowest + i;
        if ((next == '\r' || next == '\n') && i > 0 && bytes[i - 1] == ' ')
            return -1; /* a request line */
    }
    return -1;
}

/* "sip.uri_userinfo", "sip.via_branch": something in the headers of a message. */
static int observe_header(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree _U_, void *data _U_)
{
    if (hook_is_needed()) {
        tvbuff_t *source = tvb_get_ds_tvb(tvb);
        gint start = find_status_line(source, tvb_raw_offset(tvb));
        if (start >= 0)
            note_sighting(pinfo, source, start);
    }
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

gboolean observe_handoff(void)
{
    static int nobody;
    GString *error = register_tap_listener("sip_follow", &nobody, NULL, TL_IS_DISSECTOR_HELPER,
                                           NULL, NULL, NULL, NULL);

    if (error) {
        ws_warning("sipwhy: SIP has no tap sip_follow: %s", error->str);
        g_string_free(error, TRUE);
        return FALSE;
    }
    follow_tap = find_tap_id("sip_follow");
    listening = TRUE;
    return TRUE;
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

/* A stream's bytes come once for each of the messages in them: they are taken one behind the
 * other, as Content-Length tells, and no more of them than SIP has dissected. */
static void note_stream(packet_info *pinfo, wmem_array_t *found, tvbuff_t *tvb, guint count)
{
    gint offset = 0;

    /* A request alone is of no interest here. */
    if (count == 1 && tvb_captured_length(tvb) > 0 &&
        g_ascii_toupper((gchar)tvb_get_guint8(tvb, 0)) != version[0])
        return;

    for (; count > 0; count--) {
        while (tvb_captured_length_remaining(tvb, offset) > 0 &&
               (tvb_get_guint8(tvb, offset) == '\r' || tvb_get_guint8(tvb, offset) == '\n'))
            offset++;
        gint length = note_message(pinfo, found, tvb, offset);
        if (length == 0) {
            offset = find_start_line(tvb, offset);
            if (offset < 0)
                return;
            length = note_message(pinfo, found, tvb, offset);
        }
        offset += length;
    }
}

/* The responses that the hooks have seen; one that two of them saw is noted once. */
static wmem_array_t *note_sighted(packet_info *pinfo)
{
    wmem_array_t *seen = sightings(pinfo, FALSE);
    wmem_array_t *found = NULL;

    for (guint i = 0; seen && i < wmem_array_get_count(seen); i++) {
        const Sighting *sighting = wmem_array_index(seen, i);
        if (!found)
            found = wmem_array_new(pinfo->pool, sizeof(Observed));
        note_message(pinfo, found, sighting->source, sighting->offset);
    }
    return found;
}

wmem_array_t *observe_packet(packet_info *pinfo, gboolean *complete)
{
    int index = 0;
    tvbuff_t *tvb = listening ? (tvbuff_t *)fetch_tapped_data(follow_tap, 0) : NULL;

    *complete = tvb != NULL;
    if (!tvb)
        return note_sighted(pinfo);
    wmem_array_t *found = wmem_array_new(pinfo->pool, sizeof(Observed));
    while (tvb) {
        guint count = 0;
        tvbuff_t *next;
        do {
            count++;
            next = (tvbuff_t *)fetch_tapped_data(follow_tap, ++index);
        } while (next == tvb);
        if (!is_known(found, tvb, 0))
            note_stream(pinfo, found, tvb, count);
        tvb = next;
    }
    return found;
}
