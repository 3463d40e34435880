/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tables that src/generate/ writes. For the modules of src/ that look things up in them.
 */
#ifndef SIPWHY_TABLES_H
#define SIPWHY_TABLES_H

#include "finding.h"
#include "knowledge.h"

enum { SIPWHY_INDEX_SIZE = 1000 };

extern const unsigned sipwhy_language_count;
/** Per language: its id ("en") and its own name ("English"). */
extern const char *const sipwhy_language_ids[];
extern const char *const sipwhy_language_names[];

/** Per language: the texts of interface.ini, by SipwhyText; the labels of each kind of term. */
extern const char *const *const sipwhy_interface_texts[];
extern const char *const *const *const sipwhy_term_labels[];

/** Entries in ascending order; the index holds an entry's place plus one, 0 where there is none. */
extern const SipwhyCode sipwhy_codes[];
extern const size_t sipwhy_code_count;
extern const uint8_t sipwhy_code_index[SIPWHY_INDEX_SIZE];
/** Per language, as many as there are entries. */
extern const SipwhyCodeWords *const sipwhy_code_word_tables[];

/** Six classes, 1xx first. */
extern const SipwhyClass sipwhy_classes[];
extern const SipwhyClassWords *const sipwhy_class_word_tables[];

extern const SipwhyWarning sipwhy_warnings[];
extern const size_t sipwhy_warning_count;
extern const SipwhyNoteWords *const sipwhy_warning_word_tables[];

extern const SipwhyCause sipwhy_causes[];
extern const size_t sipwhy_cause_count;
extern const SipwhyNoteWords *const sipwhy_cause_word_tables[];

/** By SipwhyQ850Class. */
extern const SipwhyCauseClass sipwhy_cause_classes[];
extern const SipwhyNoteWords *const sipwhy_cause_class_word_tables[];

extern const SipwhyReason sipwhy_reasons[];
extern const size_t sipwhy_reason_count;
extern const SipwhyNoteWords *const sipwhy_reason_word_tables[];
/** Per language and protocol: a sentence on each registered value, NULL where there is none. */
extern const char *const *const *const sipwhy_reason_value_word_tables[];

/** By SipwhyFindingId: facts, and the wording that is the finding's own; those of its variants
 * follow, up to the next finding's. One more row ends the tables. */
extern const SipwhyFindingFacts sipwhy_finding_table[];
extern const SipwhyWording sipwhy_finding_wordings[];
/** Per language, by SipwhyWording. */
extern const SipwhyFindingWords *const sipwhy_finding_word_tables[];

#endif
