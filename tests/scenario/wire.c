/* SPDX-License-Identifier: GPL-2.0-or-later
 * Carries messages over UDP, TCP, SCTP and WebSocket: connections, the clock, the frames. */
#include "wire.h"

#include <string.h>

#include "connection.h"

enum { GAP_US = 50, FIRST_EPHEMERAL = 50001, UDP_MAX_IPV4 = 65507, UDP_MAX_IPV6 = 1452 };

struct Wire {
    const Scenario *scenario;
    Capture *capture;
    GPtrArray *connections; /* Connection, the newest last */
    guint16 *ip_ids;        /* one per host */
    gint64 last_us, next_us;
    guint snaplen;
    gboolean unseen; /* what is sent now is kept out of the capture */
};

static void free_connection(gpointer data)
{
    Connection *connection = data;

    g_byte_array_unref(connection->held[0]);
    g_byte_array_unref(connection->held[1]);
    g_free(connection);
}

Wire *wire_new(const Scenario *scenario, Capture *capture)
{
    Wire *wire = g_new0(Wire, 1);

    wire->scenario = scenario;
    wire->capture = capture;
    wire->connections = g_ptr_array_new_with_free_func(free_connection);
    wire->ip_ids = g_new0(guint16, scenario->hosts->len + 1);
    return wire;
}

void wire_free(Wire *wire)
{
    if (!wire)
        return;
    g_ptr_array_unref(wire->connections);
    g_free(wire->ip_ids);
    g_free(wire);
}

gboolean wire_begin(Wire *wire, const Step *step, GError **error)
{
    gint64 at = step->relative ? wire->last_us + step->at_us : step->at_us;

    if (at < wire->last_us)
        return scenario_fail(error, step->line, "time %.6f lies before what is above (%.6f)",
                             (double)at / 1e6, (double)wire->last_us / 1e6);
    wire->last_us = wire->next_us = at;
    wire->snaplen = step->snaplen;
    wire->unseen = step->unseen;
    return TRUE;
}

static void emit(void *context, const Endpoint *from, const Endpoint *to, GByteArray *ip)
{
    Wire *wire = context;
    GPtrArray *parts = packet_fragment(ip);

    for (guint i = 0; i < parts->len; i++) {
        GByteArray *frame = packet_ethernet(from, to, g_ptr_array_index(parts, i));
        if (wire->unseen)
            g_byte_array_unref(frame);
        else
            capture_add(wire->capture, wire->next_us, frame, wire->snaplen);
        wire->last_us = wire->next_us;
        wire->next_us += GAP_US;
    }
    g_ptr_array_unref(parts);
    g_byte_array_unref(ip);
}

static Endpoint endpoint(const Wire *wire, guint index)
{
    const Host *host = scenario_host(wire->scenario, index);
    Endpoint end = {host->address, host->port, index + 1, &wire->ip_ids[index]};

    return end;
}

static Connection *find_connection(const Wire *wire, guint a, guint b)
{
    for (guint i = wire->connections->len; i-- > 0;) {
        Connection *connection = g_ptr_array_index(wire->connections, i);
        const guint *host = connection->host;

        if (connection->open && ((host[0] == a && host[1] == b) || (host[0] == b && host[1] == a)))
            return connection;
    }
    return NULL;
}

static Connection *new_connection(Wire *wire, guint from, guint to)
{
    Connection *connection = g_new0(Connection, 1);

    connection->host[0] = from;
    connection->host[1] = to;
    connection->end[0] = endpoint(wire, from);
    connection->end[1] = endpoint(wire, to);
    connection->transport = scenario_transport(wire->scenario, from, to);
    connection->number = wire->connections->len;
    if (connection->transport != TRANSPORT_SCTP)
        connection->end[0].port = (guint16)(FIRST_EPHEMERAL + connection->number);
    connection->held[0] = g_byte_array_new();
    connection->held[1] = g_byte_array_new();
    g_ptr_array_add(wire->connections, connection);
    return connection;
}

