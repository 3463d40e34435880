/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules: what one side asks for and the other one lacks - extensions (420, 421), event packages
 * (489), methods (405, 501), types of bodies (415, 406), INFO packages (469), published state
 * (412), priorities (417).
 */
#include "reading.h"
#include "rules.h"

#include <string.h>

enum { HOPS_MOST = 8, TAGS_MOST = 64 /* of a response that are looked for in its request */ };

/* What rules of this file look at. */
typedef struct {
    const SipwhySubject *subject;
    const SipwhyMessage *response;
    SipwhyMessage request;
    bool seen;           /* there is a request */
    bool request_whole;  /* what it lacks, it lacks */
    bool response_whole; /* likewise */
} Refusal;

static SipwhyFinding *add_finding(GPtrArray *findings, const Refusal *refusal, SipwhyFindingId id)
{
    const SipwhyTransaction *transaction = refusal->subject->transaction;
    SipwhyFinding *finding = sipwhy_findings_add(findings, id);

    sipwhy_finding_set_endpoint(finding, "server", &transaction->server);
    sipwhy_finding_set_method(finding, refusal->subject, refusal->response);
    sipwhy_finding_set(finding, "request", "%u", transaction->request.frame);
    if (refusal->seen)
        sipwhy_finding_prove(finding, transaction->request.frame);
    return finding;
}

/* Extensions. */

/* Whether any of a response's tags stands in a header of a request; none at all: no. */
static bool lists_any(const SipwhyMessage *request, SipwhyHeaderId header,
                      const SipwhyMessage *response, SipwhyHeaderId tags)
{
    size_t position = 0;
    SipwhySlice rest = {0};
    SipwhySlice tag;

    for (unsigned i = 0;
         i < TAGS_MOST && sipwhy_message_next_value(response, tags, &position, &rest, &tag); i++) {
        char *name = g_strndup(tag.data, tag.length);
        const bool found = name[0] != '\0' && sipwhy_message_lists(request, header, name);
        g_free(name);
        if (found)
            return true;
    }
    return false;
}

/* What the request of one hop has to do with the tags of Unsupported. */
static bool word_unsupported(SipwhyFinding *finding, const SipwhyMessage *request,
                             const SipwhyMessage *response, const SipwhyValueList *tags)
{
    if (lists_any(request, SIPWHY_HEADER_REQUIRE, response, SIPWHY_HEADER_UNSUPPORTED)) {
        if (strcmp(tags->text, "100rel") == 0 && sipwhy_slice_is(request->method, "INVITE"))
            sipwhy_finding_word(finding, SIPWHY_WORDING_EXTENSION_UNSUPPORTED_RELIABLE);
        else
            sipwhy_finding_word(finding, SIPWHY_WORDING_EXTENSION_UNSUPPORTED);
        return true;
    }
    if (lists_any(request, SIPWHY_HEADER_PROXY_REQUIRE, response, SIPWHY_HEADER_UNSUPPORTED)) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_EXTENSION_UNSUPPORTED_PROXY);
        return true;
    }
    /* RFC 3327 5.3: nobody requires it, yet it is refused */
    if (sipwhy_message_lists(response, SIPWHY_HEADER_UNSUPPORTED, "path") &&
        request->first[SIPWHY_HEADER_PATH] &&
        !sipwhy_message_lists(request, SIPWHY_HEADER_SUPPORTED, "path")) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_EXTENSION_UNSUPPORTED_PATH);
        return true;
    }
    return false;
}

/* Looks for the hop on which the tags are required: a proxy on the way may have put them in. */
static void trace_unsupported(SipwhyFinding *finding, const Refusal *refusal,
                              const SipwhyValueList *tags)
{
    const SipwhyTransaction *hop = refusal->subject->transaction;
    SipwhyMessage request = refusal->request;

    for (unsigned i = 0; i < HOPS_MOST; i++) {
        if (word_unsupported(finding, &request, refusal->response, tags)) {
            sipwhy_finding_set(finding, "request", "%u", hop->request.frame);
            sipwhy_finding_prove(finding, hop->request.frame);
            sipwhy_finding_set_endpoint(finding, "server", &hop->server);
            return;
        }
        hop = sipwhy_transaction_forwarded(hop);
        if (!hop || !sipwhy_kept_message(hop->kept_request, &request))
            break;
    }
    sipwhy_finding_word(finding, refusal->request_whole
                                     ? SIPWHY_WORDING_EXTENSION_UNSUPPORTED_UNASKED
                                     : SIPWHY_WORDING_EXTENSION_UNSUPPORTED_UNSEEN);
}

