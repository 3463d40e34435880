/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What never came.
 */
#include "silence.h"

enum { FIRST_REFUSAL = 300, DOUBLINGS_MOST = 5, MANY_SENDS = 4 };

/* A server repeats a response every 4 s (T2) at the latest, for 32 s (RFC 3261 13.3.1.4, 17.2.1):
 * twice T2 of silence show that it has stopped, 28 s that it had no ACK to the end. */
static const int64_t next_repeat = SIPWHY_MILLISECONDS(4500);
static const int64_t stopped = SIPWHY_SECONDS(8);
static const int64_t given_up = SIPWHY_SECONDS(28);

bool sipwhy_is_unreliable(SipwhyTransport transport)
{
    return transport == SIPWHY_TRANSPORT_UDP || transport == SIPWHY_TRANSPORT_UNKNOWN;
}

int64_t sipwhy_next_gap(SipwhyMethod method, uint32_t count)
{
    const unsigned doublings = MIN(count, DOUBLINGS_MOST + 1) - (count > 0);
    const int64_t gap = SIPWHY_MILLISECONDS(500) << doublings;

    return method == SIPWHY_METHOD_INVITE ? gap : MIN(gap, SIPWHY_SECONDS(4));
}

bool sipwhy_is_silent(const SipwhyTransaction *transaction)
{
    return transaction->provisional_in == 0 && transaction->final.frame == 0;
}

bool sipwhy_ended_upstream(const SipwhyTransaction *transaction)
{
    const SipwhyTransaction *before = sipwhy_transaction_received(transaction);

    return before && before->final.frame > 0;
}

static bool has_credentials(const SipwhyTransaction *transaction)
{
    SipwhyMessage request;

    return sipwhy_kept_message(transaction->kept_request, &request) &&
           (request.first[SIPWHY_HEADER_AUTHORIZATION] > 0 ||
            request.first[SIPWHY_HEADER_PROXY_AUTHORIZATION] > 0);
}

/* Whether a client sends `next` only if it had an answer to `one`: credentials answer a challenge,
 * and the To tag of a dialog comes from a response. */
static bool needs_answer(const SipwhyTransaction *one, const SipwhyTransaction *next)
{
    if (next->from_tag != one->from_tag || !sipwhy_same_address(&next->client, &one->client) ||
        next->request.frame == 0 || next->request.time < one->request.time)
        return false;
    if (one->method == SIPWHY_METHOD_INVITE && one->to_tag == 0 && next->to_tag != 0)
        return true;
    return next->method == one->method && next->cseq > one->cseq && has_credentials(next) &&
           !has_credentials(one);
}

uint32_t sipwhy_unseen_answer_in(const SipwhyTransaction *transaction)
{
    const SipwhyTransaction *next = transaction->next;

    if (transaction->invite && transaction->invite->ack.frame > 0)
        return transaction->invite->ack.frame;
    if (transaction->invite && transaction->invite->ack_elsewhere_in > 0)
        return transaction->invite->ack_elsewhere_in;
    for (unsigned i = 0; next && i < SIPWHY_LOOK_MOST; i++, next = next->next)
        if (needs_answer(transaction, next))
            return next->request.frame;
    return 0;
}

const SipwhyTransaction *sipwhy_bye_of_callee(const SipwhyTransaction *invite)
{
    const SipwhyTransaction *next = invite->next;
    const SipwhyTransaction *found = NULL;

    for (unsigned i = 0; next && i < SIPWHY_LOOK_MOST; i++, next = next->next) {
        if (next->method != SIPWHY_METHOD_BYE || next->request.frame == 0 ||
            next->from_tag != invite->final_tag || next->to_tag != invite->from_tag)
            continue;
        if (sipwhy_same_address(&next->client, &invite->server))
            return next;
        found = found ? found : next;
    }
    return found;
}

int64_t sipwhy_ack_time(const SipwhyTrace *trace, const SipwhyTransaction *invite, uint32_t *frame)
{
    size_t count;
    const SipwhyEvent *events;

    *frame = invite->invite->ack.frame;
    if (*frame > 0)
        return invite->invite->ack.time;
    *frame = invite->invite->ack_elsewhere_in;
    events = *frame > 0 ? sipwhy_trace_frame(trace, *frame, &count) : NULL;
    if (!events)
        *frame = 0;
    return events ? events->time : 0;
}

/* One ACK may cross a repeat, or be lost once; these are more. */
static bool is_unheard(const SipwhyTransaction *one)
{
    const SipwhySeen *ack = &one->invite->ack;
    const int64_t after = one->final.last_time - ack->time;

    return one->final.count >= 3 && after >= SIPWHY_MILLISECONDS(1400) &&
           (ack->count >= 3 || after >= next_repeat);
}

static SipwhyAck judge_repeated(const SipwhyTrace *trace, const SipwhyTransaction *one)
{
    const int64_t span = one->final.last_time - one->final.time;
    const int64_t quiet = sipwhy_trace_left(trace, one->final.last_time);
    const bool whole = sipwhy_trace_is_whole(trace);
    const bool many = one->final.count >= MANY_SENDS;
    const SipwhyTransaction *bye =
        one->status < FIRST_REFUSAL && many ? sipwhy_bye_of_callee(one) : NULL;
    const bool ended = bye && bye->request.time >= one->final.last_time &&
                       bye->request.time - one->final.last_time <= next_repeat;

    if (one->invite->ack_elsewhere_in > 0) /* it may go round this hop */
        return ended || span >= given_up ? SIPWHY_ACK_UNHEARD : SIPWHY_ACK_FINE;
    if (ended || span >= given_up || (many && whole && quiet < next_repeat))
        return SIPWHY_ACK_MISSING;
    if (quiet >= stopped)
        return SIPWHY_ACK_STOPPED;
    return whole ? SIPWHY_ACK_PENDING : SIPWHY_ACK_FINE;
}

SipwhyAck sipwhy_judge_ack(const SipwhyTrace *trace, const SipwhyTransaction *invite)
{
    const int64_t quiet = sipwhy_trace_left(trace, invite->final.last_time);

    if (invite->invite->ack.frame > 0) {
        if (is_unheard(invite))
            return SIPWHY_ACK_UNHEARD;
        return invite->final.count > 1 ? SIPWHY_ACK_LATE : SIPWHY_ACK_FINE;
    }
    if (invite->final.count > 1)
        return judge_repeated(trace, invite);
    if (invite->invite->ack_elsewhere_in > 0)
        return SIPWHY_ACK_FINE;
    if (quiet >= stopped)
        return SIPWHY_ACK_QUIET;
    return sipwhy_trace_is_whole(trace) ? SIPWHY_ACK_PENDING : SIPWHY_ACK_FINE;
}
