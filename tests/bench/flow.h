/* SPDX-License-Identifier: GPL-2.0-or-later
 * One call, registration or ping: which message comes next, and when. */
#ifndef BENCH_FLOW_H
#define BENCH_FLOW_H

#include <glib.h>

#include "../scenario/packet.h"
#include "mix.h"

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

enum { WORLD_CLIENTS = 400, WORLD_GATEWAYS = 4, WORLD_GUESSERS = 200, WORLD_PROXIES = 20000 };

/* Who takes part, and the source of everything that is left to chance. */
typedef struct {
    GRand *rand;
    const Mix *mix;
    Refusal *refused; /* a script for each of mix_refusals */
    guint length;     /* messages of a dialog of the mix long, hops of a chain */
    guint dialogs;    /* of the mix concurrent: so many stand at once; 0: another mix */
    guint32 seed;
    guint serial; /* flows so far */
    Party clients[WORLD_CLIENTS], gateways[WORLD_GATEWAYS], guessers[WORLD_GUESSERS], registrar;
    Party proxies[WORLD_PROXIES]; /* the first is that of calls with one proxy */
} World;

enum { FLOW_TRANSACTIONS = 3, FLOW_HOPS = 2 };

typedef struct {
    guint32 ssrc, timestamp;
    guint16 port, seq;
} Media;

typedef struct {
    const Step *step;
    guint leg;  /* of a step that passes proxies: 0, then as far as their count */
    guint sent; /* steps */
    gint64 next_us;
    guint serial;
    const gchar *transport; /* as in Via */
    Party *caller, *callee, *proxies;
    guint proxy_count;
    gboolean is_call, strange_codec, talking;
    gboolean continues; /* what an earlier flow began, under its Call-ID */
    gchar call_id[64], from_tag[16], to_tag[16], nonce[40];
    gchar branches[FLOW_TRANSACTIONS][FLOW_HOPS][20]; /* those of later hops are made of these */
    guint cseq, nonce_count;
    Media media[2]; /* of caller and callee */
    Registration *registration;
    /* What counts.c has noted: whether any message was sent; of the INVITE that decides, as its
     * first client sees it, how often it was sent, when first, and what came back. */
    gboolean told, heard;
    guint invites, final;
    gint64 first_us;
} Flow;

World *world_new(const Mix *mix, guint32 seed);
void world_free(World *world);

/* Random lower-case hex digits; text has room for digits + 1. */
void world_hex(World *world, gchar *text, guint digits);

/* Makes of flow another call, registration or ping, whose first message is sent after now_us. */
void flow_start(Flow *flow, World *world, gint64 now_us);

/* The hop of the message that comes next, counted from the sender of its request. */
guint flow_hop(const Flow *flow);

/* Who sends that message, and to whom. */
void flow_ends(const Flow *flow, const Party **from, const Party **to);

/* Goes on to the message after that; FALSE if the flow is over. If it is TRUE and the step has no
 * method, it is over at next_us: no message of it comes until then. */
gboolean flow_advance(Flow *flow, World *world);

#endif
