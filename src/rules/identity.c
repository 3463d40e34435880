/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules: who the caller is, and who has signed for it (RFC 8224, 8225, 8588, 8946, 5079, 8688).
 *
 * Signatures are not checked: that takes the signer's certificate. What the headers say can be
 * compared with what was signed, and that explains most refusals.
 */
#include "reading.h"
#include "rules.h"

#include <string.h>

#include "identity_token.h"
#include "keep.h"
#include "reason.h"

enum {
    VERDICTS_MOST = 4, /* of one response */
    HOPS_MOST = 8,
    FIRST_FINAL = 200,
    FIRST_REFUSAL = 300,
    STALE_DATE = 403,
    USE_IDENTITY = 428,
    ANONYMITY_DISALLOWED = 433,
    BAD_IDENTITY_INFO = 436,
    UNSUPPORTED_CREDENTIAL = 437,
    INVALID_IDENTITY = 438,
    REJECTED = 608,
};

static SipwhySlice slice_of(const char *text)
{
    return (SipwhySlice){text, strlen(text)};
}

/* The bytes of a refusal, or what was kept of them. */
static bool read_response(const SipwhySubject *subject, SipwhyMessage *response)
{
    const SipwhyTransaction *transaction = subject->transaction;

    if (subject->message) {
        *response = *subject->message;
        return true;
    }
    return transaction && transaction->status == subject->event->status &&
           sipwhy_kept_message(transaction->kept_response, response);
}

/* A response is passed back hop by hop: the one who decided saw the request as it was on the last
 * hop on which the same response was seen. */
static const SipwhyTransaction *deciding_hop(const SipwhySubject *subject)
{
    const SipwhyTransaction *hop = subject->transaction;

    for (unsigned i = 0; i < HOPS_MOST; i++) {
        const SipwhyTransaction *next = sipwhy_transaction_forwarded(hop);
        if (!next || next->status != subject->event->status || !next->kept_request)
            break;
        hop = next;
    }
    return hop;
}

/* Whether the capture has not all bytes of a transaction's request. */
static bool is_request_cut(const SipwhyTrace *trace, const SipwhyTransaction *transaction,
                           const SipwhyMessage *request)
{
    size_t count = 0;
    const SipwhyEvent *events = sipwhy_trace_frame(trace, transaction->request.frame, &count);

    for (size_t i = 0; i < count; i++)
        if (events[i].transaction == transaction && events[i].status == 0 && events[i].cut)
            return true;
    return request->cut || request->headers.length >= SIPWHY_KEPT_BYTES_MOST;
}

/* Reads the request of a transaction as it was kept; false when it was not, or never seen. To be
 * cleared. */
static bool read_request(const SipwhySubject *subject, const SipwhyTransaction *transaction,
                         SipwhySigned *request)
{
    *request = (SipwhySigned){.subject = subject, .transaction = transaction, .refused = true};
    if (transaction->request.frame == 0 ||
        !sipwhy_kept_message(transaction->kept_request, &request->request))
        return false;
    request->frame = transaction->request.frame;
    request->time = transaction->request.time;
    request->cut = is_request_cut(subject->trace, transaction, &request->request);
    sipwhy_signed_read(request);
    return true;
}

static SipwhyFinding *add(const SipwhySigned *request, GPtrArray *findings, SipwhyFindingId id,
                          SipwhyWording wording)
{
    const SipwhyTransaction *transaction = request->transaction;
    SipwhyFinding *finding = sipwhy_findings_add(findings, id);

    sipwhy_finding_word(finding, wording);
    sipwhy_finding_set(finding, "request", "%u", request->frame);
    sipwhy_finding_set_method_of(finding, "method", transaction);
    sipwhy_finding_prove(finding, request->frame);
    return finding;
}

/* 428: nothing that the verifier could use. */

/* A hop before this one that still has an Identity header; `*after` becomes the one behind it. */
static const SipwhyTransaction *find_identity_before(const SipwhyTransaction *hop,
                                                     const SipwhyTransaction **after)
{
    SipwhyMessage message;

    for (unsigned i = 0; i < HOPS_MOST; i++) {
        *after = hop;
        hop = sipwhy_transaction_received(hop);
        if (!hop || !sipwhy_kept_message(hop->kept_request, &message))
            return NULL;
        if (message.first[SIPWHY_HEADER_IDENTITY])
            return hop;
    }
    return NULL;
}

