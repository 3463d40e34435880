/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Members of a JSON object, one call each.
 */
#ifndef SIPWHY_REPORT_MEMBERS_H
#define SIPWHY_REPORT_MEMBERS_H

#include <json-glib/json-glib.h>

#include "knowledge.h"

/* NULL becomes null. */
static inline void add_string(JsonBuilder *json, const char *key, const char *value)
{
    json_builder_set_member_name(json, key);
    if (value)
        json_builder_add_string_value(json, value);
    else
        json_builder_add_null_value(json);
}

/* Takes the text; NULL becomes null. */
static inline void add_taken(JsonBuilder *json, const char *key, char *value)
{
    add_string(json, key, value);
    g_free(value);
}

static inline void add_number(JsonBuilder *json, const char *key, unsigned value)
{
    json_builder_set_member_name(json, key);
    json_builder_add_int_value(json, value);
}

static inline void add_count(JsonBuilder *json, const char *key, size_t count)
{
    json_builder_set_member_name(json, key);
    json_builder_add_int_value(json, (gint64)count);
}

/* A frame or a code: null stands for 0, which is none. */
static inline void add_positive(JsonBuilder *json, const char *key, unsigned number)
{
    if (number > 0)
        add_number(json, key, number);
    else
        add_string(json, key, NULL);
}

static inline void add_boolean(JsonBuilder *json, const char *key, bool value)
{
    json_builder_set_member_name(json, key);
    json_builder_add_boolean_value(json, value);
}

static inline void add_term(JsonBuilder *json, const char *key, SipwhyTermKind kind, int value)
{
    add_string(json, key, sipwhy_term_id(kind, value));
}

/* A key of NULL: it is an element of an array. */
static inline void begin_object(JsonBuilder *json, const char *key)
{
    if (key)
        json_builder_set_member_name(json, key);
    json_builder_begin_object(json);
}

static inline void begin_array(JsonBuilder *json, const char *key)
{
    json_builder_set_member_name(json, key);
    json_builder_begin_array(json);
}

static inline void add_lines(JsonBuilder *json, const char *key, SipwhyLines lines)
{
    begin_array(json, key);
    for (size_t i = 0; i < lines.count; i++)
        json_builder_add_string_value(json, lines.line[i]);
    json_builder_end_array(json);
}

#endif
