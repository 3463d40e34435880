/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A key file of the user's, line by line. GKeyFile takes the last of two keys without a word, joins
 * groups, and does not say where something stands.
 */
#ifndef SIPWHY_SETTINGS_KEY_FILE_H
#define SIPWHY_SETTINGS_KEY_FILE_H

#include <stdbool.h>

/**
 * What is made of the lines of a key file; each function may end the reading by returning false.
 * Lines count from 1. Texts are without blanks at their ends, live as long as the call, and may be
 * changed. A backslash is a backslash.
 */
typedef struct {
    bool (*group)(void *data, unsigned line, char *name); /**< what stands between [ and ] */
    bool (*key)(void *data, unsigned line, char *key, char *value);
    bool (*other)(void *data, unsigned line, char *text); /**< no group, no key=value */
} SipwhyKeyFileReader;

/** Reads a text; empty lines and those that begin with # are left out. False: it was ended. */
bool sipwhy_key_file_read(const char *text, const SipwhyKeyFileReader *reader, void *data);

#endif
