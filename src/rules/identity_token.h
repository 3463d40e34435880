/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The PASSporTs of one request, and what is wrong with them as they stand there.
 */
#ifndef SIPWHY_RULES_IDENTITY_TOKEN_H
#define SIPWHY_RULES_IDENTITY_TOKEN_H

#include "finding.h"
#include "passport.h"

/** A request with the values of its Identity headers. */
typedef struct {
    const SipwhySubject *subject;
    const SipwhyTransaction *transaction; /**< of the request; NULL: it has none */
    SipwhyMessage request;
    bool cut; /**< bytes of it are missing: what is not there may have been */
    uint32_t frame;
    int64_t time; /**< microseconds since 1970 */
    bool refused; /**< a verifier refused it: what looks doubtful counts */
    unsigned count;
    SipwhyIdentity identity[SIPWHY_IDENTITIES_MOST];
    SipwhyPassport passport[SIPWHY_IDENTITIES_MOST];
} SipwhySigned;

/** Reads the Identity values of `request`, whose other members are set. To be cleared. */
void sipwhy_signed_read(SipwhySigned *request);
void sipwhy_signed_clear(SipwhySigned *request);

/** The PASSporT type of the n-th value: of its parameter, or of the token. Empty: none. */
SipwhySlice sipwhy_signed_type(const SipwhySigned *request, unsigned n);

/** Tokens that cannot be read, lack something, or do not say what their parameters say. */
void sipwhy_find_broken_token(const SipwhySigned *request, GPtrArray *findings);

/** orig, dest and mky against the headers and the SDP (RFC 8224 6.2). */
void sipwhy_find_rewritten(const SipwhySigned *request, GPtrArray *findings);

/** iat and Date against the time of capture. */
void sipwhy_find_stale(const SipwhySigned *request, GPtrArray *findings);

/** A div token without the one that it refers to (RFC 8946 4.2). */
void sipwhy_find_broken_chain(const SipwhySigned *request, GPtrArray *findings);

/** Another algorithm than ES256. */
void sipwhy_find_algorithm(const SipwhySigned *request, GPtrArray *findings);

/** info that leads nowhere, as far as it shows. */
void sipwhy_find_info(const SipwhySigned *request, GPtrArray *findings);

/** The compact form where it cannot be checked. */
void sipwhy_find_compact(const SipwhySigned *request, GPtrArray *findings);

/** Whether orig, dest, iat, alg and x5u of a token agree with the request: `*header` becomes the
 * one that orig agrees with. */
bool sipwhy_signed_fits(const SipwhySigned *request, const char **header);

/** iat of the newest token, or Date where only the compact form is there; false when neither is
 * known. `*claim` becomes its name. */
bool sipwhy_signed_time(const SipwhySigned *request, int64_t *seconds, const char **claim);

/** How old iat (Date) may be: 60 s (RFC 8224 6.2 step 4), in microseconds. */
#define SIPWHY_FRESH_MOST INT64_C(60000000)

#endif
