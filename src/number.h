/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whether a URI of a message is whom a PASSporT names (RFC 8224 8.1, 8.3, 8.5).
 */
#ifndef SIPWHY_NUMBER_H
#define SIPWHY_NUMBER_H

#include "passport.h"

/** What a comparison says. Only the first three are sure whatever the verifier knows of numbers. */
typedef enum {
    SIPWHY_PARTY_INCOMPARABLE, /**< a name against a number, an extension, an anonymous URI, ... */
    SIPWHY_PARTY_SAME,
    SIPWHY_PARTY_DIFFERENT,  /**< a global number, or a URI, that is another one */
    SIPWHY_PARTY_OTHER_FORM, /**< a number without country code whose digits end alike */
    SIPWHY_PARTY_UNLIKE,     /**< a number without country code with other last digits */
} SipwhyPartyMatch;

/** Compares the URI of From, To, P-Asserted-Identity or a request line with orig, dest or div. */
SipwhyPartyMatch sipwhy_party_match(const SipwhyParty *party, SipwhySlice uri);

/** Whether two claims name the same: a div claim and the dest that it diverts from. */
bool sipwhy_party_equal(const SipwhyParty *one, const SipwhyParty *other);

#endif
