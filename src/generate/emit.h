/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * C text for the tables: literals, arrays, and the initializers that point at them.
 *
 * An emit_*_array function appends a static array called `name` to `out` and returns the
 * initializer of the {pointer, count} pair that names it; the caller frees that.
 */
#ifndef SIPWHY_GENERATE_EMIT_H
#define SIPWHY_GENERATE_EMIT_H

#include "source.h"

/** Appends `text` as a C string literal, or NULL. */
void emit_literal(GString *out, const char *text);

/** Makes a C identifier of a group's name: "Q.850" becomes "Q_850". The caller frees it. */
char *emit_identifier(const char *name);

char *emit_lines_array(GString *out, const char *name, const GPtrArray *lines);
char *emit_numbers_array(GString *out, const char *name, const GArray *numbers);

/** The fixes key1 ... ("caller: Do this."), checked and appended. */
char *emit_fixes_array(GString *out, const char *name, Source *source, const char *group,
                       unsigned least, unsigned most);

/** How many sentences of a kind an entry must and may have. */
typedef struct {
    unsigned least;
    unsigned most;
} Range;

/** The sentences key1 ... of a group, checked and appended. */
char *emit_sentences(GString *out, const char *name, Source *source, const char *group,
                     const char *key, Range range);

/**
 * The sentences description1..., cause1... and fix1... of a group. Returns the three initializers
 * with commas between them; the caller frees that.
 */
char *emit_advice(GString *out, const char *name, Source *source, const char *group,
                  Range descriptions, Range causes, Range fixes);

/** The page of a source: RFC sections at rfc-editor.org, anything else at `otherwise`. */
char *emit_source_url(const char *source, const char *otherwise);

/** Appends `const TYPE *const TABLE[] = {name_en, name_fr, ...};`, a language without tables
 * taking the default's. */
void emit_word_tables(GString *out, const char *type, const char *table, const char *name,
                      const GPtrArray *languages);

#endif
