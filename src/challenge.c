/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Challenges and credentials of a message.
 */
#include "challenge.h"

#include <string.h>

#include <glib.h>

static const struct {
    SipwhyHeaderId challenge;
    SipwhyHeaderId credentials;
} headers[SIPWHY_ASKED_BY_COUNT] = {
    [SIPWHY_ASKED_BY_SERVER] = {SIPWHY_HEADER_WWW_AUTHENTICATE, SIPWHY_HEADER_AUTHORIZATION},
    [SIPWHY_ASKED_BY_PROXY] = {SIPWHY_HEADER_PROXY_AUTHENTICATE, SIPWHY_HEADER_PROXY_AUTHORIZATION},
};

static SipwhySlice parameter(SipwhySlice value, const char *name)
{
    SipwhySlice found;

    return sipwhy_slice_auth_parameter(value, name, &found) ? found : (SipwhySlice){NULL, 0};
}

static SipwhySlice read_algorithm(SipwhySlice value)
{
    SipwhySlice algorithm = parameter(value, "algorithm");

    return algorithm.length > 0 ? algorithm : (SipwhySlice){"MD5", strlen("MD5")};
}

static void read_challenge(SipwhySlice value, SipwhyAskedBy by, SipwhyChallenge *challenge)
{
    *challenge = (SipwhyChallenge){
        .by = by,
        .scheme = sipwhy_slice_auth_scheme(value),
        .realm = parameter(value, "realm"),
        .nonce = parameter(value, "nonce"),
        .algorithm = read_algorithm(value),
        .qop = parameter(value, "qop"),
        .stale = sipwhy_slice_is(parameter(value, "stale"), "true"),
    };
}

static void read_credentials(SipwhySlice value, SipwhyAskedBy by, SipwhyCredentials *credentials)
{
    SipwhySlice auts;

    *credentials = (SipwhyCredentials){
        .by = by,
        .value = value,
        .scheme = sipwhy_slice_auth_scheme(value),
        .realm = parameter(value, "realm"),
        .nonce = parameter(value, "nonce"),
        .algorithm = read_algorithm(value),
        .user = parameter(value, "username"),
        .uri = parameter(value, "uri"),
        .response = parameter(value, "response"),
        .resync = sipwhy_slice_auth_parameter(value, "auts", &auts),
    };
}

/* Of Digest an empty response proves nothing. Of other schemes nothing is known. */
static bool claims_something(const SipwhyCredentials *credentials)
{
    return credentials->response.length > 0 ||
           (credentials->scheme.length > 0 && !sipwhy_slice_is(credentials->scheme, "Digest"));
}

void sipwhy_challenges_read(const SipwhyMessage *response, SipwhyChallenges *challenges)
{
    challenges->count = 0;
    for (int by = 0; by < SIPWHY_ASKED_BY_COUNT; by++) {
        SipwhySlice value;
        size_t position = 0;
        while (challenges->count < SIPWHY_CHALLENGES_MOST &&
               sipwhy_message_next(response, headers[by].challenge, &position, &value))
            read_challenge(value, (SipwhyAskedBy)by, &challenges->list[challenges->count++]);
    }
}

void sipwhy_credentials_read(const SipwhyMessage *request, SipwhyCredentialsList *credentials)
{
    credentials->count = 0;
    for (int by = 0; by < SIPWHY_ASKED_BY_COUNT; by++) {
        SipwhySlice value;
        size_t position = 0;
        while (credentials->count < SIPWHY_CHALLENGES_MOST &&
               sipwhy_message_next(request, headers[by].credentials, &position, &value)) {
            SipwhyCredentials *one = &credentials->list[credentials->count];
            read_credentials(value, (SipwhyAskedBy)by, one);
            if (claims_something(one))
                credentials->count++;
        }
    }
}

bool sipwhy_credentials_fit(const SipwhyCredentials *credentials, const SipwhyChallenge *challenge)
{
    return credentials->by == challenge->by &&
           sipwhy_slice_equal(credentials->realm, challenge->realm);
}

bool sipwhy_credentials_answer(const SipwhyCredentials *credentials,
                               const SipwhyChallenge *challenge)
{
    return sipwhy_credentials_fit(credentials, challenge) &&
           sipwhy_slice_equal(credentials->nonce, challenge->nonce);
}

bool sipwhy_challenge_is_digest(const SipwhyChallenge *challenge)
{
    return sipwhy_slice_is(challenge->scheme, "Digest");
}

size_t sipwhy_algorithm_digits(SipwhySlice algorithm)
{
    static const struct {
        const char *name;
        size_t digits;
    } known[] = {{"MD5", 32},         {"MD5-sess", 32},        {"AKAv1-MD5", 32},
                 {"AKAv2-MD5", 32},   {"SHA-256", 64},         {"SHA-256-sess", 64},
                 {"SHA-512-256", 64}, {"SHA-512-256-sess", 64}};

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (sipwhy_slice_is(algorithm, known[i].name))
            return known[i].digits;
    return 0;
}

SipwhyHeaderId sipwhy_credentials_header(SipwhyAskedBy by)
{
    return headers[by].credentials;
}
