/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * 481: which dialog or transaction was not found, and why (RFC 3261 12.2.2, 9.2; RFC 3262 3; RFC
 * 3891 3; RFC 6665 4.1.3).
 */
#include "ending.h"
#include "reading.h"

#include "near.h"

enum { REFUSAL = 300 };

static const int64_t crossing = (int64_t)4 * G_USEC_PER_SEC; /* T2 */

static SipwhyFinding *add_gone(GPtrArray *findings, SipwhyWording wording,
                               const SipwhyTransaction *transaction)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_DIALOG_GONE);

    sipwhy_finding_word(finding, wording);
    sipwhy_finding_set(finding, "request", "%u", transaction->request.frame);
    sipwhy_finding_set_method_of(finding, "method", transaction);
    sipwhy_finding_prove(finding, transaction->request.frame);
    return finding;
}

static SipwhyFinding *add_over(GPtrArray *findings, SipwhyWording wording,
                               const SipwhyTransaction *transaction)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_ENDED_ALREADY);

    sipwhy_finding_word(finding, wording);
    sipwhy_finding_set_frame(finding, "request", transaction->request.frame);
    sipwhy_finding_set_method_of(finding, "method", transaction);
    return finding;
}

/* CANCEL */

/* The INVITE that a CANCEL without one seems to be meant for: still pending on the same hop. */
static const SipwhyTransaction *find_meant(const SipwhyTransaction *cancel)
{
    SipwhyNear near = sipwhy_near(cancel);
    const SipwhyTransaction *one;

    while ((one = sipwhy_near_next(&near)))
        if (one->invite && one->cseq == cancel->cseq && one->from_tag == cancel->from_tag &&
            one->request.frame > 0 && one->request.time <= cancel->request.time &&
            (one->final.frame == 0 || one->final.time > cancel->request.time) &&
            sipwhy_same_address(&one->client, &cancel->client) &&
            sipwhy_same_address(&one->server, &cancel->server))
            return one;
    return NULL;
}

static void explain_cancel(const SipwhyTransaction *cancel, GPtrArray *findings)
{
    const SipwhyTransaction *invite = sipwhy_cancelled_invite(cancel);
    const SipwhyTransaction *meant = invite ? NULL : find_meant(cancel);

    if (invite && invite->final.frame > 0 && invite->final.time <= cancel->request.time) {
        const SipwhySeen *ack = &invite->invite->ack;
        if (invite->status < REFUSAL && ack->frame > 0 && ack->time <= cancel->request.time)
            return; /* cancel-crossed-answer tells of it, and it is a fault */
        SipwhyFinding *finding = add_over(findings, SIPWHY_WORDING_ENDED_ALREADY_CANCEL, cancel);
        sipwhy_finding_set_frame(finding, "cancel", cancel->request.frame);
        sipwhy_finding_set_frame(finding, "final", invite->final.frame);
        sipwhy_finding_set(finding, "status", "%u", invite->status);
    } else if (meant) {
        SipwhyFinding *finding =
            add_gone(findings, SIPWHY_WORDING_DIALOG_GONE_CANCEL_BRANCH, cancel);
        sipwhy_finding_set_frame(finding, "cancel", cancel->request.frame);
        sipwhy_finding_set_frame(finding, "invite", meant->request.frame);
    } else if (!sipwhy_findings_have(findings, SIPWHY_FINDING_CANCEL_TOO_EARLY)) {
        SipwhyFinding *finding = add_gone(findings, SIPWHY_WORDING_DIALOG_GONE_CANCEL, cancel);
        sipwhy_finding_set_frame(finding, "cancel", cancel->request.frame);
        if (invite)
            sipwhy_finding_prove(finding, invite->request.frame);
    }
}

/* PRACK */

/* The INVITE whose number stands in a RAck. */
static const SipwhyTransaction *find_invite(const SipwhyTransaction *prack, unsigned cseq)
{
    SipwhyNear near = sipwhy_near(prack);
    const SipwhyTransaction *one;

    while ((one = sipwhy_near_next(&near)))
        if (one->invite && one->cseq == cseq && one->from_tag == prack->from_tag &&
            sipwhy_same_hop(one, prack))
            return one;
    return NULL;
}

