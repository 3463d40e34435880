/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Challenges and credentials of a message (RFC 3261 20.7, 20.27, 20.28, 20.44; RFC 7616, RFC 8760).
 */
#ifndef SIPWHY_CHALLENGE_H
#define SIPWHY_CHALLENGE_H

#include "message.h"

/** Which pair of headers: a user agent or registrar asks, or a proxy does. */
typedef enum {
    SIPWHY_ASKED_BY_SERVER, /**< WWW-Authenticate, Authorization */
    SIPWHY_ASKED_BY_PROXY,  /**< Proxy-Authenticate, Proxy-Authorization */
    SIPWHY_ASKED_BY_COUNT
} SipwhyAskedBy;

enum { SIPWHY_CHALLENGES_MOST = 8 /**< that are read of a message */ };

/** One header line of a 401 or 407. What it lacks is empty. */
typedef struct {
    SipwhyAskedBy by;
    SipwhySlice scheme;
    SipwhySlice realm;
    SipwhySlice nonce;
    SipwhySlice algorithm; /**< "MD5" unless said (RFC 7616 3.3) */
    SipwhySlice qop;
    bool stale;
} SipwhyChallenge;

typedef struct {
    size_t count;
    SipwhyChallenge list[SIPWHY_CHALLENGES_MOST];
} SipwhyChallenges;

/** One header line of a request. What it lacks is empty. */
typedef struct {
    SipwhyAskedBy by;
    SipwhySlice scheme;
    SipwhySlice value; /**< all of it */
    SipwhySlice realm;
    SipwhySlice nonce;
    SipwhySlice algorithm; /**< "MD5" unless said */
    SipwhySlice user;
    SipwhySlice uri;
    SipwhySlice response;
    bool resync; /**< has auts (RFC 3310 3.4) */
} SipwhyCredentials;

/** Those that claim to prove something: an IMS client's first ones, with an empty response (RFC
 * 8760 2.7), are left out. */
typedef struct {
    size_t count;
    SipwhyCredentials list[SIPWHY_CHALLENGES_MOST];
} SipwhyCredentialsList;

/** Reads the challenges of a response, at most SIPWHY_CHALLENGES_MOST. */
void sipwhy_challenges_read(const SipwhyMessage *response, SipwhyChallenges *challenges);

/** Reads the credentials of a request, at most SIPWHY_CHALLENGES_MOST. */
void sipwhy_credentials_read(const SipwhyMessage *request, SipwhyCredentialsList *credentials);

/** Whether credentials are meant for a challenge: same kind of asker, same realm. */
bool sipwhy_credentials_fit(const SipwhyCredentials *credentials, const SipwhyChallenge *challenge);

/** Whether they have the challenge's nonce, too. */
bool sipwhy_credentials_answer(const SipwhyCredentials *credentials,
                               const SipwhyChallenge *challenge);

bool sipwhy_challenge_is_digest(const SipwhyChallenge *challenge);

/** Hexadecimal digits of a response by this algorithm (RFC 8760 2.2); 0 of an unknown one. */
size_t sipwhy_algorithm_digits(SipwhySlice algorithm);

/** Where credentials for a challenge belong: Authorization or Proxy-Authorization. */
SipwhyHeaderId sipwhy_credentials_header(SipwhyAskedBy by);

#endif
