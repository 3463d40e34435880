/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * REFER: how the transfer went, as the NOTIFYs tell it (RFC 3515 2.4.4 to 2.4.7, RFC 4488, RFC
 * 7614).
 */
#include "transfer.h"

#include "body.h"
#include "knowledge.h"
#include "near.h"
#include "rules.h"

enum {
    UNAUTHORIZED = 401,
    METHOD_NOT_ALLOWED = 405,
    PROXY_AUTHENTICATION_REQUIRED = 407,
    PROVIDE_REFERRER_IDENTITY = 429,
    NOT_IMPLEMENTED = 501,
    OPEN_MOST = 8, /* REFERs of a dialog that run at once */
};

static const int64_t patience =
    (int64_t)32 * G_USEC_PER_SEC; /* Timer N, 64*T1 (RFC 6665 4.1.2.4) */

/* The subscription that REFERs create in a dialog (RFC 3515 2.4.6), and the way of its NOTIFYs. */
typedef struct {
    uint32_t referrer; /* tags */
    uint32_t notifier;
    const SipwhyEndpoint *from; /* of the NOTIFYs; NULL: any */
    const SipwhyEndpoint *to;
} Reporting;

/* What one NOTIFY says. */
typedef struct {
    SipwhyMessage request;
    SipwhySlice phrase;
    unsigned status; /* of the status line in its body; 0: none that can be read */
    unsigned id;     /* of Event: the CSeq number of the REFER */
    bool has_id;
    bool ended; /* Subscription-State: terminated */
} Report;

/* A REFER whose reports are still to come. */
typedef struct {
    const SipwhyTransaction *refer[OPEN_MOST];
    unsigned count;
    uint32_t last; /* CSeq number of the last one: the next hop has it once more */
    bool any;      /* there was one */
} OpenRefers;

static bool read_report(const SipwhyTransaction *notify, Report *report)
{
    SipwhyMessage fragment;
    SipwhySlice event;
    SipwhySlice id;

    *report = (Report){0};
    if (!sipwhy_kept_message(notify->kept_request, &report->request) ||
        !sipwhy_message_lists(&report->request, SIPWHY_HEADER_EVENT, "refer") ||
        !sipwhy_message_first(&report->request, SIPWHY_HEADER_EVENT, &event))
        return false;
    report->has_id =
        sipwhy_slice_parameter(event, "id", &id) && sipwhy_slice_number(id, &report->id);
    report->ended =
        sipwhy_message_lists(&report->request, SIPWHY_HEADER_SUBSCRIPTION_STATE, "terminated");
    if (sipwhy_body_sipfrag(&report->request, &fragment) && fragment.is_response) {
        report->status = fragment.status;
        report->phrase = fragment.phrase;
    }
    return true;
}

static bool has_outcome(const Report *report)
{
    return report->status >= 200;
}

static uint32_t notifier_tag(const SipwhyTransaction *refer)
{
    return refer->to_tag ? refer->to_tag : refer->final_tag;
}

static bool creates(const SipwhyTransaction *one, const Reporting *reporting)
{
    return one->method == SIPWHY_METHOD_REFER && one->status < 300 &&
           one->from_tag == reporting->referrer &&
           (notifier_tag(one) == reporting->notifier || notifier_tag(one) == 0);
}

static bool reports(const SipwhyTransaction *one, const Reporting *reporting)
{
    return one->method == SIPWHY_METHOD_NOTIFY && one->request.frame > 0 &&
           one->to_tag == reporting->referrer && one->from_tag == reporting->notifier &&
           (!reporting->from || (sipwhy_same_address(&one->client, reporting->from) &&
                                 sipwhy_same_address(&one->server, reporting->to)));
}

static void open_refer(OpenRefers *open, const SipwhyTransaction *refer)
{
    if (open->count == OPEN_MOST || (open->any && refer->cseq <= open->last))
        return;
    open->any = true;
    open->refer[open->count++] = refer;
    open->last = refer->cseq;
}

/* The REFER that a report belongs to: that of its id, without one the first (RFC 3515 2.4.6). The
 * report with the outcome closes it. */
