/* SPDX-License-Identifier: GPL-2.0-or-later
 * A SIP message as a start line, a list of headers and a body. */
#include "message.h"

#include <stdarg.h>
#include <string.h>

static void clear_header(gpointer data)
{
    Header *header = data;

    g_free(header->name);
    g_string_free(header->value, TRUE);
}

static GString *copy_string(const GString *string)
{
    return g_string_new_len(string->str, (gssize)string->len);
}

Message *message_new(void)
{
    Message *message = g_new0(Message, 1);

    message->start = g_string_new(NULL);
    message->body = g_string_new(NULL);
    message->headers = g_array_new(FALSE, FALSE, sizeof(Header));
    g_array_set_clear_func(message->headers, clear_header);
    return message;
}

static void insert(Message *message, guint at, const gchar *name, const GString *value)
{
    Header header = {g_strdup(name), copy_string(value)};
    g_array_insert_val(message->headers, at, header);
}

Message *message_copy(const Message *message)
{
    Message *copy = message_new();

    copy->is_request = message->is_request;
    copy->method = g_strdup(message->method);
    copy->code = message->code;
    g_string_append_len(copy->start, message->start->str, (gssize)message->start->len);
    g_string_append_len(copy->body, message->body->str, (gssize)message->body->len);
    for (guint i = 0; i < message->headers->len; i++) {
        const Header *header = &g_array_index(message->headers, Header, i);
        insert(copy, i, header->name, header->value);
    }
    return copy;
}

void message_free(gpointer data)
{
    Message *message = data;

    g_free(message->method);
    g_string_free(message->start, TRUE);
    g_string_free(message->body, TRUE);
    g_array_unref(message->headers);
    if (message->raw)
        g_string_free(message->raw, TRUE);
    if (message->ip)
        g_byte_array_unref(message->ip);
    g_free(message);
}

void message_add(Message *message, const gchar *name, const gchar *format, ...)
{
    va_list arguments;
    Header header = {g_strdup(name), g_string_new(NULL)};

    va_start(arguments, format);
    g_string_vprintf(header.value, format, arguments);
    va_end(arguments);
    g_array_append_val(message->headers, header);
}

static gboolean is_named(const Header *header, const gchar *name)
{
    return header->name && g_ascii_strcasecmp(header->name, name) == 0;
}

static Header *find(const Message *message, const gchar *name, guint *at)
{
    for (guint i = 0; i < message->headers->len; i++) {
        Header *header = &g_array_index(message->headers, Header, i);
        if (is_named(header, name)) {
            if (at)
                *at = i;
            return header;
        }
    }
    return NULL;
}

void message_put_before(Message *message, const gchar *place, const gchar *name, const gchar *value)
{
    guint at = 0;
    Header header = {g_strdup(name), g_string_new(value)};

    find(message, place, &at);
    g_array_insert_val(message->headers, at, header);
}

const gchar *message_get(const Message *message, const gchar *name)
{
    const Header *header = find(message, name, NULL);
    return header ? header->value->str : NULL;
}

void message_remove_first(Message *message, const gchar *name)
{
    guint at;

    if (find(message, name, &at))
        g_array_remove_index(message->headers, at);
}

void message_remove(Message *message, const gchar *name)
{
    while (find(message, name, NULL))
        message_remove_first(message, name);
}

/* Replaces all headers of that name by one, in the place of the first, or at the end. */
static void replace(Message *message, const gchar *name, const GString *value)
{
    guint at = message->headers->len;

    find(message, name, &at);
    message_remove(message, name);
    insert(message, at, name, value);
}

void message_set(Message *message, const gchar *name, const gchar *value)
{
    GString *string = g_string_new(value);

    replace(message, name, string);
    g_string_free(string, TRUE);
}

void message_take(Message *message, const Message *source, const gchar *name)
{
    for (guint i = 0; i < source->headers->len; i++) {
        const Header *header = &g_array_index(source->headers, Header, i);
        if (is_named(header, name))
            insert(message, message->headers->len, name, header->value);
    }
}

static gboolean is_set_before(const GArray *edits, guint index)
{
    const gchar *name = g_array_index(edits, Edit, index).name;

    for (guint i = 0; i < index; i++) {
        const Edit *edit = &g_array_index(edits, Edit, i);
        if (edit->kind == EDIT_SET && g_ascii_strcasecmp(edit->name, name) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Adds one more header of a name, after the last of that name. */
static void add_another(Message *message, const Edit *edit)
{
    guint at = message->headers->len;

    for (guint i = 0; i < message->headers->len; i++) {
        if (is_named(&g_array_index(message->headers, Header, i), edit->name))
            at = i + 1;
    }
    insert(message, at, edit->name, edit->value);
}

void message_edit(Message *message, const GArray *edits)
{
    for (guint i = 0; i < edits->len; i++) {
        const Edit *edit = &g_array_index(edits, Edit, i);

        if (edit->kind == EDIT_DELETE)
            message_remove(message, edit->name);
        else if (edit->kind == EDIT_LINE)
            insert(message, message->headers->len, NULL, edit->value);
        else if (is_set_before(edits, i))
            add_another(message, edit);
        else
            replace(message, edit->name, edit->value);
    }
}

static gboolean is_deleted(const GArray *edits, const gchar *name)
{
    for (guint i = 0; i < edits->len; i++) {
        const Edit *edit = &g_array_index(edits, Edit, i);
        if (edit->kind == EDIT_DELETE && g_ascii_strcasecmp(edit->name, name) == 0)
            return TRUE;
    }
    return FALSE;
}

static const gchar *guess_type(const GString *body)
{
    if (g_str_has_prefix(body->str, "v=0"))
        return "application/sdp";
    if (g_str_has_prefix(body->str, "SIP/2.0 "))
        return "message/sipfrag;version=2.0";
    return "text/plain";
}

void message_add_content(Message *message, const GArray *edits)
{
    if (message->body->len && !message_get(message, "Content-Type") &&
        !is_deleted(edits, "Content-Type"))
        message_add(message, "Content-Type", "%s", guess_type(message->body));
    if (!message_get(message, "Content-Length") && !is_deleted(edits, "Content-Length"))
        message_add(message, "Content-Length", "%" G_GSIZE_FORMAT, message->body->len);
}

GString *message_bytes(const Message *message)
{
    if (message->raw)
        return copy_string(message->raw);

    GString *bytes = copy_string(message->start);
    g_string_append(bytes, "\r\n");
    for (guint i = 0; i < message->headers->len; i++) {
        const Header *header = &g_array_index(message->headers, Header, i);
        if (header->name)
            g_string_append_printf(bytes, "%s: ", header->name);
        g_string_append_len(bytes, header->value->str, (gssize)header->value->len);
        g_string_append(bytes, "\r\n");
    }
    g_string_append(bytes, "\r\n");
    g_string_append_len(bytes, message->body->str, (gssize)message->body->len);
    return bytes;
}
