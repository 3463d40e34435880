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

static inline void add_number(JsonBuilder *json, const char *key, unsigned value)
{
    json_builder_set_member_name(json, key);
    json_builder_add_int_value(json, value);
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

static inline void add_lines(JsonBuilder *json, const char *key, SipwhyLines lines)
{
    json_builder_set_member_name(json, key);
    json_builder_begin_array(json);
    for (size_t i = 0; i < lines.count; i++)
        json_builder_add_string_value(json, lines.line[i]);
    json_builder_end_array(json);
}

#endif
