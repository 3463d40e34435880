/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Hostile input, in sizes that would take hours if anything were quadratic; and a good call beside
 * it, of which the same is to be told as without it.
 */
#include <string.h>

#include "keep.h"
#include "origin.h"
#include "outcome.h"
#include "trace-kit.h"

enum { MANY = 100000, SOME = 10000, MEGABYTE = 1024 * 1024, SAMPLES = 100, GOOD_FRAMES = 10 };

static const char to_server[] = "10.0.0.1>10.0.0.2";
static const char to_client[] = "10.0.0.2>10.0.0.1";
static const char good_to_server[] = "192.0.2.10>192.0.2.20";
static const char good_to_client[] = "192.0.2.20>192.0.2.10";

/* ---- the good call ---- */

static const double good_time = 500; /* seconds into the trace */

#define GOOD "\nFrom: <sip:a@example.com>;tag=g\nCall-ID: good"
#define SDP                                                                                       \
    "\n\nv=0\no=a 1 1 IN IP4 192.0.2.10\ns=-\nc=IN IP4 192.0.2.10\nt=0 0\nm=audio 4000 RTP/AVP 0" \
    "\n"

/* Challenged, answered, ringing, busy. Returns its first frame. */
static unsigned say_good_call(Kit *kit)
{
    const double t = good_time;
    unsigned first = kit_say(kit, t, good_to_server, NULL, "INVITE sip:b@example.com" GOOD SDP);

    kit_say(kit, t + 0.1, good_to_client, "INVITE",
            "407 Proxy Authentication Required" GOOD
            "\nProxy-Authenticate: Digest realm=\"r\",nonce=\"n\",algorithm=MD5,qop=\"auth\"");
    kit_say(kit, t + 0.2, good_to_server, NULL, "ACK sip:b@example.com" GOOD);
    kit_say(kit, t + 0.3, good_to_server, NULL,
            "INVITE sip:b@example.com" GOOD
            "\nCSeq: 2 INVITE\nProxy-Authorization: Digest username=\"a\",realm=\"r\",nonce=\"n\","
            "uri=\"sip:b@example.com\",response=\"0123456789abcdef0123456789abcdef\","
            "algorithm=MD5,qop=auth,nc=00000001,cnonce=\"c\"" SDP);
    kit_say(kit, t + 0.4, good_to_client, "INVITE", "100 Trying" GOOD "\nCSeq: 2 INVITE");
    kit_say(kit, t + 1.0, good_to_client, "INVITE", "180 Ringing" GOOD "\nCSeq: 2 INVITE");
    kit_say(kit, t + 9.0, good_to_client, "INVITE",
            "486 Busy Here" GOOD "\nCSeq: 2 INVITE\nReason: Q.850;cause=17");
    kit_say(kit, t + 9.1, good_to_server, NULL, "ACK sip:b@example.com" GOOD "\nCSeq: 2 ACK");
    kit_say(kit, t + 10, good_to_server, NULL,
            "MESSAGE sip:b@example.com" GOOD "\nCSeq: 3 MESSAGE");
    kit_say(kit, t + 10.5, good_to_client, "MESSAGE", "481 None" GOOD "\nCSeq: 3 MESSAGE");
    return first;
}

static void describe_findings(GString *out, const GPtrArray *findings, unsigned first)
{
    for (unsigned i = 0; i < findings->len; i++) {
        const SipwhyFinding *finding = findings->pdata[i];
        g_string_append_printf(out, " %s/%d", sipwhy_finding_facts(finding->id)->id,
                               (int)finding->wording);
        for (unsigned n = 0; n < finding->frame_count; n++)
            g_string_append_printf(out, ",%u", finding->frames[n] - first);
    }
}

