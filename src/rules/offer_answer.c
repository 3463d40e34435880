/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules: offers, and what became of them (RFC 3264).
 */
#include "body.h"
#include "keep.h"
#include "negotiation.h"
#include "reason.h"
#include "rules.h"

enum { CAUSE_INCOMPATIBLE = 88, CAUSE_NO_BEARER = 65, CAUSE_SERVICE_MISSING = 79 };

/* ---- the two descriptions ---- */

static void read_request(SipwhyNegotiation *negotiation)
{
    const SipwhyTransaction *transaction = negotiation->subject->transaction;
    SipwhySlice sdp;

    negotiation->offer_in = transaction->request.frame;
    if (negotiation->offer_in == 0 ||
        !sipwhy_kept_message(transaction->kept_request, &negotiation->request))
        return;
    negotiation->has_request = true;
    negotiation->whole = !negotiation->request.cut &&
                         negotiation->request.body.length < SIPWHY_KEPT_BODY_BYTES_MOST &&
                         !sipwhy_trace_was_cut(negotiation->subject->trace, negotiation->offer_in);
    negotiation->has_offer =
        sipwhy_body_sdp(&negotiation->request, &sdp) && sipwhy_sdp_scan(sdp, &negotiation->offer);
}

static void read_response(SipwhyNegotiation *negotiation)
{
    const SipwhySubject *subject = negotiation->subject;
    SipwhySlice sdp;

    if (subject->message)
        negotiation->response = *subject->message;
    else if (subject->event->status != subject->transaction->status ||
             !sipwhy_kept_message(subject->transaction->kept_response, &negotiation->response))
        return;
    negotiation->has_response = true;
    negotiation->whole = negotiation->whole && !negotiation->response.cut && !subject->event->cut;
    negotiation->has_answer =
        sipwhy_body_sdp(&negotiation->response, &sdp) && sipwhy_sdp_scan(sdp, &negotiation->answer);
}

/* ---- refusals ---- */

static void report_no_codec(const SipwhyNegotiation *negotiation, const SipwhySdpMedia *offered,
                            const SipwhyCodecs *wanted, const SipwhyCodecs *accepted)
{
    SipwhyFinding *finding = sipwhy_negotiation_find(negotiation, SIPWHY_FINDING_NO_COMMON_CODEC,
                                                     SIPWHY_WORDING_NO_COMMON_CODEC);
    SipwhyValueList list = {0};

    sipwhy_media_list_codecs(&list, wanted);
    sipwhy_finding_set_list(finding, "offered", list);
    list = (SipwhyValueList){0};
    sipwhy_media_list_codecs(&list, accepted);
    sipwhy_finding_set_list(finding, "accepted", list);
    sipwhy_finding_set_slice(finding, "type", offered->type);
}

/* The kinds of media that a description has; with `wanted` only of those that ask for a stream. */
static SipwhyValueList list_types(const SipwhySdp *sdp, bool wanted)
{
    SipwhyValueList list = {0};

    for (unsigned i = 0; i < sdp->media_count; i++)
        if (!wanted || sipwhy_media_wanted(&sdp->media[i]))
            sipwhy_list_add(&list, sdp->media[i].type);
    return list;
}

static void report_no_kind(const SipwhyNegotiation *negotiation)
{
    SipwhyFinding *finding = sipwhy_negotiation_find(negotiation, SIPWHY_FINDING_NO_COMMON_CODEC,
                                                     SIPWHY_WORDING_NO_COMMON_CODEC_MEDIA);

    sipwhy_finding_set_list(finding, "offered", list_types(&negotiation->offer, true));
    sipwhy_finding_set_list(finding, "accepted", list_types(&negotiation->answer, false));
}

/* A refusal lists what its sender can do (RFC 3261 21.4.26, RFC 3264 9). Only when no stream of
 * the offer could have been taken is that the reason. */
