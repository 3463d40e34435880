/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One value of a Reason header (RFC 3326 2), and what the tables know of it.
 */
#ifndef SIPWHY_REASON_H
#define SIPWHY_REASON_H

#include "knowledge.h"
#include "message.h"

/** A value as it was given: "Q.850;cause=17;text=..." */
typedef struct {
    SipwhySlice protocol;      /**< "Q.850" */
    const SipwhyReason *entry; /**< of the protocol; NULL when it is not registered */
    const SipwhyCause *q850;   /**< of the cause, where it is a Q.850 one; else NULL */
    const SipwhyCode *code;    /**< of the cause, where it is a status code; else NULL */
    size_t value;              /**< its place in the entry's list, where it has one */
    bool listed;               /**< whether it stands there */
    bool has_cause;
    unsigned cause;
} SipwhyGivenReason;

/** Reads a value, stripped at both ends; of one that cannot be read all is empty. */
SipwhyGivenReason sipwhy_reason_read(SipwhySlice value);

/** The name of the cause: "User busy"; NULL when the tables have none. Constant. */
const char *sipwhy_reason_name(const SipwhyGivenReason *given);

/** What is said of the cause or, without that, of the protocol; NULL of an unregistered one. */
const char *sipwhy_reason_meaning(const SipwhyGivenReason *given, SipwhyLanguage language);

/** The first fix for the cause; NULL where the tables have none for this one cause. */
const SipwhyFix *sipwhy_reason_fix(const SipwhyGivenReason *given, SipwhyLanguage language);

#endif
