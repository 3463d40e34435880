/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The trace: SIP messages, put together to transactions and calls as they come in.
 *
 * Every message of every capture comes through here: one walk over its lines (message.c), one or
 * two look-ups by a 64-bit hash, and a few numbers noted down. What costs more is left to the
 * rules, which run for a message that somebody looks at.
 */
#include "trace.h"

#include <string.h>

#include "arena.h"
#include "body.h"
#include "keep.h"
#include "knowledge.h"
#include "set.h"
#include "text.h"

enum {
    FIRST_PROVISIONAL = 100,
    FIRST_FINAL = 200,
    FIRST_REFUSAL = 300,
    COPY_MICROSECONDS = 50 * 1000, /* T1, the first retransmission, is ten times that */
    CALL_TRANSACTIONS_MOST = 16,   /* of a call without a table of them */
    PENDING_MOST = 1024,           /* requests whose copies are whole */
    PHRASE_BYTES_MOST = 1024,
    REPAIR_LOOK_MOST = 16,
    BREAKS_MOST = 4096,
    EVENTS_LEAST = 256,
};

/* No device with SIP is silent for a day: registrations are refreshed, servers are pinged. */
static const int64_t break_least = (int64_t)24 * 3600 * G_USEC_PER_SEC;

/* Of the clock of a file nothing is known: what lies further from 1970 than this, some 70,000
 * years, is taken for that far, so that no difference of two times overflows. */
static const int64_t time_most = INT64_MAX / 4;

struct SipwhyTrace {
    SipwhyArena *arena;
    SipwhyKeeper keeper;
    SipwhySet transactions; /* by their keys: those of long calls */
    SipwhySet calls;        /* likewise */
    SipwhyEvent *events;    /* in the order of their frames */
    guint event_count;
    guint event_room;
    SipwhyCall *first_call;
    SipwhyCall *last_call;
    SipwhyTransaction *pending[PENDING_MOST]; /* a ring */
    unsigned pending_count;
    uint64_t seed;
    int64_t end;
    int64_t last;
    int64_t reached; /* the latest time since the last leap */
    GArray *breaks;  /* int64_t, ascending: the latest times before leaps */
    bool whole;
    bool full; /* there was no memory for a message: it and what follows is not in the trace */
};

/* What identifies a message: slices of it. */
typedef struct {
    SipwhySlice call_id;
    SipwhySlice via;
    SipwhySlice branch;
    SipwhySlice method_name;
    SipwhyMethod method;
    unsigned cseq;
} Identity;

SipwhyTrace *sipwhy_trace_new(void)
{
    SipwhyTrace *trace = g_new0(SipwhyTrace, 1);

    trace->arena = sipwhy_arena_new();
    trace->keeper.arena = trace->arena;
    /* nobody can write messages whose keys collide */
    trace->seed = (uint64_t)g_random_int() << 32 | g_random_int();
    trace->end = INT64_MIN;
    trace->last = INT64_MIN;
    trace->reached = INT64_MIN;
    trace->breaks = g_array_new(FALSE, FALSE, sizeof(int64_t));
    return trace;
}

void sipwhy_trace_free(SipwhyTrace *trace)
{
    if (!trace)
        return;
    for (unsigned i = 0; i < PENDING_MOST; i++)
        if (trace->pending[i] && trace->pending[i]->kept_whole)
            sipwhy_keep_drop(&trace->keeper, trace->pending[i]->kept_request);
    sipwhy_set_clear(&trace->transactions);
    sipwhy_set_clear(&trace->calls);
    g_free(trace->events);
    g_array_free(trace->breaks, TRUE);
    sipwhy_arena_free(trace->arena);
    g_free(trace);
}

static int64_t bounded_time(int64_t time)
{
    return CLAMP(time, -time_most, time_most);
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 29);
}

