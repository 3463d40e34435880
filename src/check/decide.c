/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a policy says of one thing that was found.
 */
#include "decide.h"

#include <gio/gio.h>
#include <string.h>

/* ---- who took part ---- */

/* Who a charge is about: its conditions ask that for each rule, so it is looked up once. */
typedef struct {
    GPtrArray *endpoints; /* const char *, each once */
    GPtrArray *addresses; /* GInetAddress of those that have one */
    GPtrArray *agents;    /* char *, in lower case, each once */
} Parties;

/* The address of an endpoint; NULL: it is none. */
static GInetAddress *address_of(const char *endpoint)
{
    const char *colon = strchr(endpoint, ':');
    char *host;

    if (endpoint[0] == '[')
        host = g_strndup(endpoint + 1, strcspn(endpoint + 1, "]"));
    else if (colon && colon == strrchr(endpoint, ':'))
        host = g_strndup(endpoint, (gsize)(colon - endpoint));
    else
        host = g_strdup(endpoint);
    GInetAddress *address = g_inet_address_new_from_string(host);
    g_free(host);
    return address;
}

static void add_endpoint(Parties *parties, GHashTable *seen, const char *endpoint)
{
    if (!endpoint || !g_hash_table_add(seen, (void *)endpoint))
        return;
    g_ptr_array_add(parties->endpoints, (void *)endpoint);
    GInetAddress *address = address_of(endpoint);
    if (address)
        g_ptr_array_add(parties->addresses, address);
}

static void add_agent(Parties *parties, GHashTable *seen, const char *agent)
{
    if (agent && g_hash_table_add(seen, (void *)agent))
        g_ptr_array_add(parties->agents, g_utf8_strdown(agent, -1));
}

/* Those of the messages, and of their call. */
static Parties *find_parties(const SipwhyCharge *charge)
{
    Parties *parties = g_new(Parties, 1);
    GHashTable *endpoints = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTable *agents = g_hash_table_new(g_str_hash, g_str_equal);

    parties->endpoints = g_ptr_array_new();
    parties->addresses = g_ptr_array_new_with_free_func(g_object_unref);
    parties->agents = g_ptr_array_new_with_free_func(g_free);
    if (charge->call) {
        add_endpoint(parties, endpoints, charge->call->client);
        add_endpoint(parties, endpoints, charge->call->server);
        add_agent(parties, agents, charge->call->agent);
        add_agent(parties, agents, charge->call->server_agent);
    }
    for (unsigned i = 0; i < charge->messages->len; i++) {
        const SipwhyRecordedMessage *message = charge->messages->pdata[i];
        add_endpoint(parties, endpoints, message->source);
        add_endpoint(parties, endpoints, message->destination);
        add_agent(parties, agents, message->agent);
    }
    g_hash_table_destroy(agents);
    g_hash_table_destroy(endpoints);
    return parties;
}

static void free_parties(Parties *parties)
{
    if (!parties)
        return;
    g_ptr_array_free(parties->agents, TRUE);
    g_ptr_array_free(parties->addresses, TRUE);
    g_ptr_array_free(parties->endpoints, TRUE);
    g_free(parties);
}

/* ---- conditions ---- */

/* A condition with nothing in it holds. */
static bool has_method(char *const *methods, const char *method)
{
    if (!methods)
        return true;
    for (; method && *methods; methods++)
        if (g_ascii_strcasecmp(*methods, method) == 0)
            return true;
    return false;
}

static bool is_within(const GPtrArray *prefixes, const Parties *parties)
{
    for (unsigned i = 0; i < prefixes->len; i++)
        for (unsigned j = 0; j < parties->addresses->len; j++)
            if (g_inet_address_mask_matches(prefixes->pdata[i], parties->addresses->pdata[j]))
                return true;
    return false;
}

static bool has_peer(const SipwhyPolicyRule *rule, const Parties *parties)
{
    if (!rule->peer)
        return true;
    for (char *const *peer = rule->peer; *peer; peer++)
        for (unsigned i = 0; i < parties->endpoints->len; i++)
            if (strcmp(*peer, parties->endpoints->pdata[i]) == 0)
                return true;
    return rule->prefixes && is_within(rule->prefixes, parties);
}

static bool has_agent(char *const *patterns, const Parties *parties)
{
    if (!patterns)
        return true;
    for (; *patterns; patterns++)
        for (unsigned i = 0; i < parties->agents->len; i++)
            if (g_pattern_match_simple(*patterns, parties->agents->pdata[i]))
                return true;
    return false;
}

/* `parties` are looked up for the first rule that asks for them. */
static bool applies(const SipwhyPolicyRule *rule, const SipwhyCharge *charge, Parties **parties)
{
    if (!has_method(rule->method, charge->method))
        return false;
    if (!rule->peer && !rule->agent)
        return true;
    if (!*parties)
        *parties = find_parties(charge);
    return has_peer(rule, *parties) && has_agent(rule->agent, *parties);
}

/* ---- lists ---- */

/* What a list may call a charge; "" where it has no code. */
typedef struct {
    char code[8];
    char class[8];
    const char *id; /* NULL: the code alone */
} Names;

static Names names_of(const SipwhyCharge *charge)
{
    Names names = {.id = charge->id};

    if (charge->code > 0) {
        g_snprintf(names.code, sizeof names.code, "%u", charge->code);
        g_snprintf(names.class, sizeof names.class, "%uxx", charge->code / 100);
    }
    return names;
}

static bool has_name(char *const *list, const Names *names)
{
    for (; list && *list; list++)
        if (strcmp(*list, names->code) == 0 || strcmp(*list, names->class) == 0 ||
            (names->id && strcmp(*list, names->id) == 0))
            return true;
    return false;
}

static SipwhyStance stance_of(const SipwhyPolicyRule *rule, const Names *names)
{
    if (has_name(rule->deny, names))
        return SIPWHY_STANCE_DENY;
    return has_name(rule->allow, names) ? SIPWHY_STANCE_ALLOW : SIPWHY_STANCE_NONE;
}

bool sipwhy_rule_is_over(const SipwhyPolicyRule *rule, int64_t now)
{
    return rule->until != SIPWHY_NO_TIME && now > rule->until;
}

/* The first that speaks decides. What is allowed goes on to the others all the same: they tell
 * whether it would have failed, so that there is something to tolerate. */
SipwhyDecision sipwhy_decide(const SipwhyPolicy *policy, int64_t now, const SipwhyCharge *charge)
{
    const SipwhyPolicyRule *allowing = NULL;
    const SipwhyPolicyRule *denying = NULL;
    const Names names = names_of(charge);
    Parties *parties = NULL;

    for (unsigned i = 0; i <= policy->rules->len && !denying; i++) {
        const bool is_last = i == policy->rules->len;
        const SipwhyPolicyRule *rule = is_last ? &policy->overall : policy->rules->pdata[i];
        const SipwhyStance stance = stance_of(rule, &names); /* quicker than the conditions */
        if (stance == SIPWHY_STANCE_NONE || sipwhy_rule_is_over(rule, now) ||
            !applies(rule, charge, &parties))
            continue;
        if (stance == SIPWHY_STANCE_DENY)
            denying = rule;
        else if (!allowing)
            allowing = rule;
    }
    free_parties(parties);
    if (denying)
        return (SipwhyDecision){.counts = true,
                                .denied = !allowing,
                                .allowed = allowing != NULL,
                                .by = allowing ? allowing : denying};
    const bool counts = (int)charge->severity >= policy->fail_on;
    return (SipwhyDecision){
        .counts = counts, .allowed = counts && allowing, .by = counts ? allowing : NULL};
}
