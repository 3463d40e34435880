/* SPDX-License-Identifier: GPL-2.0-or-later
 * One call, registration or ping: which message comes next, and when. */
#include "flow.h"

#include <string.h>

enum { IN = STEP_IN_DIALOG, HOP = STEP_HOP_BY_HOP };

static const Step answered[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0},
    {"INVITE", 100, 0, HOP, 3, 20},
    {"INVITE", 180, 0, 0, 100, 800},
    {"INVITE", 200, 0, STEP_SDP | STEP_TALK, 2000, 9000},
    {"ACK", 0, 1, IN, 5, 60},
    {"BYE", 0, 2, IN | STEP_RAISED | STEP_QUIET, 8000, 90000},
    {"BYE", 200, 2, IN | STEP_RAISED, 3, 60},
    {0},
};
static const Step answered_callee_ends[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0},
    {"INVITE", 100, 0, HOP, 3, 20},
    {"INVITE", 180, 0, 0, 100, 800},
    {"INVITE", 200, 0, STEP_SDP | STEP_TALK, 2000, 9000},
    {"ACK", 0, 1, IN, 5, 60},
    {"BYE", 0, 2, IN | STEP_BY_CALLEE | STEP_QUIET, 8000, 90000},
    {"BYE", 200, 2, IN | STEP_BY_CALLEE, 3, 60},
    {0},
};
static const Step busy[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0}, {"INVITE", 100, 0, HOP, 3, 20},
    {"INVITE", 180, 0, 0, 100, 800},  {"INVITE", 486, 0, 0, 500, 6000},
    {"ACK", 0, 0, HOP, 2, 40},        {0},
};
static const Step not_found[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0},
    {"INVITE", 100, 0, HOP, 3, 20},
    {"INVITE", 404, 0, 0, 20, 300},
    {"ACK", 0, 0, HOP, 2, 40},
    {0},
};
static const Step not_acceptable[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0},
    {"INVITE", 100, 0, HOP, 3, 20},
    {"INVITE", 488, 0, 0, 20, 200},
    {"ACK", 0, 0, HOP, 2, 40},
    {0},
};
static const Step cancelled[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0}, {"INVITE", 100, 0, HOP, 3, 20},
    {"INVITE", 180, 0, 0, 100, 800},  {"CANCEL", 0, 0, HOP, 3000, 20000},
    {"CANCEL", 200, 0, HOP, 3, 30},   {"INVITE", 487, 0, 0, 3, 30},
    {"ACK", 0, 0, HOP, 2, 40},        {0},
};
static const Step registration[] = {
    {"REGISTER", 0, 0, 0, 0, 0},
    {"REGISTER", 401, 0, 0, 3, 50},
    {"REGISTER", 0, 1, STEP_RAISED | STEP_CREDENTIALS, 3, 50},
    {"REGISTER", 200, 1, STEP_RAISED, 3, 80},
    {0},
};
static const Step renewal[] = {
    {"REGISTER", 0, 0, STEP_CREDENTIALS, 0, 0},
    {"REGISTER", 200, 0, 0, 3, 80},
    {0},
};
static const Step ping[] = {
    {"OPTIONS", 0, 0, 0, 0, 0},
    {"OPTIONS", 200, 0, 0, 3, 80},
    {0},
};

/* How many flows of a hundred take which way. */
static const struct {
    const Step *steps;
    gint percent;
} mix[] = {
    {answered, 24}, {answered_callee_ends, 14}, {busy, 7},          {not_found, 4},
    {cancelled, 8}, {not_acceptable, 3},        {registration, 22}, {ping, 18},
};

enum { PROXIED_PERCENT = 35 };

void world_hex(World *world, gchar *text, guint digits)
{
    for (guint i = 0; i < digits; i++)
        text[i] = "0123456789abcdef"[g_rand_int_range(world->rand, 0, 16)];
    text[digits] = '\0';
}

static gboolean chance(World *world, gint percent)
{
    return g_rand_int_range(world->rand, 0, 100) < percent;
}

static void make_party(Party *party, guint number, guint8 net, guint first_user)
{
    guint8 high = (guint8)(number / 200), low = (guint8)(number % 200 + 1);

    party->end.address = (Address){{10, net, high, low}, 4};
    party->end.port = 5060;
    party->end.number = (guint)net << 10 | number;
    party->end.ip_id = &party->ip_id;
    party->vendor = number;
    g_snprintf(party->ip, sizeof party->ip, "10.%u.%u.%u", net, high, low);
    g_snprintf(party->user, sizeof party->user, "%u", first_user + number);
}

World *world_new(guint32 seed)
{
    World *world = g_new0(World, 1);

    world->rand = g_rand_new_with_seed(seed);
    for (guint i = 0; i < WORLD_CLIENTS; i++)
        make_party(&world->clients[i], i, 1, 2000);
    for (guint i = 0; i < WORLD_GATEWAYS; i++)
        make_party(&world->gateways[i], i, 2, 33170000);
    make_party(&world->proxy, 0, 3, 0);
    make_party(&world->registrar, 1, 3, 0);
    return world;
}

