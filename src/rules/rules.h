/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rules: each looks at one message, in the trace as it stands now, and adds what it finds.
 *
 * One file a topic; rules.c lists all of them. A rule says nothing that the trace cannot carry:
 * what is missing from the capture is no evidence. It only reads, allocates nothing but findings,
 * and looks at no more than SIPWHY_LOOK_MOST transactions of a call.
 */
#ifndef SIPWHY_RULES_H
#define SIPWHY_RULES_H

#include "finding.h"

typedef void (*SipwhyRule)(const SipwhySubject *subject, GPtrArray *findings);

/** The n-th rule, or NULL past the end. */
SipwhyRule sipwhy_rule_at(size_t n);

void sipwhy_rule_authentication(const SipwhySubject *subject, GPtrArray *findings);
void sipwhy_rule_offer_answer(const SipwhySubject *subject, GPtrArray *findings);
void sipwhy_rule_ending(const SipwhySubject *subject, GPtrArray *findings);
void sipwhy_rule_transfer(const SipwhySubject *subject, GPtrArray *findings);
void sipwhy_rule_identity(const SipwhySubject *subject, GPtrArray *findings);
void sipwhy_rule_ping(const SipwhySubject *subject, GPtrArray *findings);
void sipwhy_rule_timeouts(const SipwhySubject *subject, GPtrArray *findings);
void sipwhy_rule_timers(const SipwhySubject *subject, GPtrArray *findings);
void sipwhy_rule_routing(const SipwhySubject *subject, GPtrArray *findings);
void sipwhy_rule_limits(const SipwhySubject *subject, GPtrArray *findings);
void sipwhy_rule_extensions(const SipwhySubject *subject, GPtrArray *findings);
void sipwhy_rule_conformance(const SipwhySubject *subject, GPtrArray *findings);
void sipwhy_rule_causes(const SipwhySubject *subject, GPtrArray *findings);
void sipwhy_rule_capture(const SipwhySubject *subject, GPtrArray *findings);

#endif
