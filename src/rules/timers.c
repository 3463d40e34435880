/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules: timers. What was repeated, what came late, what never came (RFC 3261 17, 13.3.1.4; RFC
 * 3262 3; RFC 4320).
 */
#include "reading.h"
#include "rules.h"

#include "silence.h"

enum { FIRST_FINAL = 200, FIRST_REFUSAL = 300, SOME_SENDS = 3 };

/* A request that crosses the response to it is no repeat because of its loss. */
static const int64_t crossing = SIPWHY_MILLISECONDS(200);
/* Twice T1: beyond it, a client on UDP has repeated its request, and a 100 was due long before. */
static const int64_t slow_response = SIPWHY_SECONDS(1);
/* What callers begin to complain of; RFC 6076 4.3 measures it, and sets no limit. */
static const int64_t slow_progress = SIPWHY_SECONDS(10);
/* Timers B, F and H, less the last gap of T2. */
static const int64_t given_up = SIPWHY_SECONDS(28);
static const int64_t transaction_time = SIPWHY_SECONDS(32);

static const char *transport_name(SipwhyTransport transport)
{
    static const char *const names[] = {
        [SIPWHY_TRANSPORT_UNKNOWN] = "UDP",  [SIPWHY_TRANSPORT_UDP] = "UDP",
        [SIPWHY_TRANSPORT_TCP] = "TCP",      [SIPWHY_TRANSPORT_TLS] = "TLS",
        [SIPWHY_TRANSPORT_SCTP] = "SCTP",    [SIPWHY_TRANSPORT_WS] = "WebSocket",
        [SIPWHY_TRANSPORT_WSS] = "WebSocket"};

    return names[transport < G_N_ELEMENTS(names) ? transport : 0];
}

static SipwhyFinding *add(GPtrArray *findings, SipwhyFindingId id, SipwhyWording wording)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, id);

    sipwhy_finding_word(finding, wording);
    return finding;
}

/* How often a message was sent, and in what time. */
static void set_sends(SipwhyFinding *finding, const SipwhySeen *seen)
{
    sipwhy_finding_set(finding, "count", "%u", seen->count);
    sipwhy_finding_set_duration(finding, "span", seen->last_time - seen->time);
    sipwhy_finding_prove(finding, seen->frame);
    sipwhy_finding_prove(finding, seen->last_frame);
}

/* A message that was sent before, as the one in seen->frame. */
static void add_repeat(GPtrArray *findings, const SipwhyEvent *event, const SipwhySeen *seen,
                       SipwhyFindingId id, SipwhyWording wording, const char *transport)
{
    SipwhyFinding *finding = add(findings, id, wording);

    sipwhy_finding_set_frame(finding, "first", seen->frame);
    sipwhy_finding_set_duration(finding, "delay", event->time - seen->time);
    sipwhy_finding_set(finding, "count", "%u", seen->count);
    sipwhy_finding_set(finding, "transport", "%s", transport);
}

/* ---- requests ---- */

static void add_silence(GPtrArray *findings, const SipwhyTransaction *one, SipwhyFindingId id,
                        SipwhyWording wording, int64_t left)
{
    SipwhyFinding *finding = add(findings, id, wording);

    set_sends(finding, &one->request);
    sipwhy_finding_set_method_of(finding, "method", one);
    sipwhy_finding_set(finding, "transport", "%s", transport_name(one->transport));
    sipwhy_finding_set_endpoint(finding, "server", &one->server);
    sipwhy_finding_set_duration(finding, "left", left);
}

