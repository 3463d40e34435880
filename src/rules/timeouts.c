/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Timeouts that somebody reports or acts on: 408, the CANCEL of a proxy, calls without an end.
 */
#include "ending.h"
#include "reading.h"
#include "silence.h"

enum { FIRST_FINAL = 200, FIRST_REFUSAL = 300, TIMED_OUT = 408 };

/* Timer B, 64*T1, as it is met on the wire: a look-up or a first target may come before it. */
static const int64_t timer_b_least = SIPWHY_SECONDS(30);
static const int64_t timer_b_most = SIPWHY_SECONDS(36);
/* Timer C is more than 3 minutes (RFC 3261 16.6); some proxies count from their own forwarding. */
static const int64_t timer_c = SIPWHY_SECONDS(175);
static const int64_t at_once = SIPWHY_SECONDS(1);
static const int64_t patience = SIPWHY_SECONDS(5);
static const int64_t transaction_time = SIPWHY_SECONDS(32);

/* A finding about the time from an INVITE to its end. */
static SipwhyFinding *add(GPtrArray *findings, SipwhyFindingId id, SipwhyWording wording,
                          const SipwhyTransaction *one, int64_t until)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, id);

    sipwhy_finding_word(finding, wording);
    sipwhy_finding_set_frame(finding, "request", one->request.frame);
    sipwhy_finding_set_method_of(finding, "method", one);
    sipwhy_finding_set_duration(finding, "waited", until - one->request.time);
    sipwhy_finding_set_endpoint(finding, "server", &one->server);
    return finding;
}

/* ---- proxies that give up ringing ---- */

/* The two hops of a proxy that cancelled by itself: without a CANCEL from before it, and not
 * because another branch won or ended the search. */
static bool find_proxy_cancel(const SipwhyTransaction *one, const SipwhyTransaction **before,
                              const SipwhyTransaction **after)
{
    *before = one->invite->cancel ? sipwhy_transaction_received(one) : one;
    *after = one->invite->cancel ? one : sipwhy_transaction_forwarded(one);
    if (!*before || !*after || !(*before)->invite || !(*after)->invite)
        return false;
    const unsigned status = (*before)->status;
    return (*before)->request.frame > 0 && !(*before)->invite->cancel && (*after)->invite->cancel &&
           (*after)->invite->cancel->request.frame > 0 &&
           (status == TIMED_OUT || status == 480 || status == 487);
}

static bool find_cancelled(const SipwhyTransaction *one, GPtrArray *findings)
{
    const SipwhyTransaction *before;
    const SipwhyTransaction *after;

    if (!find_proxy_cancel(one, &before, &after) || after->invite->progress.frame == 0)
        return false;
    const SipwhyInvite *invite = after->invite;
    const SipwhySeen *cancel = &invite->cancel->request;
    const bool is_timer_c = cancel->time - invite->last_provisional_time >= timer_c;
    SipwhyFinding *finding = add(findings, SIPWHY_FINDING_RINGING_TIMED_OUT,
                                 is_timer_c ? SIPWHY_WORDING_RINGING_TIMED_OUT_TIMER_C
                                            : SIPWHY_WORDING_RINGING_TIMED_OUT_CANCELLED,
                                 after, cancel->time);
    sipwhy_finding_set_frame(finding, "cancel", cancel->frame);
    sipwhy_finding_set_frame(finding, "ringing",
                             is_timer_c ? invite->last_provisional_in : invite->progress.frame);
    sipwhy_finding_set_endpoint(finding, "proxy", &after->client);
    sipwhy_finding_set_duration(finding, "rang", cancel->time - invite->progress.time);
    sipwhy_finding_set_duration(finding, "gap", cancel->time - invite->last_provisional_time);
    return true;
}

/* ---- 408 ---- */

static void set_next_hop(SipwhyFinding *finding, const SipwhyTransaction *next)
{
    sipwhy_finding_set_endpoint(finding, "next", &next->server);
    sipwhy_finding_set_frame(finding, "first", next->request.frame);
    sipwhy_finding_set_frame(finding, "last", next->request.last_frame);
    if (next->invite && next->invite->trying.frame > 0)
        sipwhy_finding_set_frame(finding, "trying", next->invite->trying.frame);
}

static bool is_dead_hop(const SipwhyTransaction *next)
{
    return next && next->request.frame > 0 && next->unreachable == SIPWHY_REACHED &&
           sipwhy_is_silent(next);
}

static void find_rung_out(const SipwhyTransaction *one, const SipwhySeen *progress,
                          GPtrArray *findings)
{
    SipwhyFinding *finding = add(findings, SIPWHY_FINDING_RINGING_TIMED_OUT,
                                 SIPWHY_WORDING_RINGING_TIMED_OUT, one, one->final.time);

    sipwhy_finding_set_frame(finding, "ringing", progress->frame);
    sipwhy_finding_set_duration(finding, "rang", one->final.time - progress->time);
}

/* A 408 whose cause lies beyond what was captured: its time tells something. */
static void find_unseen_timer(const SipwhyTransaction *one, GPtrArray *findings)
{
    const SipwhySeen *trying = &one->invite->trying;
    const int64_t waited = one->final.time - (trying->frame > 0 ? trying->time : one->request.time);
    SipwhyWording wording = SIPWHY_WORDING_TIMEOUT_AT_TIMER;

    if (waited < at_once)
        wording = SIPWHY_WORDING_TIMEOUT_AT_TIMER_AT_ONCE;
    else if (waited >= timer_b_least && waited <= timer_b_most)
        wording = SIPWHY_WORDING_TIMEOUT_AT_TIMER_TIMER_B;
    else if (waited >= timer_c)
        return;
    add(findings, SIPWHY_FINDING_TIMEOUT_AT_TIMER, wording, one, one->final.time);
}

