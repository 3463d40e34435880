/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where reports go, and the writing of files.
 */
#define _GNU_SOURCE /* O_PATH */
#include "outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inputs.h"
#include "leftovers.h"

/* Both names stand for one ordinary file, which need not be there yet. */
static gboolean is_same_file(const char *one, const char *other)
{
    struct stat first;
    struct stat second;

    if (stat(one, &first) == 0 && stat(other, &second) == 0)
        return S_ISREG(first.st_mode) && first.st_dev == second.st_dev &&
               first.st_ino == second.st_ino;
    char *path = g_canonicalize_filename(one, NULL);
    char *other_path = g_canonicalize_filename(other, NULL);
    gboolean is_same = strcmp(path, other_path) == 0;
    g_free(path);
    g_free(other_path);
    return is_same;
}

/* Whether the file is one that this run reads, or a capture at all: those in folders, too. */
static gboolean is_source(const Cli *cli, const char *file)
{
    const char *const sources[] = {cli->policy, cli->keys};

    for (unsigned i = 0; i < G_N_ELEMENTS(sources); i++)
        if (sources[i] && is_same_file(file, sources[i]))
            return TRUE;
    for (unsigned i = 0; i < cli->local_paths->len; i++)
        if (is_same_file(file, cli->local_paths->pdata[i]))
            return TRUE;
    for (unsigned i = 0; i < cli->argument_count; i++)
        if (is_same_file(file, cli->arguments[i]))
            return TRUE;
    return g_file_test(file, G_FILE_TEST_IS_REGULAR) && cli_begins_as_capture(file);
}

/* A report takes the place of no source, and of no other report; `taken` are the names before. */
static CliExit check_distinct(const Cli *cli, const char *file, const GPtrArray *taken)
{
    SipwhyText complaint = SIPWHY_TEXT_RUN_FILE_SOURCE;
    gboolean is_free = !is_source(cli, file);

    for (unsigned i = 0; i < taken->len && is_free; i++) {
        complaint = SIPWHY_TEXT_RUN_FILE_TWICE;
        is_free = !is_same_file(file, taken->pdata[i]);
    }
    if (is_free)
        return CLI_OK;
    cli_complain(cli, complaint, "file", file, NULL);
    return CLI_USAGE;
}

/* Whether it may be written once the report is ready, which may be long after. */
static CliExit check_place(const Cli *cli, const char *file)
{
    char *folder = g_path_get_dirname(file);
    int error = 0;

    if (g_file_test(file, G_FILE_TEST_IS_DIR))
        error = EISDIR;
    else if (access(g_file_test(file, G_FILE_TEST_EXISTS) ? file : folder, W_OK) != 0)
        error = errno;
    g_free(folder);
    if (error == 0)
        return CLI_OK;
    cli_complain(cli, SIPWHY_TEXT_RUN_FILE_UNWRITABLE, "file", file, "reason", g_strerror(error),
                 NULL);
    return CLI_FAILED;
}

/* "sarfi" of "sarfi:FILE"; NULL: a word that looks like a format does not stand there. */
static char *find_wrong_format(const char *file)
{
    const size_t length = strspn(file, "abcdefghijklmnopqrstuvwxyz");

    return length > 0 && file[length] == ':' ? g_strndup(file, length) : NULL;
}

static CliExit settle_file(const Cli *cli, CliOutput *output)
{
    char *wrong = output->format == CLI_FORMAT_NONE ? find_wrong_format(output->file) : NULL;

    if (wrong) {
        cli_complain_of_format(cli, wrong);
        g_free(wrong);
        return CLI_USAGE;
    }
    if (output->format == CLI_FORMAT_NONE)
        output->format = cli_format_of_file(output->file, cli->command->formats);
    if (output->format == CLI_FORMAT_NONE)
        output->format = cli->format;
    /* An ending that only another command's format has is no ending for text. */
    if (output->format == CLI_FORMAT_NONE)
        output->format = cli_format_of_file(output->file, ~0U);
    if (output->format == CLI_FORMAT_NONE)
        output->format = CLI_FORMAT_TEXT;
    return cli_check_format(cli, output->format) != CLI_OK ? CLI_USAGE
                                                           : check_place(cli, output->file);
}

/* All files that are to be written. */
static CliExit check_files(const Cli *cli)
{
    GPtrArray *taken = g_ptr_array_new();
    CliExit result = CLI_OK;

    if (cli->baseline)
        g_ptr_array_add(taken, (gpointer)cli->baseline);
    for (unsigned i = 0; i < cli->outputs->len && result == CLI_OK; i++) {
        const CliOutput *output = cli->outputs->pdata[i];
        result = check_distinct(cli, output->file, taken);
        g_ptr_array_add(taken, (gpointer)output->file);
    }
    /* A baseline may be renewed in its place. */
    if (cli->baseline)
        g_ptr_array_remove_index(taken, 0);
    if (result == CLI_OK && cli->write_baseline)
        result = check_distinct(cli, cli->write_baseline, taken);
    if (result == CLI_OK && cli->write_baseline)
        result = check_place(cli, cli->write_baseline);
    g_ptr_array_free(taken, TRUE);
    return result;
}

