/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What can be seen to be wrong with credentials, without the password.
 */
#include "exchange.h"

static SipwhyFinding *add(const SipwhyExchange *exchange, GPtrArray *findings, SipwhyFindingId id)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, id);

    sipwhy_finding_set(finding, "request", "%u", exchange->transaction->request.frame);
    sipwhy_finding_prove(finding, exchange->transaction->request.frame);
    return finding;
}

/* ---- the nonce ---- */

static bool has_nonce(const SipwhyTransaction *transaction, SipwhySlice nonce)
{
    SipwhyCredentialsList given;

    sipwhy_exchange_given(transaction, &given);
    for (size_t i = 0; i < given.count; i++)
        if (sipwhy_slice_equal(given.list[i].nonce, nonce))
            return true;
    return false;
}

/* The last challenge for the realm that the client had, and whether it gives a nonce. */
static const SipwhyTransaction *find_last_challenger(const SipwhyExchange *exchange,
                                                     const SipwhyCredentials *credentials,
                                                     bool *same_nonce)
{
    const SipwhyTransaction *transaction = exchange->transaction;
    unsigned looked = 0;
    const SipwhyTransaction *other = sipwhy_exchange_before(transaction, transaction, &looked);

    for (; other; other = sipwhy_exchange_before(transaction, other, &looked)) {
        bool asked_it = false;
        SipwhyChallenges asked;
        sipwhy_exchange_asked(other, &asked);
        *same_nonce = false;
        for (size_t i = 0; i < asked.count; i++) {
            asked_it |= sipwhy_credentials_fit(credentials, &asked.list[i]);
            *same_nonce |= sipwhy_credentials_answer(credentials, &asked.list[i]);
        }
        if (asked_it)
            return other;
    }
    return NULL;
}

bool sipwhy_find_old_nonce(const SipwhyExchange *exchange, SipwhyRefusal refusal,
                           GPtrArray *findings)
{
    bool same_nonce = false;
    const SipwhyTransaction *challenger =
        find_last_challenger(exchange, refusal.credentials, &same_nonce);

    if (!challenger || same_nonce || !has_nonce(challenger, refusal.credentials->nonce))
        return false;
    SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_NONCE_NOT_RENEWED);
    sipwhy_finding_set(finding, "challenge", "%u", challenger->final.frame);
    sipwhy_finding_set_realm(finding, refusal.challenge);
    sipwhy_finding_prove(finding, challenger->request.frame);
    sipwhy_finding_prove(finding, challenger->final.frame);
    return true;
}

/* ---- algorithm and parameters ---- */

/* The challenge that credentials answer, and its frame: that of their algorithm, or else the first
 * one with their nonce. False where it is not in the capture. */
static bool find_offer(const SipwhyExchange *exchange, const SipwhyCredentials *credentials,
                       SipwhyChallenge *offer, uint32_t *frame)
{
    SipwhyChallenges asked;
    const SipwhyTransaction *challenger =
        sipwhy_exchange_challenger(exchange->transaction, credentials, &asked);
    const SipwhyCredentialsList given = {1, {*credentials}};

    if (!challenger)
        return false;
    *offer = *sipwhy_exchange_refusal(&given, &asked).challenge;
    *frame = challenger->final.frame;
    return true;
}

static void add_mismatch(const SipwhyExchange *exchange, const SipwhyChallenge *offer,
                         const SipwhyCredentials *credentials, uint32_t challenge_in,
                         GPtrArray *findings)
{
    SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_DIGEST_ALGORITHM_MISMATCH);

    sipwhy_finding_set_realm(finding, offer);
    sipwhy_finding_set_slice(finding, "algorithm", offer->algorithm);
    sipwhy_finding_set_slice(finding, "sent", credentials->algorithm);
    sipwhy_finding_prove(finding, challenge_in);
}

static void add_wrong_digits(const SipwhyExchange *exchange, const SipwhyCredentials *credentials,
                             size_t needed, GPtrArray *findings)
{
    SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_DIGEST_ALGORITHM_MISMATCH);

    sipwhy_finding_word(finding, SIPWHY_WORDING_DIGEST_ALGORITHM_MISMATCH_DIGITS);
    sipwhy_finding_set_slice(finding, "algorithm", credentials->algorithm);
    sipwhy_finding_set(finding, "digits", "%zu", credentials->response.length);
    sipwhy_finding_set(finding, "needed", "%zu", needed);
}

static bool has_parameter(const SipwhyCredentials *credentials, const char *name)
{
    SipwhySlice found;

    return sipwhy_slice_auth_parameter(credentials->value, name, &found);
}

/* The names of the parameters that credentials must have and lack, with commas (RFC 7616 3.4). */
static char *name_missing(const SipwhyCredentials *credentials)
{
    static const char *const always[] = {"nonce", "uri", NULL};
    static const char *const with_qop[] = {"nc", "cnonce", NULL};
    GString *names = g_string_new(NULL);

    if (credentials->user.length == 0 && !has_parameter(credentials, "username*"))
        g_string_append(names, ", username");
    for (const char *const *name = always; *name; name++)
        if (!has_parameter(credentials, *name))
            g_string_append_printf(names, ", %s", *name);
    for (const char *const *name = with_qop; has_parameter(credentials, "qop") && *name; name++)
        if (!has_parameter(credentials, *name))
            g_string_append_printf(names, ", %s", *name);
    g_string_erase(names, 0, names->len > 0 ? 2 : 0);
    return g_string_free(names, FALSE);
}