/* All that is told of the good call, its frames counted from its first one. */
static char *describe_good_call(Kit *kit, unsigned first)
{
    GString *out = g_string_new(NULL);

    kit_wait(kit, 100000);
    kit_whole(kit, true);
    for (unsigned frame = first; frame < first + GOOD_FRAMES; frame++) {
        SipwhyMessage message;
        const SipwhySubject subject = kit_subject(kit, frame, &message);
        SipwhyOriginEvidence evidence;
        SipwhyCallOutcome outcome;
        GPtrArray *findings = sipwhy_find(subject.trace, subject.event, subject.message);
        g_assert_nonnull(subject.call);
        g_string_append_printf(out, "%u:", frame - first);
        describe_findings(out, findings, first);
        g_ptr_array_free(findings, TRUE);
        g_string_append_printf(out, " origin %d", (int)sipwhy_origin(&subject, &evidence));
        sipwhy_origin_clear(&evidence);
        g_assert_true(sipwhy_call_outcome(subject.trace, subject.call, &outcome));
        g_string_append_printf(out, " outcome %d %u %u\n", (int)outcome.outcome, outcome.final_code,
                               outcome.final_in - first);
    }
    return g_string_free(out, FALSE);
}

static char *describe_alone(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, to_server, NULL, "OPTIONS sip:b@example.com\nCall-ID: other");
    char *text = describe_good_call(kit, say_good_call(kit));
    kit_free(kit);
    return text;
}

/* ---- what is hostile ---- */

/* Everything that is told of a frame is well-formed, with its bytes and without. */
static void check_frame(Kit *kit, unsigned frame)
{
    SipwhyMessage message;
    const SipwhySubject subject = kit_subject(kit, frame, &message);
    SipwhyOriginEvidence evidence;
    SipwhyCallOutcome outcome;

    kit_expect_none(kit, frame, "");
    sipwhy_origin(&subject, &evidence);
    g_free(sipwhy_origin_text(&evidence, 0));
    sipwhy_origin_clear(&evidence);
    if (subject.call)
        sipwhy_call_outcome(subject.trace, subject.call, &outcome);
}

/* Some of the frames up to `last`, evenly spread. */
static void check_frames(Kit *kit, unsigned last)
{
    const unsigned step = last / SAMPLES + 1;

    for (unsigned frame = 1; frame <= last; frame += step)
        check_frame(kit, frame);
    check_frame(kit, last);
}

/* What is hostile, before the good call or behind it; returns the last frame of it. */
typedef unsigned (*Hostile)(Kit *kit);

static void check_beside(Hostile hostile, bool before)
{
    Kit *kit = kit_new();
    unsigned first = 0;

    if (before)
        check_frames(kit, hostile(kit));
    else
        kit_say(kit, 0, to_server, NULL, "OPTIONS sip:b@example.com\nCall-ID: other");
    kit_whole(kit, false);
    first = say_good_call(kit);
    if (!before)
        check_frame(kit, hostile(kit));
    char *found = describe_good_call(kit, first);
    char *alone = describe_alone();
    g_assert_cmpstr(found, ==, alone);
    g_free(alone);
    g_free(found);
    kit_free(kit);
}

static void check(Hostile hostile)
{
    check_beside(hostile, true);
    check_beside(hostile, false);
}

/* `text` over and over, with a number in place of "%u". */
static void append_many(GString *out, unsigned count, const char *text)
{
    const char *place = strstr(text, "%u");

    for (unsigned i = 0; i < count; i++) {
        if (!place) {
            g_string_append(out, text);
            continue;
        }
        g_string_append_len(out, text, place - text);
        g_string_append_printf(out, "%u%s", i, place + 2);
    }
}

static unsigned say(Kit *kit, double seconds, const char *hop, GString *head)
{
    const unsigned frame = kit_say(kit, seconds, hop, NULL, head->str);

    g_assert_cmpuint(frame, >, 0);
    g_string_free(head, TRUE);
    return frame;
}

/* ---- long messages ---- */

static unsigned say_long_token(Kit *kit)
{
    GString *json = g_string_new("{\"attest\":\"A\",\"x\":\"");

    append_many(json, MEGABYTE, "a");
    g_string_append(json, "\"}");
    char *claims = g_base64_encode((const guchar *)json->str, json->len);
    GString *head = g_string_new("INVITE sip:b@example.com\nIdentity: eyJhbGciOiJFUzI1NiJ9.");
    g_string_append_printf(head, "%s.c2ln;info=<https://x.example/c.pem>", claims);
    g_free(claims);
    g_string_free(json, TRUE);
    say(kit, 1, to_server, head);
    return kit_say(kit, 1.1, to_client, "INVITE", "438 Invalid Identity Header");
}

