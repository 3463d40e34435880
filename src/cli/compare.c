/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sipwhy compare: two or more codes beside each other.
 */
#include "compare.h"

#include "cli.h"
#include "query.h"
#include "report/json.h"

/* Reads the codes; a code that stands twice counts once. */
static CliExit read_codes(Cli *cli, GArray *codes)
{
    CliExit result = CLI_OK;

    for (unsigned i = 0; i < cli->argument_count; i++) {
        const char *word = cli->arguments[i];
        SipwhyText complaint;
        SipwhyQueryResult found = sipwhy_query_add_code(word, codes, &complaint);
        if (found == SIPWHY_QUERY_FOUND)
            continue;
        cli_complain(cli, complaint, "word", word, "code", word, NULL);
        if (found == SIPWHY_QUERY_MALFORMED)
            return CLI_USAGE;
        result = CLI_NO_SUCH_CODE;
    }
    return result;
}

CliExit cli_compare(Cli *cli)
{
    GArray *codes = g_array_new(FALSE, FALSE, sizeof(unsigned));
    CliExit result = read_codes(cli, codes);

    if (result == CLI_OK && codes->len < 2) {
        cli_complain(cli, SIPWHY_TEXT_ERROR_COMPARE_FEW, NULL);
        result = CLI_USAGE;
    }
    if (result == CLI_OK) {
        SipwhyComparison *comparison =
            sipwhy_compare((const unsigned *)(void *)codes->data, codes->len, cli->language);
        if (cli->format == CLI_FORMAT_JSON) {
            cli->json = json_builder_new();
            sipwhy_json_add_comparison(cli->json, comparison);
            cli_take_json(cli);
        } else {
            SipwhyPage *page = sipwhy_comparison_page(comparison);
            cli_show_page(cli, page);
            sipwhy_page_free(page);
        }
        sipwhy_comparison_free(comparison);
    }
    g_array_free(codes, TRUE);
    return result;
}
