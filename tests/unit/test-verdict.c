/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Verdicts on recordings that are written down here, and the reports on them.
 */
#include "check/verdict.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "language.h"

/* 2026-11-20 12:00 UTC */
static const int64_t today = G_GINT64_CONSTANT(1795176000) * G_USEC_PER_SEC;

/* ---- recordings ---- */

/* Captures, a policy, and what comes of them. */
typedef struct {
    GPtrArray *captures;
    SipwhyRecordingReader *reader;
    SipwhyPolicy *policy;
    SipwhyBaseline *baseline;
    GPtrArray *unchecked;
    SipwhyVerdict *verdict;
    char *from; /* of the calls that follow */
} Kit;

static void begin(Kit *kit, const char *file)
{
    kit->reader = sipwhy_recording_reader_new(file);
}

static Kit *kit_new(const char *file)
{
    Kit *kit = g_new0(Kit, 1);

    kit->captures = g_ptr_array_new_with_free_func((GDestroyNotify)sipwhy_recording_free);
    kit->unchecked = g_ptr_array_new();
    kit->from = g_strdup("sip:alice@example.com");
    begin(kit, file);
    return kit;
}

/* Takes the line. */
static void say(Kit *kit, char *line)
{
    char *error = NULL;

    if (!sipwhy_recording_read(kit->reader, line, strlen(line), &error))
        g_error("%s: %s", line, error);
    g_free(line);
}

static void end(Kit *kit)
{
    say(kit, g_strdup("{\"type\":\"summary\",\"packets\":3,\"sip_packets\":3,\"version\":\"0\"}"));
    SipwhyRecording *recording = sipwhy_recording_end(kit->reader);
    g_assert_nonnull(recording);
    g_ptr_array_add(kit->captures, recording);
}

/* A finding; several are joined by commas. The caller frees it. */
static char *finding(const char *id, const char *severity, unsigned frame)
{
    return g_strdup_printf("{\"id\":\"%s\",\"severity\":\"%s\",\"category\":\"media\","
                           "\"inferred\":false,\"title\":\"title of %s\",\"text\":\"Text of %s.\","
                           "\"fix\":\"Caller: mend it.\",\"fixes\":[\"Caller: mend it.\"],"
                           "\"frame\":%u,\"evidence\":[1]}",
                           id, severity, id, id, frame);
}

/* The hop is "A>B"; `flags` may have q (quoted) and r (repeated); takes the findings, which may be
 * NULL. */
static void response(Kit *kit, unsigned frame, unsigned code, const char *method, const char *id,
                     const char *hop, const char *severity, char *findings, const char *flags)
{
    char **ends = g_strsplit(hop, ">", 2);

    say(kit,
        g_strdup_printf("{\"type\":\"response\",\"frame\":%u,\"time\":null,\"code\":%u,"
                        "\"phrase\":\"\",\"wire_phrase\":\"x\",\"call_id\":\"%s\","
                        "\"method\":\"%s\",\"severity\":\"%s\",\"expected\":false,"
                        "\"origin\":\"user-agent\",\"src\":\"%s\",\"dst\":\"%s\","
                        "\"transport\":\"UDP\",\"quoted\":%s,\"repeated\":%s,"
                        "\"agent\":\"Server of %s\",\"sdp\":false,\"request_in\":null,"
                        "\"outcome_in\":null,\"findings\":[%s]}",
                        frame, code, id, method, severity, ends[0], ends[1],
                        strchr(flags, 'q') ? "true" : "false",
                        strchr(flags, 'r') ? "true" : "false", ends[0], findings ? findings : ""));
    g_strfreev(ends);
    g_free(findings);
}

static void answer(Kit *kit, unsigned frame, unsigned code, const char *id, const char *severity,
                   char *findings)
{
    response(kit, frame, code, "INVITE", id, "10.0.0.2:5060>10.0.0.1:5060", severity, findings, "");
}

static void request(Kit *kit, unsigned frame, const char *method, const char *id)
{
    say(kit, g_strdup_printf("{\"type\":\"request\",\"frame\":%u,\"time\":null,\"method\":\"%s\","
                             "\"call_id\":\"%s\",\"from\":null,\"to\":null,"
                             "\"src\":\"10.0.0.1:5060\",\"dst\":\"10.0.0.2:5060\","
                             "\"transport\":\"UDP\",\"quoted\":false,\"repeated\":false,"
                             "\"agent\":\"Phone\",\"sdp\":false,\"response_in\":null}",
                             frame, method, id));
}

/* `outcome` is NULL of what is no call; a negative delay is not known; takes the findings. */
static void call(Kit *kit, const char *id, const char *outcome, unsigned code, double pdd,
                 char *findings)
{
    char *quoted = outcome ? g_strdup_printf("\"%s\"", outcome) : g_strdup("null");
    char *final = code ? g_strdup_printf("%u", code) : g_strdup("null");
    char *delay = pdd >= 0 ? g_strdup_printf("%.3f", pdd) : g_strdup("null");

    say(kit, g_strdup_printf(
                 "{\"type\":\"call\",\"call_id\":\"%s\",\"method\":\"%s\",\"from\":\"%s\","
                 "\"to\":\"sip:bob@example.com;user=phone\",\"is_call\":%s,\"outcome\":%s,"
                 "\"final_code\":%s,\"final_in\":null,\"first_in\":1,\"pdd\":%s,"
                 "\"client\":\"10.0.0.1:5060\",\"server\":\"10.0.0.2:5060\",\"agent\":\"Phone\","
                 "\"server_agent\":\"Gateway 7\",\"messages\":2,\"severity\":\"chat\","
                 "\"leading\":null,\"bare\":null,\"findings\":[%s]}",
                 id, outcome ? "INVITE" : "REGISTER", kit->from, outcome ? "true" : "false", quoted,
                 final, delay, findings ? findings : ""));
    g_free(delay);
    g_free(final);
    g_free(quoted);
    g_free(findings);
}

