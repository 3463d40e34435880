/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pages that explain: a code, a class, a Warning code, a Q.850 cause, a Reason protocol, and a
 * response that somebody pasted. The caller frees each with sipwhy_page_free.
 */
#ifndef SIPWHY_EXPLAIN_H
#define SIPWHY_EXPLAIN_H

#include "finding.h"
#include "knowledge.h"
#include "local/local.h"
#include "message.h"
#include "page.h"

SipwhyPage *sipwhy_explain_code(const SipwhyExplanation *explanation, SipwhyLanguage language);

/** How an unknown code of the class is treated, and the codes that have an entry. */
SipwhyPage *sipwhy_explain_class(const SipwhyClass *class, SipwhyLanguage language);

SipwhyPage *sipwhy_explain_warning(const SipwhyWarning *warning, SipwhyLanguage language);

/** `number` from 0 to 127; NULL above. */
SipwhyPage *sipwhy_explain_cause(unsigned number, SipwhyLanguage language);

SipwhyPage *sipwhy_explain_reason(const SipwhyReason *reason, SipwhyLanguage language);

/** Its wordings as templates: {words} in braces are filled in from a trace. */
SipwhyPage *sipwhy_explain_finding(SipwhyFindingId id, SipwhyLanguage language);

/**
 * What a response says beside its code: a phrase of its own, Warning and Reason values with the
 * first thing to do, headers that it must carry and lacks. `page` is the page of its code; the
 * block goes behind the first one of it, and is returned so that the caller may add to it.
 */
SipwhyBlock *sipwhy_explain_message(SipwhyPage *page, const SipwhyMessage *message,
                                    const SipwhyExplanation *explanation, SipwhyLanguage language);

/**
 * Puts in what entries of local knowledge say, as the n-th block and following ones. `is_matched`:
 * a response matches them; else they only go with a code, and what more they ask is named.
 */
void sipwhy_explain_local(SipwhyPage *page, unsigned n, const SipwhyLocalEntry *const *entries,
                          bool is_matched, SipwhyLanguage language);

#endif
