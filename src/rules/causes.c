/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules: what Reason headers say (RFC 3326), and whether it fits the status line.
 */
#include "language.h"
#include "reading.h"
#include "reason.h"
#include "rules.h"

#include <string.h>

enum {
    NORMAL_CLEARING = 16, /* Q.850: nothing is to be repaired */
    VALUES_MOST = 8,      /* of the Reason headers of one message */
    FIRST_REFUSAL = 300,
    FIRST_FAILURE = 400,
    FIRST_SERVER_FAILURE = 500,
    NAMED_BYTES_MOST = 200, /* of name and meaning together: the text has to fit into a line */
};

/* Causes that gateways send for want of a better one. */
static bool is_unspecific(unsigned cause)
{
    return cause == NORMAL_CLEARING || cause == 31 || cause == 127;
}

static bool has_number(const SipwhyNumbers *numbers, unsigned number)
{
    for (size_t i = 0; i < numbers->count; i++)
        if (numbers->number[i] == number)
            return true;
    return false;
}

/* Codes and causes that tell the same in practice, beyond the tables of RFC 3398: that nobody
 * answered, which each element may find out first, and that the call was rejected. */
static bool tell_the_same(unsigned status, unsigned cause)
{
    static const struct {
        unsigned causes[6];
        unsigned codes[6];
    } kinds[] = {
        {{18, 19, 20, 102}, {408, 480, 504}},
        {{21}, {403, 433, 603, 607, 608}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        bool has_cause = false;
        bool has_code = false;
        for (size_t n = 0; n < G_N_ELEMENTS(kinds[i].causes); n++) {
            has_cause = has_cause || kinds[i].causes[n] == cause;
            has_code = has_code || kinds[i].codes[n] == status;
        }
        if (has_cause && has_code)
            return true;
    }
    return false;
}

/* Whether the tables of RFC 3398 bring code and cause together, in either direction. */
static bool agrees(const SipwhyCode *code, const SipwhyCause *cause)
{
    if (has_number(&cause->sip, code->code) || has_number(&code->q850_in, cause->cause) ||
        has_number(&code->q850_out, cause->cause) || tell_the_same(code->code, cause->cause))
        return true;
    /* a proxy makes a 503 that it got a 500 (RFC 3261 16.7) */
    return code->code == 500 && has_number(&cause->sip, 503);
}

/* Whether RFC 3398 7.2.4.1 names a code for a cause; 500 stands for all that it does not name. */
static bool is_mapped(const SipwhyCause *cause)
{
    for (size_t i = 0; i < cause->sip.count; i++) {
        const SipwhyCode *code = sipwhy_code_find(cause->sip.number[i]);
        if (code && has_number(&code->q850_in, cause->cause))
            return true;
    }
    return false;
}

static bool disagrees(unsigned status, const SipwhyGivenReason *given)
{
    const SipwhyCode *code = sipwhy_code_find(status);

    /* a 487 tells that the caller went, whatever the telephone network says of that */
    if (!given->q850 || !given->q850->assigned || !code ||
        code->registration != SIPWHY_REGISTRATION_REGISTERED || status < FIRST_FAILURE ||
        status == 487 || agrees(code, given->q850))
        return false;
    return is_mapped(given->q850) || is_unspecific(given->cause);
}

/* Whether a cause stands for a code that is an ordinary refusal, such as 486 or 603. */
static bool is_ordinary(const SipwhyCause *cause)
{
    SipwhyExplanation explanation;

    for (size_t i = 0; i < cause->sip.count; i++)
        if (sipwhy_explain(cause->sip.number[i], 0, &explanation) &&
            explanation.severity <= SIPWHY_SEVERITY_NOTE)
            return true;
    return false;
}

static void add_disagreement(const SipwhySubject *subject, const SipwhyGivenReason *given,
                             GPtrArray *findings)
{
    const unsigned status = subject->event->status;
    SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_REASON_DISAGREES);

    if (is_unspecific(given->cause))
        sipwhy_finding_word(finding, SIPWHY_WORDING_REASON_DISAGREES_UNSPECIFIC);
    else /* a 5xx would make clients try elsewhere: that is to be repaired */
        finding->decides = status < FIRST_SERVER_FAILURE && is_ordinary(given->q850);
    sipwhy_finding_set(finding, "cause", "%u", given->cause);
    sipwhy_finding_set(finding, "name", "%s", given->q850->name);
    sipwhy_finding_set_codes(finding, "expected", given->q850->sip);
    sipwhy_finding_set(finding, "status", "%u", status);
    if (subject->transaction)
        sipwhy_finding_set_endpoint(finding, "server", &subject->transaction->server);
    else
        sipwhy_finding_set_word(finding, "server", SIPWHY_TEXT_VALUE_THE_SENDER);
}

/* Of what the languages say of a cause, the longest, in bytes. */
static size_t longest_meaning(const SipwhyGivenReason *given)
{
    size_t longest = 0;

    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
        const char *meaning = sipwhy_reason_meaning(given, language);
        longest = MAX(longest, meaning ? strlen(meaning) : 0);
    }
    return longest;
}

/* "Q.850 17, User busy"; without the name where that would make the text too long. */
static void set_reason(SipwhyFinding *finding, const SipwhyGivenReason *given)
{
    const char *name = sipwhy_reason_name(given);
    const size_t length = (name ? strlen(name) : 0) + longest_meaning(given);

    if (!given->has_cause)
        sipwhy_finding_set(finding, "reason", "%s", given->entry->protocol);
    else if (name && length <= NAMED_BYTES_MOST)
        sipwhy_finding_set(finding, "reason", "%s %u, %s", given->entry->protocol, given->cause,
                           name);
    else
        sipwhy_finding_set(finding, "reason", "%s %u", given->entry->protocol, given->cause);
}

