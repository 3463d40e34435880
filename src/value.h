/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A value that fills a placeholder: kept in a form that belongs to no language, written as each
 * language does.
 */
#ifndef SIPWHY_VALUE_H
#define SIPWHY_VALUE_H

#include "message.h"
#include "reason.h"
#include "text.h"

typedef enum {
    SIPWHY_VALUE_TEXT,     /**< as it is, in every language */
    SIPWHY_VALUE_DURATION, /**< "35 ms", "1.5 s", "32 s", "3 min" */
    SIPWHY_VALUE_WORD,     /**< a text of interface.ini: "the sender" */
    SIPWHY_VALUE_CODES,    /**< "403, 480 or 603" */
    SIPWHY_VALUE_REASON,   /**< what the tables say of a value of a Reason header */
} SipwhyValueKind;

typedef struct {
    SipwhyValueKind kind;
    union {
        char *text;       /**< owned */
        int64_t duration; /**< microseconds */
        SipwhyText word;
        SipwhyNumbers codes;       /**< constant */
        SipwhyGivenReason *reason; /**< owned; without its slices */
    };
} SipwhyValue;

/** The value as a language writes it; the caller frees the result. */
char *sipwhy_value_text(const SipwhyValue *value, SipwhyLanguage language);

/** Frees what a value holds; it is an empty text then. */
void sipwhy_value_clear(SipwhyValue *value);

/** A time in the unit that fits, with one decimal below 10. The caller frees the result. */
char *sipwhy_duration_text(int64_t microseconds, SipwhyLanguage language);

/** What comes from a packet, fit to be shown, and shortened to 60 bytes. The caller frees it. */
char *sipwhy_short_text(SipwhySlice slice);

/** Fills a template with `count` names and values; the caller frees the result. */
char *sipwhy_template_fill_values(const char *template, const char *const *names,
                                  const SipwhyValue *values, size_t count, SipwhyLanguage language);

#endif
