/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A case of a diagnosis in words.
 */
#ifndef SIPWHY_REPORT_CASE_TEXT_H
#define SIPWHY_REPORT_CASE_TEXT_H

#include "report/diagnosis.h"

/** "Call failed: 488 Not Acceptable Here in frame 3 - no codec in common". The caller frees it. */
char *sipwhy_case_verdict(const SipwhyCase *one, SipwhyLanguage language);

/** The same in two: what it came to, and why; NULL when nothing says that. The caller frees them.
 */
char *sipwhy_case_outcome(const SipwhyCase *one, SipwhyLanguage language);
char *sipwhy_case_reason(const SipwhyCase *one, SipwhyLanguage language);

/** "sip:alice@example.com -> sip:bob@example.org", shortened; NULL when neither is known. The
 * caller frees it. */
char *sipwhy_case_who(const SipwhyCase *one, SipwhyLanguage language);

/** When it began: a call with its first message, anything else with the request that decided it.
 * SIPWHY_NO_TIME: not known. */
int64_t sipwhy_case_start(const SipwhyCase *one);

/** When the final response that decided it came; SIPWHY_NO_TIME: none did. */
int64_t sipwhy_case_end(const SipwhyCase *one);

/** How long it was waited for that response, microseconds; negative: not known, for instance
 * because its request is not in the capture. */
int64_t sipwhy_case_wait(const SipwhyCase *one);

/** The frame of its last message; 0: it has none. */
uint32_t sipwhy_case_last_frame(const SipwhyCase *one);

/** What the table knows of its response that no finding explains, without what local knowledge
 * takes the place of; false when there is none, or when a
 * finding that is as grave says why the case came to this. */
bool sipwhy_case_explain(const SipwhyCase *one, SipwhyLanguage language,
                         SipwhyExplanation *explanation);

/** Takes out of the explanation of a response what local knowledge takes the place of. */
void sipwhy_case_apply_local(const SipwhyRecordedMessage *message, SipwhyExplanation *explanation);

/** The first thing to do, and who does it; NULL: nothing is known. The caller frees it. */
char *sipwhy_case_fix(const SipwhyCase *one, SipwhyLanguage language);

/**
 * Adds a case to a block of facts: who, where, when, why, what to do, who sent the response.
 * `like` is a case whose fixes were told before, as number `like_number`, and are not told again;
 * or NULL.
 */
void sipwhy_case_tell(SipwhyBlock *block, const SipwhyCase *one, SipwhyLanguage language,
                      const SipwhyCase *like, size_t like_number);

#endif
