/* SPDX-License-Identifier: GPL-2.0-or-later
 * Fills in the headers that a scenario leaves out. */
#ifndef SCENARIO_FILL_H
#define SCENARIO_FILL_H

#include "ladder.h"

/* A request of step->from; its top Via carries *branch (the caller frees), which is that of an
 * earlier INVITE for CANCEL and for ACK after a refusal. NULL and an error if there is nothing to
 * cancel, acknowledge or authenticate. */
Message *fill_request(Ladder *ladder, Call *call, const Step *step, gchar **branch, GError **error);
/* An answer to a transaction. NULL and an error if its SDP cannot be written. */
Message *fill_response(Ladder *ladder, const Transaction *transaction, const Step *step,
                       GError **error);
/* What step->from passes on: a request gets another Via with branch, a response loses one. */
Message *fill_forwarded(Ladder *ladder, const Message *source, const Step *step,
                        const gchar *branch, GError **error);

#endif
