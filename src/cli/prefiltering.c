/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A capture without its media, made in a thread.
 *
 * Whatever goes wrong here (no room for temporary files, a file in an odd form) is no trouble of
 * the user's: tshark then reads the original, as it would have without all this.
 */
#include "prefiltering.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "leftovers.h"
#include "prefilter/filter.h"
#include "prefilter/prefilter.h"

/* What is smaller is read in no time. */
enum { SIZE_LEAST = 1 << 20, THOUSAND = 1000 };

typedef struct {
    char *path; /* NULL: it could not be made */
    FILE *file;
} Temporary;

struct CliPrefiltering {
    char *path;
    int capture;
    Temporary kept;
    Temporary numbers;
    gboolean always;
    GThread *thread;
    gboolean done; /* valid once it has ended */
    gint ended;    /* atomic, as the others */
    gint stop;
    gint thousandths;
};

/* ---- whether to do it at all ---- */

/* For tests: also where little is gained. */
static gboolean is_forced(void)
{
    return g_strcmp0(g_getenv("SIPWHY_PREFILTER"), "always") == 0;
}

/* What is passed on to tshark (-o and -d) may make anything of any packet, but for our own
 * preferences. */
static gboolean passes_anything_on(const Cli *cli)
{
    for (unsigned i = 0; i + 1 < cli->passed->len; i += 2)
        if (strcmp(cli->passed->pdata[i], "-o") != 0 ||
            !g_str_has_prefix(cli->passed->pdata[i + 1], "sipwhy."))
            return TRUE;
    return FALSE;
}

/* Likewise what was once said to Wireshark, and kept: "Decode As". */
static gboolean is_decoded_as(const char *folder, const char *subfolder)
{
    char *file = folder ? g_build_filename(folder, subfolder, "decode_as_entries", NULL) : NULL;
    char *text = NULL;
    gboolean found = FALSE;

    if (file && g_file_get_contents(file, &text, NULL, NULL))
        found = strstr(text, "decode_as_entry:") != NULL;
    g_free(text);
    g_free(file);
    return found;
}

static gboolean has_decode_as(void)
{
    return is_decoded_as(g_getenv("WIRESHARK_CONFIG_DIR"), "") ||
           is_decoded_as(g_get_user_config_dir(), "wireshark") ||
           is_decoded_as(g_get_home_dir(), ".wireshark");
}

static gboolean is_wanted(const Cli *cli, const char *path)
{
    struct stat status;

    return !cli->no_prefilter && !passes_anything_on(cli) &&
           (!cli->filter || sipwhy_filter_stands_alone(cli->filter)) && stat(path, &status) == 0 &&
           S_ISREG(status.st_mode) && (status.st_size >= SIZE_LEAST || is_forced()) &&
           !has_decode_as();
}

/* ---- temporary files ---- */

static gboolean open_temporary(Temporary *temporary)
{
    const int file = g_file_open_tmp("sipwhy-XXXXXX", &temporary->path, NULL);

    if (file < 0)
        return FALSE;
    cli_leftovers_add_file(temporary->path);
    temporary->file = fdopen(file, "wb");
    if (!temporary->file)
        close(file);
    return temporary->file != NULL;
}

static gboolean close_temporary(Temporary *temporary)
{
    const gboolean closed = !temporary->file || fclose(temporary->file) == 0;

    temporary->file = NULL;
    return closed;
}

static void remove_temporary(Temporary *temporary)
{
    close_temporary(temporary);
    if (temporary->path) {
        g_unlink(temporary->path);
        cli_leftovers_drop_file(temporary->path);
    }
    g_clear_pointer(&temporary->path, g_free);
}

/* ---- the thread ---- */

static gpointer run(gpointer data)
{
    CliPrefiltering *prefiltering = data;
    const SipwhyPrefilter prefilter = {.capture = prefiltering->capture,
                                       .kept = prefiltering->kept.file,
                                       .numbers = prefiltering->numbers.file,
                                       .always = prefiltering->always,
                                       .stop = &prefiltering->stop,
                                       .done = &prefiltering->thousandths};
    SipwhyPrefilterResult result;

    prefiltering->done = sipwhy_prefilter_run(&prefilter, &result);
    g_atomic_int_set(&prefiltering->ended, 1);
    g_main_context_wakeup(NULL);
    return NULL;
}

/* What an interrupted command leaves behind is put in order by the thread that keeps the list. */
static GThread *start_thread(CliPrefiltering *prefiltering)
{
    sigset_t all;
    sigset_t before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    GThread *thread = g_thread_try_new("prefilter", run, prefiltering, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return thread;
}

CliPrefiltering *cli_prefiltering_start(const Cli *cli, const char *path)
{
    if (!is_wanted(cli, path))
        return NULL;
    CliPrefiltering *prefiltering = g_new0(CliPrefiltering, 1);
    prefiltering->path = g_strdup(path);
    prefiltering->always = is_forced();
    prefiltering->capture = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (prefiltering->capture >= 0 && open_temporary(&prefiltering->kept) &&
        open_temporary(&prefiltering->numbers))
        prefiltering->thread = start_thread(prefiltering);
    if (prefiltering->thread)
        return prefiltering;
    cli_prefiltering_free(prefiltering);
    return NULL;
}

static void settle(CliPrefiltering *prefiltering)
{
    if (!prefiltering->thread)
        return;
    g_thread_join(prefiltering->thread);
    prefiltering->thread = NULL;
    const gboolean kept = close_temporary(&prefiltering->kept);
    const gboolean numbered = close_temporary(&prefiltering->numbers);
    if (!prefiltering->done || !kept || !numbered) {
        remove_temporary(&prefiltering->kept);
        remove_temporary(&prefiltering->numbers);
    }
}

const char *cli_prefiltering_path(const CliPrefiltering *prefiltering)
{
    return prefiltering->path;
}

gboolean cli_prefiltering_end(CliPrefiltering *prefiltering)
{
    if (!g_atomic_int_get(&prefiltering->ended))
        return FALSE;
    settle(prefiltering);
    return TRUE;
}

const char *cli_prefiltering_capture(const CliPrefiltering *prefiltering)
{
    return prefiltering->kept.path;
}

const char *cli_prefiltering_numbers(const CliPrefiltering *prefiltering)
{
    return prefiltering->numbers.path;
}

double cli_prefiltering_progress(const CliPrefiltering *prefiltering)
{
    return (double)g_atomic_int_get(&prefiltering->thousandths) / THOUSAND;
}

void cli_prefiltering_free(CliPrefiltering *prefiltering)
{
    if (!prefiltering)
        return;
    g_atomic_int_set(&prefiltering->stop, 1);
    settle(prefiltering);
    remove_temporary(&prefiltering->kept);
    remove_temporary(&prefiltering->numbers);
    if (prefiltering->capture >= 0)
        close(prefiltering->capture);
    g_free(prefiltering->path);
    g_free(prefiltering);
}
