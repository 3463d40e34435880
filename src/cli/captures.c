/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * All captures of a command line: who is read when.
 */
#include "captures.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "inputs.h"
#include "leftovers.h"
#include "progress.h"

/* A reading at work. */
typedef struct {
    struct Queue *queue;
    CliCapture *capture; /* NULL: it is not at work */
    const CliInput *input;
    CliPrefiltering *prefiltering; /* goes before the reading; NULL: none is needed */
    CliReading *reading;           /* NULL: tshark is not at work yet */
} Slot;

typedef struct Queue {
    const CliTshark *tshark;
    const GPtrArray *inputs;
    GPtrArray *captures; /* of the same length */
    unsigned next;
    unsigned done;
    unsigned slot_count;
    Slot *slots;
    CliProgress *progress;
    GPtrArray *ahead; /* CliPrefiltering: what was begun while tshark was being tried */
} Queue;

static void take_result(void *data, const CliResult *result)
{
    Slot *slot = data;

    slot->capture->result = *result;
    slot->reading = NULL;
    slot->capture = NULL;
    slot->queue->done++;
}

/* What was begun for this file before. */
static CliPrefiltering *take_ahead(GPtrArray *ahead, const char *path)
{
    for (unsigned i = 0; i < ahead->len; i++)
        if (strcmp(cli_prefiltering_path(ahead->pdata[i]), path) == 0)
            return g_ptr_array_steal_index(ahead, i);
    return NULL;
}

/* Gives the slot the next capture that can be read. */
static void fill_slot(Queue *queue, Slot *slot)
{
    while (!slot->capture && queue->next < queue->inputs->len) {
        const CliInput *input = queue->inputs->pdata[queue->next];
        CliCapture *capture = queue->captures->pdata[queue->next++];
        if (input->trouble) {
            capture->result.trouble = g_strdup(input->trouble);
            queue->done++;
            continue;
        }
        g_clear_pointer(&slot->prefiltering, cli_prefiltering_free);
        slot->capture = capture;
        slot->input = input;
        slot->prefiltering = take_ahead(queue->ahead, input->path);
        if (!slot->prefiltering)
            slot->prefiltering = cli_prefiltering_start(queue->tshark->cli, input->path);
    }
}

/* Has tshark read what the slot was given, as soon as it can. */
static void start_reading(Queue *queue, Slot *slot)
{
    if (!slot->capture || slot->reading ||
        (slot->prefiltering && !cli_prefiltering_end(slot->prefiltering)))
        return;
    slot->reading = cli_reading_start(queue->tshark, slot->input->name, slot->input->path,
                                      slot->prefiltering, take_result, slot);
}

static void work_on(Queue *queue, Slot *slot)
{
    do {
        fill_slot(queue, slot);
        start_reading(queue, slot);
    } while (!slot->capture && queue->next < queue->inputs->len);
}

/* How far a slot is: the pre-filter reads the whole file, what it keeps takes as long again. */
static double slot_progress(const Slot *slot)
{
    enum { PARTS = 2 };

    if (!slot->reading)
        return cli_prefiltering_progress(slot->prefiltering) / PARTS;
    const double part = cli_reading_progress(slot->reading);
    return slot->prefiltering && cli_prefiltering_capture(slot->prefiltering) && part >= 0
               ? (1 + part) / PARTS
               : part;
}

/* Of several at work, the first in the order of the arguments is shown. */
static gboolean show_progress(gpointer data)
{
    Queue *queue = data;

    for (unsigned i = 0; i < queue->slot_count; i++) {
        const Slot *slot = &queue->slots[i];
        if (slot->reading || (slot->capture && slot->prefiltering)) {
            cli_progress_show(queue->progress, slot->capture->name, queue->done + 1,
                              queue->inputs->len, slot_progress(slot));
            break;
        }
    }
    return G_SOURCE_CONTINUE;
}

static void run(Queue *queue)
{
    enum { INTERVAL = 200 };
    guint timer = queue->progress ? g_timeout_add(INTERVAL, show_progress, queue) : 0;

    while (queue->done < queue->inputs->len) {
        for (unsigned i = 0; i < queue->slot_count; i++)
            work_on(queue, &queue->slots[i]);
        if (queue->done < queue->inputs->len)
            g_main_context_iteration(NULL, TRUE);
    }
    if (timer)
        g_source_remove(timer);
}

