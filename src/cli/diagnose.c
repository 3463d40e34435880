/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sipwhy diagnose: what went wrong in captures, call by call, worst first.
 */
#include "captures.h"
#include "cli.h"
#include "outputs.h"
#include "report/diagnosis.h"

static void write_page(GString *out, CliFormat format, gboolean is_shown, const Cli *cli,
                       const SipwhyDiagnosis *diagnosis)
{
    SipwhyPage *page = sipwhy_diagnosis_page(diagnosis, cli->language);

    cli_render_page(out, page, format, is_shown);
    sipwhy_page_free(page);
}

static void write_report(GString *out, CliFormat format, gboolean is_shown, const Cli *cli,
                         const void *data)
{
    static const SipwhyDiagnosisWriter writers[CLI_FORMAT_COUNT] = {
        [CLI_FORMAT_JSON] = sipwhy_diagnosis_json,
        [CLI_FORMAT_CSV] = sipwhy_diagnosis_csv,
        [CLI_FORMAT_HTML] = sipwhy_diagnosis_html,
    };
    const SipwhyDiagnosis *diagnosis = data;

    if (writers[format])
        writers[format](out, diagnosis, cli->language);
    else
        write_page(out, format, is_shown, cli, diagnosis);
}

/* What could not be read, or not to its end, is named on stderr and in the report. */
static GPtrArray *list_unread(const Cli *cli, const GPtrArray *captures)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)sipwhy_unread_free);

    for (unsigned i = 0; i < captures->len; i++) {
        const CliCapture *capture = captures->pdata[i];
        if (!capture->result.trouble)
            continue;
        g_ptr_array_add(list, sipwhy_unread_new(capture->name, capture->result.trouble));
        cli_captures_complain(cli, capture);
    }
    return list;
}

static CliExit diagnose(Cli *cli, const GPtrArray *captures)
{
    GPtrArray *recordings = cli_captures_recordings(captures);
    GPtrArray *unread = list_unread(cli, captures);
    CliExit result = unread->len > 0 ? CLI_FAILED : CLI_OK;

    if (recordings->len > 0) {
        SipwhyDiagnosis *diagnosis = sipwhy_diagnosis_new(recordings, unread);
        result = cli_worse(result, cli_outputs_write(cli, write_report, diagnosis));
        sipwhy_diagnosis_free(diagnosis);
    } else {
        g_ptr_array_free(unread, TRUE);
    }
    g_ptr_array_free(recordings, TRUE);
    return result;
}

CliExit cli_diagnose(Cli *cli)
{
    GPtrArray *captures = NULL;
    CliExit result = cli_outputs_settle(cli, FALSE);

    if (result == CLI_OK)
        result = cli_captures_read(cli, &captures);
    if (result == CLI_OK)
        result = diagnose(cli, captures);
    cli_captures_free(captures);
    return result;
}
