/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Findings on authentication.
 */
#include "trace-kit.h"

#include <string.h>

static const char to[] = "10.0.0.1>10.0.0.2";
static const char back[] = "10.0.0.2>10.0.0.1";
static const char on[] = "10.0.0.2>10.0.0.3";
static const char on_back[] = "10.0.0.3>10.0.0.2";

/* A REGISTER with that CSeq number and further header lines. */
static unsigned ask(Kit *kit, double seconds, unsigned cseq, const char *lines)
{
    char *head = g_strdup_printf("REGISTER sip:example.com\nCSeq: %u REGISTER%s%s", cseq,
                                 *lines ? "\n" : "", lines);
    unsigned frame = kit_say(kit, seconds, to, NULL, head);

    g_free(head);
    return frame;
}

/* Its response. */
static unsigned answer(Kit *kit, double seconds, unsigned cseq, const char *status,
                       const char *lines)
{
    char *head =
        g_strdup_printf("%s\nCSeq: %u REGISTER%s%s", status, cseq, *lines ? "\n" : "", lines);
    unsigned frame = kit_say(kit, seconds, back, NULL, head);

    g_free(head);
    return frame;
}

#define MD5_DIGITS "0123456789abcdef0123456789abcdef"
#define CHALLENGE(nonce) "WWW-Authenticate: Digest realm=\"r\", nonce=\"" nonce "\""
#define STALE(nonce) CHALLENGE(nonce) ", stale=true"
#define GIVEN(realm, nonce, more)                                    \
    "Digest username=\"alice\", realm=\"" realm "\", nonce=\"" nonce \
    "\", uri=\"sip:example.com\", response=\"" MD5_DIGITS "\"" more
#define CREDENTIALS(nonce) "Authorization: " GIVEN("r", nonce, "")

static unsigned refuse(Kit *kit, double seconds, unsigned cseq, const char *challenge)
{
    return answer(kit, seconds, cseq, "401 Unauthorized", challenge);
}

static void test_answered(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    unsigned challenge = refuse(kit, 0.1, 1, CHALLENGE("n1"));
    unsigned again = kit_repeat(kit, 0.11, challenge);
    kit_whole(kit, false);
    kit_expect(kit, challenge, "");
    ask(kit, 0.2, 2, CREDENTIALS("n1"));
    kit_expect(kit, challenge, "challenge-answered");
    kit_expect_text(kit, challenge, "challenge-answered", "in frame 4.");
    unsigned ok = answer(kit, 0.3, 2, "200 OK", "");
    kit_expect(kit, challenge, "challenge-answered");
    kit_expect(kit, again, "challenge-answered");
    kit_expect(kit, ok, "");
    kit_expect_text(kit, challenge, "challenge-answered", "answered 200");
    kit_expect_frames(kit, challenge, "challenge-answered", "1 4 5");
    kit_expect_severity(kit, challenge, "chat");
    kit_free(kit);
}

static void test_unanswered(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    unsigned challenge = refuse(kit, 0.1, 1, CHALLENGE("n1"));
    kit_expect(kit, challenge, ""); /* the capture may just have ended */
    kit_wait(kit, 60);
    kit_whole(kit, false);
    kit_expect(kit, challenge, "");
    kit_whole(kit, true);
    kit_expect(kit, challenge, "challenge-unanswered");
    kit_expect_severity(kit, challenge, "warn");
    kit_free(kit);
}

static void test_unanswered_repeated(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    unsigned challenge = refuse(kit, 0.1, 1, CHALLENGE("n1"));
    ask(kit, 1, 2, "");
    unsigned second = refuse(kit, 1.1, 2, CHALLENGE("n2"));
    ask(kit, 1.2, 3, CREDENTIALS("n2"));
    answer(kit, 1.3, 3, "200 OK", "");
    kit_expect(kit, challenge, "challenge-unanswered");
    kit_expect_text(kit, challenge, "challenge-unanswered", "frame 3");
    kit_expect(kit, second, "challenge-answered");
    kit_free(kit);
}