static void free_capture(gpointer data)
{
    CliCapture *capture = data;

    sipwhy_recording_free(capture->result.recording);
    g_free(capture->result.trouble);
    g_free(capture->name);
    g_free(capture);
}

static GPtrArray *read_inputs(const Cli *cli, const CliTshark *tshark, const GPtrArray *inputs,
                              GPtrArray *ahead)
{
    Queue queue = {.tshark = tshark,
                   .inputs = inputs,
                   .captures = g_ptr_array_new_with_free_func(free_capture),
                   .slot_count = cli->jobs,
                   .slots = g_new0(Slot, cli->jobs),
                   .progress = cli_progress_new(cli),
                   .ahead = ahead};

    for (unsigned i = 0; i < cli->jobs; i++)
        queue.slots[i].queue = &queue;
    for (unsigned i = 0; i < inputs->len; i++) {
        CliCapture *capture = g_new0(CliCapture, 1);
        capture->name = g_strdup(((const CliInput *)inputs->pdata[i])->name);
        g_ptr_array_add(queue.captures, capture);
    }
    run(&queue);
    for (unsigned i = 0; i < cli->jobs; i++)
        cli_prefiltering_free(queue.slots[i].prefiltering);
    cli_progress_free(queue.progress);
    g_free(queue.slots);
    return queue.captures;
}

/* Begins with the first files, as many as are read at a time. Folders and standard input have to
 * wait: it is not known yet whether there is anything to read them with. */
static GPtrArray *begin_ahead(const Cli *cli)
{
    GPtrArray *ahead = g_ptr_array_new_with_free_func((GDestroyNotify)cli_prefiltering_free);

    for (unsigned i = 0; i < MIN(cli->argument_count, cli->jobs); i++) {
        CliPrefiltering *one = strcmp(cli->arguments[i], "-") == 0
                                   ? NULL
                                   : cli_prefiltering_start(cli, cli->arguments[i]);
        if (one)
            g_ptr_array_add(ahead, one);
    }
    return ahead;
}

/* A standard stream that is closed would be the next file that is opened. One that can do nothing
 * takes its place. */
static void fill_closed_streams(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) < 0 &&
            /* cppcheck-suppress leakReturnValNotUsed ; it stays open */
            open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream)
            break;
}

CliExit cli_captures_read(const Cli *cli, GPtrArray **captures)
{
    CliTshark tshark;

    *captures = NULL;
    if (cli->argument_count == 0) {
        cli_complain(cli, SIPWHY_TEXT_RUN_NOTHING, "command", cli->command->name, NULL);
        return CLI_USAGE;
    }
    if (cli->keys && access(cli->keys, R_OK) != 0) {
        cli_complain(cli, SIPWHY_TEXT_RUN_FILE_UNREADABLE, "file", cli->keys, "reason",
                     g_strerror(errno), NULL);
        return CLI_FAILED;
    }
    fill_closed_streams();
    CliExit result = cli_check_local(cli);
    if (result != CLI_OK)
        return result;
    cli_leftovers_watch();
    GPtrArray *ahead = begin_ahead(cli);
    result = cli_tshark_open(&tshark, cli);
    if (result == CLI_OK) {
        GPtrArray *inputs = cli_inputs_new(cli);
        *captures = read_inputs(cli, &tshark, inputs, ahead);
        cli_inputs_free(inputs);
    }
    g_ptr_array_free(ahead, TRUE);
    cli_tshark_close(&tshark);
    return result;
}

void cli_captures_free(GPtrArray *captures)
{
    if (captures)
        g_ptr_array_free(captures, TRUE);
}

void cli_captures_complain(const Cli *cli, const CliCapture *capture)
{
    gboolean is_input = strcmp(capture->name, "-") == 0;

    cli_complain(cli, SIPWHY_TEXT_RUN_OF_FILE, "file",
                 is_input ? sipwhy_text(cli->language, SIPWHY_TEXT_RUN_STANDARD_INPUT)
                          : capture->name,
                 "trouble", capture->result.trouble, NULL);
}

GPtrArray *cli_captures_recordings(const GPtrArray *captures)
{
    GPtrArray *recordings = g_ptr_array_new();

    for (unsigned i = 0; i < captures->len; i++) {
        const CliCapture *capture = captures->pdata[i];
        if (capture->result.recording)
            g_ptr_array_add(recordings, capture->result.recording);
    }
    return recordings;
}