static void compare_codecs(const SipwhyNegotiation *negotiation)
{
    const SipwhySdp *offer = &negotiation->offer;
    bool compared = false;
    bool wanted = false;

    for (unsigned i = 0; i < offer->media_count; i++) {
        const SipwhySdpMedia *media = &offer->media[i];
        SipwhyCodecs offered = {0};
        SipwhyCodecs accepted = {0};
        if (!sipwhy_media_wanted(media))
            continue;
        wanted = true;
        if (!sipwhy_sdp_find_type(&negotiation->answer, media))
            continue;
        sipwhy_codecs_add(&offered, media);
        sipwhy_codecs_add_type(&accepted, &negotiation->answer, media, false);
        if (sipwhy_codecs_meet(&offered, &accepted))
            return;
        compared = true;
    }
    for (unsigned i = 0; compared && i < offer->media_count; i++) {
        const SipwhySdpMedia *media = &offer->media[i];
        SipwhyCodecs offered = {0};
        SipwhyCodecs accepted = {0};
        sipwhy_codecs_add_type(&offered, offer, media, true);
        sipwhy_codecs_add_type(&accepted, &negotiation->answer, media, false);
        if (offered.count > 0 && accepted.count > 0) {
            report_no_codec(negotiation, media, &offered, &accepted);
            return;
        }
    }
    if (wanted && !compared)
        report_no_kind(negotiation);
}

static SipwhyWording profile_wording(const SipwhySdpMedia *offered, const SipwhySdpMedia *accepted)
{
    SipwhySdpProto a = sipwhy_sdp_proto(offered->proto);
    SipwhySdpProto b = sipwhy_sdp_proto(accepted->proto);

    if (a.kind != SIPWHY_SDP_PROTO_RTP || b.kind != SIPWHY_SDP_PROTO_RTP)
        return SIPWHY_WORDING_MEDIA_PROFILE_MISMATCH;
    if (a.secure != b.secure)
        return a.secure ? SIPWHY_WORDING_MEDIA_PROFILE_MISMATCH_SRTP_REFUSED
                        : SIPWHY_WORDING_MEDIA_PROFILE_MISMATCH_SRTP_REQUIRED;
    if (a.secure && sipwhy_media_dtls(offered) != sipwhy_media_dtls(accepted))
        return SIPWHY_WORDING_MEDIA_PROFILE_MISMATCH_KEYS;
    return SIPWHY_WORDING_MEDIA_PROFILE_MISMATCH_FEEDBACK;
}

static void report_profile(const SipwhyNegotiation *negotiation, const SipwhySdpMedia *offered,
                           const SipwhySdpMedia *accepted)
{
    SipwhyFinding *finding = sipwhy_negotiation_find(
        negotiation, SIPWHY_FINDING_MEDIA_PROFILE_MISMATCH, profile_wording(offered, accepted));

    sipwhy_finding_set_slice(finding, "type", offered->type);
    sipwhy_finding_set_slice(finding, "offered", offered->proto);
    sipwhy_finding_set_slice(finding, "accepted", accepted->proto);
}

static bool accepts_profile(const SipwhySdp *answer, const SipwhySdpMedia *offered)
{
    for (unsigned i = 0; i < answer->media_count; i++)
        if (sipwhy_media_same_type(&answer->media[i], offered) &&
            sipwhy_media_same_profile(&answer->media[i], offered))
            return true;
    return false;
}

static void compare_profiles(const SipwhyNegotiation *negotiation)
{
    const SipwhySdpMedia *offered = NULL;
    const SipwhySdpMedia *accepted = NULL;

    for (unsigned i = 0; i < negotiation->offer.media_count; i++) {
        const SipwhySdpMedia *media = &negotiation->offer.media[i];
        const SipwhySdpMedia *like = sipwhy_sdp_find_type(&negotiation->answer, media);
        if (!sipwhy_media_wanted(media) || !like)
            continue;
        if (accepts_profile(&negotiation->answer, media))
            return;
        if (!offered) {
            offered = media;
            accepted = like;
        }
    }
    if (offered)
        report_profile(negotiation, offered, accepted);
}

static const char *family_name(unsigned family)
{
    return family == SIPWHY_FAMILY_IP4 ? "IPv4" : "IPv6";
}

static void report_family(const SipwhyNegotiation *negotiation, SipwhyWording wording,
                          unsigned offered, unsigned accepted)
{
    SipwhyFinding *finding =
        sipwhy_negotiation_find(negotiation, SIPWHY_FINDING_ADDRESS_FAMILY_MISMATCH, wording);

    sipwhy_finding_set(finding, "offered", "%s", family_name(offered));
    sipwhy_finding_set_slice(finding, "address",
                             sipwhy_sdp_address(negotiation->offer.media[0].connection));
    if (accepted == 0)
        return;
    sipwhy_finding_set(finding, "accepted", "%s", family_name(accepted));
    sipwhy_finding_set_slice(finding, "other",
                             sipwhy_sdp_address(negotiation->answer.media[0].connection));
}