/* A call with one response. */
static void simple_call(Kit *kit, unsigned frame, unsigned code, const char *id,
                        const char *severity, const char *outcome)
{
    request(kit, frame, "INVITE", id);
    answer(kit, frame + 1, code, id, severity, NULL);
    call(kit, id, outcome, code, -1, NULL);
}

/* The same policy as a file would have. */
static SipwhyPolicy *policy_of(const char *text)
{
    char *file = NULL;
    char *error = NULL;
    const int descriptor = g_file_open_tmp("sipwhy-verdict-XXXXXX", &file, NULL);

    g_assert_cmpint(descriptor, >=, 0);
    g_close(descriptor, NULL);
    g_assert_true(g_file_set_contents(file, text, -1, NULL));
    SipwhyPolicy *policy = sipwhy_policy_read(file, 0, &error);
    g_assert_cmpstr(error, ==, NULL);
    g_unlink(file);
    g_free(file);
    return policy;
}

/* Judges by a policy (NULL: the default one), once more if it was judged before. */
static const SipwhyVerdict *judge(Kit *kit, const char *policy)
{
    if (kit->verdict) {
        sipwhy_verdict_free(kit->verdict);
        kit->unchecked = g_ptr_array_new();
    }
    sipwhy_policy_free(kit->policy);
    kit->policy = policy ? policy_of(policy) : sipwhy_policy_default();
    kit->verdict =
        sipwhy_verdict_new(kit->captures, kit->unchecked, kit->policy, kit->baseline, today, 0);
    return kit->verdict;
}

static void kit_free(Kit *kit)
{
    sipwhy_verdict_free(kit->verdict);
    sipwhy_policy_free(kit->policy);
    sipwhy_baseline_free(kit->baseline);
    g_ptr_array_free(kit->captures, TRUE);
    g_free(kit->from);
    g_free(kit);
}

/* The problems as "rule/method/code@frame+also state", with a blank between them. */
static char *problems_of(const SipwhyVerdict *verdict)
{
    static const char *const states[] = {"fails", "tolerated", "known"};
    GString *list = g_string_new(NULL);

    for (unsigned i = 0; i < verdict->problems->len; i++) {
        const SipwhyProblem *problem = verdict->problems->pdata[i];
        g_string_append_printf(list, "%s%s/%s/%u@%u+%u %s%s", i ? ", " : "", problem->rule,
                               problem->method, problem->code, problem->frame, problem->also,
                               problem->denied ? "denied " : "", states[problem->state]);
    }
    return g_string_free(list, FALSE);
}

static void expect(Kit *kit, const char *policy, const char *problems, bool passed)
{
    const SipwhyVerdict *verdict = judge(kit, policy);
    char *found = problems_of(verdict);

    g_assert_cmpstr(found, ==, problems);
    g_assert_true(verdict->passed == passed);
    g_free(found);
}

/* ---- problems ---- */

static void test_threshold(void)
{
    Kit *kit = kit_new("a.pcap");

    simple_call(kit, 1, 200, "answered", "chat", "answered");
    simple_call(kit, 3, 486, "busy", "note", "failed");
    simple_call(kit, 5, 503, "down", "warn", "failed");
    request(kit, 7, "INVITE", "acked");
    answer(kit, 8, 200, "acked", "error", finding("ack-missing", "error", 8));
    call(kit, "acked", "answered", 200, -1, NULL);
    end(kit);
    expect(kit, NULL, "code-503/INVITE/503@6+0 fails, ack-missing/INVITE/200@8+0 fails", false);
    expect(kit, "[policy]\nfail-on=error\n", "ack-missing/INVITE/200@8+0 fails", false);
    expect(kit, "[policy]\nfail-on=note\n",
           "code-486/INVITE/486@4+0 fails, code-503/INVITE/503@6+0 fails, "
           "ack-missing/INVITE/200@8+0 fails",
           false);
    expect(kit, "[policy]\nfail-on=never\n", "", true);
    g_assert_cmpuint(kit->verdict->calls, ==, 4);
    g_assert_cmpuint(kit->verdict->responses, ==, 4);
    kit_free(kit);
}