static const SipwhyTransaction *take_refer(OpenRefers *open, const Report *report)
{
    unsigned i = 0;

    while (report->has_id && i < open->count && open->refer[i]->cseq != report->id)
        i++;
    if (i == open->count)
        return NULL;
    const SipwhyTransaction *refer = open->refer[i];
    if (has_outcome(report) || report->ended) {
        for (open->count--; i < open->count; i++)
            open->refer[i] = open->refer[i + 1];
    }
    return refer;
}

/* The REFER of a NOTIFY; NULL: not seen. */
static const SipwhyTransaction *find_refer(const SipwhyTransaction *notify)
{
    const Reporting reporting = {notify->to_tag, notify->from_tag, &notify->client,
                                 &notify->server};
    SipwhyNear near = sipwhy_near(notify);
    const SipwhyTransaction *one;
    OpenRefers open = {0};
    Report report;

    while ((one = sipwhy_near_next(&near))) {
        if (creates(one, &reporting)) {
            open_refer(&open, one);
        } else if (reports(one, &reporting) && read_report(one, &report)) {
            const SipwhyTransaction *refer = take_refer(&open, &report);
            if (one == notify)
                return refer;
        }
        if (one == notify)
            break;
    }
    return NULL;
}

/* What the NOTIFYs say of a REFER. */
typedef struct {
    const SipwhyTransaction *notify; /* with the outcome, else the last one; NULL: none */
    Report report;                   /* what it says */
} Outcome;

/* Walks through the reports on one way. */
static Outcome read_outcome(const SipwhyTransaction *refer, const Reporting *reporting)
{
    SipwhyNear near = sipwhy_near(refer);
    const SipwhyTransaction *one;
    OpenRefers open = {0};
    Outcome outcome = {0};
    Report report;

    while ((one = sipwhy_near_next(&near))) {
        if (creates(one, reporting)) {
            open_refer(&open, one);
        } else if (reports(one, reporting) && read_report(one, &report)) {
            const SipwhyTransaction *found = take_refer(&open, &report);
            if (found && found->cseq == refer->cseq)
                outcome = (Outcome){one, report};
        }
    }
    return outcome;
}

/* Whether there is a NOTIFY to REFERs that belongs to none: then the capture does not show all. */
static bool has_stray_report(const SipwhyTransaction *refer)
{
    const SipwhyTransaction *one = refer;
    Report report;

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->next)
        if (one->method == SIPWHY_METHOD_NOTIFY && one->request.frame > 0 &&
            read_report(one, &report))
            return true;
    return false;
}

static Outcome find_outcome(const SipwhyTransaction *refer)
{
    Reporting reporting = {refer->from_tag, notifier_tag(refer), &refer->server, &refer->client};
    Outcome outcome = read_outcome(refer, &reporting);
    const SipwhyTransaction *one = refer;

    if (outcome.notify)
        return outcome;
    /* not back over this hop: without Record-Route NOTIFYs may pass a proxy by */
    reporting.from = NULL;
    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->next)
        if (reports(one, &reporting)) {
            reporting.from = &one->client;
            reporting.to = &one->server;
            return read_outcome(refer, &reporting);
        }
    return outcome;
}

uint32_t sipwhy_transfer_outcome_in(const SipwhyTransaction *refer)
{
    enum { FIRST_FINAL = 200 };
    const Outcome outcome = find_outcome(refer);

    return outcome.notify && outcome.report.status >= FIRST_FINAL ? outcome.notify->request.frame
                                                                  : 0;
}

static void set_target(SipwhyFinding *finding, const SipwhyTransaction *refer)
{
    SipwhyMessage request;
    SipwhySlice value;

    if (sipwhy_kept_message(refer->kept_request, &request) &&
        sipwhy_message_first(&request, SIPWHY_HEADER_REFER_TO, &value))
        sipwhy_finding_set_slice(finding, "target", sipwhy_slice_uri(value));
    else
        sipwhy_finding_set(finding, "target", "Refer-To");
}

