/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who sent a response.
 *
 * The clues are asked in turn, the strongest first; the first one that decides ends it. A proxy
 * keeps what it passes on as it is (RFC 3261 16.7), so that the place where a response is seen
 * first in the trace counts, and a proxy that sends what it did not get has made it.
 */
#include "origin.h"

#include <string.h>

#include "hops.h"

enum {
    SECOND = 1000000,
    WAIT_LEAST = 31 * SECOND, /* 64*T1 is 32 s (RFC 3261 17.1.1.2) */
    WAIT_MOST = 34 * SECOND,
};

/* What is looked at: the response at the hop where it was seen first. */
typedef struct {
    const SipwhyTransaction *hop; /* NULL: it has no transaction */
    SipwhyMessage message;        /* all zero when its bytes are not at hand */
    uint32_t frame;               /* where it was seen there */
    unsigned status;
    SipwhyMethod method;
    SipwhyOriginEvidence *evidence;
} Clues;

static void say(SipwhyOriginEvidence *evidence, SipwhyText text)
{
    if (evidence->count < SIPWHY_ORIGIN_TEXTS_MOST)
        evidence->texts[evidence->count++] = text;
}

static bool read_header(const Clues *clues, SipwhyHeaderId header, SipwhySlice *value)
{
    return clues->message.headers.data && sipwhy_message_first(&clues->message, header, value) &&
           value->length > 0;
}

/* ---- where it was seen first ---- */

static uint32_t seen_in(const SipwhyTransaction *hop, unsigned status)
{
    return status >= 200 ? hop->final.frame : hop->invite ? hop->invite->progress.frame : 0;
}

static const SipwhyTransaction *find_first_hop(const SipwhySubject *subject)
{
    const SipwhyTransaction *transaction = subject->transaction;
    const unsigned status = subject->event->status;
    const uint32_t tag = subject->message ? sipwhy_message_to_tag(subject->message) : 0;

    if (status > 100 && status < 200)
        return sipwhy_hop_of_progress(transaction, status, tag);
    return status == transaction->status ? sipwhy_hop_of_final(transaction, tag) : transaction;
}

static Clues read_clues(const SipwhySubject *subject, SipwhyOriginEvidence *evidence)
{
    Clues clues = {
        .frame = subject->event->frame,
        .status = subject->event->status,
        .method = (SipwhyMethod)subject->event->method,
        .evidence = evidence,
    };
    SipwhyMessage kept;

    sipwhy_finding_set(&evidence->filled, "status", "%u", clues.status);
    if (subject->transaction)
        clues.hop = find_first_hop(subject);
    if (clues.hop)
        sipwhy_finding_set_endpoint(&evidence->filled, "server", &clues.hop->server);
    if (subject->message)
        clues.message = *subject->message; /* proxies leave it as it is, but for Via */
    else if (clues.hop && clues.status == clues.hop->status &&
             sipwhy_kept_message(clues.hop->kept_response, &kept))
        clues.message = kept;
    if (clues.hop && clues.hop != subject->transaction) {
        say(evidence, SIPWHY_TEXT_ORIGIN_FURTHER);
        sipwhy_finding_set_endpoint(&evidence->filled, "answerer", &clues.hop->server);
        clues.frame = seen_in(clues.hop, clues.status);
        sipwhy_finding_set_frame(&evidence->filled, "further", clues.frame);
    }
    return clues;
}

/* ---- the sender sent the request on ---- */

/* What the trace shows of the hops behind a sender. */
typedef struct {
    const SipwhyTransaction *first; /* NULL: it sent the request on to nobody */
    bool answered;                  /* something came back, so that direction is in the trace */
    bool final;                     /* a final response did */
} Forks;

static Forks read_forks(const SipwhyTransaction *hop, uint32_t before)
{
    const SipwhyTransaction *one = hop->next;
    Forks forks = {0};

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->next) {
        if (!sipwhy_transaction_leads_to(hop, one) || one->request.frame == 0 ||
            one->request.frame > before)
            continue;
        if (!forks.first)
            forks.first = one;
        forks.answered = forks.answered || one->provisional_in > 0 || one->final.frame > 0 ||
                         one->unreachable != SIPWHY_REACHED;
        forks.final = forks.final || (one->final.frame > 0 && one->final.frame < before);
    }
    return forks;
}