static Connection *open_connection(Wire *wire, guint from, guint to)
{
    Connection *connection = new_connection(wire, from, to);
    Exit out = {emit, wire};

    if (connection->transport == TRANSPORT_SCTP)
        sctp_open(connection, &out);
    else
        tcp_open(connection, &out);
    if (connection->transport == TRANSPORT_WS)
        websocket_open(connection, &out);
    return connection;
}

static gboolean require_stream(Wire *wire, const Step *step, GError **error)
{
    if (scenario_transport(wire->scenario, step->from, step->to) == TRANSPORT_UDP)
        return scenario_fail(error, step->line, "there are no connections over UDP");
    return TRUE;
}

gboolean wire_connect(Wire *wire, const Step *step, GError **error)
{
    if (!require_stream(wire, step, error))
        return FALSE;
    if (find_connection(wire, step->from, step->to))
        return scenario_fail(error, step->line, "these two are connected already");
    open_connection(wire, step->from, step->to);
    return TRUE;
}

gboolean wire_close(Wire *wire, const Step *step, GError **error)
{
    Exit out = {emit, wire};

    if (!require_stream(wire, step, error))
        return FALSE;
    Connection *connection = find_connection(wire, step->from, step->to);
    if (!connection)
        return scenario_fail(error, step->line, "these two are not connected");
    guint side = connection->host[1] == step->from;
    if (connection->transport == TRANSPORT_SCTP)
        sctp_close(connection, side, &out);
    else
        tcp_close(connection, side, &out);
    return TRUE;
}

gboolean wire_reset(Wire *wire, const Step *step, GError **error)
{
    Exit out = {emit, wire};

    if (!require_stream(wire, step, error))
        return FALSE;
    Connection *connection = find_connection(wire, step->from, step->to);
    if (!connection) {
        if (scenario_transport(wire->scenario, step->from, step->to) == TRANSPORT_SCTP)
            return scenario_fail(error, step->line, "these two are not connected");
        tcp_refuse(new_connection(wire, step->to, step->from), &out);
        return TRUE;
    }
    guint side = connection->host[1] == step->from;
    if (connection->transport == TRANSPORT_SCTP)
        sctp_abort(connection, side, &out);
    else
        tcp_reset(connection, side, &out);
    return TRUE;
}

void wire_icmp(Wire *wire, const Step *step, const GByteArray *quoted)
{
    static const struct {
        const gchar *kind;
        guint8 code, code_v6;
    } kinds[] = {{"port-unreachable", 3, 4},
                 {"host-unreachable", 1, 3},
                 {"net-unreachable", 0, 0},
                 {"admin-prohibited", 13, 1}};
    Endpoint from = endpoint(wire, step->from), to = endpoint(wire, step->to);
    gboolean v4 = from.address.len == 4;
    gsize i = 0;

    while (i + 1 < G_N_ELEMENTS(kinds) && strcmp(kinds[i].kind, step->icmp) != 0)
        i++;
    emit(wire, &from, &to,
         packet_icmp(&from, &to, v4 ? 3 : 1, v4 ? kinds[i].code : kinds[i].code_v6, quoted));
}

gboolean wire_is_client(const Wire *wire, guint host, guint peer)
{
    const Connection *connection = find_connection(wire, host, peer);
    return !connection || connection->host[0] == host;
}

static gint compare_offsets(gconstpointer a, gconstpointer b)
{
    gsize x = *(const gsize *)a, y = *(const gsize *)b;
    return (x > y) - (x < y);
}

/* Turns the cuts of a step into rising offsets; lead bytes stand before the message. */
static gboolean find_offsets(const Step *step, const GString *bytes, gsize lead, GArray *offsets,
                             GError **error)
{
    for (guint i = 0; i < step->cuts->len; i++) {
        const Cut *cut = &g_array_index(step->cuts, Cut, i);
        gsize offset = cut->offset;

        if (cut->after) {
            const gchar *place = g_strstr_len(bytes->str, (gssize)bytes->len, cut->after);
            if (!place)
                return scenario_fail(error, step->line, "cut: the message does not hold \"%s\"",
                                     cut->after);
            offset = (gsize)(place - bytes->str) + strlen(cut->after);
        }
        if (offset >= bytes->len && !(step->hold && offset == bytes->len))
            return scenario_fail(error, step->line,
                                 "cut at %" G_GSIZE_FORMAT ": the message has only %" G_GSIZE_FORMAT
                                 " bytes",
                                 offset, bytes->len);
        offset += lead;
        g_array_append_val(offsets, offset);
    }
    g_array_sort(offsets, compare_offsets);
    return TRUE;
}