/* A request over UDP that nobody answered: the repeats tell how long its client waited. */
static void judge_unanswered(const SipwhyTrace *trace, const SipwhyTransaction *one,
                             GPtrArray *findings)
{
    const SipwhySeen *request = &one->request;
    const int64_t left = sipwhy_trace_left(trace, request->last_time);
    const int64_t next = sipwhy_next_gap(one->method, request->count) + SIPWHY_SECONDS(4);
    const bool whole = sipwhy_trace_is_whole(trace);

    if (request->count >= SOME_SENDS && request->last_time - request->time >= given_up &&
        (whole || sipwhy_trace_left(trace, request->time) >= transaction_time))
        add_silence(findings, one, SIPWHY_FINDING_NEVER_ANSWERED,
                    one->invite ? SIPWHY_WORDING_NEVER_ANSWERED
                                : SIPWHY_WORDING_NEVER_ANSWERED_OTHER,
                    left);
    else if (request->count > 1 && left >= next)
        add_silence(findings, one, SIPWHY_FINDING_ANSWER_MISSING,
                    SIPWHY_WORDING_ANSWER_MISSING_STOPPED, left);
    else if (request->count >= SOME_SENDS && whole)
        add_silence(findings, one, SIPWHY_FINDING_ANSWER_MISSING, SIPWHY_WORDING_ANSWER_MISSING,
                    left);
}

static void find_unanswered(const SipwhyTrace *trace, const SipwhyTransaction *one,
                            GPtrArray *findings)
{
    const int64_t left = sipwhy_trace_left(trace, one->request.last_time);

    if (!sipwhy_is_silent(one) || one->unreachable != SIPWHY_REACHED ||
        sipwhy_unseen_answer_in(one) > 0)
        return;
    if (sipwhy_is_unreliable(one->transport))
        judge_unanswered(trace, one, findings);
    else if (left >= transaction_time)
        add_silence(findings, one, SIPWHY_FINDING_ANSWER_MISSING,
                    SIPWHY_WORDING_ANSWER_MISSING_STREAM, left);
}

/* The accepted INVITE whose missing ACK a callee's BYE is about; NULL: none. */
static const SipwhyTransaction *unacknowledged(const SipwhyTrace *trace,
                                               const SipwhyTransaction *bye)
{
    const SipwhyTransaction *one = bye->previous;

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->previous) {
        if (!one->invite || one->status < FIRST_FINAL || one->status >= FIRST_REFUSAL ||
            one->final_tag != bye->from_tag || one->from_tag != bye->to_tag ||
            !sipwhy_same_address(&one->server, &bye->client))
            continue;
        const SipwhyAck ack = sipwhy_judge_ack(trace, one);
        const int64_t gap = bye->request.time - one->final.last_time;
        if ((ack == SIPWHY_ACK_MISSING || ack == SIPWHY_ACK_UNHEARD) && gap >= 0 &&
            gap <= SIPWHY_SECONDS(5))
            return one;
    }
    return NULL;
}

static void find_in_request(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *one = subject->transaction;
    const SipwhyTransaction *invite;

    if (subject->event->method == SIPWHY_METHOD_ACK)
        return;
    if (subject->event->repeated) {
        const bool unreliable = sipwhy_is_unreliable(one->transport);
        add_repeat(findings, subject->event, &one->request, SIPWHY_FINDING_REQUEST_RETRANSMITTED,
                   unreliable ? SIPWHY_WORDING_REQUEST_RETRANSMITTED_REPEAT
                              : SIPWHY_WORDING_REQUEST_RETRANSMITTED_STREAM,
                   transport_name(one->transport));
        return;
    }
    find_unanswered(subject->trace, one, findings);
    if (one->method == SIPWHY_METHOD_BYE && (invite = unacknowledged(subject->trace, one))) {
        SipwhyFinding *finding = add(findings, SIPWHY_FINDING_DROPPED_FOR_LACK_OF_ACK,
                                     SIPWHY_WORDING_DROPPED_FOR_LACK_OF_ACK_BYE);
        set_sends(finding, &invite->final);
        sipwhy_finding_set_frame(finding, "final", invite->final.frame);
        sipwhy_finding_set(finding, "status", "%u", invite->status);
    }
}

/* ---- the first response, and requests that are repeated after it ---- */

static bool is_first_response(const SipwhyTransaction *one, const SipwhyEvent *event)
{
    if (event->repeated)
        return false;
    if (event->status >= FIRST_FINAL)
        return event->frame == one->final.frame && event->status == one->status &&
               (one->provisional_in == 0 || one->provisional_in > event->frame);
    return event->frame == one->provisional_in &&
           (one->final.frame == 0 || one->final.frame >= event->frame) &&
           (event->status == 100 || !one->invite || one->invite->trying.frame != event->frame);
}

