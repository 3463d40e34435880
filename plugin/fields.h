/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fields and expert items. Their filter names are API; their labels follow the language.
 */
#ifndef SIPWHY_FIELDS_H
#define SIPWHY_FIELDS_H

#include <epan/expert.h>
#include <epan/packet.h>

#include "text.h"

typedef enum {
    FIELD_CODE,
    FIELD_PHRASE,
    FIELD_WIRE_PHRASE,
    FIELD_NOTE,
    FIELD_CLASS,
    FIELD_REGISTERED,
    FIELD_SEVERITY,
    FIELD_CATEGORY,
    FIELD_EXPECTED,
    FIELD_DESCRIPTION,
    FIELD_CAUSE,
    FIELD_FIX,
    FIELD_NEXT,
    FIELD_PRACTICE,
    FIELD_HEADER,
    FIELD_RELATED,
    FIELD_REFERENCE,
    FIELD_URL,
    FIELD_QUOTED,
    FIELD_QUOTED_CODE,
    FIELD_COUNT
} Field;

typedef enum {
    EXPERT_PROVISIONAL, /* the six classes in order */
    EXPERT_SUCCESS,
    EXPERT_REDIRECTION,
    EXPERT_CLIENT_FAILURE,
    EXPERT_SERVER_FAILURE,
    EXPERT_GLOBAL_FAILURE,
    EXPERT_UNKNOWN_CODE,
    EXPERT_INVALID_CODE,
    EXPERT_QUOTED,
    EXPERT_CAUSE,
    EXPERT_FIX,
    EXPERT_COUNT
} Expert;

/** Registers all of them below `proto`. */
void fields_register(int proto, SipwhyLanguage language);

/** The id of a field, for proto_tree_add_*. */
int field_id(Field field);

/** An expert item, for expert_add_info*. */
expert_field *expert_item(Expert expert);

/** Wireshark's number (PI_WARN) of a severity of ours. */
int expert_severity(SipwhySeverity severity);

/** The subtree that holds a response's items. */
gint fields_subtree(void);

#endif