/* What explains a response stands for it; what is only beside it does not. */
static void test_explained(void)
{
    Kit *kit = kit_new("a.pcap");

    request(kit, 1, "INVITE", "a");
    answer(kit, 2, 488, "a", "warn", finding("no-common-codec", "warn", 2));
    answer(kit, 3, 488, "a", "warn", NULL); /* passed on by a proxy */
    response(kit, 4, 488, "INVITE", "a", "10.0.0.3>10.0.0.1", "warn", NULL, "r");
    call(kit, "a", "failed", 488, -1, NULL);
    answer(kit, 5, 488, "b", "warn", finding("ack-missing", "warn", 5));
    call(kit, "b", "failed", 488, -1, NULL);
    answer(kit, 6, 503, "c", "warn", finding("retry-after", "note", 6));
    call(kit, "c", "failed", 503, -1, NULL);
    response(kit, 7, 503, "INVITE", "d", "10.0.0.2>10.0.0.1", "warn",
             finding("quoted-by-icmp", "note", 7), "q");
    call(kit, "d", "failed", 0, -1, NULL);
    end(kit);
    expect(kit, NULL,
           "no-common-codec/INVITE/488@2+0 fails, ack-missing/INVITE/488@5+0 fails, "
           "code-488/INVITE/488@5+0 fails, code-503/INVITE/503@6+0 fails",
           false);
    const SipwhyProblem *found = kit->verdict->problems->pdata[0];
    const SipwhyProblem *down = kit->verdict->problems->pdata[3];
    g_assert_cmpstr(found->title, ==, "title of no-common-codec");
    g_assert_cmpstr(found->fixes[0], ==, "Caller: mend it.");
    g_assert_cmpuint(found->evidence->len, ==, 1);
    g_assert_null(found->because);
    g_assert_cmpstr(down->title, ==, "503 Service Unavailable");
    g_assert_nonnull(strstr(down->text, " Text of retry-after."));
    g_assert_cmpuint(g_strv_length(down->fixes), >, 1);
    /* Whoever allows what is beside still hears of the response; whoever names the code has both.
     */
    expect(kit, "[policy]\nallow=ack-missing, no-common-codec\n",
           "no-common-codec/INVITE/488@2+0 tolerated, ack-missing/INVITE/488@5+0 tolerated, "
           "code-488/INVITE/488@5+0 fails, code-503/INVITE/503@6+0 fails",
           false);
    expect(kit, "[policy]\nallow=488 5xx\n",
           "no-common-codec/INVITE/488@2+0 tolerated, ack-missing/INVITE/488@5+0 fails, "
           "code-488/INVITE/488@5+0 tolerated, code-503/INVITE/503@6+0 tolerated",
           false);
    kit_free(kit);
}

/* What several messages of a call have in common is one problem. */
static void test_shared(void)
{
    Kit *kit = kit_new("a.pcap");

    answer(kit, 1, 503, "a", "warn", NULL);
    answer(kit, 2, 503, "a", "warn", NULL);
    response(kit, 3, 503, "BYE", "a", "10.0.0.2>10.0.0.1", "warn", NULL, "");
    answer(kit, 4, 488, "a", "warn", finding("no-common-codec", "warn", 4));
    answer(kit, 5, 488, "a", "warn", finding("no-common-codec", "warn", 5));
    answer(kit, 6, 503, "b", "warn", NULL);
    request(kit, 7, "ACK", "a");
    call(kit, "a", "failed", 503, -1, finding("mandatory-header-missing", "error", 7));
    call(kit, "b", "failed", 503, -1, NULL);
    end(kit);
    expect(kit, NULL,
           "code-503/INVITE/503@1+1 fails, code-503/BYE/503@3+0 fails, "
           "no-common-codec/INVITE/488@4+1 fails, code-503/INVITE/503@6+0 fails, "
           "mandatory-header-missing/ACK/0@7+0 fails",
           false);
    const SipwhyProblem *first = kit->verdict->problems->pdata[0];
    const SipwhyProblem *other = kit->verdict->problems->pdata[3];
    g_assert_cmpstr(first->fingerprint, ==, other->fingerprint); /* the same parties */
    g_assert_cmpuint(strlen(first->fingerprint), ==, 32);
    kit_free(kit);
}

/* ---- rules ---- */

static void test_lists(void)
{
    Kit *kit = kit_new("a.pcap");

    simple_call(kit, 1, 486, "a", "note", "failed");
    simple_call(kit, 3, 503, "b", "warn", "failed");
    simple_call(kit, 5, 499, "c", "warn", "failed");
    request(kit, 7, "INVITE", "d");
    answer(kit, 8, 480, "d", "note", finding("unavailable-masked", "note", 8));
    call(kit, "d", "failed", 480, -1, NULL);
    end(kit);
    expect(kit, "[policy]\ndeny=486 480\n",
           "code-486/INVITE/486@2+0 denied fails, code-503/INVITE/503@4+0 fails, "
           "code-499/INVITE/499@6+0 fails, unavailable-masked/INVITE/480@8+0 denied fails",
           false);
    expect(kit, "[policy]\ndeny=4xx\nallow=486 503\n",
           "code-486/INVITE/486@2+0 denied fails, code-503/INVITE/503@4+0 tolerated, "
           "code-499/INVITE/499@6+0 denied fails, unavailable-masked/INVITE/480@8+0 denied fails",
           false);
    expect(kit, "[policy]\nallow=code-499 503\n",
           "code-503/INVITE/503@4+0 tolerated, code-499/INVITE/499@6+0 tolerated", true);
    expect(kit, "[policy]\nfail-on=never\ndeny=unavailable-masked\n",
           "unavailable-masked/INVITE/480@8+0 denied fails", false);
    /* what is below the threshold needs no leave */
    expect(kit, "[policy]\nallow=4xx 5xx\nfail-on=error\n", "", true);
    kit_free(kit);
}

static void test_precedence(void)
{
    Kit *kit = kit_new("a.pcap");

    simple_call(kit, 1, 503, "a", "warn", "failed");
    end(kit);
    expect(kit, "[policy]\ndeny=503\n[rule first]\nallow=5xx\n[rule second]\ndeny=503\n",
           "code-503/INVITE/503@2+0 tolerated", true);
    const SipwhyProblem *problem = kit->verdict->problems->pdata[0];
    g_assert_cmpstr(problem->because, ==, "first");
    g_assert_cmpstr(problem->decided_by->name, ==, "first");
    expect(kit, "[rule second]\ndeny=503\nreason=never\n[rule first]\nallow=5xx\n",
           "code-503/INVITE/503@2+0 denied fails", false);
    problem = kit->verdict->problems->pdata[0];
    g_assert_cmpstr(problem->because, ==, "never");
    expect(kit, "[rule both]\nallow=5xx\ndeny=503\n", "code-503/INVITE/503@2+0 denied fails",
           false);
    expect(kit, "[policy]\nallow=5xx\ndeny=503\n", "code-503/INVITE/503@2+0 denied fails", false);
    problem = kit->verdict->problems->pdata[0];
    g_assert_cmpstr(problem->because, ==, "[policy]");
    /* a rule that does not name it says nothing */
    expect(kit, "[rule other]\nallow=4xx\n", "code-503/INVITE/503@2+0 fails", false);
    /* tolerated only because something else denies it */
    expect(kit, "[policy]\nfail-on=never\ndeny=503\n[rule first]\nallow=503\n",
           "code-503/INVITE/503@2+0 tolerated", true);
    kit_free(kit);
}

