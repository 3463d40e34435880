/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * passport.h and number.h: Identity header values, tokens, and the numbers in them.
 */
#include "passport.h"

#include <string.h>

#include "number.h"

/* 64 bytes in base64url, as a signature of ES256 has them. */
#define SIGNATURE \
    "c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlMQ"

static const char shaken[] = "{\"alg\":\"ES256\",\"ppt\":\"shaken\",\"typ\":\"passport\","
                             "\"x5u\":\"https://cert.example.org/passport.cer\"}";
static const char claims[] =
    "{\"attest\":\"A\",\"dest\":{\"tn\":[\"12155550131\",\"12155550132\"],"
    "\"uri\":[\"sip:alice@example.com\"]},\"iat\":1443208345,\"orig\":{\"tn\":\"12155550121\"},"
    "\"origid\":\"123e4567-e89b-12d3-a456-426655440000\"}";

static char *encode(const char *bytes, size_t length)
{
    char *text = g_base64_encode((const guchar *)bytes, length);

    g_strdelimit(text, "+", '-');
    g_strdelimit(text, "/", '_');
    g_strdelimit(text, "=", '\0');
    return text;
}

static char *token_of(const char *header, const char *payload, size_t length)
{
    char *first = encode(header, strlen(header));
    char *second = encode(payload, length);
    char *token = g_strdup_printf("%s.%s." SIGNATURE, first, second);

    g_free(first);
    g_free(second);
    return token;
}

/* A request with these Identity lines, and its first value. */
typedef struct {
    char *bytes;
    SipwhyMessage message;
    SipwhyIdentity identity;
    SipwhyPassport passport;
} Case;

static void open_case(Case *this, const char *lines, size_t length)
{
    GString *text = g_string_new("INVITE sip:b@example.com SIP/2.0\r\n");
    SipwhySlice rest = {0};
    size_t position = 0;

    g_string_append_len(text, lines, (gssize)length);
    g_string_append(text, "\r\n\r\n");
    this->bytes = g_memdup2(text->str, text->len); /* without a NUL behind it */
    g_assert_true(
        sipwhy_message_scan(this->bytes, text->len, SIPWHY_FRAMING_DATAGRAM, &this->message));
    g_assert_true(sipwhy_identity_next(&this->message, &position, &rest, &this->identity));
    sipwhy_passport_read(&this->identity, &this->passport);
    g_string_free(text, TRUE);
}

static void open_value(Case *this, const char *value)
{
    char *line = g_strdup_printf("Identity: %s", value);

    open_case(this, line, strlen(line));
    g_free(line);
}

static void open_payload(Case *this, const char *payload, size_t length)
{
    char *token = token_of(shaken, payload, length);

    open_value(this, token);
    g_free(token);
}

static void close_case(Case *this)
{
    sipwhy_passport_clear(&this->passport);
    g_free(this->bytes);
}

static void assert_slice(SipwhySlice slice, const char *expected)
{
    char *found = slice.data ? g_strndup(slice.data, slice.length) : NULL;

    g_assert_cmpstr(found, ==, expected);
    g_free(found);
}

static void test_parameters(void)
{
    Case this;

    open_value(&this, "aa.bb.cc ; info=<https://x.example/a;b,c>;alg=ES256;ppt=\"div\"");
    assert_slice(this.identity.token, "aa.bb.cc");
    assert_slice(this.identity.header, "aa");
    assert_slice(this.identity.payload, "bb");
    assert_slice(this.identity.signature, "cc");
    assert_slice(this.identity.info, "https://x.example/a;b,c");
    assert_slice(this.identity.alg, "ES256");
    assert_slice(this.identity.ppt, "div");
    g_assert_true(this.identity.bracketed);
    close_case(&this);

    open_value(&this, "..cc");
    assert_slice(this.identity.signature, "cc");
    assert_slice(this.identity.info, NULL);
    g_assert_cmpint(this.passport.state, ==, SIPWHY_PASSPORT_COMPACT);
    close_case(&this);
}

