/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Words that people type for codes and classes.
 */
#ifndef SIPWHY_PARSE_H
#define SIPWHY_PARSE_H

#include <stdbool.h>

/** Whether it is digits only, however many. */
bool sipwhy_is_number(const char *text);

/** A number of digits only, up to `most`; false if it is none. */
bool sipwhy_parse_number(const char *text, unsigned most, unsigned *number);

/** The digit of "4xx" (or "4XX"), 1 to 6; 0 if it is no class. */
unsigned sipwhy_parse_class(const char *text);

/** Whether it has the form of a class, and there is none of that digit ("7xx"). */
bool sipwhy_is_no_class(const char *text);

#endif
