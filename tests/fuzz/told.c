/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is told of the messages of a trace, checked.
 */
#include "told.h"

#include <string.h>

#include "check.h"
#include "language.h"
#include "notes.h"
#include "origin.h"
#include "tables.h"

enum { TEXT_BYTES_MOST = 1000 /* a template of 200 bytes, and what packets fill in */ };

/* ---- findings ---- */

static void check_text(char *text)
{
    CHECK(text && *text);
    CHECK(strlen(text) <= TEXT_BYTES_MOST);
    fuzz_check_line(text);
    g_free(text);
}

/* Every {placeholder} has a value. (Values may hold braces themselves.) */
static void check_template(const SipwhyFinding *finding, const char *template)
{
    for (const char *open = strchr(template, '{'); open; open = strchr(open + 1, '{')) {
        const size_t length = strcspn(open + 1, "}");
        bool set = false;
        for (unsigned i = 0; i < finding->value_count; i++)
            set = set || (strlen(finding->names[i]) == length &&
                          strncmp(finding->names[i], open + 1, length) == 0);
        if (!set)
            fprintf(stderr, "no value for the placeholders in: %s\n", template);
        CHECK(set);
    }
}

static void check_words(const SipwhyFinding *finding, SipwhyLanguage language)
{
    const SipwhyFindingWords *words = sipwhy_finding_words(finding->wording, language);

    check_template(finding, words->title);
    check_template(finding, words->text);
    for (size_t i = 0; i < words->fixes.count; i++)
        check_template(finding, words->fixes.fix[i].text);
    check_text(sipwhy_finding_title(finding, language));
    check_text(sipwhy_finding_text(finding, language));
    for (size_t i = 0; i < sipwhy_finding_fix_count(finding, language); i++)
        check_text(sipwhy_finding_fix(finding, i, language));
}

static void check_evidence(const SipwhyFinding *finding, uint32_t last)
{
    CHECK(finding->frame_count <= SIPWHY_FINDING_FRAMES_MOST);
    CHECK(finding->value_count <= SIPWHY_FINDING_VALUES_MOST);
    for (unsigned i = 0; i < finding->frame_count; i++)
        CHECK(finding->frames[i] > 0 && finding->frames[i] <= last);
}

static void check_findings(const SipwhyTrace *trace, const SipwhyEvent *event,
                           const SipwhyMessage *message, uint32_t last)
{
    GPtrArray *findings = sipwhy_find(trace, event, message);
    SipwhyExplanation explanation;
    bool known = event->status > 0 && sipwhy_explain(event->status, 0, &explanation);
    bool expected;

    for (unsigned i = 0; i < findings->len; i++) {
        const SipwhyFinding *finding = findings->pdata[i];
        CHECK(finding->wording >= sipwhy_finding_wordings[finding->id]);
        CHECK(finding->wording < sipwhy_finding_wordings[finding->id + 1]);
        check_evidence(finding, last);
        for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++)
            check_words(finding, language);
    }
    SipwhySeverity severity =
        sipwhy_findings_severity(findings, known ? &explanation : NULL, &expected);
    CHECK(sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY, (int)severity));
    g_ptr_array_free(findings, TRUE);
}

/* ---- the rest ---- */

static void check_origin(const SipwhyTrace *trace, const SipwhyEvent *event,
                         const SipwhyMessage *message, uint32_t last)
{
    const SipwhySubject subject = {trace, event, event->transaction,
                                   event->transaction ? event->transaction->call : NULL, message};
    SipwhyOriginEvidence evidence;
    SipwhyOrigin origin = sipwhy_origin(&subject, &evidence);

    CHECK(sipwhy_term_id(SIPWHY_TERM_KIND_ORIGIN, (int)origin));
    CHECK(evidence.count <= SIPWHY_ORIGIN_TEXTS_MOST);
    check_evidence(&evidence.filled, last);
    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
        for (unsigned i = 0; i < evidence.count; i++)
            check_template(&evidence.filled, sipwhy_text(language, evidence.texts[i]));
        char *text = sipwhy_origin_text(&evidence, language);
        CHECK(strlen(text) <= (size_t)SIPWHY_ORIGIN_TEXTS_MOST * TEXT_BYTES_MOST);
        fuzz_check_line(text);
        g_free(text);
    }
    sipwhy_origin_clear(&evidence);
}

