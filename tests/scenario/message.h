/* SPDX-License-Identifier: GPL-2.0-or-later
 * A SIP message as a start line, a list of headers and a body. */
#ifndef SCENARIO_MESSAGE_H
#define SCENARIO_MESSAGE_H

#include "scenario.h"

typedef struct {
    gchar *name; /* NULL: value is a whole line, taken literally */
    GString *value;
} Header;

typedef struct Transaction Transaction;
typedef struct Call Call;

typedef struct {
    gboolean is_request;
    gchar *method; /* for a response that of its CSeq; NULL for raw bytes */
    guint code;
    GString *start; /* without its line end */
    GArray *headers;
    GString *body;
    GString *raw; /* set: these bytes are the message */

    guint from, to;
    Call *call;
    Transaction *transaction; /* of this hop; NULL for raw bytes */
    GByteArray *ip;           /* the packet that carried it, if it went over UDP */
} Message;

Message *message_new(void);
Message *message_copy(const Message *message); /* start, headers, body and method only */
void message_free(gpointer data);

void message_add(Message *message, const gchar *name, const gchar *format, ...) G_GNUC_PRINTF(3, 4);
/* Before the first header called place, or at the front if there is none. */
void message_put_before(Message *message, const gchar *place, const gchar *name,
                        const gchar *value);
/* The value of the first header of that name, or NULL; borrowed. */
const gchar *message_get(const Message *message, const gchar *name);
void message_set(Message *message, const gchar *name, const gchar *value);
void message_remove(Message *message, const gchar *name);
void message_remove_first(Message *message, const gchar *name);
/* Appends every header of that name of source. */
void message_take(Message *message, const Message *source, const gchar *name);

/* Applies the header lines of a step: the first of a name replaces, further ones add. */
void message_edit(Message *message, const GArray *edits);
/* Adds Content-Type (with a body) and Content-Length, unless they are there or taken away. */
void message_add_content(Message *message, const GArray *edits);

GString *message_bytes(const Message *message);

#endif
