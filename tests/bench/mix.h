/* SPDX-License-Identifier: GPL-2.0-or-later
 * The scripts that flows follow, and how many flows of a hundred follow which. */
#ifndef BENCH_MIX_H
#define BENCH_MIX_H

#include <glib.h>

enum {
    STEP_SDP = 1 << 0,
    STEP_HOP_BY_HOP = 1 << 1, /* a proxy does not relay it, but sends one of its own */
    STEP_IN_DIALOG = 1 << 2,
    STEP_RAISED = 1 << 3, /* the second CSeq number of its sender */
    STEP_BY_CALLEE = 1 << 4,
    STEP_CREDENTIALS = 1 << 5,
    STEP_TALK = 1 << 6,   /* media may flow from here on */
    STEP_QUIET = 1 << 7,  /* until here */
    STEP_NEXT = 1 << 8,   /* raises the CSeq number for good, and starts a transaction */
    STEP_REPEAT = 1 << 9, /* the message before once more */
};

/* A message of a script: a request, or the response to one if it has a code. A step without method
 * ends the script; the flow is over min_ms after the step before. */
typedef struct {
    const gchar *method;
    guint code, transaction, flags;
    guint min_ms, max_ms; /* since the step before */
    guint back;           /* so many steps back it goes on, until the flow has sent its length */
} Step;

/* How a flow is started. */
typedef enum {
    FLOW_CALL,
    FLOW_DIRECT, /* a call without proxy */
    FLOW_CHAIN,  /* a call through as many proxies as the length says */
    FLOW_OPENED, /* the beginning of a direct call; its end is a flow of its own, once all have
                    begun */
    FLOW_REGISTRATION,
    FLOW_GUESS, /* one more REGISTER with the Call-ID of those before */
    FLOW_PING,
    FLOW_REFUSED, /* a call that is refused with any of mix_refusals */
} FlowKind;

typedef struct {
    FlowKind kind;
    const Step *steps;
    gint percent;
} Share;

enum { MIX_SHARES = 10 };

typedef struct {
    const gchar *name;
    guint at_once, length; /* unless told otherwise */
    gboolean tcp;
    Share shares[MIX_SHARES]; /* 100 percent together */
} Mix;

extern const Step mix_renewal[], mix_closed[];

/* The mixes, with a NULL name behind the last. */
extern const Mix mixes[];

/* NULL: there is none of that name. */
const Mix *mix_find(const gchar *name);

/* The script of a call that is refused. */
typedef struct {
    Step steps[5];
} Refusal;

/* The codes that refuse a call: as many as there are, and a script for the n-th. */
guint mix_refusals(void);
void mix_refuse(Refusal *refusal, guint n);

#endif
