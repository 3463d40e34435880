/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the files of the rule "ending" share.
 */
#ifndef SIPWHY_RULES_ENDING_H
#define SIPWHY_RULES_ENDING_H

#include "rules.h"

/** On 481: which dialog or transaction was not found, and why. */
void sipwhy_ending_unknown(const SipwhySubject *subject, GPtrArray *findings);

/** On 491: the request that was in the way, and what became of it. */
void sipwhy_ending_glare(const SipwhySubject *subject, GPtrArray *findings);

/** Whether a cancelled INVITE lost to another branch that was answered, or refused for all. */
bool sipwhy_ending_is_decided(const SipwhyTransaction *invite);

/** The INVITE that a CANCEL is for, by its branch; NULL: not seen. */
const SipwhyTransaction *sipwhy_cancelled_invite(const SipwhyTransaction *cancel);

#endif