/* RAck: response number, CSeq number, method (RFC 3262 7.2). */
static bool read_rack(const SipwhyTransaction *prack, SipwhySlice *rack, unsigned *rseq,
                      unsigned *cseq)
{
    SipwhyMessage request;
    SipwhySlice rest;

    if (!sipwhy_kept_message(prack->kept_request, &request) ||
        !sipwhy_message_first(&request, SIPWHY_HEADER_RACK, rack) ||
        !sipwhy_slice_number(*rack, rseq))
        return false;
    for (rest = *rack; rest.length > 0 && g_ascii_isdigit(*rest.data); rest.length--)
        rest.data++;
    return sipwhy_slice_number(sipwhy_slice_strip(rest), cseq);
}

static void explain_prack(const SipwhyTransaction *prack, GPtrArray *findings)
{
    SipwhySlice rack = {0};
    unsigned rseq = 0;
    unsigned cseq = 0;
    SipwhyFinding *finding;

    if (!read_rack(prack, &rack, &rseq, &cseq)) {
        if (rack.length == 0)
            return;
        finding = add_gone(findings, SIPWHY_WORDING_DIALOG_GONE_PRACK, prack);
        sipwhy_finding_set_slice(finding, "rack", rack);
        return;
    }
    const SipwhyTransaction *invite = find_invite(prack, cseq);
    if (invite && invite->final.frame > 0 && invite->final.time <= prack->request.time) {
        finding = add_over(findings, SIPWHY_WORDING_ENDED_ALREADY_PRACK, prack);
        sipwhy_finding_set_frame(finding, "final", invite->final.frame);
        sipwhy_finding_set(finding, "status", "%u", invite->status);
        return;
    }
    /* RSeq goes up by one for each reliable response, from the first one on (RFC 3262 3) */
    const bool unfit =
        invite && invite->invite->reliable.frame > 0 && rseq < invite->invite->reliable_rseq;
    finding = add_gone(
        findings, unfit ? SIPWHY_WORDING_DIALOG_GONE_PRACK_RSEQ : SIPWHY_WORDING_DIALOG_GONE_PRACK,
        prack);
    sipwhy_finding_set_slice(finding, "rack", rack);
    if (unfit) {
        sipwhy_finding_set_frame(finding, "reliable", invite->invite->reliable.frame);
        sipwhy_finding_set(finding, "rseq", "%u", invite->invite->reliable_rseq);
    }
}

/* INVITE outside of a dialog */

static void explain_invite(const SipwhyTransaction *invite, GPtrArray *findings)
{
    SipwhyMessage request;
    SipwhySlice replaces;

    if (!sipwhy_kept_message(invite->kept_request, &request))
        return;
    if (sipwhy_message_first(&request, SIPWHY_HEADER_REPLACES, &replaces) ||
        sipwhy_message_first(&request, SIPWHY_HEADER_JOIN, &replaces)) {
        SipwhyFinding *finding = add_gone(findings, SIPWHY_WORDING_DIALOG_GONE_REPLACES, invite);
        sipwhy_finding_set_slice(finding, "replaces", replaces);
        return;
    }
    add_gone(findings, SIPWHY_WORDING_DIALOG_GONE_INVITE, invite);
}

/* A request inside a dialog */

typedef enum { UNSEEN, FITS, DIFFERS } Fit;

/* The dialog that a request names, and the frame that set it up. */
typedef struct {
    Fit fit;
    uint32_t frame;
} Setup;

static bool has_tag(const SipwhyTransaction *opener, uint32_t tag)
{
    if (tag == 0)
        return false;
    if (opener->status < REFUSAL && opener->final_tag == tag)
        return true;
    for (unsigned i = 0; opener->invite && i < MIN(opener->invite->tag_count, SIPWHY_TAGS_MOST);
         i++)
        if (opener->invite->tags[i] == tag)
            return true;
    return false;
}

/* Compares a request with a transaction that may have set its dialog up. */
static void compare_tags(const SipwhyTransaction *request, const SipwhyTransaction *opener,
                         Setup *setup)
{
    const uint32_t from = request->from_tag;
    const uint32_t to = request->to_tag;
    const bool accepted = opener->status > 0 && opener->status < REFUSAL;
    const uint32_t frame = accepted         ? opener->final.frame
                           : opener->invite ? opener->invite->last_provisional_in
                                            : 0;

    if (setup->fit == FITS || opener == request || opener->to_tag != 0 || frame == 0 ||
        opener->request.frame == 0 || opener->request.time > request->request.time)
        return;
    if ((opener->from_tag == from && has_tag(opener, to)) ||
        (opener->from_tag == to && has_tag(opener, from)))
        *setup = (Setup){FITS, frame};
    else if (accepted && opener->invite && opener->invite->tag_count <= SIPWHY_TAGS_MOST &&
             sipwhy_same_hop(opener, request))
        *setup = (Setup){DIFFERS, frame};
}

