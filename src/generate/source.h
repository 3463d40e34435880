/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One key file of data/, read strictly: every complaint names file, group, key and reason.
 */
#ifndef SIPWHY_GENERATE_SOURCE_H
#define SIPWHY_GENERATE_SOURCE_H

#include <glib.h>

#include "terms.h"

typedef struct Source Source;

enum { OPTIONAL = 0, REQUIRED = 1 };

/** Complaints so far, over all sources. */
unsigned source_error_count(void);

/**
 * Prints one complaint on stderr, once, and counts it. `source`, `group` and `key` may be NULL.
 * Says nothing any more once a file could not be loaded: everything may follow from that.
 */
void source_complain(const Source *source, const char *group, const char *key, const char *format,
                     ...) G_GNUC_PRINTF(4, 5);

/**
 * Loads `directory`/`name`; complaints call it `label`. Groups and keys that stand twice are
 * complained of. Returns an empty source (after a complaint) when the file cannot be read.
 * The caller frees it with source_free; texts taken from it live as long as it does.
 */
Source *source_load(const char *directory, const char *name, const char *label);
void source_free(Source *source);

/** Complains of each key, in the groups that both have, which one of them lacks, and of texts whose
 * {placeholders} differ. `model` is the same file of the default language. */
void source_match(Source *source, Source *model);

/** The groups in the order of the file; NULL-terminated, owned by the source. */
const char *const *source_groups(Source *source);
/** A group's keys in the order of the file; free with g_strfreev. */
char **source_keys(Source *source, const char *group);
gboolean source_has_group(Source *source, const char *group);

/** A value: not empty, no white space at its ends, no control character, no backslash; or NULL. */
const char *source_text(Source *source, const char *group, const char *key, int required);

/** A text for readers: a text of at most 200 bytes that ends with a full stop; or NULL. */
const char *source_sentence(Source *source, const char *group, const char *key, int required);

/** The sentences key1, key2, ... without a gap: `least` to `most` of them. Free the array. */
GPtrArray *source_sentences(Source *source, const char *group, const char *key, unsigned least,
                            unsigned most);

/** A list's items, stripped; empty when the key is missing. Free the array. */
GPtrArray *source_list(Source *source, const char *group, const char *key, int required);

/** The list "source": each "RFC NUMBER SECTION", or free text where no RFC says it. Free the array.
 */
GPtrArray *source_references(Source *source, const char *group);

/** A list of numbers between `first` and `last`. Free the array (of guint16). */
GArray *source_numbers(Source *source, const char *group, const char *key, unsigned first,
                       unsigned last);

/** A number between `first` and `last`, or `first` after a complaint. */
unsigned source_number(Source *source, const char *group, const char *key, unsigned first,
                       unsigned last);

/** The ids of a closed list, "a, b, c"; free it. */
char *source_term_ids(SipwhyTermKind kind);

/** A term of a closed list, or 0 after a complaint. */
int source_term(Source *source, const char *group, const char *key, SipwhyTermKind kind);

/** yes or no, or FALSE after a complaint. */
gboolean source_yes_no(Source *source, const char *group, const char *key);

/** Complains of every key, in every group, that nobody has asked for. */
void source_finish(Source *source);

/** Takes a group (it may be missing) as read: source_finish does not complain of its keys. */
void source_skip_group(Source *source, const char *group);

/** Complains of a whole group and skips it. */
void source_refuse_group(Source *source, const char *group, const char *reason);

/** A group's name as a number between `first` and `last`; refuses it and returns FALSE if not. */
gboolean source_group_number(Source *source, const char *group, unsigned first, unsigned last,
                             unsigned *number);

#endif