static bool find_incomplete(const SipwhyExchange *exchange, SipwhyRefusal refusal,
                            GPtrArray *findings)
{
    char *missing = name_missing(refusal.credentials);
    bool incomplete = *missing != '\0';

    if (incomplete) {
        SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_DIGEST_INCOMPLETE);
        sipwhy_finding_set(finding, "missing", "%s", missing);
        sipwhy_finding_set_realm(finding, refusal.challenge);
    }
    g_free(missing);
    return incomplete;
}

bool sipwhy_find_broken_credentials(const SipwhyExchange *exchange, SipwhyRefusal refusal,
                                    GPtrArray *findings)
{
    const SipwhyCredentials *credentials = refusal.credentials;
    size_t needed = sipwhy_algorithm_digits(credentials->algorithm);
    bool broken = true;
    SipwhyChallenge offer;
    uint32_t offer_in;

    if (!sipwhy_challenge_is_digest(refusal.challenge))
        return false;
    if (find_offer(exchange, credentials, &offer, &offer_in) &&
        !sipwhy_slice_alike(credentials->algorithm, offer.algorithm))
        add_mismatch(exchange, &offer, credentials, offer_in, findings);
    else if (needed > 0 && needed != credentials->response.length)
        add_wrong_digits(exchange, credentials, needed, findings);
    else
        broken = false;
    return find_incomplete(exchange, refusal, findings) || broken;
}

/* ---- what a server may take or not ---- */

/* Whether credentials that resemble the refused ones were accepted in this call. */
typedef bool (*Resembles)(const SipwhyCredentials *one, const SipwhyCredentials *other);

static bool was_accepted(const SipwhyExchange *exchange, const SipwhyCredentials *credentials,
                         Resembles resembles)
{
    const SipwhyTransaction *other = exchange->transaction->call->last;

    for (unsigned i = 0; other && i < SIPWHY_LOOK_MOST; i++, other = other->previous) {
        SipwhyCredentialsList given;
        if (other->status / 100 != 2 ||
            !sipwhy_exchange_same_client(exchange->transaction, other) ||
            !sipwhy_exchange_given(other, &given))
            continue;
        for (size_t j = 0; j < given.count; j++)
            if (resembles(&given.list[j], credentials))
                return true;
    }
    return false;
}

static bool lacks_qop_as_well(const SipwhyCredentials *one, const SipwhyCredentials *other)
{
    return one->by == other->by && sipwhy_slice_equal(one->realm, other->realm) &&
           !has_parameter(one, "qop");
}

void sipwhy_find_missing_qop(const SipwhyExchange *exchange, SipwhyRefusal refusal,
                             GPtrArray *findings)
{
    const SipwhyCredentials *credentials = refusal.credentials;
    SipwhyChallenge offer;
    uint32_t offer_in;

    if (!sipwhy_challenge_is_digest(refusal.challenge) || has_parameter(credentials, "qop") ||
        !find_offer(exchange, credentials, &offer, &offer_in) || offer.qop.length == 0 ||
        was_accepted(exchange, credentials, lacks_qop_as_well))
        return;
    SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_DIGEST_WITHOUT_QOP);
    sipwhy_finding_set(finding, "challenge", "%u", offer_in);
    sipwhy_finding_prove(finding, offer_in);
}

/* Whether two URIs mean the same user at the same host: what else differs, servers pass over. */
static bool same_resource(SipwhySlice one, SipwhySlice other)
{
    return sipwhy_slice_equal(one, other) ||
           (sipwhy_slice_equal(sipwhy_slice_user(one), sipwhy_slice_user(other)) &&
            sipwhy_slice_host(one).length > 0 &&
            sipwhy_slice_alike(sipwhy_slice_host(one), sipwhy_slice_host(other)));
}

static bool has_same_uri(const SipwhyCredentials *one, const SipwhyCredentials *other)
{
    return sipwhy_slice_equal(one->uri, other->uri);
}

void sipwhy_find_other_uri(const SipwhyExchange *exchange, SipwhyRefusal refusal,
                           GPtrArray *findings)
{
    SipwhySlice uri = refusal.credentials->uri;
    const SipwhyTransaction *received;
    SipwhyMessage request;

    if (uri.length == 0 || exchange->uri.length == 0 || same_resource(uri, exchange->uri) ||
        was_accepted(exchange, refusal.credentials, has_same_uri))
        return;
    SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_CREDENTIALS_URI_MISMATCH);
    sipwhy_finding_set_slice(finding, "sent", uri);
    sipwhy_finding_set_slice(finding, "uri", exchange->uri);
    received = sipwhy_transaction_received(exchange->transaction);
    if (received && sipwhy_kept_message(received->kept_request, &request) &&
        same_resource(uri, request.uri)) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_CREDENTIALS_URI_MISMATCH_RETARGETED);
        sipwhy_finding_prove(finding, received->request.frame);
    }
}

