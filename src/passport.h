/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Identity header values (RFC 8224) and the PASSporT in them (RFC 8225).
 *
 * Nothing here checks a signature: that takes the signer's certificate, which no capture holds.
 */
#ifndef SIPWHY_PASSPORT_H
#define SIPWHY_PASSPORT_H

#include <glib.h>

#include "message.h"

enum {
    SIPWHY_IDENTITIES_MOST = 8,             /**< Identity values of a request that are read */
    SIPWHY_PASSPORT_BYTES_MOST = 65536,     /**< of a token that is decoded; a real one has 1 kB */
    SIPWHY_PASSPORT_DEPTH_MOST = 16,        /**< of nested JSON values */
    SIPWHY_PASSPORT_TEXT_BYTES_MOST = 4096, /**< of each text that is handed out */
    SIPWHY_PASSPORT_PARTIES_MOST = 16,      /**< of dest */
    SIPWHY_PASSPORT_KEYS_MOST = 8,          /**< of mky */
};

/** One Identity value, taken apart in place. data is NULL of what is not there. */
typedef struct {
    SipwhySlice token;     /**< signed-identity-digest */
    SipwhySlice header;    /**< base64url; empty in the compact form */
    SipwhySlice payload;   /**< base64url; empty in the compact form */
    SipwhySlice signature; /**< base64url */
    SipwhySlice info;      /**< the URI, without <> */
    SipwhySlice alg;
    SipwhySlice ppt;
    unsigned dots;  /**< in the token: two, if it is well-formed */
    bool bracketed; /**< info stands in <> as it must */
    bool quoted;    /**< the token is a quoted string, as in RFC 4474 */
} SipwhyIdentity;

/** What came of reading a token. */
typedef enum {
    SIPWHY_PASSPORT_READ,      /**< header and payload are JSON objects */
    SIPWHY_PASSPORT_COMPACT,   /**< "..signature": nothing to be read (RFC 8225 7) */
    SIPWHY_PASSPORT_OBSOLETE,  /**< a signature of RFC 4474 */
    SIPWHY_PASSPORT_MISSHAPEN, /**< not three parts */
    SIPWHY_PASSPORT_NO_BASE64, /**< a part is no base64url */
    SIPWHY_PASSPORT_NO_JSON,   /**< a part is no JSON object */
    SIPWHY_PASSPORT_OVERSIZED, /**< too long or too deep to be read here */
} SipwhyPassportState;

/** Whom orig, dest or div names: a telephone number (tn) or a URI. text NULL: nobody. */
typedef struct {
    char *text;
    bool is_number;
} SipwhyParty;

/**
 * A PASSporT. All texts are fit to be shown, and cut at SIPWHY_PASSPORT_TEXT_BYTES_MOST; NULL where
 * the token has no such member, or one of another type.
 */
typedef struct {
    SipwhyPassportState state;
    bool folded;       /**< white space stands inside the token */
    char *header_text; /**< the JSON of the header; also where it is broken, if it can be decoded */
    char *payload_text; /**< the JSON of the payload, likewise */
    char *typ;
    char *alg;
    char *ppt;
    char *x5u;
    char *attest; /**< RFC 8588 4 */
    char *origid; /**< RFC 8588 5 */
    SipwhyParty orig;
    SipwhyParty div; /**< RFC 8946 3 */
    SipwhyParty dest[SIPWHY_PASSPORT_PARTIES_MOST];
    unsigned dest_count;
    bool dest_more; /**< dest names more than these */
    bool has_rcd;   /**< there is an rcd claim */
    bool has_iat;
    int64_t iat;                           /**< seconds since 1970, UTC; up to the year 9999 */
    char *keys[SIPWHY_PASSPORT_KEYS_MOST]; /**< digests of mky: upper case, without colons */
    unsigned key_count;
    bool keys_more;
} SipwhyPassport;

/** The next Identity value of a message; `*position` and `rest` start as 0 and {0}. Header lines
 * may be several, and each a list. Returns false when there is none left. */
bool sipwhy_identity_next(const SipwhyMessage *message, size_t *position, SipwhySlice *rest,
                          SipwhyIdentity *identity);

/** Reads the token of an Identity value. The caller clears `passport`, whatever came of it. */
void sipwhy_passport_read(const SipwhyIdentity *identity, SipwhyPassport *passport);

/** Frees what a PASSporT holds. */
void sipwhy_passport_clear(SipwhyPassport *passport);

#endif
