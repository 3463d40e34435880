/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The PASSporTs of one request, and what is wrong with them as they stand there.
 */
#include "identity_token.h"

#include <stdio.h>
#include <string.h>

#include "keep.h"
#include "number.h"

enum {
    MICROSECONDS = 1000000,
    HOPS_MOST = 8,          /* that are looked back */
    LINES_MOST = 256,       /* of SDP */
    ASSERTED_MOST = 4,      /* P-Asserted-Identity has a sip and a tel URI (RFC 3325 9.1) */
    ES256_CHARACTERS = 86,  /* of a signature: 64 bytes in base64url (RFC 7518 3.4) */
    FINGERPRINT_MOST = 160, /* SHA-512 has 128 digits */
    DATE_BYTES_MOST = 40,
};

static SipwhySlice slice_of(const char *text)
{
    return (SipwhySlice){text, text ? strlen(text) : 0};
}

void sipwhy_signed_read(SipwhySigned *request)
{
    SipwhySlice rest = {0};
    size_t position = 0;

    request->count = 0;
    while (request->count < SIPWHY_IDENTITIES_MOST &&
           sipwhy_identity_next(&request->request, &position, &rest,
                                &request->identity[request->count])) {
        sipwhy_passport_read(&request->identity[request->count],
                             &request->passport[request->count]);
        request->count++;
    }
}

void sipwhy_signed_clear(SipwhySigned *request)
{
    for (unsigned i = 0; i < request->count; i++)
        sipwhy_passport_clear(&request->passport[i]);
    request->count = 0;
}

SipwhySlice sipwhy_signed_type(const SipwhySigned *request, unsigned n)
{
    if (request->identity[n].ppt.length > 0)
        return request->identity[n].ppt;
    return slice_of(request->passport[n].ppt);
}

/* Whether the token may be longer in the packet than here. */
static bool is_cut(const SipwhySigned *request, const SipwhyIdentity *identity)
{
    return request->cut || identity->token.length >= SIPWHY_KEPT_IDENTITY_BYTES_MOST - 1;
}

static SipwhyFinding *add(const SipwhySigned *request, GPtrArray *findings, SipwhyFindingId id,
                          SipwhyWording wording)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, id);

    sipwhy_finding_word(finding, wording);
    sipwhy_finding_set(finding, "request", "%u", request->frame);
    if (request->frame != request->subject->event->frame)
        sipwhy_finding_prove(finding, request->frame);
    return finding;
}

/* Unreadable tokens. */

