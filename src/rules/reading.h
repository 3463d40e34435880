/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What rules read of a message and its request, and how they put lists of values into findings.
 */
#ifndef SIPWHY_READING_H
#define SIPWHY_READING_H

#include "finding.h"

/**
 * The message that a rule looks at: its own bytes or, where these are not at hand, what was kept of
 * it in `*kept`. NULL when nothing was. What lacks in a kept message proves nothing.
 */
const SipwhyMessage *sipwhy_subject_message(const SipwhySubject *subject, SipwhyMessage *kept);

/** The request that it answers, as far as it was kept; false when it was not. */
bool sipwhy_subject_request(const SipwhySubject *subject, SipwhyMessage *request);

/** Fills a placeholder with the method of the subject. */
void sipwhy_finding_set_method(SipwhyFinding *finding, const SipwhySubject *subject,
                               const SipwhyMessage *message);

/** Fills a placeholder with the method of a transaction, as its request has it; "?" when that was
 * not captured and has no number of its own. */
void sipwhy_finding_set_method_of(SipwhyFinding *finding, const char *name,
                                  const SipwhyTransaction *transaction);

/** Values that are collected to be shown, "a, b, c", with dots behind what is too long. */
typedef struct {
    char text[96];
    size_t length;
    unsigned count; /**< of the values that were added */
    bool full;
} SipwhyValueList;

/** Adds a value, unless the list has it already, without regard to case. */
void sipwhy_list_add(SipwhyValueList *list, SipwhySlice value);

/** Adds all values of a header field, without their parameters. */
void sipwhy_list_header(SipwhyValueList *list, const SipwhyMessage *message, SipwhyHeaderId header);

/** A header value without its parameters. */
SipwhySlice sipwhy_slice_bare(SipwhySlice value);

#endif
