/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules: capture. What a reader must know of the capture itself before believing what it lacks.
 */
#include "reading.h"
#include "rules.h"
#include "silence.h"

enum { FIRST_FINAL = 200, FIRST_REFUSAL = 300 };

static const int64_t transaction_time = SIPWHY_SECONDS(32); /* Timers B, F (RFC 3261 17.1) */
static const int64_t ringing_time = SIPWHY_SECONDS(175);    /* about Timer C (RFC 3261 16.6) */
static const int64_t quiet_time = SIPWHY_SECONDS(8);        /* a repeat over UDP would have come */

static SipwhyFinding *add(GPtrArray *findings, SipwhyFindingId id, SipwhyWording wording)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, id);

    sipwhy_finding_word(finding, wording);
    return finding;
}

/* ---- one message ---- */

static unsigned length_of(size_t bytes)
{
    return (unsigned)MIN(bytes, G_MAXUINT);
}

static void find_cut(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyMessage *message = subject->message;
    unsigned length;
    SipwhyFinding *finding;

    if (!subject->event->cut || !message)
        return;
    if (sipwhy_message_number(message, SIPWHY_HEADER_CONTENT_LENGTH, &length) &&
        message->body.data && length > message->body.length) {
        finding = add(findings, SIPWHY_FINDING_MESSAGE_CUT, SIPWHY_WORDING_MESSAGE_CUT_BODY);
        sipwhy_finding_set(finding, "length", "%u", length);
        sipwhy_finding_set(finding, "present", "%u", length_of(message->body.length));
        sipwhy_finding_set(finding, "missing", "%u", length - length_of(message->body.length));
    } else {
        finding = add(findings, SIPWHY_FINDING_MESSAGE_CUT, SIPWHY_WORDING_MESSAGE_CUT);
        sipwhy_finding_set(finding, "bytes", "%u", length_of(message->length));
    }
}

/* ---- requests ---- */

/* Whether a request was sent once, and never again although nothing answered it. One that comes
 * soon after the capture began may be the last of several. */
static bool is_never_repeated(const SipwhyTrace *trace, const SipwhyTransaction *one)
{
    const SipwhyEvent *first = sipwhy_trace_event_at(trace, 0);
    const int64_t lead = first ? one->request.time - first->time : 0;

    return one->request.count == 1 && sipwhy_is_unreliable(one->transport) &&
           lead > sipwhy_next_gap(one->method, G_MAXUINT32) &&
           sipwhy_trace_left(trace, one->request.last_time) >= quiet_time &&
           !sipwhy_ended_upstream(one);
}

static void find_hidden_answer(const SipwhyTrace *trace, const SipwhyTransaction *one,
                               GPtrArray *findings)
{
    const int64_t left = sipwhy_trace_left(trace, one->request.last_time);
    const uint32_t proof = sipwhy_unseen_answer_in(one);
    SipwhyFinding *finding;

    if (proof > 0) {
        const bool acknowledged = one->invite && (one->invite->ack.frame == proof ||
                                                  one->invite->ack_elsewhere_in == proof);
        finding = add(findings, SIPWHY_FINDING_ONE_WAY_CAPTURE,
                      acknowledged ? SIPWHY_WORDING_ONE_WAY_CAPTURE
                                   : SIPWHY_WORDING_ONE_WAY_CAPTURE_NEXT);
        sipwhy_finding_set_frame(finding, "proof", proof);
    } else if (is_never_repeated(trace, one)) {
        finding = add(findings, SIPWHY_FINDING_ONE_WAY_CAPTURE,
                      SIPWHY_WORDING_ONE_WAY_CAPTURE_NOT_REPEATED);
        sipwhy_finding_set_duration(finding, "left", left);
        sipwhy_finding_set_endpoint(finding, "server", &one->server);
    }
}

/* A request without any response, near the end of the capture. */
static void find_early_end(const SipwhyTrace *trace, const SipwhyTransaction *one,
                           GPtrArray *findings)
{
    const int64_t left = sipwhy_trace_left(trace, one->request.last_time);
    const bool unreliable = sipwhy_is_unreliable(one->transport);
    const int64_t most = unreliable
                             ? sipwhy_next_gap(one->method, one->request.count) + SIPWHY_SECONDS(4)
                             : transaction_time;

    if (!sipwhy_trace_is_whole(trace) || left >= most || one->request.count > 2)
        return;
    SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_CAPTURE_ENDS_EARLY);
    sipwhy_finding_set_duration(finding, "left", left);
    sipwhy_finding_set_method_of(finding, "method", one);
}

static void find_in_request(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *one = subject->transaction;

    if (subject->event->method == SIPWHY_METHOD_ACK || subject->event->repeated ||
        !sipwhy_is_silent(one) || one->unreachable != SIPWHY_REACHED)
        return;
    find_hidden_answer(subject->trace, one, findings);
    if (!sipwhy_findings_have(findings, SIPWHY_FINDING_ONE_WAY_CAPTURE))
        find_early_end(subject->trace, one, findings);
}

/* ---- responses ---- */

