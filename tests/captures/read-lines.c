/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read-lines: reads what -z sipwhy,json printed from standard input, and prints what the reader
 * made of it: an array for each message, one for each call, one for the summary. The exit code is 1
 * if a line is wrong, 2 if the last one is missing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "recording/recording.h"

static const char *word(bool value)
{
    return value ? "true" : "false";
}

static void print_time(int64_t time)
{
    if (time == SIPWHY_NO_TIME)
        printf("null");
    else
        printf("%" PRId64, time);
}

static void print_message(const SipwhyRecordedMessage *message)
{
    printf("[\"%s\",%" PRIu32 ",", message->is_response ? "response" : "request", message->frame);
    print_time(message->time);
    printf(",%u,%s,%s,%s,\"%s\",%s,%" PRIu32 ",%" PRIu32 ",%u]\n", message->code,
           word(message->quoted), word(message->repeated), word(message->has_sdp),
           sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY, (int)message->severity),
           word(message->expected), message->request_in, message->outcome_in,
           message->findings->len);
}

static void print_call(const SipwhyRecordedCall *call)
{
    const char *outcome =
        call->outcome < 0 ? "" : sipwhy_term_id(SIPWHY_TERM_KIND_OUTCOME, call->outcome);
    const SipwhyRecordedMessage *first = call->messages->pdata[0];

    printf("[\"call\",%s,\"%s\",%u,%" PRIu32 ",%" PRIu32 ",%s,\"%s\",%u,%u,%" PRIu32 ",",
           word(call->is_call), outcome, call->code, call->code_in, call->first_in,
           word(call->pdd >= 0), sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY, (int)call->severity),
           call->findings->len, call->messages->len, first->frame);
    printf("\"%s\",%" PRIu32 ",%" PRIu32 "]\n", call->leading ? call->leading->id : "",
           call->leading ? call->leading->frame : 0, call->bare ? call->bare->frame : 0);
}

static void print_recording(const SipwhyRecording *recording)
{
    for (guint i = 0; i < recording->messages->len; i++)
        print_message(recording->messages->pdata[i]);
    for (guint i = 0; i < recording->calls->len; i++)
        print_call(recording->calls->pdata[i]);
    printf("[\"summary\",%zu,%zu]\n", recording->packets, recording->sip_packets);
}

static bool read_lines(SipwhyRecordingReader *reader)
{
    char *line = NULL;
    char *error = NULL;
    size_t size = 0;
    ssize_t length;

    for (unsigned n = 1; !error && (length = getline(&line, &size, stdin)) > 0; n++)
        if (!sipwhy_recording_read(reader, line, (size_t)length, &error))
            printf("line %u: %s\n", n, error);
    free(line);
    g_free(error);
    return !error;
}

int main(void)
{
    SipwhyRecordingReader *reader = sipwhy_recording_reader_new("-");
    const bool good = read_lines(reader);
    SipwhyRecording *recording = sipwhy_recording_end(reader);

    if (good && recording)
        print_recording(recording);
    sipwhy_recording_free(recording);
    if (!good)
        return 1;
    return recording ? 0 : 2;
}