/* What a proxy may send while it waits, or in the end (RFC 3261 21.1.3, 21.1.4; RFC 6228 5). */
static bool may_be_own(unsigned status)
{
    return status >= 300 || status == 181 || status == 182 || status == 199;
}

static SipwhyOrigin judge_forks(const Clues *clues)
{
    const Forks forks = clues->hop ? read_forks(clues->hop, clues->frame) : (Forks){0};

    if (!forks.first || !may_be_own(clues->status))
        return SIPWHY_ORIGIN_UNKNOWN;
    const int64_t time = clues->hop->final.time - forks.first->request.time;
    if (clues->status == 408 && !forks.final) {
        say(clues->evidence, SIPWHY_TEXT_ORIGIN_TIMER);
        sipwhy_finding_set_frame(&clues->evidence->filled, "forwarded", forks.first->request.frame);
        sipwhy_finding_set_duration(&clues->evidence->filled, "time", time);
        return SIPWHY_ORIGIN_LOCAL_TIMEOUT;
    }
    if (!forks.answered)
        return SIPWHY_ORIGIN_UNKNOWN;
    say(clues->evidence, SIPWHY_TEXT_ORIGIN_OWN);
    sipwhy_finding_set_frame(&clues->evidence->filled, "forwarded", forks.first->request.frame);
    return SIPWHY_ORIGIN_PROXY;
}

/* ---- what goes one hop only ---- */

static const SipwhyTransaction *find_cancelled(const SipwhyTransaction *cancel)
{
    const SipwhyTransaction *one = cancel->previous;

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->previous)
        if (one->invite && one->invite->cancel == cancel)
            return one;
    return NULL;
}

static SipwhyOrigin judge_one_hop(const Clues *clues, SipwhyText text,
                                  const SipwhyTransaction *request)
{
    const SipwhyTransaction *next = request ? sipwhy_transaction_forwarded(request) : NULL;

    if (!clues->hop) { /* who is at its ends is not known */
        say(clues->evidence, SIPWHY_TEXT_ORIGIN_STRAY);
        return SIPWHY_ORIGIN_UNKNOWN;
    }
    say(clues->evidence, text);
    if (!next || next->request.frame == 0)
        return SIPWHY_ORIGIN_UNKNOWN;
    say(clues->evidence, SIPWHY_TEXT_ORIGIN_RELAY);
    sipwhy_finding_set_frame(&clues->evidence->filled, "forwarded", next->request.frame);
    return SIPWHY_ORIGIN_PROXY;
}

/* ---- what stands in it ---- */

static SipwhyOrigin judge_q850(const Clues *clues)
{
    SipwhySlice rest = {0};
    SipwhySlice value;
    SipwhySlice cause;
    size_t position = 0;

    if (clues->status < 300 || !clues->message.headers.data)
        return SIPWHY_ORIGIN_UNKNOWN;
    while (
        sipwhy_message_next_value(&clues->message, SIPWHY_HEADER_REASON, &position, &rest, &value))
        if (value.length > 5 && g_ascii_strncasecmp(value.data, "Q.850", 5) == 0 &&
            sipwhy_slice_parameter(value, "cause", &cause)) {
            say(clues->evidence, SIPWHY_TEXT_ORIGIN_Q850);
            sipwhy_finding_set_slice(&clues->evidence->filled, "cause", cause);
            return SIPWHY_ORIGIN_GATEWAY;
        }
    return SIPWHY_ORIGIN_UNKNOWN;
}

static unsigned bit(SipwhySender sender)
{
    return 1U << sender;
}