static unsigned say_vias_in_a_line(Kit *kit)
{
    GString *head = g_string_new("INVITE sip:b@example.com\nVia: SIP/2.0/UDP 10.0.0.1;branch=z");

    append_many(head, SOME, ", SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK%u");
    char *refusal = g_strconcat("482 Loop Detected", strchr(head->str, '\n'), NULL);
    say(kit, 1, to_server, head);
    unsigned last = kit_say(kit, 1.1, to_client, "INVITE", refusal);
    g_free(refusal);
    return last;
}

static unsigned say_vias_in_lines(Kit *kit)
{
    GString *head = g_string_new("INVITE sip:b@example.com");

    append_many(head, SOME, "\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK%u");
    char *refusal = g_strconcat("483 Too Many Hops", strchr(head->str, '\n'), NULL);
    say(kit, 1, to_server, head);
    unsigned last = kit_say(kit, 1.1, to_client, "INVITE", refusal);
    g_free(refusal);
    return last;
}

/* Each of the headers that rules read, as a line of 64 kB, and each as many lines. */
static unsigned say_long_headers(Kit *kit)
{
    static const char *const names[] = {"Contact",
                                        "Reason",
                                        "Warning",
                                        "Server",
                                        "Allow",
                                        "Require",
                                        "Supported",
                                        "Unsupported",
                                        "WWW-Authenticate",
                                        "Authorization",
                                        "Retry-After",
                                        "Route",
                                        "Content-Type",
                                        "Accept",
                                        "Event",
                                        "Identity",
                                        "P-Asserted-Identity",
                                        "X-Other"};
    unsigned last = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        char *id = g_strdup_printf("\nCall-ID: long%u\n%s: ", i, names[i]);
        char *line = g_strdup_printf("\n%s: a,b;c=\"d\"", names[i]);
        GString *request = g_string_new("INVITE sip:b@example.com");
        GString *refusal = g_string_new("420 Bad Extension");
        g_string_append(request, id);
        g_string_append(refusal, id);
        append_many(request, 65536 / 4, "a,<\";");
        append_many(refusal, 65536 / 4, ";\"\\,");
        append_many(request, 1000, line);
        append_many(refusal, 1000, line);
        say(kit, i, to_server, request);
        last = say(kit, i + 0.1, to_client, refusal);
        g_free(line);
        g_free(id);
    }
    return last;
}

static unsigned say_many_streams(Kit *kit)
{
    GString *head = g_string_new("INVITE sip:b@example.com\n\nv=0\nc=IN IP4 10.0.0.1\nt=0 0");

    append_many(head, MANY, "\nm=audio 1 X 0");
    char *refusal =
        g_strconcat("488 No\nContent-Type: application/sdp", strstr(head->str, "\n\n"), NULL);
    say(kit, 1, to_server, head);
    unsigned last = kit_say(kit, 1.1, to_client, "INVITE", refusal);
    g_free(refusal);
    return last;
}

static unsigned say_many_formats(Kit *kit)
{
    GString *head = g_string_new("INVITE sip:b@example.com\n\nv=0\nm=audio 4000 RTP/AVP");

    append_many(head, MANY, " %u");
    append_many(head, SOME, "\na=rtpmap:%u X/8000");
    char *refusal =
        g_strconcat("488 No\nContent-Type: application/sdp", strstr(head->str, "\n\n"), NULL);
    say(kit, 1, to_server, head);
    unsigned last = kit_say(kit, 1.1, to_client, "INVITE", refusal);
    g_free(refusal);
    return last;
}