/* The first member that a PASSporT of its type must have and lacks; NULL: none. */
static const char *missing_claim(const SipwhyPassport *passport)
{
    const bool is_shaken = g_strcmp0(passport->ppt, "shaken") == 0;
    const bool is_div = passport->ppt && g_str_has_prefix(passport->ppt, "div");
    const struct {
        const char *name;
        bool missing;
    } members[] = {
        {"typ", !passport->typ},
        {"alg", !passport->alg},
        {"x5u", !passport->x5u},
        {"orig", !passport->orig.text},
        {"dest", passport->dest_count == 0},
        {"iat", !passport->has_iat},
        {"attest", is_shaken && !passport->attest}, /* RFC 8588 4 */
        {"origid", is_shaken && !passport->origid}, /* RFC 8588 5 */
        {"div", is_div && !passport->div.text},     /* RFC 8946 3 */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
        if (members[i].missing)
            return members[i].name;
    return NULL;
}

/* Characters of the signature without its padding. */
static size_t signature_length(const SipwhyIdentity *identity)
{
    SipwhySlice signature = identity->signature;
    size_t length = 0;

    while (signature.length > 0 && signature.data[signature.length - 1] == '=')
        signature.length--;
    for (size_t i = 0; i < signature.length; i++)
        length += !strchr(" \t\r\n", signature.data[i]);
    return length;
}

static bool is_es256(const SipwhyIdentity *identity, const SipwhyPassport *passport)
{
    if (passport->alg)
        return strcmp(passport->alg, "ES256") == 0;
    return identity->alg.length == 0 || sipwhy_slice_equal(identity->alg, slice_of("ES256"));
}

static bool find_unreadable(const SipwhySigned *request, unsigned n, GPtrArray *findings)
{
    const SipwhyFindingId id = SIPWHY_FINDING_IDENTITY_UNREADABLE;
    const SipwhyIdentity *identity = &request->identity[n];
    const SipwhyPassport *passport = &request->passport[n];
    const bool is_token =
        passport->state == SIPWHY_PASSPORT_READ || passport->state == SIPWHY_PASSPORT_COMPACT;
    SipwhyFinding *finding = NULL;

    if (passport->state == SIPWHY_PASSPORT_OBSOLETE) {
        add(request, findings, id, SIPWHY_WORDING_IDENTITY_UNREADABLE_OBSOLETE);
    } else if (passport->state == SIPWHY_PASSPORT_MISSHAPEN) {
        finding = add(request, findings, id, SIPWHY_WORDING_IDENTITY_UNREADABLE_PARTS);
        sipwhy_finding_set(finding, "dots", "%u", identity->dots);
    } else if (passport->state == SIPWHY_PASSPORT_NO_BASE64) {
        add(request, findings, id, SIPWHY_WORDING_IDENTITY_UNREADABLE);
    } else if (passport->state == SIPWHY_PASSPORT_NO_JSON) {
        add(request, findings, id, SIPWHY_WORDING_IDENTITY_UNREADABLE_JSON);
    } else if (is_token && passport->folded) {
        add(request, findings, id, SIPWHY_WORDING_IDENTITY_UNREADABLE_FOLDED);
    } else if (is_token && is_es256(identity, passport) &&
               signature_length(identity) != ES256_CHARACTERS) {
        finding = add(request, findings, id, SIPWHY_WORDING_IDENTITY_UNREADABLE_SIGNATURE);
        sipwhy_finding_set(finding, "length", "%zu", signature_length(identity));
    } else if (passport->state == SIPWHY_PASSPORT_READ && missing_claim(passport)) {
        finding = add(request, findings, id, SIPWHY_WORDING_IDENTITY_UNREADABLE_CLAIMS);
        sipwhy_finding_set(finding, "claim", "%s", missing_claim(passport));
    } else {
        return false;
    }
    return true;
}

/* Parameters beside the token (RFC 8224 4.1). */

typedef struct {
    const char *outside_name;
    const char *inside_name;
    SipwhySlice outside;
    const char *inside;
    bool optional; /* may be missing outside: there is a default */
} Parameter;

static bool find_parameter(const SipwhySigned *request, const Parameter *parameter,
                           GPtrArray *findings)
{
    const SipwhyFindingId id = SIPWHY_FINDING_IDENTITY_PARAMETER_MISMATCH;
    SipwhyWording wording = SIPWHY_WORDING_IDENTITY_PARAMETER_MISMATCH;

    if (!parameter->inside && parameter->outside.length == 0)
        return false;
    if (!parameter->inside)
        wording = SIPWHY_WORDING_IDENTITY_PARAMETER_MISMATCH_INSIDE;
    else if (parameter->outside.length == 0)
        wording = SIPWHY_WORDING_IDENTITY_PARAMETER_MISMATCH_OUTSIDE;
    else if (sipwhy_slice_equal(parameter->outside, slice_of(parameter->inside)) ||
             strlen(parameter->inside) >= SIPWHY_PASSPORT_TEXT_BYTES_MOST)
        return false;
    if (wording != SIPWHY_WORDING_IDENTITY_PARAMETER_MISMATCH && parameter->optional)
        return false;
    SipwhyFinding *finding = add(request, findings, id, wording);
    sipwhy_finding_set(finding, "parameter", "%s", parameter->outside_name);
    sipwhy_finding_set(finding, "inside_name", "%s", parameter->inside_name);
    sipwhy_finding_set_slice(finding, "outside", parameter->outside);
    sipwhy_finding_set_slice(finding, "inside", slice_of(parameter->inside));
    return true;
}

/* What is missing altogether is found elsewhere: x5u as a claim, info as unusable. */
static void find_parameters(const SipwhySigned *request, unsigned n, GPtrArray *findings)
{
    const SipwhyIdentity *identity = &request->identity[n];
    const SipwhyPassport *passport = &request->passport[n];
    const Parameter parameters[] = {
        {"ppt", "ppt", identity->ppt, passport->ppt, false},
        {"alg", "alg", identity->alg, passport->alg, true},
        {"info", "x5u", identity->info, passport->x5u, true},
    };

    if (passport->state != SIPWHY_PASSPORT_READ)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(parameters); i++)
        if (find_parameter(request, &parameters[i], findings))
            return;
}