static bool is_one_family(unsigned families)
{
    return families == SIPWHY_FAMILY_IP4 || families == SIPWHY_FAMILY_IP6;
}

static void compare_families(const SipwhyNegotiation *negotiation)
{
    unsigned offered = sipwhy_sdp_families(&negotiation->offer);
    unsigned accepted = negotiation->has_answer ? sipwhy_sdp_families(&negotiation->answer) : 0;

    if (!is_one_family(offered))
        return;
    if (is_one_family(accepted) && accepted != offered)
        report_family(negotiation, SIPWHY_WORDING_ADDRESS_FAMILY_MISMATCH, offered, accepted);
    else if (accepted == 0 && sipwhy_has_warning(&negotiation->response, 301))
        report_family(negotiation, SIPWHY_WORDING_ADDRESS_FAMILY_MISMATCH_WARNING, offered, 0);
}

static const SipwhySdpMedia *find_fax(const SipwhySdp *offer)
{
    for (unsigned i = 0; i < offer->media_count; i++)
        if (sipwhy_media_wanted(&offer->media[i]) &&
            sipwhy_sdp_proto(offer->media[i].proto).kind == SIPWHY_SDP_PROTO_UDPTL)
            return &offer->media[i];
    return NULL;
}

/* A refused request inside a dialog changes nothing (RFC 3261 14.1), unless its code ends the
 * dialog, or asks for the same once more. */
static bool leaves_session(unsigned status)
{
    static const unsigned others[] = {401, 407, 408, 481, 487, 491};

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        if (status == others[i])
            return false;
    return status >= 400;
}

static void look_for_refused_fax(const SipwhyNegotiation *negotiation)
{
    const SipwhyTransaction *transaction = negotiation->subject->transaction;

    if (transaction->to_tag == 0 || !leaves_session(negotiation->subject->event->status) ||
        !find_fax(&negotiation->offer))
        return;
    SipwhyFinding *finding = sipwhy_negotiation_find(negotiation, SIPWHY_FINDING_MEDIA_REFUSED,
                                                     SIPWHY_WORDING_MEDIA_REFUSED_FAX);
    sipwhy_finding_set_slice(finding, "method", negotiation->request.method);
}

/* An offer that asks for nothing, which is good for nothing (RFC 3264 5.1). */
static void look_for_empty_offer(const SipwhyNegotiation *negotiation)
{
    const SipwhySdp *offer = &negotiation->offer;

    if (offer->line_count > offer->media_count)
        return;
    for (unsigned i = 0; i < offer->media_count; i++)
        if (sipwhy_media_wanted(&offer->media[i]))
            return;
    SipwhyFinding *finding = sipwhy_negotiation_find(
        negotiation, SIPWHY_FINDING_OFFER_WITHOUT_MEDIA, SIPWHY_WORDING_OFFER_WITHOUT_MEDIA);
    sipwhy_finding_set_list(finding, "streams", list_types(offer, false));
}

static void look_at_refusal(const SipwhyNegotiation *negotiation)
{
    unsigned status = negotiation->subject->event->status;
    bool media = status == 488 || status == 606;

    if (!negotiation->has_response)
        return;
    if (negotiation->has_offer && negotiation->whole) {
        look_for_refused_fax(negotiation);
        if (media)
            look_for_empty_offer(negotiation);
        bool found =
            sipwhy_findings_have(negotiation->findings, SIPWHY_FINDING_MEDIA_REFUSED) ||
            sipwhy_findings_have(negotiation->findings, SIPWHY_FINDING_OFFER_WITHOUT_MEDIA);
        if (media && negotiation->has_answer && !found) {
            compare_codecs(negotiation);
            compare_profiles(negotiation);
        }
        found |= sipwhy_findings_have(negotiation->findings, SIPWHY_FINDING_NO_COMMON_CODEC) ||
                 sipwhy_findings_have(negotiation->findings, SIPWHY_FINDING_MEDIA_PROFILE_MISMATCH);
        if (media && !found)
            compare_families(negotiation);
    }
    sipwhy_explain_warnings(negotiation);
}

/* ---- answers ---- */

/* What became of the streams of an offer. */
typedef struct {
    unsigned wanted;
    unsigned taken;
    SipwhyValueList refused; /* kinds of media */
} Outcome;