static void test_unanswered_kinds(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "Call-ID: sha");
    unsigned sha = refuse(kit, 0.1, 1, CHALLENGE("n") ", algorithm=SHA-256\nCall-ID: sha");
    ask(kit, 1, 1, "Call-ID: token");
    unsigned token =
        refuse(kit, 1.1, 1, "WWW-Authenticate: Bearer authz_server=\"https://x\"\nCall-ID: token");
    ask(kit, 2, 1, "Call-ID: both");
    unsigned both = refuse(kit, 2.1, 1,
                           CHALLENGE("n") ", algorithm=SHA-256\n" CHALLENGE("n") "\nCall-ID: both");
    kit_wait(kit, 60);
    kit_expect_text(kit, sha, "challenge-unanswered", "SHA-256 only");
    kit_expect_text(kit, token, "challenge-unanswered", "Bearer");
    kit_expect_text(kit, both, "challenge-unanswered", "No credentials for \"r\"");
    kit_free(kit);
}

static void test_ping(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, to, NULL, "OPTIONS sip:example.com");
    unsigned ping = kit_say(kit, 0.1, back, "OPTIONS", "401 Unauthorized\n" CHALLENGE("n1"));
    kit_wait(kit, 60);
    kit_expect(kit, ping, "ping-challenged");
    kit_expect_severity(kit, ping, "chat");
    kit_free(kit);
}

/* A proxy tries two targets, both ask, and a third answer is passed on: nobody was to react. */
static void test_kept_by_proxy(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, to, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 0.1, on, NULL,
            "INVITE sip:b@10.0.0.3\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp\n"
            "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKINVITE1");
    unsigned challenge =
        kit_say(kit, 0.2, on_back, NULL,
                "401 Unauthorized\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp\n"
                "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKINVITE1\n" CHALLENGE("n1"));
    kit_say(kit, 0.3, back, NULL, "486 Busy Here");
    kit_wait(kit, 60);
    kit_expect_none(kit, challenge, "challenge-unanswered");
    kit_free(kit);
}

static void test_one_way(void)
{
    Kit *kit = kit_new();
    unsigned first = refuse(kit, 0.1, 1, CHALLENGE("n1"));
    unsigned second = refuse(kit, 0.3, 2, CHALLENGE("n2"));
    kit_wait(kit, 60);
    kit_expect_none(kit, first, "challenge-unanswered");
    kit_expect_none(kit, second, "credentials-rejected");
    kit_free(kit);
}

static void test_stale(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, CREDENTIALS("old"));
    unsigned stale = refuse(kit, 0.1, 1, STALE("n1"));
    kit_expect(kit, stale, "nonce-stale");
    ask(kit, 0.2, 2, CREDENTIALS("n1"));
    answer(kit, 0.3, 2, "200 OK", "");
    kit_expect(kit, stale, "nonce-stale");
    kit_expect_severity(kit, stale, "chat");
    kit_free(kit);
}

/* Each refresh finds its nonce run out, which is no loop. */
static void test_stale_refreshes(void)
{
    Kit *kit = kit_new();
    unsigned stale = 0;

    for (unsigned i = 0; i < 5; i++) {
        double start = i * 600.0;
        ask(kit, start, 2 * i + 1, i % 2 ? CREDENTIALS("a") : CREDENTIALS("b"));
        stale = refuse(kit, start + 0.1, 2 * i + 1, i % 2 ? STALE("b") : STALE("a"));
        ask(kit, start + 0.2, 2 * i + 2, i % 2 ? CREDENTIALS("b") : CREDENTIALS("a"));
        answer(kit, start + 0.3, 2 * i + 2, "200 OK", "");
    }
    kit_expect(kit, stale, "nonce-stale");
    kit_free(kit);
}

static void test_stale_unsaid(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, CREDENTIALS("old"));
    unsigned refused = refuse(kit, 0.1, 1, CHALLENGE("n1"));
    kit_whole(kit, false);
    kit_expect(kit, refused, ""); /* the nonce is from before the capture */
    ask(kit, 0.2, 2, CREDENTIALS("n1"));
    answer(kit, 0.3, 2, "200 OK", "");
    kit_expect(kit, refused, "nonce-stale");
    kit_expect_text(kit, refused, "nonce-stale", "in frame 3");
    ask(kit, 600, 3, CREDENTIALS("n1"));
    refused = refuse(kit, 600.1, 3, CHALLENGE("n2"));
    kit_expect(kit, refused, "nonce-stale"); /* taken before */
    kit_free(kit);
}

