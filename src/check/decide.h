/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a policy says of one thing that was found.
 */
#ifndef SIPWHY_CHECK_DECIDE_H
#define SIPWHY_CHECK_DECIDE_H

#include "check/policy.h"

/** What several messages of a call have in common: a finding, or a code that no finding explains.
 */
typedef struct {
    const char *id;     /**< of the finding; NULL: the code alone */
    unsigned code;      /**< that a list may name it by; 0: it goes by its id only */
    const char *method; /**< NULL: not known */
    SipwhySeverity severity;
    const SipwhyRecordedCall *call; /**< NULL: none */
    const GPtrArray *messages;      /**< SipwhyRecordedMessage: those that have it */
} SipwhyCharge;

typedef struct {
    bool counts;                /**< it is worth failing for */
    bool denied;                /**< a list names it, and nothing before that allows it */
    bool allowed;               /**< it counts, and yet does not fail */
    const SipwhyPolicyRule *by; /**< what denies or allows it; NULL: the threshold decides */
} SipwhyDecision;

SipwhyDecision sipwhy_decide(const SipwhyPolicy *policy, int64_t now, const SipwhyCharge *charge);

/** Whether the day of a rule is over. */
bool sipwhy_rule_is_over(const SipwhyPolicyRule *rule, int64_t now);

#endif
