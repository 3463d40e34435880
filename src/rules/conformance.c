/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules: responses that break the rules of the protocol, or whose phrase tells more than their
 * code.
 */
#include "hops.h"
#include "notes.h"
#include "phrase.h"
#include "reading.h"
#include "rules.h"

#include <string.h>

enum { FIRST_FINAL = 200, FIRST_REFUSAL = 300, TIMER_N_MICROSECONDS = 32 * 1000 * 1000 };

static SipwhyFinding *add_finding(GPtrArray *findings, const SipwhySubject *subject,
                                  SipwhyFindingId id)
{
    const SipwhyTransaction *transaction = subject->transaction;
    SipwhyFinding *finding = sipwhy_findings_add(findings, id);

    sipwhy_finding_set(finding, "status", "%u", subject->event->status);
    sipwhy_finding_set_method(finding, subject, subject->message);
    if (transaction) {
        sipwhy_finding_set(finding, "request", "%u", transaction->request.frame);
        sipwhy_finding_set_endpoint(finding, "client", &transaction->client);
        sipwhy_finding_set_endpoint(finding, "server", &transaction->server);
    } else {
        sipwhy_finding_set(finding, "server", "the sender");
    }
    return finding;
}

/* Headers that must be there. */

/* What the lack of a header does to the client. */
static SipwhyWording word_missing(const char *names, unsigned method)
{
    static const struct {
        const char *name;
        SipwhyWording wording;
    } effects[] = {
        {"WWW-Authenticate", SIPWHY_WORDING_MANDATORY_HEADER_MISSING_CHALLENGE},
        {"Proxy-Authenticate", SIPWHY_WORDING_MANDATORY_HEADER_MISSING_CHALLENGE},
        {"Min-SE", SIPWHY_WORDING_MANDATORY_HEADER_MISSING_INTERVAL},
        {"Min-Expires", SIPWHY_WORDING_MANDATORY_HEADER_MISSING_INTERVAL},
        {"Accept|Accept-Encoding|Accept-Language", SIPWHY_WORDING_MANDATORY_HEADER_MISSING_CHOICE},
        {"Allow", SIPWHY_WORDING_MANDATORY_HEADER_MISSING_CHOICE},
        {"Allow-Events", SIPWHY_WORDING_MANDATORY_HEADER_MISSING_CHOICE},
        {"Recv-Info", SIPWHY_WORDING_MANDATORY_HEADER_MISSING_CHOICE},
        {"Require", SIPWHY_WORDING_MANDATORY_HEADER_MISSING_CHOICE},
        {"Security-Server", SIPWHY_WORDING_MANDATORY_HEADER_MISSING_CHOICE},
        {"Unsupported", SIPWHY_WORDING_MANDATORY_HEADER_MISSING_CHOICE},
    };

    if (strcmp(names, "Contact") == 0 && method == SIPWHY_METHOD_INVITE)
        return SIPWHY_WORDING_MANDATORY_HEADER_MISSING_CONTACT;
    for (size_t i = 0; i < G_N_ELEMENTS(effects); i++)
        if (strcmp(names, effects[i].name) == 0)
            return effects[i].wording;
    return SIPWHY_WORDING_MANDATORY_HEADER_MISSING;
}

static void find_missing(const SipwhySubject *subject, const SipwhyExplanation *explanation,
                         GPtrArray *findings)
{
    if (!explanation->code)
        return;
    for (size_t i = 0; i < explanation->code->header_count; i++) {
        const SipwhyHeader *header = &explanation->code->header[i];
        if (!sipwhy_message_lacks(subject->message, header))
            continue;
        SipwhyFinding *finding =
            add_finding(findings, subject, SIPWHY_FINDING_MANDATORY_HEADER_MISSING);
        char **names = g_strsplit(header->names, "|", -1);
        char *shown = g_strjoinv(" / ", names);
        sipwhy_finding_word(finding, word_missing(header->names, subject->event->method));
        sipwhy_finding_set(finding, "header", "%s", shown);
        g_free(shown);
        g_strfreev(names);
    }
}

/* The phrase. */

/* A 100 or a success has no cause to tell; other provisional responses may (RFC 3261 21.1.4). */
static bool may_tell_cause(unsigned status)
{
    return status > 100 && (status < FIRST_FINAL || status >= FIRST_REFUSAL);
}

