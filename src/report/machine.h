/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the reports of `sipwhy check` for CI systems say alike. All texts are one line each and fit
 * to be shown (sipwhy_printable_text), and the caller frees them.
 */
#ifndef SIPWHY_REPORT_MACHINE_H
#define SIPWHY_REPORT_MACHINE_H

#include "check/verdict.h"

/** The name of a capture; of "-" that it was standard input. */
char *sipwhy_machine_file(const char *file, SipwhyLanguage language);

/** "INVITE alice@example.com to bob@example.org (Call-ID 1@192.0.2.1)"; `call` may be NULL. */
char *sipwhy_machine_call(const SipwhyRecordedCall *call, SipwhyLanguage language);

/** The Call-ID; NULL if there is none. */
char *sipwhy_machine_call_id(const SipwhyRecordedCall *call);

/** Why a problem is tolerated or known; NULL if it fails. */
char *sipwhy_machine_state(const SipwhyProblem *problem, SipwhyLanguage language);

/** All there is to say of a problem but its title, and its call if that is said already: char *, a
 * line each; freed with the array. */
GPtrArray *sipwhy_machine_lines(const SipwhyProblem *problem, bool with_call,
                                SipwhyLanguage language);

/** That the day of a rule of the policy is over. */
char *sipwhy_machine_expired(const SipwhyPolicyRule *rule, SipwhyLanguage language);

/** "Problems: 3 fail, 1 tolerated, 0 known. Calls: 12, captures: 4." */
char *sipwhy_machine_summary(const SipwhyVerdict *verdict, SipwhyLanguage language);

/** A constant text, fit to be shown; NULL stays NULL. */
char *sipwhy_machine_shown(const char *text);

/** 3 for a problem that the policy forbids or that is an error, down to 0 for chat. */
unsigned sipwhy_machine_gravity(const SipwhyProblem *problem);

#endif
