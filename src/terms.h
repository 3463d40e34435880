/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The closed lists of the knowledge: each term once, with the id that stands in data/.
 *
 * A list is an X macro; from it come the enumeration, the ids (terms.c), the generator's check and
 * the key of the term's label in data/<language>/interface.ini ("sender-" + id, and so on).
 */
#ifndef SIPWHY_TERMS_H
#define SIPWHY_TERMS_H

/** Who may send a response. CLIENT: the client's own stack makes it up, nothing is on the wire. */
#define SIPWHY_SENDERS(X)                        \
    X(SENDER_USER_AGENT, "user-agent")           \
    X(SENDER_REGISTRAR, "registrar")             \
    X(SENDER_PROXY, "proxy")                     \
    X(SENDER_REDIRECT_SERVER, "redirect-server") \
    X(SENDER_GATEWAY, "gateway")                 \
    X(SENDER_EVENT_SERVER, "event-server")       \
    X(SENDER_VERIFIER, "verifier")               \
    X(SENDER_LIST_SERVER, "list-server")         \
    X(SENDER_CLIENT, "client")

/** Who carries out a fix. */
#define SIPWHY_ROLES(X)            \
    X(ROLE_CALLER, "caller")       \
    X(ROLE_CALLEE, "callee")       \
    X(ROLE_CLIENT, "client")       \
    X(ROLE_SERVER, "server")       \
    X(ROLE_OPERATOR, "operator")   \
    X(ROLE_GATEWAY, "gateway")     \
    X(ROLE_BOTH, "both")           \
    X(ROLE_DEVELOPER, "developer") \
    X(ROLE_READER, "reader")

/** What a code or a finding is about. */
#define SIPWHY_CATEGORIES(X)                     \
    X(CATEGORY_PROGRESS, "progress")             \
    X(CATEGORY_SUCCESS, "success")               \
    X(CATEGORY_REDIRECTION, "redirection")       \
    X(CATEGORY_SYNTAX, "syntax")                 \
    X(CATEGORY_AUTHENTICATION, "authentication") \
    X(CATEGORY_AUTHORIZATION, "authorization")   \
    X(CATEGORY_IDENTITY, "identity")             \
    X(CATEGORY_DESTINATION, "destination")       \
    X(CATEGORY_AVAILABILITY, "availability")     \
    X(CATEGORY_REFUSAL, "refusal")               \
    X(CATEGORY_MEDIA, "media")                   \
    X(CATEGORY_ROUTING, "routing")               \
    X(CATEGORY_TIMEOUT, "timeout")               \
    X(CATEGORY_CANCELLATION, "cancellation")     \
    X(CATEGORY_DIALOG, "dialog")                 \
    X(CATEGORY_CAPABILITY, "capability")         \
    X(CATEGORY_INTERVAL, "interval")             \
    X(CATEGORY_SIZE, "size")                     \
    X(CATEGORY_OVERLOAD, "overload")             \
    X(CATEGORY_SERVER_FAILURE, "server-failure") \
    X(CATEGORY_LOCATION, "location")             \
    X(CATEGORY_STATISTICS, "statistics")         \
    X(CATEGORY_CAPTURE, "capture")               \
    X(CATEGORY_INTERWORKING, "interworking")

/** Standing of a code: BUCKET is a number of Wireshark's statistics, never on the wire. */
#define SIPWHY_STATUSES(X)             \
    X(STATUS_CURRENT, "current")       \
    X(STATUS_DEPRECATED, "deprecated") \
    X(STATUS_RESERVED, "reserved")     \
    X(STATUS_OBSOLETE, "obsolete")     \
    X(STATUS_VENDOR, "vendor")         \
    X(STATUS_DRAFT, "draft")           \
    X(STATUS_BUCKET, "bucket")

/** Whether a code stands in IANA's registry. */
#define SIPWHY_REGISTRATIONS(X)                  \
    X(REGISTRATION_UNREGISTERED, "unregistered") \
    X(REGISTRATION_REGISTERED, "registered")

/** What the client may do next (RFC 3261 8.1.3.5, 21, and the RFC of each code). */
#define SIPWHY_NEXT_STEPS(X)               \
    X(NEXT_NONE, "none")                   \
    X(NEXT_NEVER, "never")                 \
    X(NEXT_AUTO_MODIFIED, "auto-modified") \
    X(NEXT_MODIFIED, "modified")           \
    X(NEXT_LATER_SAME, "later-same")       \
    X(NEXT_OTHER_TARGET, "other-target")   \
    X(NEXT_USER_DECISION, "user-decision")

/** What a refusal inside a dialog takes down with it (RFC 5057 5.1). */
#define SIPWHY_SCOPES(X)                \
    X(SCOPE_NONE, "none")               \
    X(SCOPE_TRANSACTION, "transaction") \
    X(SCOPE_USAGE, "usage")             \
    X(SCOPE_DIALOG, "dialog")           \
    X(SCOPE_UNSETTLED, "unsettled")

/** How strongly a response has to carry a header. */
#define SIPWHY_LEVELS(X)        \
    X(LEVEL_MUST, "must")       \
    X(LEVEL_MUST_IF, "must-if") \
    X(LEVEL_SHOULD, "should")   \
    X(LEVEL_MAY, "may")

/** Severity of a class, as Wireshark's expert system knows it. */
#define SIPWHY_SEVERITIES(X) \
    X(SEVERITY_CHAT, "chat") \
    X(SEVERITY_NOTE, "note") \
    X(SEVERITY_WARN, "warn") \
    X(SEVERITY_ERROR, "error")