static void find_unsupported(const Refusal *refusal, GPtrArray *findings)
{
    SipwhyValueList tags = {0};
    SipwhyFinding *finding;

    sipwhy_list_header(&tags, refusal->response, SIPWHY_HEADER_UNSUPPORTED);
    if (tags.count > 0) {
        finding = add_finding(findings, refusal, SIPWHY_FINDING_EXTENSION_UNSUPPORTED);
        sipwhy_finding_set(finding, "tags", "%s", tags.text);
        if (refusal->seen)
            trace_unsupported(finding, refusal, &tags);
        else
            sipwhy_finding_word(finding, SIPWHY_WORDING_EXTENSION_UNSUPPORTED_UNSEEN);
        return;
    }
    if (!refusal->seen || !refusal->response_whole)
        return;
    sipwhy_list_header(&tags, &refusal->request, SIPWHY_HEADER_REQUIRE);
    sipwhy_list_header(&tags, &refusal->request, SIPWHY_HEADER_PROXY_REQUIRE);
    if (tags.count == 0)
        return;
    finding = add_finding(findings, refusal, SIPWHY_FINDING_EXTENSION_UNSUPPORTED);
    sipwhy_finding_word(finding, SIPWHY_WORDING_EXTENSION_UNSUPPORTED_UNNAMED);
    sipwhy_finding_set(finding, "tags", "%s", tags.text);
}

/* The tags of Require in a response that Supported of the request lacks. */
static void list_missing(SipwhyValueList *tags, const Refusal *refusal)
{
    size_t position = 0;
    SipwhySlice rest = {0};
    SipwhySlice tag;

    for (unsigned i = 0;
         i < TAGS_MOST && sipwhy_message_next_value(refusal->response, SIPWHY_HEADER_REQUIRE,
                                                    &position, &rest, &tag);
         i++) {
        char *name = g_strndup(tag.data, tag.length);
        if (!sipwhy_message_lists(&refusal->request, SIPWHY_HEADER_SUPPORTED, name))
            sipwhy_list_add(tags, tag);
        g_free(name);
    }
}

static void find_required(const Refusal *refusal, GPtrArray *findings)
{
    SipwhyValueList demanded = {0};
    SipwhyValueList missing = {0};

    sipwhy_list_header(&demanded, refusal->response, SIPWHY_HEADER_REQUIRE);
    if (demanded.count == 0)
        return;
    SipwhyFinding *finding = add_finding(findings, refusal, SIPWHY_FINDING_EXTENSION_REQUIRED);
    sipwhy_finding_set(finding, "tags", "%s", demanded.text);
    if (!refusal->request_whole) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_EXTENSION_REQUIRED_UNSEEN);
        return;
    }
    list_missing(&missing, refusal);
    if (missing.count == 0)
        sipwhy_finding_word(finding, SIPWHY_WORDING_EXTENSION_REQUIRED_OFFERED);
    else if (strcmp(missing.text, "sec-agree") == 0)
        sipwhy_finding_word(finding, SIPWHY_WORDING_EXTENSION_REQUIRED_AGREEMENT);
    if (missing.count > 0)
        sipwhy_finding_set(finding, "tags", "%s", missing.text);
}

/* Event packages. */

/* How the list of a response stands to a package, which is compared byte by byte (RFC 6665 8.2.1).
 */