void world_free(World *world)
{
    g_rand_free(world->rand);
    g_free(world);
}

static Party *any_client(World *world)
{
    return &world->clients[g_rand_int_range(world->rand, 0, WORLD_CLIENTS)];
}

static void start_media(Flow *flow, World *world)
{
    for (guint i = 0; i < 2; i++)
        flow->media[i] = (Media){
            .ssrc = g_rand_int(world->rand),
            .timestamp = g_rand_int(world->rand),
            .port = (guint16)(16384 + 4 * (flow->serial % 12000) + 2 * i),
            .seq = (guint16)g_rand_int_range(world->rand, 0, 65536),
        };
}

static void start_call(Flow *flow, World *world)
{
    flow->caller = any_client(world);
    if (chance(world, PROXIED_PERCENT)) {
        flow->proxy = &world->proxy;
        do
            flow->callee = any_client(world);
        while (flow->callee == flow->caller);
    } else {
        flow->callee = &world->gateways[g_rand_int_range(world->rand, 0, WORLD_GATEWAYS)];
        if (chance(world, 40)) { /* a call from outside */
            Party *caller = flow->caller;
            flow->caller = flow->callee;
            flow->callee = caller;
        }
    }
    flow->strange_codec = flow->step == not_acceptable;
    start_media(flow, world);
}

/* The first registration of a client, or one more with the nonce that it has. */
static void start_registration(Flow *flow, World *world)
{
    do
        flow->caller = any_client(world);
    while (flow->caller->registration.busy);
    flow->callee = &world->registrar;

    Registration *state = flow->registration = &flow->caller->registration;
    state->busy = TRUE;
    if (state->renewals_left > 0) {
        state->renewals_left--;
        state->cseq++;
        state->nonce_count++;
        flow->step = renewal;
    } else {
        g_strlcpy(state->call_id, flow->call_id, sizeof state->call_id);
        g_strlcpy(state->tag, flow->from_tag, sizeof state->tag);
        world_hex(world, state->nonce, 32);
        state->cseq = 1;
        state->nonce_count = 1;
        state->renewals_left = (guint)g_rand_int_range(world->rand, 1, 6);
    }
    g_strlcpy(flow->call_id, state->call_id, sizeof flow->call_id);
    g_strlcpy(flow->from_tag, state->tag, sizeof flow->from_tag);
    flow->cseq = state->cseq;
    if (flow->step == registration)
        state->cseq++;
}

static const Step *choose(World *world)
{
    gint rest = g_rand_int_range(world->rand, 0, 100);
    guint i = 0;

    while (i + 1 < G_N_ELEMENTS(mix) && rest >= mix[i].percent)
        rest -= mix[i++].percent;
    return mix[i].steps;
}

static void name_flow(Flow *flow, World *world)
{
    world_hex(world, flow->call_id, 32);
    world_hex(world, flow->from_tag, 10);
    world_hex(world, flow->to_tag, 12);
    for (guint i = 0; i < FLOW_TRANSACTIONS; i++)
        for (guint hop = 0; hop < FLOW_HOPS; hop++)
            world_hex(world, flow->branches[i][hop], 16);
    flow->cseq = (guint)g_rand_int_range(world->rand, 1, 30000);
}

void flow_start(Flow *flow, World *world, gint64 now_us)
{
    memset(flow, 0, sizeof *flow);
    flow->serial = world->serial++;
    flow->step = choose(world);
    flow->next_us = now_us + g_rand_int_range(world->rand, 1000, 2000000);
    name_flow(flow, world);
    if (flow->step == registration) {
        start_registration(flow, world);
    } else if (flow->step == ping) {
        flow->caller = &world->registrar;
        flow->callee = any_client(world);
    } else {
        start_call(flow, world);
    }
}

guint flow_hop(const Flow *flow)
{
    guint last = flow->proxy ? 1 : 0;

    return flow->step->code ? last - flow->leg : flow->leg;
}

void flow_ends(const Flow *flow, const Party **from, const Party **to)
{
    gboolean by_callee = (flow->step->flags & STEP_BY_CALLEE) != 0;
    gboolean back = by_callee != (flow->step->code != 0);
    const Party *first = back ? flow->callee : flow->caller;
    const Party *last = back ? flow->caller : flow->callee;

    *from = flow->leg == 0 ? first : flow->proxy;
    *to = flow->proxy && flow->leg == 0 ? flow->proxy : last;
}

gboolean flow_advance(Flow *flow, World *world)
{
    if (flow->proxy && flow->leg == 0) {
        flow->leg = 1;
        flow->next_us += g_rand_int_range(world->rand, 300, 3000);
        return TRUE;
    }
    if (flow->step->flags & STEP_TALK)
        flow->talking = TRUE;
    flow->leg = 0;
    flow->step++;
    if (!flow->step->method) {
        if (flow->registration)
            flow->registration->busy = FALSE;
        return FALSE;
    }
    flow->next_us += 1000 * (gint64)g_rand_int_range(world->rand, (gint32)flow->step->min_ms,
                                                     (gint32)flow->step->max_ms + 1);
    return TRUE;
}
