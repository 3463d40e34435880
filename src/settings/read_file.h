/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A file of the user's, whole: a policy, a baseline, local knowledge.
 */
#ifndef SIPWHY_SETTINGS_READ_FILE_H
#define SIPWHY_SETTINGS_READ_FILE_H

#include "text.h"

/**
 * The text of a file, without a byte order mark; the caller frees it. It is UTF-8 without NUL. NULL
 * and `*error` (a line with the file's name, freed by the caller) if it cannot be read, is longer
 * than `most` bytes, or is no such text.
 */
char *sipwhy_file_read(const char *file, size_t most, SipwhyLanguage language, char **error);

/** "FILE:LINE: text", or "FILE: text" where `line` is 0. Takes the text. */
char *sipwhy_file_error(const char *file, unsigned line, char *text);

#endif