static SipwhyWording compare_event(const SipwhyMessage *response, SipwhySlice event)
{
    size_t position = 0;
    SipwhySlice rest = {0};
    SipwhySlice value;
    SipwhyWording wording = response->first[SIPWHY_HEADER_ALLOW_EVENTS]
                                ? SIPWHY_WORDING_EVENT_UNSUPPORTED
                                : SIPWHY_WORDING_EVENT_UNSUPPORTED_UNLISTED;
    char *name = g_strndup(event.data, event.length);

    while (
        sipwhy_message_next_value(response, SIPWHY_HEADER_ALLOW_EVENTS, &position, &rest, &value)) {
        if (sipwhy_slice_equal(sipwhy_slice_bare(value), event))
            wording = SIPWHY_WORDING_EVENT_UNSUPPORTED_LISTED;
        else if (sipwhy_slice_is(sipwhy_slice_bare(value), name) &&
                 wording != SIPWHY_WORDING_EVENT_UNSUPPORTED_LISTED)
            wording = SIPWHY_WORDING_EVENT_UNSUPPORTED_CASE;
    }
    g_free(name);
    return wording;
}

static void find_event(const Refusal *refusal, GPtrArray *findings)
{
    SipwhyValueList events = {0};
    SipwhySlice event = {0};
    SipwhyWording wording;

    sipwhy_list_header(&events, refusal->response, SIPWHY_HEADER_ALLOW_EVENTS);
    if (refusal->seen && sipwhy_message_first(&refusal->request, SIPWHY_HEADER_EVENT, &event)) {
        event = sipwhy_slice_bare(event);
        wording = refusal->subject->event->method == SIPWHY_METHOD_NOTIFY
                      ? SIPWHY_WORDING_EVENT_UNSUPPORTED_NOTIFY
                      : compare_event(refusal->response, event);
    } else if (refusal->request_whole) {
        wording = SIPWHY_WORDING_EVENT_UNSUPPORTED_MISSING;
    } else if (events.count > 0 && refusal->subject->event->method != SIPWHY_METHOD_NOTIFY) {
        wording = SIPWHY_WORDING_EVENT_UNSUPPORTED_UNSEEN;
    } else {
        return;
    }
    if (wording == SIPWHY_WORDING_EVENT_UNSUPPORTED_UNLISTED && !refusal->response_whole)
        return;
    SipwhyFinding *finding = add_finding(findings, refusal, SIPWHY_FINDING_EVENT_UNSUPPORTED);
    sipwhy_finding_word(finding, wording);
    sipwhy_finding_set_slice(finding, "event", event);
    sipwhy_finding_set(finding, "events", "%s", events.text);
}

/* Methods. */

/* The method that is meant by one in other letters: "INVITE" for "Invite"; NULL: none, or right. */
static const char *misspelt_method(SipwhySlice method)
{
    char *upper = g_ascii_strup(method.data, (gssize)method.length);
    SipwhyMethod found = sipwhy_method_find((SipwhySlice){upper, strlen(upper)});

    g_free(upper);
    return sipwhy_method_find(method) == SIPWHY_METHOD_OTHER ? sipwhy_method_name(found) : NULL;
}

static SipwhyWording word_method(const Refusal *refusal, SipwhySlice method, bool listed)
{
    if (refusal->seen && misspelt_method(method))
        return SIPWHY_WORDING_METHOD_UNSUPPORTED_CASE;
    if (refusal->response->status == 501)
        return SIPWHY_WORDING_METHOD_UNSUPPORTED_UNKNOWN;
    if (listed)
        return SIPWHY_WORDING_METHOD_UNSUPPORTED_LISTED;
    return refusal->response->first[SIPWHY_HEADER_ALLOW]
               ? SIPWHY_WORDING_METHOD_UNSUPPORTED
               : SIPWHY_WORDING_METHOD_UNSUPPORTED_UNNAMED;
}

