/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Small things as reports write them: numbers, times, frames. The caller frees what is
 * not constant.
 */
#ifndef SIPWHY_REPORT_WORDS_H
#define SIPWHY_REPORT_WORDS_H

#include "message.h"
#include "page.h"
#include "text.h"
#include "trace.h"

/** Adds an item to a block and frees its text. */
void sipwhy_block_take(SipwhyBlock *block, const char *name, char *text);

char *sipwhy_words_number(size_t number);

/** "2026-11-20 09:00:00.123", in UTC; `time` in microseconds since 1970. */
char *sipwhy_words_time(int64_t time);

/** The same for machines (RFC 3339): "2026-11-20T09:00:00.123456Z"; NULL where no calendar has it.
 */
char *sipwhy_words_instant(int64_t time);

/** "INVITE"; of a method without a number of its own "Request". Constant. */
const char *sipwhy_words_method(SipwhyLanguage language, SipwhyMethod method);

/** "488 Not Acceptable Here" */
char *sipwhy_words_code(SipwhyLanguage language, unsigned status);

/** "1, 2, 3", at most eight of them, with dots behind it when there are more. */
char *sipwhy_words_frames(SipwhyLanguage language, const uint32_t *frames, size_t count, bool more);

/** For qsort and g_array_sort: frame numbers (uint32_t), ascending. */
int sipwhy_frames_compare(const void *a, const void *b);

#endif
