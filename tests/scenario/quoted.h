/* SPDX-License-Identifier: GPL-2.0-or-later
 * Quoted bytes in a scenario: "text\r\n\x00" * 3 "more". */
#ifndef SCENARIO_QUOTED_H
#define SCENARIO_QUOTED_H

#include <glib.h>

/* Appends to bytes what one or more quoted strings stand for. Escapes: \r \n \t \0 \" \\ \xHH;
 * "..." * N repeats. Reads to the end of text; if rest is not NULL, stops before the first thing
 * that is not quoted and leaves its place there. Returns NULL, or the reason why text is wrong (a
 * static string). */
const gchar *quoted_append(GString *bytes, const gchar *text, const gchar **rest);

#endif