static void find_method(const Refusal *refusal, GPtrArray *findings)
{
    SipwhySlice method =
        sipwhy_message_method(refusal->seen ? &refusal->request : refusal->response);
    SipwhyValueList allow = {0};

    if (method.length == 0 || sipwhy_findings_have(findings, SIPWHY_FINDING_PING_REFUSED))
        return;
    /* everybody knows INVITE: a 501 to it refuses something inside (Q.850 29 and 79, for example)
     */
    if (refusal->response->status == 501 && sipwhy_slice_is(method, "INVITE") &&
        !misspelt_method(method))
        return;
    char *name = g_strndup(method.data, method.length);
    const bool listed = sipwhy_message_lists(refusal->response, SIPWHY_HEADER_ALLOW, name);
    g_free(name);
    if (!listed && sipwhy_findings_have(findings, SIPWHY_FINDING_REFER_REFUSED))
        return;
    const SipwhyWording wording = word_method(refusal, method, listed);
    if (wording == SIPWHY_WORDING_METHOD_UNSUPPORTED_UNNAMED && !refusal->response_whole)
        return;
    sipwhy_list_header(&allow, refusal->response, SIPWHY_HEADER_ALLOW);
    SipwhyFinding *finding = add_finding(findings, refusal, SIPWHY_FINDING_METHOD_UNSUPPORTED);
    sipwhy_finding_word(finding, wording);
    sipwhy_finding_set_slice(finding, "method", method);
    sipwhy_finding_set(finding, "allow", "%s", allow.text);
    const char *known = misspelt_method(method);
    sipwhy_finding_set(finding, "known", "%s", known ? known : "");
    if (refusal->seen)
        sipwhy_finding_set_slice(finding, "uri", refusal->request.uri);
    else
        sipwhy_finding_set_word(finding, "uri", SIPWHY_TEXT_VALUE_THIS_ADDRESS);
}

/* Types of bodies. */

/* Whether an Accept header has a type, or a range with it (RFC 3261 20.1). */
static bool accepts_type(const SipwhyMessage *message, SipwhySlice type)
{
    const char *slash = memchr(type.data, '/', type.length);
    const size_t main_type = slash ? (size_t)(slash - type.data) + 1 : type.length;
    char *range = g_strdup_printf("%.*s*", (int)MIN(main_type, 128), type.data);
    char *name = g_strndup(type.data, type.length);
    const bool found = sipwhy_message_lists(message, SIPWHY_HEADER_ACCEPT, name) ||
                       sipwhy_message_lists(message, SIPWHY_HEADER_ACCEPT, range) ||
                       sipwhy_message_lists(message, SIPWHY_HEADER_ACCEPT, "*/*");

    g_free(name);
    g_free(range);
    return found;
}

/* A property of the body that the response lists what it takes of, and that is not among it. */
static bool is_refused(const Refusal *refusal, SipwhyHeaderId property, SipwhyHeaderId accepted,
                       SipwhySlice *value)
{
    if (!refusal->response->first[accepted] ||
        !sipwhy_message_first(&refusal->request, property, value))
        return false;
    *value = sipwhy_slice_bare(*value);
    char *name = g_strndup(value->data, value->length);
    const bool listed = sipwhy_message_lists(refusal->response, accepted, name);
    g_free(name);
    return !listed;
}

static SipwhyWording word_body(const Refusal *refusal, SipwhySlice *value, SipwhyHeaderId *accepted)
{
    *accepted = SIPWHY_HEADER_ACCEPT_ENCODING;
    if (is_refused(refusal, SIPWHY_HEADER_CONTENT_ENCODING, *accepted, value))
        return SIPWHY_WORDING_MEDIA_TYPE_UNSUPPORTED_ENCODING;
    *accepted = SIPWHY_HEADER_ACCEPT_LANGUAGE;
    if (is_refused(refusal, SIPWHY_HEADER_CONTENT_LANGUAGE, *accepted, value))
        return SIPWHY_WORDING_MEDIA_TYPE_UNSUPPORTED_LANGUAGE;
    *accepted = SIPWHY_HEADER_ACCEPT;
    if (!sipwhy_message_first(&refusal->request, SIPWHY_HEADER_CONTENT_TYPE, value) ||
        value->length == 0)
        return SIPWHY_WORDING_MEDIA_TYPE_UNSUPPORTED_UNTYPED;
    *value = sipwhy_slice_bare(*value);
    if (!refusal->response->first[SIPWHY_HEADER_ACCEPT])
        return SIPWHY_WORDING_MEDIA_TYPE_UNSUPPORTED_UNNAMED;
    return accepts_type(refusal->response, *value) ? SIPWHY_WORDING_MEDIA_TYPE_UNSUPPORTED_LISTED
                                                   : SIPWHY_WORDING_MEDIA_TYPE_UNSUPPORTED;
}

/* What is accepted; `nothing` says that no type is. */
static void set_accepted(SipwhyFinding *finding, const SipwhyValueList *accepted,
                         SipwhyText nothing)
{
    if (accepted->count > 0)
        sipwhy_finding_set(finding, "accept", "%s", accepted->text);
    else
        sipwhy_finding_set_word(finding, "accept", nothing);
}