static SipwhyFinding *add_on_refer(GPtrArray *findings, SipwhyFindingId id, SipwhyWording wording,
                                   const SipwhyTransaction *refer)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, id);

    sipwhy_finding_word(finding, wording);
    sipwhy_finding_set(finding, "refer", "%u", refer->request.frame);
    sipwhy_finding_prove(finding, refer->request.frame);
    set_target(finding, refer);
    return finding;
}

static void set_report(SipwhyFinding *finding, const SipwhyTransaction *refer,
                       const SipwhyTransaction *notify, const Report *report)
{
    const SipwhyCode *code = sipwhy_code_find(report->status);

    sipwhy_finding_set(finding, "notify", "%u", notify->request.frame);
    sipwhy_finding_prove(finding, notify->request.frame);
    sipwhy_finding_set(finding, "status", "%u", report->status);
    if (report->phrase.length > 0)
        sipwhy_finding_set_slice(finding, "phrase", report->phrase);
    else
        sipwhy_finding_set(finding, "phrase", "%s", code ? code->phrase : "-");
    sipwhy_finding_set_duration(finding, "duration", notify->request.time - refer->request.time);
}

static const SipwhyTransaction *find_bye(const SipwhyTransaction *notify)
{
    const SipwhyTransaction *one = notify;

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->next)
        if (one->method == SIPWHY_METHOD_BYE && one->request.frame > 0 &&
            one->request.time >= notify->request.time)
            return one;
    return NULL;
}

/* The last report has no outcome. */
static void explain_pending(const SipwhySubject *subject, const Outcome *outcome,
                            GPtrArray *findings)
{
    const SipwhyTransaction *refer = subject->transaction;
    const SipwhyTransaction *bye = outcome->report.ended ? NULL : find_bye(outcome->notify);
    SipwhyWording wording = SIPWHY_WORDING_TRANSFER_PENDING;

    if (!outcome->report.ended && !sipwhy_trace_is_whole(subject->trace) &&
        sipwhy_trace_left(subject->trace, outcome->notify->request.time) < patience)
        return;
    if (outcome->report.ended)
        wording = SIPWHY_WORDING_TRANSFER_PENDING_ENDED;
    else if (bye)
        wording = SIPWHY_WORDING_TRANSFER_PENDING_BYE;
    SipwhyFinding *finding =
        add_on_refer(findings, SIPWHY_FINDING_TRANSFER_PENDING, wording, refer);
    set_report(finding, refer, outcome->notify, &outcome->report);
    if (bye) {
        sipwhy_finding_set(finding, "bye", "%u", bye->request.frame);
        sipwhy_finding_prove(finding, bye->request.frame);
    }
}

/* RFC 4488 4, RFC 7614 4 and 5. */
static bool wants_no_reports(const SipwhyTransaction *refer)
{
    SipwhyMessage request;

    return sipwhy_kept_message(refer->kept_request, &request) &&
           (sipwhy_message_lists(&request, SIPWHY_HEADER_REFER_SUB, "false") ||
            sipwhy_message_lists(&request, SIPWHY_HEADER_REQUIRE, "norefersub") ||
            sipwhy_message_lists(&request, SIPWHY_HEADER_REQUIRE, "nosub") ||
            sipwhy_message_lists(&request, SIPWHY_HEADER_REQUIRE, "explicitsub"));
}

static void explain_silence(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *refer = subject->transaction;
    const int64_t since = sipwhy_trace_left(subject->trace, refer->final.time);

    if (wants_no_reports(refer)) {
        add_on_refer(findings, SIPWHY_FINDING_TRANSFER_PENDING,
                     SIPWHY_WORDING_TRANSFER_PENDING_NO_SUBSCRIPTION, refer);
        return;
    }
    /* outside of a dialog, NOTIFYs need not come back by the proxies of the REFER */
    if (since < patience || has_stray_report(refer) || (refer->to_tag == 0 && refer->vias > 1) ||
        (refer->to_tag == 0 && sipwhy_transaction_forwarded(refer)))
        return;
    SipwhyFinding *finding = add_on_refer(findings, SIPWHY_FINDING_TRANSFER_UNREPORTED,
                                          SIPWHY_WORDING_TRANSFER_UNREPORTED, refer);
    sipwhy_finding_set_duration(finding, "duration", since);
}

