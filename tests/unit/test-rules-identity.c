/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * rules/identity.c: who has signed for the caller, and what an intermediary made of it.
 */
#include <string.h>

#include "trace-kit.h"

/* The first second of a trace, 2026-01-01 00:00:00 UTC. */
#define START 1767225600

#define INFO "https://cert.example.com/a.cer"
#define HEADER(more) "{\"alg\":\"ES256\"," more "\"typ\":\"passport\",\"x5u\":\"" INFO "\"}"
#define PLAIN HEADER("")
#define SHAKEN HEADER("\"ppt\":\"shaken\",")
#define DIV HEADER("\"ppt\":\"div\",")
#define ATTEST "\"attest\":\"A\","
#define ORIGID ",\"origid\":\"123e4567-e89b-12d3-a456-426655440000\""

/* 64 bytes in base64url. */
#define SIGNATURE \
    "c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlMQ"

/* The parties of all requests, unless they say otherwise. */
#define FROM "\nFrom: <sip:+12025550100@example.com>;tag=f"
#define TO "\nTo: <sip:+12025550199@example.org>"
#define TARGET "sip:+12025550199@example.org"
#define DATE "\nDate: Thu, 01 Jan 2026 00:00:00 GMT"

#define DIRECT "10.0.0.1>10.0.0.9"
#define BACK "10.0.0.9>10.0.0.1"
#define FIRST "10.0.0.1>10.0.0.5"
#define SECOND "10.0.0.5>10.0.0.9"
#define SECOND_VIA                               \
    "\nVia: SIP/2.0/UDP 10.0.0.5:5060;branch=p1" \
    "\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKINVITE1"

/* Texts that live as long as a test. */
static GPtrArray *texts;

static const char *keep(char *text)
{
    g_ptr_array_add(texts, text);
    return text;
}

static const char *encode(const char *json)
{
    char *text = g_base64_encode((const guchar *)json, strlen(json));

    g_strdelimit(text, "+", '-');
    g_strdelimit(text, "/", '_');
    g_strdelimit(text, "=", '\0');
    return keep(text);
}

static const char *token(const char *header, const char *payload)
{
    return keep(g_strdup_printf("%s.%s." SIGNATURE, encode(header), encode(payload)));
}

/* Claims on the usual parties, `seconds` after the start. */
static const char *claims(int seconds)
{
    return keep(g_strdup_printf("{\"dest\":{\"tn\":[\"12025550199\"]},\"iat\":%d,"
                                "\"orig\":{\"tn\":\"12025550100\"}}",
                                START + seconds));
}

static const char *identity(const char *value)
{
    return keep(g_strdup_printf("\nIdentity: %s;info=<" INFO ">", value));
}

/* A sound Identity header. */
static const char *sound(void)
{
    return identity(token(PLAIN, claims(0)));
}

static const char *compact(void)
{
    return identity(".." SIGNATURE);
}

static unsigned ask(Kit *kit, double seconds, const char *hop, const char *headers)
{
    char *head = g_strdup_printf("INVITE " TARGET FROM TO "%s", headers);
    unsigned frame = kit_say(kit, seconds, hop, NULL, head);

    g_free(head);
    return frame;
}

/* The same request once more, with the next CSeq. */
static unsigned ask_again(Kit *kit, double seconds, const char *hop, const char *headers)
{
    char *more = g_strdup_printf("\nCSeq: 2 INVITE%s", headers);
    unsigned frame = ask(kit, seconds, hop, more);

    g_free(more);
    return frame;
}

static const char *const all_ids[] = {
    "identity-repaired",
    "identity-missing",
    "identity-ignored",
    "identity-type-unsupported",
    "identity-unreadable",
    "identity-parameter-mismatch",
    "identity-number-mismatch",
    "identity-fingerprint-mismatch",
    "identity-stale",
    "identity-clock-differs",
    "identity-chain-broken",
    "identity-algorithm",
    "identity-info-unusable",
    "identity-credential-refused",
    "identity-compact",
    "identity-claims-fit",
    "identity-passed",
    "identity-verdict",
    "identity-withheld",
    "blocked-by-analytics",
    "identity-weak",
};

/* Which findings on identity a frame has, other rules left aside. */
static void expect(Kit *kit, unsigned frame, const char *ids)
{
    char **expected = g_strsplit(ids, " ", -1);

    for (size_t i = 0; i < G_N_ELEMENTS(all_ids); i++)
        if (g_strv_contains((const char *const *)expected, all_ids[i]))
            kit_expect_one(kit, frame, all_ids[i]);
        else
            kit_expect_none(kit, frame, all_ids[i]);
    for (char **id = expected; *id && **id; id++) {
        bool known = false;
        for (size_t i = 0; i < G_N_ELEMENTS(all_ids); i++)
            known = known || strcmp(all_ids[i], *id) == 0;
        g_assert_true(known);
    }
    g_strfreev(expected);
}

