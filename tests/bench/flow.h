/* SPDX-License-Identifier: GPL-2.0-or-later
 * One call, registration or ping: which message comes next, and when. */
#ifndef BENCH_FLOW_H
#define BENCH_FLOW_H

#include <glib.h>

#include "../scenario/packet.h"

/* What a client and its registrar remember between two registrations. */
typedef struct {
    gchar call_id[64], tag[16], nonce[40];
    guint cseq, nonce_count;
    guint renewals_left; /* 0: the client starts anew, with another Call-ID */
    gboolean busy;
} Registration;

typedef struct {
    Endpoint end;
    gchar ip[16], user[12];
    guint vendor;
    guint16 ip_id;
    Registration registration;
} Party;

enum { WORLD_CLIENTS = 400, WORLD_GATEWAYS = 4 };

/* Who takes part, and the source of everything that is left to chance. */
typedef struct {
    GRand *rand;
    Party clients[WORLD_CLIENTS], gateways[WORLD_GATEWAYS], proxy, registrar;
    guint serial; /* flows so far */
} World;

enum {
    STEP_SDP = 1 << 0,
    STEP_HOP_BY_HOP = 1 << 1, /* a proxy does not relay it, but sends one of its own */
    STEP_IN_DIALOG = 1 << 2,
    STEP_RAISED = 1 << 3, /* the second CSeq number of its sender */
    STEP_BY_CALLEE = 1 << 4,
    STEP_CREDENTIALS = 1 << 5,
    STEP_TALK = 1 << 6,  /* media may flow from here on */
    STEP_QUIET = 1 << 7, /* until here */
};

/* A message of a script: a request, or the response to one if it has a code. */
typedef struct {
    const gchar *method;
    guint code, transaction, flags;
    guint min_ms, max_ms; /* since the step before */
} Step;

enum { FLOW_TRANSACTIONS = 3, FLOW_HOPS = 2 };

typedef struct {
    guint32 ssrc, timestamp;
    guint16 port, seq;
} Media;

typedef struct {
    const Step *step;
    guint leg; /* of a step that passes a proxy: 0, then 1 */
    gint64 next_us;
    guint serial;
    Party *caller, *callee, *proxy; /* proxy: or NULL */
    gboolean strange_codec, talking;
    gchar call_id[64], from_tag[16], to_tag[16];
    gchar branches[FLOW_TRANSACTIONS][FLOW_HOPS][20];
    guint cseq;
    Media media[2]; /* of caller and callee */
    Registration *registration;
} Flow;

World *world_new(guint32 seed);
void world_free(World *world);

/* Random lower-case hex digits; text has room for digits + 1. */
void world_hex(World *world, gchar *text, guint digits);

/* Makes of flow another call, registration or ping, whose first message is sent after now_us. */
void flow_start(Flow *flow, World *world, gint64 now_us);

/* The hop of the message that comes next, counted from the sender of its request: 0 or 1. */
guint flow_hop(const Flow *flow);

/* Who sends that message, and to whom. */
void flow_ends(const Flow *flow, const Party **from, const Party **to);

/* Goes on to the message after that; FALSE if the flow is over. */
gboolean flow_advance(Flow *flow, World *world);

#endif