static gboolean send_stream(Wire *wire, const Step *step, const GString *bytes, GError **error)
{
    Exit out = {emit, wire};
    Connection *connection = find_connection(wire, step->from, step->to);

    if (!connection)
        connection = open_connection(wire, step->from, step->to);

    guint side = connection->host[1] == step->from;
    gboolean ws = connection->transport == TRANSPORT_WS;
    const guint8 *data = (const guint8 *)bytes->str;
    GByteArray *frame = ws ? websocket_frame(data, bytes->len, side == 0) : NULL;
    GArray *offsets = g_array_new(FALSE, FALSE, sizeof(gsize));
    gsize lead = frame ? frame->len - bytes->len : 0;
    gboolean ok = find_offsets(step, bytes, lead, offsets, error);

    if (ok) {
        tcp_send(connection, side, frame ? frame->data : data, lead + bytes->len, offsets,
                 step->hold, &out);
        connection->held_line[side] = step->line;
    }
    g_array_unref(offsets);
    if (frame)
        g_byte_array_unref(frame);
    return ok;
}

static gboolean send_sctp(Wire *wire, const Step *step, const GString *bytes, GError **error)
{
    Exit out = {emit, wire};
    Connection *connection = find_connection(wire, step->from, step->to);

    if (bytes->len > SCTP_MAX)
        return scenario_fail(error, step->line,
                             "%" G_GSIZE_FORMAT
                             " bytes are too many for one SCTP chunk (at most %d)",
                             bytes->len, SCTP_MAX);
    if (!connection)
        connection = open_connection(wire, step->from, step->to);
    sctp_send(connection, connection->host[1] == step->from, (const guint8 *)bytes->str, bytes->len,
              &out);
    return TRUE;
}

static gboolean send_udp(Wire *wire, const Step *step, const GString *bytes, GByteArray **ip,
                         GError **error)
{
    Endpoint from = endpoint(wire, step->from), to = endpoint(wire, step->to);
    gsize most = from.address.len == 4 ? UDP_MAX_IPV4 : UDP_MAX_IPV6;

    if (bytes->len > most)
        return scenario_fail(error, step->line,
                             "%" G_GSIZE_FORMAT
                             " bytes are too many for a datagram here (at most %" G_GSIZE_FORMAT
                             ")",
                             bytes->len, most);
    *ip = packet_udp(&from, &to, (const guint8 *)bytes->str, bytes->len);
    emit(wire, &from, &to, g_byte_array_ref(*ip));
    return TRUE;
}

gboolean wire_send(Wire *wire, const Step *step, const GString *bytes, GByteArray **ip,
                   GError **error)
{
    Transport transport = scenario_transport(wire->scenario, step->from, step->to);
    gboolean segments = transport == TRANSPORT_TCP || transport == TRANSPORT_WS;

    *ip = NULL;
    if ((step->hold || step->cuts->len) && !segments)
        return scenario_fail(error, step->line, "cut and hold need TCP or WebSocket");
    if (transport == TRANSPORT_UDP)
        return send_udp(wire, step, bytes, ip, error);
    if (transport == TRANSPORT_SCTP)
        return send_sctp(wire, step, bytes, error);
    return send_stream(wire, step, bytes, error);
}

gboolean wire_finish(const Wire *wire, GError **error)
{
    for (guint i = 0; i < wire->connections->len; i++) {
        const Connection *connection = g_ptr_array_index(wire->connections, i);

        for (guint side = 0; side < 2; side++) {
            if (connection->held[side]->len)
                return scenario_fail(error, connection->held_line[side],
                                     "the bytes held here are never sent");
        }
    }
    return TRUE;
}
