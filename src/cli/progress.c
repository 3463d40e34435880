/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A line on the terminal that says how far the reading is.
 */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "charset.h"
#include "leftovers.h"

struct CliProgress {
    const Cli *cli;
    gint64 begin;
    gboolean shown;
};

CliProgress *cli_progress_new(const Cli *cli)
{
    const char *terminal = g_getenv("TERM");

    if (!isatty(STDERR_FILENO) || !terminal || !*terminal || strcmp(terminal, "dumb") == 0)
        return NULL;
    CliProgress *progress = g_new0(CliProgress, 1);
    *progress = (CliProgress){.cli = cli, .begin = g_get_monotonic_time()};
    return progress;
}

/* What does not fit would leave half of it behind, so the end of the text is left out. */
static void cut_to_terminal(char *text)
{
    enum { USUAL = 80 };
    struct winsize size;
    glong width = USUAL;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        width = size.ws_col;
    if (g_utf8_strlen(text, -1) >= width)
        *g_utf8_offset_to_pointer(text, width - 1) = '\0';
}

void cli_progress_show(CliProgress *progress, const char *name, unsigned n, unsigned count,
                       double part)
{
    enum { HUNDRED = 100 };
    char *file = sipwhy_printable_text(name, strlen(name));
    char *number = g_strdup_printf("%u", n);
    char *total = g_strdup_printf("%u", count);
    char *percent = part < 0 ? g_strdup("") : g_strdup_printf("%3.0f %%", part * HUNDRED);
    char *text = sipwhy_text_format(progress->cli->language, SIPWHY_TEXT_RUN_PROGRESS, "n", number,
                                    "count", total, "percent", percent, "file", file, NULL);

    if (g_get_monotonic_time() - progress->begin > G_USEC_PER_SEC) {
        char *simple = cli_charset_simplify(stderr, text, progress->cli->language);
        cut_to_terminal(simple);
        progress->shown = TRUE;
        cli_leftovers_set_progress(TRUE);
        fputs(CLI_ERASE_LINE, stderr);
        cli_charset_write(stderr, simple, progress->cli->language);
        g_free(simple);
    }
    g_free(text);
    g_free(percent);
    g_free(total);
    g_free(number);
    g_free(file);
}

void cli_progress_free(CliProgress *progress)
{
    if (progress && progress->shown) {
        fputs(CLI_ERASE_LINE, stderr);
        fflush(stderr);
        cli_leftovers_set_progress(FALSE);
    }
    g_free(progress);
}
