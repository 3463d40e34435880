/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Remember: the trace, for as long as the file is open.
 */
#include "ws_compat.h"

#include "remember.h"

#include <string.h>

enum { WAITING_BYTES_MOST = 64 * 1024 };

static SipwhyTrace *trace;

/* Messages of packets at which nobody looks: they are added to the trace together, as soon as
 * somebody does. One by one, between the packets, most of the time would go into fetching our code
 * and data anew, for dissection needs all of the processor's caches. */
static GByteArray *waiting;
static guint32 last_waiting; /* the number of the last packet among them */

typedef struct {
    SipwhyPacket place;
    gsize length; /* of the message's bytes, which follow */
} Waiting;

static void end_capture(void)
{
    sipwhy_trace_free(trace);
    trace = NULL;
    if (waiting)
        g_byte_array_unref(waiting);
    waiting = NULL;
    last_waiting = 0;
}

static void begin_capture(void)
{
    end_capture();
    trace = sipwhy_trace_new();
    waiting = g_byte_array_new();
}

static void add_waiting(void)
{
    for (gsize at = 0; at < waiting->len;) {
        Waiting one;
        SipwhyMessage message;
        memcpy(&one, waiting->data + at, sizeof one);
        at += sizeof one;
        if (sipwhy_message_scan((const char *)waiting->data + at, one.length, SIPWHY_FRAMING_STREAM,
                                &message))
            sipwhy_trace_add(trace, &one.place, &message);
        at += one.length;
    }
    g_byte_array_set_size(waiting, 0);
}

void remember_register(void)
{
    register_init_routine(begin_capture);
    register_cleanup_routine(end_capture);
}

SipwhyTrace *remember_trace(void)
{
    if (trace)
        add_waiting();
    return trace;
}

static SipwhyEndpoint make_endpoint(const address *from, guint32 port)
{
    enum { MAPPED = 10, IPV4 = 12 };
    SipwhyEndpoint endpoint = {.port = (uint16_t)port};

    if (from->type == AT_IPv4 && from->len == sizeof endpoint.address - IPV4) {
        endpoint.address[MAPPED] = endpoint.address[MAPPED + 1] = 0xff;
        memcpy(endpoint.address + IPV4, from->data, sizeof endpoint.address - IPV4);
    } else if (from->len > 0) {
        memcpy(endpoint.address, from->data, MIN((gsize)from->len, sizeof endpoint.address));
    }
    return endpoint;
}

static int64_t packet_time(const packet_info *pinfo)
{
    /* pcapng can write any number of seconds */
    const int64_t most = G_MAXINT64 / G_USEC_PER_SEC / 2;
    const int64_t seconds = CLAMP((int64_t)pinfo->abs_ts.secs, -most, most);

    return seconds * G_USEC_PER_SEC + pinfo->abs_ts.nsecs / 1000;
}

SipwhyPacket remember_place(const packet_info *pinfo, const Observation *observation)
{
    return (SipwhyPacket){.frame = pinfo->num,
                          .time = packet_time(pinfo),
                          .source = make_endpoint(&pinfo->src, pinfo->srcport),
                          .destination = make_endpoint(&pinfo->dst, pinfo->destport),
                          .transport = observation->transport,
                          .quoted = observation->quoted};
}

static gboolean is_event_of(const SipwhyEvent *event, const SipwhyMessage *message)
{
    return event->status == message->status &&
           (message->is_response || event->method == sipwhy_method_find(message->method));
}

/* An earlier pass, without taps, may have missed some of a packet's messages. */
static void add_missing(const SipwhyPacket *place, const Observation *observation, gsize known)
{
    guint last = observation->count;

    for (guint i = 0; i < last && known > 0; i++) {
        gsize count;
        const SipwhyEvent *events = sipwhy_trace_frame(trace, place->frame, &count);
        gsize one = 0;
        while (one < count && !is_event_of(&events[one], &observation->messages[i].message))
            one++;
        if (one == count)
            sipwhy_trace_add(trace, place, &observation->messages[i].message);
    }
    for (guint i = 0; i < last && known == 0; i++)
        sipwhy_trace_add(trace, place, &observation->messages[i].message);
}

/* Whether a packet has the number of another one, which a read filter has thrown away. */
static gboolean has_old_number(const packet_info *pinfo)
{
    gsize count;

    return pinfo->num <= last_waiting || sipwhy_trace_frame(trace, pinfo->num, &count) != NULL;
}

static void forget_old_number(const packet_info *pinfo)
{
    add_waiting();
    last_waiting = 0;
    sipwhy_trace_forget(trace, pinfo->num);
}

/* The trace reaches to every packet, in the order in which they are read. */
static void reach(const packet_info *pinfo)
{
    if (has_old_number(pinfo))
        forget_old_number(pinfo);
    sipwhy_trace_reach(trace, packet_time(pinfo));
}

void remember_passed(const packet_info *pinfo)
{
    if (trace && !PINFO_FD_VISITED(pinfo))
        reach(pinfo);
}

gboolean remember_later(packet_info *pinfo)
{
    Observation observation;
    tvbuff_t *tvb;

    if (!trace || PINFO_FD_VISITED(pinfo))
        return FALSE;
    tvb = observe_lone_message(pinfo, &observation);
    if (!tvb || has_old_number(pinfo))
        return FALSE;
    sipwhy_trace_reach(trace, packet_time(pinfo));
    Waiting one = {remember_place(pinfo, &observation), tvb_captured_length(tvb)};
    g_byte_array_append(waiting, (const guint8 *)&one, sizeof one);
    g_byte_array_append(waiting, tvb_get_ptr(tvb, 0, (gint)one.length), (guint)one.length);
    last_waiting = pinfo->num;
    sipwhy_trace_set_whole(trace, false);
    if (waiting->len > WAITING_BYTES_MOST)
        add_waiting();
    return TRUE;
}

Record remember_packet(packet_info *pinfo, const Observation *observation)
{
    gboolean visited = PINFO_FD_VISITED(pinfo);
    Record record = {0};

    if (!trace)
        return record;
    if (!visited)
        reach(pinfo);
    if (!visited && observation->count == 0)
        return record;
    add_waiting();
    sipwhy_trace_set_whole(trace, visited);
    record.events = sipwhy_trace_frame(trace, pinfo->num, &record.count);
    if (record.count < observation->count) {
        SipwhyPacket place = remember_place(pinfo, observation);
        add_missing(&place, observation, record.count);
        record.events = sipwhy_trace_frame(trace, pinfo->num, &record.count);
    }
    return record;
}

const Observed *remember_observed(const Record *record, gsize n, const Observation *observation)
{
    const SipwhyEvent *event = &record->events[n];

    if (observation->count == record->count)
        return &observation->messages[n];
    for (guint i = 0; i < observation->count; i++)
        if (observation->messages[i].message.status == event->status)
            return &observation->messages[i];
    return NULL;
}

void remember_reset(const packet_info *pinfo)
{
    const Observation nothing = {.transport = SIPWHY_TRANSPORT_TCP};
    SipwhyPacket place = remember_place(pinfo, &nothing);

    if (remember_trace())
        sipwhy_trace_reset(trace, &place);
}
