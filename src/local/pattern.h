/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A regular expression of the user's, whose costs are bounded whatever stands in it.
 */
#ifndef SIPWHY_LOCAL_PATTERN_H
#define SIPWHY_LOCAL_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "knowledge.h"

enum {
    SIPWHY_PATTERN_BYTES_MOST = 500,
    SIPWHY_SUBJECT_BYTES_MOST = 1024, /**< of a value that patterns are matched with */
};

typedef struct SipwhyPattern SipwhyPattern;

/** Compiles it (PCRE, any case). NULL and `*error` (freed by the caller) if it is wrong, too long,
 * or would take too much memory. */
SipwhyPattern *sipwhy_pattern_new(const char *text, SipwhyLanguage language, char **error);

void sipwhy_pattern_free(SipwhyPattern *pattern);

/** A measure of the memory that a pattern takes: its bytes, times the repetitions of groups. */
size_t sipwhy_pattern_cost(const char *text);

typedef enum {
    SIPWHY_PATTERN_FAILS,
    SIPWHY_PATTERN_MATCHES,
    SIPWHY_PATTERN_TAKES_LONG
} SipwhyMatch;

/** Whether it takes too many steps on a long row of a character of its own, or of a common one: a
 * sign, no proof. */
bool sipwhy_pattern_is_slow(const SipwhyPattern *pattern);

/** Whether it matches somewhere in a text, which is valid UTF-8. The number of steps is bounded. */
SipwhyMatch sipwhy_pattern_match(const SipwhyPattern *pattern, const char *subject);

#endif
