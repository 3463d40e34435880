/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The captures that a command line names.
 */
#include "inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "leftovers.h"

static void free_input(gpointer data)
{
    CliInput *input = data;

    if (input->is_temporary) {
        g_unlink(input->path);
        cli_leftovers_drop_file(input->path);
    }
    g_free(input->name);
    g_free(input->path);
    g_free(input->trouble);
    g_free(input);
}

static CliInput *add_input(GPtrArray *inputs, const char *name)
{
    CliInput *input = g_new0(CliInput, 1);

    input->name = g_strdup(name);
    g_ptr_array_add(inputs, input);
    return input;
}

/* ---- files ---- */

static char *describe_unreadable(const Cli *cli, int error)
{
    return sipwhy_text_format(cli->language, SIPWHY_TEXT_RUN_UNREADABLE, "reason",
                              g_strerror(error), NULL);
}

/* Why the file cannot be given to tshark; NULL: it can. A pipe is not opened: that might wait for
 * ever. */
static char *describe_file(const Cli *cli, const char *path)
{
    struct stat status;
    int file = -1;

    if (stat(path, &status) != 0)
        return describe_unreadable(cli, errno);
    if (!S_ISREG(status.st_mode))
        return g_strdup(sipwhy_text(cli->language, SIPWHY_TEXT_RUN_NO_FILE));
    if ((file = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        return describe_unreadable(cli, errno);
    close(file);
    if (status.st_size == 0)
        return g_strdup(sipwhy_text(cli->language, SIPWHY_TEXT_RUN_EMPTY));
    return NULL;
}

static void add_file(const Cli *cli, GPtrArray *inputs, const char *path)
{
    CliInput *input = add_input(inputs, path);

    input->trouble = describe_file(cli, path);
    if (!input->trouble)
        input->path = g_strdup(path);
}

/* ---- folders ---- */

static gboolean has_ending(const char *name, const char *const *endings)
{
    for (; *endings; endings++)
        if (g_str_has_suffix(name, *endings))
            return TRUE;
    return FALSE;
}

static gboolean is_named_capture(const char *path)
{
    static const char *const endings[] = {".pcap",  ".pcapng", ".cap", ".ntar",
                                          ".snoop", ".erf",    NULL};
    static const char *const packed[] = {".gz", ".zst", ".lz4", NULL};
    char *name = g_ascii_strdown(path, -1);

    if (has_ending(name, packed))
        *strrchr(name, '.') = '\0';
    gboolean is_capture = has_ending(name, endings);
    g_free(name);
    return is_capture;
}

/* The first bytes of a file, of a packed one those that are in it; their number. */
static gsize read_beginning(const char *path, unsigned char *bytes, gsize most)
{
    static const unsigned char gzip[] = {0x1f, 0x8b};
    GFile *file = g_file_new_for_path(path);
    GInputStream *stream = G_INPUT_STREAM(g_file_read(file, NULL, NULL));
    gsize count = 0;

    if (stream)
        g_input_stream_read_all(stream, bytes, most, &count, NULL, NULL);
    if (count >= sizeof gzip && memcmp(bytes, gzip, sizeof gzip) == 0 &&
        g_seekable_seek(G_SEEKABLE(stream), 0, G_SEEK_SET, NULL, NULL)) {
        GConverter *unzip = G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP));
        GInputStream *unpacked = g_converter_input_stream_new(stream, unzip);
        g_input_stream_read_all(unpacked, bytes, most, &count, NULL, NULL);
        g_object_unref(unpacked);
        g_object_unref(unzip);
    }
    g_clear_object(&stream);
    g_object_unref(file);
    return count;
}

gboolean cli_begins_as_capture(const char *path)
{
    static const struct {
        const char *bytes;
        gsize length;
    } magics[] = {{"\xd4\xc3\xb2\xa1", 4},
                  {"\xa1\xb2\xc3\xd4", 4},
                  {"\x4d\x3c\xb2\xa1", 4},
                  {"\xa1\xb2\x3c\x4d", 4},
                  {"\x34\xcd\xb2\xa1", 4},
                  {"\xa1\xb2\xcd\x34", 4},
                  {"\x0a\x0d\x0d\x0a", 4},
                  {"snoop\0\0\0", 8},
                  {"TRSNIFF data", 12},
                  {"XCP\0", 4},
                  {"GMBU", 4},
                  {"RTSS", 4}};
    unsigned char bytes[16];
    gsize count = read_beginning(path, bytes, sizeof bytes);

    for (unsigned i = 0; i < G_N_ELEMENTS(magics); i++)
        if (count >= magics[i].length && memcmp(bytes, magics[i].bytes, magics[i].length) == 0)
            return TRUE;
    return FALSE;
}