static void find_missing_request(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyEvent *first = sipwhy_trace_event_at(subject->trace, 0);
    const int64_t lead = first ? subject->event->time - first->time : 0;
    const bool late = lead < (subject->transaction->invite ? ringing_time : transaction_time);
    SipwhyFinding *finding;

    if (subject->transaction->request.frame > 0)
        return;
    if (subject->call->request_count == 0 && subject->call->message_count > 1) {
        finding =
            add(findings, SIPWHY_FINDING_ONE_WAY_CAPTURE, SIPWHY_WORDING_ONE_WAY_CAPTURE_RESPONSES);
        sipwhy_finding_set(finding, "count", "%u", subject->call->message_count);
        sipwhy_finding_prove(finding, subject->call->first_frame);
        sipwhy_finding_prove(finding, subject->call->last_frame);
        return;
    }
    finding = add(findings, SIPWHY_FINDING_REQUEST_NOT_CAPTURED,
                  late ? SIPWHY_WORDING_REQUEST_NOT_CAPTURED_BEGAN_LATE
                       : SIPWHY_WORDING_REQUEST_NOT_CAPTURED);
    sipwhy_finding_set_duration(finding, "lead", lead);
}

/* A later request of the same client to the same server, which shows that this direction was
 * captured; 0: none. */
static uint32_t next_request(const SipwhyTransaction *one)
{
    const SipwhyTransaction *next = one->next;

    for (unsigned i = 0; next && i < SIPWHY_LOOK_MOST; i++, next = next->next)
        if (next->request.frame > 0 && next->request.time > one->final.last_time &&
            sipwhy_same_address(&next->client, &one->client) &&
            sipwhy_same_address(&next->server, &one->server) && next->from_tag == one->from_tag)
            return next->request.frame;
    return 0;
}

static void find_missing_ack(const SipwhyTrace *trace, const SipwhyTransaction *one,
                             GPtrArray *findings)
{
    const SipwhyAck ack = sipwhy_judge_ack(trace, one);
    const int64_t left = sipwhy_trace_left(trace, one->final.last_time);
    const uint32_t next = next_request(one);
    SipwhyFinding *finding;

    if ((ack == SIPWHY_ACK_QUIET || ack == SIPWHY_ACK_PENDING) && next > 0) {
        finding = add(findings, SIPWHY_FINDING_ACK_NOT_CAPTURED, SIPWHY_WORDING_ACK_NOT_CAPTURED);
        sipwhy_finding_set_frame(finding, "next", next);
    } else if (ack == SIPWHY_ACK_QUIET &&
               (one->status < FIRST_REFUSAL || sipwhy_is_unreliable(one->transport))) {
        finding =
            add(findings, SIPWHY_FINDING_ACK_NOT_CAPTURED, SIPWHY_WORDING_ACK_NOT_CAPTURED_QUIET);
        sipwhy_finding_set_duration(finding, "left", left);
    } else if (ack == SIPWHY_ACK_PENDING) {
        finding =
            add(findings, SIPWHY_FINDING_CAPTURE_ENDS_EARLY, SIPWHY_WORDING_CAPTURE_ENDS_EARLY_ACK);
        sipwhy_finding_set_duration(finding, "left", left);
    }
}

/* A transaction whose last word is provisional, near the end of the capture. */
static void find_open_end(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *one = subject->transaction;
    const SipwhyInvite *invite = one->invite;
    const int64_t left = sipwhy_trace_left(subject->trace, subject->event->time);
    const bool progress = invite && invite->progress.frame > 0;
    uint32_t last = one->provisional_in;

    if (invite)
        last = progress ? invite->last_provisional_in : invite->trying.last_frame;
    if (!sipwhy_trace_is_whole(subject->trace) || one->final.frame > 0 ||
        subject->event->frame != last || (progress && subject->event->status == 100) ||
        left >= (progress ? ringing_time : transaction_time))
        return;
    if (invite && (invite->ack.frame > 0 || invite->ack_elsewhere_in > 0 || invite->cancel ||
                   sipwhy_ended_upstream(one)))
        return;
    sipwhy_finding_set_duration(add(findings, SIPWHY_FINDING_CAPTURE_ENDS_EARLY,
                                    SIPWHY_WORDING_CAPTURE_ENDS_EARLY_PROVISIONAL),
                                "left", left);
}

static void find_in_response(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *one = subject->transaction;
    const SipwhyEvent *event = subject->event;

    if (event->repeated && event->status >= FIRST_FINAL)
        return;
    find_missing_request(subject, findings);
    if (event->status < FIRST_FINAL)
        find_open_end(subject, findings);
    else if (one->invite && one->request.frame > 0 && event->frame == one->final.frame &&
             event->status == one->status)
        find_missing_ack(subject->trace, one, findings);
}

/* Two provisional responses in a trice may be those of two phones, two ACKs those to two of them,
 * or on two hops of one host. */
static bool is_captured_twice(const SipwhyEvent *event)
{
    return event->copy &&
           (event->status == 0 ? event->method != SIPWHY_METHOD_ACK : event->status >= FIRST_FINAL);
}

void sipwhy_rule_capture(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyEvent *event = subject->event;

    if (event->quoted)
        add(findings, SIPWHY_FINDING_QUOTED_BY_ICMP,
            event->status == 0 ? SIPWHY_WORDING_QUOTED_BY_ICMP_REQUEST
                               : SIPWHY_WORDING_QUOTED_BY_ICMP);
    else
        find_cut(subject, findings);
    if (event->quoted || !subject->transaction)
        return;
    if (is_captured_twice(event))
        sipwhy_findings_add(findings, SIPWHY_FINDING_CAPTURED_TWICE);
    if (event->copy)
        return;
    if (event->status == 0)
        find_in_request(subject, findings);
    else
        find_in_response(subject, findings);
}