static bool is_final(const SipwhyTransaction *one, const SipwhyEvent *event)
{
    return event->status >= FIRST_FINAL && event->frame == one->final.frame &&
           event->status == one->status && !event->repeated;
}

static void add_slow(GPtrArray *findings, const SipwhyTransaction *one, const SipwhyEvent *event,
                     SipwhyWording wording)
{
    SipwhyFinding *finding = add(findings, SIPWHY_FINDING_SLOW_ANSWER, wording);

    sipwhy_finding_set_duration(finding, "delay", event->time - one->request.time);
    sipwhy_finding_set_frame(finding, "request", one->request.frame);
    sipwhy_finding_set_method_of(finding, "method", one);
}

/* The wait for the first response. */
static void find_wait(const SipwhyTransaction *one, const SipwhyEvent *event, GPtrArray *findings)
{
    const int64_t delay = event->time - one->request.time;

    if (one->request.count > 1) {
        if (one->request.last_time > event->time || !sipwhy_is_unreliable(one->transport))
            return;
        SipwhyFinding *finding = add(findings, SIPWHY_FINDING_REQUEST_RETRANSMITTED,
                                     one->invite ? SIPWHY_WORDING_REQUEST_RETRANSMITTED
                                                 : SIPWHY_WORDING_REQUEST_RETRANSMITTED_OTHER);
        set_sends(finding, &one->request);
        sipwhy_finding_set_method_of(finding, "method", one);
        sipwhy_finding_set_duration(finding, "delay", delay);
    } else if (delay > slow_response && event->status != 408) {
        add_slow(findings, one, event,
                 one->invite ? SIPWHY_WORDING_SLOW_ANSWER : SIPWHY_WORDING_SLOW_ANSWER_OTHER);
    }
}

static bool is_expected_late(unsigned status)
{
    return status == 401 || status == 407 || status == 408 || status == 487;
}

/* The wait of a caller who hears nothing: until it rings, or until the call is refused. */
static void find_post_dial_delay(const SipwhyTransaction *one, const SipwhyEvent *event,
                                 GPtrArray *findings)
{
    if (!one->invite || one->to_tag != 0 || event->repeated ||
        event->time - one->request.time < slow_progress ||
        sipwhy_findings_have(findings, SIPWHY_FINDING_SLOW_ANSWER) ||
        sipwhy_findings_have(findings, SIPWHY_FINDING_REQUEST_RETRANSMITTED))
        return;
    if (event->status < FIRST_FINAL && event->frame == one->invite->progress.frame &&
        event->status == one->invite->progress_status)
        add_slow(findings, one, event, SIPWHY_WORDING_SLOW_ANSWER_RINGING);
    else if (is_final(one, event) && event->status >= FIRST_REFUSAL &&
             one->invite->progress.frame == 0 && !is_expected_late(event->status))
        add_slow(findings, one, event, SIPWHY_WORDING_SLOW_ANSWER_REFUSAL);
}

/* A request that is sent again though this response went to it. */
static void find_deafness(const SipwhyTransaction *one, const SipwhyEvent *event,
                          GPtrArray *findings)
{
    const int64_t delay = one->request.last_time - event->time;

    if (one->request.count < 2 || delay < crossing || !sipwhy_is_unreliable(one->transport))
        return;
    SipwhyFinding *finding = add(findings, SIPWHY_FINDING_REQUEST_RETRANSMITTED,
                                 SIPWHY_WORDING_REQUEST_RETRANSMITTED_AFTER);
    sipwhy_finding_set_frame(finding, "last", one->request.last_frame);
    sipwhy_finding_set_duration(finding, "delay", delay);
}

static void find_waits(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *one = subject->transaction;
    const SipwhyEvent *event = subject->event;
    const bool first = is_first_response(one, event);

    if (one->request.frame == 0)
        return;
    if (first)
        find_wait(one, event, findings);
    find_post_dial_delay(one, event, findings);
    if (is_final(one, event) ||
        (first && one->invite &&
         (one->final.frame == 0 || one->request.last_time < one->final.time + crossing)))
        find_deafness(one, event, findings);
}