void sipwhy_find_broken_token(const SipwhySigned *request, GPtrArray *findings)
{
    for (unsigned i = 0; i < request->count; i++) {
        if (is_cut(request, &request->identity[i]))
            continue;
        if (!sipwhy_findings_have(findings, SIPWHY_FINDING_IDENTITY_UNREADABLE) &&
            find_unreadable(request, i, findings))
            continue;
        if (!sipwhy_findings_have(findings, SIPWHY_FINDING_IDENTITY_PARAMETER_MISMATCH))
            find_parameters(request, i, findings);
    }
}

/* Numbers and URIs. */

/* Where a header and a claim do not agree. */
typedef struct {
    SipwhyPartyMatch match;
    const char *header;
    SipwhySlice uri;
} Comparison;

/* How much a match says, for the choice between several; SAME beats all. */
static int weight(SipwhyPartyMatch match)
{
    static const int weights[] = {
        [SIPWHY_PARTY_INCOMPARABLE] = 0, [SIPWHY_PARTY_UNLIKE] = 1, [SIPWHY_PARTY_OTHER_FORM] = 2,
        [SIPWHY_PARTY_DIFFERENT] = 3,    [SIPWHY_PARTY_SAME] = 4,
    };

    return weights[match];
}

static void compare(Comparison *best, const SipwhyParty *party, const char *header, SipwhySlice uri)
{
    SipwhyPartyMatch match = sipwhy_party_match(party, uri);

    if (weight(match) > weight(best->match))
        *best = (Comparison){match, header, uri};
}

static SipwhySlice header_uri(const SipwhyMessage *message, SipwhyHeaderId header)
{
    SipwhySlice value;

    return sipwhy_message_first(message, header, &value) ? sipwhy_slice_uri(value)
                                                         : (SipwhySlice){0};
}

/* Local policy says whether From or P-Asserted-Identity counts (RFC 8224 8): one that agrees will
 * do. */
static Comparison compare_origin(const SipwhyMessage *request, const SipwhyParty *orig)
{
    Comparison best = {.header = "From"};
    SipwhySlice rest = {0};
    SipwhySlice value;
    size_t position = 0;

    compare(&best, orig, "From", header_uri(request, SIPWHY_HEADER_FROM));
    for (unsigned i = 0;
         i < ASSERTED_MOST && sipwhy_message_next_value(request, SIPWHY_HEADER_P_ASSERTED_IDENTITY,
                                                        &position, &rest, &value);
         i++)
        compare(&best, orig, "P-Asserted-Identity", sipwhy_slice_uri(value));
    return best;
}

/* One of several destinations that agrees will do. */
static Comparison compare_uri(const SipwhyPassport *passport, const char *header, SipwhySlice uri)
{
    Comparison best = {.header = header};
    bool comparable = passport->dest_count > 0 && !passport->dest_more;

    for (unsigned i = 0; i < passport->dest_count; i++) {
        compare(&best, &passport->dest[i], header, uri);
        comparable =
            comparable && sipwhy_party_match(&passport->dest[i], uri) != SIPWHY_PARTY_INCOMPARABLE;
    }
    if (!comparable && best.match != SIPWHY_PARTY_SAME)
        best.match = SIPWHY_PARTY_INCOMPARABLE;
    return best;
}

/* dest stands for To (RFC 8224 4.1), of a div PASSporT for the Request-URI (RFC 8946 4.1); in
 * practice each is also taken from the other. Without a refusal, one that agrees will do. */
static Comparison compare_destination(const SipwhySigned *request, const SipwhyMessage *message,
                                      const SipwhyPassport *passport)
{
    const bool is_div = passport->div.text != NULL;
    Comparison to = compare_uri(passport, "To", header_uri(message, SIPWHY_HEADER_TO));
    Comparison target = compare_uri(passport, "Request-URI", message->uri);

    if (is_div)
        return to.match == SIPWHY_PARTY_SAME ? to : target;
    if (!request->refused && target.match == SIPWHY_PARTY_SAME)
        return target;
    return to;
}

