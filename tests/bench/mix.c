/* SPDX-License-Identifier: GPL-2.0-or-later
 * The scripts that flows follow, and how many flows of a hundred follow which. */
#include "mix.h"

#include <string.h>

enum { IN = STEP_IN_DIALOG, HOP = STEP_HOP_BY_HOP, CALLEE = STEP_BY_CALLEE };

static const Step answered[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0, 0},
    {"INVITE", 100, 0, HOP, 3, 20, 0},
    {"INVITE", 180, 0, 0, 100, 800, 0},
    {"INVITE", 200, 0, STEP_SDP | STEP_TALK, 2000, 9000, 0},
    {"ACK", 0, 1, IN, 5, 60, 0},
    {"BYE", 0, 2, IN | STEP_RAISED | STEP_QUIET, 8000, 90000, 0},
    {"BYE", 200, 2, IN | STEP_RAISED, 3, 60, 0},
    {0},
};
static const Step answered_callee_ends[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0, 0},
    {"INVITE", 100, 0, HOP, 3, 20, 0},
    {"INVITE", 180, 0, 0, 100, 800, 0},
    {"INVITE", 200, 0, STEP_SDP | STEP_TALK, 2000, 9000, 0},
    {"ACK", 0, 1, IN, 5, 60, 0},
    {"BYE", 0, 2, IN | CALLEE | STEP_QUIET, 8000, 90000, 0},
    {"BYE", 200, 2, IN | CALLEE, 3, 60, 0},
    {0},
};
static const Step busy[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0, 0}, {"INVITE", 100, 0, HOP, 3, 20, 0},
    {"INVITE", 180, 0, 0, 100, 800, 0},  {"INVITE", 486, 0, 0, 500, 6000, 0},
    {"ACK", 0, 0, HOP, 2, 40, 0},        {0},
};
static const Step not_found[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0, 0},
    {"INVITE", 100, 0, HOP, 3, 20, 0},
    {"INVITE", 404, 0, 0, 20, 300, 0},
    {"ACK", 0, 0, HOP, 2, 40, 0},
    {0},
};
static const Step not_acceptable[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0, 0},
    {"INVITE", 100, 0, HOP, 3, 20, 0},
    {"INVITE", 488, 0, 0, 20, 200, 0},
    {"ACK", 0, 0, HOP, 2, 40, 0},
    {0},
};
static const Step cancelled[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0, 0}, {"INVITE", 100, 0, HOP, 3, 20, 0},
    {"INVITE", 180, 0, 0, 100, 800, 0},  {"CANCEL", 0, 0, HOP, 3000, 20000, 0},
    {"CANCEL", 200, 0, HOP, 3, 30, 0},   {"INVITE", 487, 0, 0, 3, 30, 0},
    {"ACK", 0, 0, HOP, 2, 40, 0},        {0},
};
static const Step registration[] = {
    {"REGISTER", 0, 0, 0, 0, 0, 0},
    {"REGISTER", 401, 0, 0, 3, 50, 0},
    {"REGISTER", 0, 1, STEP_RAISED | STEP_CREDENTIALS, 3, 50, 0},
    {"REGISTER", 200, 1, STEP_RAISED, 3, 80, 0},
    {0},
};
const Step mix_renewal[] = {
    {"REGISTER", 0, 0, STEP_CREDENTIALS, 0, 0, 0},
    {"REGISTER", 200, 0, 0, 3, 80, 0},
    {0},
};
static const Step ping[] = {
    {"OPTIONS", 0, 0, 0, 0, 0, 0},
    {"OPTIONS", 200, 0, 0, 3, 80, 0},
    {0},
};

