/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules: what the caller may hear before the call is answered (RFC 3960). Signalling says what is
 * possible; no RTP is looked at.
 */
#include <string.h>

#include "body.h"
#include "negotiation.h"

enum { ANNOUNCEMENT_LEAST = 1000000 }; /* microseconds: a shorter one tells nobody anything */

/* The stream that a provisional response with SDP may send; NULL: none goes to the caller. */
static const SipwhySdpMedia *find_stream(const SipwhySdp *sdp)
{
    for (unsigned i = 0; i < sdp->media_count; i++) {
        const SipwhySdpMedia *media = &sdp->media[i];
        if (media->port != 0 &&
            (media->direction == SIPWHY_SDP_SENDRECV || media->direction == SIPWHY_SDP_SENDONLY))
            return media;
    }
    return NULL;
}

/* Whether P-Early-Media forbids what the SDP would allow (RFC 5009 8). */
static bool is_forbidden(const SipwhyMessage *message)
{
    SipwhySlice value;
    size_t position = 0;

    return sipwhy_message_header(message, "P-Early-Media", &position, &value) &&
           sipwhy_slice_is(value, "inactive");
}

static void set_stream_address(SipwhyFinding *finding, const SipwhySdpMedia *media)
{
    SipwhySlice address = sipwhy_sdp_address(media->connection);
    bool ip6 = address.length > 0 && memchr(address.data, ':', address.length);
    char *text = g_strdup_printf(ip6 ? "[%.*s]:%u" : "%.*s:%u", (int)MIN(address.length, 45),
                                 address.length > 0 ? address.data : "", media->port);

    sipwhy_finding_set_slice(finding, "address", (SipwhySlice){text, strlen(text)});
    g_free(text);
}

static void look_at_early_sdp(const SipwhySubject *subject, GPtrArray *findings, SipwhySlice sdp)
{
    const SipwhyTransaction *transaction = subject->transaction;
    const SipwhyMessage *message = subject->message;
    bool reliable = sipwhy_message_lists(message, SIPWHY_HEADER_REQUIRE, "100rel");
    SipwhyFinding *finding;
    SipwhySdp scanned;

    if (!sipwhy_sdp_scan(sdp, &scanned))
        return;
    const SipwhySdpMedia *stream = find_stream(&scanned);
    bool offer = reliable && !transaction->invite->offer && transaction->request.frame != 0 &&
                 !sipwhy_trace_was_cut(subject->trace, transaction->request.frame);
    if (offer) {
        finding = sipwhy_findings_add(findings, SIPWHY_FINDING_EARLY_MEDIA);
        sipwhy_finding_word(finding, SIPWHY_WORDING_EARLY_MEDIA_OFFER);
        sipwhy_finding_set(finding, "invite", "%u", transaction->request.frame);
        sipwhy_finding_set(finding, "status", "%u", subject->event->status);
        sipwhy_finding_prove(finding, transaction->request.frame);
    } else if (stream && !is_forbidden(message)) {
        finding = sipwhy_findings_add(findings, SIPWHY_FINDING_EARLY_MEDIA);
        sipwhy_finding_set(finding, "status", "%u", subject->event->status);
        set_stream_address(finding, stream);
    }
    if (!reliable) {
        finding = sipwhy_findings_add(findings, SIPWHY_FINDING_EARLY_MEDIA_UNRELIABLE);
        sipwhy_finding_set(finding, "status", "%u", subject->event->status);
    }
}

static void look_at_provisional(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyInvite *invite = subject->transaction->invite;
    SipwhySlice sdp;

    if (!subject->message || subject->event->status == 100)
        return;
    if (sipwhy_body_sdp(subject->message, &sdp)) {
        look_at_early_sdp(subject, findings, sdp);
        return;
    }
    bool after = invite->early_media_in != 0 && invite->early_media_in < subject->event->frame;
    /* inside a dialog nothing rings; what came before is known only if the request is */
    if ((!after && subject->transaction->request.frame == 0) || subject->event->status != 180 ||
        subject->message->cut || subject->event->cut || subject->message->body.length > 0 ||
        subject->transaction->to_tag != 0)
        return;
    SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_LOCAL_RINGBACK);
    if (!after)
        return;
    sipwhy_finding_word(finding, SIPWHY_WORDING_LOCAL_RINGBACK_EARLY_MEDIA);
    sipwhy_finding_set(finding, "early", "%u", invite->early_media_in);
    sipwhy_finding_prove(finding, invite->early_media_in);
}

static int64_t time_of(const SipwhySubject *subject, uint32_t frame)
{
    size_t count;
    const SipwhyEvent *events = sipwhy_trace_frame(subject->trace, frame, &count);

    return count > 0 ? events[0].time : 0;
}

/* Whether nobody acknowledged a reliable response: the client never had its SDP. */
static bool was_lost(const SipwhyTransaction *transaction)
{
    const SipwhyTransaction *other = transaction;

    if (!transaction->invite->early_media_reliable)
        return false;
    for (unsigned i = 0; other && i < SIPWHY_LOOK_MOST; i++, other = other->next)
        if (other->method == SIPWHY_METHOD_PRACK)
            return false;
    return true;
}

/* A failure after early media that lasted long enough for an announcement (RFC 8688 3.4 counts on
 * them). */
static void look_at_failure(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;
    uint32_t early = transaction->invite->early_media_in;
    unsigned status = subject->event->status;

    if (early == 0 || status < 400 || status == 401 || status == 407 || status == 487 ||
        transaction->to_tag != 0 || status != transaction->status ||
        transaction->final.time - time_of(subject, early) < ANNOUNCEMENT_LEAST ||
        was_lost(transaction))
        return;
    SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_EARLY_MEDIA);
    sipwhy_finding_word(finding, SIPWHY_WORDING_EARLY_MEDIA_FAILED);
    sipwhy_finding_set(finding, "early", "%u", early);
    sipwhy_finding_set(finding, "status", "%u", status);
    sipwhy_finding_prove(finding, early);
}

void sipwhy_rule_early_media(const SipwhySubject *subject, GPtrArray *findings)
{
    if (!subject->transaction->invite || subject->event->status == 0)
        return;
    if (subject->event->status < 200)
        look_at_provisional(subject, findings);
    else
        look_at_failure(subject, findings);
}
