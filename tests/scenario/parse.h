/* SPDX-License-Identifier: GPL-2.0-or-later
 * The lines of a scenario file: directives, events, and what is indented below an event. */
#ifndef SCENARIO_PARSE_H
#define SCENARIO_PARSE_H

#include "scenario.h"

/* Which hosts a transport line is about; ANY_HOST twice: all of them. */
#define ANY_HOST G_MAXUINT
typedef struct {
    guint a, b;
    Transport transport;
} Link;

typedef struct {
    Scenario *scenario;
    guint line;
    gchar *call;
    guint snaplen;
    Step *step; /* the event that indented lines belong to */
} Parser;

/* Takes one line without its end. On failure FALSE and SCENARIO_ERROR_INPUT. */
gboolean parse_line(Parser *parser, gchar *text, GError **error);

#endif