/* Whether a refused line was one of two ways to have the same: encrypted or not, audio or T.38. */
static bool has_alternative(const SipwhyNegotiation *negotiation, unsigned refused)
{
    const SipwhySdpMedia *line = &negotiation->offer.media[refused];

    for (unsigned i = 0; i < negotiation->offer.media_count; i++) {
        const SipwhySdpMedia *other = &negotiation->offer.media[i];
        if (i == refused || i >= negotiation->answer.media_count ||
            !sipwhy_media_wanted(&negotiation->answer.media[i]))
            continue;
        if (sipwhy_media_same_type(line, other) && !sipwhy_media_same_profile(line, other))
            return true;
        if (sipwhy_slice_is(line->type, "audio") &&
            sipwhy_sdp_proto(other->proto).kind == SIPWHY_SDP_PROTO_UDPTL)
            return true;
    }
    return false;
}

static Outcome read_outcome(const SipwhyNegotiation *negotiation)
{
    Outcome outcome = {0};
    unsigned count = MIN(negotiation->offer.media_count, negotiation->answer.media_count);

    for (unsigned i = 0; i < count; i++) {
        if (!sipwhy_media_wanted(&negotiation->offer.media[i]))
            continue;
        outcome.wanted++;
        if (sipwhy_media_wanted(&negotiation->answer.media[i]))
            outcome.taken++;
        else if (!has_alternative(negotiation, i))
            sipwhy_list_add(&outcome.refused, negotiation->offer.media[i].type);
    }
    return outcome;
}

/* Says what was refused: `some` or `all`, whichever it is. */
static void report_refused(const SipwhyNegotiation *negotiation, SipwhyWording some,
                           SipwhyWording all)
{
    Outcome outcome = read_outcome(negotiation);

    if (outcome.refused.count == 0)
        return;
    SipwhyFinding *finding =
        outcome.taken > 0
            ? sipwhy_negotiation_find(negotiation, SIPWHY_FINDING_MEDIA_REFUSED, some)
            : sipwhy_negotiation_find(negotiation, SIPWHY_FINDING_ALL_MEDIA_REFUSED, all);
    sipwhy_finding_set_list(finding, "streams", outcome.refused);
    sipwhy_finding_set_list(finding, "formats", sipwhy_media_list_formats(&negotiation->offer));
}

/* The kinds of media of which the offer has more lines than the answer. */
static SipwhyValueList list_missing(const SipwhyNegotiation *negotiation)
{
    SipwhyValueList list = {0};

    for (unsigned i = 0; i < negotiation->offer.media_count; i++) {
        const SipwhySdpMedia *media = &negotiation->offer.media[i];
        unsigned offered = 0;
        unsigned answered = 0;
        for (unsigned j = 0; j <= i; j++)
            offered += sipwhy_media_same_type(&negotiation->offer.media[j], media);
        for (unsigned j = 0; j < negotiation->answer.media_count; j++)
            answered += sipwhy_media_same_type(&negotiation->answer.media[j], media);
        if (sipwhy_media_wanted(media) && offered > answered)
            sipwhy_list_add(&list, media->type);
    }
    return list;
}

static void report_count(const SipwhyNegotiation *negotiation)
{
    SipwhyFinding *finding = sipwhy_negotiation_find(
        negotiation, SIPWHY_FINDING_ANSWER_BREAKS_OFFER, SIPWHY_WORDING_ANSWER_BREAKS_OFFER);
    SipwhyValueList missing = list_missing(negotiation);

    sipwhy_finding_set(finding, "offered", "%u", negotiation->offer.line_count);
    sipwhy_finding_set(finding, "answered", "%u", negotiation->answer.line_count);
    if (missing.count == 0)
        return;
    finding = sipwhy_negotiation_find(negotiation, SIPWHY_FINDING_MEDIA_REFUSED,
                                      SIPWHY_WORDING_MEDIA_REFUSED_MISSING);
    sipwhy_finding_set_list(finding, "streams", missing);
}

/* Adds the finding on one line of an answer, with both sides' values. */
static void report_line(const SipwhyNegotiation *negotiation, const SipwhySdpMedia *offered,
                        SipwhyWording wording, SipwhyValueList wanted, SipwhyValueList answered)
{
    SipwhyFinding *finding =
        sipwhy_negotiation_find(negotiation, SIPWHY_FINDING_ANSWER_BREAKS_OFFER, wording);

    sipwhy_finding_set_slice(finding, "type", offered->type);
    sipwhy_finding_set_list(finding, "offered", wanted);
    sipwhy_finding_set_list(finding, "answered", answered);
}