static uint64_t mix_slice(uint64_t hash, SipwhySlice slice)
{
    const char *at = slice.data;
    size_t left = slice.length;
    uint64_t word;

    for (; left >= sizeof word; left -= sizeof word, at += sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    if (left > 0)
        memcpy(&word, at, left);
    return mix(mix(hash, word), slice.length);
}

uint32_t sipwhy_tag_hash(SipwhySlice tag)
{
    uint64_t hash;

    if (tag.length == 0)
        return 0;
    hash = mix_slice(0, tag);
    uint32_t folded = (uint32_t)(hash ^ (hash >> 32));
    return folded ? folded : 1;
}

bool sipwhy_same_address(const SipwhyEndpoint *one, const SipwhyEndpoint *other)
{
    return memcmp(one->address, other->address, sizeof one->address) == 0;
}

bool sipwhy_same_endpoint(const SipwhyEndpoint *one, const SipwhyEndpoint *other)
{
    return one->port == other->port && sipwhy_same_address(one, other);
}

static uint64_t hash_address(const SipwhyEndpoint *endpoint)
{
    uint64_t words[2];

    memcpy(words, endpoint->address, sizeof words);
    return mix(mix(0, words[0]), words[1]);
}

static bool is_name(const char *bytes, const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((bytes[i] | 0x20) != name[i]) /* names of parameters are letters here */
            return false;
    return true;
}

/* Blanks may stand around "=" and ";", a folded line too (RFC 3261 25.1: SWS). */
static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
        at++;
    return at;
}

/* Where the value begins when `at` is at `name`, "=" and the value; else NULL. */
static const char *skip_name(const char *at, const char *end, const char *name, size_t length)
{
    if ((size_t)(end - at) <= length || !is_name(at, name, length))
        return NULL;
    at = skip_blanks(at + length, end);
    return at < end && *at == '=' ? skip_blanks(at + 1, end) : NULL;
}