/* ---- final responses, and their ACK ---- */

static void add_drop(const SipwhyTransaction *one, SipwhyWording wording, uint32_t ack,
                     const SipwhyTransaction *bye, GPtrArray *findings)
{
    SipwhyFinding *finding = add(findings, SIPWHY_FINDING_DROPPED_FOR_LACK_OF_ACK, wording);

    set_sends(finding, &one->final);
    sipwhy_finding_set_endpoint(finding, "server", &one->server);
    if (ack > 0)
        sipwhy_finding_set_frame(finding, "ack", ack);
    if (bye)
        sipwhy_finding_set_frame(finding, "bye", bye->request.frame);
}

/* Whether a proxy had the ACK of an accepted INVITE and did not pass it on: then its address, and
 * the two hops. */
static bool find_lost_hop(const SipwhyTransaction *one, const SipwhyTransaction **before,
                          const SipwhyTransaction **after)
{
    const bool acknowledged = one->invite->ack.frame > 0;

    *before = acknowledged ? one : sipwhy_transaction_received(one);
    *after = acknowledged ? sipwhy_transaction_forwarded(one) : one;
    return *before && *after && (*before)->invite && (*after)->invite &&
           (*before)->invite->ack.frame > 0 && (*after)->invite->ack.frame == 0 &&
           (*after)->status >= FIRST_FINAL && (*after)->status < FIRST_REFUSAL;
}

static void find_drop(const SipwhyTrace *trace, const SipwhyTransaction *one,
                      const SipwhyTransaction *bye, GPtrArray *findings)
{
    const SipwhyTransaction *before;
    const SipwhyTransaction *after;
    uint32_t ack;

    sipwhy_ack_time(trace, one, &ack);
    if (find_lost_hop(one, &before, &after)) {
        add_drop(one, SIPWHY_WORDING_DROPPED_FOR_LACK_OF_ACK_NOT_FORWARDED,
                 before->invite->ack.frame, bye, findings);
        SipwhyFinding *finding = findings->pdata[findings->len - 1];
        sipwhy_finding_set_endpoint(finding, "proxy", &before->server);
        sipwhy_finding_set_endpoint(finding, "server", &after->server);
    } else {
        add_drop(one,
                 ack > 0 ? SIPWHY_WORDING_DROPPED_FOR_LACK_OF_ACK_UNHEARD
                         : SIPWHY_WORDING_DROPPED_FOR_LACK_OF_ACK,
                 ack, bye, findings);
    }
}

static void add_unheard(const SipwhyTrace *trace, const SipwhyTransaction *one, GPtrArray *findings)
{
    SipwhyFinding *finding = add(findings, SIPWHY_FINDING_ACK_NOT_HEARD,
                                 one->status < FIRST_REFUSAL ? SIPWHY_WORDING_ACK_NOT_HEARD_SUCCESS
                                                             : SIPWHY_WORDING_ACK_NOT_HEARD);
    uint32_t ack;
    const int64_t time = sipwhy_ack_time(trace, one, &ack);

    sipwhy_finding_set_frame(finding, "ack", ack);
    sipwhy_finding_set_frame(finding, "last", one->final.last_frame);
    sipwhy_finding_set_duration(finding, "delay", one->final.last_time - time);
}

static void add_retransmitted(const SipwhyTransaction *one, SipwhyWording wording, uint32_t ack,
                              GPtrArray *findings)
{
    SipwhyFinding *finding = add(findings, SIPWHY_FINDING_RESPONSE_RETRANSMITTED, wording);

    set_sends(finding, &one->final);
    if (ack > 0)
        sipwhy_finding_set_frame(finding, "ack", ack);
}

