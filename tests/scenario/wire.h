/* SPDX-License-Identifier: GPL-2.0-or-later
 * Carries messages over UDP, TCP, SCTP and WebSocket: connections, the clock, the frames. */
#ifndef SCENARIO_WIRE_H
#define SCENARIO_WIRE_H

#include "capture.h"
#include "scenario.h"

typedef struct Wire Wire;

/* scenario and capture are borrowed, and must live longer. */
Wire *wire_new(const Scenario *scenario, Capture *capture);
void wire_free(Wire *wire);

/* Sets the clock for an event. FALSE if its time lies before what is above. */
gboolean wire_begin(Wire *wire, const Step *step, GError **error);

/* Sends bytes from step->from to step->to; opens the connection if there is none. Returns the IP
 * packet (UDP only, else NULL) through ip, which may be quoted later; the caller owns it. */
gboolean wire_send(Wire *wire, const Step *step, const GString *bytes, GByteArray **ip,
                   GError **error);

gboolean wire_connect(Wire *wire, const Step *step, GError **error);
gboolean wire_close(Wire *wire, const Step *step, GError **error);
/* Breaks the connection; without one, step->from refuses one that step->to tries to open. */
gboolean wire_reset(Wire *wire, const Step *step, GError **error);
void wire_icmp(Wire *wire, const Step *step, const GByteArray *quoted);

/* Whether host opened (or would now open) its connection to peer. */
gboolean wire_is_client(const Wire *wire, guint host, guint peer);

/* FALSE if bytes are still held back. */
gboolean wire_finish(const Wire *wire, GError **error);

#endif