/* Lists of which each value is looked for in the other one. */
static unsigned say_lists(Kit *kit)
{
    GString *invite = g_string_new("INVITE sip:b@example.com\nRequire: none");
    GString *refusal = g_string_new("420 Bad Extension\nUnsupported: some");
    GString *words = g_string_new("488 No\nCSeq: 2 INVITE\nWarning: 306 x \"");

    append_many(invite, SOME, ",a%u");
    append_many(invite, SOME, "\nSupported: b%u");
    g_string_append(invite, "\n\nv=0\nm=audio 4000 RTP/AVP 0");
    append_many(invite, SOME, "\na=ab%u");
    append_many(refusal, MANY, ",c%u");
    append_many(refusal, SOME, "\nRequire: d%u");
    append_many(words, MEGABYTE / 2, "ab");
    char *again =
        g_strconcat("INVITE sip:b@example.com\nCSeq: 2 INVITE", strchr(invite->str, '\n'), NULL);
    say(kit, 1, to_server, invite);
    say(kit, 1.1, to_client, refusal);
    kit_say(kit, 2, to_server, NULL, again);
    g_free(again);
    return say(kit, 2.1, to_client, words);
}

static unsigned say_nested(Kit *kit)
{
    enum { DEEP = 1000 };
    GString *head = g_string_new("INVITE sip:b@example.com");

    append_many(head, 1, "\nContent-Type: multipart/mixed;boundary=b%u\n");
    for (unsigned i = 0; i < DEEP; i++)
        g_string_append_printf(head, "\n--b%u\nContent-Type: multipart/mixed;boundary=b%u\n", i,
                               i + 1);
    g_string_append(head, "\nv=0\n");
    say(kit, 1, to_server, head);
    return kit_say(kit, 1.1, to_client, "INVITE", "488 Not Acceptable Here");
}

/* ---- many messages ---- */

static unsigned say_many_transactions(Kit *kit)
{
    unsigned last = 0;

    for (unsigned i = 1; i <= MANY / 2; i++) {
        char *request = g_strdup_printf("INVITE sip:b@example.com\nCSeq: %u INVITE", i);
        char *refusal = g_strdup_printf("%s\nCSeq: %u INVITE",
                                        i % 2 ? "503 Service Unavailable" : "401 Unauthorized", i);
        kit_say(kit, i * 0.001, to_server, NULL, request);
        last = kit_say(kit, i * 0.001 + 0.0005, to_client, "INVITE", refusal);
        g_free(refusal);
        g_free(request);
    }
    return last;
}

static unsigned say_many_branches(Kit *kit)
{
    unsigned last = 0;

    for (unsigned i = 1; i <= MANY; i++) {
        char *request = g_strdup_printf(
            "INVITE sip:b@example.com\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK%u", i);
        last = kit_say(kit, i * 0.001, to_server, NULL, request);
        g_free(request);
    }
    return last;
}

static unsigned say_many_tags(Kit *kit)
{
    unsigned last = kit_say(kit, 0, to_server, NULL, "INVITE sip:b@example.com");

    for (unsigned i = 1; i <= MANY; i++) {
        char *response = g_strdup_printf("%s\nTo: <sip:b@example.com>;tag=%u",
                                         i % 2 ? "180 Ringing" : "200 OK", i);
        last = kit_say(kit, i * 0.001, to_client, "INVITE", response);
        g_free(response);
    }
    return last;
}

static unsigned say_many_repeats(Kit *kit)
{
    unsigned request = kit_say(kit, 0, to_server, NULL, "INVITE sip:b@example.com");
    unsigned response = kit_say(kit, 0.1, to_client, "INVITE", "603 Decline");
    unsigned last = 0;

    for (unsigned i = 1; i <= MANY / 2; i++) {
        kit_repeat(kit, i * 0.06, request);
        last = kit_repeat(kit, i * 0.06 + 0.001, response);
    }
    return last;
}

static unsigned say_unanswered(Kit *kit)
{
    unsigned last = 0;

    for (unsigned i = 1; i <= 2 * MANY; i++) {
        char request[512];
        g_snprintf(request, sizeof request,
                   "OPTIONS sip:b SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK%u\r\n"
                   "From: <sip:a>;tag=%u\r\nTo: <sip:b>\r\nCall-ID: u%u\r\nCSeq: 1 OPTIONS\r\n\r\n",
                   i, i, i);
        last = kit_raw(kit, i * 0.001, to_server, request, strlen(request));
    }
    return last;
}