static bool disagrees(const SipwhySigned *request, SipwhyPartyMatch match)
{
    if (match == SIPWHY_PARTY_DIFFERENT)
        return true;
    return request->refused && (match == SIPWHY_PARTY_OTHER_FORM || match == SIPWHY_PARTY_UNLIKE);
}

static bool has_diversion(const SipwhySigned *request)
{
    for (unsigned i = 0; i < request->count; i++)
        if (request->passport[i].div.text || sipwhy_slice_is(request->identity[i].ppt, "div"))
            return true;
    return false;
}

/* Whether another div token diverts from what this one has in dest: then it is no longer meant for
 * this request's target. */
static bool is_diverted(const SipwhySigned *request, unsigned n)
{
    for (unsigned i = 0; i < request->count; i++)
        for (unsigned k = 0; i != n && k < request->passport[n].dest_count; k++)
            if (sipwhy_party_equal(&request->passport[i].div, &request->passport[n].dest[k]))
                return true;
    return false;
}

/* One claim of a token that is compared. */
typedef struct {
    const SipwhySigned *request;
    unsigned n;
    const char *claim; /* "orig", "dest" */
} Claim;

static bool is_origin(const Claim *claim)
{
    return strcmp(claim->claim, "orig") == 0;
}

static Comparison compare_claim(const Claim *claim, const SipwhyMessage *message)
{
    const SipwhyPassport *passport = &claim->request->passport[claim->n];

    return is_origin(claim) ? compare_origin(message, &passport->orig)
                            : compare_destination(claim->request, message, passport);
}

/* A hop before this one that carries the same token, with the header as it was signed; `*after`
 * becomes the hop behind it. NULL: not seen. */
static const SipwhyTransaction *find_signed_hop(const Claim *claim, const SipwhyTransaction **after,
                                                SipwhyMessage *message, Comparison *before)
{
    const SipwhySigned *request = claim->request;
    const SipwhyTransaction *hop = request->transaction;

    for (unsigned i = 0; hop && i < HOPS_MOST; i++) {
        SipwhySlice rest = {0};
        size_t position = 0;
        SipwhyIdentity identity;
        bool found = false;
        *after = hop;
        hop = sipwhy_transaction_received(hop);
        if (!hop || !sipwhy_kept_message(hop->kept_request, message))
            return NULL;
        for (unsigned k = 0; k < SIPWHY_IDENTITIES_MOST && !found &&
                             sipwhy_identity_next(message, &position, &rest, &identity);
             k++)
            found = sipwhy_slice_equal(identity.token, request->identity[claim->n].token);
        if (!found)
            return NULL;
        *before = compare_claim(claim, message);
        if (before->match == SIPWHY_PARTY_SAME)
            return hop;
    }
    return NULL;
}

/* What of a URI is compared with a number, or with a URI. */
static SipwhySlice shown_part(SipwhySlice uri, bool is_number)
{
    return is_number ? sipwhy_slice_user(uri) : uri;
}

static void add_mismatch(const Claim *claim, const Comparison *comparison, GPtrArray *findings)
{
    const SipwhySigned *request = claim->request;
    const SipwhyPassport *passport = &request->passport[claim->n];
    const SipwhyParty *party = is_origin(claim) ? &passport->orig : &passport->dest[0];
    const SipwhyTransaction *after = NULL;
    SipwhyMessage message;
    Comparison before = {.match = SIPWHY_PARTY_INCOMPARABLE};
    const SipwhyTransaction *earlier = find_signed_hop(claim, &after, &message, &before);
    SipwhyFinding *finding = add(request, findings, SIPWHY_FINDING_IDENTITY_NUMBER_MISMATCH,
                                 earlier ? SIPWHY_WORDING_IDENTITY_NUMBER_MISMATCH_REWRITTEN
                                 : comparison->match == SIPWHY_PARTY_OTHER_FORM
                                     ? SIPWHY_WORDING_IDENTITY_NUMBER_MISMATCH_FORM
                                     : SIPWHY_WORDING_IDENTITY_NUMBER_MISMATCH);

    sipwhy_finding_set(finding, "claim", "%s", claim->claim);
    sipwhy_finding_set(finding, "header", "%s", comparison->header);
    sipwhy_finding_set_slice(finding, "signed", slice_of(party->text));
    sipwhy_finding_set_slice(finding, "found", shown_part(comparison->uri, party->is_number));
    if (!earlier)
        return;
    sipwhy_finding_set_slice(finding, "before", shown_part(before.uri, party->is_number));
    sipwhy_finding_set_endpoint(finding, "element", &after->client);
    sipwhy_finding_set(finding, "earlier", "%u", earlier->request.frame);
    sipwhy_finding_set(finding, "after", "%u", after->request.frame);
    sipwhy_finding_prove(finding, earlier->request.frame);
    sipwhy_finding_prove(finding, after->request.frame);
}