/* Codes that only some send: data/ lists who (RFC of each code). */
static SipwhyOrigin judge_code(const Clues *clues)
{
    const SipwhyCode *code = sipwhy_code_find(clues->status);
    const unsigned senders = code ? code->senders : 0;

    if (senders == bit(SIPWHY_SENDER_PROXY) ||
        (senders == (bit(SIPWHY_SENDER_PROXY) | bit(SIPWHY_SENDER_GATEWAY)) &&
         code->category == SIPWHY_CATEGORY_AUTHENTICATION)) {
        say(clues->evidence, SIPWHY_TEXT_ORIGIN_CODE_PROXY);
        return SIPWHY_ORIGIN_PROXY;
    }
    if (senders == bit(SIPWHY_SENDER_GATEWAY)) {
        say(clues->evidence, SIPWHY_TEXT_ORIGIN_CODE_GATEWAY);
        return SIPWHY_ORIGIN_GATEWAY;
    }
    if (senders == bit(SIPWHY_SENDER_USER_AGENT) ||
        senders == (bit(SIPWHY_SENDER_USER_AGENT) | bit(SIPWHY_SENDER_GATEWAY))) {
        say(clues->evidence, SIPWHY_TEXT_ORIGIN_CODE_USER_AGENT);
        return SIPWHY_ORIGIN_USER_AGENT;
    }
    if (clues->method == SIPWHY_METHOD_REGISTER && senders & bit(SIPWHY_SENDER_REGISTRAR) &&
        !(senders & bit(SIPWHY_SENDER_PROXY))) {
        say(clues->evidence, SIPWHY_TEXT_ORIGIN_CODE_REGISTRAR);
        return SIPWHY_ORIGIN_REGISTRAR;
    }
    return SIPWHY_ORIGIN_UNKNOWN;
}

/* A refusal by the device that rang (RFC 3261 12.1: its tag is its own). */
static SipwhyOrigin judge_tag(const Clues *clues)
{
    const SipwhyInvite *invite = clues->hop ? clues->hop->invite : NULL;

    if (!invite || clues->status < 300 || clues->status != clues->hop->status ||
        invite->ringing_in == 0 || invite->progress_status != 180 || clues->hop->final_tag == 0 ||
        clues->hop->final_tag != invite->tags[0])
        return SIPWHY_ORIGIN_UNKNOWN;
    say(clues->evidence, SIPWHY_TEXT_ORIGIN_TAG);
    sipwhy_finding_set_frame(&clues->evidence->filled, "ringing", invite->ringing_in);
    return SIPWHY_ORIGIN_USER_AGENT;
}

static SipwhyOrigin judge_wait(const Clues *clues)
{
    const SipwhyTransaction *hop = clues->hop;

    if (clues->status != 408 || !hop || hop->request.frame == 0)
        return SIPWHY_ORIGIN_UNKNOWN;
    const int64_t time = hop->final.time - hop->request.time;
    if (time < WAIT_LEAST || time > WAIT_MOST)
        return SIPWHY_ORIGIN_UNKNOWN;
    say(clues->evidence, SIPWHY_TEXT_ORIGIN_TIMER_OWN);
    sipwhy_finding_set_duration(&clues->evidence->filled, "time", time);
    sipwhy_finding_prove(&clues->evidence->filled, hop->request.frame);
    return SIPWHY_ORIGIN_LOCAL_TIMEOUT;
}

static bool read_product(const Clues *clues, SipwhySlice *product)
{
    return read_header(clues, SIPWHY_HEADER_SERVER, product) ||
           read_header(clues, SIPWHY_HEADER_USER_AGENT, product);
}

/* A proxy writes Server into its own responses only; of another's it leaves it alone. */
static SipwhyOrigin judge_product(const Clues *clues)
{
    static const char *const proxies[] = {"kamailio",           "opensips", "openser",
                                          "sip express router", "flexisip", "repro "};
    SipwhySlice product;

    /* the software of a proxy is often the registrar too */
    if (clues->method == SIPWHY_METHOD_REGISTER || !read_product(clues, &product))
        return SIPWHY_ORIGIN_UNKNOWN;
    sipwhy_finding_set_slice(&clues->evidence->filled, "product", product);
    for (unsigned i = 0; i < G_N_ELEMENTS(proxies); i++)
        if (product.length >= strlen(proxies[i]) &&
            g_ascii_strncasecmp(product.data, proxies[i], strlen(proxies[i])) == 0) {
            say(clues->evidence, SIPWHY_TEXT_ORIGIN_PROXY_SOFTWARE);
            return SIPWHY_ORIGIN_PROXY;
        }
    return SIPWHY_ORIGIN_UNKNOWN;
}

