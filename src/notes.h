/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a response itself says beside its code.
 */
#ifndef SIPWHY_NOTES_H
#define SIPWHY_NOTES_H

#include <glib.h>

#include "message.h"
#include "text.h"

/** One note. Texts have at most 200 bytes; what comes from the message is shortened. */
typedef struct {
    char
        *about; /**< what in the message: "Warning: 305 ...", a missing header's name, the phrase */
    char *text; /**< what that means */
    char *fix;  /**< "Caller: ..."; NULL when there is none */
} SipwhyNote;

/**
 * The notes on a response: a phrase of its own, Warning and Reason values, headers that it must
 * carry and lacks (not asked of a message that is cut, or pasted without its headers). An array of
 * SipwhyNote; free it with g_ptr_array_free(notes, TRUE).
 */
GPtrArray *sipwhy_message_notes(const SipwhyMessage *message, const SipwhyExplanation *explanation,
                                SipwhyLanguage language);

/** Only those that no finding tells of as well: on Warning values. */
GPtrArray *sipwhy_warning_notes(const SipwhyMessage *message, SipwhyLanguage language);

/** Whether a response lacks a header that it must carry. One that is cut, or was pasted without its
 * headers, lacks nothing. */
bool sipwhy_message_lacks(const SipwhyMessage *message, const SipwhyHeader *header);

#endif