static void find_missing(const SipwhyTransaction *one, GPtrArray *findings)
{
    const bool success = one->status < FIRST_REFUSAL;

    if (success && one->final.last_time - one->final.time >= given_up)
        add_drop(one, SIPWHY_WORDING_DROPPED_FOR_LACK_OF_ACK_GIVEN_UP, 0, NULL, findings);
    else
        set_sends(add(findings, SIPWHY_FINDING_ACK_MISSING,
                      success ? SIPWHY_WORDING_ACK_MISSING_SUCCESS : SIPWHY_WORDING_ACK_MISSING),
                  &one->final);
}

static void find_acknowledgement(const SipwhyTrace *trace, const SipwhyTransaction *one,
                                 GPtrArray *findings)
{
    const bool success = one->status < FIRST_REFUSAL;
    const SipwhyAck ack = sipwhy_judge_ack(trace, one);
    const SipwhyTransaction *bye = success ? sipwhy_bye_of_callee(one) : NULL;
    const bool dropped = bye && bye->request.time >= one->final.last_time &&
                         bye->request.time - one->final.last_time <= SIPWHY_SECONDS(5);

    if (ack == SIPWHY_ACK_LATE)
        add_retransmitted(one,
                          success ? SIPWHY_WORDING_RESPONSE_RETRANSMITTED_SUCCESS
                                  : SIPWHY_WORDING_RESPONSE_RETRANSMITTED,
                          one->invite->ack.last_frame, findings);
    else if (ack == SIPWHY_ACK_STOPPED)
        add_retransmitted(one, SIPWHY_WORDING_RESPONSE_RETRANSMITTED_STOPPED, 0, findings);
    else if ((ack == SIPWHY_ACK_MISSING || ack == SIPWHY_ACK_UNHEARD) && dropped)
        find_drop(trace, one, bye, findings);
    else if (ack == SIPWHY_ACK_UNHEARD)
        add_unheard(trace, one, findings);
    else if (ack == SIPWHY_ACK_MISSING)
        find_missing(one, findings);
}

/* ---- reliable provisional responses, and their PRACK ---- */

static const SipwhyTransaction *find_prack(const SipwhyTransaction *invite)
{
    const SipwhyTransaction *next = invite->next;

    for (unsigned i = 0; next && i < SIPWHY_LOOK_MOST; i++, next = next->next)
        if (next->method == SIPWHY_METHOD_PRACK && next->from_tag == invite->from_tag &&
            next->request.frame > 0 && next->request.time >= invite->invite->reliable.time)
            return next;
    return NULL;
}

/* Whether no PRACK came: the response is repeated for 32 s, until the INVITE fails for it, or until
 * the capture ends (RFC 3262 3). */
static bool lacks_prack(const SipwhyTrace *trace, const SipwhyTransaction *one)
{
    const SipwhySeen *seen = &one->invite->reliable;
    const int64_t span = seen->last_time - seen->time;
    const int64_t next = span + SIPWHY_SECONDS(4); /* the gaps double: the next is as long as all */

    if (span >= given_up)
        return true;
    if (seen->count <= SOME_SENDS)
        return false;
    if (one->final.frame > 0)
        return one->status >= 500 && one->status < 600 && one->final.time - seen->last_time < next;
    return sipwhy_trace_is_whole(trace) && sipwhy_trace_left(trace, seen->last_time) < next;
}

/* One PRACK may cross a repeat, or be lost once; these are more. */
static bool is_prack_unheard(const SipwhyTransaction *one, const SipwhyTransaction *prack)
{
    const bool accepted = prack->status >= FIRST_FINAL && prack->status < FIRST_REFUSAL;

    return !accepted && one->invite->reliable.count >= SOME_SENDS &&
           one->invite->reliable.last_time - prack->request.time >= SIPWHY_MILLISECONDS(1400);
}

/* A refusal for lack of PRACK (RFC 3262 3). */
static bool is_refused_for_prack(const SipwhyTrace *trace, const SipwhyTransaction *one)
{
    const SipwhySeen *seen = &one->invite->reliable;
    const SipwhyTransaction *prack = find_prack(one);

    return seen->count > SOME_SENDS && one->status >= 500 && one->status < 600 &&
           one->final.time >= seen->last_time &&
           (prack ? is_prack_unheard(one, prack) : lacks_prack(trace, one));
}

