/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the sub-commands print: pages on standard output, complaints on stderr.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "charset.h"
#include "cli.h"
#include "report/json.h"
#include "report/render.h"

enum { WIDTH_LEAST = 40, WIDTH_MOST = 100 };

/* Colour and wrapping are for terminals; NO_COLOR turns the first off (no-color.org). */
static SipwhyTextStyle style_of_output(void)
{
    SipwhyTextStyle style = {FALSE, 0};
    const char *no_colour = g_getenv("NO_COLOR");
    const char *terminal = g_getenv("TERM");
    struct winsize size;

    if (!isatty(STDOUT_FILENO))
        return style;
    style.colour =
        !(no_colour && *no_colour) && terminal && *terminal && strcmp(terminal, "dumb") != 0;
    style.width = WIDTH_MOST;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        style.width = CLAMP(size.ws_col, WIDTH_LEAST, WIDTH_MOST);
    return style;
}

void cli_complain(const Cli *cli, SipwhyText text, ...)
{
    /* At most three placeholders stand in an error. */
    enum { PAIRS = 6 };
    char *pairs[PAIRS] = {0};
    va_list arguments;

    va_start(arguments, text);
    for (unsigned i = 0; i < PAIRS; i++) {
        const char *word = va_arg(arguments, const char *);
        if (!word)
            break;
        pairs[i] = sipwhy_printable_text(word, strlen(word));
    }
    va_end(arguments);
    char *message = sipwhy_text_format(cli->language, text, pairs[0], pairs[1], pairs[2], pairs[3],
                                       pairs[4], pairs[5], NULL);
    char *line = g_strdup_printf("sipwhy: %s\n", message);
    cli_charset_write(stderr, line, cli->language);
    g_free(line);
    g_free(message);
    for (unsigned i = 0; i < PAIRS; i++)
        g_free(pairs[i]);
}

static void simplify(char **text, SipwhyLanguage language)
{
    char *simple = *text ? cli_charset_simplify(stdout, *text, language) : NULL;

    g_free(*text);
    *text = simple;
}

/* Before it is known where lines break and how wide columns are. */
static void simplify_page(SipwhyPage *page)
{
    simplify(&page->title, page->language);
    for (unsigned i = 0; i < page->blocks->len; i++) {
        SipwhyBlock *block = page->blocks->pdata[i];
        simplify(&block->heading, page->language);
        for (unsigned j = 0; j < block->items->len; j++) {
            SipwhyItem *item = block->items->pdata[j];
            simplify(&item->label, page->language);
            simplify(&item->text, page->language);
        }
    }
}

void cli_render_page(GString *out, SipwhyPage *page, CliFormat format, gboolean is_shown)
{
    if (is_shown)
        simplify_page(page);
    if (format == CLI_FORMAT_MARKDOWN) {
        sipwhy_render_markdown(out, page);
    } else {
        SipwhyTextStyle style = {FALSE, 0};
        if (is_shown)
            style = style_of_output();
        sipwhy_render_text(out, page, &style);
    }
}

void cli_show_page(Cli *cli, SipwhyPage *page)
{
    if (cli->out->len > 0)
        g_string_append_c(cli->out, '\n');
    cli_render_page(cli->out, page, cli->format, TRUE);
}

void cli_take_json(Cli *cli)
{
    char *text = sipwhy_json_text(cli->json);

    g_string_append(cli->out, text);
    g_free(text);
    g_clear_object(&cli->json);
}

CliExit cli_flush(Cli *cli)
{
    gboolean is_for_people = cli->format == CLI_FORMAT_NONE || cli->format == CLI_FORMAT_TEXT ||
                             cli->format == CLI_FORMAT_MARKDOWN;

    if (is_for_people ? cli_charset_write(stdout, cli->out->str, cli->language)
                      : fwrite(cli->out->str, 1, cli->out->len, stdout) == cli->out->len &&
                            fflush(stdout) == 0)
        return CLI_OK;
    cli_complain(cli, SIPWHY_TEXT_ERROR_OUTPUT, "reason", g_strerror(errno), NULL);
    return CLI_FAILED;
}

CliExit cli_worse(CliExit one, CliExit other)
{
    return MAX(one, other);
}