/* The request is not there: only what the server takes can be told. */
static void find_body_unseen(const Refusal *refusal, GPtrArray *findings)
{
    SipwhyValueList accept = {0};

    sipwhy_list_header(&accept, refusal->response, SIPWHY_HEADER_ACCEPT);
    sipwhy_list_header(&accept, refusal->response, SIPWHY_HEADER_ACCEPT_ENCODING);
    sipwhy_list_header(&accept, refusal->response, SIPWHY_HEADER_ACCEPT_LANGUAGE);
    if (accept.count == 0)
        return;
    SipwhyFinding *finding = add_finding(findings, refusal, SIPWHY_FINDING_MEDIA_TYPE_UNSUPPORTED);
    sipwhy_finding_word(finding, SIPWHY_WORDING_MEDIA_TYPE_UNSUPPORTED_UNSEEN);
    sipwhy_finding_set(finding, "accept", "%s", accept.text);
}

static void find_body(const Refusal *refusal, GPtrArray *findings)
{
    SipwhyHeaderId accepted;
    SipwhyValueList accept = {0};
    SipwhySlice value = {0};

    if (!refusal->seen) {
        find_body_unseen(refusal, findings);
        return;
    }
    SipwhyWording wording = word_body(refusal, &value, &accepted);
    sipwhy_list_header(&accept, refusal->response, accepted);
    if (wording == SIPWHY_WORDING_MEDIA_TYPE_UNSUPPORTED_UNTYPED &&
        (!refusal->request_whole || refusal->request.body.length == 0 || accept.count == 0))
        return;
    if (wording == SIPWHY_WORDING_MEDIA_TYPE_UNSUPPORTED_UNNAMED && !refusal->response_whole)
        return;
    SipwhyFinding *finding = add_finding(findings, refusal, SIPWHY_FINDING_MEDIA_TYPE_UNSUPPORTED);
    sipwhy_finding_word(finding, wording);
    sipwhy_finding_set_slice(finding, "type", value);
    sipwhy_finding_set_slice(finding, "encoding", value);
    sipwhy_finding_set_slice(finding, "language", value);
    set_accepted(finding, &accept, SIPWHY_TEXT_VALUE_NO_TYPE);
}

/* 406 is about Accept by the book; switches that mean 488 send it to INVITEs that accept SDP. */
static void find_accept(const Refusal *refusal, GPtrArray *findings)
{
    static const char sdp[] = "application/sdp";
    SipwhyValueList accept = {0};

    if (!refusal->seen || !refusal->request.first[SIPWHY_HEADER_ACCEPT])
        return;
    sipwhy_list_header(&accept, &refusal->request, SIPWHY_HEADER_ACCEPT);
    if (accepts_type(&refusal->request, (SipwhySlice){sdp, strlen(sdp)}) &&
        (refusal->subject->event->method == SIPWHY_METHOD_INVITE ||
         sipwhy_message_lists(&refusal->request, SIPWHY_HEADER_ACCEPT, "*/*")))
        return;
    SipwhyFinding *finding = add_finding(findings, refusal, SIPWHY_FINDING_MEDIA_TYPE_UNSUPPORTED);
    sipwhy_finding_word(finding, SIPWHY_WORDING_MEDIA_TYPE_UNSUPPORTED_ACCEPT);
    set_accepted(finding, &accept, SIPWHY_TEXT_VALUE_NO_BODY);
}

/* Packages of INFO. */

static void find_package(const Refusal *refusal, GPtrArray *findings)
{
    SipwhyValueList packages = {0};
    SipwhySlice package;

    if (!refusal->subject->message || !refusal->seen || !refusal->response_whole ||
        !sipwhy_message_first(&refusal->request, SIPWHY_HEADER_INFO_PACKAGE, &package))
        return;
    package = sipwhy_slice_bare(package);
    sipwhy_list_header(&packages, refusal->response, SIPWHY_HEADER_RECV_INFO);
    SipwhyFinding *finding = add_finding(findings, refusal, SIPWHY_FINDING_PACKAGE_UNSUPPORTED);
    char *name = g_strndup(package.data, package.length);
    if (packages.count == 0)
        sipwhy_finding_word(finding, SIPWHY_WORDING_PACKAGE_UNSUPPORTED_UNNAMED);
    else if (sipwhy_message_lists(refusal->response, SIPWHY_HEADER_RECV_INFO, name))
        sipwhy_finding_word(finding, SIPWHY_WORDING_PACKAGE_UNSUPPORTED_LISTED);
    g_free(name);
    sipwhy_finding_set_slice(finding, "package", package);
    sipwhy_finding_set(finding, "packages", "%s", packages.text);
}

