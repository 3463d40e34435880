/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The transactions of a call around one of them: what rules walk through, bounded.
 */
#ifndef SIPWHY_RULES_NEAR_H
#define SIPWHY_RULES_NEAR_H

#include "trace.h"

/** A walk: SIPWHY_LOOK_MOST transactions before the one in the middle, that one, and as many
 * behind. */
typedef struct {
    const SipwhyTransaction *next;
    unsigned left;
} SipwhyNear;

static inline SipwhyNear sipwhy_near(const SipwhyTransaction *middle)
{
    unsigned before = 0;

    while (before < SIPWHY_LOOK_MOST && middle->previous) {
        middle = middle->previous;
        before++;
    }
    return (SipwhyNear){middle, before + 1 + SIPWHY_LOOK_MOST};
}

/** The first transactions of a call. */
static inline SipwhyNear sipwhy_near_start(const SipwhyCall *call)
{
    return (SipwhyNear){call->first, SIPWHY_LOOK_MOST};
}

/** The next transaction of a walk; NULL at its end. */
static inline const SipwhyTransaction *sipwhy_near_next(SipwhyNear *near)
{
    const SipwhyTransaction *one = near->left > 0 ? near->next : NULL;

    if (one) {
        near->next = one->next;
        near->left--;
    }
    return one;
}

/** Whether two transactions are one request of one client, perhaps on different hops. */
static inline bool sipwhy_same_request(const SipwhyTransaction *one, const SipwhyTransaction *other)
{
    return one->method == other->method && one->cseq == other->cseq &&
           one->from_tag == other->from_tag;
}

/** Whether two transactions run between the same two addresses, in whichever direction. */
static inline bool sipwhy_same_hop(const SipwhyTransaction *one, const SipwhyTransaction *other)
{
    return (sipwhy_same_address(&one->client, &other->client) &&
            sipwhy_same_address(&one->server, &other->server)) ||
           (sipwhy_same_address(&one->client, &other->server) &&
            sipwhy_same_address(&one->server, &other->client));
}

#endif