void told_check_message(const SipwhyTrace *trace, const SipwhyEvent *event,
                        const SipwhyMessage *message, uint32_t last)
{
    fuzz_check_line(event->phrase);
    check_findings(trace, event, message, last);
    check_origin(trace, event, message, last);
}

void told_check_outcome(const SipwhyTrace *trace, const SipwhyCall *call, uint32_t last)
{
    SipwhyCallOutcome outcome;

    if (!sipwhy_call_outcome(trace, call, &outcome))
        return;
    CHECK(sipwhy_term_id(SIPWHY_TERM_KIND_OUTCOME, (int)outcome.outcome));
    CHECK(outcome.final_code <= 999);
    CHECK(outcome.final_in <= last);
    CHECK((outcome.final_code == 0) == (outcome.final_in == 0));
    CHECK(outcome.delay >= -1);
    CHECK(call->first_frame > 0 && call->last_frame <= last);
    CHECK(strlen(call->id) <= SIPWHY_CALL_ID_BYTES_MOST);
}

void told_check_notes(const SipwhyMessage *message)
{
    SipwhyExplanation explanation;

    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
        if (!message->is_response || !sipwhy_explain(message->status, language, &explanation))
            return;
        GPtrArray *notes = sipwhy_message_notes(message, &explanation, language);
        for (unsigned i = 0; i < notes->len; i++) {
            const SipwhyNote *note = notes->pdata[i];
            fuzz_check_line(note->about);
            fuzz_check_line(note->text);
            fuzz_check_line(note->fix);
        }
        g_ptr_array_free(notes, TRUE);
    }
}

/* ---- a call ---- */

static const SipwhyEndpoint client = {{[10] = 0xFF, 0xFF, 192, 0, 2, 1}, 5060};
static const SipwhyEndpoint server = {{[10] = 0xFF, 0xFF, 192, 0, 2, 2}, 5060};

ToldCall told_call_begin(void)
{
    return (ToldCall){sipwhy_trace_new(), 0};
}

void told_call_add(ToldCall *call, const char *start, const char *method, unsigned number,
                   GString *headers)
{
    const bool answers = g_str_has_prefix(start, "SIP/2.0 ");
    GString *text = g_string_new(NULL);
    SipwhyMessage message;

    g_string_printf(text,
                    "%s\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK%u\r\n"
                    "From: <sip:a@example.com>;tag=f\r\nTo: <sip:b@example.com>%s\r\n"
                    "Call-ID: c\r\nCSeq: %u %s\r\n",
                    start, number, answers ? ";tag=t" : "", number, method);
    if (headers) {
        g_string_append_len(text, headers->str, (gssize)headers->len);
        g_string_free(headers, TRUE);
    }
    g_string_append(text, "\r\n");
    /* in memory of its own size: a sanitizer sees the first byte too many */
    char *bytes = g_memdup2(text->str, text->len);
    if (sipwhy_message_scan(bytes, text->len, SIPWHY_FRAMING_DATAGRAM, &message)) {
        call->last++;
        const SipwhyPacket packet = {.frame = call->last,
                                     .time = INT64_C(1767225600000000) + call->last * INT64_C(1000),
                                     .source = answers ? server : client,
                                     .destination = answers ? client : server,
                                     .transport = SIPWHY_TRANSPORT_UDP};
        sipwhy_trace_reach(call->trace, packet.time);
        const SipwhyEvent *event = sipwhy_trace_add(call->trace, &packet, &message);
        CHECK(event || sipwhy_trace_is_full(call->trace));
        if (event)
            told_check_message(call->trace, event, &message, call->last);
        told_check_notes(&message);
    }
    g_free(bytes);
    g_string_free(text, TRUE);
}

void told_call_end(ToldCall *call)
{
    const SipwhyEvent *event;

    sipwhy_trace_set_whole(call->trace, true);
    for (size_t i = 0; (event = sipwhy_trace_event_at(call->trace, i)); i++)
        told_check_message(call->trace, event, NULL, call->last);
    for (const SipwhyCall *one = sipwhy_trace_calls(call->trace); one; one = one->next)
        told_check_outcome(call->trace, one, call->last);
    sipwhy_trace_free(call->trace);
}
