/* SPDX-License-Identifier: GPL-2.0-or-later
 * SCTP associations (RFC 9260): set-up, one DATA chunk a message, SACK, end. */
#include "connection.h"

enum {
    CHUNK_DATA = 0,
    CHUNK_INIT = 1,
    CHUNK_INIT_ACK = 2,
    CHUNK_SACK = 3,
    CHUNK_ABORT = 6,
    CHUNK_SHUTDOWN = 7,
    CHUNK_SHUTDOWN_ACK = 8,
    CHUNK_COOKIE_ECHO = 10,
    CHUNK_COOKIE_ACK = 11,
    CHUNK_SHUTDOWN_COMPLETE = 14,
};
enum { PARAMETER_COOKIE = 7, WINDOW = 65536, STREAMS = 10, WHOLE_MESSAGE = 0x03 };

static const guint8 cookie[8] = {'s', 'c', 'e', 'n', 'a', 'r', 'i', 'o'};

/* Sends one chunk with the given value; frees value. */
static void send_chunk(Connection *connection, guint side, guint32 tag, guint16 type_and_flags,
                       GByteArray *value, const Exit *out)
{
    const Endpoint *from = &connection->end[side], *to = &connection->end[!side];
    GByteArray *chunk = g_byte_array_new();

    packet_put16(chunk, type_and_flags);
    packet_put16(chunk, (guint16)(4 + value->len));
    g_byte_array_append(chunk, value->data, value->len);
    while (chunk->len % 4)
        g_byte_array_append(chunk, (const guint8 *)"", 1);
    out->emit(out->context, from, to, packet_sctp(from, to, tag, chunk));
    g_byte_array_unref(chunk);
    g_byte_array_unref(value);
}

static void send_init(Connection *connection, guint side, guint32 tag, guint type, const Exit *out)
{
    GByteArray *value = g_byte_array_new();

    packet_put32(value, connection->tag[side]);
    packet_put32(value, WINDOW);
    packet_put16(value, STREAMS);
    packet_put16(value, STREAMS);
    packet_put32(value, connection->next[side]);
    if (type == CHUNK_INIT_ACK) {
        packet_put16(value, PARAMETER_COOKIE);
        packet_put16(value, 4 + sizeof cookie);
        g_byte_array_append(value, cookie, sizeof cookie);
    }
    send_chunk(connection, side, tag, (guint16)(type << 8), value, out);
}

static void send_plain(Connection *connection, guint side, guint type, const Exit *out)
{
    GByteArray *value = g_byte_array_new();

    if (type == CHUNK_COOKIE_ECHO)
        g_byte_array_append(value, cookie, sizeof cookie);
    if (type == CHUNK_SHUTDOWN)
        packet_put32(value, connection->next[!side] - 1);
    send_chunk(connection, side, connection->tag[!side], (guint16)(type << 8), value, out);
}

void sctp_open(Connection *connection, const Exit *out)
{
    for (guint side = 0; side < 2; side++) {
        connection->tag[side] = 0x51500000u + 2 * connection->number + side + 1;
        connection->next[side] = 1000 * (connection->number + 1) + 500 * side;
    }
    send_init(connection, 0, 0, CHUNK_INIT, out);
    send_init(connection, 1, connection->tag[0], CHUNK_INIT_ACK, out);
    send_plain(connection, 0, CHUNK_COOKIE_ECHO, out);
    send_plain(connection, 1, CHUNK_COOKIE_ACK, out);
    connection->open = TRUE;
}

void sctp_close(Connection *connection, guint side, const Exit *out)
{
    send_plain(connection, side, CHUNK_SHUTDOWN, out);
    send_plain(connection, !side, CHUNK_SHUTDOWN_ACK, out);
    send_plain(connection, side, CHUNK_SHUTDOWN_COMPLETE, out);
    connection->open = FALSE;
}

void sctp_abort(Connection *connection, guint side, const Exit *out)
{
    send_plain(connection, side, CHUNK_ABORT, out);
    connection->open = FALSE;
}

static void send_sack(Connection *connection, guint side, const Exit *out)
{
    GByteArray *value = g_byte_array_new();

    packet_put32(value, connection->next[!side] - 1);
    packet_put32(value, WINDOW);
    packet_put32(value, 0); /* no gaps, no duplicates */
    send_chunk(connection, side, connection->tag[!side], CHUNK_SACK << 8, value, out);
}

void sctp_send(Connection *connection, guint side, const guint8 *bytes, gsize len, const Exit *out)
{
    GByteArray *value = g_byte_array_new();

    packet_put32(value, connection->next[side]++);
    packet_put16(value, 0);
    packet_put16(value, connection->stream_next[side]++);
    packet_put32(value, 0); /* payload protocol identifier: RFC 4168 leaves it at 0 */
    g_byte_array_append(value, bytes, (guint)len);
    send_chunk(connection, side, connection->tag[!side], CHUNK_DATA << 8 | WHOLE_MESSAGE, value,
               out);
    send_sack(connection, !side, out);
}