/* Of several tokens, one that agrees throughout will do (RFC 8224 6.2.1). */
static void find_mismatch(const SipwhySigned *request, const char *name, GPtrArray *findings)
{
    Claim worst = {request, 0, name};
    Comparison found = {.match = SIPWHY_PARTY_INCOMPARABLE};

    for (unsigned i = 0; i < request->count; i++) {
        const SipwhyPassport *passport = &request->passport[i];
        const Claim claim = {request, i, name};
        if (passport->state != SIPWHY_PASSPORT_READ)
            continue;
        if (!is_origin(&claim) &&
            (has_diversion(request) ? !passport->div.text || is_diverted(request, i)
                                    : passport->dest_count == 0))
            continue;
        Comparison comparison = compare_claim(&claim, &request->request);
        if (comparison.match == SIPWHY_PARTY_SAME)
            return;
        if (!disagrees(request, comparison.match) ||
            weight(comparison.match) <= weight(found.match))
            continue;
        worst = claim;
        found = comparison;
    }
    if (found.match != SIPWHY_PARTY_INCOMPARABLE)
        add_mismatch(&worst, &found, findings);
}

/* Media keys. */

/* The digest of "a=fingerprint:sha-256 4A:AD:..." without colons, in upper case; false when the
 * line is none. */
static bool read_fingerprint(SipwhySlice line, char *digest)
{
    static const char name[] = "a=fingerprint:";
    size_t length = 0;

    if (line.length < sizeof name || g_ascii_strncasecmp(line.data, name, sizeof name - 1) != 0)
        return false;
    const char *space = memchr(line.data, ' ', line.length);
    if (!space)
        return false;
    for (const char *c = space; c < line.data + line.length; c++)
        if (g_ascii_isxdigit(*c) && length < FINGERPRINT_MOST)
            digest[length++] = g_ascii_toupper(*c);
        else if (*c != ':' && *c != ' ')
            return false;
    digest[length] = '\0';
    return length > 0;
}

static bool is_signed_key(const SipwhySigned *request, const char *digest)
{
    for (unsigned i = 0; i < request->count; i++) {
        const SipwhyPassport *passport = &request->passport[i];
        for (unsigned k = 0; k < passport->key_count; k++)
            if (strcmp(passport->keys[k], digest) == 0)
                return true;
    }
    return false;
}

static bool has_keys(const SipwhySigned *request)
{
    bool any = false;

    for (unsigned i = 0; i < request->count; i++) {
        if (request->passport[i].keys_more)
            return false;
        any = any || request->passport[i].key_count > 0;
    }
    return any;
}

static void find_fingerprint(const SipwhySigned *request, GPtrArray *findings)
{
    char digest[FINGERPRINT_MOST + 1];
    SipwhySlice rest = request->request.body;
    SipwhySlice line;

    if (!has_keys(request) || request->cut || rest.length >= SIPWHY_KEPT_BODY_BYTES_MOST)
        return;
    for (unsigned i = 0; i < LINES_MOST && sipwhy_slice_next_line(&rest, &line); i++) {
        if (!read_fingerprint(line, digest) || is_signed_key(request, digest))
            continue;
        SipwhyFinding *finding =
            add(request, findings, SIPWHY_FINDING_IDENTITY_FINGERPRINT_MISMATCH,
                SIPWHY_WORDING_IDENTITY_FINGERPRINT_MISMATCH);
        sipwhy_finding_set_slice(finding, "found", slice_of(digest));
        return;
    }
}

