/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: challenges, credentials, and what the rules say of both.
 *
 * The input has parts with the byte 0x1E between them: the challenge of a response (what stands
 * behind "WWW-Authenticate: "; a line end in it begins another header), credentials for it (behind
 * "Authorization: "), the next challenge, the next credentials, and so on.
 */
#include <string.h>

#include "challenge.h"
#include "check.h"
#include "told.h"

enum { EXCHANGES_MOST = 8 };

/* Algorithms are constant where none is given. */
static void check_challenges(const SipwhyMessage *message, SipwhySlice whole,
                             SipwhyChallenges *challenges)
{
    sipwhy_challenges_read(message, challenges);
    CHECK(challenges->count <= SIPWHY_CHALLENGES_MOST);
    for (size_t i = 0; i < challenges->count; i++) {
        const SipwhyChallenge *one = &challenges->list[i];
        const SipwhySlice inside[] = {one->scheme, one->realm, one->nonce, one->qop};
        for (size_t j = 0; j < G_N_ELEMENTS(inside); j++)
            fuzz_check_slice(whole, inside[j]);
        CHECK(one->algorithm.length > 0);
        fuzz_check_slice(one->algorithm, one->algorithm);
        sipwhy_challenge_is_digest(one);
    }
}

static void check_credentials(const SipwhyMessage *message, SipwhySlice whole,
                              SipwhyCredentialsList *credentials)
{
    sipwhy_credentials_read(message, credentials);
    CHECK(credentials->count <= SIPWHY_CHALLENGES_MOST);
    for (size_t i = 0; i < credentials->count; i++) {
        const SipwhyCredentials *one = &credentials->list[i];
        const SipwhySlice inside[] = {one->scheme, one->value, one->realm,   one->nonce,
                                      one->user,   one->uri,   one->response};
        for (size_t j = 0; j < G_N_ELEMENTS(inside); j++)
            fuzz_check_slice(whole, inside[j]);
        CHECK(sipwhy_algorithm_digits(one->algorithm) <= 128);
    }
}

static GString *make_header(const char *name, SipwhySlice value)
{
    GString *header = g_string_new(name);

    g_string_append_len(header, value.data, (gssize)value.length);
    return g_string_append(header, "\r\n");
}

/* A message with nothing but the header, in memory of its own size. */
static SipwhySlice scan(const char *start, const GString *header, SipwhyMessage *message)
{
    char *text = g_strconcat(start, NULL);
    const size_t length = strlen(start);

    text = g_realloc(text, length + header->len);
    memcpy(text + length, header->str, header->len);
    CHECK(sipwhy_message_scan(text, length + header->len, SIPWHY_FRAMING_DATAGRAM, message));
    return (SipwhySlice){text, length + header->len};
}

static void check_pair(const GString *challenge, const GString *credentials)
{
    SipwhyMessage response;
    SipwhyMessage request;
    SipwhyChallenges asked;
    SipwhyCredentialsList given;
    const SipwhySlice one = scan("SIP/2.0 401 Unauthorized\r\n", challenge, &response);
    const SipwhySlice other = scan("REGISTER sip:example.com SIP/2.0\r\n", credentials, &request);

    check_challenges(&response, one, &asked);
    check_credentials(&request, other, &given);
    for (size_t i = 0; i < asked.count; i++)
        for (size_t j = 0; j < given.count; j++)
            CHECK(!sipwhy_credentials_answer(&given.list[j], &asked.list[i]) ||
                  sipwhy_credentials_fit(&given.list[j], &asked.list[i]));
    g_free((char *)one.data);
    g_free((char *)other.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    SipwhySlice rest = {(const char *)bytes, length};
    GString *credentials = NULL;
    ToldCall call = told_call_begin();

    for (unsigned i = 1; i <= EXCHANGES_MOST && (i == 1 || rest.length > 0); i++) {
        GString *challenge = make_header("WWW-Authenticate: ", fuzz_take_part(&rest));
        told_call_add(&call, "REGISTER sip:example.com SIP/2.0", "REGISTER", i, credentials);
        credentials = make_header("Authorization: ", fuzz_take_part(&rest));
        check_pair(challenge, credentials);
        told_call_add(&call, i % 4 == 0 ? "SIP/2.0 403 Forbidden" : "SIP/2.0 401 Unauthorized",
                      "REGISTER", i, challenge);
    }
    g_string_free(credentials, TRUE);
    told_call_end(&call);
    return 0;
}
