/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reason phrases: whether one tells more than the registered one does.
 */
#ifndef SIPWHY_PHRASE_H
#define SIPWHY_PHRASE_H

#include "knowledge.h"
#include "message.h"

/** What a phrase is, beside the one that is registered for its code. */
typedef enum {
    SIPWHY_PHRASE_PLAIN, /**< the registered one, spelt otherwise, translated or without a cause */
    SIPWHY_PHRASE_TELLS, /**< names a cause, or goes on behind the registered one */
    SIPWHY_PHRASE_OTHER, /**< the registered phrase of another code */
    SIPWHY_PHRASE_ISUP,  /**< the name of a Q.850 cause */
    SIPWHY_PHRASE_UNREGISTERED, /**< nobody knows the code, so that there is nothing to compare with
                                 */
} SipwhyPhraseKind;

/**
 * Compares the phrase of a response with the registered one of its code. `*number` becomes the
 * other code or the Q.850 cause. Only words that name a cause count; the phrase means nothing to
 * software (RFC 3261 7.2).
 */
SipwhyPhraseKind sipwhy_phrase_compare(SipwhySlice phrase, const SipwhyExplanation *explanation,
                                       unsigned *number);

#endif