void sipwhy_find_rewritten(const SipwhySigned *request, GPtrArray *findings)
{
    find_mismatch(request, "orig", findings);
    find_mismatch(request, "dest", findings);
    find_fingerprint(request, findings);
}

/* Time. */

/* "Thu, 15 Jan 2026 09:00:00 GMT" (RFC 3261 20.17), as seconds since 1970. */
static bool read_date(const SipwhyMessage *request, int64_t *seconds)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char text[DATE_BYTES_MOST + 1];
    char month[4];
    int day;
    int year;
    int hour;
    int minute;
    int second;
    SipwhySlice value;

    if (!sipwhy_message_first(request, SIPWHY_HEADER_DATE, &value) ||
        value.length > DATE_BYTES_MOST || !sipwhy_slice_contains(value, "GMT"))
        return false;
    memcpy(text, value.data, value.length);
    text[value.length] = '\0';
    const char *comma = strchr(text, ',');
    /* NOLINTNEXTLINE(cert-err34-c): the numbers have widths, and the date is checked below */
    if (!comma || sscanf(comma + 1, " %2d %3s %4d %2d:%2d:%2d GMT", &day, month, &year, &hour,
                         &minute, &second) != 6)
        return false;
    const char *found = strlen(month) == 3 ? strstr(months, month) : NULL;
    if (!found || (found - months) % 3 != 0 || year < 1)
        return false;
    GDateTime *time =
        g_date_time_new_utc(year, (int)(found - months) / 3 + 1, day, hour, minute, second);
    if (!time)
        return false;
    *seconds = g_date_time_to_unix(time);
    g_date_time_unref(time);
    return true;
}

bool sipwhy_signed_time(const SipwhySigned *request, int64_t *seconds, const char **claim)
{
    bool found = false;
    bool compact = false;

    for (unsigned i = 0; i < request->count; i++) {
        const SipwhyPassport *passport = &request->passport[i];
        compact = compact || passport->state == SIPWHY_PASSPORT_COMPACT;
        if (!passport->has_iat || (found && passport->iat <= *seconds))
            continue;
        found = true;
        *seconds = passport->iat;
        *claim = "iat";
    }
    if (!found && compact && read_date(&request->request, seconds)) {
        found = true;
        *claim = "Date";
    }
    return found;
}

static void add_stale(const SipwhySigned *request, SipwhyWording wording, const char *claim,
                      int64_t seconds, GPtrArray *findings)
{
    SipwhyFinding *finding = add(request, findings, SIPWHY_FINDING_IDENTITY_STALE, wording);
    GDateTime *time = g_date_time_new_from_unix_utc(seconds);
    char *stamp = time ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S UTC") : NULL;
    int64_t age = request->time - seconds * MICROSECONDS;

    sipwhy_finding_set(finding, "claim", "%s", claim);
    sipwhy_finding_set(finding, "stamp", "%s", stamp ? stamp : "?");
    sipwhy_finding_set_duration(finding, "age", ABS(age));
    g_free(stamp);
    if (time)
        g_date_time_unref(time);
}

static bool is_fresh(const SipwhySigned *request, int64_t seconds)
{
    int64_t age = request->time - seconds * MICROSECONDS;

    return ABS(age) <= SIPWHY_FRESH_MOST;
}

void sipwhy_find_stale(const SipwhySigned *request, GPtrArray *findings)
{
    const char *claim;
    int64_t seconds;
    int64_t date;

    if (!sipwhy_signed_time(request, &seconds, &claim))
        return;
    if (!is_fresh(request, seconds))
        add_stale(request,
                  seconds * MICROSECONDS > request->time ? SIPWHY_WORDING_IDENTITY_STALE_FUTURE
                                                         : SIPWHY_WORDING_IDENTITY_STALE,
                  claim, seconds, findings);
    else if (read_date(&request->request, &date) && !is_fresh(request, date))
        add_stale(request, SIPWHY_WORDING_IDENTITY_STALE_DATE, "Date", date, findings);
}

