/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * JSON Lines, written member by member. There is no tree of the object: making and freeing one of
 * json-glib's took most of the time of a report on a large capture.
 *
 * A line looks like what json-glib would make of the same members. A key of NULL: the value is an
 * element of an array, or all there is. Keys are ours and are written as they are; texts are UTF-8.
 */
#ifndef SIPWHY_REPORT_JSON_LINE_H
#define SIPWHY_REPORT_JSON_LINE_H

#include <stdio.h>

#include "knowledge.h"
#include "message.h"

/** A line so far; {0} is none. Several lines may be made with one, one after the other. */
typedef struct {
    char *text; /**< not terminated; NULL: there is none */
    size_t length;
    size_t size;
} SipwhyJsonLine;

/** Begins the object of a line with its "type". */
void sipwhy_json_line_begin(SipwhyJsonLine *line, const char *type);

/** Ends the object, and writes the line. */
void sipwhy_json_line_end(SipwhyJsonLine *line, FILE *out);

/** Frees what it holds. */
void sipwhy_json_line_clear(SipwhyJsonLine *line);

void sipwhy_json_line_open_object(SipwhyJsonLine *line, const char *key);
void sipwhy_json_line_close_object(SipwhyJsonLine *line);
void sipwhy_json_line_open_array(SipwhyJsonLine *line, const char *key);
void sipwhy_json_line_close_array(SipwhyJsonLine *line);

/** NULL becomes null. */
void sipwhy_json_line_string(SipwhyJsonLine *line, const char *key, const char *value);
/** Takes the text; NULL becomes null. */
void sipwhy_json_line_taken(SipwhyJsonLine *line, const char *key, char *value);
/** Bytes of a packet as sipwhy_printable_text shows them; those at NULL become null. */
void sipwhy_json_line_slice(SipwhyJsonLine *line, const char *key, SipwhySlice slice);
void sipwhy_json_line_number(SipwhyJsonLine *line, const char *key, size_t number);
/** A frame or a code: null stands for 0, which is none. */
void sipwhy_json_line_positive(SipwhyJsonLine *line, const char *key, unsigned number);
/** A finite number, exactly; it has a point. */
void sipwhy_json_line_double(SipwhyJsonLine *line, const char *key, double number);
void sipwhy_json_line_boolean(SipwhyJsonLine *line, const char *key, bool value);
/** The id of the value of a term; null where there is none. */
void sipwhy_json_line_term(SipwhyJsonLine *line, const char *key, SipwhyTermKind kind, int value);
void sipwhy_json_line_lines(SipwhyJsonLine *line, const char *key, SipwhyLines lines);

/** Adds members that another line has: its text from some `length` on. They are not the first. */
void sipwhy_json_line_again(SipwhyJsonLine *line, const char *members, size_t length);

#endif
