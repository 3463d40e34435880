/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Observe: where in this packet are SIP messages?
 */
#include "ws_compat.h"

#include "observe.h"

#include <string.h>

#include <epan/dissectors/packet-tcp.h>
#include <epan/tap.h>
#include <wsutil/wslog.h>

/* Wireshark's taps have room for 5000 entries a packet, and SIP makes two of a message. */
enum { TAPPED_MOST = 2400 };

static const char version[] = "SIP/2.0 ";
enum { VERSION_LENGTH = sizeof version - 1 };

/* Whether taps run while this capture is read for the first time. */
static gboolean first_pass_is_tapped;

static int follow_tap; /* 0, which no entry has, if there is none */
static int tcp_tap;    /* likewise */

/* The layers that tell how a message came here, by protocol; -1 until a capture is opened. */
static struct {
    int sip;
    int icmp;
    int icmpv6;
    int tls;
    int websocket;
    int udp;
    int tcp;
} layer_ids = {-1, -1, -1, -1, -1, -1, -1};

typedef struct {
    gboolean sip;
    gboolean icmp;
    gboolean tls;
    gboolean websocket;
    SipwhyTransport carrier; /* the innermost; of those that an ICMP error may quote */
} Layers;

static Layers find_layers(const packet_info *pinfo)
{
    Layers found = {.carrier = SIPWHY_TRANSPORT_UNKNOWN};

    for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer;
         layer = wmem_list_frame_next(layer)) {
        int id = GPOINTER_TO_INT(wmem_list_frame_data(layer));
        if (id == layer_ids.sip)
            found.sip = TRUE;
        else if (id == layer_ids.icmp || id == layer_ids.icmpv6)
            found.icmp = TRUE;
        else if (id == layer_ids.tls)
            found.tls = TRUE;
        else if (id == layer_ids.websocket)
            found.websocket = TRUE;
        else if (id == layer_ids.udp)
            found.carrier = SIPWHY_TRANSPORT_UDP;
        else if (id == layer_ids.tcp)
            found.carrier = SIPWHY_TRANSPORT_TCP;
    }
    return found;
}

static SipwhyTransport find_transport(const packet_info *pinfo, const Layers *layers)
{
    if (layers->websocket)
        return layers->tls ? SIPWHY_TRANSPORT_WSS : SIPWHY_TRANSPORT_WS;
    if (layers->tls)
        return SIPWHY_TRANSPORT_TLS;
    if (pinfo->ptype == PT_TCP)
        return SIPWHY_TRANSPORT_TCP;
    if (pinfo->ptype == PT_SCTP)
        return SIPWHY_TRANSPORT_SCTP;
    return pinfo->ptype == PT_UDP ? SIPWHY_TRANSPORT_UDP : SIPWHY_TRANSPORT_UNKNOWN;
}

/* What has been found in this packet so far. */
typedef struct {
    packet_info *pinfo;
    wmem_array_t *messages; /* Observed */
} Found;

/* Whether a byte of a data source lies in one of the first `count` messages: then it begins a
 * message in that one's body, or the same message again. */
static gboolean is_known(const Found *found, guint count, tvbuff_t *tvb, gint offset)
{
    tvbuff_t *source = tvb_get_ds_tvb(tvb);
    gint raw = (gint)tvb_raw_offset(tvb) + offset;

    for (guint i = count; i > 0; i--) {
        const Observed *one = wmem_array_index(found->messages, i - 1);
        gint start = (gint)tvb_raw_offset(one->tvb) + one->offset;
        if (tvb_get_ds_tvb(one->tvb) == source && raw >= start &&
            raw < start + MAX((gint)one->message.length, 1))
            return TRUE;
    }
    return FALSE;
}

static gboolean scan_message(tvbuff_t *tvb, gint offset, Observed *observed)
{
    gint length = tvb_captured_length_remaining(tvb, offset);

    observed->tvb = tvb;
    observed->offset = offset;
    return length > 0 &&
           sipwhy_message_scan((const char *)tvb_get_ptr(tvb, offset, length), (size_t)length,
                               SIPWHY_FRAMING_STREAM, &observed->message);
}

