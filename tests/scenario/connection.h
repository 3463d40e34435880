/* SPDX-License-Identifier: GPL-2.0-or-later
 * One TCP connection or SCTP association between two hosts, and how its packets leave. */
#ifndef SCENARIO_CONNECTION_H
#define SCENARIO_CONNECTION_H

#include "scenario.h"

/* [0] opened the connection, [1] accepted it. */
typedef struct {
    guint host[2];
    Endpoint end[2];
    Transport transport;
    guint number;
    gboolean open;
    guint32 next[2]; /* next TCP sequence number or SCTP TSN of this side */
    guint32 tag[2];  /* SCTP: verification tag that this side expects */
    guint16 stream_next[2];
    GByteArray *held[2]; /* waits for the next message of this side */
    guint held_line[2];
} Connection;

/* Gives a finished IP packet (ownership passes) of that side to the capture. */
typedef void (*Emit)(void *context, const Endpoint *from, const Endpoint *to, GByteArray *ip);
typedef struct {
    Emit emit;
    void *context;
} Exit;

void tcp_open(Connection *connection, const Exit *out);
void tcp_close(Connection *connection, guint side, const Exit *out);
void tcp_reset(Connection *connection, guint side, const Exit *out);
/* A SYN that the other side refuses with RST. */
void tcp_refuse(Connection *connection, const Exit *out);
/* Sends bytes in segments that end at the given offsets (gsize, rising) and at the end; the other
 * side acknowledges. With keep, what follows the last offset is held for the next call. */
void tcp_send(Connection *connection, guint side, const guint8 *bytes, gsize len,
              const GArray *offsets, gboolean keep, const Exit *out);

void sctp_open(Connection *connection, const Exit *out);
void sctp_close(Connection *connection, guint side, const Exit *out);
void sctp_abort(Connection *connection, guint side, const Exit *out);
/* One message, one DATA chunk; len must fit the MTU (SCTP_MAX). */
enum { SCTP_MAX = 1400 };
void sctp_send(Connection *connection, guint side, const guint8 *bytes, gsize len, const Exit *out);

/* The HTTP upgrade of RFC 7118 4.1, over an open TCP connection. */
void websocket_open(Connection *connection, const Exit *out);
/* A text frame (RFC 6455 5.2) around bytes; masked if mask is TRUE. The caller owns it. */
GByteArray *websocket_frame(const guint8 *bytes, gsize len, gboolean mask);

#endif
