/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is told of the messages of a trace, checked: every text, every frame that proves something.
 */
#ifndef SIPWHY_TESTS_FUZZ_TOLD_H
#define SIPWHY_TESTS_FUZZ_TOLD_H

#include "outcome.h"

/** All findings on a message, and who sent it; `message` may be NULL. Frames up to `last` exist. */
void told_check_message(const SipwhyTrace *trace, const SipwhyEvent *event,
                        const SipwhyMessage *message, uint32_t last);

/** How a call ended. */
void told_check_outcome(const SipwhyTrace *trace, const SipwhyCall *call, uint32_t last);

/** What a response itself says, whatever the trace. */
void told_check_notes(const SipwhyMessage *message);

/** Messages between a client and a server, which are put together here. */
typedef struct {
    SipwhyTrace *trace;
    uint32_t last; /**< frame */
} ToldCall;

ToldCall told_call_begin(void);

/** Adds a message: start line, `headers` (NULL: none) as they are, and what makes it the
 * `number`-th transaction of the call. Takes `headers`. Everything is told of it at once. */
void told_call_add(ToldCall *call, const char *start, const char *method, unsigned number,
                   GString *headers);

/** Tells everything once more, of the whole call, and frees it. */
void told_call_end(ToldCall *call);

#endif