CliExit cli_outputs_settle(Cli *cli, gboolean always_shows)
{
    gboolean has_taker = FALSE;
    CliExit distinct = check_files(cli);

    if (distinct != CLI_OK)
        return distinct;
    for (unsigned i = 0; i < cli->outputs->len; i++) {
        CliOutput *output = cli->outputs->pdata[i];
        CliExit result = settle_file(cli, output);
        if (result != CLI_OK)
            return result;
        has_taker = has_taker || output->format == cli->format;
    }
    if (cli->shown != CLI_FORMAT_NONE)
        cli->format = cli->shown;
    else if (has_taker && !cli->shows)
        cli->format = CLI_FORMAT_NONE;
    if (cli->format == CLI_FORMAT_NONE && (always_shows || cli->shows || cli->outputs->len == 0))
        cli->format = CLI_FORMAT_TEXT;
    return cli_check_format(cli, cli->format);
}

/* ---- files ---- */

static gboolean write_all(int file, const char *text, gsize length)
{
    while (length > 0) {
        ssize_t count = write(file, text, length);
        if (count < 0 && errno != EINTR)
            return FALSE;
        text += MAX(count, 0);
        length -= (gsize)MAX(count, 0);
    }
    return TRUE;
}

/* Into what is no ordinary file (a device, a pipe) it is written as it is. */
static gboolean write_into(const char *path, const char *text, gsize length)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);

    if (file < 0)
        return FALSE;
    gboolean written = write_all(file, text, length);
    return close(file) == 0 && written;
}

static gboolean write_temporary(const char *path, int file, const char *text, gsize length)
{
    struct stat before;
    gboolean written = write_all(file, text, length);

    /* What is replaced keeps its permissions. */
    if (written && stat(path, &before) == 0)
        written = fchmod(file, before.st_mode) == 0;
    return close(file) == 0 && written;
}

/* Writes beside the file and moves that into its place. */
static gboolean replace(const char *path, const char *text, gsize length)
{
    enum { ANYBODY = 0666 };
    char *temporary = g_strconcat(path, ".XXXXXX", NULL);
    int file = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, ANYBODY);
    gboolean replaced = FALSE;

    if (file >= 0) {
        cli_leftovers_add_file(temporary);
        replaced = write_temporary(path, file, text, length) && g_rename(temporary, path) == 0;
        const int error = errno;
        if (!replaced)
            g_unlink(temporary);
        cli_leftovers_drop_file(temporary);
        errno = error;
    }
    const int error = errno;
    g_free(temporary);
    errno = error;
    return replaced;
}

/* Where a name leads, for a link is to stay one; `file` itself if there is nothing; NULL and errno
 * if it must not be followed. Linux goes the way, as it does not follow what others have left in
 * /tmp, where realpath does. */
static char *follow(const char *file)
{
    const int place = open(file, O_PATH | O_CLOEXEC);
    struct stat status;
    char *target = NULL;

    if (place < 0)
        return errno == ENOENT ? g_strdup(file) : NULL;
    if (fstat(place, &status) == 0 && S_ISREG(status.st_mode)) {
        char *name = g_strdup_printf("/proc/self/fd/%d", place);
        target = g_file_read_link(name, NULL);
        g_free(name);
    }
    close(place);
    return target ? target : g_strdup(file);
}

CliExit cli_write_file(const Cli *cli, const char *file, const char *text, gsize length)
{
    char *path = follow(file);
    struct stat status;
    gboolean is_special = path && stat(path, &status) == 0 && !S_ISREG(status.st_mode);
    CliExit result = CLI_OK;

    if (!path || !(is_special ? write_into(path, text, length) : replace(path, text, length))) {
        cli_complain(cli, SIPWHY_TEXT_RUN_FILE_UNWRITABLE, "file", file, "reason",
                     g_strerror(errno), NULL);
        result = CLI_FAILED;
    }
    g_free(path);
    return result;
}

CliExit cli_outputs_write(Cli *cli, CliReport report, const void *data)
{
    CliExit result = CLI_OK;

    for (unsigned i = 0; i < cli->outputs->len; i++) {
        const CliOutput *output = cli->outputs->pdata[i];
        GString *text = g_string_new(NULL);
        report(text, output->format, FALSE, cli, data);
        result = cli_worse(result, cli_write_file(cli, output->file, text->str, text->len));
        g_string_free(text, TRUE);
    }
    if (cli->format != CLI_FORMAT_NONE)
        report(cli->out, cli->format, TRUE, cli, data);
    return result;
}
