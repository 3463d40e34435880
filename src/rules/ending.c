/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How an INVITE came to its end: who cancelled it, and whether the CANCEL came in time (RFC 3261 9,
 * 15).
 */
#include "ending.h"

#include "near.h"

enum {
    REFUSAL = 300,
    REQUEST_TERMINATED = 487,
    DOES_NOT_EXIST = 481,
    REQUEST_PENDING = 491,
    FOR_ALL = 600,
    HOPS_MOST = 16,
    NORMAL_CLEARING = 16, /* Q.850 */
};

static const int64_t disorder =
    (int64_t)100 * 1000; /* packets of a file may be so much out of order */
static const int64_t crossing = (int64_t)4 * G_USEC_PER_SEC; /* T2: messages that are further apart
                                                       did not cross */

const SipwhyTransaction *sipwhy_cancelled_invite(const SipwhyTransaction *cancel)
{
    SipwhyNear near = sipwhy_near(cancel);
    const SipwhyTransaction *one;

    while ((one = sipwhy_near_next(&near)))
        if (one->invite && one->invite->cancel == cancel)
            return one;
    return NULL;
}

static bool is_before(const SipwhySeen *one, const SipwhySeen *other)
{
    return one->frame > 0 && one->time <= other->time;
}

/* The CANCEL of an INVITE; NULL unless it was seen being sent. */
static const SipwhyTransaction *seen_cancel(const SipwhyTransaction *invite)
{
    const SipwhyTransaction *cancel = invite->invite->cancel;

    return cancel && cancel->request.frame > 0 ? cancel : NULL;
}

/* Another branch into which the same proxy had forked the INVITE, and which had a final response
 * between `least` and `most` when the CANCEL was sent (RFC 3261 16.7). */
static const SipwhyTransaction *find_branch(const SipwhyTransaction *invite, unsigned least,
                                            unsigned most)
{
    const SipwhyTransaction *cancel = seen_cancel(invite);
    SipwhyNear near = sipwhy_near(invite);
    const SipwhyTransaction *one;

    while ((one = sipwhy_near_next(&near)))
        if (one != invite && sipwhy_same_request(one, invite) && one->vias == invite->vias &&
            sipwhy_same_address(&one->client, &invite->client) && one->status >= least &&
            one->status <= most && is_before(&one->final, &cancel->request))
            return one;
    return NULL;
}

/* Where a CANCEL began: the hop nearest to the caller on which the INVITE was cancelled. */
static const SipwhyTransaction *find_origin(const SipwhyTransaction *invite)
{
    const SipwhyTransaction *origin = invite;

    for (unsigned i = 0; i < HOPS_MOST; i++) {
        const SipwhyTransaction *received = sipwhy_transaction_received(origin);
        if (!received || !received->invite || !seen_cancel(received) ||
            seen_cancel(received)->request.time > seen_cancel(origin)->request.time + disorder)
            break;
        origin = received;
    }
    return origin;
}

/* What the Reason header of a CANCEL says (RFC 3326). */
typedef struct {
    SipwhySlice text;
    bool given;
    bool elsewhere; /* another branch has answered */
    bool ordinary;  /* says no more than that the caller hung up */
} Reason;

static Reason read_reason(const SipwhyTransaction *cancel)
{
    Reason reason = {0};
    SipwhyMessage request;
    SipwhySlice value;
    SipwhySlice rest = {0};
    SipwhySlice cause;
    size_t position = 0;
    unsigned number = 0;

    if (!sipwhy_kept_message(cancel->kept_request, &request) ||
        !sipwhy_message_next_value(&request, SIPWHY_HEADER_REASON, &position, &rest, &value))
        return reason;
    const bool is_sip = value.length > 3 && g_ascii_strncasecmp(value.data, "SIP", 3) == 0;
    if (sipwhy_slice_parameter(value, "cause", &cause))
        sipwhy_slice_number(cause, &number);
    reason.given = true;
    if (!sipwhy_slice_parameter(value, "text", &reason.text) || reason.text.length == 0)
        reason.text = value;
    reason.elsewhere = (is_sip && number == 200) || sipwhy_slice_contains(value, "elsewhere");
    reason.ordinary = number == (is_sip ? REQUEST_TERMINATED : NORMAL_CLEARING);
    return reason;
}

