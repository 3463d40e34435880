/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: a trace of any packets, and all that is told of it.
 *
 * The input is packets, one behind the other. Each begins with the byte 0x1E and a line
 *
 *     FLAGS MICROSECONDS SOURCE DESTINATION
 *
 * (time since the packet before, addresses as "192.0.2.1:5060" or "[2001:db8::1]:5060"); the bytes
 * up to the next 0x1E are its payload, which may hold several messages. What stands before the
 * first 0x1E is payload without a line. FLAGS are letters: t l s w for the transport (UDP without),
 * q quoted by an ICMP error, r a TCP reset, f in the frame of the packet before, b in an earlier
 * frame, x the packet before was thrown away by a read filter, e the file ends here, d a datagram
 * (else Content-Length tells where a message ends). What cannot be read of that line is made up.
 */
#include <arpa/inet.h>
#include <string.h>

#include "check.h"
#include "passport.h"
#include "told.h"

enum {
    BEGIN = FUZZ_SEPARATOR,
    PACKETS_MOST = 256,
    MESSAGES_MOST = 512,
};

/* A message that was added; its bytes are those of the input. */
typedef struct {
    uint32_t frame;
    unsigned place; /* among those of its frame */
    SipwhyMessage message;
} Added;

typedef struct {
    SipwhyTrace *trace;
    Added added[MESSAGES_MOST];
    unsigned count;
    uint32_t last_frame; /* the highest so far */
} Run;

/* ---- the line of a packet ---- */

static SipwhySlice take_word(SipwhySlice *line)
{
    const char *blank = line->length > 0 ? memchr(line->data, ' ', line->length) : NULL;
    SipwhySlice word = {line->data, blank ? (size_t)(blank - line->data) : line->length};
    size_t taken = word.length + (blank ? 1 : 0);

    line->data += taken;
    line->length -= taken;
    return word;
}

static bool has_flag(SipwhySlice flags, char flag)
{
    return flags.length > 0 && memchr(flags.data, flag, flags.length);
}

/* "192.0.2.1:5060", "[2001:db8::1]:5060"; of anything else, an address that is made of it. */
static SipwhyEndpoint read_endpoint(SipwhySlice word)
{
    SipwhyEndpoint endpoint = {.address = {[10] = 0xFF, [11] = 0xFF, [12] = 192, [14] = 2}};
    char text[64] = "";
    unsigned port = 5060;

    memcpy(text, word.data, MIN(word.length, sizeof text - 1));
    char *colon = strrchr(text, ':');
    if (colon && sipwhy_slice_number((SipwhySlice){colon + 1, strlen(colon + 1)}, &port))
        *colon = '\0';
    endpoint.port = (uint16_t)port;
    size_t end = strlen(text);
    if (text[0] == '[' && end > 1 && text[end - 1] == ']') {
        text[end - 1] = '\0';
        inet_pton(AF_INET6, text + 1, endpoint.address);
    } else if (inet_pton(AF_INET, text, endpoint.address + 12) != 1) {
        endpoint.address[15] = (uint8_t)(text[0] & 3);
    }
    return endpoint;
}

static int64_t read_time(SipwhySlice word)
{
    char text[24] = "";

    memcpy(text, word.data, MIN(word.length, sizeof text - 1));
    return g_ascii_strtoll(text, NULL, 10);
}

static SipwhyTransport read_transport(SipwhySlice flags)
{
    if (has_flag(flags, 't'))
        return SIPWHY_TRANSPORT_TCP;
    if (has_flag(flags, 'l'))
        return SIPWHY_TRANSPORT_TLS;
    if (has_flag(flags, 's'))
        return SIPWHY_TRANSPORT_SCTP;
    return has_flag(flags, 'w') ? SIPWHY_TRANSPORT_WS : SIPWHY_TRANSPORT_UDP;
}

static uint32_t next_frame(Run *run, SipwhySlice flags)
{
    if (run->last_frame > 0 && has_flag(flags, 'f'))
        return run->last_frame;
    if (run->last_frame > 2 && has_flag(flags, 'b'))
        return run->last_frame / 2;
    return ++run->last_frame;
}

/* ---- what is told ---- */

static void check_identities(const SipwhyMessage *message)
{
    size_t position = 0;
    SipwhySlice rest = {0};
    SipwhyIdentity identity;

    for (unsigned i = 0;
         i < SIPWHY_IDENTITIES_MOST && sipwhy_identity_next(message, &position, &rest, &identity);
         i++) {
        SipwhyPassport passport;
        sipwhy_passport_read(&identity, &passport);
        sipwhy_passport_clear(&passport);
    }
}

