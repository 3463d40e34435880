/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading one capture with tshark: the plugin's lines, and then, if there is no SIP in it, a look
 * at what there is instead.
 */
#include "reading.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Protocols that SIP hides in. */
static const struct {
    const char *protocol;
    const char *name;
} hiding_places[] = {{"tls", "TLS"}, {"dtls", "DTLS"}, {"quic", "QUIC"}};

struct CliReading {
    const CliTshark *tshark;
    char *name;
    char *path;
    const char *kept;    /* the file without media that is read in its stead; NULL: none is */
    const char *numbers; /* of the packets in that one */
    SipwhyLanguage language;
    CliProcess *process;
    SipwhyRecordingReader *reader;
    char *garbage; /* what is wrong with a line; NULL: nothing */
    CliResult result;
    CliReadingEnd end;
    void *data;
    /* what the second look finds */
    gboolean has_packets;
    gboolean has_sip;
    const char *hiding_place; /* "TLS"; NULL: none */
};

static void finish(CliReading *reading)
{
    reading->end(reading->data, &reading->result);
    g_free(reading->garbage);
    g_free(reading->name);
    g_free(reading->path);
    g_free(reading);
}

static char *plain(const CliReading *reading, SipwhyText text)
{
    return g_strdup(sipwhy_text(reading->language, text));
}

/* What tshark says of a file that it could not read to its end, or at all. */
static char *describe_failure(const CliReading *reading, const CliProcessEnd *end)
{
    static const struct {
        const char *words; /* of Wireshark's cfile_read_failure_message and the like */
        SipwhyText text;
    } failures[] = {{"cut short", SIPWHY_TEXT_RUN_CUT_SHORT},
                    {"damaged or corrupt", SIPWHY_TEXT_RUN_DAMAGED},
                    {"isn't a capture file", SIPWHY_TEXT_RUN_NO_CAPTURE}};

    for (unsigned i = 0; i < G_N_ELEMENTS(failures); i++)
        if (strstr(end->errors, failures[i].words))
            return plain(reading, failures[i].text);
    if (end->exit_code == 0)
        return NULL;
    char *complaint = cli_tshark_complaint(end->errors);
    char *number = g_strdup_printf("%d", end->signal ? end->signal : end->exit_code);
    char *text;
    if (end->signal)
        text = sipwhy_text_format(reading->language, SIPWHY_TEXT_RUN_KILLED, "signal", number,
                                  "name", g_strsignal(end->signal), NULL);
    else
        text = sipwhy_text_format(
            reading->language, *complaint ? SIPWHY_TEXT_RUN_FAILED_SAYING : SIPWHY_TEXT_RUN_FAILED,
            "code", number, "reason", complaint, NULL);
    g_free(number);
    g_free(complaint);
    return text;
}

/* ---- the second look: Wireshark's protocol hierarchy ---- */

/* "      tls                                frames:55 bytes:25574" */
static gboolean take_protocol(void *data, const char *line, size_t length)
{
    CliReading *reading = data;
    char *text = g_strstrip(g_strndup(line, length));

    if (strstr(text, " frames:")) {
        text[strcspn(text, " ")] = '\0';
        reading->has_packets = TRUE;
        reading->has_sip = reading->has_sip || strcmp(text, "sip") == 0;
        for (unsigned i = 0; i < G_N_ELEMENTS(hiding_places) && !reading->hiding_place; i++)
            if (strcmp(text, hiding_places[i].protocol) == 0)
                reading->hiding_place = hiding_places[i].name;
    }
    g_free(text);
    return TRUE;
}

static void take_protocols_end(void *data, const CliProcessEnd *end)
{
    CliReading *reading = data;
    const Cli *cli = reading->tshark->cli;
    char **trouble = &reading->result.trouble;

    reading->result.no_sip = end->exit_code == 0;
    if (!reading->result.no_sip)
        *trouble = describe_failure(reading, end);
    else if (!reading->has_packets)
        *trouble = plain(reading, SIPWHY_TEXT_RUN_NO_PACKETS);
    else if (reading->has_sip && cli->filter)
        *trouble = sipwhy_text_format(reading->language, SIPWHY_TEXT_RUN_NONE_PASSES, "filter",
                                      cli->filter, NULL);
    else if (reading->hiding_place)
        *trouble = sipwhy_text_format(reading->language,
                                      cli->keys ? SIPWHY_TEXT_RUN_ENCRYPTED_STILL
                                                : SIPWHY_TEXT_RUN_ENCRYPTED,
                                      "protocol", reading->hiding_place, NULL);
    else
        *trouble = plain(reading, SIPWHY_TEXT_RUN_NO_SIP);
    finish(reading);
}

static void look_for_others(CliReading *reading)
{
    static const CliProcessEvents events = {take_protocol, take_protocols_end};

    reading->process = cli_tshark_start(reading->tshark, reading->path, "io,phs", &events, reading,
                                        &reading->result.trouble);
    if (!reading->process)
        finish(reading);
}

/* ---- the first: the plugin's lines ---- */

static gboolean take_line(void *data, const char *line, size_t length)
{
    CliReading *reading = data;

    return sipwhy_recording_read(reading->reader, line, length, &reading->garbage);
}

