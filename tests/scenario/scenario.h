/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a scenario file says, before any message is built; captures/README.md describes the format.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <glib.h>

#include "packet.h"

typedef enum { TRANSPORT_UDP, TRANSPORT_TCP, TRANSPORT_SCTP, TRANSPORT_WS } Transport;

typedef struct {
    gchar *name;
    Address address;
    guint16 port;
    gchar *address_text; /* as in a URI: IPv6 within brackets */
    gchar *aor;          /* sip:user@domain; NULL for a host that serves nobody */
} Host;

typedef enum {
    STEP_REQUEST,  /* method, uri or NULL; or start_line */
    STEP_RESPONSE, /* code, phrase; or start_line */
    STEP_RAW,      /* body is everything */
    STEP_FORWARD,  /* which or NULL, uri or NULL */
    STEP_AGAIN,    /* which or NULL */
    STEP_ICMP,     /* icmp, which or NULL */
    STEP_CONNECT,
    STEP_CLOSE,
    STEP_RESET,
} StepKind;

typedef enum { EDIT_SET, EDIT_DELETE, EDIT_LINE } EditKind;

/* A header line under a message. */
typedef struct {
    EditKind kind;
    gchar *name;    /* not for EDIT_LINE */
    GString *value; /* for EDIT_LINE the whole line, without its end */
} Edit;

/* Where a message is cut into segments: at an offset, or after the first place where text stands.
 */
typedef struct {
    gsize offset;
    gchar *after;
} Cut;

/* One event of the ladder. */
typedef struct {
    StepKind kind;
    guint line;
    gint64 at_us;
    gboolean relative;
    guint from, to; /* indexes of Scenario.hosts */
    gchar *call;
    guint snaplen;

    gchar *method, *uri;
    guint code;
    gchar *phrase;
    GString *start_line; /* set: taken literally */
    gchar *which;        /* METHOD or code that picks an earlier message */
    gchar *icmp;

    GArray *edits;  /* Edit */
    GArray *cuts;   /* Cut */
    GString *body;  /* NULL: none */
    gchar **codecs; /* of an sdp line; NULL: no such line */
    gboolean hold, record_route;
    gboolean unseen; /* the capture does not have it */
    gchar *user, *password; /* of a credentials line */
} Step;

typedef struct {
    gchar *name;      /* from the file name; part of every Call-ID */
    GPtrArray *hosts; /* Host */
    GPtrArray *steps; /* Step */
    GArray *links;    /* Link */
} Scenario;

#define SCENARIO_ERROR (g_quark_from_static_string("scenario"))
enum { SCENARIO_ERROR_FILE, SCENARIO_ERROR_INPUT };

/* Reads a scenario. On failure NULL and an error: SCENARIO_ERROR_FILE if path cannot be read,
 * SCENARIO_ERROR_INPUT with the message "LINE: reason" if its text is wrong. */
Scenario *scenario_read(const gchar *path, GError **error);
void scenario_free(Scenario *scenario);

/* A new event at the end, empty, owned by the scenario. */
Step *scenario_add_step(Scenario *scenario);

Transport scenario_transport(const Scenario *scenario, guint a, guint b);
const Host *scenario_host(const Scenario *scenario, guint index);

/* Sets SCENARIO_ERROR_INPUT with "LINE: " and the formatted reason; returns FALSE. */
gboolean scenario_fail(GError **error, guint line, const gchar *format, ...) G_GNUC_PRINTF(3, 4);

#endif