static void test_several_values(void)
{
    static const char lines[] = "Identity: a.b.c;info=<https://x/,>, d.e.f;ppt=div\r\n"
                                "Subject: none\r\n"
                                "y: ..g;info=<https://y/>";
    static const char *const tokens[] = {"a.b.c", "d.e.f", "..g"};
    Case this;
    SipwhySlice rest = {0};
    size_t position = 0;
    SipwhyIdentity identity;

    open_case(&this, lines, strlen(lines));
    for (size_t i = 0; i < G_N_ELEMENTS(tokens); i++) {
        g_assert_true(sipwhy_identity_next(&this.message, &position, &rest, &identity));
        assert_slice(identity.token, tokens[i]);
    }
    g_assert_false(sipwhy_identity_next(&this.message, &position, &rest, &identity));
    close_case(&this);
}

static void test_claims(void)
{
    Case this;
    const SipwhyPassport *passport = &this.passport;

    open_payload(&this, claims, strlen(claims));
    g_assert_cmpint(passport->state, ==, SIPWHY_PASSPORT_READ);
    g_assert_false(passport->folded);
    g_assert_cmpstr(passport->header_text, ==, shaken);
    g_assert_cmpstr(passport->payload_text, ==, claims);
    g_assert_cmpstr(passport->alg, ==, "ES256");
    g_assert_cmpstr(passport->ppt, ==, "shaken");
    g_assert_cmpstr(passport->typ, ==, "passport");
    g_assert_cmpstr(passport->x5u, ==, "https://cert.example.org/passport.cer");
    g_assert_cmpstr(passport->attest, ==, "A");
    g_assert_cmpstr(passport->origid, ==, "123e4567-e89b-12d3-a456-426655440000");
    g_assert_cmpstr(passport->orig.text, ==, "12155550121");
    g_assert_true(passport->orig.is_number);
    g_assert_cmpuint(passport->dest_count, ==, 3);
    g_assert_cmpstr(passport->dest[1].text, ==, "12155550132");
    g_assert_cmpstr(passport->dest[2].text, ==, "sip:alice@example.com");
    g_assert_false(passport->dest[2].is_number);
    g_assert_true(passport->has_iat);
    g_assert_cmpint(passport->iat, ==, 1443208345);
    close_case(&this);
}