static SipwhyFinding *add_prack(const SipwhyTransaction *one, SipwhyFindingId id,
                                SipwhyWording wording, GPtrArray *findings)
{
    const SipwhySeen *seen = &one->invite->reliable;
    SipwhyFinding *finding = add(findings, id, wording);

    set_sends(finding, seen);
    sipwhy_finding_set(finding, "rseq", "%u", one->invite->reliable_rseq);
    sipwhy_finding_set(finding, "reliable", "%u", seen->frame);
    sipwhy_finding_set(finding, "last", "%u", seen->last_frame);
    return finding;
}

static void find_reliable(const SipwhyTrace *trace, const SipwhyTransaction *one,
                          GPtrArray *findings)
{
    const SipwhySeen *seen = &one->invite->reliable;
    const SipwhyTransaction *prack = find_prack(one);
    SipwhyFinding *finding;

    if (!prack) {
        if (lacks_prack(trace, one))
            add_prack(one, SIPWHY_FINDING_PRACK_MISSING, SIPWHY_WORDING_PRACK_MISSING, findings);
        return;
    }
    const int64_t after = seen->last_time - prack->request.time;
    if (is_prack_unheard(one, prack))
        finding = add_prack(one, SIPWHY_FINDING_PRACK_MISSING, SIPWHY_WORDING_PRACK_MISSING_UNHEARD,
                            findings);
    else
        finding = add_prack(one, SIPWHY_FINDING_RESPONSE_RETRANSMITTED,
                            SIPWHY_WORDING_RESPONSE_RETRANSMITTED_RELIABLE, findings);
    sipwhy_finding_set_frame(finding, "prack", prack->request.frame);
    sipwhy_finding_set_duration(finding, "delay", after);
}

/* Whether an event repeats the reliable response that the trace follows. */
static bool repeats_reliable(const SipwhySubject *subject)
{
    const SipwhyInvite *invite = subject->transaction->invite;
    unsigned rseq;

    return subject->event->repeated && invite->reliable.count > 1 && subject->message &&
           subject->event->frame > invite->reliable.frame &&
           sipwhy_message_number(subject->message, SIPWHY_HEADER_RSEQ, &rseq) &&
           rseq == invite->reliable_rseq;
}

/* ---- responses ---- */

static void find_in_invite_response(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *one = subject->transaction;
    const SipwhyEvent *event = subject->event;
    const SipwhySeen *reliable = &one->invite->reliable;

    if (event->status > 100 && event->status < FIRST_FINAL && reliable->count > 1 &&
        event->frame == reliable->frame)
        find_reliable(subject->trace, one, findings);
    else if (event->status > 100 && event->status < FIRST_FINAL && repeats_reliable(subject))
        add_repeat(findings, event, reliable, SIPWHY_FINDING_RESPONSE_RETRANSMITTED,
                   SIPWHY_WORDING_RESPONSE_RETRANSMITTED_REPEAT, "");
    if (!is_final(one, event))
        return;
    find_acknowledgement(subject->trace, one, findings);
    if (is_refused_for_prack(subject->trace, one))
        add_prack(one, SIPWHY_FINDING_PRACK_MISSING, SIPWHY_WORDING_PRACK_MISSING_REFUSAL,
                  findings);
}

static void find_in_response(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *one = subject->transaction;
    const SipwhyEvent *event = subject->event;

    find_waits(subject, findings);
    if (one->invite)
        find_in_invite_response(subject, findings);
    if (event->status >= FIRST_FINAL && event->repeated && event->status == one->status)
        add_repeat(findings, event, &one->final, SIPWHY_FINDING_RESPONSE_RETRANSMITTED,
                   SIPWHY_WORDING_RESPONSE_RETRANSMITTED_REPEAT, "");
}

void sipwhy_rule_timers(const SipwhySubject *subject, GPtrArray *findings)
{
    if (!subject->transaction || subject->event->quoted || subject->event->copy)
        return;
    if (subject->event->status == 0)
        find_in_request(subject, findings);
    else
        find_in_response(subject, findings);
}
