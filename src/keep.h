/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a trace keeps of messages: copies that are messages themselves, shorter.
 */
#ifndef SIPWHY_KEEP_H
#define SIPWHY_KEEP_H

#include "arena.h"
#include "trace.h"

enum {
    /** How much is kept of a header line: a value of this length may be longer in the packet. */
    SIPWHY_KEPT_LINE_BYTES_MOST = 2048,
    SIPWHY_KEPT_IDENTITY_BYTES_MOST = 8192, /**< of an Identity line: half a token is none */
    SIPWHY_KEPT_BODY_BYTES_MOST = 4096,
    SIPWHY_KEPT_BYTES_MOST = 16384, /**< of all lines: what follows them is left out */
};

/** What stands before a whole copy. */
typedef struct SipwhyWhole SipwhyWhole;

/** Where copies are kept: they live as long as the arena. Begins as {arena}. */
typedef struct {
    SipwhyArena *arena;
    SipwhyWhole *spare; /**< of whole copies that are not needed any more: for others */
} SipwhyKeeper;

/** All of a message, up to a bound, until sipwhy_keep_drop. */
SipwhyKept *sipwhy_keep_whole(SipwhyKeeper *keeper, const SipwhyMessage *message);

/** Gives back what sipwhy_keep_whole returned; NULL is nothing. */
void sipwhy_keep_drop(SipwhyKeeper *keeper, SipwhyKept *whole);

/** Whether sipwhy_keep_request would keep anything of a request: only then need it be scanned. */
bool sipwhy_keeps_request(const SipwhyMessage *response, const SipwhyTransaction *transaction);

/**
 * What is worth keeping of a request whose final response is `response` (NULL: there was none for
 * long, and room is wanted); NULL: nothing. See sipwhy_kept_message.
 */
SipwhyKept *sipwhy_keep_request(SipwhyKeeper *keeper, const SipwhyMessage *request,
                                const SipwhyMessage *response,
                                const SipwhyTransaction *transaction);

/** What is worth keeping of a final response; NULL: nothing. */
SipwhyKept *sipwhy_keep_response(SipwhyKeeper *keeper, const SipwhyMessage *response,
                                 const SipwhyTransaction *transaction);

#endif