/* 603+ of North American networks (ATIS-1000099): text="v=analytics1;url=...;tel=..." */
static bool names_analytics(SipwhySlice value, SipwhySlice *contact)
{
    static const char mark[] = "v=analytics";

    if (!sipwhy_slice_parameter(value, "text", contact) || contact->length < strlen(mark) ||
        g_ascii_strncasecmp(contact->data, mark, strlen(mark)) != 0)
        return false;
    const char *semicolon = memchr(contact->data, ';', contact->length);
    const size_t skipped = semicolon ? (size_t)(semicolon - contact->data) + 1 : contact->length;
    *contact = (SipwhySlice){contact->data + skipped, contact->length - skipped};
    return contact->length > 0;
}

/* A request or 199 tells of another leg or branch; a final response of itself. */
static SipwhyWording word_status(const SipwhySubject *subject, const SipwhyGivenReason *given)
{
    if (subject->event->status >= FIRST_REFUSAL)
        return SIPWHY_WORDING_REASON_EXPLAINED;
    /* RFC 3326 3.1 */
    if (subject->event->method == SIPWHY_METHOD_CANCEL && given->cause >= 200 &&
        given->cause < FIRST_REFUSAL)
        return SIPWHY_WORDING_REASON_EXPLAINED_ELSEWHERE;
    return SIPWHY_WORDING_REASON_EXPLAINED_BRANCH;
}

static SipwhyWording word_reason(const SipwhySubject *subject, const SipwhyGivenReason *given,
                                 const char *meaning)
{
    if (!given->entry)
        return SIPWHY_WORDING_REASON_EXPLAINED_UNKNOWN;
    if (given->entry->values == SIPWHY_REASON_VALUES_SIP && given->has_cause)
        return word_status(subject, given);
    if (!meaning)
        return SIPWHY_WORDING_REASON_EXPLAINED_VALUE;
    return SIPWHY_WORDING_REASON_EXPLAINED;
}

/* The message that carries the Reason, where it is a request. */
static void set_request(SipwhyFinding *finding, const SipwhySubject *subject)
{
    const char *method = sipwhy_method_name((SipwhyMethod)subject->event->method);

    if (method)
        sipwhy_finding_set(finding, "message", "%s", method);
    else
        sipwhy_finding_set_word(finding, "message", SIPWHY_TEXT_VALUE_REQUEST);
}

static void explain_value(const SipwhySubject *subject, SipwhySlice value,
                          const SipwhyGivenReason *given, GPtrArray *findings)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_REASON_EXPLAINED);
    const char *meaning = sipwhy_reason_meaning(given, 0);

    sipwhy_finding_word(finding, word_reason(subject, given, meaning));
    sipwhy_finding_set_slice(finding, "value", value);
    sipwhy_finding_set_slice(finding, "protocol", given->protocol);
    sipwhy_finding_set(finding, "cause", "%u", given->cause);
    sipwhy_finding_set_meaning(finding, "meaning", given);
    if (given->cause != NORMAL_CLEARING)
        finding->q850 = given->q850;
    if (given->entry)
        set_reason(finding, given);
    if (subject->event->status > 0)
        sipwhy_finding_set(finding, "message", "%u", subject->event->status);
    else
        set_request(finding, subject);
}

/* Whether all is said of it already: by the status code, or by a finding before. */
static bool is_explained(const SipwhySubject *subject, const SipwhyGivenReason *given,
                         const GPtrArray *findings)
{
    if (!given->entry || !given->has_cause)
        return false;
    const bool stir = strcmp(given->entry->protocol, "STIR") == 0;
    if ((stir || given->code) && given->cause == subject->event->status)
        return true;
    if (stir)
        return sipwhy_findings_have(findings, SIPWHY_FINDING_IDENTITY_VERDICT);
    return given->code && subject->event->method == SIPWHY_METHOD_BYE &&
           sipwhy_findings_have(findings, SIPWHY_FINDING_ALL_MEDIA_REFUSED);
}

static void explain(const SipwhySubject *subject, SipwhySlice value, GPtrArray *findings)
{
    const SipwhyGivenReason given = sipwhy_reason_read(value);
    const unsigned status = subject->event->status;
    SipwhySlice contact;

    if (given.protocol.length == 0)
        return;
    if (status >= FIRST_FAILURE && names_analytics(value, &contact)) {
        SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_BLOCKED_BY_ANALYTICS);
        sipwhy_finding_word(finding, SIPWHY_WORDING_BLOCKED_BY_ANALYTICS_REASON);
        sipwhy_finding_set_slice(finding, "contact", contact);
        return;
    }
    const bool doubtful = disagrees(status, &given);
    if (!is_explained(subject, &given, findings) && !(doubtful && is_unspecific(given.cause)))
        explain_value(subject, value, &given, findings);
    if (doubtful)
        add_disagreement(subject, &given, findings);
}

void sipwhy_rule_causes(const SipwhySubject *subject, GPtrArray *findings)
{
    SipwhyMessage kept;
    const SipwhyMessage *message =
        subject->event->quoted ? NULL : sipwhy_subject_message(subject, &kept);
    size_t position = 0;
    SipwhySlice rest = {0};
    SipwhySlice value;
    unsigned count = 0;

    if (!message || !message->first[SIPWHY_HEADER_REASON])
        return;
    while (count < VALUES_MOST &&
           sipwhy_message_next_value(message, SIPWHY_HEADER_REASON, &position, &rest, &value)) {
        explain(subject, value, findings);
        count++;
    }
}