static void explain_accepted(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *refer = subject->transaction;
    const Outcome outcome = find_outcome(refer);
    const Report *report = &outcome.report;

    if (!outcome.notify) {
        explain_silence(subject, findings);
    } else if (has_outcome(report)) {
        const bool success = report->status < 300;
        SipwhyFinding *finding = add_on_refer(
            findings, success ? SIPWHY_FINDING_TRANSFER_SUCCEEDED : SIPWHY_FINDING_TRANSFER_FAILED,
            success ? SIPWHY_WORDING_TRANSFER_SUCCEEDED : SIPWHY_WORDING_TRANSFER_FAILED, refer);
        set_report(finding, refer, outcome.notify, report);
    } else if (report->status > 0) {
        explain_pending(subject, &outcome, findings);
    }
}

/* 405 and 501 are for methods that one does not do; some send them for another reason. */
static bool cannot_transfer(const SipwhyTransaction *refer)
{
    SipwhyMessage refusal;

    return (refer->status == METHOD_NOT_ALLOWED || refer->status == NOT_IMPLEMENTED) &&
           !(sipwhy_kept_message(refer->kept_response, &refusal) &&
             sipwhy_message_lists(&refusal, SIPWHY_HEADER_ALLOW, "REFER"));
}

static void explain_refused(const SipwhyTransaction *refer, GPtrArray *findings)
{
    SipwhyWording wording = SIPWHY_WORDING_REFER_REFUSED;

    if (cannot_transfer(refer))
        wording = SIPWHY_WORDING_REFER_REFUSED_UNABLE;
    else if (refer->status == PROVIDE_REFERRER_IDENTITY)
        wording = SIPWHY_WORDING_REFER_REFUSED_IDENTITY;
    SipwhyFinding *finding = add_on_refer(findings, SIPWHY_FINDING_REFER_REFUSED, wording, refer);
    sipwhy_finding_set(finding, "status", "%u", refer->status);
}

/* A NOTIFY: back to its REFER. */
static void explain_notify(const SipwhyTransaction *notify, GPtrArray *findings)
{
    Report report;
    const SipwhyTransaction *refer;
    SipwhyFindingId id = SIPWHY_FINDING_TRANSFER_PENDING;
    SipwhyWording wording = SIPWHY_WORDING_TRANSFER_PENDING_NOTIFY;

    if (!read_report(notify, &report) || report.status == 0 || !(refer = find_refer(notify)) ||
        refer->request.frame == 0)
        return;
    if (has_outcome(&report)) {
        const bool success = report.status < 300;
        id = success ? SIPWHY_FINDING_TRANSFER_SUCCEEDED : SIPWHY_FINDING_TRANSFER_FAILED;
        wording = success ? SIPWHY_WORDING_TRANSFER_SUCCEEDED_NOTIFY
                          : SIPWHY_WORDING_TRANSFER_FAILED_NOTIFY;
    } else if (report.ended) {
        wording = SIPWHY_WORDING_TRANSFER_PENDING_NOTIFY_ENDED;
    }
    SipwhyFinding *finding = add_on_refer(findings, id, wording, refer);
    set_report(finding, refer, notify, &report);
}

void sipwhy_rule_transfer(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;
    const unsigned status = subject->event->status;

    if (!transaction || transaction->request.frame == 0)
        return;
    if (transaction->method == SIPWHY_METHOD_NOTIFY && status == 0) {
        explain_notify(transaction, findings);
        return;
    }
    if (transaction->method != SIPWHY_METHOD_REFER || status < 200 || status != transaction->status)
        return;
    if (status < 300)
        explain_accepted(subject, findings);
    else if (status >= 400 && status != UNAUTHORIZED && status != PROXY_AUTHENTICATION_REQUIRED)
        explain_refused(transaction, findings);
}