/* ---- credentials for something else ---- */

/* The last transaction before it whose response asked for such credentials; NULL: none. */
static const SipwhyTransaction *find_asker(const SipwhyTransaction *transaction, SipwhyAskedBy by,
                                           SipwhySlice realm)
{
    const SipwhyCredentials wanted = {.by = by, .realm = realm};
    unsigned looked = 0;
    const SipwhyTransaction *other = sipwhy_exchange_before(transaction, transaction, &looked);

    for (; other; other = sipwhy_exchange_before(transaction, other, &looked)) {
        SipwhyChallenges asked;
        sipwhy_exchange_asked(other, &asked);
        for (size_t i = 0; i < asked.count; i++)
            if (sipwhy_credentials_fit(&wanted, &asked.list[i]))
                return other;
    }
    return NULL;
}

static void set_header(SipwhyFinding *finding, const char *name, SipwhyAskedBy by)
{
    sipwhy_finding_set(finding, name, "%s", sipwhy_header_name(sipwhy_credentials_header(by)));
}

/* Credentials for a realm, or in a header, that nobody asked for, where something was asked for. */
static bool find_other_realm(const SipwhyExchange *exchange, const SipwhyChallenge *challenge,
                             const SipwhyCredentials *credentials, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = exchange->transaction;
    bool same_realm = sipwhy_slice_equal(challenge->realm, credentials->realm);
    const SipwhyTransaction *asker = find_asker(transaction, challenge->by, challenge->realm);

    if (same_realm == (challenge->by == credentials->by) || !asker ||
        find_asker(transaction, credentials->by, credentials->realm))
        return false;
    SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_CREDENTIALS_REALM_MISMATCH);
    sipwhy_finding_set_realm(finding, challenge);
    sipwhy_finding_prove(finding, asker->final.frame);
    if (same_realm) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_CREDENTIALS_REALM_MISMATCH_HEADER);
        set_header(finding, "header", challenge->by);
        set_header(finding, "sent", credentials->by);
    } else {
        sipwhy_finding_set_slice(finding, "sent", credentials->realm);
    }
    return true;
}

/* The client had given what is asked for now with the request before, and was not asked for it. */
static bool find_dropped(const SipwhyExchange *exchange, const SipwhyChallenge *challenge,
                         GPtrArray *findings)
{
    const SipwhyTransaction *transaction = exchange->transaction;
    const SipwhyChallenges wanted = {1, {*challenge}};
    unsigned looked = 0;
    const SipwhyTransaction *last = sipwhy_exchange_before(transaction, transaction, &looked);
    SipwhyCredentialsList given;
    SipwhyChallenges asked;

    if (!last || !sipwhy_status_challenges(last->status))
        return false;
    sipwhy_exchange_given(last, &given);
    sipwhy_exchange_asked(last, &asked);
    if (!sipwhy_exchange_refusal(&given, &wanted).credentials ||
        sipwhy_exchange_refusal(&given, &asked).credentials)
        return false;
    SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_CREDENTIALS_REALM_MISMATCH);
    sipwhy_finding_word(finding, SIPWHY_WORDING_CREDENTIALS_REALM_MISMATCH_DROPPED);
    sipwhy_finding_set_realm(finding, challenge);
    sipwhy_finding_set(finding, "earlier", "%u", last->request.frame);
    sipwhy_finding_prove(finding, last->request.frame);
    sipwhy_finding_prove(finding, last->final.frame);
    return true;
}

bool sipwhy_find_misdirected_credentials(const SipwhyExchange *exchange, GPtrArray *findings)
{
    for (size_t i = 0; exchange->given.count > 0 && i < exchange->asked.count; i++) {
        const SipwhyChallenge *challenge = &exchange->asked.list[i];
        if (find_dropped(exchange, challenge, findings))
            return true;
        for (size_t j = 0; j < exchange->given.count; j++)
            if (find_other_realm(exchange, challenge, &exchange->given.list[j], findings))
                return true;
    }
    return false;
}

/* ---- CSeq ---- */

void sipwhy_find_old_cseq(const SipwhyExchange *exchange, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = exchange->transaction;

    for (size_t i = 0; i < exchange->given.count; i++) {
        SipwhyChallenges asked;
        const SipwhyTransaction *challenger =
            sipwhy_exchange_challenger(transaction, &exchange->given.list[i], &asked);
        if (!challenger || transaction->cseq > challenger->cseq ||
            transaction->from_tag != challenger->from_tag ||
            !sipwhy_same_address(&transaction->server, &challenger->server))
            continue;
        SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_CSEQ_NOT_RAISED);
        sipwhy_finding_set(finding, "challenge", "%u", challenger->final.frame);
        sipwhy_finding_set(finding, "cseq", "%u", transaction->cseq);
        sipwhy_finding_set(finding, "earlier", "%u", challenger->cseq);
        sipwhy_finding_prove(finding, challenger->request.frame);
        sipwhy_finding_prove(finding, challenger->final.frame);
        return;
    }
}
