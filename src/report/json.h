/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Knowledge for machines. Keys and ids are API and never change with the language; texts do, and
 * "language" says which one they are in.
 */
#ifndef SIPWHY_REPORT_JSON_H
#define SIPWHY_REPORT_JSON_H

#include <json-glib/json-glib.h>

#include "compare.h"
#include "explain.h"
#include "notes.h"

/** Adds an object on one code: {"type":"code", ...}, with "local":[...] if there is a list of
 * entries of local knowledge (NULL: there is none). */
void sipwhy_json_add_code(JsonBuilder *json, const SipwhyExplanation *explanation,
                          const SipwhyLocalEntry *const *local, SipwhyLanguage language);

/**
 * Adds the object on the code of a response, with "response":{"phrase":...,"notes":[...]}: what
 * sipwhy_explain_message says of this one.
 */
void sipwhy_json_add_response(JsonBuilder *json, const SipwhyMessage *message,
                              const SipwhyExplanation *explanation,
                              const SipwhyLocalEntry *const *local, SipwhyLanguage language);

/** Adds an object on an entry of local knowledge. */
void sipwhy_json_add_local(JsonBuilder *json, const SipwhyLocalEntry *entry);

/** Adds an object on a file of local knowledge, and those of the SipwhyLocalFault that are its. */
void sipwhy_json_add_local_file(JsonBuilder *json, const SipwhyLocalFile *file,
                                const GPtrArray *faults);

/** Adds the short object of a list: {"type":"code","code":488,"phrase":...}. */
void sipwhy_json_add_code_line(JsonBuilder *json, const SipwhyExplanation *explanation);

/** Adds {"type":"class", ...}, with the numbers of its codes. */
void sipwhy_json_add_class(JsonBuilder *json, const SipwhyClass *class, SipwhyLanguage language);

/** Adds {"type":"warning"|"q850"|"reason", ...}. */
void sipwhy_json_add_warning(JsonBuilder *json, const SipwhyWarning *warning,
                             SipwhyLanguage language);
/** `number` has an entry, or is at most 127. */
void sipwhy_json_add_cause(JsonBuilder *json, unsigned number, SipwhyLanguage language);
void sipwhy_json_add_reason(JsonBuilder *json, const SipwhyReason *reason, SipwhyLanguage language);

/** Adds {"type":"finding", ...}; texts are templates with {words} that a trace fills in. */
void sipwhy_json_add_finding(JsonBuilder *json, SipwhyFindingId id, SipwhyLanguage language);

/** Adds {"type":"comparison", "codes":[...], "facts":[...], "distinctions":[...]}. */
void sipwhy_json_add_comparison(JsonBuilder *json, const SipwhyComparison *comparison);

/** The finished text, indented by two blanks and ended by a newline; the caller frees it. */
char *sipwhy_json_text(JsonBuilder *json);

#endif