static void test_old_nonce(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, CREDENTIALS("old"));
    refuse(kit, 0.1, 1, STALE("n1"));
    ask(kit, 0.2, 2, CREDENTIALS("old"));
    unsigned second = refuse(kit, 0.3, 2, STALE("n2"));
    kit_expect(kit, second, "nonce-not-renewed");
    kit_expect_text(kit, second, "nonce-not-renewed", "Frame 2");
    kit_expect_severity(kit, second, "warn");
    kit_free(kit);
}

static void test_rejected(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    unsigned first = refuse(kit, 0.1, 1, CHALLENGE("n1"));
    ask(kit, 0.2, 2, CREDENTIALS("n1"));
    unsigned second = refuse(kit, 0.3, 2, CHALLENGE("n2"));
    ask(kit, 0.4, 3, CREDENTIALS("n2"));
    unsigned third = answer(kit, 0.5, 3, "403 Forbidden", "");
    kit_expect(kit, first, "challenge-answered");
    kit_whole(kit, false);
    kit_expect(kit, second, "credentials-rejected");
    kit_expect_severity(kit, second, "warn");
    kit_expect(kit, third, "credentials-rejected");
    kit_expect_text(kit, third, "credentials-rejected", "gets 403");
    kit_free(kit);
}

/* No credentials, or a stale Date: the 403 has nothing to do with passwords. */
static void test_forbidden_otherwise(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    unsigned plain = answer(kit, 0.1, 1, "403 Forbidden", "");
    ask(kit, 1, 1, "Call-ID: x");
    refuse(kit, 1.1, 1, CHALLENGE("n1") "\nCall-ID: x");
    ask(kit, 1.2, 2, CREDENTIALS("n1") "\nCall-ID: x");
    unsigned stale = answer(kit, 1.3, 2, "403 Stale Date", "Call-ID: x");
    kit_expect_none(kit, plain, "credentials-rejected");
    kit_expect_none(kit, stale, "credentials-rejected");
    kit_free(kit);
}

static void test_loop(void)
{
    Kit *kit = kit_new();
    unsigned refused[5] = {0};

    ask(kit, 0, 1, "");
    refuse(kit, 0.1, 1, CHALLENGE("n"));
    for (unsigned i = 0; i < G_N_ELEMENTS(refused); i++) {
        ask(kit, i + 1, i + 2, CREDENTIALS("n"));
        refused[i] = refuse(kit, i + 1.1, i + 2, CHALLENGE("n"));
    }
    kit_expect(kit, refused[0], "credentials-rejected");
    kit_expect(kit, refused[1], "credentials-rejected");
    kit_expect(kit, refused[2], "auth-loop");
    kit_expect_text(kit, refused[2], "auth-loop", "3 times");
    kit_expect_frames(kit, refused[2], "auth-loop", "3 4 5 6 7 8");
    kit_expect_severity(kit, refused[2], "error");
    kit_expect_text(kit, refused[4], "auth-loop", "5 times");
    kit_free(kit);
}

static void test_stale_loop(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, CREDENTIALS("a0"));
    refuse(kit, 0.1, 1, STALE("b1"));
    ask(kit, 0.2, 2, CREDENTIALS("b1"));
    refuse(kit, 0.3, 2, STALE("a1"));
    ask(kit, 0.4, 3, CREDENTIALS("a1"));
    unsigned third = refuse(kit, 0.5, 3, STALE("b2"));
    kit_expect(kit, third, "auth-loop");
    kit_expect_text(kit, third, "auth-loop", "stale");
    kit_free(kit);
}

/* A proxy forks one INVITE to three phones, and each refuses its credentials: one refusal each. */
static void test_forked_is_no_loop(void)
{
    static const char *const branches[] = {"x", "y", "z"};
    Kit *kit = kit_new();
    unsigned last = 0;

    for (unsigned i = 0; i < 3; i++) {
        char *head = g_strdup_printf("INVITE sip:b@10.0.0.3\nVia: SIP/2.0/UDP "
                                     "10.0.0.2;branch=z9hG4bK%s\n" CREDENTIALS("n"),
                                     branches[i]);
        kit_say(kit, 0.1, on, NULL, head);
        g_free(head);
    }
    for (unsigned i = 0; i < 3; i++) {
        char *head = g_strdup_printf("401 Unauthorized\nVia: SIP/2.0/UDP "
                                     "10.0.0.2;branch=z9hG4bK%s\n" CHALLENGE("m"),
                                     branches[i]);
        last = kit_say(kit, 0.2, on_back, NULL, head);
        g_free(head);
    }
    kit_expect_none(kit, last, "auth-loop");
    kit_free(kit);
}