/* One request, one answer: both frames' findings, and a part of the answer's text. */
static void check(const char *headers, const char *answer, const char *of_request,
                  const char *of_answer, const char *part)
{
    Kit *kit = kit_new();
    unsigned request = ask(kit, 1, DIRECT, headers);
    unsigned response = kit_say(kit, 1.25, BACK, NULL, answer);
    char **ids = g_strsplit(of_answer, " ", -1);

    g_test_message("%s: %s", answer, headers);
    expect(kit, request, of_request);
    expect(kit, response, of_answer);
    if (part)
        kit_expect_text(kit, response, ids[0], part);
    g_strfreev(ids);
    kit_free(kit);
}

static void test_missing(void)
{
    check("", "428 Use Identity Header", "", "identity-missing", "frame 1");
    check(sound(), "428 Use Identity Header", "", "identity-ignored", "10.0.0.9:5060");
    check(sound(), "200 OK", "", "", NULL);
    check("", "200 OK", "", "", NULL);
    check("", "403 Forbidden", "", "", NULL);
    check("", "436 Bad Identity Info", "", "", NULL);
    check("", "437 Unsupported Credential", "", "", NULL);
    check("", "438 Invalid Identity Header", "", "", NULL);
}

static void test_type(void)
{
    const char *rph =
        keep(g_strconcat(identity(token(HEADER("\"ppt\":\"rph\","), claims(0))), ";ppt=rph", NULL));
    const char *both = keep(g_strconcat(rph, sound(), NULL));

    check(rph, "428 Use Supported PASSporT Format", "", "identity-type-unsupported", "(rph)");
    check(both, "428 Use Identity Header", "", "identity-ignored", NULL);
    check(rph, "486 Busy Here", "", "", NULL);
}

static void test_dropped(void)
{
    Kit *kit = kit_new();
    unsigned first = ask(kit, 0, FIRST, sound());
    unsigned second = ask(kit, 0.01, SECOND, SECOND_VIA);
    unsigned inner =
        kit_say(kit, 0.02, "10.0.0.9>10.0.0.5", NULL, "428 Use Identity Header" FROM SECOND_VIA);
    unsigned outer = kit_say(kit, 0.03, "10.0.0.5>10.0.0.1", NULL, "428 Use Identity Header" FROM);

    expect(kit, first, "");
    expect(kit, second, "");
    expect(kit, inner, "identity-missing");
    kit_expect_text(kit, inner, "identity-missing", "10.0.0.5:5060 sent the INVITE on in frame 2");
    kit_expect_frames(kit, inner, "identity-missing", "2 1");
    expect(kit, outer, "identity-missing");
    kit_expect_text(kit, outer, "identity-missing", "10.0.0.5:5060");
    kit_free(kit);
}

/* Without the request there is nothing to say; nor with a request whose end is missing. */
static void test_unseen(void)
{
    static const char cut[] = "INVITE " TARGET " SIP/2.0\r\n"
                              "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKINVITE1\r\n"
                              "From: <sip:+12025550100@example.com>;tag=f\r\n"
                              "To: <sip:+12025550199@example.org>\r\n"
                              "Call-ID: c1\r\nCSeq: 1 INVITE\r\nIdent";
    static const char *const answers[] = {
        "428 Use Identity Header",     "436 Bad Identity Info", "437 Unsupported Credential",
        "438 Invalid Identity Header", "403 Stale Date",        "433 Anonymity Disallowed"};

    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
        Kit *kit = kit_new();
        expect(kit, kit_say(kit, 1, BACK, NULL, answers[i]), "");
        kit_free(kit);

        kit = kit_new();
        kit_raw(kit, 0, DIRECT, cut, strlen(cut));
        expect(kit, kit_say(kit, 1, BACK, NULL, answers[i]), "");
        kit_free(kit);
    }
}