/* How many bytes of the value of a parameter stand before what ends it. */
static size_t parameter_length(const char *start, const char *end)
{
    static const bool ends[256] = {
        [';'] = true, [','] = true, [' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true};
    const char *at = start;

    while (at < end && !ends[(unsigned char)*at])
        at++;
    return (size_t)(at - start);
}

/* The value of ";name=" in a header value, outside <...>. What stands in quotes before it may look
 * like a parameter: that is the display name, which ends before the URI does. */
static SipwhySlice find_parameter(SipwhySlice value, const char *name, size_t name_length)
{
    const char *end = value.data + value.length;
    const char *at = value.data;
    const char *bracket = at;

    while (bracket < end && (bracket = memchr(bracket, '>', (size_t)(end - bracket))))
        at = ++bracket;
    while (at < end && (at = memchr(at, ';', (size_t)(end - at)))) {
        at = skip_blanks(at + 1, end);
        const char *start = skip_name(at, end, name, name_length);
        if (start)
            return (SipwhySlice){start, parameter_length(start, end)};
    }
    return (SipwhySlice){value.data, 0};
}

static uint32_t read_tag(const SipwhyMessage *message, SipwhyHeaderId header)
{
    SipwhySlice value;

    if (!sipwhy_message_first(message, header, &value))
        return 0;
    return sipwhy_tag_hash(find_parameter(value, "tag", 3));
}

uint32_t sipwhy_message_to_tag(const SipwhyMessage *message)
{
    return read_tag(message, SIPWHY_HEADER_TO);
}

/* What stands in the first Via value, Call-ID and CSeq; false when one of the latter is missing. */
static bool read_identity(const SipwhyMessage *message, Identity *identity)
{
    *identity = (Identity){0};
    if (!sipwhy_message_first(message, SIPWHY_HEADER_CALL_ID, &identity->call_id) ||
        identity->call_id.length == 0 ||
        !sipwhy_message_cseq(message, &identity->cseq, &identity->method_name) ||
        identity->method_name.length == 0)
        return false;
    if (!message->is_response)
        identity->method_name = message->method;
    identity->method = sipwhy_method_find(identity->method_name);
    if (sipwhy_message_first(message, SIPWHY_HEADER_VIA, &identity->via)) {
        const char *comma = memchr(identity->via.data, ',', identity->via.length);
        if (comma)
            identity->via.length = (size_t)(comma - identity->via.data);
        identity->branch = find_parameter(identity->via, "branch", 6);
    }
    return true;
}

/*
 * A transaction is its topmost branch, CSeq (RFC 3261 17.1.3, 17.2.3), Call-ID, which an old branch
 * needs, and the pair of addresses that it runs between: taken on a proxy, a capture shows every
 * message on two hops. Ports are left out: a response may go to another port than the request came
 * from (18.2.2). An ACK has the key of its INVITE.
 */
static uint64_t transaction_key(const SipwhyCall *call, const Identity *identity,
                                const SipwhyPacket *packet, SipwhyMethod method)
{
    uint64_t key = mix_slice(call->key, identity->branch);

    key = mix(key, (uint64_t)identity->cseq << 8 | (uint64_t)method);
    if (method == SIPWHY_METHOD_OTHER)
        key = mix_slice(key, identity->method_name);
    return mix(key, hash_address(&packet->source) + hash_address(&packet->destination));
}

/* A transaction of a call. Nearly all calls have so few that no table is needed. */
static SipwhyTransaction *find_transaction(const SipwhyTrace *trace, const SipwhyCall *call,
                                           uint64_t key)
{
    SipwhyTransaction *one = call->last;

    for (unsigned i = 0; one && i < CALL_TRANSACTIONS_MOST; i++, one = one->previous)
        if (one->key == key)
            return one;
    return one ? sipwhy_set_find(&trace->transactions, key) : NULL;
}

/* The transactions of a call that has many are in a table, all of them. */
static void list_transactions(SipwhyTrace *trace, const SipwhyCall *call)
{
    if (call->transaction_count == CALL_TRANSACTIONS_MOST + 1)
        for (SipwhyTransaction *one = call->first; one; one = one->next)
            sipwhy_set_add(&trace->transactions, one->key, one);
    else if (call->transaction_count > CALL_TRANSACTIONS_MOST)
        sipwhy_set_add(&trace->transactions, call->last->key, call->last);
}

static SipwhyCall *find_call(SipwhyTrace *trace, SipwhySlice id, bool make)
{
    uint64_t key = mix_slice(~trace->seed, id);
    SipwhyCall *call = sipwhy_set_find(&trace->calls, key);

    if (call || !make)
        return call;
    call = sipwhy_arena_take(trace->arena, sizeof *call);
    call->key = key;
    call->id = sipwhy_arena_copy(trace->arena, id.data, MIN(id.length, SIPWHY_CALL_ID_BYTES_MOST));
    if (trace->last_call)
        trace->last_call->next = call;
    else
        trace->first_call = call;
    trace->last_call = call;
    sipwhy_set_add(&trace->calls, key, call);
    return call;
}

/* Via values of a message, as far as their lines follow one another. */
static uint16_t count_vias(const SipwhyMessage *message)
{
    size_t position = (size_t)message->first[SIPWHY_HEADER_VIA] - 1;
    unsigned count = 0;
    SipwhySlice line;
    int header;

    if (message->first[SIPWHY_HEADER_VIA] == 0)
        return 0;
    while (count < UINT16_MAX && sipwhy_message_next_line(message, &position, &header, &line) &&
           header == SIPWHY_HEADER_VIA) {
        const char *end = line.data + line.length;
        const char *comma = line.data;
        count++;
        while ((comma = memchr(comma, ',', (size_t)(end - comma)))) {
            count++;
            comma++;
        }
    }
    return (uint16_t)MIN(count, UINT16_MAX);
}

static void set_ends(SipwhyTransaction *transaction, const SipwhyPacket *packet, bool is_response)
{
    transaction->client = is_response ? packet->destination : packet->source;
    transaction->server = is_response ? packet->source : packet->destination;
    transaction->transport = packet->transport;
}

static bool was_refused(const SipwhyTransaction *transaction)
{
    return transaction->status >= FIRST_REFUSAL || transaction->unreachable != SIPWHY_REACHED;
}

/* The refused transaction that a new one may be a repair of: not when one in between was accepted,
 * as for a registration that is renewed. */
static SipwhyTransaction *find_refused(const SipwhyTransaction *transaction)
{
    SipwhyTransaction *other = transaction->previous;

    if (transaction->call->refused_count == 0)
        return NULL;
    for (unsigned i = 0; other && i < REPAIR_LOOK_MOST; i++, other = other->previous) {
        if (other->method != transaction->method ||
            !sipwhy_same_address(&other->client, &transaction->client))
            continue;
        if (was_refused(other))
            return other;
        if (other->status >= FIRST_FINAL)
            return NULL;
    }
    return NULL;
}

static SipwhyTransaction *make_transaction(SipwhyTrace *trace, SipwhyCall *call, uint64_t key,
                                           const Identity *identity, const SipwhyPacket *packet,
                                           const SipwhyMessage *message)
{
    SipwhyTransaction *transaction = sipwhy_arena_take(trace->arena, sizeof *transaction);

    transaction->key = key;
    transaction->call = call;
    transaction->method = identity->method;
    transaction->cseq = identity->cseq;
    transaction->branch = sipwhy_tag_hash(identity->branch);
    transaction->from_tag = read_tag(message, SIPWHY_HEADER_FROM);
    if (identity->method == SIPWHY_METHOD_INVITE)
        transaction->invite = sipwhy_arena_take(trace->arena, sizeof *transaction->invite);
    set_ends(transaction, packet, message->is_response);
    transaction->vias = count_vias(message);
    transaction->previous = call->last;
    if (call->last)
        call->last->next = transaction;
    else
        call->first = transaction;
    call->last = transaction;
    call->transaction_count++;
    if (transaction->invite && message->is_response && !call->first_invite)
        call->first_invite = transaction; /* its request is missing, or comes yet */
    list_transactions(trace, call);
    return transaction;
}

/* Notes one more sending of a message; tells whether it had been sent before, or is but a copy. */
static void note_seen(SipwhySeen *seen, SipwhyEvent *event)
{
    int64_t gap = event->time - seen->last_time;

    event->repeated = seen->count > 0;
    event->copy = event->repeated && ABS(gap) < COPY_MICROSECONDS;
    if (event->copy)
        return;
    if (seen->count == 0) {
        seen->frame = event->frame;
        seen->time = event->time;
    }
    seen->count++;
    seen->last_frame = event->frame;
    seen->last_time = event->time;
}

/* Replaces the whole copy of a request by what is worth keeping of it, now that it has its final
 * response (or NULL: had none for long). */
static void settle_request(SipwhyTrace *trace, SipwhyTransaction *transaction,
                           const SipwhyMessage *response)
{
    SipwhyKept *whole = transaction->kept_whole ? transaction->kept_request : NULL;
    SipwhyMessage request;

    if (!transaction->kept_request)
        return;
    const bool wanted = !response || sipwhy_keeps_request(response, transaction);
    if (!wanted || !sipwhy_kept_message(transaction->kept_request, &request))
        transaction->kept_request = NULL;
    else
        transaction->kept_request =
            sipwhy_keep_request(&trace->keeper, &request, response, transaction);
    transaction->kept_whole = false;
    sipwhy_keep_drop(&trace->keeper, whole);
}

/* Only so many requests are kept whole: the oldest has to make room. */
static void make_pending(SipwhyTrace *trace, SipwhyTransaction *transaction)
{
    unsigned place = trace->pending_count++ % PENDING_MOST;
    SipwhyTransaction *oldest = trace->pending[place];

    if (oldest && oldest->kept_whole)
        settle_request(trace, oldest, NULL);
    trace->pending[place] = transaction;
}

static void add_cancel(const SipwhyTrace *trace, SipwhyTransaction *transaction,
                       const Identity *identity, const SipwhyPacket *packet)
{
    uint64_t key = transaction_key(transaction->call, identity, packet, SIPWHY_METHOD_INVITE);
    SipwhyTransaction *invite = find_transaction(trace, transaction->call, key);

    if (invite && !invite->invite->cancel)
        invite->invite->cancel = transaction;
}

static void add_request(SipwhyTrace *trace, SipwhyTransaction *transaction, SipwhyEvent *event,
                        const Identity *identity, const SipwhyPacket *packet,
                        const SipwhyMessage *message)
{
    note_seen(&transaction->request, event);
    if (event->repeated)
        return;
    set_ends(transaction, packet, false);
    transaction->to_tag = read_tag(message, SIPWHY_HEADER_TO);
    if (transaction->status > 0 || transaction->provisional_in > 0)
        transaction->vias = count_vias(message); /* until now it was that of a response */
    transaction->has_reason = message->first[SIPWHY_HEADER_REASON] > 0;
    transaction->request_bytes = (uint16_t)MIN(message->length, UINT16_MAX);
    transaction->repairs = find_refused(transaction);
    if (transaction->invite) {
        transaction->invite->offer = sipwhy_body_may_hold_sdp(message);
        SipwhyTransaction **first = &transaction->call->first_invite;
        if (transaction->to_tag == 0 && !*first)
            *first = transaction;
        else if (transaction->to_tag != 0 && *first == transaction)
            *first = NULL; /* a re-INVITE behind its response */
    }
    if (transaction->method == SIPWHY_METHOD_CANCEL)
        add_cancel(trace, transaction, identity, packet);
    transaction->kept_request = sipwhy_keep_whole(&trace->keeper, message);
    transaction->kept_whole = true;
    make_pending(trace, transaction);
    if (transaction->status > 0) { /* it comes behind its response */
        const SipwhyMessage response = {.is_response = true, .status = transaction->status};
        settle_request(trace, transaction, &response);
    }
}

static void note_tag(SipwhyInvite *invite, uint32_t tag)
{
    unsigned known = MIN(invite->tag_count, SIPWHY_TAGS_MOST);

    if (tag == 0)
        return;
    for (unsigned i = 0; i < known; i++)
        if (invite->tags[i] == tag)
            return;
    if (invite->tag_count < SIPWHY_TAGS_MOST)
        invite->tags[invite->tag_count] = tag;
    if (invite->tag_count <= SIPWHY_TAGS_MOST)
        invite->tag_count++;
}

static void add_reliable(SipwhyInvite *invite, SipwhyEvent *event, const SipwhyMessage *message)
{
    unsigned rseq;
    SipwhyEvent scratch = *event;

    if (!sipwhy_message_number(message, SIPWHY_HEADER_RSEQ, &rseq) ||
        !sipwhy_message_lists(message, SIPWHY_HEADER_REQUIRE, "100rel"))
        return;
    if (invite->reliable.count == 0)
        invite->reliable_rseq = rseq;
    if (invite->reliable_rseq == rseq) {
        note_seen(&invite->reliable, &scratch);
        event->repeated = scratch.repeated;
        event->copy = scratch.copy;
    }
}

static void add_provisional(SipwhyTransaction *transaction, SipwhyEvent *event,
                            const SipwhyMessage *message)
{
    SipwhyInvite *invite = transaction->invite;

    if (transaction->provisional_in == 0)
        transaction->provisional_in = event->frame;
    if (!invite)
        return;
    if (event->status == 100) {
        note_seen(&invite->trying, event);
        return;
    }
    if (invite->progress_status == 0)
        invite->progress_status = event->status;
    if (invite->progress_status == event->status)
        note_seen(&invite->progress, event);
    if (event->status == 180 && invite->ringing_in == 0)
        invite->ringing_in = event->frame;
    invite->last_provisional_in = event->frame;
    invite->last_provisional_time = event->time;
    note_tag(invite, read_tag(message, SIPWHY_HEADER_TO));
    if (invite->early_media_in == 0 && sipwhy_body_may_hold_sdp(message)) {
        invite->early_media_in = event->frame;
        invite->early_media_reliable = message->first[SIPWHY_HEADER_RSEQ] > 0;
    }
    if (message->first[SIPWHY_HEADER_RSEQ] > 0)
        add_reliable(invite, event, message);
}

static void add_final(SipwhyTrace *trace, SipwhyTransaction *transaction, SipwhyEvent *event,
                      const SipwhyMessage *message)
{
    uint32_t tag = transaction->invite || transaction->status == 0
                       ? read_tag(message, SIPWHY_HEADER_TO)
                       : transaction->final_tag;

    if (transaction->status > 0 &&
        (event->status != transaction->status || tag != transaction->final_tag)) {
        if (transaction->invite && transaction->invite->later_final_in == 0) {
            transaction->invite->later_status = event->status;
            transaction->invite->later_final_in = event->frame;
        }
        return;
    }
    note_seen(&transaction->final, event);
    if (event->repeated)
        return;
    transaction->status = event->status;
    transaction->final_tag = tag;
    if (transaction->invite)
        note_tag(transaction->invite, tag);
    if (event->status >= FIRST_REFUSAL)
        transaction->call->refused_count++;
    transaction->kept_response = sipwhy_keep_response(&trace->keeper, message, transaction);
    settle_request(trace, transaction, message);
}

static void add_message(SipwhyTrace *trace, SipwhyTransaction *transaction, SipwhyEvent *event,
                        const Identity *identity, const SipwhyPacket *packet,
                        const SipwhyMessage *message)
{
    if (!message->is_response)
        add_request(trace, transaction, event, identity, packet, message);
    else if (event->status < FIRST_FINAL)
        add_provisional(transaction, event, message);
    else
        add_final(trace, transaction, event, message);
}

/* An ACK belongs to the INVITE of the same branch when that was refused (RFC 3261 17.1.1.3), to the
 * one of the same CSeq number when it was accepted (13.2.2.4). */
static SipwhyTransaction *add_ack(const SipwhyTrace *trace, const SipwhyCall *call,
                                  SipwhyEvent *event, const Identity *identity,
                                  const SipwhyPacket *packet, const SipwhyMessage *message)
{
    if (!call)
        return NULL;
    uint64_t key = transaction_key(call, identity, packet, SIPWHY_METHOD_INVITE);
    SipwhyTransaction *found = find_transaction(trace, call, key);
    uint32_t from = found ? 0 : read_tag(message, SIPWHY_HEADER_FROM);
    SipwhyTransaction *one = found ? NULL : call->last;

    if (found)
        note_seen(&found->invite->ack, event);
    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->previous) {
        if (!one->invite || one->cseq != identity->cseq || one->from_tag != from ||
            one->status >= FIRST_REFUSAL)
            continue;
        if (sipwhy_same_address(&one->client, &packet->source) &&
            sipwhy_same_address(&one->server, &packet->destination)) {
            note_seen(&one->invite->ack, event);
            found = one;
        } else if (one->invite->ack_elsewhere_in == 0) {
            one->invite->ack_elsewhere_in = event->frame;
            found = found ? found : one;
        }
    }
    return found;
}

/* A message that an ICMP error quotes was sent, and did not arrive (RFC 3261 18.4). The addresses
 * of the quote need not be those of the packet. */
static void add_quoted(const SipwhyCall *call, const SipwhyEvent *event, const Identity *identity,
                       const SipwhyMessage *message)
{
    SipwhyTransaction *one = call && !message->is_response ? call->last : NULL;
    uint32_t branch = sipwhy_tag_hash(identity->branch);

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->previous)
        if (one->method == identity->method && one->cseq == identity->cseq &&
            one->branch == branch && one->unreachable == SIPWHY_REACHED) {
            one->unreachable = SIPWHY_UNREACHABLE_ICMP;
            one->unreachable_in = event->frame;
            one->call->refused_count++;
            return;
        }
}