/* The problem of one call is tolerated under a condition, or not. */
static void expect_condition(Kit *kit, const char *condition, bool holds)
{
    char *policy = g_strdup_printf("[rule r]\nallow=503\n%s\n", condition);

    judge(kit, policy);
    const SipwhyProblem *problem = kit->verdict->problems->pdata[0];
    if ((problem->state == SIPWHY_PROBLEM_TOLERATED) != holds)
        g_error("%s: %d", condition, (int)problem->state);
    g_free(policy);
}

static void test_conditions(void)
{
    Kit *kit = kit_new("a.pcap");

    request(kit, 1, "INVITE", "a");
    response(kit, 2, 503, "INVITE", "a", "[2001:db8::9]:5070>10.0.0.1:5060", "warn", NULL, "");
    call(kit, "a", "failed", 503, -1, NULL);
    end(kit);
    expect_condition(kit, "method=INVITE", true);
    expect_condition(kit, "method=BYE OPTIONS", false);
    expect_condition(kit, "peer=2001:db8::9", true);
    expect_condition(kit, "peer=2001:db8::/32", true);
    expect_condition(kit, "peer=[2001:db8::9]:5070", true);
    expect_condition(kit, "peer=[2001:db8::9]:5060", false);
    expect_condition(kit, "peer=10.0.0.1", true);
    expect_condition(kit, "peer=10.0.0.0/8", true);
    expect_condition(kit, "peer=0.0.0.0/0", true);
    expect_condition(kit, "peer=10.0.0.2:5060", true); /* where the deciding request went */
    expect_condition(kit, "peer=192.0.2.1, 10.0.0.9", false);
    expect_condition(kit, "agent=gateway *", true);
    expect_condition(kit, "agent=nothing; PHONE", true);
    expect_condition(kit, "agent=Server of*", true);
    expect_condition(kit, "agent=Gate", false);
    expect_condition(kit, "agent=Gateway ?\npeer=10.0.0.1\nmethod=INVITE", true);
    expect_condition(kit, "agent=Gateway ?\npeer=10.0.0.1\nmethod=BYE", false);
    kit_free(kit);
}

static void test_until(void)
{
    Kit *kit = kit_new("a.pcap");

    simple_call(kit, 1, 503, "a", "warn", "failed");
    end(kit);
    expect(kit, "[known k]\nallow=503\nuntil=2026-11-20\n", "code-503/INVITE/503@2+0 tolerated",
           true);
    g_assert_cmpuint(kit->verdict->expired->len, ==, 0);
    expect(kit, "[known k]\nallow=503\nuntil=2026-11-19\n", "code-503/INVITE/503@2+0 fails", false);
    g_assert_cmpuint(kit->verdict->expired->len, ==, 1);
    expect(kit, "[policy]\nfail-on=error\n[rule k]\ndeny=503\nuntil=2026-11-19\n", "", true);
    kit_free(kit);
}

/* ---- fingerprints, baseline ---- */

static char *fingerprint_of(const char *file, unsigned frame, const char *from, unsigned code)
{
    Kit *kit = kit_new(file);

    g_free(kit->from);
    kit->from = g_strdup(from);
    simple_call(kit, frame, code, file, "warn", "failed");
    end(kit);
    judge(kit, NULL);
    char *fingerprint =
        g_strdup(((const SipwhyProblem *)kit->verdict->problems->pdata[0])->fingerprint);
    kit_free(kit);
    return fingerprint;
}

static void assert_fingerprint(const char *file, unsigned frame, const char *from, unsigned code,
                               bool same)
{
    char *model = fingerprint_of("a.pcap", 1, "sip:alice@example.com", 503);
    char *fingerprint = fingerprint_of(file, frame, from, code);

    g_assert_true(g_str_equal(model, fingerprint) == same);
    g_free(fingerprint);
    g_free(model);
}

static void test_fingerprints(void)
{
    char *model = fingerprint_of("a.pcap", 1, "sip:alice@example.com", 503);

    g_assert_cmpstr(model, ==, "4f706c8fd8032ead69335929a276e745"); /* baselines rest on it */
    g_free(model);
    assert_fingerprint("b.pcap", 40, "sips:ALICE:secret@Example.com:5061;transport=tls?x=y", 503,
                       true);
    assert_fingerprint("a.pcap", 1, "sip:alice@example.org", 503, false);
    assert_fingerprint("a.pcap", 1, "sip:alice@example.com", 500, false);
    assert_fingerprint("a.pcap", 1, "sip:example.com", 503, false);
    assert_fingerprint("a.pcap", 1, "", 503, false);
}

static SipwhyBaseline *baseline_of(const char *text, char **error)
{
    char *file = NULL;
    const int descriptor = g_file_open_tmp("sipwhy-baseline-XXXXXX", &file, NULL);

    g_assert_cmpint(descriptor, >=, 0);
    g_close(descriptor, NULL);
    g_assert_true(g_file_set_contents(file, text, -1, NULL));
    char *whole = NULL;
    SipwhyBaseline *baseline = sipwhy_baseline_read(file, 0, &whole);
    g_assert_true(!baseline == (whole != NULL));
    *error = whole ? g_strdup(whole + strlen(file) + 2) : NULL;
    g_free(whole);
    g_unlink(file);
    g_free(file);
    return baseline;
}