static void find_phrase(const SipwhySubject *subject, const SipwhyExplanation *explanation,
                        GPtrArray *findings)
{
    static const SipwhyWording wordings[] = {
        [SIPWHY_PHRASE_TELLS] = SIPWHY_WORDING_PHRASE_CARRIES_CAUSE,
        [SIPWHY_PHRASE_OTHER] = SIPWHY_WORDING_PHRASE_CARRIES_CAUSE_OTHER,
        [SIPWHY_PHRASE_ISUP] = SIPWHY_WORDING_PHRASE_CARRIES_CAUSE_ISUP,
        [SIPWHY_PHRASE_UNREGISTERED] = SIPWHY_WORDING_PHRASE_CARRIES_CAUSE_UNREGISTERED,
    };
    const char *shown = subject->event->phrase ? subject->event->phrase : "";
    const SipwhySlice phrase =
        subject->message ? subject->message->phrase : (SipwhySlice){shown, strlen(shown)};
    unsigned number = 0;

    SipwhyPhraseKind kind = sipwhy_phrase_compare(phrase, explanation, &number);
    if (phrase.length == 0 || kind == SIPWHY_PHRASE_PLAIN ||
        (kind != SIPWHY_PHRASE_UNREGISTERED && !may_tell_cause(subject->event->status)))
        return;
    if (kind == SIPWHY_PHRASE_OTHER &&
        sipwhy_findings_have(findings, SIPWHY_FINDING_UNAVAILABLE_MASKED))
        return;
    SipwhyFinding *finding = add_finding(findings, subject, SIPWHY_FINDING_PHRASE_CARRIES_CAUSE);
    sipwhy_finding_word(finding, wordings[kind]);
    sipwhy_finding_set_slice(finding, "phrase", phrase);
    sipwhy_finding_set(finding, "registered", "%s", explanation->phrase);
    sipwhy_finding_set(finding, "other", "%u", number);
    sipwhy_finding_set(finding, "cause", "%u", number);
}

/* Responses that no request but INVITE may get (RFC 4320). */

static void find_forbidden(const SipwhySubject *subject, GPtrArray *findings)
{
    const unsigned status = subject->event->status;

    if (subject->event->method == SIPWHY_METHOD_INVITE || !subject->transaction)
        return;
    if (status > 100 && status < FIRST_FINAL)
        add_finding(findings, subject, SIPWHY_FINDING_PROVISIONAL_TO_NON_INVITE);
    else if (status == 408)
        add_finding(findings, subject, SIPWHY_FINDING_TIMEOUT_TO_NON_INVITE);
}

/* Via: what the client has put into the request must come back to it. */

static unsigned count_vias(const SipwhyMessage *message, SipwhySlice *topmost)
{
    size_t position = 0;
    SipwhySlice rest = {0};
    SipwhySlice value;
    unsigned count = 0;

    while (sipwhy_message_next_value(message, SIPWHY_HEADER_VIA, &position, &rest, &value))
        if (count++ == 0)
            *topmost = value;
    return count;
}

static void find_via_count(const SipwhySubject *subject, unsigned count, GPtrArray *findings)
{
    const unsigned vias = subject->transaction->vias;
    SipwhyFinding *finding = add_finding(findings, subject, SIPWHY_FINDING_VIA_MISMATCH);

    sipwhy_finding_word(finding, count > vias ? SIPWHY_WORDING_VIA_MISMATCH_MORE
                                              : SIPWHY_WORDING_VIA_MISMATCH_FEWER);
    sipwhy_finding_set(finding, "count", "%u", count);
    sipwhy_finding_set(finding, "vias", "%u", vias);
    sipwhy_finding_prove(finding, subject->transaction->request.frame);
}

