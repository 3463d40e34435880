/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What rules read of a message and its request, and how they put lists of values into findings.
 */
#include "reading.h"

#include <string.h>

const SipwhyMessage *sipwhy_subject_message(const SipwhySubject *subject, SipwhyMessage *kept)
{
    const SipwhyTransaction *transaction = subject->transaction;

    if (subject->message)
        return subject->message;
    if (!transaction)
        return NULL;
    if (subject->event->status == 0)
        return sipwhy_kept_message(transaction->kept_request, kept) ? kept : NULL;
    if (subject->event->status != transaction->status)
        return NULL;
    return sipwhy_kept_message(transaction->kept_response, kept) ? kept : NULL;
}

bool sipwhy_subject_request(const SipwhySubject *subject, SipwhyMessage *request)
{
    return subject->transaction && subject->transaction->request.frame > 0 &&
           sipwhy_kept_message(subject->transaction->kept_request, request);
}

void sipwhy_finding_set_method(SipwhyFinding *finding, const SipwhySubject *subject,
                               const SipwhyMessage *message)
{
    const char *name = sipwhy_method_name((SipwhyMethod)subject->event->method);

    if (name)
        sipwhy_finding_set(finding, "method", "%s", name);
    else if (message)
        sipwhy_finding_set_slice(finding, "method", sipwhy_message_method(message));
    else
        sipwhy_finding_set(finding, "method", "?");
}

void sipwhy_finding_set_method_of(SipwhyFinding *finding, const char *name,
                                  const SipwhyTransaction *transaction)
{
    const char *method = sipwhy_method_name(transaction->method);
    SipwhyMessage request;

    if (method)
        sipwhy_finding_set(finding, name, "%s", method);
    else if (sipwhy_kept_message(transaction->kept_request, &request))
        sipwhy_finding_set_slice(finding, name, request.method);
    else
        sipwhy_finding_set(finding, name, "?");
}

/* Whether the text has a value between its commas. */
static bool has_value(const SipwhyValueList *list, const char *value)
{
    SipwhySlice rest = {list->text, list->length};
    SipwhySlice one;

    while (sipwhy_slice_next_value(&rest, &one))
        if (sipwhy_slice_is(one, value))
            return true;
    return false;
}

void sipwhy_list_add(SipwhyValueList *list, SipwhySlice value)
{
    static const char dots[] = ", ...";
    const size_t room = sizeof list->text - sizeof dots;

    if (value.length == 0 || list->full)
        return;
    list->count++;
    char *text = sipwhy_printable_text(value.data, MIN(value.length, room));
    const size_t length = strlen(text);
    const size_t comma = list->length > 0 ? 2 : 0;
    if (list->length + comma + length > room) {
        list->full = true;
        g_strlcpy(list->text + list->length, list->length > 0 ? dots : "...",
                  sizeof list->text - list->length);
    } else if (!has_value(list, text)) {
        if (comma)
            memcpy(list->text + list->length, ", ", comma);
        memcpy(list->text + list->length + comma, text, length + 1);
        list->length += comma + length;
    }
    g_free(text);
}

SipwhySlice sipwhy_slice_bare(SipwhySlice value)
{
    const char *semicolon = value.length > 0 ? memchr(value.data, ';', value.length) : NULL;

    if (semicolon)
        value.length = (size_t)(semicolon - value.data);
    return sipwhy_slice_strip(value);
}

void sipwhy_list_header(SipwhyValueList *list, const SipwhyMessage *message, SipwhyHeaderId header)
{
    size_t position = 0;
    SipwhySlice rest = {0};
    SipwhySlice value;

    while (sipwhy_message_next_value(message, header, &position, &rest, &value))
        sipwhy_list_add(list, sipwhy_slice_bare(value));
}
