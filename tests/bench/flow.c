/* SPDX-License-Identifier: GPL-2.0-or-later
 * One call, registration or ping: which message comes next, and when. */
#include "flow.h"

#include <string.h>

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

World *world_new(const Mix *mix, guint32 seed)
{
    World *world = g_new0(World, 1);

    world->rand = g_rand_new_with_seed(seed);
    world->seed = seed;
    world->mix = mix;
    world->length = mix->length;
    world->refused = g_new0(Refusal, mix_refusals());
    for (guint i = 0; i < mix_refusals(); i++)
        mix_refuse(&world->refused[i], i);
    for (guint i = 0; i < WORLD_CLIENTS; i++)
        make_party(&world->clients[i], i, 1, 2000);
    for (guint i = 0; i < WORLD_GATEWAYS; i++)
        make_party(&world->gateways[i], i, 2, 33170000);
    for (guint i = 0; i < WORLD_GUESSERS; i++)
        make_party(&world->guessers[i], i, 5, 7000);
    make_party(&world->proxies[0], 0, 3, 0);
    make_party(&world->registrar, 1, 3, 0);
    for (guint i = 1; i < WORLD_PROXIES; i++)
        make_party(&world->proxies[i], i, 4, 0);
    return world;
}

void world_free(World *world)
{
    g_rand_free(world->rand);
    g_free(world->refused);
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

static void start_call(Flow *flow, World *world, guint proxies, gint proxied_percent)
{
    flow->is_call = TRUE;
    flow->caller = any_client(world);
    if (chance(world, proxied_percent)) {
        flow->proxies = world->proxies;
        flow->proxy_count = proxies;
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
    flow->strange_codec = flow->step[2].code == 488;
    start_media(flow, world);
    flow->nonce_count = 1;
    if (flow->step[1].code == 407)
        world_hex(world, flow->nonce, 32);
}

/* An identity of its own for a client that registers. */
static void start_anew(Registration *state, const Flow *flow, World *world)
{
    g_strlcpy(state->call_id, flow->call_id, sizeof state->call_id);
    g_strlcpy(state->tag, flow->from_tag, sizeof state->tag);
    world_hex(world, state->nonce, 32);
    state->cseq = 1;
    state->nonce_count = 1;
}

static void take_registration(Flow *flow, Registration *state)
{
    g_strlcpy(flow->call_id, state->call_id, sizeof flow->call_id);
    g_strlcpy(flow->from_tag, state->tag, sizeof flow->from_tag);
    g_strlcpy(flow->nonce, state->nonce, sizeof flow->nonce);
    flow->nonce_count = state->nonce_count;
    flow->cseq = state->cseq;
}

/* The first registration of a client, or one more with the nonce that it has. */
static void start_registration(Flow *flow, World *world)
{
    do
        flow->caller = any_client(world);
    while (flow->caller->registration.busy);
    flow->callee = &world->registrar;

    Registration *state = flow->registration = &flow->caller->registration;
    gboolean granted = flow->step[2].method != NULL && flow->step[3].code == 200;
    state->busy = TRUE;
    if (state->renewals_left > 0) {
        state->renewals_left--;
        state->cseq++;
        state->nonce_count++;
        flow->step = mix_renewal;
        flow->continues = TRUE;
    } else {
        start_anew(state, flow, world);
        state->renewals_left = granted ? (guint)g_rand_int_range(world->rand, 1, 6) : 0;
    }
    take_registration(flow, state);
    if (granted && flow->step != mix_renewal)
        state->cseq++;
}

/* Few clients, that try one password after the other under the Call-ID that they began with. */
static void start_guess(Flow *flow, World *world)
{
    guint i = 0;

    while (i + 1 < WORLD_GUESSERS && world->guessers[i].registration.busy)
        i++;
    flow->caller = &world->guessers[i];
    flow->callee = &world->registrar;

    Registration *state = flow->registration = &flow->caller->registration;
    flow->continues = state->cseq > 0;
    if (!flow->continues)
        start_anew(state, flow, world);
    state->busy = TRUE;
    take_registration(flow, state);
    state->cseq++;
    state->nonce_count++;
}

static const Share *choose(World *world)
{
    const Share *share = world->mix->shares;
    gint rest = g_rand_int_range(world->rand, 0, 100);

    while (rest >= share->percent)
        rest -= (share++)->percent;
    return share;
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

/* First all calls begin, then all of them end. Nothing is remembered of them: a call is made again,
 * out of its number. */
static gboolean recall(Flow *flow, World *world)
{
    guint round = flow->serial / world->dialogs;
    guint32 seed[2] = {world->seed, flow->serial % world->dialogs + round / 2 * world->dialogs};

    g_rand_set_seed_array(world->rand, seed, G_N_ELEMENTS(seed));
    flow->serial = seed[1];
    return round % 2 == 1;
}

static void start_kind(Flow *flow, World *world, FlowKind kind)
{
    switch (kind) {
    case FLOW_REGISTRATION:
        start_registration(flow, world);
        break;
    case FLOW_GUESS:
        start_guess(flow, world);
        break;
    case FLOW_PING:
        flow->caller = &world->registrar;
        flow->callee = any_client(world);
        break;
    case FLOW_DIRECT:
    case FLOW_OPENED:
        start_call(flow, world, 0, 0);
        break;
    case FLOW_CHAIN:
        start_call(flow, world, world->length - 1, 100);
        break;
    case FLOW_REFUSED:
        flow->step = world->refused[g_rand_int_range(world->rand, 0, (gint)mix_refusals())].steps;
        G_GNUC_FALLTHROUGH;
    case FLOW_CALL:
        start_call(flow, world, 1, PROXIED_PERCENT);
        break;
    }
}

void flow_start(Flow *flow, World *world, gint64 now_us)
{
    memset(flow, 0, sizeof *flow);
    flow->serial = world->serial++;
    flow->continues = world->dialogs > 0 && recall(flow, world);

    const Share *share = choose(world);
    flow->transport = world->mix->tcp ? "TCP" : "UDP";
    flow->step = share->steps;
    flow->next_us = now_us + g_rand_int_range(world->rand, 1000, 2000000);
    name_flow(flow, world);
    start_kind(flow, world, share->kind);
    if (share->kind == FLOW_OPENED && flow->continues)
        flow->step = mix_closed;
}

guint flow_hop(const Flow *flow)
{
    return flow->step->code ? flow->proxy_count - flow->leg : flow->leg;
}

/* Who stands where on the way of the request: 0 its sender, then the proxies, then its target. */
static const Party *party_at(const Flow *flow, guint place)
{
    gboolean by_callee = (flow->step->flags & STEP_BY_CALLEE) != 0;

    if (by_callee)
        place = flow->proxy_count + 1 - place;
    if (place == 0)
        return flow->caller;
    return place > flow->proxy_count ? flow->callee : &flow->proxies[place - 1];
}

void flow_ends(const Flow *flow, const Party **from, const Party **to)
{
    guint hop = flow_hop(flow);
    gboolean back = flow->step->code != 0;

    *from = party_at(flow, back ? hop + 1 : hop);
    *to = party_at(flow, back ? hop : hop + 1);
}

static gint32 pause_ms(World *world, const Step *step)
{
    return g_rand_int_range(world->rand, (gint32)step->min_ms, (gint32)step->max_ms + 1);
}

/* Another transaction in the dialog: a CSeq number and branches that were not there yet. */
static void renew(Flow *flow, World *world)
{
    flow->cseq++;
    for (guint i = 1; i < FLOW_TRANSACTIONS; i++)
        for (guint hop = 0; hop < FLOW_HOPS; hop++)
            world_hex(world, flow->branches[i][hop], 16);
}

gboolean flow_advance(Flow *flow, World *world)
{
    if (flow->leg < flow->proxy_count) {
        flow->leg++;
        flow->next_us += g_rand_int_range(world->rand, 300, 3000);
        return TRUE;
    }
    if (flow->step->flags & STEP_TALK)
        flow->talking = TRUE;
    flow->leg = 0;
    flow->sent++;
    if (flow->step->back > 0 && flow->sent < world->length)
        flow->step -= flow->step->back;
    flow->step++;
    if (!flow->step->method) {
        if (flow->registration)
            flow->registration->busy = FALSE;
        flow->next_us += 1000 * (gint64)flow->step->min_ms;
        return flow->step->min_ms > 0;
    }
    flow->next_us += 1000 * (gint64)pause_ms(world, flow->step);
    if (flow->step->flags & STEP_NEXT)
        renew(flow, world);
    return TRUE;
}