/* The phrase of a status line, unless it is the registered one. */
static const char *shown_phrase(SipwhyTrace *trace, const SipwhyMessage *message)
{
    const SipwhyCode *code = sipwhy_code_find(message->status);
    SipwhySlice phrase = message->phrase;

    if (code && phrase.length == strlen(code->phrase) &&
        memcmp(phrase.data, code->phrase, phrase.length) == 0)
        return NULL;
    char *text = sipwhy_printable_text(phrase.data, MIN(phrase.length, PHRASE_BYTES_MOST));
    char *whole = g_strconcat(text, phrase.length > PHRASE_BYTES_MOST ? "..." : "", NULL);
    const char *shown = sipwhy_arena_copy(trace->arena, whole, strlen(whole));

    g_free(whole);
    g_free(text);
    return shown;
}

/* The place of the first event whose frame is not below `frame`. */
static guint find_place(const SipwhyTrace *trace, uint64_t frame)
{
    guint low = 0;
    guint high = trace->event_count;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (trace->events[middle].frame < frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The place behind the events of a frame: mostly behind all others. */
static guint find_end(const SipwhyTrace *trace, uint32_t frame)
{
    const guint count = trace->event_count;

    if (count == 0 || trace->events[count - 1].frame <= frame)
        return count;
    return find_place(trace, (uint64_t)frame + 1);
}

static const SipwhyEvent *store_event(SipwhyTrace *trace, const SipwhyEvent *event)
{
    guint place = find_end(trace, event->frame);

    memmove(&trace->events[place + 1], &trace->events[place],
            (trace->event_count - place) * sizeof *event);
    trace->events[place] = *event;
    trace->event_count++;
    if (event->cut)
        trace->events[find_place(trace, event->frame)].any_cut = true;
    return &trace->events[place];
}

static void count_message(SipwhyCall *call, const SipwhyEvent *event)
{
    if (call->message_count == 0 || event->frame < call->first_frame) {
        call->first_frame = event->frame;
        call->first_time = event->time;
    }
    if (event->frame >= call->last_frame) {
        call->last_frame = event->frame;
        call->last_time = event->time;
    }
    call->message_count++;
    if (event->status == 0)
        call->request_count++;
}

/* Puts a message into the transaction and call that it belongs to. */
static void find_place_of(SipwhyTrace *trace, SipwhyEvent *event, const Identity *identity,
                          const SipwhyPacket *packet, const SipwhyMessage *message)
{
    bool is_ack = event->method == SIPWHY_METHOD_ACK;
    SipwhyCall *call = find_call(trace, identity->call_id, !packet->quoted && !is_ack);

    if (packet->quoted) {
        add_quoted(call, event, identity, message);
    } else if (is_ack) {
        event->transaction = add_ack(trace, call, event, identity, packet, message);
    } else {
        uint64_t key = transaction_key(call, identity, packet, identity->method);
        event->transaction = find_transaction(trace, call, key);
        if (!event->transaction)
            event->transaction = make_transaction(trace, call, key, identity, packet, message);
        add_message(trace, event->transaction, event, identity, packet, message);
    }
}

static bool reserve_event(SipwhyTrace *trace)
{
    const guint room = MAX(trace->event_room * 2, EVENTS_LEAST);
    SipwhyEvent *events;

    if (trace->event_count < trace->event_room)
        return true;
    events =
        trace->event_room < G_MAXUINT / 2 ? g_try_renew(SipwhyEvent, trace->events, room) : NULL;
    if (!events)
        return false;
    trace->events = events;
    trace->event_room = room;
    return true;
}

/* Takes the memory for one more message before anything is changed. What is small and given back at
 * once is left to GLib, which ends the program where even that is not there. */
static bool make_room(SipwhyTrace *trace)
{
    trace->full = trace->full || !sipwhy_arena_reserve(trace->arena) ||
                  !sipwhy_set_reserve(&trace->calls, 1) ||
                  !sipwhy_set_reserve(&trace->transactions, CALL_TRANSACTIONS_MOST + 1) ||
                  !reserve_event(trace);
    return !trace->full;
}

const SipwhyEvent *sipwhy_trace_add(SipwhyTrace *trace, const SipwhyPacket *packet,
                                    const SipwhyMessage *message)
{
    if (!make_room(trace))
        return NULL;
    Identity identity;
    /* what is below 100 is no status code (RFC 3261 7.2), and no part of any transaction */
    bool identified = read_identity(message, &identity) &&
                      (!message->is_response || message->status >= FIRST_PROVISIONAL);
    SipwhyEvent event = {
        .frame = packet->frame,
        .time = bounded_time(packet->time),
        .status = (uint16_t)message->status,
        .method = (uint8_t)identity.method,
        .quoted = packet->quoted,
        .cut = message->cut,
        .invalid = message->is_response && message->status == 0,
        .phrase = message->is_response ? shown_phrase(trace, message) : NULL,
    };

    if (!message->is_response)
        event.method = (uint8_t)sipwhy_method_find(message->method);
    if (identified)
        find_place_of(trace, &event, &identity, packet, message);
    if (event.transaction)
        count_message(event.transaction->call, &event);
    return store_event(trace, &event);
}

/* The place of the first break that is not before `time`. */
static guint find_break(const SipwhyTrace *trace, int64_t time)
{
    guint low = 0;
    guint high = trace->breaks->len;

    while (low < high) {
        const guint middle = low + (high - low) / 2;
        if (g_array_index(trace->breaks, int64_t, middle) < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void sipwhy_trace_reach(SipwhyTrace *trace, int64_t time)
{
    if (trace->full)
        return;
    time = bounded_time(time);
    if (trace->last != INT64_MIN &&
        MAX(trace->last, time) - MIN(trace->last, time) >= break_least) {
        if (trace->breaks->len < BREAKS_MOST)
            g_array_insert_val(trace->breaks, find_break(trace, trace->reached), trace->reached);
        trace->reached = time;
    }
    trace->last = time;
    trace->reached = MAX(trace->reached, time);
    trace->end = MAX(trace->end, time);
}

void sipwhy_trace_reset(SipwhyTrace *trace, const SipwhyPacket *packet)
{
    for (unsigned i = 0; i < MIN(trace->pending_count, PENDING_MOST); i++) {
        SipwhyTransaction *one = trace->pending[i];
        if (one->status > 0 || one->provisional_in > 0 || one->unreachable != SIPWHY_REACHED ||
            one->transport == SIPWHY_TRANSPORT_UDP ||
            !sipwhy_same_endpoint(&one->server, &packet->source) ||
            !sipwhy_same_endpoint(&one->client, &packet->destination))
            continue;
        one->unreachable = SIPWHY_UNREACHABLE_RESET;
        one->unreachable_in = packet->frame;
        one->call->refused_count++;
    }
}

void sipwhy_trace_set_whole(SipwhyTrace *trace, bool whole)
{
    trace->whole = whole;
}

bool sipwhy_trace_is_whole(const SipwhyTrace *trace)
{
    return trace->whole && !trace->full;
}

bool sipwhy_trace_is_full(const SipwhyTrace *trace)
{
    return trace->full;
}

int64_t sipwhy_trace_end(const SipwhyTrace *trace)
{
    return trace->end;
}

int64_t sipwhy_trace_left(const SipwhyTrace *trace, int64_t time)
{
    const guint next = find_break(trace, time);
    int64_t until = trace->end;

    if (next < trace->breaks->len)
        until = g_array_index(trace->breaks, int64_t, next);
    if (trace->reached >= time)
        until = MIN(until, trace->reached);
    return until - time;
}

const SipwhyEvent *sipwhy_trace_frame(const SipwhyTrace *trace, uint32_t frame, size_t *count)
{
    *count = 0;
    /* most packets have none, or are the last one so far */
    if (trace->event_count == 0 || trace->events[trace->event_count - 1].frame < frame)
        return NULL;
    const guint first = find_place(trace, frame);
    const guint end = find_end(trace, frame);
    *count = end - first;
    return end > first ? &trace->events[first] : NULL;
}

bool sipwhy_trace_was_cut(const SipwhyTrace *trace, uint32_t frame)
{
    size_t count;
    const SipwhyEvent *events = sipwhy_trace_frame(trace, frame, &count);

    return count > 0 && events[0].any_cut;
}

void sipwhy_trace_forget(SipwhyTrace *trace, uint32_t frame)
{
    guint first = find_place(trace, frame);

    for (guint i = first; i < trace->event_count; i++) {
        const SipwhyEvent *event = &trace->events[i];
        if (event->transaction)
            event->transaction->disowned = true;
    }
    trace->event_count = first;
}

size_t sipwhy_trace_place(const SipwhyTrace *trace, uint32_t frame)
{
    return find_place(trace, frame);
}

const SipwhyEvent *sipwhy_trace_event_at(const SipwhyTrace *trace, size_t n)
{
    return n < trace->event_count ? &trace->events[n] : NULL;
}

const SipwhyCall *sipwhy_trace_calls(const SipwhyTrace *trace)
{
    return trace->first_call;
}

bool sipwhy_transaction_leads_to(const SipwhyTransaction *hop, const SipwhyTransaction *next)
{
    return next->method == hop->method && next->cseq == hop->cseq &&
           next->from_tag == hop->from_tag && next->vias == hop->vias + 1 &&
           sipwhy_same_address(&next->client, &hop->server);
}

const SipwhyTransaction *sipwhy_transaction_forwarded(const SipwhyTransaction *transaction)
{
    const SipwhyTransaction *next = transaction->next;

    for (unsigned i = 0; next && i < SIPWHY_LOOK_MOST; i++, next = next->next)
        if (sipwhy_transaction_leads_to(transaction, next))
            return next;
    return NULL;
}

const SipwhyTransaction *sipwhy_transaction_received(const SipwhyTransaction *transaction)
{
    const SipwhyTransaction *previous = transaction->previous;

    for (unsigned i = 0; previous && i < SIPWHY_LOOK_MOST; i++, previous = previous->previous)
        if (sipwhy_transaction_leads_to(previous, transaction))
            return previous;
    return NULL;
}