/* Nobody answers: what is kept of a request is bounded, and of most less than the whole. */
static void test_kept(void)
{
    enum { LONG = 1500, LINES = 20, WHOLE_MOST = 1024 };
    const size_t most = SIPWHY_KEPT_BYTES_MOST + SIPWHY_KEPT_IDENTITY_BYTES_MOST +
                        SIPWHY_KEPT_LINE_BYTES_MOST + SIPWHY_KEPT_BODY_BYTES_MOST + 256;
    Kit *kit = kit_new();
    unsigned whole = 0;

    for (unsigned i = 1; i <= LONG; i++) {
        GString *head = g_string_new("INVITE sip:b@example.com");
        g_string_append_printf(head, "\nCall-ID: k%u\nSubject: whole", i);
        append_many(head, LINES, "\nIdentity: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b%u");
        g_string_append(head, "\n\nv=0\n");
        append_many(head, SIPWHY_KEPT_BODY_BYTES_MOST, "a=x\n");
        say(kit, i, to_server, head);
    }
    for (const SipwhyCall *call = sipwhy_trace_calls(kit_trace(kit)); call; call = call->next) {
        SipwhyMessage message;
        SipwhySlice value;
        g_assert_true(sipwhy_kept_message(call->first->kept_request, &message));
        g_assert_cmpuint(message.length, <=, most);
        whole += sipwhy_message_first(&message, SIPWHY_HEADER_SUBJECT, &value);
    }
    g_assert_cmpuint(whole, <=, WHOLE_MOST);
    kit_free(kit);
}

/* As many messages as a packet takes: they all have the same frame. */
static void test_many_in_a_packet(void)
{
    enum { MESSAGES = 5000 };
    static const char one[] = "SIP/2.0 503 No\r\nv:SIP/2.0/TCP 10.0.0.1;branch=z9hG4bK1\r\ni:p\r\n"
                              "CSeq: 1 INVITE\r\nl:0\r\n\r\n";
    GString *bytes = g_string_new(NULL);
    SipwhyTrace *trace = sipwhy_trace_new();
    const SipwhyPacket packet = {.frame = 1, .transport = SIPWHY_TRANSPORT_TCP};
    SipwhyMessage message;
    size_t count;

    append_many(bytes, MESSAGES, one);
    sipwhy_trace_reach(trace, packet.time);
    for (size_t at = 0;
         sipwhy_message_scan(bytes->str + at, bytes->len - at, SIPWHY_FRAMING_STREAM, &message);
         at += message.length)
        sipwhy_trace_add(trace, &packet, &message);
    const SipwhyEvent *events = sipwhy_trace_frame(trace, 1, &count);
    g_assert_cmpuint(count, ==, MESSAGES);
    for (size_t i = 0; i < count; i++)
        g_ptr_array_free(sipwhy_find(trace, &events[i], NULL), TRUE);
    g_assert_false(sipwhy_trace_was_cut(trace, 1));
    sipwhy_trace_free(trace);
    g_string_free(bytes, TRUE);
}

/* ---- nonsense ---- */

static unsigned say_odd_numbers(Kit *kit)
{
    static const char *const numbers[] = {"0",          "4294967295", "4294967296",
                                          "-1",         "",           "99999999999999999999",
                                          "0000000001", "1e9",        "\t7"};
    unsigned last = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const char *n = numbers[i];
        char *request = g_strdup_printf(
            "REGISTER sip:example.com\nCall-ID: n%u\nCSeq: %s REGISTER\nExpires: %s\n"
            "Max-Forwards: %s\nMin-SE: %s\nSession-Expires: %s\nContent-Length: %s",
            i, n, n, n, n, n, n);
        char *refusal = g_strdup_printf(
            "%s\nCall-ID: n%u\nCSeq: %s REGISTER\nMin-Expires: %s\nRetry-After: %s\nRSeq: %s\n"
            "Min-SE: %s\nContent-Length: %s",
            i % 2 ? "423 Interval Too Brief" : "503 Service Unavailable", i, n, n, n, n, n, n);
        kit_say(kit, i, to_server, NULL, request);
        last = kit_say(kit, i + 0.1, to_client, "REGISTER", refusal);
        kit_say(kit, i + 0.2, to_server, NULL, request);
        g_free(refusal);
        g_free(request);
    }
    return last;
}

