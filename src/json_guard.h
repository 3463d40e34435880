/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What json-glib had better not see.
 */
#ifndef SIPWHY_JSON_GUARD_H
#define SIPWHY_JSON_GUARD_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Whether json-glib may parse a text, which is UTF-8. It takes more than JSON (comments, other
 * quotes), calls itself for each level of brackets (`depth_most` may be open at a time), and makes
 * of an escape of half a surrogate pair what is no UTF-8, or ends the program. A text that may be
 * parsed need not be JSON.
 */
bool sipwhy_json_is_harmless(const char *text, size_t length, unsigned depth_most);

#endif
