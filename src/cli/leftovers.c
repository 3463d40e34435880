/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What an interrupted command must not leave behind. The handler runs at any moment, so it only
 * reads fixed tables, which change while signals are held off.
 */
#include "leftovers.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { FILES_MOST = 256, CHILDREN_MOST = 256 };

static char *files[FILES_MOST];
static pid_t children[CHILDREN_MOST];
static gboolean progress;

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

static void clean_up(int number)
{
    for (unsigned i = 0; i < CHILDREN_MOST; i++)
        if (children[i] > 0)
            kill(children[i], SIGKILL);
    for (unsigned i = 0; i < FILES_MOST; i++)
        if (files[i])
            unlink(files[i]);
    if (progress && write(STDERR_FILENO, CLI_ERASE_LINE, strlen(CLI_ERASE_LINE)) < 0)
        progress = FALSE;
    /* The handler is gone (SA_RESETHAND): the signal does its own work when this one returns. */
    raise(number);
}

void cli_leftovers_watch(void)
{
    struct sigaction action = {.sa_handler = clean_up, .sa_flags = (int)SA_RESETHAND};
    struct sigaction before;

    for (unsigned i = 0; i < G_N_ELEMENTS(signals); i++)
        sigaddset(&action.sa_mask, signals[i]);
    /* What nohup has switched off stays off. */
    for (unsigned i = 0; i < G_N_ELEMENTS(signals); i++)
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

static void hold_signals(sigset_t *before)
{
    sigset_t held;

    sigemptyset(&held);
    for (unsigned i = 0; i < G_N_ELEMENTS(signals); i++)
        sigaddset(&held, signals[i]);
    pthread_sigmask(SIG_BLOCK, &held, before);
}

static void release_signals(const sigset_t *before)
{
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

void cli_leftovers_add_file(const char *file)
{
    sigset_t before;

    hold_signals(&before);
    for (unsigned i = 0; i < FILES_MOST; i++) {
        if (!files[i]) {
            files[i] = g_strdup(file);
            break;
        }
    }
    release_signals(&before);
}

void cli_leftovers_drop_file(const char *file)
{
    sigset_t before;

    hold_signals(&before);
    for (unsigned i = 0; i < FILES_MOST; i++)
        if (files[i] && strcmp(files[i], file) == 0)
            g_clear_pointer(&files[i], g_free);
    release_signals(&before);
}

static void replace_child(pid_t from, pid_t to)
{
    sigset_t before;

    hold_signals(&before);
    for (unsigned i = 0; i < CHILDREN_MOST; i++) {
        if (children[i] == from) {
            children[i] = to;
            break;
        }
    }
    release_signals(&before);
}

void cli_leftovers_add_child(pid_t child)
{
    replace_child(0, child);
}

void cli_leftovers_drop_child(pid_t child)
{
    replace_child(child, 0);
}

void cli_leftovers_set_progress(gboolean shown)
{
    progress = shown;
}