static unsigned say_without_tags(Kit *kit)
{
    static const char *const ends[] = {"\n-To\n-From",
                                       "\nTo: \nFrom: ",
                                       "\nTo: <sip:b>;tag=\nFrom: <sip:a>;tag=",
                                       "\nTo: ;tag\nFrom: \";tag=x",
                                       "\nTo: <sip:b;tag=1>\nFrom: <sip:a;tag=1",
                                       "\n-Via\n-CSeq",
                                       "\n-Call-ID",
                                       "\nVia: ,;branch=,"};
    unsigned last = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(ends); i++) {
        char *request = g_strconcat("INVITE sip:b@example.com", ends[i], NULL);
        char *ringing = g_strconcat("180 Ringing", ends[i], NULL);
        char *refusal = g_strconcat("481 Call Does Not Exist", ends[i], NULL);
        char *bye = g_strconcat("BYE sip:b@example.com", ends[i], NULL);
        kit_say(kit, i, to_server, NULL, request);
        kit_say(kit, i + 0.1, to_client, "INVITE", ringing);
        kit_say(kit, i + 0.2, to_client, "INVITE", refusal);
        kit_say(kit, i + 0.3, to_server, NULL, bye);
        last = kit_say(kit, i + 0.4, to_client, "BYE", refusal);
        g_free(bye);
        g_free(refusal);
        g_free(ringing);
        g_free(request);
    }
    return last;
}

static unsigned say_backwards(Kit *kit)
{
    unsigned last = kit_say(kit, 30, to_client, "INVITE", "486 Busy Here");

    kit_say(kit, 20, to_client, "INVITE", "180 Ringing");
    kit_say(kit, 10, to_client, "INVITE", "100 Trying");
    kit_say(kit, 5, to_server, NULL, "INVITE sip:b@example.com");
    for (unsigned i = 1; i < 40; i++) {
        const double years = i * 365.25 * 86400; /* back to 1986 */
        char *request = g_strdup_printf("INVITE sip:b@example.com\nCSeq: %u INVITE", i);
        char *refusal = g_strdup_printf("503 Busy\nCSeq: %u INVITE\nRetry-After: 99999999", i);
        last = kit_say(kit, -years + 50, to_client, "INVITE", refusal);
        kit_say(kit, -years, to_server, NULL, request);
        g_free(refusal);
        g_free(request);
    }
    return last;
}

/* Times at which no clock ever stood: nothing overflows. */
static void test_far_times(void)
{
    static const int64_t times[] = {INT64_MIN, INT64_MAX, 0, -1, INT64_MAX, INT64_MIN};
    static const char *const lines[] = {"INVITE sip:b SIP/2.0", "SIP/2.0 180 Ringing",
                                        "SIP/2.0 487 Request Terminated"};
    SipwhyTrace *trace = sipwhy_trace_new();

    sipwhy_trace_set_whole(trace, true);
    for (unsigned i = 0; i < G_N_ELEMENTS(times) * G_N_ELEMENTS(lines); i++) {
        const SipwhyPacket packet = {.frame = i + 1, .time = times[i % G_N_ELEMENTS(times)]};
        char *bytes = g_strdup_printf("%s\r\nv:x;branch=1\r\ni:c\r\nt:b;tag=1\r\nf:a;tag=2\r\n"
                                      "CSeq: 1 INVITE\r\nExpires: 4294967295\r\n\r\n",
                                      lines[i / 2 % G_N_ELEMENTS(lines)]);
        SipwhyMessage message;
        g_assert_true(sipwhy_message_scan(bytes, strlen(bytes), SIPWHY_FRAMING_DATAGRAM, &message));
        sipwhy_trace_reach(trace, packet.time);
        const SipwhyEvent *event = sipwhy_trace_add(trace, &packet, &message);
        g_ptr_array_free(sipwhy_find(trace, event, &message), TRUE);
        g_free(bytes);
    }
    sipwhy_trace_free(trace);
}