/* Both legs of a proxy, taken on it, and all twice by a mirror port. */
static void test_two_legs(void)
{
    static const char second[] = "Via: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp2\n"
                                 "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKREGISTER2\n";
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    refuse(kit, 0.1, 1, CHALLENGE("n"));
    kit_repeat(kit, 0.2, ask(kit, 0.2, 2, CREDENTIALS("n")));
    char *head =
        g_strconcat("REGISTER sip:example.com\nCSeq: 2 REGISTER\n", second, CREDENTIALS("n"), NULL);
    kit_repeat(kit, 0.21, kit_say(kit, 0.21, on, NULL, head));
    g_free(head);
    head = g_strconcat("401 Unauthorized\nCSeq: 2 REGISTER\n", second, CHALLENGE("m"), NULL);
    unsigned behind = kit_say(kit, 0.22, on_back, NULL, head);
    g_free(head);
    kit_repeat(kit, 0.22, behind);
    unsigned before = refuse(kit, 0.23, 2, CHALLENGE("m"));
    unsigned copy = kit_repeat(kit, 0.23, before);
    kit_expect(kit, behind, "credentials-rejected");
    kit_expect(kit, before, "credentials-rejected");
    kit_expect(kit, copy, "credentials-rejected");
    kit_free(kit);
}

#define PROXY_CHALLENGE(realm, nonce)                                              \
    "407 Proxy Authentication Required\nProxy-Authenticate: Digest realm=\"" realm \
    "\", nonce=\"" nonce "\""
#define PROXY_GIVEN(realm, nonce) "Proxy-Authorization: " GIVEN(realm, nonce, "")

static void test_realms_in_turn(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    unsigned first = answer(kit, 0.1, 1, PROXY_CHALLENGE("p", "p1"), "");
    ask(kit, 0.2, 2, PROXY_GIVEN("p", "p1"));
    unsigned second = answer(kit, 0.3, 2, PROXY_CHALLENGE("q", "q1"), "");
    ask(kit, 0.4, 3, PROXY_GIVEN("p", "p1") "\n" PROXY_GIVEN("q", "q1"));
    unsigned third = refuse(kit, 0.5, 3, CHALLENGE("n1"));
    ask(kit, 0.6, 4, PROXY_GIVEN("p", "p1") "\n" PROXY_GIVEN("q", "q1") "\n" CREDENTIALS("n1"));
    answer(kit, 0.7, 4, "200 OK", "");
    kit_expect(kit, first, "challenge-answered");
    kit_expect(kit, second, "challenge-answered");
    kit_expect(kit, third, "challenge-answered");
    kit_free(kit);
}

/* The same realm name at the proxy and at the server behind it. */
static void test_same_realm_twice(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    answer(kit, 0.1, 1, PROXY_CHALLENGE("r", "p1"), "");
    ask(kit, 0.2, 2, PROXY_GIVEN("r", "p1"));
    unsigned second = refuse(kit, 0.3, 2, CHALLENGE("n1"));
    ask(kit, 0.4, 3, PROXY_GIVEN("r", "p1") "\n" CREDENTIALS("n1"));
    answer(kit, 0.5, 3, "200 OK", "");
    kit_expect(kit, second, "challenge-answered");
    kit_free(kit);
}

static void test_misdirected(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    unsigned first = refuse(kit, 0.1, 1, CHALLENGE("n1"));
    ask(kit, 0.2, 2, "Authorization: " GIVEN("asterisk", "n1", ""));
    unsigned realm = refuse(kit, 0.3, 2, CHALLENGE("n2"));
    ask(kit, 0.4, 3, PROXY_GIVEN("r", "n2"));
    unsigned header = refuse(kit, 0.5, 3, CHALLENGE("n3"));
    kit_expect(kit, first, "challenge-unanswered");
    kit_expect(kit, realm, "credentials-realm-mismatch");
    kit_expect_text(kit, realm, "credentials-realm-mismatch", "asterisk");
    kit_expect(kit, header, "credentials-realm-mismatch");
    kit_expect_text(kit, header, "credentials-realm-mismatch", "in Proxy-Authorization");
    kit_free(kit);
}

