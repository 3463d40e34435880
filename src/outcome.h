/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What became of a call.
 */
#ifndef SIPWHY_OUTCOME_H
#define SIPWHY_OUTCOME_H

#include "terms.h"
#include "trace.h"

typedef struct {
    SipwhyOutcome outcome;
    uint16_t final_code; /**< of the response that decided it; 0: there is none */
    uint32_t final_in;   /**< its frame; 0 likewise */
    /** Post-dial delay, microseconds: from the caller's first INVITE to the first sign of the far
     * end (18x, or the 2xx); -1: not seen. */
    int64_t delay;
    const SipwhyTransaction
        *invite; /**< the INVITE that decided it, on the caller's side; or NULL */
} SipwhyCallOutcome;

/**
 * What became of a call, as the trace stands now. Returns false when the messages of that Call-ID
 * set up no call, but are a registration, a subscription, a message or the like.
 *
 * Of an INVITE that was repeated after a challenge, a redirection or another refusal, the last one
 * counts. Of the hops that the capture shows, that nearest to the caller counts.
 */
bool sipwhy_call_outcome(const SipwhyTrace *trace, const SipwhyCall *call,
                         SipwhyCallOutcome *outcome);

/**
 * The frame that tells how what a response left open ended: of a provisional one the final
 * response, of a refused one the final response to the request that repairs it, of an accepted
 * REFER the NOTIFY that reports the end of the transfer. 0: it left nothing open, or nothing tells.
 * `event` is that of the response.
 */
uint32_t sipwhy_response_outcome_in(const SipwhyEvent *event);

#endif