static void find_missing(const SipwhySigned *request, GPtrArray *findings)
{
    const SipwhyTransaction *after = NULL;
    const SipwhyTransaction *earlier = find_identity_before(request->transaction, &after);
    SipwhyFinding *finding;

    if (!earlier) {
        add(request, findings, SIPWHY_FINDING_IDENTITY_MISSING, SIPWHY_WORDING_IDENTITY_MISSING);
        return;
    }
    finding = add(request, findings, SIPWHY_FINDING_IDENTITY_MISSING,
                  SIPWHY_WORDING_IDENTITY_MISSING_DROPPED);
    sipwhy_finding_set(finding, "request", "%u", after->request.frame);
    sipwhy_finding_set(finding, "earlier", "%u", earlier->request.frame);
    sipwhy_finding_set_endpoint(finding, "element", &after->client);
    sipwhy_finding_prove(finding, after->request.frame);
    sipwhy_finding_prove(finding, earlier->request.frame);
}

/* Whether each value has a type; they are listed in `types`. */
static bool list_types(const SipwhySigned *request, GString *types)
{
    for (unsigned i = 0; i < request->count; i++) {
        SipwhySlice type = sipwhy_signed_type(request, i);
        if (type.length == 0)
            return false;
        if (i > 0)
            g_string_append(types, ", ");
        g_string_append_len(types, type.data, (gssize)MIN(type.length, 20));
    }
    return true;
}

static void explain_use_identity(const SipwhySigned *request, GPtrArray *findings)
{
    const unsigned before = findings->len;

    if (request->count == 0) {
        if (!request->cut)
            find_missing(request, findings);
        return;
    }
    GString *types = g_string_new(NULL);
    if (list_types(request, types)) {
        SipwhyFinding *finding = add(request, findings, SIPWHY_FINDING_IDENTITY_TYPE_UNSUPPORTED,
                                     SIPWHY_WORDING_IDENTITY_TYPE_UNSUPPORTED);
        sipwhy_finding_set_slice(finding, "types", (SipwhySlice){types->str, types->len});
    } else {
        sipwhy_find_broken_token(request, findings);
        if (findings->len == before) {
            SipwhyFinding *finding = add(request, findings, SIPWHY_FINDING_IDENTITY_IGNORED,
                                         SIPWHY_WORDING_IDENTITY_IGNORED);
            sipwhy_finding_set_endpoint(finding, "server", &request->transaction->server);
        }
    }
    g_string_free(types, TRUE);
    sipwhy_find_broken_chain(request, findings);
}

/* 436 and 437: the certificate. */

static void explain_info(const SipwhySigned *request, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = request->transaction;

    sipwhy_find_info(request, findings);
    if (request->count == 0 ||
        sipwhy_findings_have(findings, SIPWHY_FINDING_IDENTITY_INFO_UNUSABLE))
        return;
    sipwhy_find_broken_token(request, findings);
    if (request->identity[0].info.length == 0 || transaction->final.frame == 0)
        return;
    SipwhyFinding *finding = add(request, findings, SIPWHY_FINDING_IDENTITY_INFO_UNUSABLE,
                                 SIPWHY_WORDING_IDENTITY_INFO_UNUSABLE);
    sipwhy_finding_set_slice(finding, "info", request->identity[0].info);
    sipwhy_finding_set_duration(finding, "wait", transaction->final.time - request->time);
}

static void explain_credential(const SipwhySigned *request, GPtrArray *findings)
{
    unsigned before = findings->len;

    if (request->count == 0)
        return;
    sipwhy_find_algorithm(request, findings);
    sipwhy_find_broken_token(request, findings);
    if (findings->len > before || request->cut || request->identity[0].info.length == 0)
        return;
    SipwhyFinding *finding = add(request, findings, SIPWHY_FINDING_IDENTITY_CREDENTIAL_REFUSED,
                                 SIPWHY_WORDING_IDENTITY_CREDENTIAL_REFUSED);
    sipwhy_finding_set_slice(finding, "info", request->identity[0].info);
}

/* What came of it: the request once more. */

static bool has_full_form(const SipwhyMessage *request)
{
    SipwhySlice rest = {0};
    size_t position = 0;
    SipwhyIdentity identity;

    for (unsigned i = 0;
         i < SIPWHY_IDENTITIES_MOST && sipwhy_identity_next(request, &position, &rest, &identity);
         i++)
        if (identity.dots == 2 && identity.payload.length > 0)
            return true;
    return false;
}