/* Compares a line of the answer that takes the stream with that of the offer. */
static void compare_line(const SipwhyNegotiation *negotiation, const SipwhySdpMedia *offered,
                         const SipwhySdpMedia *answered)
{
    SipwhySdpProto a = sipwhy_sdp_proto(offered->proto);
    SipwhySdpProto b = sipwhy_sdp_proto(answered->proto);
    SipwhyCodecs wanted = {0};
    SipwhyCodecs taken = {0};
    SipwhyValueList list[2] = {{.count = 0}, {.count = 0}};

    if (a.kind != SIPWHY_SDP_PROTO_RTP || b.kind != SIPWHY_SDP_PROTO_RTP)
        return;
    sipwhy_codecs_add(&wanted, offered);
    sipwhy_codecs_add(&taken, answered);
    bool meet = sipwhy_codecs_meet(&wanted, &taken);
    if (meet && a.secure == b.secure)
        return;
    if (!meet) {
        sipwhy_media_list_codecs(&list[0], &wanted);
        sipwhy_media_list_codecs(&list[1], &taken);
        report_line(negotiation, offered, SIPWHY_WORDING_ANSWER_BREAKS_OFFER_CODEC, list[0],
                    list[1]);
    } else {
        sipwhy_list_add(&list[0], offered->proto);
        sipwhy_list_add(&list[1], answered->proto);
        report_line(negotiation, offered, SIPWHY_WORDING_ANSWER_BREAKS_OFFER_PROFILE, list[0],
                    list[1]);
    }
}

/* Whether an answer leaves out nothing but lines at the end that the offer has switched off. That
 * is as wrong, but nobody misses them. */
static bool lacks_nothing_wanted(const SipwhySdp *offer, const SipwhySdp *answer)
{
    if (answer->line_count > offer->line_count || offer->line_count > offer->media_count)
        return false;
    for (unsigned i = answer->line_count; i < offer->media_count; i++)
        if (sipwhy_media_wanted(&offer->media[i]))
            return false;
    return true;
}

/* RFC 3264 6: as many m= lines, in the same order. */
static void compare_answer(const SipwhyNegotiation *negotiation)
{
    const SipwhySdp *offer = &negotiation->offer;
    const SipwhySdp *answer = &negotiation->answer;

    if (offer->line_count != answer->line_count && !lacks_nothing_wanted(offer, answer)) {
        report_count(negotiation);
        return;
    }
    for (unsigned i = 0; i < MIN(offer->media_count, answer->media_count); i++)
        if (sipwhy_media_wanted(&offer->media[i]) && sipwhy_media_wanted(&answer->media[i]))
            compare_line(negotiation, &offer->media[i], &answer->media[i]);
    report_refused(negotiation, SIPWHY_WORDING_MEDIA_REFUSED, SIPWHY_WORDING_ALL_MEDIA_REFUSED);
}

/* Whether the offer and its answer may have gone other ways than INVITE and 2xx (RFC 3262 5). */
static bool may_be_answered_elsewhere(const SipwhySubject *subject)
{
    const SipwhyTransaction *other = subject->transaction;

    if (other->invite->reliable.frame != 0 || other->invite->early_media_reliable)
        return true;
    for (unsigned i = 0; other && i < SIPWHY_LOOK_MOST; i++, other = other->next)
        if (other->method == SIPWHY_METHOD_PRACK)
            return true;
    return false;
}

/* A 2xx without SDP to an INVITE that made an offer (RFC 3261 13.2.1). */
static void look_for_missing_answer(const SipwhyNegotiation *negotiation)
{
    const SipwhySubject *subject = negotiation->subject;
    const SipwhyInvite *invite = subject->transaction->invite;

    if (!invite || !invite->offer || negotiation->offer_in == 0 || !negotiation->has_response ||
        negotiation->response.body.length > 0 || negotiation->response.cut || subject->event->cut ||
        may_be_answered_elsewhere(subject))
        return;
    if (invite->early_media_in == 0) {
        sipwhy_negotiation_find(negotiation, SIPWHY_FINDING_ANSWER_BREAKS_OFFER,
                                SIPWHY_WORDING_ANSWER_BREAKS_OFFER_ABSENT);
        return;
    }
    SipwhyFinding *finding = sipwhy_negotiation_find(negotiation, SIPWHY_FINDING_ANSWER_ONLY_EARLY,
                                                     SIPWHY_WORDING_ANSWER_ONLY_EARLY);
    sipwhy_finding_set(finding, "early", "%u", invite->early_media_in);
    sipwhy_finding_prove(finding, invite->early_media_in);
}

