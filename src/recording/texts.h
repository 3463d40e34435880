/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Texts of a recording, each kept once: the same text is the same pointer.
 */
#ifndef SIPWHY_RECORDING_TEXTS_H
#define SIPWHY_RECORDING_TEXTS_H

#include <stddef.h>

typedef struct SipwhyTexts SipwhyTexts;

SipwhyTexts *sipwhy_texts_new(void);
void sipwhy_texts_free(SipwhyTexts *texts);

/** The text of these bytes, which have no NUL; it is terminated and lives as long as `texts`. */
const char *sipwhy_texts_keep(SipwhyTexts *texts, const char *bytes, size_t length);

#endif