static void test_dropped(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    answer(kit, 0.1, 1, PROXY_CHALLENGE("p", "p1"), "");
    ask(kit, 0.2, 2, PROXY_GIVEN("p", "p1"));
    unsigned second = refuse(kit, 0.3, 2, CHALLENGE("n1"));
    ask(kit, 0.4, 3, CREDENTIALS("n1"));
    unsigned third = answer(kit, 0.5, 3, PROXY_CHALLENGE("p", "p2"), "");
    kit_expect(kit, second, "challenge-answered");
    kit_expect(kit, third, "credentials-realm-mismatch");
    kit_expect_text(kit, third, "credentials-realm-mismatch", "left out");
    kit_free(kit);
}

static void test_broken_digest(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    refuse(kit, 0.1, 1, CHALLENGE("n1") ", algorithm=SHA-256, qop=\"auth\"");
    ask(kit, 0.2, 2, "Authorization: " GIVEN("r", "n1", ", qop=auth, nc=00000001, cnonce=\"c\""));
    unsigned other = refuse(kit, 0.3, 2, CHALLENGE("n2") ", algorithm=SHA-256, qop=\"auth\"");
    ask(kit, 0.4, 3,
        "Authorization: " GIVEN("r", "n2",
                                ", algorithm=SHA-256, qop=auth, nc=00000001, cnonce=\"c\""));
    unsigned digits = refuse(kit, 0.5, 3, CHALLENGE("n3") ", qop=\"auth\"");
    kit_expect(kit, other, "digest-algorithm-mismatch");
    kit_expect_text(kit, other, "digest-algorithm-mismatch", "use MD5");
    kit_expect(kit, digits, "digest-algorithm-mismatch");
    kit_expect_text(kit, digits, "digest-algorithm-mismatch", "must have 64");
    kit_free(kit);
}

static void test_incomplete(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    refuse(kit, 0.1, 1, CHALLENGE("n1") ", qop=\"auth\"");
    ask(kit, 0.2, 2, CREDENTIALS("n1"));
    unsigned old_form = refuse(kit, 0.3, 2, CHALLENGE("n2") ", qop=\"auth\"");
    ask(kit, 0.4, 3, CREDENTIALS("n2") ", qop=auth");
    unsigned incomplete = refuse(kit, 0.5, 3, CHALLENGE("n3") ", qop=\"auth\"");
    kit_expect(kit, old_form, "credentials-rejected digest-without-qop");
    kit_expect(kit, incomplete, "digest-incomplete");
    kit_expect_text(kit, incomplete, "digest-incomplete", "lack nc, cnonce");
    ask(kit, 0.6, 4, CREDENTIALS("n3"));
    answer(kit, 0.7, 4, "200 OK", "");
    kit_expect(kit, old_form, "credentials-rejected"); /* the server takes it */
    kit_free(kit);
}

static void test_phrase_blames_nonce(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    refuse(kit, 0.1, 1, CHALLENGE("n1"));
    ask(kit, 17.1, 2, CREDENTIALS("n1"));
    unsigned old = answer(kit, 17.2, 2, "401 nonce has changed", CHALLENGE("n2") ", stale=false");
    kit_expect(kit, old, "credentials-rejected");
    kit_expect_text(kit, old, "credentials-rejected", "after 17 s");
    kit_free(kit);
}

/* The old form of the digest is fine where the server takes it. */
static void test_without_qop(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    unsigned first = refuse(kit, 0.1, 1, CHALLENGE("n1") ", qop=\"auth\"");
    ask(kit, 0.2, 2, CREDENTIALS("n1"));
    answer(kit, 0.3, 2, "200 OK", "");
    kit_expect(kit, first, "challenge-answered");
    kit_free(kit);
}