static const Step short_call[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0, 0},
    {"INVITE", 100, 0, HOP, 1, 3, 0},
    {"INVITE", 200, 0, STEP_SDP | STEP_TALK, 3, 20, 0},
    {"ACK", 0, 1, IN, 1, 5, 0},
    {"BYE", 0, 2, IN | STEP_RAISED | STEP_QUIET, 20, 200, 0},
    {"BYE", 200, 2, IN | STEP_RAISED, 1, 5, 0},
    {0},
};
static const Step long_call[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0, 0},
    {"INVITE", 100, 0, HOP, 3, 20, 0},
    {"INVITE", 180, 0, 0, 100, 800, 0},
    {"INVITE", 200, 0, STEP_SDP | STEP_TALK, 2000, 9000, 0},
    {"ACK", 0, 1, IN, 5, 60, 0},
    {"INFO", 0, 2, IN | STEP_NEXT, 200, 3000, 0},
    {"INFO", 200, 2, IN, 3, 60, 0},
    {"UPDATE", 0, 2, IN | STEP_NEXT, 200, 3000, 0},
    {"UPDATE", 200, 2, IN, 3, 60, 0},
    {"INVITE", 0, 2, IN | STEP_NEXT | STEP_SDP, 200, 3000, 0},
    {"INVITE", 100, 2, IN | HOP, 3, 20, 0},
    {"INVITE", 200, 2, IN | STEP_SDP, 3, 60, 0},
    {"ACK", 0, 1, IN, 3, 60, 8},
    {"BYE", 0, 2, IN | STEP_NEXT | STEP_QUIET, 200, 3000, 0},
    {"BYE", 200, 2, IN, 3, 60, 0},
    {0},
};
static const Step opened[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0, 0}, {"INVITE", 100, 0, HOP, 3, 20, 0},
    {"INVITE", 180, 0, 0, 100, 300, 0},  {"INVITE", 200, 0, STEP_SDP, 200, 900, 0},
    {"ACK", 0, 1, IN, 5, 60, 0},         {0},
};
const Step mix_closed[] = {
    {"BYE", 0, 2, IN | STEP_RAISED, 0, 0, 0},
    {"BYE", 200, 2, IN | STEP_RAISED, 3, 60, 0},
    {0},
};
static const Step scan[] = {
    {"REGISTER", 0, 0, 0, 0, 0, 0},
    {"REGISTER", 401, 0, 0, 1, 20, 0},
    {0},
};
static const Step guess[] = {
    {"REGISTER", 0, 0, STEP_CREDENTIALS, 0, 0, 0},
    {"REGISTER", 401, 0, 0, 1, 20, 0},
    {0},
};

/* Nobody answers: Timer A of RFC 3261 17.1.1.2, until Timer B ends it. */
static const Step unanswered[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0, 0},
    {"INVITE", 0, 0, STEP_SDP | STEP_REPEAT, 500, 500, 0},
    {"INVITE", 0, 0, STEP_SDP | STEP_REPEAT, 1000, 1000, 0},
    {"INVITE", 0, 0, STEP_SDP | STEP_REPEAT, 2000, 2000, 0},
    {"INVITE", 0, 0, STEP_SDP | STEP_REPEAT, 4000, 4000, 0},
    {"INVITE", 0, 0, STEP_SDP | STEP_REPEAT, 8000, 8000, 0},
    {"INVITE", 0, 0, STEP_SDP | STEP_REPEAT, 16000, 16000, 0},
    {.min_ms = 2000},
};
static const Step not_acknowledged[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0, 0},
    {"INVITE", 100, 0, HOP, 3, 20, 0},
    {"INVITE", 200, 0, STEP_SDP, 2000, 9000, 0},
    {"INVITE", 200, 0, STEP_SDP | STEP_REPEAT, 500, 500, 0},
    {"INVITE", 200, 0, STEP_SDP | STEP_REPEAT, 1000, 1000, 0},
    {"INVITE", 200, 0, STEP_SDP | STEP_REPEAT, 2000, 2000, 0},
    {"INVITE", 200, 0, STEP_SDP | STEP_REPEAT, 4000, 4000, 0},
    {"INVITE", 200, 0, STEP_SDP | STEP_REPEAT, 4000, 4000, 0},
    {"INVITE", 200, 0, STEP_SDP | STEP_REPEAT, 4000, 4000, 0},
    {"BYE", 0, 2, IN | CALLEE, 16500, 16500, 0},
    {"BYE", 200, 2, IN | CALLEE, 3, 60, 0},
    {0},
};
static const Step refused_twice[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0, 0},
    {"INVITE", 407, 0, 0, 3, 50, 0},
    {"ACK", 0, 0, HOP, 2, 40, 0},
    {"INVITE", 0, 1, STEP_SDP | STEP_RAISED | STEP_CREDENTIALS, 3, 50, 0},
    {"INVITE", 407, 1, STEP_RAISED, 3, 50, 0},
    {"ACK", 0, 1, HOP | STEP_RAISED, 2, 40, 0},
    {0},
};
static const Step challenged_busy[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0, 0},
    {"INVITE", 407, 0, 0, 3, 50, 0},
    {"ACK", 0, 0, HOP, 2, 40, 0},
    {"INVITE", 0, 1, STEP_SDP | STEP_RAISED | STEP_CREDENTIALS, 3, 50, 0},
    {"INVITE", 100, 1, HOP | STEP_RAISED, 3, 20, 0},
    {"INVITE", 180, 1, STEP_RAISED, 100, 800, 0},
    {"INVITE", 486, 1, STEP_RAISED, 500, 6000, 0},
    {"ACK", 0, 1, HOP | STEP_RAISED, 2, 40, 0},
    {0},
};
static const Step registration_refused[] = {
    {"REGISTER", 0, 0, 0, 0, 0, 0},
    {"REGISTER", 401, 0, 0, 3, 50, 0},
    {"REGISTER", 0, 1, STEP_RAISED | STEP_CREDENTIALS, 3, 50, 0},
    {"REGISTER", 403, 1, STEP_RAISED, 3, 80, 0},
    {0},
};
static const Step bye_refused[] = {
    {"INVITE", 0, 0, STEP_SDP, 0, 0, 0},
    {"INVITE", 100, 0, HOP, 3, 20, 0},
    {"INVITE", 200, 0, STEP_SDP, 2000, 9000, 0},
    {"ACK", 0, 1, IN, 5, 60, 0},
    {"BYE", 0, 2, IN | STEP_RAISED, 8000, 90000, 0},
    {"BYE", 481, 2, IN | STEP_RAISED, 3, 60, 0},
    {0},
};

