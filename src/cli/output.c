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
    fprintf(stderr, "sipwhy: %s\n", message);
    g_free(message);
    for (unsigned i = 0; i < PAIRS; i++)
        g_free(pairs[i]);
}

void cli_render_page(GString *out, const SipwhyPage *page, CliFormat format, gboolean is_shown)
{
    if (format == CLI_FORMAT_MARKDOWN) {
        sipwhy_render_markdown(out, page);
    } else {
        SipwhyTextStyle style = {FALSE, 0};
        if (is_shown)
            style = style_of_output();
        sipwhy_render_text(out, page, &style);
    }
}

void cli_show_page(Cli *cli, const SipwhyPage *page)
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
    if (fwrite(cli->out->str, 1, cli->out->len, stdout) == cli->out->len && fflush(stdout) == 0)
        return CLI_OK;
    cli_complain(cli, SIPWHY_TEXT_ERROR_OUTPUT, "reason", g_strerror(errno), NULL);
    return CLI_FAILED;
}

CliExit cli_worse(CliExit one, CliExit other)
{
    return MAX(one, other);
}