static void find_in_408(const SipwhyTransaction *one, GPtrArray *findings)
{
    const SipwhyTransaction *next = sipwhy_transaction_forwarded(one);
    SipwhyFinding *finding;

    if (is_dead_hop(next)) {
        finding = add(findings, SIPWHY_FINDING_TIMEOUT_AT_TIMER,
                      SIPWHY_WORDING_TIMEOUT_AT_TIMER_NEXT_HOP, one, one->final.time);
        set_next_hop(finding, next);
    } else if (next && next->invite && next->invite->progress.frame > 0) {
        find_rung_out(one, &next->invite->progress, findings);
    } else if (next && next->invite && next->invite->trying.frame > 0 && next->final.frame == 0) {
        finding = add(findings, SIPWHY_FINDING_TIMEOUT_AT_TIMER,
                      SIPWHY_WORDING_TIMEOUT_AT_TIMER_TRYING, one, one->final.time);
        set_next_hop(finding, next);
    } else if (!next && one->invite->progress.frame > 0) {
        find_rung_out(one, &one->invite->progress, findings);
    } else if (!next) {
        find_unseen_timer(one, findings);
    }
}

/* ---- INVITEs that get no further than 100 ---- */

static void find_only_trying(const SipwhyTransaction *one, GPtrArray *findings)
{
    const SipwhyInvite *invite = one->invite;
    const SipwhyTransaction *next = sipwhy_transaction_forwarded(one);

    if (invite->trying.frame == 0 || invite->progress.frame > 0 || !invite->cancel ||
        invite->cancel->request.frame == 0 ||
        invite->cancel->request.time - one->request.time < patience ||
        sipwhy_ending_is_decided(one))
        return;
    SipwhyFinding *finding =
        add(findings, SIPWHY_FINDING_ONLY_TRYING,
            is_dead_hop(next) ? SIPWHY_WORDING_ONLY_TRYING_NEXT_HOP : SIPWHY_WORDING_ONLY_TRYING,
            one, invite->cancel->request.time);
    sipwhy_finding_set_frame(finding, "trying", invite->trying.frame);
    sipwhy_finding_set_frame(finding, "cancel", invite->cancel->request.frame);
    if (is_dead_hop(next))
        set_next_hop(finding, next);
}

/* An INVITE whose last response is a provisional one, long ago. */
static void find_endless(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *one = subject->transaction;
    const SipwhyInvite *invite = one->invite;
    const bool progress = invite->progress.frame > 0;
    const uint32_t last = progress ? invite->last_provisional_in : invite->trying.frame;
    const int64_t left = sipwhy_trace_left(subject->trace, subject->event->time);

    if (subject->event->frame != last || (progress && subject->event->status == 100) ||
        one->final.frame > 0 || invite->cancel || invite->ack.frame > 0 ||
        invite->ack_elsewhere_in > 0 || sipwhy_ended_upstream(one) ||
        left < (progress ? timer_c : transaction_time))
        return;
    SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_FINAL_MISSING);
    if (!progress)
        sipwhy_finding_word(finding, SIPWHY_WORDING_FINAL_MISSING_TRYING);
    sipwhy_finding_set_duration(finding, "left", left);
    sipwhy_finding_set_endpoint(finding, "server", &one->server);
}

/* ---- CANCEL ---- */

static void find_cancel_in_vain(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *cancel = subject->transaction;
    const SipwhyTransaction *one = cancel->previous;

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->previous)
        if (one->invite && one->invite->cancel == cancel)
            break;
    if (!one || !one->invite || one->invite->cancel != cancel || one->final.frame > 0 ||
        one->invite->ack.frame > 0 || one->invite->ack_elsewhere_in > 0 ||
        sipwhy_trace_left(subject->trace, subject->event->time) < transaction_time)
        return;
    sipwhy_finding_set_frame(sipwhy_findings_add(findings, SIPWHY_FINDING_CANCEL_WITHOUT_487),
                             "invite", one->request.frame);
}

static void find_in_final(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *one = subject->transaction;

    if (one->method == SIPWHY_METHOD_CANCEL && one->status < FIRST_REFUSAL)
        find_cancel_in_vain(subject, findings);
    if (one->request.frame == 0 || !one->invite)
        return;
    if (one->status != TIMED_OUT && one->status != 480 && one->status != 487)
        return;
    if (find_cancelled(one, findings))
        return;
    if (one->status == TIMED_OUT)
        find_in_408(one, findings);
    else if (one->status == 487)
        find_only_trying(one, findings);
}

void sipwhy_rule_timeouts(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *one = subject->transaction;
    const SipwhyEvent *event = subject->event;

    if (!one || event->status == 0 || event->quoted || event->copy || event->repeated)
        return;
    if (event->status >= FIRST_FINAL && event->frame == one->final.frame &&
        event->status == one->status)
        find_in_final(subject, findings);
    else if (event->status < FIRST_FINAL && one->invite)
        find_endless(subject, findings);
}