/* Scans the message at `offset` and notes it down. Returns its length, or 0 if there is no SIP
 * message. */
static gint note_message(Found *found, tvbuff_t *tvb, gint offset)
{
    Observed observed;

    if (!scan_message(tvb, offset, &observed))
        return 0;
    wmem_array_append_one(found->messages, observed);
    return MAX((gint)observed.message.length, 1);
}

static tvbuff_t *tapped_message(guint n)
{
    return (tvbuff_t *)fetch_tapped_data(follow_tap, (int)n);
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

static gboolean is_token(char byte)
{
    return g_ascii_isalnum(byte) || (byte && strchr("-.!%*_+`'~", byte));
}

/* How many of `length` bytes before `end` are the method. Bytes of a lower layer's header, as UDP's
 * checksum, may look like letters before it. */
static gint method_length(const char *end, gint length)
{
    gint longest = 0;

    for (SipwhyMethod method = SIPWHY_METHOD_INVITE; method < SIPWHY_METHOD_COUNT; method++) {
        const char *name = sipwhy_method_name(method);
        gint known = (gint)strlen(name);
        if (known <= length && known > longest && memcmp(end - known, name, (size_t)known) == 0)
            longest = known;
    }
    return longest ? longest : length;
}

/* The start of a request line of which the blank behind the URI stands at bytes[end]. */
static gint request_line_start(const char *bytes, gint end)
{
    gint blank = end - 1;
    gint start;

    while (blank > 0 && bytes[blank] != ' ' && !g_ascii_iscntrl(bytes[blank]))
        blank--;
    while (blank > 0 && bytes[blank - 1] == ' ')
        blank--;
    for (start = blank; start > 0 && is_token(bytes[start - 1]);)
        start--;
    return blank - method_length(bytes + blank, blank - start);
}

/* The start of the message whose start line has the SIP version at bytes[at]; -1 if none has. */
static gint message_start(const char *bytes, gint at, gint length)
{
    enum { NAME_LENGTH = VERSION_LENGTH - 1 };

    if (at + NAME_LENGTH >= length || memcmp(bytes + at, version, NAME_LENGTH) != 0)
        return -1;
    char next = bytes[at + NAME_LENGTH];
    if (next == ' ' && may_begin_message(bytes, at))
        return at;
    if ((next == '\r' || next == '\n') && at > 0 && bytes[at - 1] == ' ')
        return request_line_start(bytes, at - 1);
    return -1;
}

static void begin_capture(void)
{
    first_pass_is_tapped = FALSE;
    layer_ids.sip = proto_get_id_by_filter_name("sip");
    layer_ids.icmp = proto_get_id_by_filter_name("icmp");
    layer_ids.icmpv6 = proto_get_id_by_filter_name("icmpv6");
    layer_ids.tls = proto_get_id_by_filter_name("tls");
    layer_ids.websocket = proto_get_id_by_filter_name("websocket");
    layer_ids.udp = proto_get_id_by_filter_name("udp");
    layer_ids.tcp = proto_get_id_by_filter_name("tcp");
}

/* Whether the TCP connection of a packet has been reset by now. */
static gboolean was_reset(packet_info *pinfo)
{
    enum { COMPLETENESS_RESET = 0x20 }; /* as tcp.completeness has it */
    const struct tcp_analysis *connection = get_tcp_conversation_data(NULL, pinfo);

    return connection && (connection->conversation_completeness & COMPLETENESS_RESET);
}

gboolean observe_reset(packet_info *pinfo)
{
    if (pinfo->ptype != PT_TCP || PINFO_FD_VISITED(pinfo))
        return FALSE;
    const tcp_info_t *segment = fetch_tapped_data(tcp_tap, 0);
    if (segment)
        return (segment->th_flags & TH_RST) != 0;
    return !first_pass_is_tapped && was_reset(pinfo);
}

/* Listens to a tap without asking it for anything: what is tapped can then be fetched. */
static int listen_to(const char *name)
{
    static int nobody[2];
    static guint listeners;
    GString *error = register_tap_listener(name, &nobody[listeners++], NULL, TL_IS_DISSECTOR_HELPER,
                                           NULL, NULL, NULL, NULL);

    if (error) {
        ws_warning("sipwhy: there is no tap %s: %s", name, error->str);
        g_string_free(error, TRUE);
    }
    return find_tap_id(name);
}

void observe_handoff(void)
{
    follow_tap = listen_to("sip_follow");
    tcp_tap = listen_to("tcp");
    register_init_routine(begin_capture);
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
    Stream added = {tvb, is_known(found, wmem_array_get_count(found->messages), tvb, 0) ? -1 : 0};
    wmem_array_append_one(streams, added);
    return wmem_array_index(streams, wmem_array_get_count(streams) - 1);
}

/* Notes the next message of a stream, as Content-Length tells where it begins. */
static void note_next(Found *found, Stream *stream)
{
    if (stream->next < 0)
        return;
    while (tvb_captured_length_remaining(stream->tvb, stream->next) > 0) {
        guint8 byte = tvb_get_uint8(stream->tvb, stream->next);
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

/* The tap has an entry for each message, in order: the buffer that it stands in. Messages in the
 * body of one of them come between it and the next. */
static void note_tapped(Found *found)
{
    wmem_array_t *streams = wmem_array_new(found->pinfo->pool, sizeof(Stream));
    tvbuff_t *tvb;

    for (guint i = 0; (tvb = tapped_message(i)); i++)
        note_next(found, get_stream(found, streams, tvb));
}

/* How many bytes of a lower layer's header stand before the method: CSeq has it without them
 * (RFC 3261 8.1.1.5). */
static gint lead_in(const SipwhyMessage *message)
{
    SipwhySlice method = message->method;
    SipwhySlice known;
    unsigned number;

    if (message->is_response || !sipwhy_message_cseq(message, &number, &known) ||
        known.length == 0 || known.length >= method.length)
        return 0;
    gsize excess = method.length - known.length;
    return memcmp(method.data + excess, known.data, known.length) == 0 ? (gint)excess : 0;
}

/* Whether the same bytes stand in another data source, in one of the first `count` messages: what
 * was put together holds those of the packet that completed it. If fragments came in another order,
 * that one may have the beginning. */
static gboolean is_elsewhere(const Found *found, guint count, const Observed *observed)
{
    gsize length = observed->message.length;

    for (guint i = 0; i < count; i++) {
        const Observed *one = wmem_array_index(found->messages, i);
        const gboolean fits =
            observed->message.cut ? one->message.length >= length : one->message.length == length;
        if (tvb_get_ds_tvb(one->tvb) != observed->tvb && fits &&
            memcmp(one->message.line.data, observed->message.line.data, length) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Notes the messages in a data source that are not known yet. What a stream cuts off is the
 * beginning of one that stands whole in another source, when its rest has come. */
static void note_searched(Found *found, tvbuff_t *source)
{
    enum { CUT_MOST = 16 }; /* each of them is read to the end of the source */
    gboolean stream = found->pinfo->ptype == PT_TCP;
    gint length = (gint)tvb_captured_length(source);
    const char *bytes = length > 0 ? (const char *)tvb_get_ptr(source, 0, length) : NULL;
    /* those that are found here follow one another: there may be very many */
    const guint known = wmem_array_get_count(found->messages);
    gint end = 0; /* of the last of them; a start of -1 is none */
    guint cut = 0;

    for (gint i = 0; i + VERSION_LENGTH <= length && cut < CUT_MOST; i++) {
        gint start = bytes[i] == version[0] ? message_start(bytes, i, length) : -1;
        Observed observed;
        if (start < end || is_known(found, known, source, start) ||
            !scan_message(source, start, &observed))
            continue;
        if (stream && observed.message.cut) {
            cut++;
            continue;
        }
        gint before = lead_in(&observed.message);
        if (before > 0 && scan_message(source, start + before, &observed))
            start += before;
        if (!is_elsewhere(found, known, &observed))
            wmem_array_append_one(found->messages, observed);
        if (found->pinfo->ptype == PT_UDP) /* what follows in a datagram is none (RFC 3261 18.3) */
            return;
        end = start + (gint)observed.message.length;
        i = MAX(i, end - 1);
    }
}

/* The bytes of a packet are its own, and those that were put together, decrypted or unpacked from
 * it and others: these first. */
static void note_all_searched(Found *found)
{
    guint count = g_slist_length(found->pinfo->data_src);

    while (count > 0)
        note_searched(found,
                      get_data_source_tvb(g_slist_nth_data(found->pinfo->data_src, --count)));
}

/* How the messages of a packet came here; FALSE if it has none. */
static gboolean observe_way(const packet_info *pinfo, Observation *observation)
{
    Layers layers = find_layers(pinfo);

    observation->quoted = pinfo->flags.in_error_pkt || layers.icmp;
    if (observation->quoted) {
        observation->transport = layers.carrier;
        return layers.sip;
    }
    observation->transport = find_transport(pinfo, &layers);
    observation->source_port = pinfo->srcport;
    observation->destination_port = pinfo->destport;
    return layers.sip;
}

/* The ports of a quoted message: 4.0 leaves them in the packet, 4.4 takes them back. UDP's header
 * stands right before its payload. The error goes the other way, from where the message was sent
 * to.
 */
static void observe_quoted_ports(Observation *observation)
{
    enum { UDP_HEADER = 8, DESTINATION = 2 };
    const Observed *one = observation->messages;

    if (!observation->quoted || observation->count == 0 ||
        observation->transport != SIPWHY_TRANSPORT_UDP)
        return;
    tvbuff_t *source = tvb_get_ds_tvb(one->tvb);
    gint header = (gint)tvb_raw_offset(one->tvb) + one->offset - UDP_HEADER;
    if (header < 0)
        return;
    observation->source_port = tvb_get_ntohs(source, header + DESTINATION);
    observation->destination_port = tvb_get_ntohs(source, header);
}

static void observe_messages(packet_info *pinfo, Observation *observation)
{
    Found found = {.pinfo = pinfo,
                   .messages = wmem_array_sized_new(pinfo->pool, sizeof(Observed), 1)};

    if (observation->complete)
        note_tapped(&found);
    if (!observation->complete || tapped_message(TAPPED_MOST))
        note_all_searched(&found);
    observation->count = wmem_array_get_count(found.messages);
    observation->messages = wmem_array_get_raw(found.messages);
    observe_quoted_ports(observation);
}

/* Whether a packet that the tap has nothing of may have SIP in it all the same. */
static gboolean may_be_untapped(const packet_info *pinfo, tvbuff_t *frame)
{
    if (PINFO_FD_VISITED(pinfo) || !first_pass_is_tapped)
        return TRUE;
    return tvb_captured_length(frame) < tvb_reported_length(frame);
}

gboolean observe_may_have_sip(const packet_info *pinfo, tvbuff_t *frame)
{
    return tapped_message(0) || may_be_untapped(pinfo, frame);
}

void observe_packet(packet_info *pinfo, tvbuff_t *frame, Observation *observation)
{
    gboolean tapped = tapped_message(0) != NULL;

    *observation = (Observation){.complete = FALSE};
    if (tapped && !PINFO_FD_VISITED(pinfo))
        first_pass_is_tapped = TRUE;
    observation->complete = tapped;
    if ((tapped || may_be_untapped(pinfo, frame)) && observe_way(pinfo, observation))
        observe_messages(pinfo, observation);
}
