/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: what a user hands to `sipwhy check`, and the verdict that comes of it.
 *
 * The input is a policy and a baseline with the byte 0x1E between them; without it, it is both.
 */
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "check/verdict.h"

/* A call that failed, as -z sipwhy,json tells of it. */
static const char *const lines[] = {
    "{\"type\":\"request\",\"frame\":1,\"time\":\"2026-01-15T09:00:00.000000Z\",\"call\":1,"
    "\"method\":\"INVITE\",\"call_id\":\"c\",\"from\":\"sip:a@example.com\","
    "\"to\":\"sip:b@example.org\",\"src\":\"192.0.2.10:5060\",\"dst\":\"[2001:db8::1]:5060\","
    "\"transport\":\"UDP\",\"agent\":\"Test Phone 1\",\"sdp\":true,\"quoted\":false,"
    "\"repeated\":false,\"response_in\":2}",
    "{\"type\":\"response\",\"frame\":2,\"time\":\"2026-01-15T09:00:00.500000Z\",\"code\":503,"
    "\"phrase\":\"Service Unavailable\",\"wire_phrase\":\"Service Unavailable\","
    "\"registered\":true,\"call\":1,\"method\":\"INVITE\",\"call_id\":\"c\","
    "\"from\":\"sip:a@example.com\",\"to\":\"sip:b@example.org\",\"src\":\"[2001:db8::1]:5060\","
    "\"dst\":\"192.0.2.10:5060\",\"transport\":\"UDP\",\"agent\":\"Gateway/1.5\",\"sdp\":false,"
    "\"quoted\":false,\"repeated\":false,\"severity\":\"warn\",\"expected\":false,"
    "\"category\":\"server\",\"origin\":\"unknown\",\"request_in\":1,\"outcome_in\":2,"
    "\"notes\":[],\"findings\":[{\"id\":\"no-common-codec\",\"severity\":\"warn\","
    "\"category\":\"interworking\",\"inferred\":false,\"title\":\"t\",\"text\":\"x\","
    "\"fix\":\"Caller: y\",\"fixes\":[\"Caller: y\"],\"frame\":2,\"evidence\":[1,2]}]}",
    "{\"type\":\"call\",\"call\":1,\"call_id\":\"c\",\"method\":\"INVITE\","
    "\"from\":\"sip:a@example.com\",\"to\":\"sip:b@example.org\",\"is_call\":true,"
    "\"outcome\":\"failed\",\"final_code\":503,\"final_in\":2,\"first_in\":1,\"pdd\":null,"
    "\"client\":\"192.0.2.10:5060\",\"server\":\"[2001:db8::1]:5060\",\"agent\":null,"
    "\"server_agent\":null,\"messages\":2,\"severity\":\"warn\",\"leading\":null,\"bare\":2,"
    "\"findings\":[]}",
    "{\"type\":\"summary\",\"packets\":2,\"sip_packets\":2,\"version\":\"0\"}",
};

/* Read once, and never freed. */
static const GPtrArray *make_captures(void)
{
    SipwhyRecordingReader *reader = sipwhy_recording_reader_new("fuzz");
    GPtrArray *captures = g_ptr_array_new();
    char *error = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        if (!sipwhy_recording_read(reader, lines[i], strlen(lines[i]), &error)) {
            fprintf(stderr, "line %zu: %s\n", i, error);
            CHECK(!error);
        }
    g_ptr_array_add(captures, sipwhy_recording_end(reader));
    CHECK(captures->pdata[0]);
    return captures;
}

/* A fault is one line of text. */
static void check_error(bool read, char *error)
{
    CHECK(read == !error);
    fuzz_check_line(error);
    g_free(error);
}

static void check_verdict(const SipwhyPolicy *policy, const SipwhyBaseline *baseline)
{
    static const SipwhyVerdictWriter writers[] = {sipwhy_verdict_text, sipwhy_verdict_json,
                                                  sipwhy_verdict_junit, sipwhy_verdict_sarif,
                                                  sipwhy_verdict_github};
    static const GPtrArray *captures;
    const int64_t now = INT64_C(1767225600000000); /* 2026-01-01 00:00:00 UTC */

    if (!captures)
        captures = make_captures();
    SipwhyVerdict *verdict = sipwhy_verdict_new(captures, NULL, policy, baseline, now, 0);
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(writers); i++)
        writers[i](out, verdict, (SipwhyLanguage)(i % 2));
    CHECK(g_utf8_validate(out->str, (gssize)out->len, NULL));
    g_string_free(out, TRUE);
    sipwhy_verdict_free(verdict);
}

static SipwhyPolicy *read_policy(SipwhySlice bytes)
{
    char name[64];
    char *error = NULL;
    const int file = fuzz_make_file(bytes, name, sizeof name);
    SipwhyPolicy *policy = sipwhy_policy_read(name, 0, &error);

    close(file);
    check_error(policy, error);
    for (unsigned i = 0; policy && i < policy->rules->len; i++)
        g_free(sipwhy_policy_day(policy->rules->pdata[i]));
    return policy;
}

static SipwhyBaseline *read_baseline(SipwhySlice bytes)
{
    char name[64];
    char *error = NULL;
    const int file = fuzz_make_file(bytes, name, sizeof name);
    SipwhyBaseline *baseline = sipwhy_baseline_read(name, 0, &error);

    close(file);
    check_error(baseline, error);
    return baseline;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const SipwhySlice whole = {(const char *)bytes, length};
    SipwhySlice rest = whole;
    const SipwhySlice part = fuzz_take_part(&rest);
    SipwhyPolicy *policy = read_policy(part);
    SipwhyBaseline *baseline = read_baseline(part.length < length ? rest : whole);

    if (policy)
        check_verdict(policy, baseline);
    sipwhy_policy_free(policy);
    sipwhy_baseline_free(baseline);
    return 0;
}
