/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the software itself says, in the reader's language (data/<language>/interface.ini).
 */
#ifndef SIPWHY_TEXT_H
#define SIPWHY_TEXT_H

#include <glib.h>

#include "interface.h" /* SipwhyText, made from data/ */
#include "knowledge.h"

/** A text as it stands in interface.ini; constant. */
const char *sipwhy_text(SipwhyLanguage language, SipwhyText text);

/**
 * A text with its {placeholders} filled in: up to eight pairs of name and value (both const char *)
 * follow, ended by NULL. A placeholder that no pair names stays as it is. The caller frees the
 * result.
 */
char *sipwhy_text_format(SipwhyLanguage language, SipwhyText text, ...) G_GNUC_NULL_TERMINATED;

/**
 * A template with its {placeholders} filled in by `count` names and values; what no name stands
 * for stays as it is. The caller frees the result.
 */
char *sipwhy_template_fill(const char *template, const char *const *names,
                           const char *const *values, size_t count);

/** The label of a term ("user agent"); NULL when `value` is not in the list. */
const char *sipwhy_term_label(SipwhyLanguage language, SipwhyTermKind kind, int value);

/** The name of a class ("Client failure"); constant. */
const char *sipwhy_class_name(SipwhyLanguage language, const SipwhyClass *class);

/** "label: text", with the colon as the language's typography has it. The caller frees the result.
 */
char *sipwhy_labelled_text(SipwhyLanguage language, const char *label, const char *text);

/** A fix with the one who carries it out: "Caller: Send ...". The caller frees the result. */
char *sipwhy_fix_text(SipwhyLanguage language, const SipwhyFix *fix);

/**
 * The plain statement that a code is not registered, or is no SIP status code, and what a client
 * makes of it (RFC 3261 8.1.3.2). NULL for a registered code. The caller frees the result.
 */
char *sipwhy_registration_text(SipwhyLanguage language, unsigned status);

/**
 * The description of a code as lines of at most 240 bytes: what sipwhy_registration_text says of a
 * code without an entry, then the table's own. NULL-terminated; free with g_strfreev.
 */
char **sipwhy_description_lines(SipwhyLanguage language, const SipwhyExplanation *explanation);

/**
 * Bytes from a packet or a command line made fit to be shown in one line: valid UTF-8, with U+FFFD
 * for control characters and for those that reorder text. The caller frees the result.
 */
char *sipwhy_printable_text(const char *bytes, size_t length);

/** Whether bytes are such a text as they are, in ASCII. */
bool sipwhy_is_printable_ascii(const char *bytes, size_t length);

/** "488 Not Acceptable Here"; only the number of a code without a phrase. The caller frees it. */
char *sipwhy_code_title(const SipwhyExplanation *explanation);

#endif
