/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: message.h over any bytes. Built as a library function for libFuzzer and for
 * replay.c.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The bytes that every slice has to lie in. */
typedef struct {
    const char *data;
    size_t length;
} Input;

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                \
        }                                                                           \
    } while (0)

static const char *const names[] = {
    "Via",     "To",     "From",  "Call-ID",         "CSeq",        "Contact",  "Content-Length",
    "Warning", "Reason", "Event", "Session-Expires", "Retry-After", "Identity", "X",
    "",
};

static const char *const parameters[] = {"cause", "text", "tag", "branch", "expires", "x", ""};

/* Reads every byte, so that a sanitizer sees one that is not ours. */
static void check_slice(const Input *input, SipwhySlice slice)
{
    if (!slice.data) {
        CHECK(slice.length == 0);
        return;
    }
    CHECK(slice.data >= input->data);
    CHECK(slice.data <= input->data + input->length);
    CHECK(slice.length <= (size_t)(input->data + input->length - slice.data));
    for (size_t i = 0; i < slice.length; i++) {
        volatile char byte = slice.data[i];
        (void)byte;
    }
}

static void check_value(const Input *input, SipwhySlice value)
{
    unsigned number;

    check_slice(input, value);
    sipwhy_slice_number(value, &number);
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
        SipwhySlice parameter;
        if (!sipwhy_slice_parameter(value, parameters[i], &parameter))
            continue;
        check_slice(input, parameter);
        CHECK(parameter.length <= value.length);
        sipwhy_slice_number(parameter, &number);
        sipwhy_slice_is(parameter, parameters[i]);
    }
}

static void check_headers(const Input *input, const SipwhyMessage *message, const char *name)
{
    size_t position = 0;
    size_t last = 0;
    SipwhySlice line;

    while (sipwhy_message_header(message, name, &position, &line)) {
        CHECK(position > last);
        CHECK(position <= message->headers.length);
        last = position;
        check_value(input, line);
        SipwhySlice rest = line;
        SipwhySlice value;
        while (sipwhy_slice_next_value(&rest, &value)) {
            check_slice(input, rest);
            CHECK(rest.length < line.length);
            check_value(input, value);
        }
        CHECK(rest.length == 0);
    }
    CHECK(position == message->headers.length);
}

static void check_message(const Input *input, const SipwhyMessage *message)
{
    CHECK(message->status <= 999);
    CHECK(message->length > 0 && message->length <= input->length);
    check_slice(input, message->line);
    check_slice(input, message->phrase);
    check_slice(input, message->method);
    check_slice(input, message->uri);
    check_slice(input, message->headers);
    check_slice(input, message->body);
    check_slice(input, sipwhy_message_method(message));
    CHECK(message->is_response || message->method.length > 0);
    CHECK(message->line.length + message->headers.length + message->body.length <= message->length);
    CHECK(message->body.data + message->body.length == input->data + message->length);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        check_headers(input, message, names[i]);
}

/* All messages that stand one behind the other. */
static void check_all(Input input, SipwhyFraming framing)
{
    SipwhyMessage message;

    while (sipwhy_message_scan(input.data, input.length, framing, &message)) {
        check_message(&input, &message);
        if (framing == SIPWHY_FRAMING_DATAGRAM)
            CHECK(message.length == input.length);
        if (message.cut)
            CHECK(message.length == input.length);
        input.data += message.length;
        input.length -= message.length;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const Input input = {(const char *)bytes, length};

    check_all(input, SIPWHY_FRAMING_DATAGRAM);
    check_all(input, SIPWHY_FRAMING_STREAM);
    return 0;
}