static SipwhyFinding *add_cancelled(GPtrArray *findings, SipwhyFindingId id,
                                    const SipwhyTransaction *invite,
                                    const SipwhyTransaction *cancel)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, id);

    sipwhy_finding_set(finding, "invite", "%u", invite->request.frame);
    sipwhy_finding_set(finding, "cancel", "%u", cancel->request.frame);
    sipwhy_finding_set_duration(finding, "duration", cancel->request.time - invite->request.time);
    sipwhy_finding_prove(finding, invite->request.frame);
    sipwhy_finding_prove(finding, cancel->request.frame);
    return finding;
}

static void add_elsewhere(const SipwhyTransaction *invite, const Reason *reason,
                          const SipwhyTransaction *answered, GPtrArray *findings)
{
    SipwhyFinding *finding =
        add_cancelled(findings, SIPWHY_FINDING_ANSWERED_ELSEWHERE, invite, seen_cancel(invite));

    if (reason->elsewhere)
        sipwhy_finding_set_slice(finding, "reason", reason->text);
    if (!answered)
        return;
    sipwhy_finding_word(finding, reason->elsewhere ? SIPWHY_WORDING_ANSWERED_ELSEWHERE_SEEN
                                                   : SIPWHY_WORDING_ANSWERED_ELSEWHERE_NO_REASON);
    sipwhy_finding_set(finding, "answer", "%u", answered->final.frame);
    sipwhy_finding_prove(finding, answered->final.frame);
}

static void add_refused_for_all(const SipwhyTransaction *invite, const SipwhyTransaction *refused,
                                GPtrArray *findings)
{
    SipwhyFinding *finding =
        add_cancelled(findings, SIPWHY_FINDING_CANCELLED_BY_PROXY, invite, seen_cancel(invite));

    sipwhy_finding_word(finding, SIPWHY_WORDING_CANCELLED_BY_PROXY_REFUSED);
    sipwhy_finding_set(finding, "status", "%u", refused->status);
    sipwhy_finding_set(finding, "final", "%u", refused->final.frame);
    sipwhy_finding_prove(finding, refused->final.frame);
}

static void add_by_proxy(const SipwhyTransaction *origin, const SipwhyTransaction *received,
                         GPtrArray *findings)
{
    SipwhyFinding *finding =
        add_cancelled(findings, SIPWHY_FINDING_CANCELLED_BY_PROXY, origin, seen_cancel(origin));

    sipwhy_finding_set(finding, "received", "%u", received->request.frame);
    sipwhy_finding_prove(finding, received->request.frame);
}

static void add_by_caller(const SipwhyTransaction *invite, const SipwhyTransaction *origin,
                          const Reason *reason, GPtrArray *findings)
{
    SipwhyFinding *finding =
        add_cancelled(findings, SIPWHY_FINDING_CANCELLED_BY_CALLER, invite, seen_cancel(invite));

    sipwhy_finding_prove(finding, seen_cancel(origin)->request.frame);
    if (reason->given && !reason->ordinary) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_CANCELLED_BY_CALLER_REASON);
        sipwhy_finding_set_slice(finding, "reason", reason->text);
    } else if (origin->vias > 1) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_CANCELLED_BY_CALLER_UPSTREAM);
    } else if (invite->invite->progress.frame == 0) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_CANCELLED_BY_CALLER_QUIET);
    } else {
        sipwhy_finding_set(finding, "progress", "%u", invite->invite->progress.frame);
        sipwhy_finding_prove(finding, invite->invite->progress.frame);
    }
}

bool sipwhy_ending_is_decided(const SipwhyTransaction *invite)
{
    if (!invite->invite || !seen_cancel(invite))
        return false;
    const SipwhyTransaction *origin = find_origin(invite);
    return read_reason(seen_cancel(invite)).elsewhere || find_branch(origin, 200, 299) ||
           find_branch(origin, FOR_ALL, 699);
}

/* Timeouts that were found say who gave up, and why. */
static bool is_explained(const GPtrArray *findings)
{
    return sipwhy_findings_have(findings, SIPWHY_FINDING_RINGING_TIMED_OUT) ||
           sipwhy_findings_have(findings, SIPWHY_FINDING_ONLY_TRYING);
}