/* The request once more, after the refusal and with its own final response. A proxy that signs
 * repeats it with the same CSeq (RFC 8224 6.1.1). */
static bool is_retry(const SipwhyTransaction *first, const SipwhyTransaction *later)
{
    return later->method == first->method && later->request.frame != 0 && later->status != 0 &&
           later->to_tag == first->to_tag && later->from_tag == first->from_tag &&
           sipwhy_same_address(&later->client, &first->client) && later->cseq >= first->cseq &&
           later->request.time >= first->final.time;
}

static void prove_retry(SipwhyFinding *finding, const SipwhyTransaction *later)
{
    sipwhy_finding_set(finding, "retry", "%u", later->request.frame);
    sipwhy_finding_set(finding, "answer", "%u", later->status);
    sipwhy_finding_set(finding, "final", "%u", later->final.frame);
    sipwhy_finding_prove(finding, later->request.frame);
    sipwhy_finding_prove(finding, later->final.frame);
}

static bool is_compact(const SipwhySigned *request)
{
    for (unsigned i = 0; i < request->count; i++)
        if (request->passport[i].state != SIPWHY_PASSPORT_COMPACT)
            return false;
    return request->count > 0;
}

/* What a later request makes of the refused one. */
static bool judge_retry(const SipwhySigned *request, const SipwhyTransaction *later,
                        GPtrArray *findings)
{
    const bool accepted = later->status >= FIRST_FINAL && later->status < FIRST_REFUSAL;
    SipwhyMessage message;
    SipwhyFinding *finding = NULL;

    if (accepted && !sipwhy_same_address(&later->server, &request->transaction->server)) {
        if (request->count > 0) {
            finding = add(request, findings, SIPWHY_FINDING_IDENTITY_PASSED,
                          SIPWHY_WORDING_IDENTITY_PASSED_ROUTE);
            sipwhy_finding_set_endpoint(finding, "server", &later->server);
            prove_retry(finding, later);
        }
        return finding != NULL;
    }
    if (!sipwhy_kept_message(later->kept_request, &message) ||
        is_request_cut(request->subject->trace, later, &message))
        return false;
    const bool has_identity = message.first[SIPWHY_HEADER_IDENTITY] != 0;
    if (accepted && request->count == 0 && has_identity)
        finding = add(request, findings, SIPWHY_FINDING_IDENTITY_REPAIRED,
                      SIPWHY_WORDING_IDENTITY_REPAIRED_SIGNED);
    else if (accepted && is_compact(request) && has_full_form(&message))
        finding = add(request, findings, SIPWHY_FINDING_IDENTITY_REPAIRED,
                      SIPWHY_WORDING_IDENTITY_REPAIRED);
    else if (accepted && request->count > 0 && !has_identity)
        finding =
            add(request, findings, SIPWHY_FINDING_IDENTITY_PASSED, SIPWHY_WORDING_IDENTITY_PASSED);
    else if (!accepted && later->status == request->subject->event->status &&
             later->status == INVALID_IDENTITY && is_compact(request) && has_full_form(&message))
        finding = add(request, findings, SIPWHY_FINDING_IDENTITY_COMPACT,
                      SIPWHY_WORDING_IDENTITY_COMPACT_AGAIN);
    if (finding)
        prove_retry(finding, later);
    return finding != NULL;
}

/* Returns whether the refusal was repaired, so that nothing more is to be said. */
static bool find_retry(const SipwhySigned *request, GPtrArray *findings)
{
    const SipwhyTransaction *later = request->transaction->next;

    for (unsigned i = 0; later && i < SIPWHY_LOOK_MOST; i++, later = later->next)
        if (is_retry(request->transaction, later) && judge_retry(request, later, findings))
            break;
    return sipwhy_findings_have(findings, SIPWHY_FINDING_IDENTITY_REPAIRED);
}

/* 403 and 438: the token. */

