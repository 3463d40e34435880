/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What somebody who mistyped a name is likely to have meant.
 */
#ifndef SIPWHY_SETTINGS_NEAREST_H
#define SIPWHY_SETTINGS_NEAREST_H

#include "text.h"

/**
 * How many slips lead from one word to the other: a letter that is missing, one too many, a wrong
 * one, or two that changed places. Letters of ASCII are compared without case. Words of more than
 * 63 bytes are as far apart as they are long.
 */
unsigned sipwhy_distance(const char *one, const char *other);

/**
 * The name of a NULL-terminated list with the fewest slips; among several the one that begins most
 * like the word, then the first. NULL if all of them are too far away to have been meant.
 */
const char *sipwhy_nearest(const char *word, const char *const *names);

/** "text; did you mean "name"?", or the text itself where no name is near (NULL). Takes the text.
 */
char *sipwhy_suggest(SipwhyLanguage language, char *text, const char *name);

#endif