static Setup find_setup(const SipwhyTransaction *request)
{
    Setup setup = {UNSEEN, 0};
    SipwhyNear near = sipwhy_near(request);
    SipwhyNear start = sipwhy_near_start(request->call);
    const SipwhyTransaction *one;

    while ((one = sipwhy_near_next(&start)))
        compare_tags(request, one, &setup);
    while ((one = sipwhy_near_next(&near)))
        compare_tags(request, one, &setup);
    /* a notifier that was forked to has tags of its own (RFC 6665 4.4.1) */
    if (setup.fit == DIFFERS &&
        (request->method == SIPWHY_METHOD_NOTIFY || request->method == SIPWHY_METHOD_SUBSCRIBE))
        setup.fit = UNSEEN;
    return setup;
}

/* The BYE that had ended the dialog of a request when that was refused. */
static const SipwhyTransaction *find_bye(const SipwhyTransaction *request)
{
    SipwhyNear near = sipwhy_near(request);
    const SipwhyTransaction *one;

    while ((one = sipwhy_near_next(&near))) {
        if (one->method != SIPWHY_METHOD_BYE || one->request.frame == 0 ||
            sipwhy_same_request(one, request) || one->request.time > request->final.time)
            continue;
        if (one->from_tag == request->to_tag && one->to_tag == request->from_tag)
            return one;
        if (one->from_tag == request->from_tag && one->to_tag == request->to_tag &&
            one->status >= 200 && one->status < REFUSAL)
            return one;
    }
    return NULL;
}

static void explain_after_bye(const SipwhyTransaction *request, const SipwhyTransaction *bye,
                              GPtrArray *findings)
{
    const int64_t gap = request->request.time - bye->request.time;
    SipwhyFinding *finding;

    if (request->method == SIPWHY_METHOD_NOTIFY) {
        finding = add_gone(findings, SIPWHY_WORDING_DIALOG_GONE_NOTIFY_BYE, request);
    } else if (gap <= crossing) {
        finding = add_over(findings, SIPWHY_WORDING_ENDED_ALREADY, request);
    } else {
        finding = add_gone(findings, SIPWHY_WORDING_DIALOG_GONE_ENDED, request);
        sipwhy_finding_set_duration(finding, "duration", gap);
    }
    sipwhy_finding_set_frame(finding, "bye", bye->request.frame);
}

static SipwhyWording choose_wording(const SipwhyTransaction *request, Fit fit)
{
    if (request->to_tag == 0)
        return SIPWHY_WORDING_DIALOG_GONE_NO_TAG;
    if (fit == DIFFERS)
        return SIPWHY_WORDING_DIALOG_GONE_TAGS;
    switch (request->method) {
    case SIPWHY_METHOD_BYE:
        return SIPWHY_WORDING_DIALOG_GONE_BYE;
    case SIPWHY_METHOD_NOTIFY:
        return SIPWHY_WORDING_DIALOG_GONE_NOTIFY;
    case SIPWHY_METHOD_SUBSCRIBE:
        return SIPWHY_WORDING_DIALOG_GONE_SUBSCRIBE;
    default:
        return fit == FITS ? SIPWHY_WORDING_DIALOG_GONE : SIPWHY_WORDING_DIALOG_GONE_UNSEEN;
    }
}

static void explain_in_dialog(const SipwhyTransaction *request, GPtrArray *findings)
{
    const SipwhyTransaction *bye = request->to_tag ? find_bye(request) : NULL;
    const Setup setup = find_setup(request);

    if (bye) {
        explain_after_bye(request, bye, findings);
    } else if (request->method == SIPWHY_METHOD_PRACK && setup.fit != DIFFERS) {
        explain_prack(request, findings);
    } else {
        SipwhyFinding *finding = add_gone(findings, choose_wording(request, setup.fit), request);
        if (setup.frame > 0)
            sipwhy_finding_set_frame(finding, "setup", setup.frame);
    }
}

void sipwhy_ending_unknown(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;

    if (transaction->method == SIPWHY_METHOD_CANCEL)
        explain_cancel(transaction, findings);
    else if (transaction->invite && transaction->to_tag == 0)
        explain_invite(transaction, findings);
    else
        explain_in_dialog(transaction, findings);
}
