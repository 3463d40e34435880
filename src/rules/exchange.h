/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A request that was refused, seen as part of an authentication: who asked for what before, and
 * what the client gave. Shared by authentication.c and credentials.c.
 */
#ifndef SIPWHY_RULES_EXCHANGE_H
#define SIPWHY_RULES_EXCHANGE_H

#include "challenge.h"
#include "finding.h"

typedef struct {
    const SipwhySubject *subject;
    const SipwhyTransaction *transaction;
    SipwhyChallenges asked;      /**< by the response */
    SipwhyCredentialsList given; /**< in the request */
    SipwhySlice uri;             /**< its Request-URI */
} SipwhyExchange;

/** Credentials, and the challenge that refuses them. */
typedef struct {
    const SipwhyCredentials *credentials; /**< NULL: none are refused */
    const SipwhyChallenge *challenge;
} SipwhyRefusal;

/** Whether a final response is a challenge. */
bool sipwhy_status_challenges(unsigned status);

/** What a transaction's final response asks for; nothing unless it is a 401 or 407. */
void sipwhy_exchange_asked(const SipwhyTransaction *transaction, SipwhyChallenges *asked);

/** What its request gives; false when nothing of the request is kept. */
bool sipwhy_exchange_given(const SipwhyTransaction *transaction, SipwhyCredentialsList *given);

/** Whether the same client sends the same kind of request: a further leg does not count. */
bool sipwhy_exchange_same_client(const SipwhyTransaction *one, const SipwhyTransaction *other);

/**
 * The last transaction before `behind` that the same client began, with the same method, and whose
 * final response it had before it sent `transaction`. `behind` is `transaction` at first;
 * `*looked` starts at 0, and ends the search at SIPWHY_LOOK_MOST. NULL: no other.
 */
const SipwhyTransaction *sipwhy_exchange_before(const SipwhyTransaction *transaction,
                                                const SipwhyTransaction *behind, unsigned *looked);

/** The credentials of a list that are meant for one of the challenges, if there are any; those of
 * its algorithm first. */
SipwhyRefusal sipwhy_exchange_refusal(const SipwhyCredentialsList *given,
                                      const SipwhyChallenges *asked);

/** The transaction before it in which the client was asked for the credentials' nonce; NULL. */
const SipwhyTransaction *sipwhy_exchange_challenger(const SipwhyTransaction *transaction,
                                                    const SipwhyCredentials *credentials,
                                                    SipwhyChallenges *asked);

/** Sets {name} to a realm; where there is none, to the scheme. */
void sipwhy_finding_set_realm(SipwhyFinding *finding, const SipwhyChallenge *challenge);

/** Finds that the client was given a new nonce, and sent the one before; tells whether it did. */
bool sipwhy_find_old_nonce(const SipwhyExchange *exchange, SipwhyRefusal refusal,
                           GPtrArray *findings);

/** Finds what can be seen to be wrong with refused credentials; tells whether anything is. */
bool sipwhy_find_broken_credentials(const SipwhyExchange *exchange, SipwhyRefusal refusal,
                                    GPtrArray *findings);

/** Finds that they lack qop where it was offered, which a server may take or not. */
void sipwhy_find_missing_qop(const SipwhyExchange *exchange, SipwhyRefusal refusal,
                             GPtrArray *findings);

/** Finds that they were made for another URI than that of the request; likewise. */
void sipwhy_find_other_uri(const SipwhyExchange *exchange, SipwhyRefusal refusal,
                           GPtrArray *findings);

/** Finds credentials that are there, but not those that were asked for; tells whether they are. */
bool sipwhy_find_misdirected_credentials(const SipwhyExchange *exchange, GPtrArray *findings);

/** Finds a request with credentials under the CSeq of the one that was challenged. */
void sipwhy_find_old_cseq(const SipwhyExchange *exchange, GPtrArray *findings);

#endif