static void test_two_algorithms(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    unsigned first = refuse(kit, 0.1, 1, CHALLENGE("n1") ", algorithm=SHA-256\n" CHALLENGE("n2"));
    ask(kit, 0.2, 2, CREDENTIALS("n2"));
    unsigned second = refuse(kit, 0.3, 2, CHALLENGE("n3") ", algorithm=SHA-256\n" CHALLENGE("n4"));
    kit_expect(kit, first, "challenge-answered");
    kit_expect(kit, second, "credentials-rejected");
    kit_free(kit);
}

static void test_uri(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, to, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 0.1, back, NULL, "401 Unauthorized\n" CHALLENGE("n1"));
    kit_say(kit, 0.2, to, NULL, "INVITE sip:b@example.com\nCSeq: 2 INVITE\n" CREDENTIALS("n1"));
    unsigned other =
        kit_say(kit, 0.3, back, NULL, "401 Unauthorized\nCSeq: 2 INVITE\n" CHALLENGE("n2"));
    kit_expect(kit, other, "credentials-rejected credentials-uri-mismatch");
    kit_expect_text(kit, other, "credentials-uri-mismatch", "sip:b@example.com");
    ask(kit, 1, 1, "Call-ID: x");
    refuse(kit, 1.1, 1, CHALLENGE("n1") "\nCall-ID: x");
    ask(kit, 1.2, 2,
        "Call-ID: x\nAuthorization: Digest username=\"a\", realm=\"r\", nonce=\"n1\", "
        "uri=\"sip:example.com:5060;transport=tcp\", response=\"" MD5_DIGITS "\"");
    unsigned same = refuse(kit, 1.3, 2, CHALLENGE("n2") "\nCall-ID: x");
    kit_expect(kit, same, "credentials-rejected");
    kit_free(kit);
}

static void test_old_cseq(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    refuse(kit, 0.1, 1, CHALLENGE("n1"));
    ask(kit, 0.2, 1, "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKnew\n" CREDENTIALS("n1"));
    unsigned refused =
        answer(kit, 0.3, 1, "482 Merged Request", "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKnew");
    kit_expect_one(kit, refused, "cseq-not-raised");
    kit_expect_text(kit, refused, "cseq-not-raised", "challenge of frame 2");
    kit_free(kit);
}

static void test_cancel(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, to, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 0.1, back, NULL, "180 Ringing");
    kit_say(kit, 1, to, NULL, "CANCEL sip:b@example.com");
    unsigned cancel = kit_say(kit, 1.1, back, "CANCEL", "401 Unauthorized\n" CHALLENGE("n"));
    unsigned ack = kit_say(kit, 2, back, NULL, "401 Unauthorized\nCSeq: 1 ACK\n" CHALLENGE("n"));
    kit_wait(kit, 60);
    kit_expect_one(kit, cancel, "challenge-of-ack-or-cancel");
    kit_expect_one(kit, ack, "challenge-of-ack-or-cancel");
    kit_expect_text(kit, ack, "challenge-of-ack-or-cancel", "an ACK");
    kit_expect_none(kit, cancel, "challenge-unanswered");
    kit_free(kit);
}

/* IMS: the first request has credentials without a response, which is no attempt. */
static void test_aka(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1,
        "Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"\", uri=\"sip:r\", "
        "response=\"\"");
    unsigned first = refuse(kit, 0.1, 1, CHALLENGE("n1") ", algorithm=AKAv1-MD5");
    ask(kit, 0.2, 2, CREDENTIALS("n1") ", algorithm=AKAv1-MD5, auts=\"AAAA\"");
    unsigned second = refuse(kit, 0.3, 2, CHALLENGE("n2") ", algorithm=AKAv1-MD5");
    ask(kit, 0.4, 3, CREDENTIALS("n2") ", algorithm=AKAv1-MD5");
    answer(kit, 0.5, 3, "200 OK", "");
    kit_expect(kit, first, "challenge-answered");
    kit_expect(kit, second, "aka-resync");
    kit_expect_severity(kit, second, "chat");
    kit_free(kit);
}