static int compare_names(gconstpointer one, gconstpointer other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* The entries of a folder, sorted, without hidden ones; NULL: it cannot be read. */
static GPtrArray *read_folder(const char *path, GError **error)
{
    GDir *folder = g_dir_open(path, 0, error);
    const char *name;

    if (!folder)
        return NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    while ((name = g_dir_read_name(folder)))
        if (*name != '.')
            g_ptr_array_add(names, g_strdup(name));
    g_dir_close(folder);
    g_ptr_array_sort(names, compare_names);
    return names;
}

static void add_folder(const Cli *cli, GPtrArray *inputs, const char *path)
{
    GError *error = NULL;
    GPtrArray *names = read_folder(path, &error);

    if (!names) {
        add_input(inputs, path)->trouble = sipwhy_text_format(
            cli->language, SIPWHY_TEXT_RUN_UNREADABLE, "reason", error->message, NULL);
        g_error_free(error);
        return;
    }
    for (unsigned i = 0; i < names->len; i++) {
        char *entry = g_build_filename(path, names->pdata[i], NULL);
        if (g_file_test(entry, G_FILE_TEST_IS_DIR)) {
            /* A link to a folder may lead back to one that it is in. */
            if (!g_file_test(entry, G_FILE_TEST_IS_SYMLINK))
                add_folder(cli, inputs, entry);
        } else if (g_file_test(entry, G_FILE_TEST_IS_REGULAR) &&
                   (is_named_capture(entry) || cli_begins_as_capture(entry))) {
            add_file(cli, inputs, entry);
        }
        g_free(entry);
    }
    g_ptr_array_free(names, TRUE);
}

/* ---- standard input ---- */

/* Copies it to a file; an errno, or 0. */
static int copy_input(int file, gboolean *reading)
{
    enum { CHUNK = 65536 };
    char *chunk = g_malloc(CHUNK);
    ssize_t count;
    int error = 0;

    while (error == 0 && (count = read(STDIN_FILENO, chunk, CHUNK)) != 0) {
        if (count < 0 && errno != EINTR) {
            error = errno;
            *reading = TRUE;
        }
        for (ssize_t done = 0; done < count && error == 0;) {
            ssize_t written = write(file, chunk + done, (size_t)(count - done));
            if (written < 0 && errno != EINTR)
                error = errno;
            done += MAX(written, 0);
        }
    }
    g_free(chunk);
    return error;
}

static void add_standard_input(const Cli *cli, GPtrArray *inputs)
{
    CliInput *input = add_input(inputs, "-");
    GError *error = NULL;
    gboolean reading = FALSE;
    int file = g_file_open_tmp("sipwhy-XXXXXX", &input->path, &error);

    if (file < 0) {
        input->trouble = sipwhy_text_format(cli->language, SIPWHY_TEXT_RUN_NO_TEMPORARY, "reason",
                                            error->message, NULL);
        g_error_free(error);
        return;
    }
    input->is_temporary = TRUE;
    cli_leftovers_add_file(input->path);
    int number = copy_input(file, &reading);
    close(file);
    if (number == 0)
        input->trouble = describe_file(cli, input->path);
    else if (reading)
        input->trouble = describe_unreadable(cli, number);
    else
        input->trouble = sipwhy_text_format(cli->language, SIPWHY_TEXT_RUN_NO_TEMPORARY, "reason",
                                            g_strerror(number), NULL);
}

GPtrArray *cli_inputs_new(const Cli *cli)
{
    GPtrArray *inputs = g_ptr_array_new_with_free_func(free_input);

    for (unsigned i = 0; i < cli->argument_count; i++) {
        const char *word = cli->arguments[i];
        const unsigned before = inputs->len;
        if (strcmp(word, "-") == 0)
            add_standard_input(cli, inputs);
        else if (g_file_test(word, G_FILE_TEST_IS_DIR))
            add_folder(cli, inputs, word);
        else
            add_file(cli, inputs, word);
        if (inputs->len == before)
            add_input(inputs, word)->trouble =
                g_strdup(sipwhy_text(cli->language, SIPWHY_TEXT_RUN_EMPTY_FOLDER));
    }
    return inputs;
}

void cli_inputs_free(GPtrArray *inputs)
{
    g_ptr_array_free(inputs, TRUE);
}