static SipwhyOrigin judge_headers(const Clues *clues)
{
    SipwhySlice value;

    if (clues->status > 100 && clues->status < 200 &&
        read_header(clues, SIPWHY_HEADER_CONTACT, &value)) {
        say(clues->evidence, SIPWHY_TEXT_ORIGIN_CONTACT);
        sipwhy_finding_set_slice(&clues->evidence->filled, "contact", sipwhy_slice_uri(value));
        return SIPWHY_ORIGIN_USER_AGENT;
    }
    if (clues->status >= 400 && read_header(clues, SIPWHY_HEADER_ALLOW, &value)) {
        say(clues->evidence, SIPWHY_TEXT_ORIGIN_ALLOW);
        return SIPWHY_ORIGIN_USER_AGENT;
    }
    return SIPWHY_ORIGIN_UNKNOWN;
}

static SipwhyOrigin judge_success(const Clues *clues)
{
    const bool registered = clues->method == SIPWHY_METHOD_REGISTER;

    /* asked for what it can do, a proxy answers as a user agent does (RFC 3261 11) */
    if (clues->method == SIPWHY_METHOD_OPTIONS && judge_product(clues) == SIPWHY_ORIGIN_PROXY)
        return SIPWHY_ORIGIN_PROXY;
    say(clues->evidence, registered ? SIPWHY_TEXT_ORIGIN_REGISTERED : SIPWHY_TEXT_ORIGIN_ACCEPTED);
    return registered ? SIPWHY_ORIGIN_REGISTRAR : SIPWHY_ORIGIN_USER_AGENT;
}

static SipwhyOrigin judge(const Clues *clues)
{
    typedef SipwhyOrigin (*Judge)(const Clues *clues);
    static const Judge judges[] = {judge_forks, judge_q850,    judge_code,   judge_tag,
                                   judge_wait,  judge_product, judge_headers};

    if (clues->method == SIPWHY_METHOD_CANCEL)
        return judge_one_hop(clues, SIPWHY_TEXT_ORIGIN_CANCEL,
                             clues->hop ? find_cancelled(clues->hop) : NULL);
    if (clues->status == 100)
        return judge_one_hop(clues, SIPWHY_TEXT_ORIGIN_ONE_HOP, clues->hop);
    if (clues->status >= 200 && clues->status < 300)
        return judge_success(clues);
    for (unsigned i = 0; i < G_N_ELEMENTS(judges); i++) {
        const SipwhyOrigin origin = judges[i](clues);
        if (origin != SIPWHY_ORIGIN_UNKNOWN)
            return origin;
    }
    return SIPWHY_ORIGIN_UNKNOWN;
}

SipwhyOrigin sipwhy_origin(const SipwhySubject *subject, SipwhyOriginEvidence *evidence)
{
    SipwhySlice product;

    *evidence = (SipwhyOriginEvidence){0};
    if (subject->event->status == 0)
        return SIPWHY_ORIGIN_UNKNOWN;
    const Clues clues = read_clues(subject, evidence);
    const SipwhyOrigin origin = judge(&clues);
    if (origin == SIPWHY_ORIGIN_UNKNOWN && clues.status != 100 &&
        clues.method != SIPWHY_METHOD_CANCEL)
        say(evidence, clues.hop ? SIPWHY_TEXT_ORIGIN_NOTHING : SIPWHY_TEXT_ORIGIN_STRAY);
    if (read_product(&clues, &product)) {
        sipwhy_finding_set_slice(&evidence->filled, "product", product);
        if (evidence->count == 0 ||
            evidence->texts[evidence->count - 1] != SIPWHY_TEXT_ORIGIN_PROXY_SOFTWARE)
            say(evidence, SIPWHY_TEXT_ORIGIN_PRODUCT);
    }
    return origin;
}

char *sipwhy_origin_text(const SipwhyOriginEvidence *evidence, SipwhyLanguage language)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < evidence->count; i++) {
        char *one = sipwhy_template_fill_values(sipwhy_text(language, evidence->texts[i]),
                                                evidence->filled.names, evidence->filled.values,
                                                evidence->filled.value_count, language);
        g_string_append(text, i ? " " : "");
        g_string_append(text, one);
        g_free(one);
    }
    return g_string_free(text, FALSE);
}

void sipwhy_origin_clear(SipwhyOriginEvidence *evidence)
{
    sipwhy_finding_clear(&evidence->filled);
    *evidence = (SipwhyOriginEvidence){0};
}
