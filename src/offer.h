/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An offer and its answer, or the refusal of it, held against each other (RFC 3264).
 */
#ifndef SIPWHY_OFFER_H
#define SIPWHY_OFFER_H

#include "sdp.h"

enum { SIPWHY_CODECS_MOST = 96 };

/** The codecs of all m= lines of a kind of media, helpers (DTMF, comfort noise) left out. */
typedef struct {
    unsigned count;
    bool unknown; /**< one of them has no name, or there are more: what is missing proves nothing */
    SipwhySdpCodec codec[SIPWHY_CODECS_MOST];
} SipwhyCodecs;

/** Address families as bits of a set. */
enum { SIPWHY_FAMILY_IP4 = 1, SIPWHY_FAMILY_IP6 = 2 };

/**
 * Whether an answer takes less than it was offered, or something else: it refuses a stream (port
 * 0), has another number of m= lines, another profile or media type in one of them, or no format
 * that stands in the offer's line. Cheap: it looks at m= lines only, and rather says true once too
 * often (a codec may have another number in the answer).
 */
bool sipwhy_answer_refuses(SipwhySlice offer, SipwhySlice answer);

/** Whether an m= line asks for a stream (RFC 3264 5.1, RFC 9143 6). */
bool sipwhy_media_wanted(const SipwhySdpMedia *media);

/** Whether two m= lines are of the same kind of media ("audio"). */
bool sipwhy_media_same_type(const SipwhySdpMedia *one, const SipwhySdpMedia *other);

/** Whether their profiles go together: same protocol, encryption, key exchange and feedback. */
bool sipwhy_media_same_profile(const SipwhySdpMedia *one, const SipwhySdpMedia *other);

/** Whether the keys of its SRTP come by DTLS (RFC 5764). */
bool sipwhy_media_dtls(const SipwhySdpMedia *media);

/** The first m= line of the kind of `like`; NULL: there is none. */
const SipwhySdpMedia *sipwhy_sdp_find_type(const SipwhySdp *sdp, const SipwhySdpMedia *like);

/** Appends the codecs of an m= line to a list; the list starts as {0}. */
void sipwhy_codecs_add(SipwhyCodecs *codecs, const SipwhySdpMedia *media);

/** Appends those of all m= lines of the kind of `like`; with `wanted` only of those that ask for a
 * stream. */
void sipwhy_codecs_add_type(SipwhyCodecs *codecs, const SipwhySdp *sdp, const SipwhySdpMedia *like,
                            bool wanted);

/** Whether two lists may have a codec in common: they have, or too little is known of them. */
bool sipwhy_codecs_meet(const SipwhyCodecs *one, const SipwhyCodecs *other);

/** The families of the addresses at which a session description takes media: those of its c= lines
 * and candidates. 0: nothing is known, or one has a name, which may be of any family. */
unsigned sipwhy_sdp_families(const SipwhySdp *sdp);

#endif
