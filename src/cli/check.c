/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sipwhy check: whether captures are as a policy wants them, for machines that build and test.
 */
#include <string.h>

#include "captures.h"
#include "check/verdict.h"
#include "cli.h"
#include "outputs.h"

typedef struct {
    SipwhyPolicy *policy;
    SipwhyBaseline *baseline; /* NULL: none */
    GPtrArray *captures;      /* CliCapture */
    GPtrArray *recordings;
    unsigned judged; /* captures of which all was read and judged */
} Check;

static void write_report(GString *out, CliFormat format, gboolean is_shown, const Cli *cli,
                         const void *data)
{
    static const SipwhyVerdictWriter writers[CLI_FORMAT_COUNT] = {
        [CLI_FORMAT_TEXT] = sipwhy_verdict_text,     [CLI_FORMAT_JSON] = sipwhy_verdict_json,
        [CLI_FORMAT_JUNIT] = sipwhy_verdict_junit,   [CLI_FORMAT_SARIF] = sipwhy_verdict_sarif,
        [CLI_FORMAT_GITHUB] = sipwhy_verdict_github,
    };

    (void)is_shown;
    writers[format](out, data, cli->language);
}

/* A policy may let a capture without SIP pass, but not if no other has any. */
static gboolean is_checked(const Check *check, const CliCapture *capture)
{
    return !capture->result.trouble ||
           (capture->result.no_sip && check->policy->no_sip == SIPWHY_NO_SIP_IGNORE &&
            check->judged > 0);
}

static gboolean fails(const Check *check, const CliCapture *capture)
{
    return capture->result.no_sip && check->policy->no_sip == SIPWHY_NO_SIP_FAIL;
}

static SipwhyVerdict *judge(const Check *check, const SipwhyBaseline *baseline,
                            SipwhyLanguage language)
{
    GPtrArray *unchecked = g_ptr_array_new_with_free_func((GDestroyNotify)sipwhy_unchecked_free);

    for (unsigned i = 0; i < check->captures->len; i++) {
        const CliCapture *capture = check->captures->pdata[i];
        if (!is_checked(check, capture))
            g_ptr_array_add(unchecked, sipwhy_unchecked_new(capture->name, capture->result.trouble,
                                                            fails(check, capture)));
    }
    return sipwhy_verdict_new(check->recordings, unchecked, check->policy, baseline,
                              g_get_real_time(), language);
}

static gboolean has_response(const SipwhyRecording *recording)
{
    for (unsigned i = 0; i < recording->messages->len; i++) {
        const SipwhyRecordedMessage *message = recording->messages->pdata[i];
        if (message->is_response && !message->quoted)
            return TRUE;
    }
    return FALSE;
}

static gboolean has_problem(const SipwhyVerdict *verdict, const SipwhyRecording *recording)
{
    for (unsigned i = 0; i < verdict->problems->len; i++)
        if (((const SipwhyProblem *)verdict->problems->pdata[i])->recording == recording)
            return TRUE;
    return FALSE;
}

/* Requests alone, of which nothing shows whether they were answered, are as good as no SIP. Those
 * that show trouble by themselves (nobody answers) are judged by it. */
static void doubt_captures(Check *check, const Cli *cli)
{
    SipwhyVerdict *verdict = judge(check, NULL, cli->language);

    for (unsigned i = 0; i < check->captures->len; i++) {
        CliResult *result = &((CliCapture *)check->captures->pdata[i])->result;
        if (result->trouble)
            continue;
        if (has_response(result->recording) || has_problem(verdict, result->recording)) {
            check->judged++;
        } else {
            result->trouble = g_strdup(sipwhy_text(cli->language, SIPWHY_TEXT_RUN_NO_RESPONSE));
            result->no_sip = TRUE;
        }
    }
    sipwhy_verdict_free(verdict);
}

/* Says of each capture that could not be checked why; whether there is one. */
static gboolean complain_of_unchecked(const Check *check, const Cli *cli)
{
    gboolean found = FALSE;

    for (unsigned i = 0; i < check->captures->len; i++) {
        const CliCapture *capture = check->captures->pdata[i];
        if (is_checked(check, capture) || fails(check, capture))
            continue;
        cli_captures_complain(cli, capture);
        found = TRUE;
    }
    return found;
}

/* Writes down what is known from now on, and takes it for the baseline. */
static CliExit write_baseline(Check *check, const Cli *cli)
{
    SipwhyVerdict *verdict = judge(check, NULL, cli->language);
    char *text = sipwhy_baseline_text(verdict);
    char *error = NULL;
    CliExit result = cli_write_file(cli, cli->write_baseline, text, strlen(text));

    if (result == CLI_OK) {
        sipwhy_baseline_free(check->baseline);
        check->baseline = sipwhy_baseline_read(cli->write_baseline, cli->language, &error);
    }
    g_free(error);
    g_free(text);
    sipwhy_verdict_free(verdict);
    return result;
}

static CliExit report(Check *check, Cli *cli)
{
    CliExit result = complain_of_unchecked(check, cli) ? CLI_FAILED : CLI_OK;

    /* A baseline of less than all captures would call known trouble new. */
    if (cli->write_baseline && result != CLI_OK)
        cli_complain(cli, SIPWHY_TEXT_RUN_NO_BASELINE, "file", cli->write_baseline, NULL);
    else if (cli->write_baseline)
        result = write_baseline(check, cli);
    SipwhyVerdict *verdict = judge(check, check->baseline, cli->language);
    result = cli_worse(result, cli_outputs_write(cli, write_report, verdict));
    if (!verdict->passed)
        result = cli_worse(result, CLI_CHECK_FAILED);
    sipwhy_verdict_free(verdict);
    return result;
}

/* What is to be checked against. */
static CliExit open_check(Check *check, const Cli *cli)
{
    char *error = NULL;

    *check = (Check){0};
    check->policy = cli->policy ? sipwhy_policy_read(cli->policy, cli->language, &error)
                                : sipwhy_policy_default();
    if (!error && cli->baseline)
        check->baseline = sipwhy_baseline_read(cli->baseline, cli->language, &error);
    if (!error)
        return CLI_OK;
    cli_complain(cli, SIPWHY_TEXT_RUN_TROUBLE, "trouble", error, NULL);
    g_free(error);
    return CLI_USAGE;
}

static void close_check(Check *check)
{
    if (check->policy)
        sipwhy_policy_free(check->policy);
    if (check->baseline)
        sipwhy_baseline_free(check->baseline);
    if (check->recordings)
        g_ptr_array_free(check->recordings, TRUE);
    cli_captures_free(check->captures);
}

CliExit cli_check(Cli *cli)
{
    Check check;
    CliExit result = open_check(&check, cli);

    if (result == CLI_OK)
        result = cli_outputs_settle(cli, TRUE);
    if (result == CLI_OK)
        result = cli_captures_read(cli, &check.captures);
    if (result == CLI_OK) {
        check.recordings = cli_captures_recordings(check.captures);
        doubt_captures(&check, cli);
        result = report(&check, cli);
    }
    close_check(&check);
    return result;
}
