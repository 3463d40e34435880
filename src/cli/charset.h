/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Text for people in the character set of the locale, which need not be UTF-8.
 */
#ifndef SIPWHY_CLI_CHARSET_H
#define SIPWHY_CLI_CHARSET_H

#include <glib.h>
#include <stdio.h>

#include "language.h"

/** Sets the locale, and learns its character set. UTF-8, too, if the locale is not installed but
 * its name says so. */
void cli_charset_begin(void);

/**
 * The text, still in UTF-8, with only what the stream can show: "é" is "e" on a terminal of the C
 * locale. Elsewhere than on a terminal the C locale takes all. No-break blanks stay, since lines
 * are still to be broken. The caller frees it.
 */
char *cli_charset_simplify(FILE *stream, const char *text, SipwhyLanguage language);

/** Writes the text, simplified and converted, and flushes. FALSE: errno says why it broke. */
gboolean cli_charset_write(FILE *stream, const char *text, SipwhyLanguage language);

/** The character set that lacked letters of what has been simplified so far; NULL: none did. */
const char *cli_charset_lacking(void);

#endif