static void test_baseline(void)
{
    Kit *kit = kit_new("a.pcap");
    char *error;

    simple_call(kit, 1, 503, "a", "warn", "failed");
    simple_call(kit, 3, 503, "b", "warn", "failed");
    simple_call(kit, 5, 488, "c", "warn", "failed");
    simple_call(kit, 7, 500, "d", "warn", "failed");
    end(kit);
    judge(kit, "[policy]\nallow=500\n");
    char *text = sipwhy_baseline_text(kit->verdict);
    g_assert_cmpstr(text, ==,
                    "{\"version\":1,\"tool\":\"sipwhy\",\"problems\":[\n"
                    "{\"fingerprint\":\"1a6cc9bc0534666c63eb4d7315c84f8a\",\"rule\":\"code-488\","
                    "\"method\":\"INVITE\",\"code\":488,\"from\":\"sip:alice@example.com\",\"to\":"
                    "\"sip:bob@example.com;user=phone\",\"title\":\"488 Not Acceptable Here\"},\n"
                    "{\"fingerprint\":\"4f706c8fd8032ead69335929a276e745\",\"rule\":\"code-503\","
                    "\"method\":\"INVITE\",\"code\":503,\"from\":\"sip:alice@example.com\",\"to\":"
                    "\"sip:bob@example.com;user=phone\",\"title\":\"503 Service Unavailable\"}\n"
                    "]}\n");
    kit->baseline = baseline_of(text, &error);
    g_assert_cmpstr(error, ==, NULL);
    expect(kit, NULL,
           "code-503/INVITE/503@2+0 known, code-503/INVITE/503@4+0 known, "
           "code-488/INVITE/488@6+0 known, code-500/INVITE/500@8+0 fails",
           false);
    expect(kit, "[policy]\nallow=500\ndeny=503\n",
           "code-503/INVITE/503@2+0 denied known, code-503/INVITE/503@4+0 denied known, "
           "code-488/INVITE/488@6+0 known, code-500/INVITE/500@8+0 tolerated",
           true);
    char *again = sipwhy_baseline_text(kit->verdict); /* what is known stays known */
    g_assert_cmpstr(text, ==, again);
    g_free(again);
    g_free(text);
    judge(kit, "[policy]\nfail-on=never\n");
    text = sipwhy_baseline_text(kit->verdict);
    g_assert_cmpstr(text, ==, "{\"version\":1,\"tool\":\"sipwhy\",\"problems\":[]}\n");
    SipwhyBaseline *empty = baseline_of(text, &error);
    g_assert_nonnull(empty);
    sipwhy_baseline_free(empty);
    g_free(text);
    kit_free(kit);
}

static void refuse_baseline(const char *text, const char *expected)
{
    char *error;

    g_assert_null(baseline_of(text, &error));
    g_assert_cmpstr(error, ==, expected);
    g_free(error);
}

static void test_bad_baseline(void)
{
    static const char none[] = "is no baseline that sipwhy wrote (--write-baseline)";
    static const char *const others[] = {
        "",
        " ",
        "null",
        "[]",
        "{",
        "{}",
        "<xml/>",
        "{\"version\":1,\"problems\":[]}",
        "{\"version\":1,\"tool\":\"other\",\"problems\":[]}",
        "{\"version\":\"1\",\"tool\":\"sipwhy\",\"problems\":[]}",
        "{\"version\":1,\"tool\":\"sipwhy\",\"problems\":{}}",
        "{\"version\":1,\"tool\":\"sipwhy\"}",
        "// {\"version\":1,\"tool\":\"sipwhy\",\"problems\":[]}",
        "{\"version\":1,\"tool\":\"sipwhy\",\"problems\":[],\"x\":\"\\ud83d\"}",
        "{\"version\":1,\"tool\":\"sipwhy\",\"problems\":[],\"x\":\"\\",
    };
    char *error;

    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
        refuse_baseline(others[i], none);
    refuse_baseline("{\"version\":2,\"tool\":\"sipwhy\",\"problems\":[]}",
                    "is a baseline of version 2; this sipwhy knows version 1");
    refuse_baseline("{\"version\":1,\"tool\":\"sipwhy\",\"problems\":[7]}",
                    "problem 1 of this baseline has no fingerprint of 32 hexadecimal digits");
    refuse_baseline("{\"version\":1,\"tool\":\"sipwhy\",\"problems\":[{\"fingerprint\":\"x\"}]}",
                    "problem 1 of this baseline has no fingerprint of 32 hexadecimal digits");
    char *deep = g_strnfill(1000000, '[');
    refuse_baseline(deep, none);
    g_free(deep);
    g_assert_null(sipwhy_baseline_read("/nonexistent/b.json", 0, &error));
    g_assert_true(g_str_has_prefix(error, "/nonexistent/b.json: cannot be read: "));
    g_free(error);
}

/* ---- expectations ---- */

static void expect_expectation(Kit *kit, const char *line, bool met, const char *text)
{
    char *policy = g_strdup_printf("[policy]\nfail-on=never\n[expect]\n%s\n", line);
    const SipwhyVerdict *verdict = judge(kit, policy);

    g_assert_cmpuint(verdict->expectations->len, ==, 1);
    const SipwhyExpectation *expectation = verdict->expectations->pdata[0];
    g_assert_cmpstr(expectation->text, ==, text);
    g_assert_true(expectation->met == met);
    g_assert_true(verdict->passed == met);
    g_assert_true(g_str_has_prefix(line, expectation->id));
    g_free(policy);
}

