/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: the lines of a recording, and all reports on what could be read of them.
 */
#include <string.h>

#include "check.h"
#include "check/verdict.h"
#include "report/diagnosis.h"
#include "report/render.h"

static void check_text(GString *out)
{
    CHECK(g_utf8_validate(out->str, (gssize)out->len, NULL));
    g_string_truncate(out, 0);
}

static void diagnose(const GPtrArray *captures, GString *out)
{
    static const SipwhyDiagnosisWriter writers[] = {sipwhy_diagnosis_json, sipwhy_diagnosis_csv,
                                                    sipwhy_diagnosis_html};
    const SipwhyTextStyle style = {.colour = FALSE, .width = 80};
    SipwhyDiagnosis *diagnosis = sipwhy_diagnosis_new(captures, NULL);
    SipwhyPage *page = sipwhy_diagnosis_page(diagnosis, 0);

    for (size_t i = 0; i < G_N_ELEMENTS(writers); i++) {
        writers[i](out, diagnosis, (SipwhyLanguage)(i % 2));
        check_text(out);
    }
    sipwhy_render_text(out, page, &style);
    check_text(out);
    sipwhy_render_markdown(out, page);
    check_text(out);
    sipwhy_page_free(page);
    sipwhy_diagnosis_free(diagnosis);
}

static void check(const GPtrArray *captures, GString *out)
{
    static const SipwhyVerdictWriter writers[] = {sipwhy_verdict_text, sipwhy_verdict_json,
                                                  sipwhy_verdict_junit, sipwhy_verdict_sarif,
                                                  sipwhy_verdict_github};
    SipwhyPolicy *policy = sipwhy_policy_default();
    policy->fail_on = SIPWHY_SEVERITY_CHAT;
    policy->final_response = 1;
    policy->pdd_p95_most = 1;
    SipwhyVerdict *verdict = sipwhy_verdict_new(captures, NULL, policy, NULL, 0, 0);

    for (size_t i = 0; i < G_N_ELEMENTS(writers); i++) {
        writers[i](out, verdict, (SipwhyLanguage)(i % 2));
        check_text(out);
    }
    char *baseline = sipwhy_baseline_text(verdict);
    g_free(baseline);
    sipwhy_verdict_free(verdict);
    sipwhy_policy_free(policy);
}

/* A line that is wrong is left out: the next ones may be right. */
static void read_lines(SipwhyRecordingReader *reader, const uint8_t *bytes, size_t length)
{
    const char *at = length > 0 ? (const char *)bytes : "";
    const char *end = at + length;

    while (at < end) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        const size_t width = (size_t)((feed ? feed : end) - at);
        char *error = NULL;
        CHECK(sipwhy_recording_read(reader, at, width, &error) == !error);
        g_free(error);
        at += width + (feed ? 1 : 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char summary[] =
        "{\"type\":\"summary\",\"packets\":1,\"sip_packets\":1,\"version\":\"0\"}";
    SipwhyRecordingReader *reader = sipwhy_recording_reader_new("fuzz");
    GPtrArray *captures = g_ptr_array_new();
    GString *out = g_string_new(NULL);
    char *error = NULL;

    read_lines(reader, bytes, length);
    sipwhy_recording_read(reader, summary, strlen(summary), &error); /* if it has not come yet */
    g_free(error);
    SipwhyRecording *recording = sipwhy_recording_end(reader);
    CHECK(recording);
    g_ptr_array_add(captures, recording);
    diagnose(captures, out);
    check(captures, out);
    g_string_free(out, TRUE);
    g_ptr_array_free(captures, TRUE);
    sipwhy_recording_free(recording);
    return 0;
}