/* All that is told of the n-th message as the trace stands now. */
static void check_message(const Run *run, unsigned n)
{
    const Added *added = &run->added[n];
    size_t count;
    const SipwhyEvent *events = sipwhy_trace_frame(run->trace, added->frame, &count);

    CHECK(events && added->place < count);
    const SipwhyEvent *event = &events[added->place];
    CHECK(event->frame == added->frame);
    CHECK(event->status == added->message.status);
    told_check_message(run->trace, event, &added->message, run->last_frame);
    told_check_message(run->trace, event, NULL, run->last_frame);
    if (event->transaction)
        told_check_outcome(run->trace, event->transaction->call, run->last_frame);
}

/* ---- packets ---- */

static unsigned place_in_frame(const Run *run, uint32_t frame)
{
    unsigned place = 0;

    for (unsigned i = 0; i < run->count; i++)
        place += run->added[i].frame == frame;
    return place;
}

/* All messages of a packet, each told of at once; and some of those before it. */
static void add_messages(Run *run, const SipwhyPacket *packet, SipwhySlice rest,
                         SipwhyFraming framing)
{
    SipwhyMessage message;

    while (run->count < MESSAGES_MOST &&
           sipwhy_message_scan(rest.data, rest.length, framing, &message)) {
        if (!sipwhy_trace_add(run->trace, packet, &message)) {
            CHECK(sipwhy_trace_is_full(run->trace));
            return;
        }
        run->added[run->count] =
            (Added){packet->frame, place_in_frame(run, packet->frame), message};
        run->count++;
        check_message(run, run->count - 1);
        check_message(run, run->count / 2);
        check_message(run, 0);
        told_check_notes(&message);
        check_identities(&message);
        rest.data += message.length;
        rest.length -= message.length;
    }
}

static void forget_last(Run *run)
{
    if (run->last_frame == 0)
        return;
    sipwhy_trace_forget(run->trace, run->last_frame);
    unsigned kept = 0;
    for (unsigned i = 0; i < run->count; i++)
        if (run->added[i].frame < run->last_frame)
            run->added[kept++] = run->added[i];
    run->count = kept;
}

static SipwhySlice take_line(SipwhySlice *bytes)
{
    const char *end = bytes->length > 0 ? memchr(bytes->data, '\n', bytes->length) : NULL;
    const SipwhySlice line = {bytes->data, end ? (size_t)(end - bytes->data) : bytes->length};
    const size_t taken = MIN(line.length + 1, bytes->length);

    bytes->data += taken;
    bytes->length -= taken;
    return line;
}

static void add_packet(Run *run, SipwhySlice line, SipwhySlice payload, int64_t *time)
{
    const SipwhySlice flags = take_word(&line);

    *time = (int64_t)((uint64_t)*time + (uint64_t)read_time(take_word(&line)));
    if (has_flag(flags, 'x'))
        forget_last(run);
    const SipwhyPacket packet = {.frame = next_frame(run, flags),
                                 .time = *time,
                                 .source = read_endpoint(take_word(&line)),
                                 .destination = read_endpoint(take_word(&line)),
                                 .transport = read_transport(flags),
                                 .quoted = has_flag(flags, 'q')};
    sipwhy_trace_reach(run->trace, packet.time);
    sipwhy_trace_set_whole(run->trace, has_flag(flags, 'e'));
    if (has_flag(flags, 'r'))
        sipwhy_trace_reset(run->trace, &packet);
    add_messages(run, &packet, payload,
                 has_flag(flags, 'd') ? SIPWHY_FRAMING_DATAGRAM : SIPWHY_FRAMING_STREAM);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const char *at = length > 0 ? (const char *)bytes : "";
    const char *end = at + length;
    int64_t time = INT64_C(1767225600000000); /* 2026-01-01 00:00:00 UTC */
    Run *run = g_new0(Run, 1);

    run->trace = sipwhy_trace_new();
    for (unsigned i = 0; i < PACKETS_MOST && at < end; i++) {
        const bool has_line = *at == BEGIN;
        if (has_line)
            at++;
        const char *next = at < end ? memchr(at, BEGIN, (size_t)(end - at)) : NULL;
        const char *stop = next ? next : end;
        SipwhySlice payload = {at, (size_t)(stop - at)};
        add_packet(run, has_line ? take_line(&payload) : (SipwhySlice){"", 0}, payload, &time);
        at = stop;
    }
    sipwhy_trace_set_whole(run->trace, true);
    for (unsigned i = 0; i < run->count; i++)
        check_message(run, i);
    for (const SipwhyCall *call = sipwhy_trace_calls(run->trace); call; call = call->next)
        told_check_outcome(run->trace, call, run->last_frame);
    sipwhy_trace_free(run->trace);
    g_free(run);
    return 0;
}
