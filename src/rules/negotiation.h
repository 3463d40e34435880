/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the rules on offers and answers share: the two session descriptions of a transaction.
 */
#ifndef SIPWHY_NEGOTIATION_H
#define SIPWHY_NEGOTIATION_H

#include "finding.h"
#include "offer.h"
#include "reading.h"

typedef struct {
    const SipwhySubject *subject;
    GPtrArray *findings;
    uint32_t offer_in;     /**< frame of the request */
    bool has_request;      /**< what was kept of it is at hand */
    bool has_response;     /**< likewise */
    bool has_offer;        /**< the request has SDP */
    bool has_answer;       /**< the response has SDP */
    bool whole;            /**< neither message is cut */
    SipwhyMessage request; /**< slices of these live as long as the subject */
    SipwhyMessage response;
    SipwhySdp offer;
    SipwhySdp answer; /**< of a refusal: what the callee could do (RFC 3264 9) */
} SipwhyNegotiation;

/** Adds a finding with one of its wordings; {offer} is filled in, its frame named as evidence. */
SipwhyFinding *sipwhy_negotiation_find(const SipwhyNegotiation *negotiation, SipwhyFindingId id,
                                       SipwhyWording wording);

/** Adds codecs to a list: "PCMU, opus/48000". */
void sipwhy_media_list_codecs(SipwhyValueList *list, const SipwhyCodecs *codecs);

/** Fills a placeholder with a list. */
void sipwhy_finding_set_list(SipwhyFinding *finding, const char *name, SipwhyValueList list);

/** The codecs of all streams that a session description asks for. */
SipwhyValueList sipwhy_media_list_formats(const SipwhySdp *sdp);

/** What the Warning headers of a refusal say of the offer (RFC 3261 20.43); after the other rules,
 * for it leaves out what they have found. */
void sipwhy_explain_warnings(const SipwhyNegotiation *negotiation);

/** Whether a message has a Warning of that number. */
bool sipwhy_has_warning(const SipwhyMessage *message, unsigned code);

/** What a provisional response, or a failure after it, says of early media. */
void sipwhy_rule_early_media(const SipwhySubject *subject, GPtrArray *findings);

#endif
