/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A child process whose output comes line by line.
 */
#include "process.h"

#include <gio/gio.h>
#include <string.h>

#include "confine.h"
#include "leftovers.h"

enum { CHUNK = 65536, ERRORS_MOST = 65536 };

struct CliProcess {
    const CliProcessEvents *events;
    void *data;
    GSubprocess *child;
    GCancellable *cancellable; /* of reading: a killed child's own children may hold the pipes */
    pid_t id;
    GString *rest; /* of a line whose end has not come */
    GString *errors;
    gboolean refused; /* no more lines are wanted */
    unsigned pending; /* the two streams, and the end of the process */
};

static void end_part(CliProcess *process)
{
    if (--process->pending > 0)
        return;
    gboolean exited = g_subprocess_get_if_exited(process->child);
    CliProcessEnd end = {
        .exit_code = exited ? g_subprocess_get_exit_status(process->child) : -1,
        .signal = exited ? 0 : g_subprocess_get_term_sig(process->child),
        .whole = process->rest->len == 0,
        .errors = process->errors->str,
    };
    process->events->end(process->data, &end);
    g_object_unref(process->child);
    g_object_unref(process->cancellable);
    g_string_free(process->rest, TRUE);
    g_string_free(process->errors, TRUE);
    g_free(process);
}

static void take_lines(CliProcess *process)
{
    const char *at = process->rest->str;
    const char *end = at + process->rest->len;
    const char *feed;

    while (!process->refused && (feed = memchr(at, '\n', (size_t)(end - at)))) {
        if (!process->events->line(process->data, at, (size_t)(feed - at))) {
            process->refused = TRUE;
            g_subprocess_force_exit(process->child);
            g_cancellable_cancel(process->cancellable);
        }
        at = feed + 1;
    }
    g_string_erase(process->rest, 0, process->refused ? -1 : (gssize)(at - process->rest->str));
}

static void read_output(CliProcess *process);
static void read_errors(CliProcess *process);

static void take_output(GObject *source, GAsyncResult *result, gpointer data)
{
    CliProcess *process = data;
    GBytes *bytes = g_input_stream_read_bytes_finish(G_INPUT_STREAM(source), result, NULL);
    gsize size = 0;

    if (!bytes || g_bytes_get_size(bytes) == 0) {
        g_bytes_unref(bytes);
        end_part(process);
        return;
    }
    const char *chunk = g_bytes_get_data(bytes, &size);
    g_string_append_len(process->rest, chunk, (gssize)size);
    /* A long line comes in many chunks: it is looked at once it has its end. */
    if (memchr(chunk, '\n', size))
        take_lines(process);
    g_bytes_unref(bytes);
    read_output(process);
}

static void take_errors(GObject *source, GAsyncResult *result, gpointer data)
{
    CliProcess *process = data;
    GBytes *bytes = g_input_stream_read_bytes_finish(G_INPUT_STREAM(source), result, NULL);
    gsize size = 0;

    if (!bytes || g_bytes_get_size(bytes) == 0) {
        g_bytes_unref(bytes);
        end_part(process);
        return;
    }
    const char *chunk = g_bytes_get_data(bytes, &size);
    if (process->errors->len < ERRORS_MOST)
        g_string_append_len(process->errors, chunk, (gssize)size);
    g_bytes_unref(bytes);
    read_errors(process);
}

static void read_output(CliProcess *process)
{
    g_input_stream_read_bytes_async(g_subprocess_get_stdout_pipe(process->child), CHUNK,
                                    G_PRIORITY_DEFAULT, process->cancellable, take_output, process);
}

static void read_errors(CliProcess *process)
{
    g_input_stream_read_bytes_async(g_subprocess_get_stderr_pipe(process->child), CHUNK,
                                    G_PRIORITY_DEFAULT, process->cancellable, take_errors, process);
}

static void take_end(GObject *source, GAsyncResult *result, gpointer data)
{
    CliProcess *process = data;

    g_subprocess_wait_finish(G_SUBPROCESS(source), result, NULL);
    cli_leftovers_drop_child(process->id);
    end_part(process);
}

CliProcess *cli_process_start(const char *const *arguments, char **environment, int descriptor,
                              const CliProcessEvents *events, void *data, GError **error)
{
    enum { PARTS = 3 };
    GSubprocessLauncher *launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);

    g_subprocess_launcher_set_environ(launcher, environment);
    if (descriptor >= 0)
        g_subprocess_launcher_take_fd(launcher, descriptor, CLI_PROCESS_DESCRIPTOR);
    g_subprocess_launcher_set_child_setup(launcher, cli_confine_child, NULL, NULL);
    GSubprocess *child = g_subprocess_launcher_spawnv(launcher, arguments, error);
    g_object_unref(launcher);
    if (!child)
        return NULL;
    CliProcess *process = g_new0(CliProcess, 1);
    const char *id = g_subprocess_get_identifier(child);
    *process = (CliProcess){.events = events,
                            .data = data,
                            .child = child,
                            .cancellable = g_cancellable_new(),
                            .id = id ? (pid_t)g_ascii_strtoll(id, NULL, 10) : 0,
                            .rest = g_string_new(NULL),
                            .errors = g_string_new(NULL),
                            .pending = PARTS};
    if (process->id > 0)
        cli_leftovers_add_child(process->id);
    read_output(process);
    read_errors(process);
    g_subprocess_wait_async(child, NULL, take_end, process);
    return process;
}

pid_t cli_process_id(const CliProcess *process)
{
    return process->id;
}
