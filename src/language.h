/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which language sipwhy speaks.
 */
#ifndef SIPWHY_LANGUAGE_H
#define SIPWHY_LANGUAGE_H

#include "knowledge.h"

/**
 * Finds the language of a tag or a locale name: "fr", "fr_CA.UTF-8", "FR-be".
 * Returns false when there is none of that name, and leaves `language` alone.
 */
bool sipwhy_language_find(const char *tag, SipwhyLanguage *language);

/**
 * The language of the environment, by gettext's rules: the first of LC_ALL, LC_MESSAGES and LANG
 * that is set; in it, C and POSIX mean English; otherwise LANGUAGE, a list with colons, goes
 * before. English when nothing fits.
 */
SipwhyLanguage sipwhy_language_from_environment(void);

/** Id ("fr") and own name ("Français") of a language; NULL past the last one. */
const char *sipwhy_language_id(SipwhyLanguage language);
const char *sipwhy_language_name(SipwhyLanguage language);

#endif