/* A 487 behind a CANCEL on this hop. */
static void explain_cancelled(const SipwhyTransaction *invite, GPtrArray *findings)
{
    const SipwhyTransaction *origin = find_origin(invite);
    const SipwhyTransaction *received = sipwhy_transaction_received(origin);
    const SipwhyTransaction *answered = find_branch(origin, 200, 299);
    const SipwhyTransaction *refused = find_branch(origin, FOR_ALL, 699);
    const Reason reason = read_reason(seen_cancel(invite));

    if (reason.elsewhere || answered)
        add_elsewhere(invite, &reason, answered, findings);
    else if (refused)
        add_refused_for_all(invite, refused, findings);
    else if (received && received->request.frame > 0)
        add_by_proxy(origin, received, findings);
    else
        add_by_caller(invite, origin, &reason, findings);
}

/* The first BYE of the call between two times; `from` is the tag of its sender, 0: either side. */
static const SipwhyTransaction *find_bye(const SipwhyTransaction *invite, uint32_t from,
                                         int64_t after, int64_t before)
{
    SipwhyNear near = sipwhy_near(invite);
    const SipwhyTransaction *one;

    while ((one = sipwhy_near_next(&near)))
        if (one->method == SIPWHY_METHOD_BYE && one->request.frame > 0 &&
            (from == 0 || one->from_tag == from) && one->request.time >= after &&
            one->request.time <= before)
            return one;
    return NULL;
}

/* A hop further on which the proxy cancelled the INVITE. */
static const SipwhyTransaction *find_cancelled_further(const SipwhyTransaction *invite)
{
    SipwhyNear near = sipwhy_near(invite);
    const SipwhyTransaction *one;

    while ((one = sipwhy_near_next(&near)))
        if (sipwhy_same_request(one, invite) && one->vias == invite->vias + 1 &&
            sipwhy_same_address(&one->client, &invite->server) &&
            one->status == REQUEST_TERMINATED && seen_cancel(one) &&
            one->final.time <= invite->final.time + disorder)
            return one;
    return NULL;
}

/* A CANCEL for the same INVITE that does not belong to this hop, as far as one can see. */
static bool is_cancelled_somewhere(const SipwhyTransaction *invite)
{
    SipwhyNear near = sipwhy_near(invite);
    const SipwhyTransaction *one;

    while ((one = sipwhy_near_next(&near)))
        if (one->method == SIPWHY_METHOD_CANCEL && one->cseq == invite->cseq &&
            one->from_tag == invite->from_tag)
            return true;
    return false;
}

/* The Expires of an INVITE, if that time was over when the final response came (RFC 3261 13.3.1).
 */
static bool has_expired(const SipwhyTransaction *invite, unsigned *seconds)
{
    SipwhyMessage request;

    return sipwhy_kept_message(invite->kept_request, &request) &&
           sipwhy_message_number(&request, SIPWHY_HEADER_EXPIRES, seconds) &&
           invite->final.time - invite->request.time + disorder >=
               (int64_t)*seconds * G_USEC_PER_SEC;
}

/* A 487 without a CANCEL on this hop. */
static void explain_uncancelled(const SipwhyTransaction *invite, GPtrArray *findings)
{
    const SipwhyTransaction *bye =
        find_bye(invite, invite->from_tag, invite->request.time, invite->final.time);
    const SipwhyTransaction *further = find_cancelled_further(invite);
    unsigned expires = 0;

    if (!further && is_cancelled_somewhere(invite))
        return;
    SipwhyFinding *finding =
        sipwhy_findings_add(findings, SIPWHY_FINDING_TERMINATED_WITHOUT_CANCEL);
    sipwhy_finding_set(finding, "invite", "%u", invite->request.frame);
    sipwhy_finding_prove(finding, invite->request.frame);
    if (further) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_TERMINATED_WITHOUT_CANCEL_NEXT_HOP);
        sipwhy_finding_set(finding, "cancel", "%u", seen_cancel(further)->request.frame);
        sipwhy_finding_prove(finding, seen_cancel(further)->request.frame);
    } else if (bye) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_TERMINATED_WITHOUT_CANCEL_BYE);
        sipwhy_finding_set(finding, "bye", "%u", bye->request.frame);
        sipwhy_finding_prove(finding, bye->request.frame);
    } else if (has_expired(invite, &expires)) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_TERMINATED_WITHOUT_CANCEL_EXPIRES);
        sipwhy_finding_set(finding, "expires", "%u", expires);
        sipwhy_finding_set_duration(finding, "duration", invite->final.time - invite->request.time);
    }
}