static const guint refusals[] = {
    300, 302, 380, 400, 402, 403, 404, 405, 406, 408, 410, 413, 414, 415, 416, 420,
    421, 422, 433, 436, 437, 438, 478, 480, 481, 482, 483, 484, 485, 486, 488, 491,
    493, 500, 501, 502, 503, 504, 505, 513, 555, 580, 600, 603, 604, 606, 607, 608,
};

#define MIXED                                                                                     \
    {                                                                                             \
        {FLOW_CALL, answered, 24}, {FLOW_CALL, answered_callee_ends, 14}, {FLOW_CALL, busy, 7},   \
            {FLOW_CALL, not_found, 4}, {FLOW_CALL, cancelled, 8}, {FLOW_CALL, not_acceptable, 3}, \
            {FLOW_REGISTRATION, registration, 22}, {FLOW_PING, ping, 18},                         \
    }

const Mix mixes[] = {
    {.name = "mixed", .at_once = 200, .length = 1, .shares = MIXED},
    {.name = "tcp", .at_once = 200, .length = 1, .tcp = TRUE, .shares = MIXED},
    {.name = "short",
     .at_once = 200,
     .length = 1,
     .shares = {{FLOW_CALL, short_call, 80}, {FLOW_CALL, not_found, 10}, {FLOW_PING, ping, 10}}},
    {.name = "long", .at_once = 20, .length = 1000, .shares = {{FLOW_CALL, long_call, 100}}},
    {.name = "registrations",
     .at_once = 200,
     .length = 1,
     .shares = {{FLOW_REGISTRATION, registration, 75}, {FLOW_PING, ping, 25}}},
    {.name = "failures",
     .at_once = 200,
     .length = 1,
     .shares = {{FLOW_REFUSED, NULL, 52},
                {FLOW_CALL, cancelled, 10},
                {FLOW_DIRECT, unanswered, 10},
                {FLOW_DIRECT, not_acknowledged, 6},
                {FLOW_CALL, refused_twice, 6},
                {FLOW_CALL, challenged_busy, 6},
                {FLOW_REGISTRATION, registration_refused, 6},
                {FLOW_CALL, bye_refused, 4}}},
    {.name = "concurrent", .at_once = 5000, .length = 1, .shares = {{FLOW_OPENED, opened, 100}}},
    {.name = "hops", .at_once = 1, .length = 10000, .shares = {{FLOW_CHAIN, not_found, 100}}},
    {.name = "flood",
     .at_once = 200,
     .length = 1,
     .shares = {{FLOW_REGISTRATION, scan, 90}, {FLOW_GUESS, guess, 10}}},
    {.name = "guesses", .at_once = 1, .length = 1, .shares = {{FLOW_GUESS, guess, 100}}},
    {0},
};

const Mix *mix_find(const gchar *name)
{
    for (const Mix *mix = mixes; mix->name; mix++)
        if (strcmp(mix->name, name) == 0)
            return mix;
    return NULL;
}

guint mix_refusals(void)
{
    return G_N_ELEMENTS(refusals);
}

void mix_refuse(Refusal *refusal, guint n)
{
    G_STATIC_ASSERT(sizeof refusal->steps == sizeof not_found);
    memcpy(refusal->steps, not_found, sizeof refusal->steps);
    refusal->steps[2].code = refusals[n];
}