/* Why not all was read; NULL: it was. */
static char *describe_trouble(const CliReading *reading, const CliProcessEnd *end)
{
    const SipwhyRecording *recording = reading->result.recording;

    if (reading->garbage)
        return sipwhy_text_format(reading->language, SIPWHY_TEXT_RUN_GARBAGE, "reason",
                                  reading->garbage, NULL);
    char *trouble = describe_failure(reading, end);
    if (trouble)
        return trouble;
    if (!recording || !end->whole)
        return plain(reading, SIPWHY_TEXT_RUN_NO_SUMMARY);
    if (g_strcmp0(recording->version, SIPWHY_VERSION) != 0)
        return sipwhy_text_format(reading->language, SIPWHY_TEXT_RUN_PLUGIN_VERSION, "plugin",
                                  recording->version ? recording->version : "?", "version",
                                  SIPWHY_VERSION, NULL);
    if (recording->packets == 0 && recording->sip_packets > 0)
        return plain(reading, SIPWHY_TEXT_RUN_PLUGIN_OFF);
    return NULL;
}

static gboolean start_lines(CliReading *reading);

/* Of the original tshark says itself what is wrong with it. */
static void read_original(CliReading *reading)
{
    g_clear_pointer(&reading->result.recording, sipwhy_recording_free);
    g_clear_pointer(&reading->result.trouble, g_free);
    g_clear_pointer(&reading->garbage, g_free);
    reading->kept = reading->numbers = NULL;
    start_lines(reading);
}

static void take_lines_end(void *data, const CliProcessEnd *end)
{
    CliReading *reading = data;
    CliResult *result = &reading->result;

    result->recording = sipwhy_recording_end(reading->reader);
    result->trouble = describe_trouble(reading, end);
    if (result->trouble && reading->kept) {
        read_original(reading);
        return;
    }
    gboolean is_empty = result->recording && result->recording->packets == 0;
    /* Only of a file that ends too early is the rest worth something: all else is not the whole
     * of what tshark had to say. */
    if (is_empty || reading->garbage || end->signal || !end->whole)
        g_clear_pointer(&result->recording, sipwhy_recording_free);
    if (is_empty && !result->trouble)
        look_for_others(reading);
    else
        finish(reading);
}

/* FALSE if tshark cannot be started: then the reading is at its end, and gone. */
static gboolean start_lines(CliReading *reading)
{
    static const CliProcessEvents events = {take_line, take_lines_end};
    const char *path = reading->kept ? reading->kept : reading->path;

    reading->reader = sipwhy_recording_reader_new(reading->name);
    reading->process = cli_tshark_start_lines(reading->tshark, path, reading->numbers, &events,
                                              reading, &reading->result.trouble);
    if (reading->process)
        return TRUE;
    sipwhy_recording_free(sipwhy_recording_end(reading->reader));
    finish(reading);
    return FALSE;
}

CliReading *cli_reading_start(const CliTshark *tshark, const char *name, const char *path,
                              const CliPrefiltering *prefiltering, CliReadingEnd end, void *data)
{
    CliReading *reading = g_new0(CliReading, 1);

    *reading = (CliReading){.tshark = tshark,
                            .name = g_strdup(name),
                            .path = g_strdup(path),
                            .language = tshark->cli->language,
                            .end = end,
                            .data = data};
    if (prefiltering) {
        reading->kept = cli_prefiltering_capture(prefiltering);
        reading->numbers = cli_prefiltering_numbers(prefiltering);
    }
    return start_lines(reading) ? reading : NULL;
}

/* ---- how far it is ---- */

/* Where the process stands in its file `descriptor`; negative: not known. */
static double find_position(pid_t process, const char *descriptor)
{
    char *path = g_strdup_printf("/proc/%d/fdinfo/%s", (int)process, descriptor);
    char *text = NULL;
    double position = -1;

    if (g_file_get_contents(path, &text, NULL, NULL) && g_str_has_prefix(text, "pos:"))
        position = g_ascii_strtod(text + strlen("pos:"), NULL);
    g_free(text);
    g_free(path);
    return position;
}

double cli_reading_progress(const CliReading *reading)
{
    char *folder = g_strdup_printf("/proc/%d/fd", (int)cli_process_id(reading->process));
    GDir *descriptors = g_dir_open(folder, 0, NULL);
    const char *descriptor;
    struct stat file;
    struct stat open_file;
    double position = -1;

    if (descriptors && stat(reading->kept ? reading->kept : reading->path, &file) == 0 &&
        file.st_size > 0) {
        while (position < 0 && (descriptor = g_dir_read_name(descriptors))) {
            char *path = g_build_filename(folder, descriptor, NULL);
            if (stat(path, &open_file) == 0 && open_file.st_ino == file.st_ino &&
                open_file.st_dev == file.st_dev)
                position = find_position(cli_process_id(reading->process), descriptor);
            g_free(path);
        }
        position /= (double)file.st_size;
    }
    if (descriptors)
        g_dir_close(descriptors);
    g_free(folder);
    return MIN(position, 1);
}