static void explain_stale(const SipwhySigned *request, GPtrArray *findings)
{
    const char *claim;
    int64_t seconds;
    SipwhyMessage response;

    sipwhy_find_stale(request, findings);
    if (sipwhy_findings_have(findings, SIPWHY_FINDING_IDENTITY_STALE) ||
        !sipwhy_signed_time(request, &seconds, &claim) ||
        !read_response(request->subject, &response) ||
        !sipwhy_slice_contains(response.phrase, "stale"))
        return;
    int64_t age = request->time - seconds * G_USEC_PER_SEC;
    SipwhyFinding *finding = add(request, findings, SIPWHY_FINDING_IDENTITY_CLOCK_DIFFERS,
                                 SIPWHY_WORDING_IDENTITY_CLOCK_DIFFERS);
    sipwhy_finding_set(finding, "claim", "%s", claim);
    sipwhy_finding_set_duration(finding, "age", ABS(age));
}

static void explain_invalid(const SipwhySigned *request, GPtrArray *findings)
{
    const unsigned before = findings->len;
    const char *header;

    sipwhy_find_broken_token(request, findings);
    sipwhy_find_rewritten(request, findings);
    sipwhy_find_stale(request, findings);
    sipwhy_find_broken_chain(request, findings);
    sipwhy_find_algorithm(request, findings);
    if (!sipwhy_findings_have(findings, SIPWHY_FINDING_IDENTITY_COMPACT))
        sipwhy_find_compact(request, findings);
    if (!sipwhy_findings_have(findings, SIPWHY_FINDING_IDENTITY_COMPACT) && is_compact(request))
        add(request, findings, SIPWHY_FINDING_IDENTITY_COMPACT, SIPWHY_WORDING_IDENTITY_COMPACT);
    if (findings->len > before || request->cut || !sipwhy_signed_fits(request, &header))
        return;
    SipwhyFinding *finding = add(request, findings, SIPWHY_FINDING_IDENTITY_CLAIMS_FIT,
                                 SIPWHY_WORDING_IDENTITY_CLAIMS_FIT);
    sipwhy_finding_set(finding, "header", "%s", header);
}

/* 433: the caller hides. */

/* The display name of From, without quotes. */
static SipwhySlice display_name(SipwhySlice from)
{
    const char *open = from.length > 0 ? memchr(from.data, '<', from.length) : NULL;
    SipwhySlice name = {from.data, open ? (size_t)(open - from.data) : 0};

    name = sipwhy_slice_strip(name);
    if (name.length >= 2 && name.data[0] == '"' && name.data[name.length - 1] == '"')
        name = (SipwhySlice){name.data + 1, name.length - 2};
    return name;
}

static bool has_anonymous_uri(SipwhySlice from)
{
    SipwhySlice host = sipwhy_slice_host(sipwhy_slice_uri(from));
    SipwhySlice domain = slice_of(".anonymous.invalid");

    if (sipwhy_slice_is(host, "anonymous.invalid"))
        return true;
    return host.length > domain.length &&
           sipwhy_slice_is((SipwhySlice){host.data + host.length - domain.length, domain.length},
                           domain.data);
}

/* Whether Privacy has one of the values that hide the caller. */
static bool hides_caller(SipwhySlice privacy)
{
    bool found = false;

    while (privacy.length > 0 && !found) {
        const char *end = memchr(privacy.data, ';', privacy.length);
        size_t length = end ? (size_t)(end - privacy.data) : privacy.length;
        SipwhySlice value = sipwhy_slice_strip((SipwhySlice){privacy.data, length});
        found = sipwhy_slice_is(value, "id") || sipwhy_slice_is(value, "user");
        length = MIN(length + 1, privacy.length);
        privacy = (SipwhySlice){privacy.data + length, privacy.length - length};
    }
    return found;
}

/* What makes a request anonymous (RFC 5079 3); false: nothing. */
static bool is_anonymous(const SipwhyMessage *request, SipwhyWording *wording, SipwhySlice *from,
                         SipwhySlice *privacy)
{
    *from = (SipwhySlice){0};
    *privacy = (SipwhySlice){0};
    sipwhy_message_first(request, SIPWHY_HEADER_FROM, from);
    sipwhy_message_first(request, SIPWHY_HEADER_PRIVACY, privacy);
    if (has_anonymous_uri(*from))
        *wording = SIPWHY_WORDING_IDENTITY_WITHHELD;
    else if (hides_caller(*privacy))
        *wording = SIPWHY_WORDING_IDENTITY_WITHHELD_PRIVACY;
    else if (sipwhy_slice_is(display_name(*from), "Anonymous"))
        *wording = SIPWHY_WORDING_IDENTITY_WITHHELD_NAME;
    else
        return false;
    return true;
}

