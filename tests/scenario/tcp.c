/* SPDX-License-Identifier: GPL-2.0-or-later
 * TCP connections: handshake, segments, acknowledgements, end. */
#include "connection.h"

enum { MSS_IPV4 = 1460, MSS_IPV6 = 1440, SEGMENTS_PER_ACK = 16 };

static void send_segment(Connection *connection, guint side, guint8 flags, const guint8 *bytes,
                         gsize len, const Exit *out)
{
    const Endpoint *from = &connection->end[side], *to = &connection->end[!side];
    gboolean first = flags == TCP_SYN;
    TcpHeader header = {connection->next[side], first ? 0 : connection->next[!side], flags};

    out->emit(out->context, from, to, packet_tcp(from, to, header, bytes, len));
    connection->next[side] += (guint32)len;
    if (flags & (TCP_SYN | TCP_FIN))
        connection->next[side]++;
}

static void send_control(Connection *connection, guint side, guint flags, const Exit *out)
{
    send_segment(connection, side, (guint8)flags, (const guint8 *)"", 0, out);
}

void tcp_open(Connection *connection, const Exit *out)
{
    connection->next[0] = 100000000u * (connection->number + 1);
    connection->next[1] = connection->next[0] + 50000000u;
    send_control(connection, 0, TCP_SYN, out);
    send_control(connection, 1, TCP_SYN | TCP_ACK, out);
    send_control(connection, 0, TCP_ACK, out);
    connection->open = TRUE;
}

void tcp_close(Connection *connection, guint side, const Exit *out)
{
    send_control(connection, side, TCP_FIN | TCP_ACK, out);
    send_control(connection, !side, TCP_FIN | TCP_ACK, out);
    send_control(connection, side, TCP_ACK, out);
    connection->open = FALSE;
}

void tcp_reset(Connection *connection, guint side, const Exit *out)
{
    send_control(connection, side, TCP_RST | TCP_ACK, out);
    connection->open = FALSE;
}

void tcp_refuse(Connection *connection, const Exit *out)
{
    connection->next[0] = 100000000u * (connection->number + 1);
    connection->next[1] = 0;
    send_control(connection, 0, TCP_SYN, out);
    send_control(connection, 1, TCP_RST | TCP_ACK, out);
}

static void send_piece(Connection *connection, guint side, const guint8 *bytes, gsize len,
                       const Exit *out)
{
    gsize mss = connection->end[side].address.len == 4 ? MSS_IPV4 : MSS_IPV6;
    guint sent = 0;

    for (gsize at = 0; at < len; at += mss, sent++) {
        gsize now = MIN(mss, len - at);
        guint8 flags = at + now == len ? TCP_PSH | TCP_ACK : TCP_ACK;

        if (sent > 0 && sent % SEGMENTS_PER_ACK == 0)
            send_control(connection, !side, TCP_ACK, out);
        send_segment(connection, side, flags, bytes + at, now, out);
    }
}

void tcp_send(Connection *connection, guint side, const guint8 *bytes, gsize len,
              const GArray *offsets, gboolean keep, const Exit *out)
{
    GByteArray *held = connection->held[side];
    gsize shift = held->len, at = 0;

    g_byte_array_append(held, bytes, (guint)len);
    for (guint i = 0; i < offsets->len; i++) {
        gsize end = shift + g_array_index(offsets, gsize, i);
        send_piece(connection, side, held->data + at, end - at, out);
        at = end;
    }
    if (!keep) {
        send_piece(connection, side, held->data + at, held->len - at, out);
        at = held->len;
    }
    if (at > 0) {
        g_byte_array_remove_range(held, 0, (guint)at);
        send_control(connection, !side, TCP_ACK, out);
    }
}
