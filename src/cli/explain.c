/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sipwhy explain: codes, classes, Warning codes, Q.850 causes, Reason protocols, findings, and a
 * response that comes in on standard input.
 */
#include "explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "paste.h"
#include "report/json.h"

enum { PASTE_BYTES_MAX = 1024 * 1024, NUMBER_MOST = 999999 };

static void show(Cli *cli, SipwhyPage *page)
{
    cli_show_page(cli, page);
    sipwhy_page_free(page);
}

static CliExit explain_status(Cli *cli, unsigned status)
{
    SipwhyExplanation explanation;
    gboolean known = sipwhy_explain(status, cli->language, &explanation);

    if (known && cli->format == CLI_FORMAT_JSON)
        sipwhy_json_add_code(cli->json, &explanation, cli->language);
    else if (known)
        show(cli, sipwhy_explain_code(&explanation, cli->language));
    if (sipwhy_status_is_valid(status))
        return CLI_OK;
    char *number = g_strdup_printf("%u", status);
    cli_complain(cli, SIPWHY_TEXT_NOT_A_STATUS_CODE, "code", number, NULL);
    g_free(number);
    return CLI_NO_SUCH_CODE;
}

static CliExit explain_class(Cli *cli, unsigned digit)
{
    const SipwhyClass *class = sipwhy_class_find(digit * 100);
    const SipwhyCode *code;

    if (cli->format == CLI_FORMAT_JSON)
        sipwhy_json_add_class(cli->json, class, cli->language);
    else
        show(cli, sipwhy_explain_class(class, cli->language));
    for (size_t i = 0; (code = sipwhy_code_at(i)); i++)
        if (code->code / 100 == digit)
            explain_status(cli, code->code);
    return CLI_OK;
}

static CliExit explain_warning(Cli *cli, const char *word)
{
    unsigned number;
    const SipwhyWarning *warning =
        cli_parse_number(word, NUMBER_MOST, &number) ? sipwhy_warning_find(number) : NULL;

    if (!warning) {
        cli_complain(cli, SIPWHY_TEXT_ERROR_WARNING, "word", word, NULL);
        return CLI_NO_SUCH_CODE;
    }
    if (cli->format == CLI_FORMAT_JSON)
        sipwhy_json_add_warning(cli->json, warning, cli->language);
    else
        show(cli, sipwhy_explain_warning(warning, cli->language));
    return CLI_OK;
}

static CliExit explain_cause(Cli *cli, const char *word)
{
    unsigned number;

    if (!cli_parse_number(word, NUMBER_MOST, &number) ||
        (!sipwhy_cause_find(number) && !sipwhy_cause_class_find(number))) {
        cli_complain(cli, SIPWHY_TEXT_ERROR_CAUSE, "word", word, NULL);
        return CLI_NO_SUCH_CODE;
    }
    if (cli->format == CLI_FORMAT_JSON)
        sipwhy_json_add_cause(cli->json, number, cli->language);
    else
        show(cli, sipwhy_explain_cause(number, cli->language));
    return CLI_OK;
}

static CliExit explain_reason(Cli *cli, const char *word)
{
    const SipwhyReason *reason = sipwhy_reason_find(word);

    if (!reason) {
        cli_complain(cli, SIPWHY_TEXT_ERROR_REASON, "word", word, NULL);
        return CLI_NO_SUCH_CODE;
    }
    if (cli->format == CLI_FORMAT_JSON)
        sipwhy_json_add_reason(cli->json, reason, cli->language);
    else
        show(cli, sipwhy_explain_reason(reason, cli->language));
    return CLI_OK;
}

static CliExit explain_finding(Cli *cli, const char *word)
{
    SipwhyFindingId id;

    if (!sipwhy_finding_find(word, &id)) {
        cli_complain(cli, SIPWHY_TEXT_ERROR_FINDING, "word", word, NULL);
        return CLI_NO_SUCH_CODE;
    }
    if (cli->format == CLI_FORMAT_JSON)
        sipwhy_json_add_finding(cli->json, id, cli->language);
    else
        show(cli, sipwhy_explain_finding(id, cli->language));
    return CLI_OK;
}

/* All of standard input, up to a bound; NULL after a complaint. */
static GString *read_input(const Cli *cli)
{
    GString *input = g_string_new(NULL);
    char buffer[4096];
    size_t count;

    while (input->len < PASTE_BYTES_MAX && (count = fread(buffer, 1, sizeof buffer, stdin)) > 0)
        g_string_append_len(input, buffer, (gssize)count);
    if (!ferror(stdin))
        return input;
    cli_complain(cli, SIPWHY_TEXT_ERROR_INPUT, "reason", g_strerror(errno), NULL);
    g_string_free(input, TRUE);
    return NULL;
}

