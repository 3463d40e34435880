/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fields and expert items. Their filter names are API; their labels follow the language.
 */
#ifndef SIPWHY_FIELDS_H
#define SIPWHY_FIELDS_H

#include <epan/expert.h>
#include <epan/packet.h>

#include "finding.h"

typedef enum {
    FIELD_LOCAL,
    FIELD_LOCAL_TEXT,
    FIELD_LOCAL_URL,
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
    FIELD_REQUEST_IN,
    FIELD_OUTCOME_IN,
    FIELD_FINDING,
    FIELD_FINDING_TEXT,
    FIELD_FINDING_FIX,
    FIELD_EVIDENCE,
    FIELD_ORIGIN,
    FIELD_ORIGIN_EVIDENCE,
    FIELD_CALL_OUTCOME,
    FIELD_CALL_FINAL_CODE,
    FIELD_CALL_FINAL_IN,
    FIELD_CALL_PDD,
    FIELD_QUOTED,
    FIELD_QUOTED_CODE,
    FIELD_COUNT
} Field;

typedef enum {
    EXPERT_UNKNOWN_CODE,
    EXPERT_INVALID_CODE,
    EXPERT_CAUSE,
    EXPERT_FIX,
    EXPERT_COUNT
} Expert;

/** Registers all of them below `proto`. */
void fields_register(int proto);

/** Gives all of them their labels in a language. */
void fields_speak(SipwhyLanguage language);

/** The id of a field, for proto_tree_add_*. */
int field_id(Field field);

/** An expert item, for expert_add_info*. */
expert_field *expert_item(Expert expert);

/** The expert item of a class of responses, for one of that severity. */
expert_field *expert_class(const SipwhyClass *class, SipwhySeverity severity);

/** The expert item of a finding, and the words that it shows: a few, so that they can be counted.
 */
expert_field *expert_finding(SipwhyFindingId id);
const char *expert_finding_label(SipwhyFindingId id);

/** Wireshark's number (PI_WARN) of a severity of ours. */
int expert_severity(SipwhySeverity severity);

/** The subtrees that hold a response's items, a finding's, and those of local knowledge. */
gint fields_subtree(void);
gint fields_finding_subtree(void);
gint fields_local_subtree(void);

#endif
