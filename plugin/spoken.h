/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The language that the plugin speaks: the preference sipwhy.language.
 */
#ifndef SIPWHY_SPOKEN_H
#define SIPWHY_SPOKEN_H

#include <epan/prefs.h>

#include "knowledge.h"

/** The language of the preference; before it is read, and where it is automatic, that of the
 * environment. What Wireshark keeps from the start (menus, titles) changes with a restart. */
SipwhyLanguage spoken_language(void);

/** Adds the preference, with words in the language of the environment. */
void spoken_register(module_t *module);

#endif