static void explain_anonymity(const SipwhySigned *request, GPtrArray *findings)
{
    SipwhyWording wording;
    SipwhySlice from;
    SipwhySlice privacy;
    SipwhySlice before = {0};
    SipwhyMessage message;
    const SipwhyTransaction *earlier = sipwhy_transaction_received(request->transaction);

    if (!is_anonymous(&request->request, &wording, &from, &privacy))
        return;
    if (earlier && sipwhy_kept_message(earlier->kept_request, &message) &&
        !is_request_cut(request->subject->trace, earlier, &message)) {
        SipwhyWording other;
        SipwhySlice none;
        if (is_anonymous(&message, &other, &before, &none))
            before = (SipwhySlice){0};
    }
    if (before.length > 0)
        wording = SIPWHY_WORDING_IDENTITY_WITHHELD_CHANGED;
    SipwhyFinding *finding = add(request, findings, SIPWHY_FINDING_IDENTITY_WITHHELD, wording);
    sipwhy_finding_set_slice(finding, "from", sipwhy_slice_uri(from));
    sipwhy_finding_set_slice(finding, "privacy", privacy);
    if (before.length == 0)
        return;
    sipwhy_finding_set_slice(finding, "before", sipwhy_slice_uri(before));
    sipwhy_finding_set_endpoint(finding, "element", &request->transaction->client);
    sipwhy_finding_set(finding, "earlier", "%u", earlier->request.frame);
    sipwhy_finding_prove(finding, earlier->request.frame);
}

/* 608: blocked by analytics. */

static void explain_contact(const SipwhySubject *subject, GPtrArray *findings)
{
    SipwhyMessage response;
    SipwhySlice rest = {0};
    SipwhySlice value;
    SipwhySlice purpose;
    size_t position = 0;
    SipwhySlice contact = {0};

    if (!read_response(subject, &response))
        return;
    while (contact.length == 0 &&
           sipwhy_message_next_value(&response, SIPWHY_HEADER_CALL_INFO, &position, &rest, &value))
        if (sipwhy_slice_parameter(value, "purpose", &purpose) &&
            sipwhy_slice_is(purpose, "jwscard"))
            contact = sipwhy_slice_uri(value);
    if (contact.length == 0 && (response.cut || subject->event->cut))
        return;
    SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_BLOCKED_BY_ANALYTICS);
    if (contact.length == 0)
        sipwhy_finding_word(finding, SIPWHY_WORDING_BLOCKED_BY_ANALYTICS_NOBODY);
    sipwhy_finding_set_slice(finding, "contact", contact);
}

static void explain_rating(const SipwhySigned *request, GPtrArray *findings)
{
    bool vouched = false;
    const char *attest = NULL;

    if (request->cut)
        return;
    if (request->count == 0) {
        add(request, findings, SIPWHY_FINDING_IDENTITY_WEAK, SIPWHY_WORDING_IDENTITY_WEAK);
        return;
    }
    for (unsigned i = 0; i < request->count; i++) {
        const char *level = request->passport[i].attest;
        vouched = vouched || g_strcmp0(level, "A") == 0;
        if (g_strcmp0(level, "B") == 0 || g_strcmp0(level, "C") == 0)
            attest = level;
    }
    if (vouched || !attest)
        return;
    SipwhyFinding *finding =
        add(request, findings, SIPWHY_FINDING_IDENTITY_WEAK, SIPWHY_WORDING_IDENTITY_WEAK_ATTEST);
    sipwhy_finding_set(finding, "attest", "%s", attest);
}

/* Reason: STIR;cause=438 in a response (RFC 9410). */

static void set_meaning(SipwhyFinding *finding, SipwhySlice value)
{
    const SipwhyGivenReason given = sipwhy_reason_read(value);

    if (given.listed)
        sipwhy_finding_set_meaning(finding, "meaning", &given);
    else
        sipwhy_finding_set_word(finding, "meaning", SIPWHY_TEXT_VALUE_IDENTITY_FAULT);
}