/* Diversion. */

void sipwhy_find_broken_chain(const SipwhySigned *request, GPtrArray *findings)
{
    for (unsigned i = 0; i < request->count; i++) /* what cannot be read may be the missing link */
        if (request->passport[i].state != SIPWHY_PASSPORT_READ || request->passport[i].dest_more)
            return;
    if (request->cut || request->count == SIPWHY_IDENTITIES_MOST)
        return;
    for (unsigned i = 0; i < request->count; i++) {
        const SipwhyPassport *passport = &request->passport[i];
        bool linked = false;
        if (g_strcmp0(passport->ppt, "div") != 0 || !passport->div.text)
            continue;
        for (unsigned k = 0; k < request->count; k++)
            for (unsigned m = 0; k != i && m < request->passport[k].dest_count; m++)
                linked =
                    linked || sipwhy_party_equal(&passport->div, &request->passport[k].dest[m]);
        if (linked)
            continue;
        SipwhyFinding *finding = add(request, findings, SIPWHY_FINDING_IDENTITY_CHAIN_BROKEN,
                                     SIPWHY_WORDING_IDENTITY_CHAIN_BROKEN);
        sipwhy_finding_set_slice(finding, "diverted", slice_of(passport->div.text));
        return;
    }
}

/* Algorithm and certificate. */

void sipwhy_find_algorithm(const SipwhySigned *request, GPtrArray *findings)
{
    for (unsigned i = 0; i < request->count; i++) {
        const SipwhyIdentity *identity = &request->identity[i];
        const SipwhyPassport *passport = &request->passport[i];
        if ((passport->state != SIPWHY_PASSPORT_READ &&
             passport->state != SIPWHY_PASSPORT_COMPACT) ||
            is_es256(identity, passport))
            continue;
        SipwhyFinding *finding = add(request, findings, SIPWHY_FINDING_IDENTITY_ALGORITHM,
                                     SIPWHY_WORDING_IDENTITY_ALGORITHM);
        sipwhy_finding_set_slice(finding, "alg",
                                 passport->alg ? slice_of(passport->alg) : identity->alg);
        return;
    }
}

static bool starts_with(SipwhySlice slice, const char *text)
{
    return slice.length >= strlen(text) && g_ascii_strncasecmp(slice.data, text, strlen(text)) == 0;
}

static bool ends_with(SipwhySlice slice, const char *text)
{
    return slice.length > strlen(text) &&
           g_ascii_strncasecmp(slice.data + slice.length - strlen(text), text, strlen(text)) == 0;
}

/* The host of an http or https URI, without user, port and path. */
static SipwhySlice web_host(SipwhySlice uri)
{
    const char *slashes = uri.length > 0 ? memchr(uri.data, '/', uri.length) : NULL;
    SipwhySlice rest = {0};

    if (!slashes || slashes + 2 > uri.data + uri.length)
        return rest;
    rest = (SipwhySlice){slashes + 2, (size_t)(uri.data + uri.length - (slashes + 2))};
    for (size_t i = 0; i < rest.length; i++)
        if (rest.data[i] == '/' || rest.data[i] == '?' || rest.data[i] == '#')
            rest.length = i;
    const char *at = rest.length > 0 ? memchr(rest.data, '@', rest.length) : NULL;
    if (at)
        rest = (SipwhySlice){at + 1, (size_t)(rest.data + rest.length - (at + 1))};
    if (rest.length > 0 && rest.data[0] == '[')
        return rest;
    const char *colon = rest.length > 0 ? memchr(rest.data, ':', rest.length) : NULL;
    if (colon)
        rest.length = (size_t)(colon - rest.data);
    return rest;
}

/* Addresses of RFC 1918, loopback, link-local, and names that no public DNS has (RFC 6761, 6762,
 * 8375). Names of documentation (RFC 2606) are like any other. */