static void find_via(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;
    SipwhySlice answered = {0};
    SipwhySlice asked = {0};
    SipwhyMessage request;

    if (!transaction || transaction->request.frame == 0 || subject->event->cut ||
        sipwhy_trace_was_cut(subject->trace, transaction->request.frame))
        return;
    const unsigned count = count_vias(subject->message, &answered);
    if (count == 0)
        return;
    /* the request's own Vias are kept only where it was refused */
    const bool kept = subject->event->status >= FIRST_REFUSAL &&
                      sipwhy_subject_request(subject, &request) &&
                      count_vias(&request, &asked) == transaction->vias;
    if (transaction->vias > 0 && count != transaction->vias) {
        find_via_count(subject, count, findings);
        return;
    }
    asked = sipwhy_via_sent_by(asked);
    answered = sipwhy_via_sent_by(answered);
    if (kept && asked.length > 0 && answered.length > 0 && !sipwhy_sent_by_equal(asked, answered)) {
        SipwhyFinding *finding = add_finding(findings, subject, SIPWHY_FINDING_VIA_MISMATCH);
        sipwhy_finding_set_slice(finding, "asked", asked);
        sipwhy_finding_set_slice(finding, "answered", answered);
        sipwhy_finding_prove(finding, transaction->request.frame);
    }
}

/* The tag in To. */

static bool opens_dialog(unsigned status, unsigned method)
{
    return status < FIRST_REFUSAL &&
           (method == SIPWHY_METHOD_INVITE || method == SIPWHY_METHOD_SUBSCRIBE);
}

static void find_tag(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;
    const unsigned status = subject->event->status;
    SipwhySlice to;
    SipwhySlice tag;

    if (status <= 100 || !transaction || subject->event->cut ||
        (status < FIRST_FINAL && subject->event->method != SIPWHY_METHOD_INVITE) ||
        !sipwhy_message_first(subject->message, SIPWHY_HEADER_TO, &to) || to.length == 0 ||
        (sipwhy_slice_parameter(to, "tag", &tag) && tag.length > 0))
        return;
    SipwhyFinding *finding = add_finding(findings, subject, SIPWHY_FINDING_TO_TAG_MISSING);
    if (transaction->to_tag != 0) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_TO_TAG_MISSING_LOST);
        sipwhy_finding_prove(finding, transaction->request.frame);
    } else if (opens_dialog(status, subject->event->method)) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_TO_TAG_MISSING_DIALOG);
    }
}

/* Subscriptions. */

static bool is_notify_before(const SipwhyTransaction *transaction, int64_t time)
{
    return transaction->method == SIPWHY_METHOD_NOTIFY &&
           (transaction->request.frame == 0 || transaction->request.time <= time);
}

/* Whether a NOTIFY was seen in time, on any hop, or cannot be ruled out: it may come before the
 * response (RFC 6665 4.1.2.4), and a call of many transactions is not searched to its end. */
static bool may_be_notified(const SipwhyTransaction *subscribe, int64_t until)
{
    const SipwhyTransaction *other = subscribe->next;

    for (unsigned i = 0; other && i < SIPWHY_LOOK_MOST; i++, other = other->next)
        if (is_notify_before(other, until))
            return true;
    if (other)
        return true;
    if (subscribe->request.frame > 0)
        return false;
    other = subscribe->previous;
    for (unsigned i = 0; other && i < SIPWHY_LOOK_MOST; i++, other = other->previous)
        if (other->method == SIPWHY_METHOD_NOTIFY)
            return true;
    return other != NULL;
}

/* RFC 6665 4.1.2.4; a 204 says itself that none will come (RFC 5839). */
static void find_silence(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;

    if (!transaction || transaction->method != SIPWHY_METHOD_SUBSCRIBE ||
        transaction->final.frame == 0 ||
        (subject->event->status != 200 && subject->event->status != 202))
        return;
    const int64_t until = transaction->final.time + TIMER_N_MICROSECONDS;
    if (sipwhy_trace_left(subject->trace, until) <= 0 || may_be_notified(transaction, until))
        return;
    SipwhyFinding *finding =
        add_finding(findings, subject, SIPWHY_FINDING_SUBSCRIPTION_WITHOUT_NOTIFY);
    sipwhy_finding_prove(finding, transaction->request.frame);
}

void sipwhy_rule_conformance(const SipwhySubject *subject, GPtrArray *findings)
{
    SipwhyExplanation explanation;

    if (subject->event->status == 0 || subject->event->quoted ||
        !sipwhy_explain(subject->event->status, 0, &explanation))
        return;
    find_phrase(subject, &explanation, findings);
    find_forbidden(subject, findings);
    find_silence(subject, findings);
    if (!subject->message)
        return;
    find_missing(subject, &explanation, findings);
    find_via(subject, findings);
    find_tag(subject, findings);
}