static void find_verdict(const SipwhySubject *subject, GPtrArray *findings)
{
    const unsigned status = subject->event->status;
    SipwhyMessage response;
    SipwhySlice rest = {0};
    SipwhySlice value;
    SipwhySlice cause;
    size_t position = 0;
    unsigned number;
    unsigned count = 0;

    if (!read_response(subject, &response) || !response.first[SIPWHY_HEADER_REASON])
        return;
    while (count < VERDICTS_MOST &&
           sipwhy_message_next_value(&response, SIPWHY_HEADER_REASON, &position, &rest, &value)) {
        SipwhySlice protocol = value;
        const char *semicolon = value.length > 0 ? memchr(value.data, ';', value.length) : NULL;
        if (!semicolon)
            continue;
        protocol.length = (size_t)(semicolon - value.data);
        if (!sipwhy_slice_is(sipwhy_slice_strip(protocol), "STIR") ||
            !sipwhy_slice_parameter(value, "cause", &cause) ||
            !sipwhy_slice_number(cause, &number) || number == status)
            continue;
        SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_IDENTITY_VERDICT);
        if (status >= FIRST_REFUSAL)
            sipwhy_finding_word(finding, SIPWHY_WORDING_IDENTITY_VERDICT_REFUSED);
        sipwhy_finding_set(finding, "cause", "%u", number);
        sipwhy_finding_set(finding, "status", "%u", status);
        set_meaning(finding, value);
        count++;
    }
}

/* Which message says what. */

static void explain_refusal(const SipwhySigned *request, GPtrArray *findings)
{
    switch (request->subject->event->status) {
    case STALE_DATE:
        explain_stale(request, findings);
        break;
    case USE_IDENTITY:
        explain_use_identity(request, findings);
        break;
    case BAD_IDENTITY_INFO:
        explain_info(request, findings);
        break;
    case UNSUPPORTED_CREDENTIAL:
        explain_credential(request, findings);
        break;
    case INVALID_IDENTITY:
        explain_invalid(request, findings);
        break;
    case ANONYMITY_DISALLOWED:
        explain_anonymity(request, findings);
        break;
    default:
        explain_rating(request, findings);
        break;
    }
}

/* Whether a refusal is about who calls. */
static bool is_about_identity(unsigned status)
{
    return status == STALE_DATE || status == USE_IDENTITY || status == ANONYMITY_DISALLOWED ||
           status == BAD_IDENTITY_INFO || status == UNSUPPORTED_CREDENTIAL ||
           status == INVALID_IDENTITY || status == REJECTED;
}

/* Whether it is the signature alone: a 403 may have any reason. */
static bool is_about_signature(unsigned status)
{
    return status == USE_IDENTITY || status == BAD_IDENTITY_INFO ||
           status == UNSUPPORTED_CREDENTIAL || status == INVALID_IDENTITY;
}

static void find_in_response(const SipwhySubject *subject, GPtrArray *findings)
{
    const unsigned status = subject->event->status;
    SipwhySigned request = {0};

    find_verdict(subject, findings);
    if (!is_about_identity(status))
        return;
    if (status == REJECTED)
        explain_contact(subject, findings);
    if (subject->transaction && read_request(subject, deciding_hop(subject), &request)) {
        if (!is_about_signature(status) || !find_retry(&request, findings))
            explain_refusal(&request, findings);
    }
    sipwhy_signed_clear(&request);
}

static void find_in_request(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;
    SipwhySigned request = {.subject = subject,
                            .transaction = transaction,
                            .frame = subject->event->frame,
                            .time = subject->event->time,
                            .cut = subject->event->cut};

    if (subject->message)
        request.request = *subject->message;
    else if (!transaction || subject->event->method != transaction->method ||
             !sipwhy_kept_message(transaction->kept_request, &request.request))
        return;
    if (!request.request.first[SIPWHY_HEADER_IDENTITY])
        return;
    if (transaction && transaction->request.frame != 0)
        request.time = transaction->request.time;
    request.cut = request.cut || request.request.cut;
    sipwhy_signed_read(&request);
    sipwhy_find_broken_token(&request, findings);
    sipwhy_find_rewritten(&request, findings);
    sipwhy_find_stale(&request, findings);
    sipwhy_find_broken_chain(&request, findings);
    sipwhy_find_algorithm(&request, findings);
    sipwhy_find_info(&request, findings);
    sipwhy_find_compact(&request, findings);
    sipwhy_signed_clear(&request);
}

void sipwhy_rule_identity(const SipwhySubject *subject, GPtrArray *findings)
{
    if (subject->event->quoted)
        return;
    if (subject->event->status == 0)
        find_in_request(subject, findings);
    else
        find_in_response(subject, findings);
}