/* ---- offers in a 2xx ---- */

/* Whether the INVITE was seen whole, and has no offer: then the 2xx makes it (RFC 3261 13.2.1). */
static bool offers_late(const SipwhyTrace *trace, const SipwhyTransaction *transaction)
{
    return transaction->invite && !transaction->invite->offer && transaction->request.frame != 0 &&
           !sipwhy_trace_was_cut(trace, transaction->request.frame);
}

/* Whether a Reason says that a session was not acceptable: by the status code of a refusal, or by a
 * cause that gateways turn into one (RFC 3398 7.2.4.1, 8.2.6.1). */
static bool refuses_session(const SipwhyGivenReason *reason)
{
    if (reason->code)
        return reason->cause == 488 || reason->cause == 606;
    return reason->q850 &&
           (reason->cause == CAUSE_INCOMPATIBLE || reason->cause == CAUSE_NO_BEARER ||
            reason->cause == CAUSE_SERVICE_MISSING);
}

static bool is_refusing_bye(const SipwhyTransaction *bye, SipwhyGivenReason *reason)
{
    SipwhyMessage message;
    SipwhySlice rest = {NULL, 0};
    SipwhySlice value;
    size_t position = 0;

    if (!sipwhy_kept_message(bye->kept_request, &message))
        return false;
    while (sipwhy_message_next_value(&message, SIPWHY_HEADER_REASON, &position, &rest, &value)) {
        *reason = sipwhy_reason_read(value);
        if (refuses_session(reason))
            return true;
    }
    return false;
}

/* The BYE of the caller in the dialog that a 2xx made. */
static const SipwhyTransaction *find_bye(const SipwhyTransaction *invite, SipwhyGivenReason *reason)
{
    const SipwhyTransaction *bye = invite->next;

    for (unsigned i = 0; bye && i < SIPWHY_LOOK_MOST; i++, bye = bye->next)
        if (bye->method == SIPWHY_METHOD_BYE && bye->from_tag == invite->from_tag &&
            bye->to_tag == invite->final_tag && is_refusing_bye(bye, reason))
            return bye;
    return NULL;
}

static void set_reason(SipwhyFinding *finding, const SipwhyGivenReason *reason)
{
    sipwhy_finding_set(finding, "reason", "%.*s %u", (int)MIN(reason->protocol.length, 10),
                       reason->protocol.data, reason->cause);
}

/* A BYE by which the caller refuses the offer of a 2xx. */
static void look_at_bye(const SipwhyNegotiation *negotiation)
{
    const SipwhyTransaction *bye = negotiation->subject->transaction;
    const SipwhyTransaction *invite = bye->previous;
    SipwhyGivenReason reason;

    if (!is_refusing_bye(bye, &reason))
        return;
    for (unsigned i = 0; invite && i < SIPWHY_LOOK_MOST; i++, invite = invite->previous)
        if (invite->invite && invite->from_tag == bye->from_tag && invite->status / 100 == 2 &&
            invite->final_tag == bye->to_tag)
            break;
    if (!invite || !invite->invite || invite->final_tag != bye->to_tag ||
        !offers_late(negotiation->subject->trace, invite))
        return;
    SipwhyFinding *finding =
        sipwhy_findings_add(negotiation->findings, SIPWHY_FINDING_ALL_MEDIA_REFUSED);
    sipwhy_finding_word(finding, SIPWHY_WORDING_ALL_MEDIA_REFUSED_BYE);
    sipwhy_finding_set(finding, "offer", "%u", invite->final.frame);
    set_reason(finding, &reason);
    sipwhy_finding_prove(finding, invite->final.frame);
}