static void explain_terminated(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *invite = subject->transaction;
    const SipwhyTransaction *cancel = seen_cancel(invite);

    if (is_explained(findings))
        return;
    if (cancel && cancel->request.time <= invite->final.time + disorder)
        explain_cancelled(invite, findings);
    else if (sipwhy_trace_is_whole(subject->trace) ||
             sipwhy_trace_end(subject->trace) > invite->final.time + disorder)
        explain_uncancelled(invite, findings);
}

/* An INVITE that was answered and cancelled (RFC 3261 9.1, 15). */
static void explain_crossing(const SipwhySubject *subject, const SipwhyTransaction *invite,
                             GPtrArray *findings)
{
    const SipwhyTransaction *cancel = seen_cancel(invite);
    const SipwhySeen *ack = &invite->invite->ack;

    if (!cancel || cancel->request.time < invite->final.time - crossing)
        return;
    const SipwhyTransaction *bye =
        find_bye(invite, 0, invite->final.time, sipwhy_trace_end(subject->trace));
    SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_CANCEL_CROSSED_ANSWER);
    sipwhy_finding_set(finding, "answer", "%u", invite->final.frame);
    sipwhy_finding_set(finding, "cancel", "%u", cancel->request.frame);
    sipwhy_finding_prove(finding, cancel->request.frame);
    sipwhy_finding_prove(finding, invite->final.frame);
    if (is_before(ack, &cancel->request)) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_CANCEL_CROSSED_ANSWER_ACKNOWLEDGED);
        sipwhy_finding_set(finding, "ack", "%u", ack->frame);
        sipwhy_finding_prove(finding, ack->frame);
    } else if (bye) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_CANCEL_CROSSED_ANSWER_BYE);
        sipwhy_finding_set(finding, "bye", "%u", bye->request.frame);
        sipwhy_finding_prove(finding, bye->request.frame);
    }
}

/* A CANCEL before any response to its INVITE (RFC 3261 9.1). Its own response shows that those of
 * the server are in the capture. */
static void explain_too_early(const SipwhySubject *subject, const SipwhyTransaction *invite,
                              GPtrArray *findings)
{
    const SipwhyTransaction *cancel = subject->transaction;
    const uint32_t provisional = invite->provisional_in;
    const uint32_t next = provisional ? provisional : invite->final.frame;

    if (invite->request.frame == 0 || cancel->request.time < invite->request.time ||
        (provisional > 0 && provisional <= cancel->request.frame) ||
        is_before(&invite->final, &cancel->request))
        return;
    SipwhyFinding *finding =
        add_cancelled(findings, SIPWHY_FINDING_CANCEL_TOO_EARLY, invite, cancel);
    if (cancel->status != DOES_NOT_EXIST || next == 0 || invite->status == REQUEST_TERMINATED)
        return;
    sipwhy_finding_word(finding, SIPWHY_WORDING_CANCEL_TOO_EARLY_WENT_ON);
    sipwhy_finding_set(finding, "next", "%u", next);
    sipwhy_finding_prove(finding, next);
}

static void explain_cancel(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *invite = sipwhy_cancelled_invite(subject->transaction);

    if (!invite)
        return;
    if (invite->status >= 200 && invite->status < REFUSAL)
        explain_crossing(subject, invite, findings);
    explain_too_early(subject, invite, findings);
}

void sipwhy_rule_ending(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;
    const unsigned status = subject->event->status;

    if (!transaction || status == 0 || status != transaction->status ||
        transaction->request.frame == 0)
        return;
    if (transaction->method == SIPWHY_METHOD_CANCEL)
        explain_cancel(subject, findings);
    else if (transaction->invite && status == REQUEST_TERMINATED)
        explain_terminated(subject, findings);
    else if (transaction->invite && status < REFUSAL)
        explain_crossing(subject, transaction, findings);
    if (status == DOES_NOT_EXIST)
        sipwhy_ending_unknown(subject, findings);
    else if (status == REQUEST_PENDING)
        sipwhy_ending_glare(subject, findings);
}
