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
#include "query.h"
#include "report/json.h"

enum { PASTE_BYTES_MAX = 1024 * 1024 };

static void show(Cli *cli, SipwhyPage *page)
{
    cli_show_page(cli, page);
    sipwhy_page_free(page);
}

/* What local knowledge says of a code, whatever else a response says; the explanation is left with
 * what stands beside it. NULL: there is no local knowledge. */
static const SipwhyLocalEntry **apply_local(const Cli *cli, SipwhyExplanation *explanation)
{
    if (!cli->local)
        return NULL;
    const SipwhyLocalEntry **possible = sipwhy_local_of_code(cli->local, explanation->status);
    GPtrArray *certain = g_ptr_array_new();

    for (unsigned i = 0; possible[i]; i++)
        if (!possible[i]->asks_more)
            g_ptr_array_add(certain, (gpointer)possible[i]);
    g_ptr_array_add(certain, NULL);
    sipwhy_local_apply((const SipwhyLocalEntry *const *)certain->pdata, explanation);
    g_ptr_array_free(certain, TRUE);
    return possible;
}

static void show_code(Cli *cli, SipwhyExplanation *explanation)
{
    const SipwhyLocalEntry **local = apply_local(cli, explanation);

    if (cli->format == CLI_FORMAT_JSON) {
        sipwhy_json_add_code(cli->json, explanation, local, cli->language);
    } else {
        SipwhyPage *page = sipwhy_explain_code(explanation, cli->language);
        if (local)
            sipwhy_explain_local(page, 1, local, false, cli->language);
        show(cli, page);
    }
    g_free(local);
}

static CliExit explain_status(Cli *cli, unsigned status)
{
    SipwhyExplanation explanation;

    if (sipwhy_explain(status, cli->language, &explanation))
        show_code(cli, &explanation);
    if (sipwhy_status_is_valid(status))
        return CLI_OK;
    char *number = g_strdup_printf("%u", status);
    cli_complain(cli, SIPWHY_TEXT_NOT_A_STATUS_CODE, "code", number, NULL);
    g_free(number);
    return CLI_NO_SUCH_CODE;
}

static void explain_class(Cli *cli, unsigned digit)
{
    const SipwhyClass *class = sipwhy_class_find(digit * 100);
    const SipwhyCode *code;

    sipwhy_json_add_class(cli->json, class, cli->language);
    for (size_t i = 0; (code = sipwhy_code_at(i)); i++)
        if (code->code / 100 == digit)
            explain_status(cli, code->code);
}

static void add_json(Cli *cli, const SipwhyQuery *query)
{
    switch (query->kind) {
    case SIPWHY_QUERY_STATUS:
        break; /* explain_status */
    case SIPWHY_QUERY_CLASS:
        explain_class(cli, query->number);
        break;
    case SIPWHY_QUERY_WARNING:
        sipwhy_json_add_warning(cli->json, query->warning, cli->language);
        break;
    case SIPWHY_QUERY_CAUSE:
        sipwhy_json_add_cause(cli->json, query->number, cli->language);
        break;
    case SIPWHY_QUERY_REASON:
        sipwhy_json_add_reason(cli->json, query->reason, cli->language);
        break;
    case SIPWHY_QUERY_FINDING:
        sipwhy_json_add_finding(cli->json, query->finding, cli->language);
        break;
    }
}

static void show_pages(Cli *cli, const SipwhyQuery *query)
{
    GPtrArray *pages = sipwhy_query_pages(query, cli->language);

    for (unsigned i = 0; i < pages->len; i++)
        cli_show_page(cli, pages->pdata[i]);
    g_ptr_array_free(pages, TRUE);
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

/* What local knowledge says of a response, likewise. */
static const SipwhyLocalEntry **match_local(Cli *cli, const SipwhyMessage *message,
                                            SipwhyExplanation *explanation)
{
    if (!cli->local)
        return NULL;
    char *phrase = g_strndup(message->phrase.data, message->phrase.length);
    const SipwhyLocalEntry **matched =
        sipwhy_local_match(cli->local, message->status, phrase, message);

    sipwhy_local_apply(matched, explanation);
    cli_complain_of_slow_patterns(cli);
    g_free(phrase);
    return matched;
}

static void show_response(Cli *cli, const SipwhyMessage *message, SipwhyExplanation *explanation,
                          const char *other_codes)
{
    const SipwhyLocalEntry **local = match_local(cli, message, explanation);

    if (cli->format == CLI_FORMAT_JSON) {
        sipwhy_json_add_response(cli->json, message, explanation, local, cli->language);
    } else {
        SipwhyPage *page = sipwhy_explain_code(explanation, cli->language);
        SipwhyBlock *block = sipwhy_explain_message(page, message, explanation, cli->language);
        if (other_codes)
            sipwhy_block_add(block, other_codes,
                             sipwhy_text(cli->language, SIPWHY_TEXT_SEVERAL_RESPONSES));
        if (local)
            sipwhy_explain_local(page, 2, local, true, cli->language);
        show(cli, page);
    }
    g_free(local);
}

static CliExit explain_response(Cli *cli, const GPtrArray *responses)
{
    GString *codes = g_string_new(NULL);
    SipwhyMessage message;
    SipwhyExplanation explanation;
    CliExit result = CLI_OK;

    choose_response(responses, &message, codes);
    if (!sipwhy_status_is_valid(message.status) ||
        !sipwhy_explain(message.status, cli->language, &explanation))
        result = explain_status(cli, message.status);
    else
        show_response(cli, &message, &explanation, responses->len > 1 ? codes->str : NULL);
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
    SipwhyQuery query;

    if (strcmp(word, "-") == 0)
        return explain_input(cli);
    SipwhyQueryResult result = sipwhy_query_read(word, &query);
    if (result != SIPWHY_QUERY_FOUND) {
        cli_complain(cli, query.complaint, "word", query.word, "code", query.word, NULL);
        return result == SIPWHY_QUERY_UNKNOWN ? CLI_NO_SUCH_CODE : CLI_USAGE;
    }
    if (query.kind == SIPWHY_QUERY_STATUS)
        return explain_status(cli, query.number);
    if (cli->format == CLI_FORMAT_JSON)
        add_json(cli, &query);
    else
        show_pages(cli, &query);
    return CLI_OK;
}

CliExit cli_explain(Cli *cli)
{
    if (cli->argument_count == 0) {
        cli_complain(cli, SIPWHY_TEXT_ERROR_EXPLAIN_NOTHING, NULL);
        return CLI_USAGE;
    }
    CliExit result = cli_read_local(cli);
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
        g_clear_object(&cli->json);
    }
    return result;
}