static unsigned say_odd_codes(Kit *kit)
{
    static const char *const codes[] = {"000 Zero", "001 One",  "099 X", "199 X", "299 X",
                                        "699 X",    "700 High", "999 X", "100",   "503"};
    unsigned last = kit_say(kit, 0, to_server, NULL, "INVITE sip:b@example.com");

    for (unsigned i = 0; i < G_N_ELEMENTS(codes); i++)
        last = kit_say(kit, i + 1, to_client, "INVITE", codes[i]);
    return last;
}

/* NUL and bytes that are no text, in place of each letter of a call in turn. */
static unsigned say_bytes(Kit *kit)
{
    static const char request[] =
        "INVITE sip:b SIP/2.0\r\nVia: x;branch=1\r\nFrom: a;tag=1\r\nTo: b\r\nCall-ID: z\r\n"
        "CSeq: 1 INVITE\r\nReason: Q.850;cause=16\r\nContact: <sip:a>\r\n\r\nv=0";
    static const char refusal[] =
        "SIP/2.0 480 X\r\nVia: x;branch=1\r\nFrom: a;tag=1\r\nTo: b;tag=2\r\nCall-ID: z\r\n"
        "CSeq: 1 INVITE\r\nReason: Q.850;cause=16\r\nWarning: 399 x \"y\"\r\nServer: s\r\n\r\n";
    static const char bytes[] = {'\0', '\xFF', '\n', '"', '{', '\x1b'};
    unsigned last = 0;

    for (unsigned at = 0; at < sizeof refusal - 1; at++)
        for (unsigned i = 0; i < sizeof bytes; i++) {
            char changed[2][sizeof request + sizeof refusal];
            memcpy(changed[0], request, sizeof request);
            memcpy(changed[1], refusal, sizeof refusal);
            changed[0][at % (sizeof request - 1)] = bytes[i];
            changed[1][at] = bytes[i];
            unsigned one = kit_raw(kit, at, to_server, changed[0], sizeof request - 1);
            unsigned other = kit_raw(kit, at + 0.1, to_client, changed[1], sizeof refusal - 1);
            last = other ? other : one ? one : last;
        }
    return last;
}

static void test_hostile(gconstpointer data)
{
    check(*(const Hostile *)data);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *path;
        Hostile say;
    } hostile[] = {
        {"/hostile/long-token", say_long_token},
        {"/hostile/vias-in-a-line", say_vias_in_a_line},
        {"/hostile/vias-in-lines", say_vias_in_lines},
        {"/hostile/long-headers", say_long_headers},
        {"/hostile/many-streams", say_many_streams},
        {"/hostile/many-formats", say_many_formats},
        {"/hostile/lists", say_lists},
        {"/hostile/nested", say_nested},
        {"/hostile/many-transactions", say_many_transactions},
        {"/hostile/many-branches", say_many_branches},
        {"/hostile/many-tags", say_many_tags},
        {"/hostile/many-repeats", say_many_repeats},
        {"/hostile/unanswered", say_unanswered},
        {"/hostile/odd-numbers", say_odd_numbers},
        {"/hostile/without-tags", say_without_tags},
        {"/hostile/backwards", say_backwards},
        {"/hostile/odd-codes", say_odd_codes},
        {"/hostile/bytes", say_bytes},
    };

    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++)
        g_test_add_data_func(hostile[i].path, &hostile[i].say, test_hostile);
    g_test_add_func("/hostile/kept", test_kept);
    g_test_add_func("/hostile/many-in-a-packet", test_many_in_a_packet);
    g_test_add_func("/hostile/far-times", test_far_times);
    return g_test_run();
}