static void test_expectations(void)
{
    Kit *kit = kit_new("a.pcap");

    for (unsigned i = 0; i < 19; i++) {
        char *id = g_strdup_printf("call%u", i);
        request(kit, i + 1, "INVITE", id);
        call(kit, id, "answered", 200, 0.1 * i, NULL);
        g_free(id);
    }
    simple_call(kit, 20, 486, "busy", "note", "failed");
    simple_call(kit, 22, 302, "moved", "note", "redirected");
    request(kit, 24, "INVITE", "cut");
    call(kit, "cut", "incomplete", 0, -1, NULL);
    request(kit, 25, "REGISTER", "register");
    call(kit, "register", NULL, 200, -1, NULL);
    end(kit);
    expect_expectation(kit, "calls-least=22", true, "at least 22 calls expected: 22 seen");
    expect_expectation(kit, "calls-least=23", false, "at least 23 calls expected: 22 seen");
    expect_expectation(kit, "final-response=true", true,
                       "every INVITE was to get a final response: all 21 did (not counted: 1 that "
                       "the capture cuts off)");
    expect_expectation(kit, "final-response=strict", false,
                       "every INVITE was to get a final response: 1 of 22 did not, frame 1 of "
                       "a.pcap");
    expect_expectation(kit, "answered-least=95%", true,
                       "at least 95% of the calls were to be answered: 95% were, 19 of 20 (not "
                       "counted: 2 redirected or cut off by the capture)");
    expect_expectation(kit, "answered-least=95.01%", false,
                       "at least 95.01% of the calls were to be answered: 95% were, 19 of 20 (not "
                       "counted: 2 redirected or cut off by the capture)");
    /* the 19th of 19, by nearest rank: 0.95 * 19 = 18.05 */
    expect_expectation(kit, "pdd-p95-most=1.8", true,
                       "post-dial delay of at most 1.8 s expected (95th percentile): it is 1.8 s "
                       "in 19 calls");
    expect_expectation(kit, "pdd-p95-most=1.79", false,
                       "post-dial delay of at most 1.79 s expected (95th percentile): it is 1.8 s "
                       "in 19 calls");
    judge(kit, "[expect]\nfinal-response=false\n");
    g_assert_cmpuint(kit->verdict->expectations->len, ==, 0);
    kit_free(kit);
}

/* What the captures say nothing about is not met. */
static void test_nothing_known(void)
{
    Kit *kit = kit_new("a.pcap");

    request(kit, 1, "REGISTER", "register");
    call(kit, "register", NULL, 200, -1, NULL);
    end(kit);
    expect_expectation(kit, "calls-least=0", true, "at least 0 calls expected: 0 seen");
    expect_expectation(kit, "final-response=true", false,
                       "every INVITE was to get a final response: there is no call that shows it");
    expect_expectation(kit, "answered-least=0%", false,
                       "at least 0% of the calls were to be answered: there is no call that shows "
                       "it");
    expect_expectation(kit, "pdd-p95-most=9", false,
                       "post-dial delay of at most 9 s expected (95th percentile): there is no "
                       "call that shows it");
    kit_free(kit);
}

static void test_open(void)
{
    Kit *kit = kit_new("a.pcap");

    for (unsigned i = 0; i < 7; i++) {
        char *id = g_strdup_printf("call%u", i);
        request(kit, i + 1, "INVITE", id);
        call(kit, id, i == 6 ? "failed" : "unanswered", 0, -1, NULL);
        g_free(id);
    }
    end(kit);
    expect_expectation(kit, "final-response=true", false,
                       "every INVITE was to get a final response: 7 of 7 did not, frame 1 of "
                       "a.pcap, frame 1 of a.pcap, frame 1 of a.pcap, frame 1 of a.pcap, frame 1 "
                       "of a.pcap...");
    kit_free(kit);
}

/* A check does not pass for lack of input. */
static void test_nothing(void)
{
    Kit *kit = kit_new("a.pcap");

    g_assert_false(judge(kit, NULL)->passed);
    end(kit);
    g_assert_false(judge(kit, NULL)->passed);
    begin(kit, "b.pcap");
    simple_call(kit, 1, 200, "a", "chat", "answered");
    end(kit);
    g_assert_true(judge(kit, NULL)->passed);
    sipwhy_verdict_free(kit->verdict);
    kit->verdict = NULL;
    kit->unchecked = g_ptr_array_new();
    g_ptr_array_add(kit->unchecked, sipwhy_unchecked_new("c.pcap", "is no capture", false));
    g_assert_false(judge(kit, NULL)->passed);
    kit_free(kit);
}

/* ---- reports ---- */

static const char mixed_policy[] =
    "[policy]\nallow=500\ndeny=486\n[rule lab]\nallow=404\nreason=No such extension yet\n"
    "[known old]\nallow=503\nuntil=2026-11-01\nreason=TICKET-1\n"
    "[known older]\nallow=504\nuntil=2026-10-01\n[expect]\ncalls-least=9\nfinal-response=true\n";

/* One of each in two captures, with markup and control characters in them. */
static Kit *mixed(void)
{
    Kit *kit = kit_new("a <b>.pcap");

    request(kit, 1, "INVITE", "a<1>");
    answer(kit, 2, 488, "a<1>", "warn", finding("no-common-codec", "warn", 2));
    answer(kit, 3, 488, "a<1>", "warn", finding("no-common-codec", "warn", 3));
    call(kit, "a<1>", "failed", 488, -1, NULL);
    simple_call(kit, 4, 503, "b", "warn", "failed");
    simple_call(kit, 6, 503, "c", "warn", "failed");
    simple_call(kit, 8, 500, "d", "warn", "failed");
    simple_call(kit, 10, 404, "e", "warn", "failed");
    simple_call(kit, 12, 486, "f", "note", "failed");
    end(kit);
    begin(kit, "b\033[31m\xff.pcap");
    request(kit, 1, "INVITE", "g");
    call(kit, "g", "unanswered", 0, -1, finding("never-answered", "error", 1));
    end(kit);
    return kit;
}