/* Of several responses, the one that people ask about: the last failure, or else the last one.
 * `codes` gets all of them, "100, 180, 488". */
static void choose_response(const GPtrArray *responses, SipwhyMessage *chosen, GString *codes)
{
    enum { FIRST_FAILURE = 300 };

    for (unsigned i = 0; i < responses->len; i++) {
        SipwhyMessage message;
        const char *text = responses->pdata[i];
        sipwhy_message_scan(text, strlen(text), SIPWHY_FRAMING_DATAGRAM, &message);
        g_string_append_printf(codes, "%s%03u", i ? ", " : "", message.status);
        if (i == 0 || message.status >= FIRST_FAILURE || chosen->status < FIRST_FAILURE)
            *chosen = message;
    }
}

static CliExit explain_response(Cli *cli, const GPtrArray *responses)
{
    GString *codes = g_string_new(NULL);
    SipwhyMessage message;
    SipwhyExplanation explanation;
    CliExit result = CLI_OK;

    choose_response(responses, &message, codes);
    if (!sipwhy_status_is_valid(message.status) ||
        !sipwhy_explain(message.status, cli->language, &explanation)) {
        result = explain_status(cli, message.status);
    } else if (cli->format == CLI_FORMAT_JSON) {
        sipwhy_json_add_response(cli->json, &message, &explanation, cli->language);
    } else {
        SipwhyPage *page = sipwhy_explain_code(&explanation, cli->language);
        SipwhyBlock *block = sipwhy_explain_message(page, &message, &explanation, cli->language);
        if (responses->len > 1)
            sipwhy_block_add(block, codes->str,
                             sipwhy_text(cli->language, SIPWHY_TEXT_SEVERAL_RESPONSES));
        show(cli, page);
    }
    g_string_free(codes, TRUE);
    return result;
}

static CliExit explain_input(Cli *cli)
{
    GString *input = read_input(cli);
    CliExit result = CLI_FAILED;

    if (!input)
        return CLI_FAILED;
    if (paste_is_capture(input)) {
        cli_complain(cli, SIPWHY_TEXT_ERROR_CAPTURE, NULL);
    } else {
        GPtrArray *responses = paste_find_responses(input);
        if (responses->len > 0)
            result = explain_response(cli, responses);
        else
            cli_complain(cli, SIPWHY_TEXT_ERROR_NO_RESPONSE, NULL);
        g_ptr_array_free(responses, TRUE);
    }
    g_string_free(input, TRUE);
    return result;
}

static CliExit explain_word(Cli *cli, const char *word)
{
    static const struct {
        const char *prefix;
        CliExit (*explain)(Cli *cli, const char *word);
    } kinds[] = {{"warning:", explain_warning},
                 {"q850:", explain_cause},
                 {"q.850:", explain_cause},
                 {"reason:", explain_reason},
                 {"finding:", explain_finding}};
    SipwhyFindingId finding;
    unsigned number;

    if (strcmp(word, "-") == 0)
        return explain_input(cli);
    if (cli_parse_class(word))
        return explain_class(cli, cli_parse_class(word));
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_ascii_strncasecmp(word, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
            return kinds[i].explain(cli, word + strlen(kinds[i].prefix));
    if (cli_parse_number(word, NUMBER_MOST, &number))
        return explain_status(cli, number);
    if (cli_is_number(word) || cli_is_no_class(word)) {
        cli_complain(cli, SIPWHY_TEXT_NOT_A_STATUS_CODE, "code", word, NULL);
        return CLI_NO_SUCH_CODE;
    }
    if (sipwhy_finding_find(word, &finding))
        return explain_finding(cli, word);
    cli_complain(cli, SIPWHY_TEXT_ERROR_CODE, "word", word, NULL);
    return CLI_USAGE;
}

CliExit cli_explain(Cli *cli)
{
    CliExit result = CLI_OK;

    if (cli->argument_count == 0) {
        cli_complain(cli, SIPWHY_TEXT_ERROR_EXPLAIN_NOTHING, NULL);
        return CLI_USAGE;
    }
    if (cli->format == CLI_FORMAT_JSON) {
        cli->json = json_builder_new();
        json_builder_begin_array(cli->json);
    }
    for (unsigned i = 0; i < cli->argument_count; i++)
        result = cli_worse(result, explain_word(cli, cli->arguments[i]));
    if (cli->json) {
        json_builder_end_array(cli->json);
        if (result != CLI_USAGE)
            cli_take_json(cli);
    }
    return result;
}
