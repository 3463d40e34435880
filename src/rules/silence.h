/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What never came: whether a missing response or ACK was lost on the way, or is missing from the
 * capture only. Retransmissions tell: who repeats a message has not got what it waits for.
 */
#ifndef SIPWHY_SILENCE_H
#define SIPWHY_SILENCE_H

#include "trace.h"

#define SIPWHY_MILLISECONDS(n) (INT64_C(1000) * (n))
#define SIPWHY_SECONDS(n) (INT64_C(1000000) * (n))

/** What is to be thought of the ACK of an INVITE's final response. */
typedef enum {
    SIPWHY_ACK_FINE,    /**< it is there; or nothing can be said (yet) */
    SIPWHY_ACK_LATE,    /**< it is there, and the response was repeated before */
    SIPWHY_ACK_UNHEARD, /**< it is there, but the response goes on being repeated */
    SIPWHY_ACK_MISSING, /**< it did not come: the response is repeated until its sender gives up,
                             or until the capture ends */
    SIPWHY_ACK_STOPPED, /**< not captured; the repeats stop before their time */
    SIPWHY_ACK_QUIET,   /**< not captured, and the response is not repeated */
    SIPWHY_ACK_PENDING, /**< not captured, and the capture ends soon after */
} SipwhyAck;

/** Judges the ACK of an INVITE with a final response. */
SipwhyAck sipwhy_judge_ack(const SipwhyTrace *trace, const SipwhyTransaction *invite);

/** The time of an ACK that was seen, on this hop or another one; `*frame` becomes its frame, 0 when
 * there is none. */
int64_t sipwhy_ack_time(const SipwhyTrace *trace, const SipwhyTransaction *invite, uint32_t *frame);

/** The BYE by which the callee ends the dialog of an accepted INVITE; NULL: not seen. */
const SipwhyTransaction *sipwhy_bye_of_callee(const SipwhyTransaction *invite);

/** Whether it has no response at all, provisional or final. */
bool sipwhy_is_silent(const SipwhyTransaction *transaction);

/** The frame which shows that a silent transaction did have a response, 0: there is none. */
uint32_t sipwhy_unseen_answer_in(const SipwhyTransaction *transaction);

/** Whether the hop before it has its final response: a proxy may end it there alone. */
bool sipwhy_ended_upstream(const SipwhyTransaction *transaction);

/** Whether SIP itself repeats what is lost there: UDP (RFC 3261 17.1.1.2), or unknown. */
bool sipwhy_is_unreliable(SipwhyTransport transport);

/** The gap after which a request that was sent `count` times is repeated once more (RFC 3261
 * 17.1.1.2: Timer A; 17.1.2.2: Timer E). */
int64_t sipwhy_next_gap(SipwhyMethod method, uint32_t count);

#endif