static void test_cut_token(void)
{
    const char *whole = keep(g_strdup_printf("INVITE " TARGET " SIP/2.0\r\n"
                                             "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKINVITE1"
                                             "\r\nFrom: <sip:+12025550100@example.com>;tag=f\r\n"
                                             "To: <sip:+12025550199@example.org>\r\n"
                                             "Call-ID: c1\r\nCSeq: 1 INVITE\r\nIdentity: %s",
                                             token(PLAIN, claims(0))));
    size_t length = strlen(whole);

    for (size_t i = length - 200; i < length; i += 7) {
        Kit *kit = kit_new();
        unsigned request = kit_raw(kit, 0, DIRECT, whole, i);
        unsigned response = kit_say(kit, 1, BACK, NULL, "438 Invalid Identity Header");
        expect(kit, request, "");
        expect(kit, response, "");
        kit_free(kit);
    }
}

static void test_unreadable(void)
{
    static const char refusal[] = "438 Invalid Identity Header";
    const char *good = token(PLAIN, claims(0));
    const char *lacking = "{\"dest\":{\"tn\":[\"12025550199\"]},\"iat\":1767225600}";
    const struct {
        const char *value;
        const char *part;
    } cases[] = {
        {keep(g_strndup(good, 60)), "has 0 dots"},
        {keep(g_strconcat(good, ".x", NULL)), "has 3 dots"},
        {keep(g_strconcat("%", good, NULL)), "not base64url"},
        {token(PLAIN, "iat"), "not a JSON object"},
        {keep(g_strndup(good, strlen(good) - 3)), "has 83 characters"},
        {keep(g_strdup_printf("%.20s\n %s", good, good + 20)), "White space"},
        {token(PLAIN, lacking), "lacks orig"},
        {token(SHAKEN, claims(0)), "lacks attest"},
        {"\"ZYNBbHC00VMZr2kZ+/=\"", "RFC 4474"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        check(identity(cases[i].value), refusal, "identity-unreadable", "identity-unreadable",
              cases[i].part);
}

static void test_parameters(void)
{
    static const char refusal[] = "438 Invalid Identity Header";
    static const char id[] = "identity-parameter-mismatch";
    const char *plain = token(PLAIN, claims(0));
    const char *shaken =
        token(SHAKEN, "{" ATTEST "\"dest\":{\"tn\":[\"12025550199\"]},"
                      "\"iat\":1767225600,\"orig\":{\"tn\":\"12025550100\"}" ORIGID "}");
    const char *moved =
        keep(g_strdup_printf("\nIdentity: %s;info=<https://other.example/>", plain));
    const char *promised = keep(g_strconcat(identity(plain), ";ppt=shaken", NULL));
    const char *other = keep(g_strconcat(identity(plain), ";alg=ES384", NULL));
    const char *default_alg = keep(g_strconcat(identity(plain), ";alg=ES256", NULL));
    const char *named = keep(g_strconcat(identity(shaken), ";ppt=\"shaken\"", NULL));

    check(moved, refusal, id, id, "info=https://other.example/, the PASSporT in it x5u=" INFO);
    check(identity(shaken), refusal, id, id, "ppt=shaken, but the Identity header");
    check(promised, refusal, id, id, "the parameter ppt=shaken");
    check(other, refusal, id, id, "alg=ES384");
    check(default_alg, refusal, "", "identity-claims-fit", NULL);
    check(named, refusal, "", "identity-claims-fit", NULL);
}

/* Requests whose headers are not what was signed. */
static void check_parties(const char *start, const char *answer, const char *of_request,
                          const char *of_answer, const char *part)
{
    Kit *kit = kit_new();
    char *head = g_strconcat("INVITE ", start, sound(), NULL);
    unsigned request = kit_say(kit, 0, DIRECT, NULL, head);
    unsigned response = kit_say(kit, 0.25, BACK, NULL, answer);

    g_test_message("%s", start);
    expect(kit, request, of_request);
    expect(kit, response, of_answer);
    if (part)
        kit_expect_text(kit, response, of_answer, part);
    g_free(head);
    kit_free(kit);
}

static void test_numbers(void)
{
    static const char refusal[] = "438 Invalid Identity Header";
    static const char id[] = "identity-number-mismatch";
    static const char fit[] = "identity-claims-fit";

    check_parties(TARGET FROM TO, refusal, "", fit, "From");
    check_parties(TARGET "\nFrom: <tel:+1-202-555-0100>;tag=f" TO, refusal, "", fit, NULL);
    check_parties(TARGET "\nFrom: <sip:+12025550142@example.com>;tag=f" TO, refusal, id, id,
                  "names 12025550100 in orig, but From is +12025550142");
    check_parties(TARGET "\nFrom: <sip:+12025550142@example.com>;tag=f" TO
                         "\nP-Asserted-Identity: <sip:alice@example.com>, <tel:+12025550100>",
                  refusal, "", fit, "P-Asserted-Identity");
    check_parties(TARGET "\nFrom: <sip:anonymous@anonymous.invalid>;tag=f" TO
                         "\nP-Asserted-Identity: <tel:+12025550142>",
                  refusal, id, id, "P-Asserted-Identity is +12025550142");
    check_parties(TARGET "\nFrom: <sip:anonymous@anonymous.invalid>;tag=f" TO, refusal, "", "",
                  NULL);
    check_parties(TARGET "\nFrom: <sip:1001@example.com>;tag=f" TO, refusal, "", "", NULL);
    /* no country code: a matter of the verifier's rules, which have failed only if it refused */
    check_parties(TARGET "\nFrom: <sip:2025550100@example.com>;tag=f" TO, refusal, "", id,
                  "the same end without the country code");
    check_parties(TARGET "\nFrom: <sip:2025550100@example.com>;tag=f" TO, "200 OK", "", "", NULL);
    check_parties(TARGET "\nFrom: <sip:2025557777@example.com>;tag=f" TO, refusal, "", id, NULL);
    /* dest is To's; without a refusal the Request-URI will do */
    check_parties(TARGET FROM "\nTo: <sip:+12025550177@example.org>", refusal, "", id,
                  "in dest, but To is +12025550177");
    check_parties("sip:+12025550177@example.org" FROM TO, refusal, "", fit, NULL);
    check_parties("sip:+12025550177@example.org" FROM "\nTo: <sip:+12025550177@example.org>",
                  "200 OK", id, "", NULL);
    check_parties("sip:bob@example.org" FROM "\nTo: <sip:bob@example.org>", refusal, "", "", NULL);
}

/* Of several tokens, one that agrees will do. */
static void test_several(void)
{
    const char *other = token(PLAIN, "{\"dest\":{\"tn\":[\"12025550199\"]},\"iat\":1767225600,"
                                     "\"orig\":{\"tn\":\"12025550142\"}}");
    const char *both = keep(g_strconcat(identity(other), sound(), NULL));

    check(identity(other), "486 Busy Here", "identity-number-mismatch", "", NULL);
    check(both, "486 Busy Here", "", "", NULL);
}

static void test_rewritten(void)
{
    static const char id[] = "identity-number-mismatch";
    Kit *kit = kit_new();
    char *changed = g_strconcat("INVITE sip:2025550199@10.0.0.9" FROM
                                "\nTo: <sip:2025550199@example.org>" SECOND_VIA,
                                sound(), NULL);
    unsigned first = ask(kit, 0, FIRST, sound());
    unsigned second = kit_say(kit, 0.01, SECOND, NULL, changed);
    unsigned inner = kit_say(kit, 0.02, "10.0.0.9>10.0.0.5", NULL,
                             "438 Invalid Identity Header" FROM SECOND_VIA);
    unsigned outer =
        kit_say(kit, 0.03, "10.0.0.5>10.0.0.1", NULL, "438 Invalid Identity Header" FROM);

    expect(kit, first, "");
    expect(kit, second, "");
    expect(kit, inner, id);
    kit_expect_text(kit, inner, id, "10.0.0.5:5060 sent 2025550199 on in frame 2");
    kit_expect_frames(kit, inner, id, "2 1");
    expect(kit, outer, id);
    kit_expect_text(kit, outer, id, "10.0.0.5:5060");
    g_free(changed);
    kit_free(kit);
}

/* A mirror port shows each packet twice, a lossy network makes repeats: the same is said of all. */
static void test_repeats(void)
{
    Kit *kit = kit_new();
    char *head =
        g_strconcat("INVITE " TARGET FROM "\nTo: <sip:+12025550177@example.org>", sound(), NULL);
    unsigned request = kit_say(kit, 0, DIRECT, NULL, head);
    unsigned copy = kit_repeat(kit, 0.001, request);
    unsigned again = kit_repeat(kit, 0.5, request);
    unsigned response = kit_say(kit, 0.6, BACK, NULL, "438 Invalid Identity Header");
    unsigned response_copy = kit_repeat(kit, 0.601, response);

    expect(kit, request, "");
    expect(kit, copy, "");
    expect(kit, again, "");
    expect(kit, response, "identity-number-mismatch");
    expect(kit, response_copy, "identity-number-mismatch");
    kit_expect_text(kit, response_copy, "identity-number-mismatch", "frame 1");
    g_free(head);
    kit_free(kit);
}

static void test_quoted(void)
{
    Kit *kit = kit_new();
    unsigned request = ask(kit, 0, DIRECT, identity("x"));

    expect(kit, kit_unreachable(kit, 0.1, request), "");
    kit_free(kit);
}

#define DIGEST "4AADB9B13F82183B540212DF3E5D496B19E57CAB3E4B652E7D463F5442CD54F1"
#define FINGERPRINT                                                                        \
    "4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:3E:4B:65:2E:7D:46:3F:54:" \
    "42:CD:54:f1"

static void test_fingerprint(void)
{
    const char *value = identity(
        token(PLAIN, "{\"dest\":{\"tn\":[\"12025550199\"]},\"iat\":1767225600,\"mky\":[{\"alg\":"
                     "\"sha-256\",\"dig\":\"" DIGEST "\"}],\"orig\":{\"tn\":\"12025550100\"}}"));
    const char *sdp = "\nContent-Type: application/sdp\n\nv=0\nm=audio 4000 UDP/TLS/RTP/SAVP 0\n"
                      "a=fingerprint:sha-256 ";
    const char *kept = keep(g_strconcat(value, sdp, FINGERPRINT "\n", NULL));
    const char *changed = keep(g_strconcat(value, sdp, "02:1A:CC:54\n", NULL));
    const char *unsigned_key = keep(g_strconcat(sound(), sdp, "02:1A:CC:54\n", NULL));

    check(kept, "438 Invalid Identity Header", "", "identity-claims-fit", NULL);
    check(changed, "438 Invalid Identity Header", "identity-fingerprint-mismatch",
          "identity-fingerprint-mismatch", "021ACC54");
    check(unsigned_key, "438 Invalid Identity Header", "", "identity-claims-fit", NULL);
}

static void test_stale(void)
{
    static const char stale[] = "403 Stale Date";
    static const char id[] = "identity-stale";
    const char *old = identity(token(PLAIN, claims(-3600)));
    const char *rewritten =
        keep(g_strconcat(sound(), "\nDate: Wed, 31 Dec 2025 22:00:00 GMT", NULL));
    const char *odd = keep(g_strconcat(sound(), "\nDate: Wed, 31 Dec 2025 22:00:00 +0000", NULL));
    const char *old_compact =
        keep(g_strconcat(compact(), "\nDate: Wed, 31 Dec 2025 23:00:00 GMT", NULL));

    check(old, stale, id, id, "iat of frame 1 says 2025-12-31 23:00:00 UTC, 60 min before");
    check(old, "403 Forbidden", id, id, NULL);
    check(old, "438 Invalid Identity Header", id, id, NULL);
    check(old, "486 Busy Here", id, "", NULL);
    check(old, "436 Bad Identity Info", id, "identity-info-unusable", NULL);
    check(identity(token(PLAIN, claims(90))), stale, id, id, "after the frame was captured");
    check(rewritten, stale, id, id, "Date says 2025-12-31 22:00:00 UTC, 2 h off");
    check(odd, stale, "", "identity-clock-differs", NULL);
    check(old_compact, stale, id, id, "Date of frame 1 says 2025-12-31 23:00:00 UTC");
    check(sound(), stale, "", "identity-clock-differs", "only 1 s off");
    check(sound(), "403 Forbidden", "", "", NULL);
    check(identity(token(PLAIN, claims(-58))), "486 Busy Here", "", "", NULL);
}

static const char *diversion(const char *diverted)
{
    char *payload = g_strdup_printf("{\"dest\":{\"tn\":[\"12025550199\"]},\"div\":{\"tn\":\"%s\"},"
                                    "\"iat\":1767225600,\"orig\":{\"tn\":\"12025550100\"}}",
                                    diverted);
    const char *value = keep(g_strconcat(identity(token(DIV, payload)), ";ppt=div", NULL));

    g_free(payload);
    return value;
}

static void test_chain(void)
{
    const char *original = identity(token(PLAIN, "{\"dest\":{\"tn\":[\"12025550111\"]},"
                                                 "\"iat\":1767225600,"
                                                 "\"orig\":{\"tn\":\"12025550100\"}}"));
    const char *chain = keep(g_strconcat(original, diversion("12025550111"), NULL));
    const char *other = keep(g_strconcat(original, diversion("12025550122"), NULL));
    const char *hidden = keep(g_strconcat(compact(), DATE, diversion("12025550111"), NULL));

    check(chain, "486 Busy Here", "", "", NULL);
    check(other, "438 Invalid Identity Header", "identity-chain-broken", "identity-chain-broken",
          "diverts from 12025550122");
    check(diversion("12025550111"), "428 Use Identity Header", "identity-chain-broken",
          "identity-type-unsupported identity-chain-broken", "(div)");
    check(hidden, "486 Busy Here", "", "", NULL);
}

static void test_algorithm(void)
{
    static const char id[] = "identity-algorithm";
    const char *rsa = "{\"alg\":\"RS256\",\"typ\":\"passport\",\"x5u\":\"" INFO "\"}";

    check(identity(token(rsa, claims(0))), "437 Unsupported Credential", id, id, "alg=RS256");
    check(sound(), "437 Unsupported Credential", "", "identity-credential-refused", INFO);
    check(keep(g_strconcat(compact(), DATE, NULL)), "437 Unsupported Credential", "",
          "identity-credential-refused", NULL);
}

static void test_info(void)
{
    static const char refusal[] = "436 Bad Identity Info";
    static const char id[] = "identity-info-unusable";
    static const char *const private_hosts[] = {
        "https://10.0.0.1/a",       "http://192.168.1.1:80/", "https://172.31.0.1/",
        "https://[fd00::1]/a",      "https://signer/a",       "https://sti.corp.local/a",
        "https://user@localhost/a", "https://127.0.0.1?a",
    };
    static const char *const public_hosts[] = {
        "https://172.32.0.1/",      "https://100.example.com/", "https://[2001:db8::1]/a",
        "https://10.example.com/a", "https://a.example:8443/b", "dns:cert.example.com",
    };
    const char *bare = keep(g_strconcat("\nIdentity: ", token(PLAIN, claims(0)), NULL));

    check(sound(), refusal, "", id, "its 436 came 250 ms after the request");
    check(bare, refusal, id, id, "no info parameter");
    for (size_t i = 0; i < G_N_ELEMENTS(private_hosts); i++) {
        char *value =
            g_strdup_printf("\nIdentity: .." SIGNATURE ";info=<%s>" DATE, private_hosts[i]);
        check(value, refusal, "", id, "only inside the signer's network");
        g_free(value);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(public_hosts); i++) {
        char *value =
            g_strdup_printf("\nIdentity: .." SIGNATURE ";info=<%s>" DATE, public_hosts[i]);
        check(value, refusal, "", id, "The verifier got no certificate");
        g_free(value);
    }
    check("\nIdentity: .." SIGNATURE ";info=<file:///a.cer>" DATE, refusal, id, id,
          "file:///a.cer");
}

static void test_compact(void)
{
    static const char refusal[] = "438 Invalid Identity Header";
    static const char id[] = "identity-compact";
    const char *dated = keep(g_strconcat(compact(), DATE, NULL));
    const char *shaken = keep(g_strconcat(compact(), ";ppt=shaken" DATE, NULL));

    check(dated, refusal, "", id, "the signature alone");
    check(compact(), refusal, id, id, "no Date header");
    check(shaken, refusal, id, id, "of type shaken");
    check(dated, "486 Busy Here", "", "", NULL);
}

/* One request that was refused, and what came after. */
static void check_retry(const char *refused, const char *answer, const char *retry,
                        const char *outcome, const char *ids, const char *part)
{
    Kit *kit = kit_new();
    unsigned response;
    unsigned last;
    char *final = g_strconcat(outcome, "\nCSeq: 2 INVITE", NULL);
    char **list = g_strsplit(ids, " ", -1);

    ask(kit, 0, DIRECT, refused);
    response = kit_say(kit, 0.1, BACK, NULL, answer);
    g_test_message("%s: %s, then %s: %s", refused, answer, retry, outcome);
    ask_again(kit, 0.3, DIRECT, retry);
    last = kit_say(kit, 2, BACK, NULL, final);
    expect(kit, response, ids);
    if (part)
        kit_expect_text(kit, response, list[0], part);
    if (part)
        kit_expect_frames(kit, response, list[0], "1 3 4");
    g_assert_cmpuint(last, ==, 4);
    g_strfreev(list);
    g_free(final);
    kit_free(kit);
}

static void test_retry(void)
{
    const char *dated = keep(g_strconcat(compact(), DATE, NULL));

    check_retry(dated, "438 Invalid Identity Header", sound(), "200 OK", "identity-repaired",
                "in frame 3, was answered 200");
    check_retry("", "428 Use Identity Header", sound(), "200 OK", "identity-repaired",
                "with one, in frame 3");
    check_retry(dated, "438 Invalid Identity Header", sound(), "438 Invalid Identity Header",
                "identity-compact", "so was the full form in frame 3 (438)");
    check_retry(sound(), "436 Bad Identity Info", "", "200 OK",
                "identity-passed identity-info-unusable", "without Identity, in frame 3");
    check_retry(sound(), "437 Unsupported Credential", sound(), "200 OK",
                "identity-credential-refused", NULL);
    check_retry(sound(), "403 Forbidden", "", "200 OK", "", NULL);
    check_retry(dated, "438 Invalid Identity Header", sound(), "486 Busy Here", "identity-compact",
                NULL);
}

static void test_retry_severity(void)
{
    Kit *kit = kit_new();
    unsigned response;

    ask(kit, 0, DIRECT, keep(g_strconcat(compact(), DATE, NULL)));
    response = kit_say(kit, 0.1, BACK, NULL, "438 Invalid Identity Header");
    kit_say(kit, 0.15, DIRECT, NULL, "ACK " TARGET FROM TO);
    kit_expect_severity(kit, response, "warn");
    ask_again(kit, 0.3, DIRECT, sound());
    kit_say(kit, 2, BACK, NULL, "200 OK\nCSeq: 2 INVITE");
    kit_say(kit, 2.1, DIRECT, NULL, "ACK " TARGET FROM TO "\nCSeq: 2 ACK");
    kit_expect_severity(kit, response, "chat");
    kit_free(kit);
}

static void test_other_route(void)
{
    Kit *kit = kit_new();
    unsigned response;

    ask(kit, 0, DIRECT, sound());
    response = kit_say(kit, 0.1, BACK, NULL, "437 Unsupported Credential");
    expect(kit, response, "identity-credential-refused");
    ask_again(kit, 0.3, "10.0.0.1>10.0.0.8", sound());
    kit_say(kit, 2, "10.0.0.8>10.0.0.1", NULL, "200 OK\nCSeq: 2 INVITE");
    expect(kit, response, "identity-passed identity-credential-refused");
    kit_expect_text(kit, response, "identity-passed", "10.0.0.8:5060");
    kit_free(kit);
}

static void test_verdict(void)
{
    static const char id[] = "identity-verdict";

    check(sound(), "180 Ringing\nReason: Q.850;cause=16, STIR ;cause=438 ;text=\"x\"", "", id,
          "STIR 438");
    check(sound(), "200 OK\nReason: STIR;cause=436", "", id, "go on");
    check(sound(), "603 Decline\nReason: STIR;cause=403", "", id, "beside the 603");
    check(sound(), "437 Unsupported Credential\nReason: STIR;cause=437", "",
          "identity-credential-refused", NULL);
    check(sound(), "180 Ringing\nReason: SIP;cause=438", "", "", NULL);
    check(sound(), "180 Ringing\nReason: STIR", "", "", NULL);
}

static void test_withheld(void)
{
    static const char refusal[] = "433 Anonymity Disallowed";
    static const char *const hidden[] = {
        "From: <sip:anonymous@anonymous.invalid>;tag=f",
        "From: <sip:x@abc.anonymous.invalid>;tag=f",
        "Privacy: header ; user",
        "Privacy: id",
        "From: \"Anonymous\" <sip:+12025550100@example.com>;tag=f",
        "From: anonymous <sip:+12025550100@example.com>;tag=f",
    };
    static const char *const open[] = {"Privacy: none", "Privacy: identity", "Subject: Anonymous",
                                       "From: \"Anonymous Bar\" <sip:bar@example.com>;tag=f"};

    for (size_t i = 0; i < G_N_ELEMENTS(hidden) + G_N_ELEMENTS(open); i++) {
        bool is_hidden = i < G_N_ELEMENTS(hidden);
        char *head = g_strdup_printf("INVITE " TARGET "\n%s",
                                     is_hidden ? hidden[i] : open[i - G_N_ELEMENTS(hidden)]);
        Kit *kit = kit_new();
        g_test_message("%s", head);
        kit_say(kit, 0, DIRECT, NULL, head);
        unsigned response = kit_say(kit, 1, BACK, NULL, refusal);
        expect(kit, response, is_hidden ? "identity-withheld" : "");
        if (is_hidden)
            kit_expect_severity(kit, response, "note");
        kit_free(kit);
        g_free(head);
    }
}

static void test_made_anonymous(void)
{
    Kit *kit = kit_new();
    unsigned inner;

    ask(kit, 0, FIRST, "");
    kit_say(kit, 0.01, SECOND, NULL,
            "INVITE " TARGET "\nFrom: <sip:anonymous@anonymous.invalid>;tag=f" TO SECOND_VIA);
    inner = kit_say(kit, 0.02, "10.0.0.9>10.0.0.5", NULL,
                    "433 Anonymity Disallowed" SECOND_VIA
                    "\nFrom: <sip:anonymous@anonymous.invalid>;tag=f");
    expect(kit, inner, "identity-withheld");
    kit_expect_text(kit, inner, "identity-withheld", "10.0.0.5:5060 made it so in frame 2");
    kit_free(kit);
}

static void test_blocked(void)
{
    static const char contact[] = "608 Rejected\nCall-Info: <https://a.example/i>;purpose=icon, "
                                  "<https://block.example/jws>;purpose=jwscard";
    const char *gateway = keep(g_strconcat(
        identity(token(SHAKEN, "{\"attest\":\"C\",\"dest\":{\"tn\":[\"12025550199\"]},"
                               "\"iat\":1767225600,\"orig\":{\"tn\":\"12025550100\"}" ORIGID "}")),
        ";ppt=shaken", NULL));

    check("", contact, "", "blocked-by-analytics identity-weak", "https://block.example/jws");
    check("", "608 Rejected", "", "blocked-by-analytics identity-weak", "is missing");
    check("", "603 Network Blocked\nReason: Q.850;cause=21;text=\"v=analytics1;url=https://a.x\"",
          "", "blocked-by-analytics", "names whom to ask: url=https://a.x");
    check(gateway, "608 Rejected", "", "blocked-by-analytics identity-weak", NULL);
    check(sound(), "608 Rejected", "", "blocked-by-analytics", NULL);
    check("", "607 Unwanted", "", "", NULL);
}

/* Bytes that nobody should send. */
static void test_hostile(void)
{
    static const char *const values[] = {
        "",  ";",     ",,,,", "<>;info",         "..;info=<>",        "\"",
        ".", "\"\";", "...",  ";info=<https://", "x;info=;alg=;ppt=", "..;ppt=div;ppt=div",
    };
    GString *many = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        char *lines = g_strdup_printf("\nIdentity: %s\nDate: x, %s", values[i], values[i]);
        Kit *kit = kit_new();
        unsigned request = ask(kit, 0, DIRECT, lines);
        unsigned response = kit_say(kit, 1, BACK, NULL, "438 Invalid Identity Header");
        kit_expect_none(kit, request, "identity-claims-fit");
        kit_expect_none(kit, response, "identity-claims-fit");
        kit_free(kit);
        g_free(lines);
    }
    for (int i = 0; i < 2000; i++)
        g_string_append(many, i % 2 ? "\nIdentity: .,." : diversion("1"));
    Kit *kit = kit_new();
    unsigned request = ask(kit, 0, DIRECT, many->str);
    unsigned response = kit_say(kit, 1, BACK, NULL, "438 Invalid Identity Header");
    kit_expect_none(kit, request, "identity-claims-fit");
    kit_expect_none(kit, response, "identity-claims-fit");
    kit_free(kit);
    g_string_free(many, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    texts = g_ptr_array_new_with_free_func(g_free);
    g_test_add_func("/rules/identity/missing", test_missing);
    g_test_add_func("/rules/identity/type", test_type);
    g_test_add_func("/rules/identity/dropped", test_dropped);
    g_test_add_func("/rules/identity/unseen", test_unseen);
    g_test_add_func("/rules/identity/cut-token", test_cut_token);
    g_test_add_func("/rules/identity/unreadable", test_unreadable);
    g_test_add_func("/rules/identity/parameters", test_parameters);
    g_test_add_func("/rules/identity/numbers", test_numbers);
    g_test_add_func("/rules/identity/several", test_several);
    g_test_add_func("/rules/identity/rewritten", test_rewritten);
    g_test_add_func("/rules/identity/repeats", test_repeats);
    g_test_add_func("/rules/identity/quoted", test_quoted);
    g_test_add_func("/rules/identity/fingerprint", test_fingerprint);
    g_test_add_func("/rules/identity/stale", test_stale);
    g_test_add_func("/rules/identity/chain", test_chain);
    g_test_add_func("/rules/identity/algorithm", test_algorithm);
    g_test_add_func("/rules/identity/info", test_info);
    g_test_add_func("/rules/identity/compact", test_compact);
    g_test_add_func("/rules/identity/retry", test_retry);
    g_test_add_func("/rules/identity/retry-severity", test_retry_severity);
    g_test_add_func("/rules/identity/other-route", test_other_route);
    g_test_add_func("/rules/identity/verdict", test_verdict);
    g_test_add_func("/rules/identity/withheld", test_withheld);
    g_test_add_func("/rules/identity/made-anonymous", test_made_anonymous);
    g_test_add_func("/rules/identity/blocked", test_blocked);
    g_test_add_func("/rules/identity/hostile", test_hostile);
    int status = g_test_run();
    g_ptr_array_free(texts, TRUE);
    return status;
}
