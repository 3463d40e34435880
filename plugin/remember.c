/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Remember: the trace, for as long as the file is open.
 */
#include "ws_compat.h"

#include "remember.h"

#include <string.h>

#include <wsutil/report_message.h>

#include "frames.h"
#include "spoken.h"
#include "text.h"

static SipwhyTrace *trace;

/* Packets of which the trace need not know but that there were some, one after the other in time:
 * most of most captures. */
static struct {
    gboolean open;
    int64_t last;     /* the time of the last of them */
    guint32 last_num; /* its number, also when it is closed */
} passed;

/* Far less than what the trace takes for a leap of the clock. */
static const int64_t passed_gap_most = (int64_t)3600 * G_USEC_PER_SEC;

static void end_capture(void)
{
    sipwhy_trace_free(trace);
    trace = NULL;
    memset(&passed, 0, sizeof passed);
}

static void begin_capture(void)
{
    end_capture();
    trace = sipwhy_trace_new();
}

static void end_passed(void)
{
    if (passed.open)
        sipwhy_trace_reach(trace, passed.last);
    passed.open = FALSE;
}

void remember_register(void)
{
    register_init_routine(begin_capture);
    register_cleanup_routine(end_capture);
}

SipwhyTrace *remember_trace(void)
{
    if (trace)
        end_passed();
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
    return (SipwhyPacket){.frame = frames_number(pinfo),
                          .time = packet_time(pinfo),
                          .source = make_endpoint(&pinfo->src, observation->source_port),
                          .destination = make_endpoint(&pinfo->dst, observation->destination_port),
                          .transport = observation->transport,
                          .quoted = observation->quoted};
}

static gboolean is_event_of(const SipwhyEvent *event, const SipwhyMessage *message)
{
    return event->status == message->status &&
           (message->is_response || event->method == sipwhy_method_find(message->method));
}

static void add(const SipwhyPacket *place, const SipwhyMessage *message)
{
    const gboolean was_full = sipwhy_trace_is_full(trace);

    if (sipwhy_trace_add(trace, place, message) || was_full)
        return;
    char *frame = g_strdup_printf("%u", place->frame);
    char *text =
        sipwhy_text_format(spoken_language(), SIPWHY_TEXT_TRACE_FULL, "frame", frame, NULL);
    report_failure("SIP Why: %s", text);
    g_free(text);
    g_free(frame);
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
            add(place, &observation->messages[i].message);
    }
    for (guint i = 0; i < last && known == 0; i++)
        add(place, &observation->messages[i].message);
}

/* Whether a packet has the number of another one, which a read filter has thrown away. */
static gboolean has_old_number(const packet_info *pinfo)
{
    return frames_number(pinfo) <= passed.last_num;
}

static void forget_old_number(const packet_info *pinfo)
{
    end_passed();
    sipwhy_trace_forget(trace, frames_number(pinfo));
}

/* The trace reaches to every packet, in the order in which they are read. */
static void reach(const packet_info *pinfo)
{
    const int64_t time = packet_time(pinfo);

    if (has_old_number(pinfo))
        forget_old_number(pinfo);
    passed.last_num = frames_number(pinfo);
    if (!passed.open || time < passed.last || time - passed.last > passed_gap_most) {
        end_passed();
        sipwhy_trace_reach(trace, time);
    }
    passed.open = TRUE;
    passed.last = time;
}

void remember_passed(const packet_info *pinfo)
{
    if (trace && !PINFO_FD_VISITED(pinfo))
        reach(pinfo);
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
    end_passed();
    sipwhy_trace_set_whole(trace, visited);
    record.events = sipwhy_trace_frame(trace, frames_number(pinfo), &record.count);
    if (record.count < observation->count) {
        SipwhyPacket place = remember_place(pinfo, observation);
        add_missing(&place, observation, record.count);
        record.events = sipwhy_trace_frame(trace, frames_number(pinfo), &record.count);
    }
    return record;
}

static gboolean is_in_transaction(const SipwhyMessage *message,
                                  const SipwhyTransaction *transaction)
{
    const gsize length = strlen(transaction->call->id);
    SipwhySlice id;
    SipwhySlice method;
    unsigned cseq;

    return sipwhy_message_first(message, SIPWHY_HEADER_CALL_ID, &id) && id.length >= length &&
           memcmp(id.data, transaction->call->id, length) == 0 &&
           (id.length == length || id.data[length] == '\0' ||
            length == SIPWHY_CALL_ID_BYTES_MOST) &&
           sipwhy_message_cseq(message, &cseq, &method) && cseq == transaction->cseq;
}

/* The n-th of what is observed, if it is the message of an event. */
static const Observed *observed_as(const Observation *observation, gsize n,
                                   const SipwhyEvent *event)
{
    const Observed *one = n < observation->count ? &observation->messages[n] : NULL;

    return one && is_event_of(event, &one->message) &&
                   (!event->transaction || is_in_transaction(&one->message, event->transaction))
               ? one
               : NULL;
}

/* A pass that searches may find the messages of a packet in the opposite order. */
const Observed *remember_observed(const Record *record, gsize n, const Observation *observation)
{
    const SipwhyEvent *event = &record->events[n];

    if (record->count == 1 && observation->count == 1)
        return observation->messages;
    const Observed *same = observed_as(observation, n, event);
    if (!same)
        same = observed_as(observation, record->count - 1 - n, event);
    for (guint i = 0; !same && i < observation->count; i++)
        same = observed_as(observation, i, event);
    if (same)
        return same;
    if (observation->count == record->count)
        return &observation->messages[n];
    for (guint i = 0; i < observation->count; i++)
        if (observation->messages[i].message.status == event->status)
            return &observation->messages[i];
    return NULL;
}

void remember_reset(const packet_info *pinfo)
{
    const Observation nothing = {.transport = SIPWHY_TRANSPORT_TCP,
                                 .source_port = pinfo->srcport,
                                 .destination_port = pinfo->destport};
    SipwhyPacket place = remember_place(pinfo, &nothing);

    if (remember_trace())
        sipwhy_trace_reset(trace, &place);
}