static void test_iat(void)
{
    static const struct {
        const char *json;
        bool found;
        int64_t iat;
    } cases[] = {
        {"1443208345", true, 1443208345},
        {"\"1443208345\"", true, 1443208345},
        {"1443208345.75", true, 1443208345},
        {"0", true, 0},
        {"253402300799", true, INT64_C(253402300799)},
        {"253402300800", false, 0},
        {"99999999999999999999999999", false, 0},
        {"1e300", false, 0},
        {"-1", false, 0},
        {"\"soon\"", false, 0},
        {"\"\"", false, 0},
        {"null", false, 0},
        {"true", false, 0},
        {"[1443208345]", false, 0},
        {"{}", false, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *json = g_strdup_printf("{\"iat\":%s}", cases[i].json);
        Case this;
        open_payload(&this, json, strlen(json));
        g_test_message("%s", json);
        g_assert_cmpint(this.passport.state, ==, SIPWHY_PASSPORT_READ);
        g_assert_cmpint(this.passport.has_iat, ==, cases[i].found);
        g_assert_cmpint(this.passport.iat, ==, cases[i].iat);
        close_case(&this);
        g_free(json);
    }
}

/* Members of other types than they should have. */
static void test_odd_types(void)
{
    static const char *const payloads[] = {
        "{}",
        "{\"orig\":\"12155550121\",\"dest\":[\"1\"],\"div\":3,\"mky\":\"x\"}",
        "{\"orig\":{\"tn\":1},\"dest\":{\"tn\":{\"a\":[]},\"uri\":null},\"attest\":[\"A\"]}",
        "{\"orig\":null,\"dest\":null,\"iat\":null,\"mky\":null,\"origid\":null}",
        "{\"orig\":{\"tn\":[\"1\"]},\"dest\":{\"tn\":[1,null,{},[]]},\"mky\":[1,{},{\"dig\":[]}]}",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(payloads); i++) {
        Case this;
        open_payload(&this, payloads[i], strlen(payloads[i]));
        g_assert_cmpint(this.passport.state, ==, SIPWHY_PASSPORT_READ);
        g_assert_null(this.passport.orig.text);
        g_assert_null(this.passport.div.text);
        g_assert_null(this.passport.attest);
        g_assert_cmpuint(this.passport.dest_count, ==, 0);
        g_assert_cmpuint(this.passport.key_count, ==, 0);
        close_case(&this);
    }
}

static void test_lone_destination(void)
{
    static const char payload[] = "{\"dest\":{\"tn\":\"12155550131\"}}";
    Case this;

    open_payload(&this, payload, strlen(payload));
    g_assert_cmpuint(this.passport.dest_count, ==, 1);
    g_assert_cmpstr(this.passport.dest[0].text, ==, "12155550131");
    close_case(&this);
}

static void test_keys(void)
{
    static const char payload[] = "{\"mky\":[{\"alg\":\"sha-256\",\"dig\":\"02:1a:cc\"},"
                                  "{\"alg\":\"sha-256\",\"dig\":\"4AADB9\"}]}";
    Case this;

    open_payload(&this, payload, strlen(payload));
    g_assert_cmpuint(this.passport.key_count, ==, 2);
    g_assert_cmpstr(this.passport.keys[0], ==, "021ACC");
    g_assert_cmpstr(this.passport.keys[1], ==, "4AADB9");
    close_case(&this);
}

static void test_broken_tokens(void)
{
    static const struct {
        const char *value;
        SipwhyPassportState state;
    } cases[] = {
        {"", SIPWHY_PASSPORT_MISSHAPEN},
        {"eyJ9", SIPWHY_PASSPORT_MISSHAPEN},
        {"a.b", SIPWHY_PASSPORT_MISSHAPEN},
        {"a.b.c.d", SIPWHY_PASSPORT_MISSHAPEN},
        {"..", SIPWHY_PASSPORT_COMPACT},
        {"e30.e30.", SIPWHY_PASSPORT_READ},        /* {} */
        {"e30=.e30=.c", SIPWHY_PASSPORT_READ},     /* padded */
        {"e 3\r\n 0.e30.c", SIPWHY_PASSPORT_READ}, /* folded */
        {"e3.e30.c", SIPWHY_PASSPORT_NO_JSON},     /* { */
        {"e.e30.c", SIPWHY_PASSPORT_NO_BASE64},
        {"e30.e3%30.c", SIPWHY_PASSPORT_NO_BASE64},
        {"e30.e=30.c", SIPWHY_PASSPORT_NO_BASE64},
        {".e30.c", SIPWHY_PASSPORT_NO_BASE64},
        {"e30..c", SIPWHY_PASSPORT_NO_BASE64},
        {"W10.e30.c", SIPWHY_PASSPORT_NO_JSON},    /* [] */
        {"e30.bnVsbA.c", SIPWHY_PASSPORT_NO_JSON}, /* null */
        {"e30._____w.c", SIPWHY_PASSPORT_NO_JSON}, /* no UTF-8 */
        {"\"ZYNBbHC00VMZr2kZ+/=\"", SIPWHY_PASSPORT_OBSOLETE},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *value = g_strdup_printf("%s;info=<https://x.example/>", cases[i].value);
        Case this;
        open_value(&this, value);
        g_test_message("%s", value);
        g_assert_cmpint(this.passport.state, ==, cases[i].state);
        g_assert_cmpint(this.passport.folded, ==, strchr(value, ' ') != NULL);
        close_case(&this);
        g_free(value);
    }
}

/* What would hide from a comparison what follows it. */
static void test_hidden_bytes(void)
{
#define PAYLOAD(text)          \
    {                          \
        text, sizeof(text) - 1 \
    }
    static const struct {
        const char *json;
        size_t length;
    } payloads[] = {
        PAYLOAD("{\"orig\":{\"tn\":\"121\0\"}}"),
        PAYLOAD("{\"orig\":{\"tn\":\"121\\u000055\"}}"),
        PAYLOAD("{}\0{}"),
        PAYLOAD("{\"a\":1 /* \" */ , \"iat\":2}"),
        PAYLOAD("{'iat':2}"),
        PAYLOAD("{\"a\":\"b\x01\"}"),
        PAYLOAD("{\"a\":\"b\xff\"}"),
        PAYLOAD("{\"a\":\"b}"),
        PAYLOAD("{} {}"),
        PAYLOAD("{\"a\"}"),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(payloads); i++) {
        Case this;
        open_payload(&this, payloads[i].json, payloads[i].length);
        g_test_message("%zu: %s", i, payloads[i].json);
        g_assert_cmpint(this.passport.state, ==, SIPWHY_PASSPORT_NO_JSON);
        g_assert_true(g_utf8_validate(this.passport.payload_text, -1, NULL));
        close_case(&this);
    }
}

static char *repeat(const char *before, const char *text, size_t count, const char *after)
{
    GString *whole = g_string_new(before);

    for (size_t i = 0; i < count; i++)
        g_string_append(whole, text);
    g_string_append(whole, after);
    return g_string_free(whole, FALSE);
}

static void test_large(void)
{
    static const struct {
        const char *before;
        const char *text;
        size_t count;
        const char *after;
        SipwhyPassportState state;
    } cases[] = {
        {"{\"iat\":1,\"dest\":{\"tn\":[", "\"12155550131\",", 2000, "\"1\"]}}",
         SIPWHY_PASSPORT_READ},
        {"{\"iat\":1,\"dest\":{\"tn\":[", "\"12155550131\",", 100000, "\"1\"]}}",
         SIPWHY_PASSPORT_OVERSIZED},
        {"{\"iat\":1,\"x\":", "[", 14, "]]]]]]]]]]]]]]}", SIPWHY_PASSPORT_READ},
        {"{\"iat\":1,\"x\":", "[", 20000, "]}", SIPWHY_PASSPORT_OVERSIZED},
        {"{\"iat\":1,\"x\":", "{\"x\":", 5000, "1", SIPWHY_PASSPORT_OVERSIZED},
        {"{\"iat\":1,\"x\":\"", "[{", 5000, "\"}", SIPWHY_PASSPORT_READ},
        {"", "x", 1000000, "", SIPWHY_PASSPORT_OVERSIZED},
        {"{\"iat\":1,\"orig\":{\"tn\":\"", "1", 40000, "\"}}", SIPWHY_PASSPORT_READ},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *json = repeat(cases[i].before, cases[i].text, cases[i].count, cases[i].after);
        Case this;
        open_payload(&this, json, strlen(json));
        g_test_message("case %zu", i);
        g_assert_cmpint(this.passport.state, ==, cases[i].state);
        g_assert_cmpuint(this.passport.dest_count, <=, SIPWHY_PASSPORT_PARTIES_MOST);
        if (this.passport.payload_text)
            g_assert_cmpuint(strlen(this.passport.payload_text), <=,
                             SIPWHY_PASSPORT_TEXT_BYTES_MOST + 3);
        if (this.passport.orig.text)
            g_assert_cmpuint(strlen(this.passport.orig.text), <=,
                             SIPWHY_PASSPORT_TEXT_BYTES_MOST + 3);
        close_case(&this);
        g_free(json);
    }
}

/* A token cut at each of its bytes is read without a byte too much. */
static void test_every_cut(void)
{
    char *token = token_of(shaken, claims, strlen(claims));
    size_t length = strlen(token);

    for (size_t i = 0; i <= length; i++) {
        char *value = g_strdup_printf("%.*s;info=<https://x.example/>", (int)i, token);
        Case this;
        open_value(&this, value);
        close_case(&this);
        g_free(value);
    }
    g_free(token);
}

static void test_numbers(void)
{
    static const struct {
        const char *tn;
        const char *uri;
        SipwhyPartyMatch match;
    } cases[] = {
        {"12155550131", "sip:+12155550131@example.com", SIPWHY_PARTY_SAME},
        {"12155550131", "sip:+1-215-555-0131@example.com;user=phone", SIPWHY_PARTY_SAME},
        {"12155550131", "sip:%2B12155550131@example.com", SIPWHY_PARTY_SAME},
        {"12155550131", "SIPS:12155550131:secret@example.com", SIPWHY_PARTY_SAME},
        {"12155550131", "tel:+1(215)555.0131", SIPWHY_PARTY_SAME},
        {"12155550131", "tel:+12155550131;verstat=TN-Validation-Passed", SIPWHY_PARTY_SAME},
        {"12155550131", "sip:+12155550131;npdi;rn=+12155550100@example.com", SIPWHY_PARTY_SAME},
        {"+12155550131", "tel:+12155550131", SIPWHY_PARTY_SAME},
        {"911", "sip:911@example.com", SIPWHY_PARTY_SAME},
        {"*67", "tel:*67;phone-context=example.com", SIPWHY_PARTY_SAME},
        {"19145557042", "tel:7042;phone-context=+1-914-555", SIPWHY_PARTY_SAME},
        {"19145557042", "sip:5557042;phone-context=+1914@example.com", SIPWHY_PARTY_SAME},
        {"12155550131", "sip:+12155550132@example.com", SIPWHY_PARTY_DIFFERENT},
        {"12155550131", "sip:+442155550131@example.com", SIPWHY_PARTY_DIFFERENT},
        {"2155550131", "tel:+12155550131", SIPWHY_PARTY_DIFFERENT},
        {"12155550131", "sip:2155550131@example.com", SIPWHY_PARTY_OTHER_FORM},
        {"12155550131", "sip:5550131@example.com", SIPWHY_PARTY_OTHER_FORM},
        {"12155550131", "sip:01112155550131@example.com", SIPWHY_PARTY_OTHER_FORM},
        {"49301234567", "sip:0301234567@example.com;user=phone", SIPWHY_PARTY_OTHER_FORM},
        {"49301234567", "sip:004930/1234567@example.com", SIPWHY_PARTY_INCOMPARABLE},
        {"12155550131", "sip:9912155550131@example.com", SIPWHY_PARTY_OTHER_FORM},
        {"12155550131", "sip:2155550177@example.com", SIPWHY_PARTY_UNLIKE},
        {"12155550131", "sip:3035550131@example.com", SIPWHY_PARTY_INCOMPARABLE},
        {"12155550131", "sip:1001@example.com", SIPWHY_PARTY_INCOMPARABLE},
        {"12155550131", "sip:911@example.com", SIPWHY_PARTY_INCOMPARABLE},
        {"12155550131", "sip:alice@example.com", SIPWHY_PARTY_INCOMPARABLE},
        {"12155550131", "sip:anonymous@anonymous.invalid", SIPWHY_PARTY_INCOMPARABLE},
        {"12155550131", "sip:example.com", SIPWHY_PARTY_INCOMPARABLE},
        {"12155550131", "mailto:12155550131@example.com", SIPWHY_PARTY_INCOMPARABLE},
        {"12155550131", "", SIPWHY_PARTY_INCOMPARABLE},
        {"1215555013112155550131121555501311", "tel:+12155550131", SIPWHY_PARTY_INCOMPARABLE},
        {"alice", "sip:+12155550131@example.com", SIPWHY_PARTY_INCOMPARABLE},
        {"", "sip:+12155550131@example.com", SIPWHY_PARTY_INCOMPARABLE},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *tn = g_strdup(cases[i].tn);
        SipwhyParty party = {tn, true};
        SipwhySlice uri = {cases[i].uri, strlen(cases[i].uri)};
        g_test_message("%s, %s", tn, cases[i].uri);
        g_assert_cmpint(sipwhy_party_match(&party, uri), ==, cases[i].match);
        g_free(tn);
    }
}

static void test_uris(void)
{
    static const struct {
        const char *claim;
        const char *uri;
        SipwhyPartyMatch match;
    } cases[] = {
        {"sip:alice@example.com", "sip:Alice:pw@EXAMPLE.com:5061;transport=tls?x=y",
         SIPWHY_PARTY_SAME},
        {"sip:alice@example.com", "sip:%61lice@example.com", SIPWHY_PARTY_SAME},
        {"sip:alice@example.com", "sips:alice@example.com", SIPWHY_PARTY_SAME},
        {"sip:alice@example.com", "sip:alice@example.net", SIPWHY_PARTY_DIFFERENT},
        {"sip:alice@example.com", "sip:bob@example.com", SIPWHY_PARTY_DIFFERENT},
        {"sip:alice@example.com", "sip:anonymous@anonymous.invalid", SIPWHY_PARTY_INCOMPARABLE},
        {"sip:alice@example.com", "sip:+12155550131@example.com", SIPWHY_PARTY_INCOMPARABLE},
        {"sip:alice@example.com", "tel:+12155550131", SIPWHY_PARTY_INCOMPARABLE},
        {"sip:12155550131@example.com", "sip:12155550131@example.com;user=phone",
         SIPWHY_PARTY_SAME},
        {"tel:+12155550131", "sip:+12155550131@example.com", SIPWHY_PARTY_SAME},
        {"tel:+12155550131", "sip:+12155550132@example.com", SIPWHY_PARTY_DIFFERENT},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *claim = g_strdup(cases[i].claim);
        SipwhyParty party = {claim, false};
        SipwhySlice uri = {cases[i].uri, strlen(cases[i].uri)};
        g_test_message("%s, %s", claim, cases[i].uri);
        g_assert_cmpint(sipwhy_party_match(&party, uri), ==, cases[i].match);
        g_free(claim);
    }
}

static void test_parties(void)
{
    char number[] = "12155550131";
    char other[] = "+1-215-555-0131";
    char uri[] = "sip:alice@example.com";
    char same[] = "sip:Alice@example.com:5060";
    const SipwhyParty nobody = {NULL, false};

    g_assert_true(sipwhy_party_equal(&(SipwhyParty){number, true}, &(SipwhyParty){other, true}));
    g_assert_true(sipwhy_party_equal(&(SipwhyParty){uri, false}, &(SipwhyParty){same, false}));
    g_assert_false(sipwhy_party_equal(&(SipwhyParty){uri, false}, &(SipwhyParty){number, true}));
    g_assert_false(sipwhy_party_equal(&nobody, &(SipwhyParty){number, true}));
    g_assert_false(sipwhy_party_equal(&nobody, &nobody));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/passport/parameters", test_parameters);
    g_test_add_func("/passport/several-values", test_several_values);
    g_test_add_func("/passport/claims", test_claims);
    g_test_add_func("/passport/iat", test_iat);
    g_test_add_func("/passport/odd-types", test_odd_types);
    g_test_add_func("/passport/lone-destination", test_lone_destination);
    g_test_add_func("/passport/keys", test_keys);
    g_test_add_func("/passport/broken-tokens", test_broken_tokens);
    g_test_add_func("/passport/hidden-bytes", test_hidden_bytes);
    g_test_add_func("/passport/large", test_large);
    g_test_add_func("/passport/every-cut", test_every_cut);
    g_test_add_func("/number/numbers", test_numbers);
    g_test_add_func("/number/uris", test_uris);
    g_test_add_func("/number/parties", test_parties);
    return g_test_run();
}