static char *report(Kit *kit, SipwhyVerdictWriter write, const char *language)
{
    GString *out = g_string_new(NULL);
    SipwhyLanguage spoken = 0;

    g_assert_true(sipwhy_language_find(language, &spoken));
    if (!kit->verdict)
        g_ptr_array_free(kit->unchecked, TRUE); /* else it is the verdict's */
    sipwhy_verdict_free(kit->verdict);
    sipwhy_policy_free(kit->policy);
    kit->policy = policy_of(mixed_policy);
    kit->unchecked = g_ptr_array_new();
    g_ptr_array_add(kit->unchecked, sipwhy_unchecked_new("c.pcap", "is no capture", false));
    kit->verdict = sipwhy_verdict_new(kit->captures, kit->unchecked, kit->policy, kit->baseline,
                                      today, spoken);
    write(out, kit->verdict, spoken);
    return g_string_free(out, FALSE);
}

static const char mixed_text[] =
    "FAILED (problems: 5; expectations not met: 2; captures not checked: 1; tolerated: 2; "
    "captures: 2; calls: 7; responses: 7)\n"
    "\n"
    "1. Error: title of never-answered [never-answered]\n"
    "  At    b�[31m�.pcap, frame 1: INVITE\n"
    "  Call  sip:alice@example.com -> sip:bob@example.com;user=phone, Call-ID g\n"
    "  What  Text of never-answered. (frame 1)\n"
    "  Do    Caller: mend it.\n"
    "\n"
    "2. Warn, 2 times: 503 Service Unavailable [code-503]\n"
    "  At    a <b>.pcap, frame 5: 503 Service Unavailable to INVITE\n"
    "  Call  sip:alice@example.com -> sip:bob@example.com;user=phone, Call-ID b\n"
    "  What  The server cannot take requests for the moment: overload or maintenance. A 503 "
    "speaks for\n"
    "        the whole server, not for the called user. Often: The trunk is full: the channel "
    "or\n"
    "        calls-per-second limit of the account is reached, or no circuit is free (Q.850 "
    "cause 34, 42\n"
    "        or 47 in Reason).\n"
    "  At    a <b>.pcap, frame 7: 503 Service Unavailable to INVITE\n"
    "  Call  sip:alice@example.com -> sip:bob@example.com;user=phone, Call-ID c\n"
    "  Do    Proxy or SBC operator: Count the calls at that second against licence and trunk "
    "limit\n"
    "        (channels, calls per second); raise the limit or pace the callers until the 503s "
    "stop.\n"
    "  Do    Proxy or SBC operator: Give the domain a second SRV target, or the route a second "
    "gateway;\n"
    "        the retry must show a new Via branch and another address (RFC 3263 4.3).\n"
    "  Do    You: No 503 in the capture: look for SYN without SYN-ACK, RST, a TLS alert or "
    "ICMP\n"
    "        unreachable; then a firewall, port or transport setting is the fault.\n"
    "\n"
    "3. Warn: title of no-common-codec [no-common-codec]\n"
    "  At    a <b>.pcap, frame 2: 488 Not Acceptable Here to INVITE\n"
    "  Call  sip:alice@example.com -> sip:bob@example.com;user=phone, Call-ID a<1>\n"
    "  What  Text of no-common-codec. (frame 1)\n"
    "  Also  on 1 more of this call's messages\n"
    "  Do    Caller: mend it.\n"
    "\n"
    "4. Note: 486 Busy Here [code-486]\n"
    "  At      a <b>.pcap, frame 13: 486 Busy Here to INVITE\n"
    "  Call    sip:alice@example.com -> sip:bob@example.com;user=phone, Call-ID f\n"
    "  What    The callee's phone or line was reached and takes no further call at present. "
    "Often: The\n"
    "          callee is in a call, and call waiting is off or the call limit of the phone or "
    "PBX account\n"
    "          is reached.\n"
    "  Denied  by [policy]\n"
    "  Do      You: Measure from INVITE to 486 and look for a 180 before it: that tells a "
    "person, an\n"
    "          automatic rule and a busy line apart.\n"
    "  Do      Callee: Switch on call waiting, raise the call limit, or forward on busy to "
    "voicemail; the\n"
    "          caller then gets 180, 181, 302 or 200.\n"
    "  Do      Proxy or SBC operator: If nobody is on the phone, look for a dialog without "
    "BYE, clear it,\n"
    "          and turn on session timers (Session-Expires) so that dead calls end.\n"
    "\n"
    "Expectations\n"
    "  not met  at least 9 calls expected: 7 seen\n"
    "  not met  every INVITE was to get a final response: 1 of 7 did not, frame 1 of "
    "b�[31m�.pcap\n"
    "\n"
    "Problems that do not fail\n"
    "  - 1 tolerated by [policy]\n"
    "  - 1 tolerated by [lab] - No such extension yet\n"
    "\n"
    "Rules that have expired\n"
    "  - [old] held until 2026-11-01; what it tolerated counts again - TICKET-1\n"
    "  - [older] held until 2026-10-01; what it tolerated counts again\n"
    "\n"
    "Captures that were not checked\n"
    "  - c.pcap: is no capture\n";

static void test_text(void)
{
    Kit *kit = mixed();
    char *text = report(kit, sipwhy_verdict_text, "en");

    g_assert_cmpstr(text, ==, mixed_text);
    g_free(text);
    text = report(kit, sipwhy_verdict_text, "fr");
    g_assert_true(g_str_has_prefix(text, "ÉCHEC (problèmes : 5 ; attentes non satisfaites : 2 ; "));
    g_free(text);
    kit_free(kit);
}