static void look_for_hang_up(SipwhyNegotiation *negotiation)
{
    SipwhyGivenReason reason;

    if (!offers_late(negotiation->subject->trace, negotiation->subject->transaction) ||
        !negotiation->has_answer)
        return;
    const SipwhyTransaction *bye = find_bye(negotiation->subject->transaction, &reason);
    if (!bye)
        return;
    SipwhyFinding *finding =
        sipwhy_findings_add(negotiation->findings, SIPWHY_FINDING_ALL_MEDIA_REFUSED);
    sipwhy_finding_word(finding, SIPWHY_WORDING_ALL_MEDIA_REFUSED_HUNG_UP);
    sipwhy_finding_set(finding, "bye", "%u", bye->request.frame);
    set_reason(finding, &reason);
    sipwhy_finding_set_list(finding, "formats", sipwhy_media_list_formats(&negotiation->answer));
    sipwhy_finding_prove(finding, negotiation->offer_in);
    sipwhy_finding_prove(finding, bye->request.frame);
}

/* An ACK that carries the answer, or should (RFC 3261 13.2.2.4): the offer is that of the 2xx. */
static void look_at_ack(SipwhyNegotiation *negotiation)
{
    const SipwhySubject *subject = negotiation->subject;
    const SipwhyTransaction *transaction = subject->transaction;
    SipwhyMessage offer;
    SipwhySlice sdp;

    if (subject->event->method != SIPWHY_METHOD_ACK || !subject->message || subject->event->cut ||
        !offers_late(subject->trace, transaction) || transaction->status / 100 != 2 ||
        !sipwhy_kept_message(transaction->kept_response, &offer) ||
        offer.body.length >= SIPWHY_KEPT_BODY_BYTES_MOST ||
        sipwhy_trace_was_cut(subject->trace, transaction->final.frame) ||
        !sipwhy_body_sdp(&offer, &sdp) || !sipwhy_sdp_scan(sdp, &negotiation->offer))
        return;
    negotiation->offer_in = transaction->final.frame;
    if (sipwhy_body_sdp(subject->message, &sdp)) {
        if (sipwhy_sdp_scan(sdp, &negotiation->answer) &&
            negotiation->offer.line_count == negotiation->answer.line_count)
            report_refused(negotiation, SIPWHY_WORDING_MEDIA_REFUSED_ACK,
                           SIPWHY_WORDING_ALL_MEDIA_REFUSED_ACK);
    } else if (subject->message->body.length == 0 && !subject->message->cut &&
               !may_be_answered_elsewhere(subject)) {
        sipwhy_negotiation_find(negotiation, SIPWHY_FINDING_ANSWER_BREAKS_OFFER,
                                SIPWHY_WORDING_ANSWER_BREAKS_OFFER_ACK);
    }
}

static void look_at_success(SipwhyNegotiation *negotiation)
{
    SipwhyMethod method = negotiation->subject->transaction->method;

    if (method != SIPWHY_METHOD_INVITE && method != SIPWHY_METHOD_UPDATE &&
        method != SIPWHY_METHOD_PRACK)
        return;
    if (negotiation->has_offer && negotiation->has_answer) {
        if (negotiation->whole)
            compare_answer(negotiation);
        return;
    }
    look_for_missing_answer(negotiation);
    look_for_hang_up(negotiation);
}

/* Whether a final response can say anything of offers: by its method, or by a Warning. */
static bool may_matter(const SipwhySubject *subject)
{
    switch (subject->transaction->method) {
    case SIPWHY_METHOD_INVITE:
    case SIPWHY_METHOD_UPDATE:
    case SIPWHY_METHOD_PRACK:
        return true;
    default:
        return subject->event->status >= 300 && subject->message &&
               subject->message->first[SIPWHY_HEADER_WARNING] > 0;
    }
}

void sipwhy_rule_offer_answer(const SipwhySubject *subject, GPtrArray *findings)
{
    unsigned status = subject->event->status;

    if (!subject->transaction || subject->event->quoted)
        return;
    sipwhy_rule_early_media(subject, findings);
    SipwhyNegotiation negotiation = {.subject = subject, .findings = findings};
    if (status == 0 && subject->event->method == SIPWHY_METHOD_BYE)
        look_at_bye(&negotiation);
    if ((status > 0 && status < 200) || !may_matter(subject))
        return;
    if (status == 0) {
        look_at_ack(&negotiation);
        return;
    }
    read_request(&negotiation);
    read_response(&negotiation);
    if (status < 300)
        look_at_success(&negotiation);
    else
        look_at_refusal(&negotiation);
}
