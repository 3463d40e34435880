/* SPDX-License-Identifier: GPL-2.0-or-later
 * Plays a scenario: keeps calls, dialogs and transactions, and sends each message. */
#ifndef SCENARIO_LADDER_H
#define SCENARIO_LADDER_H

#include "message.h"
#include "wire.h"

#define NOBODY G_MAXUINT

/* What a call knows about one host. */
typedef struct {
    guint cseq;        /* of the last request that it made */
    guint invite_cseq; /* of the last INVITE */
    gchar *contact;    /* URI of its last Contact */
    gchar *route;      /* value of the Route header that its requests in the dialog carry */
    gchar *rack;       /* what its next PRACK acknowledges */
} Party;

/* Everything with one Call-ID. */
struct Call {
    gchar *name, *id;
    guint caller;                       /* sent the first request */
    guint callee;                       /* answered so that there is a dialog; else NOBODY */
    gboolean confirmed;                 /* by a 2xx */
    gchar *from_identity, *to_identity; /* of the first request, without tags */
    Party *parties;                     /* one per host */
};

/* One hop of a request. */
struct Transaction {
    Call *call;
    gchar *method, *branch;
    guint from, to;
    Message *request;
    Message *response;     /* the last one, or NULL */
    guint final_code;      /* 0: none yet */
    Transaction *upstream; /* of the request that was forwarded here */
};

typedef struct {
    const Scenario *scenario;
    Wire *wire;
    GPtrArray *calls, *transactions, *messages;
    guint *branches; /* counter per host */
} Ladder;

/* Plays the scenario into capture. On failure FALSE and SCENARIO_ERROR_INPUT. */
gboolean ladder_play(const Scenario *scenario, Capture *capture, GError **error);

/* For fill.c: the latest transaction of that method on a hop, or NULL. */
Transaction *ladder_find_transaction(const Ladder *ladder, const Call *call, const gchar *method,
                                     guint from, guint to);
/* The latest message that host received with one of these codes, or NULL. */
const Message *ladder_find_response(const Ladder *ladder, const Call *call, guint receiver,
                                    guint code, guint other_code);
gchar *ladder_new_branch(Ladder *ladder, guint host);

#endif