static void test_text_passed(void)
{
    Kit *kit = kit_new("a.pcap");
    GString *out = g_string_new(NULL);

    simple_call(kit, 1, 200, "a", "chat", "answered");
    end(kit);
    judge(kit, NULL);
    sipwhy_verdict_text(out, kit->verdict, 0);
    g_assert_cmpstr(out->str, ==, "PASSED (captures: 1; calls: 1; responses: 1)\n");
    g_string_free(out, TRUE);
    kit_free(kit);
}

/* Many problems of a kind: some of them, and how many more there are. */
static void test_text_many(void)
{
    Kit *kit = kit_new("a.pcap");
    GString *out = g_string_new(NULL);

    for (unsigned i = 0; i < 10000; i++) {
        char *id = g_strdup_printf("call%u", i);
        simple_call(kit, 2 * i + 1, 503, id, "warn", "failed");
        g_free(id);
    }
    end(kit);
    g_assert_cmpuint(judge(kit, NULL)->failing, ==, 10000);
    sipwhy_verdict_text(out, kit->verdict, 0);
    g_assert_nonnull(strstr(out->str, "1. Warn, 10000 times: 503 Service Unavailable [code-503]"));
    g_assert_nonnull(strstr(out->str, "9990 more of this kind"));
    g_assert_cmpuint(out->len, <, 4000);
    g_string_free(out, TRUE);
    kit_free(kit);
}

static JsonNode *parse(const char *text)
{
    GError *error = NULL;
    JsonNode *node = json_from_string(text, &error);

    g_assert_no_error(error);
    return node;
}

/* Runs the JSON through the validator of the tests of captures, as one line. */
static void validate(JsonNode *node)
{
    const char *validator = g_getenv("SIPWHY_VALIDATE");
    const char *source = g_getenv("SIPWHY_SOURCE");
    GError *error = NULL;
    char *complaint = NULL;

    if (!validator || !source) {
        g_test_message("no validator: the schema is not checked");
        return;
    }
    char *schema = g_build_filename(source, "src/report/verdict.schema.json", NULL);
    char *line = json_to_string(node, FALSE);
    GSubprocess *process =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                         validator, schema, NULL);
    g_assert_no_error(error);
    g_assert_true(g_subprocess_communicate_utf8(process, line, NULL, &complaint, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(complaint, ==, "");
    g_assert_cmpint(g_subprocess_get_exit_status(process), ==, 0);
    g_object_unref(process);
    g_free(complaint);
    g_free(line);
    g_free(schema);
}

static void test_json(void)
{
    Kit *kit = mixed();
    char *text = report(kit, sipwhy_verdict_json, "en");
    JsonNode *node = parse(text);
    JsonObject *verdict = json_node_get_object(node);

    validate(node);
    g_assert_false(json_object_get_boolean_member(verdict, "passed"));
    g_assert_cmpint(json_object_get_int_member(verdict, "failing"), ==, 5);
    g_assert_cmpint(json_object_get_int_member(verdict, "calls"), ==, 7);
    JsonArray *problems = json_object_get_array_member(verdict, "problems");
    g_assert_cmpuint(json_array_get_length(problems), ==, 7);
    JsonObject *first = json_array_get_object_element(problems, 0);
    g_assert_cmpstr(json_object_get_string_member(first, "rule"), ==, "no-common-codec");
    g_assert_cmpstr(json_object_get_string_member(first, "file"), ==, "a <b>.pcap");
    g_assert_cmpstr(json_object_get_string_member(first, "call_id"), ==, "a<1>");
    g_assert_cmpint(json_object_get_int_member(first, "also"), ==, 1);
    JsonObject *lab = json_array_get_object_element(problems, 4);
    g_assert_cmpstr(json_object_get_string_member(lab, "state"), ==, "tolerated");
    g_assert_cmpstr(json_object_get_string_member(lab, "decided_by"), ==, "lab");
    g_assert_cmpstr(json_object_get_string_member(lab, "because"), ==, "No such extension yet");
    JsonArray *expired = json_object_get_array_member(verdict, "expired");
    g_assert_cmpstr(
        json_object_get_string_member(json_array_get_object_element(expired, 0), "until"), ==,
        "2026-11-01");
    char *again = report(kit, sipwhy_verdict_json, "en");
    g_assert_cmpstr(text, ==, again);
    g_free(again);
    json_node_unref(node);
    g_free(text);
    kit_free(kit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/verdict/threshold", test_threshold);
    g_test_add_func("/verdict/explained", test_explained);
    g_test_add_func("/verdict/shared", test_shared);
    g_test_add_func("/verdict/lists", test_lists);
    g_test_add_func("/verdict/precedence", test_precedence);
    g_test_add_func("/verdict/conditions", test_conditions);
    g_test_add_func("/verdict/until", test_until);
    g_test_add_func("/verdict/fingerprints", test_fingerprints);
    g_test_add_func("/verdict/baseline", test_baseline);
    g_test_add_func("/verdict/bad-baseline", test_bad_baseline);
    g_test_add_func("/verdict/expectations", test_expectations);
    g_test_add_func("/verdict/nothing-known", test_nothing_known);
    g_test_add_func("/verdict/open", test_open);
    g_test_add_func("/verdict/nothing", test_nothing);
    g_test_add_func("/verdict/text", test_text);
    g_test_add_func("/verdict/text-passed", test_text_passed);
    g_test_add_func("/verdict/text-many", test_text_many);
    g_test_add_func("/verdict/json", test_json);
    return g_test_run();
}