static bool is_private_host(SipwhySlice host)
{
    static const char *const beginnings[] = {"10.",   "127.", "192.168.", "169.254.",
                                             "[::1]", "[fc",  "[fd",      "[fe80:"};
    static const char *const endings[] = {".local", ".localhost", ".internal", ".home.arpa",
                                          ".lan"};
    unsigned number;
    bool digits = host.length > 0;

    for (size_t i = 0; i < host.length; i++)
        digits = digits && (g_ascii_isdigit(host.data[i]) || host.data[i] == '.');
    const bool is_address = digits || (host.length > 0 && host.data[0] == '[');
    for (size_t i = 0; is_address && i < G_N_ELEMENTS(beginnings); i++)
        if (starts_with(host, beginnings[i]))
            return true;
    if (digits && starts_with(host, "172.") &&
        sipwhy_slice_number((SipwhySlice){host.data + 4, host.length - 4}, &number))
        return number >= 16 && number <= 31;
    for (size_t i = 0; !is_address && i < G_N_ELEMENTS(endings); i++)
        if (ends_with(host, endings[i]))
            return true;
    return !is_address && host.length > 0 && !memchr(host.data, '.', host.length);
}

void sipwhy_find_info(const SipwhySigned *request, GPtrArray *findings)
{
    for (unsigned i = 0; i < request->count; i++) {
        const SipwhyIdentity *identity = &request->identity[i];
        SipwhyWording wording = SIPWHY_WORDING_IDENTITY_INFO_UNUSABLE;
        if (request->passport[i].state == SIPWHY_PASSPORT_OBSOLETE || is_cut(request, identity))
            continue;
        if (identity->info.length == 0)
            wording = SIPWHY_WORDING_IDENTITY_INFO_UNUSABLE_MISSING;
        else if (!starts_with(identity->info, "http://") &&
                 !starts_with(identity->info, "https://") && !starts_with(identity->info, "dns:"))
            wording = SIPWHY_WORDING_IDENTITY_INFO_UNUSABLE_SCHEME;
        else if (request->refused && /* a private network may have its own (RFC 8224 7.3) */
                 is_private_host(web_host(identity->info)))
            wording = SIPWHY_WORDING_IDENTITY_INFO_UNUSABLE_PRIVATE;
        else
            continue;
        SipwhyFinding *finding =
            add(request, findings, SIPWHY_FINDING_IDENTITY_INFO_UNUSABLE, wording);
        sipwhy_finding_set_slice(finding, "info", identity->info);
        return;
    }
}

/* The compact form. */

void sipwhy_find_compact(const SipwhySigned *request, GPtrArray *findings)
{
    SipwhySlice date;
    const bool dated =
        request->cut || sipwhy_message_first(&request->request, SIPWHY_HEADER_DATE, &date);

    for (unsigned i = 0; i < request->count; i++) {
        SipwhySlice type = sipwhy_signed_type(request, i);
        if (request->passport[i].state != SIPWHY_PASSPORT_COMPACT)
            continue;
        /* RFC 8946 3 demands the full form; RFC 8588 3 has no other */
        if (sipwhy_slice_is(type, "shaken") || starts_with(type, "div")) {
            SipwhyFinding *finding = add(request, findings, SIPWHY_FINDING_IDENTITY_COMPACT,
                                         SIPWHY_WORDING_IDENTITY_COMPACT_TYPE);
            sipwhy_finding_set_slice(finding, "ppt", type);
            return;
        }
        if (!dated) {
            add(request, findings, SIPWHY_FINDING_IDENTITY_COMPACT,
                SIPWHY_WORDING_IDENTITY_COMPACT_DATELESS);
            return;
        }
    }
}

bool sipwhy_signed_fits(const SipwhySigned *request, const char **header)
{
    for (unsigned i = 0; i < request->count; i++) {
        const SipwhyIdentity *identity = &request->identity[i];
        const SipwhyPassport *passport = &request->passport[i];
        if (passport->state != SIPWHY_PASSPORT_READ || passport->div.text || !passport->has_iat ||
            !is_fresh(request, passport->iat) ||
            !sipwhy_slice_equal(identity->info, slice_of(passport->x5u)))
            continue;
        Comparison orig = compare_origin(&request->request, &passport->orig);
        Comparison to =
            compare_uri(passport, "To", header_uri(&request->request, SIPWHY_HEADER_TO));
        *header = orig.header;
        if (orig.match == SIPWHY_PARTY_SAME && to.match == SIPWHY_PARTY_SAME)
            return true;
    }
    return false;
}