static void test_subscribe(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, to, NULL, "SUBSCRIBE sip:b@example.com\nEvent: presence");
    unsigned first = kit_say(kit, 0.1, back, "SUBSCRIBE", "401 Unauthorized\n" CHALLENGE("n1"));
    kit_say(kit, 0.2, to, NULL,
            "SUBSCRIBE sip:b@example.com\nCSeq: 2 SUBSCRIBE\nEvent: presence\n" CREDENTIALS("n1"));
    kit_say(kit, 0.3, back, NULL, "200 OK\nCSeq: 2 SUBSCRIBE");
    kit_expect(kit, first, "challenge-answered");
    kit_free(kit);
}

/* A packet that is cut before its Authorization says nothing about it. */
static void test_cut(void)
{
    static const char request[] =
        "REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKcut\r\n"
        "From: <sip:a@example.com>;tag=f\r\nTo: <sip:a@example.com>\r\nCall-ID: c1\r\n"
        "CSeq: 2 REGISTER\r\nAuthori";
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    unsigned first = refuse(kit, 0.1, 1, CHALLENGE("n1"));
    kit_raw(kit, 0.2, to, request, strlen(request));
    unsigned second = answer(kit, 0.3, 2, "401 Unauthorized",
                             "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKcut\n" CHALLENGE("n2"));
    kit_wait(kit, 60);
    kit_expect(kit, first, "");
    kit_expect(kit, second, "");
    kit_free(kit);
}

static void test_token(void)
{
    Kit *kit = kit_new();
    ask(kit, 0, 1, "");
    unsigned first = refuse(kit, 0.1, 1, "WWW-Authenticate: Bearer scope=\"sip\"");
    ask(kit, 0.2, 2, "Authorization: Bearer abc.def");
    unsigned second = refuse(kit, 0.3, 2, "WWW-Authenticate: Bearer scope=\"sip\"");
    kit_expect(kit, first, "challenge-answered");
    kit_expect(kit, second, "credentials-rejected");
    kit_expect_text(kit, second, "credentials-rejected", "Bearer");
    kit_free(kit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/authentication/answered", test_answered);
    g_test_add_func("/authentication/unanswered", test_unanswered);
    g_test_add_func("/authentication/unanswered/repeated", test_unanswered_repeated);
    g_test_add_func("/authentication/unanswered/kinds", test_unanswered_kinds);
    g_test_add_func("/authentication/unanswered/ping", test_ping);
    g_test_add_func("/authentication/unanswered/kept-by-proxy", test_kept_by_proxy);
    g_test_add_func("/authentication/one-way", test_one_way);
    g_test_add_func("/authentication/stale", test_stale);
    g_test_add_func("/authentication/stale/refreshes", test_stale_refreshes);
    g_test_add_func("/authentication/stale/unsaid", test_stale_unsaid);
    g_test_add_func("/authentication/old-nonce", test_old_nonce);
    g_test_add_func("/authentication/rejected", test_rejected);
    g_test_add_func("/authentication/rejected/forbidden-otherwise", test_forbidden_otherwise);
    g_test_add_func("/authentication/rejected/nonce", test_phrase_blames_nonce);
    g_test_add_func("/authentication/loop", test_loop);
    g_test_add_func("/authentication/loop/stale", test_stale_loop);
    g_test_add_func("/authentication/loop/forked", test_forked_is_no_loop);
    g_test_add_func("/authentication/two-legs", test_two_legs);
    g_test_add_func("/authentication/realms-in-turn", test_realms_in_turn);
    g_test_add_func("/authentication/same-realm-twice", test_same_realm_twice);
    g_test_add_func("/authentication/misdirected", test_misdirected);
    g_test_add_func("/authentication/dropped", test_dropped);
    g_test_add_func("/authentication/digest/broken", test_broken_digest);
    g_test_add_func("/authentication/digest/incomplete", test_incomplete);
    g_test_add_func("/authentication/digest/without-qop", test_without_qop);
    g_test_add_func("/authentication/digest/two-algorithms", test_two_algorithms);
    g_test_add_func("/authentication/digest/uri", test_uri);
    g_test_add_func("/authentication/old-cseq", test_old_cseq);
    g_test_add_func("/authentication/cancel", test_cancel);
    g_test_add_func("/authentication/aka", test_aka);
    g_test_add_func("/authentication/subscribe", test_subscribe);
    g_test_add_func("/authentication/cut", test_cut);
    g_test_add_func("/authentication/token", test_token);
    return g_test_run();
}
