/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: values of Identity headers, and what the rules say of them.
 *
 * The input is a value. With the byte 0x1E in it, it is the JSON of a token's header and of its
 * payload and the parameters instead, to which the base64url and the dots are added here; another
 * 0x1E begins another token.
 */
#include <string.h>

#include "check.h"
#include "passport.h"
#include "told.h"

static void append_base64url(GString *out, SipwhySlice json)
{
    char *text = g_base64_encode((const guchar *)json.data, json.length);

    g_strdelimit(text, "+", '-');
    g_strdelimit(text, "/", '_');
    g_string_append_len(out, text, (gssize)strcspn(text, "="));
    g_free(text);
}

static void append_token(GString *out, SipwhySlice *rest)
{
    append_base64url(out, fuzz_take_part(rest));
    g_string_append_c(out, '.');
    append_base64url(out, fuzz_take_part(rest));
    g_string_append(out, ".c2lnbmF0dXJl");
    const SipwhySlice parameters = fuzz_take_part(rest);
    if (parameters.length > 0)
        g_string_append_len(out, parameters.data, (gssize)parameters.length);
    else
        g_string_append(out, ";info=<https://cert.example.org/a.pem>;alg=ES256;ppt=shaken");
}

static GString *make_headers(SipwhySlice input)
{
    GString *headers = g_string_new("Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                                    "P-Asserted-Identity: <tel:+12025550123>\r\nIdentity: ");

    if (input.length == 0 || !memchr(input.data, FUZZ_SEPARATOR, input.length)) {
        g_string_append_len(headers, input.data, (gssize)input.length);
        return g_string_append(headers, "\r\n");
    }
    for (unsigned i = 0; i < SIPWHY_IDENTITIES_MOST && input.length > 0; i++) {
        g_string_append(headers, i > 0 ? ",\r\n " : "");
        append_token(headers, &input);
    }
    return g_string_append(headers, "\r\n");
}

static void check_identity(SipwhySlice whole, const SipwhyIdentity *identity)
{
    const SipwhySlice inside[] = {identity->token,     identity->header, identity->payload,
                                  identity->signature, identity->info,   identity->alg,
                                  identity->ppt};

    for (size_t i = 0; i < G_N_ELEMENTS(inside); i++)
        fuzz_check_slice(whole, inside[i]);
}

static void check_shown(const char *text)
{
    fuzz_check_line(text);
    CHECK(!text || strlen(text) <= SIPWHY_PASSPORT_TEXT_BYTES_MOST);
}

static void check_passport(const SipwhyIdentity *identity)
{
    SipwhyPassport passport;

    sipwhy_passport_read(identity, &passport);
    const char *const texts[] = {passport.header_text, passport.payload_text, passport.typ,
                                 passport.alg,         passport.ppt,          passport.x5u,
                                 passport.attest,      passport.origid,       passport.orig.text,
                                 passport.div.text};
    CHECK(passport.state <= SIPWHY_PASSPORT_OVERSIZED);
    CHECK(passport.dest_count <= SIPWHY_PASSPORT_PARTIES_MOST);
    CHECK(passport.key_count <= SIPWHY_PASSPORT_KEYS_MOST);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        check_shown(texts[i]);
    for (unsigned i = 0; i < passport.dest_count; i++)
        check_shown(passport.dest[i].text);
    for (unsigned i = 0; i < passport.key_count; i++)
        check_shown(passport.keys[i]);
    sipwhy_passport_clear(&passport);
}

static void check_identities(const GString *headers)
{
    static const char start[] = "INVITE sip:b@example.com SIP/2.0\r\n";
    char *text = g_strdup(start);
    size_t length = strlen(start) + headers->len;
    size_t position = 0;
    SipwhySlice rest = {0};
    SipwhyMessage message;
    SipwhyIdentity identity;

    text = g_realloc(text, length);
    memcpy(text + strlen(start), headers->str, headers->len);
    CHECK(sipwhy_message_scan(text, length, SIPWHY_FRAMING_DATAGRAM, &message));
    while (sipwhy_identity_next(&message, &position, &rest, &identity)) {
        check_identity((SipwhySlice){text, length}, &identity);
        check_passport(&identity);
    }
    g_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char *const answers[] = {"SIP/2.0 438 Invalid Identity Header",
                                          "SIP/2.0 403 Stale Date"};
    GString *headers = make_headers((SipwhySlice){(const char *)bytes, length});
    ToldCall call = told_call_begin();

    check_identities(headers);
    for (unsigned i = 0; i < G_N_ELEMENTS(answers); i++) {
        told_call_add(&call, "INVITE sip:+12025550199@example.com SIP/2.0", "INVITE", i + 1,
                      g_string_new_len(headers->str, (gssize)headers->len));
        told_call_add(&call, answers[i], "INVITE", i + 1, NULL);
    }
    g_string_free(headers, TRUE);
    told_call_end(&call);
    return 0;
}
