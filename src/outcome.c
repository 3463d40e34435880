/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What became of a call.
 */
#include "outcome.h"

#include "rules/silence.h"
#include "rules/transfer.h"

enum {
    FIRST_FINAL = 200,
    FIRST_REDIRECTION = 300,
    FIRST_FAILURE = 400,
    REQUEST_TERMINATED = 487,
};

/* After these times nothing more is to be expected (RFC 3261 17.1.1.2, Timer B; 16.6, Timer C). */
static const int64_t timer_b = (int64_t)32 * G_USEC_PER_SEC;
static const int64_t timer_c = (int64_t)180 * G_USEC_PER_SEC;

/* Whether a method belongs to a call that an INVITE sets up. */
static bool is_of_a_call(SipwhyMethod method)
{
    return method == SIPWHY_METHOD_INVITE || method == SIPWHY_METHOD_BYE ||
           method == SIPWHY_METHOD_CANCEL || method == SIPWHY_METHOD_PRACK ||
           method == SIPWHY_METHOD_UPDATE;
}

static bool sets_up(const SipwhyCall *call)
{
    const SipwhyTransaction *one = call->first;

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->next)
        if (is_of_a_call(one->method))
            return true;
    return false;
}

/* Whether an INVITE is another try of the first one, on the same side of the call. */
static bool is_another_try(const SipwhyTransaction *first, const SipwhyTransaction *one)
{
    return one->invite && one->to_tag == 0 && one->vias <= first->vias &&
           sipwhy_same_address(&one->client, &first->client);
}

/* The INVITE that decides: the one that was answered, or the last one that was tried. */
static const SipwhyTransaction *find_deciding(const SipwhyTransaction *first)
{
    const SipwhyTransaction *deciding = first;
    const SipwhyTransaction *one = first->next;

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->next) {
        if (deciding->status >= FIRST_FINAL && deciding->status < FIRST_REDIRECTION)
            break;
        if (is_another_try(first, one))
            deciding = one;
    }
    return deciding;
}

/* Whether a request without any response had none. A client repeats it over UDP then; what it sends
 * later may show that there was one, only the capture lacks it. */
static bool is_unheard(const SipwhyTransaction *invite)
{
    return invite->request.count > (sipwhy_is_unreliable(invite->transport) ? 1 : 0) &&
           sipwhy_unseen_answer_in(invite) == 0;
}

static SipwhyOutcome outcome_without_final(const SipwhyTrace *trace,
                                           const SipwhyTransaction *invite)
{
    const SipwhySeen *trying = &invite->invite->trying;
    const int64_t progress =
        invite->invite->progress.count > 0 ? invite->invite->last_provisional_time : 0;

    if (invite->unreachable != SIPWHY_REACHED)
        return SIPWHY_OUTCOME_FAILED;
    if (invite->request.count == 0)
        return SIPWHY_OUTCOME_INCOMPLETE;
    const bool over =
        sipwhy_is_silent(invite)
            ? is_unheard(invite) && sipwhy_trace_left(trace, invite->request.time) > timer_b
            : sipwhy_trace_left(trace, MAX(progress, trying->last_time)) > timer_c;
    return over ? SIPWHY_OUTCOME_UNANSWERED : SIPWHY_OUTCOME_INCOMPLETE;
}

static SipwhyOutcome outcome_of_final(uint16_t status)
{
    if (status < FIRST_REDIRECTION)
        return SIPWHY_OUTCOME_ANSWERED;
    if (status < FIRST_FAILURE)
        return SIPWHY_OUTCOME_REDIRECTED;
    return status == REQUEST_TERMINATED ? SIPWHY_OUTCOME_CANCELLED : SIPWHY_OUTCOME_FAILED;
}

static int64_t find_delay(const SipwhyTransaction *first, const SipwhyTransaction *deciding)
{
    const SipwhySeen *progress = &deciding->invite->progress;
    int64_t reached = -1;

    if (first->request.count == 0)
        return -1;
    if (progress->count > 0)
        reached = progress->time;
    else if (deciding->status >= FIRST_FINAL && deciding->status < FIRST_REDIRECTION)
        reached = deciding->final.time;
    return reached < first->request.time ? -1 : reached - first->request.time;
}

bool sipwhy_call_outcome(const SipwhyTrace *trace, const SipwhyCall *call,
                         SipwhyCallOutcome *outcome)
{
    *outcome = (SipwhyCallOutcome){.outcome = SIPWHY_OUTCOME_INCOMPLETE, .delay = -1};
    if (!call->first_invite)
        return sets_up(call);
    const SipwhyTransaction *invite = find_deciding(call->first_invite);
    outcome->invite = invite;
    outcome->delay = find_delay(call->first_invite, invite);
    if (invite->status == 0) {
        outcome->outcome = outcome_without_final(trace, invite);
        return true;
    }
    outcome->outcome = outcome_of_final(invite->status);
    outcome->final_code = invite->status;
    outcome->final_in = invite->final.frame;
    return true;
}

uint32_t sipwhy_response_outcome_in(const SipwhyEvent *event)
{
    const SipwhyTransaction *transaction = event->transaction;

    if (!transaction || transaction->disowned)
        return 0;
    if (event->status < FIRST_FINAL)
        return transaction->final.frame;
    if (event->status < FIRST_REDIRECTION)
        return transaction->method == SIPWHY_METHOD_REFER ? sipwhy_transfer_outcome_in(transaction)
                                                          : 0;
    const SipwhyTransaction *one = transaction->next;
    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->next)
        if (one->repairs == transaction)
            return one->final.frame;
    return 0;
}
