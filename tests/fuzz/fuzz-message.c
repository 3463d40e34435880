/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: message.h over any bytes. Built as a library function for libFuzzer and for
 * replay.c.
 */
#include "check.h"

static const char *const names[] = {
    "Via",     "To",     "From",  "Call-ID",         "CSeq",        "Contact",  "Content-Length",
    "Warning", "Reason", "Event", "Session-Expires", "Retry-After", "Identity", "X",
    "",
};

static const char *const parameters[] = {"cause", "text", "tag", "branch", "expires", "x", ""};

static void check_value(const SipwhySlice *input, SipwhySlice value)
{
    unsigned number;

    fuzz_check_slice(*input, value);
    sipwhy_slice_number(value, &number);
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
        SipwhySlice parameter;
        if (!sipwhy_slice_parameter(value, parameters[i], &parameter))
            continue;
        fuzz_check_slice(*input, parameter);
        CHECK(parameter.length <= value.length);
        sipwhy_slice_number(parameter, &number);
        sipwhy_slice_is(parameter, parameters[i]);
    }
}

static void check_headers(const SipwhySlice *input, const SipwhyMessage *message, const char *name)
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
            fuzz_check_slice(*input, rest);
            CHECK(rest.length < line.length);
            check_value(input, value);
        }
        CHECK(rest.length == 0);
    }
    CHECK(position == message->headers.length);
}

static void check_message(const SipwhySlice *input, const SipwhyMessage *message)
{
    CHECK(message->status <= 999);
    CHECK(message->length > 0 && message->length <= input->length);
    fuzz_check_slice(*input, message->line);
    fuzz_check_slice(*input, message->phrase);
    fuzz_check_slice(*input, message->method);
    fuzz_check_slice(*input, message->uri);
    fuzz_check_slice(*input, message->headers);
    fuzz_check_slice(*input, message->body);
    fuzz_check_slice(*input, sipwhy_message_method(message));
    CHECK(message->is_response || message->method.length > 0);
    CHECK(message->line.length + message->headers.length + message->body.length <= message->length);
    CHECK(message->body.data + message->body.length == input->data + message->length);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        check_headers(input, message, names[i]);
}

/* All messages that stand one behind the other. */
static void check_all(SipwhySlice input, SipwhyFraming framing)
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
    const SipwhySlice input = {(const char *)bytes, length};

    check_all(input, SIPWHY_FRAMING_DATAGRAM);
    check_all(input, SIPWHY_FRAMING_STREAM);
    return 0;
}
