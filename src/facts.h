/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The facts of a response code, put into words one by one: the rows of an explanation's fact list
 * and of a comparison.
 */
#ifndef SIPWHY_FACTS_H
#define SIPWHY_FACTS_H

#include "text.h"

/** One fact of a code. */
typedef struct {
    const char *id;   /**< key in JSON; API */
    SipwhyText label; /**< heading of the row */
    /** The fact in words; NULL when there is nothing to say. The caller frees it. */
    char *(*say)(const SipwhyExplanation *explanation, SipwhyLanguage language);
} SipwhyFact;

/** The n-th fact in the order of display, or NULL past the end. */
const SipwhyFact *sipwhy_fact_at(size_t n);

/** "must carry Contact (INVITE, SUBSCRIBE)"; free it. */
char *sipwhy_header_rule(const SipwhyHeader *header, SipwhyLanguage language);

/** "Accept or Accept-Encoding" of "Accept|Accept-Encoding"; free it. */
char *sipwhy_header_names(const SipwhyHeader *header, SipwhyLanguage language);

#endif