/* Published state (RFC 3903). */

/* The request by which the client publishes anew what the server has lost. */
static const SipwhyTransaction *find_renewal(const SipwhyTransaction *refused)
{
    const SipwhyTransaction *other = refused->next;

    for (unsigned i = 0; other && i < SIPWHY_LOOK_MOST; i++, other = other->next)
        if (other->repairs == refused && other->status >= 200 && other->status < 300)
            return other;
    return NULL;
}

static void find_publication(const Refusal *refusal, GPtrArray *findings)
{
    SipwhySlice etag;

    if (!refusal->seen || refusal->subject->event->method != SIPWHY_METHOD_PUBLISH ||
        !sipwhy_message_first(&refusal->request, SIPWHY_HEADER_SIP_IF_MATCH, &etag))
        return;
    const SipwhyTransaction *renewal = find_renewal(refusal->subject->transaction);
    SipwhyFinding *finding = add_finding(findings, refusal, SIPWHY_FINDING_PUBLICATION_LOST);
    sipwhy_finding_set_slice(finding, "etag", etag);
    if (!renewal)
        return;
    sipwhy_finding_word(finding, SIPWHY_WORDING_PUBLICATION_LOST_RENEWED);
    sipwhy_finding_set(finding, "renewal", "%u", renewal->request.frame);
    sipwhy_finding_prove(finding, renewal->request.frame);
    sipwhy_finding_prove(finding, renewal->final.frame);
}

/* Priorities (RFC 4412). */

static void find_priority(const Refusal *refusal, GPtrArray *findings)
{
    SipwhyValueList values = {0};
    SipwhyValueList accepted = {0};

    if (!refusal->subject->message || !refusal->seen || !refusal->response_whole ||
        !sipwhy_message_lists(&refusal->request, SIPWHY_HEADER_REQUIRE, "resource-priority"))
        return;
    sipwhy_list_header(&values, &refusal->request, SIPWHY_HEADER_RESOURCE_PRIORITY);
    sipwhy_list_header(&accepted, refusal->response, SIPWHY_HEADER_ACCEPT_RESOURCE_PRIORITY);
    if (values.count == 0)
        return;
    SipwhyFinding *finding = add_finding(findings, refusal, SIPWHY_FINDING_PRIORITY_UNKNOWN);
    if (accepted.count == 0)
        sipwhy_finding_word(finding, SIPWHY_WORDING_PRIORITY_UNKNOWN_UNNAMED);
    sipwhy_finding_set(finding, "values", "%s", values.text);
    sipwhy_finding_set(finding, "accepted", "%s", accepted.text);
}

static const struct {
    unsigned status;
    void (*find)(const Refusal *refusal, GPtrArray *findings);
} finders[] = {
    {405, find_method},   {406, find_accept},      {412, find_publication}, {415, find_body},
    {417, find_priority}, {420, find_unsupported}, {421, find_required},    {469, find_package},
    {489, find_event},    {501, find_method},
};

void sipwhy_rule_extensions(const SipwhySubject *subject, GPtrArray *findings)
{
    SipwhyMessage kept;
    size_t i = 0;

    while (i < G_N_ELEMENTS(finders) && finders[i].status != subject->event->status)
        i++;
    if (i == G_N_ELEMENTS(finders) || !subject->transaction)
        return;
    Refusal refusal = {.subject = subject, .response = sipwhy_subject_message(subject, &kept)};
    if (!refusal.response)
        return;
    refusal.response_whole = !subject->event->cut;
    refusal.seen = sipwhy_subject_request(subject, &refusal.request);
    refusal.request_whole =
        refusal.seen && !sipwhy_trace_was_cut(subject->trace, subject->transaction->request.frame);
    finders[i].find(&refusal, findings);
}