/** What a response does to a forking proxy's other branches (RFC 3261 16.7). */
#define SIPWHY_SEARCHES(X)           \
    X(SEARCH_CONTINUES, "continues") \
    X(SEARCH_ENDS, "ends")           \
    X(SEARCH_RECURSES, "recurses")   \
    X(SEARCH_MAY_CONTINUE, "may-continue")

/** Classes of response codes, by their first digit. */
#define SIPWHY_CLASSES(X) \
    X(CLASS_1XX, "1xx")   \
    X(CLASS_2XX, "2xx")   \
    X(CLASS_3XX, "3xx")   \
    X(CLASS_4XX, "4xx")   \
    X(CLASS_5XX, "5xx")   \
    X(CLASS_6XX, "6xx")

/** Classes of Q.850 causes. */
#define SIPWHY_Q850_CLASSES(X)                                       \
    X(Q850_CLASS_NORMAL_EVENT, "normal-event")                       \
    X(Q850_CLASS_RESOURCE_UNAVAILABLE, "resource-unavailable")       \
    X(Q850_CLASS_SERVICE_NOT_AVAILABLE, "service-not-available")     \
    X(Q850_CLASS_SERVICE_NOT_IMPLEMENTED, "service-not-implemented") \
    X(Q850_CLASS_INVALID_MESSAGE, "invalid-message")                 \
    X(Q850_CLASS_PROTOCOL_ERROR, "protocol-error")                   \
    X(Q850_CLASS_INTERWORKING, "interworking")

/** What the cause parameter of a Reason protocol holds. */
#define SIPWHY_REASON_VALUES(X)   \
    X(REASON_VALUES_SIP, "sip")   \
    X(REASON_VALUES_Q850, "q850") \
    X(REASON_VALUES_LIST, "list") \
    X(REASON_VALUES_DECIMAL, "decimal")

/** Who sent a response, as the trace tells it (origin.h). An SBC is a proxy or, where it ends calls
 * itself, a user agent. */
#define SIPWHY_ORIGINS(X)                    \
    X(ORIGIN_USER_AGENT, "user-agent")       \
    X(ORIGIN_REGISTRAR, "registrar")         \
    X(ORIGIN_PROXY, "proxy")                 \
    X(ORIGIN_GATEWAY, "gateway")             \
    X(ORIGIN_LOCAL_TIMEOUT, "local-timeout") \
    X(ORIGIN_UNKNOWN, "unknown")

/** What became of a call. */
#define SIPWHY_OUTCOMES(X)              \
    X(OUTCOME_ANSWERED, "answered")     \
    X(OUTCOME_FAILED, "failed")         \
    X(OUTCOME_CANCELLED, "cancelled")   \
    X(OUTCOME_REDIRECTED, "redirected") \
    X(OUTCOME_UNANSWERED, "unanswered") \
    X(OUTCOME_INCOMPLETE, "incomplete")

/** Each list: its type, its name, the list, and the prefix of its labels in interface.ini. */
#define SIPWHY_TERM_LISTS(L)                                                     \
    L(SipwhySender, SENDER, SIPWHY_SENDERS, "sender-")                           \
    L(SipwhyRole, ROLE, SIPWHY_ROLES, "role-")                                   \
    L(SipwhyCategory, CATEGORY, SIPWHY_CATEGORIES, "category-")                  \
    L(SipwhyStatus, STATUS, SIPWHY_STATUSES, "status-")                          \
    L(SipwhyRegistration, REGISTRATION, SIPWHY_REGISTRATIONS, "registration-")   \
    L(SipwhyNext, NEXT, SIPWHY_NEXT_STEPS, "next-")                              \
    L(SipwhyScope, SCOPE, SIPWHY_SCOPES, "scope-")                               \
    L(SipwhyLevel, LEVEL, SIPWHY_LEVELS, "level-")                               \
    L(SipwhySeverity, SEVERITY, SIPWHY_SEVERITIES, "severity-")                  \
    L(SipwhySearch, SEARCH, SIPWHY_SEARCHES, "search-")                          \
    L(SipwhyClassTerm, CLASS, SIPWHY_CLASSES, "class-")                          \
    L(SipwhyQ850Class, Q850_CLASS, SIPWHY_Q850_CLASSES, "q850-class-")           \
    L(SipwhyReasonValues, REASON_VALUES, SIPWHY_REASON_VALUES, "reason-values-") \
    L(SipwhyOutcome, OUTCOME, SIPWHY_OUTCOMES, "outcome-")                       \
    L(SipwhyOrigin, ORIGIN, SIPWHY_ORIGINS, "origin-")

#define SIPWHY_TERM(name, id) SIPWHY_##name,
#define SIPWHY_TERM_ENUM(type, NAME, LIST, label_prefix) \
    typedef enum { LIST(SIPWHY_TERM) SIPWHY_##NAME##_COUNT } type;
SIPWHY_TERM_LISTS(SIPWHY_TERM_ENUM)
#undef SIPWHY_TERM_ENUM
#undef SIPWHY_TERM

/** Which list a term belongs to. */
#define SIPWHY_TERM_KIND(type, NAME, LIST, label_prefix) SIPWHY_TERM_KIND_##NAME,
typedef enum { SIPWHY_TERM_LISTS(SIPWHY_TERM_KIND) SIPWHY_TERM_KIND_COUNT } SipwhyTermKind;
#undef SIPWHY_TERM_KIND

/**
 * The id of a term, as it stands in data/ and in exported fields ("may-continue").
 * Returns a static string, or NULL when `value` is not in the list.
 */
const char *sipwhy_term_id(SipwhyTermKind kind, int value);

/** The prefix of the term's label in interface.ini ("search-"). */
const char *sipwhy_term_label_prefix(SipwhyTermKind kind);

/** The value of an id, or -1 when the list has no such id. */
int sipwhy_term_value(SipwhyTermKind kind, const char *id);

#endif
