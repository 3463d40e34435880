/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What fuzz targets have in common: checks that end the program, and inputs of several parts.
 */
#ifndef SIPWHY_TESTS_FUZZ_CHECK_H
#define SIPWHY_TESTS_FUZZ_CHECK_H

#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "message.h"

enum { FUZZ_SEPARATOR = 0x1E /* stands between the parts of an input */ };

/** Takes the bytes: libFuzzer calls it, and replay.c. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                \
        }                                                                           \
    } while (0)

/** Takes the bytes before the next separator off `rest`, and the separator. Empty when nothing is
 * left. */
SipwhySlice fuzz_take_part(SipwhySlice *rest);

/** Ends the program unless a slice lies inside `whole`, or has no data; reads all of it, so that a
 * sanitizer sees a byte that is not ours. */
void fuzz_check_slice(SipwhySlice whole, SipwhySlice slice);

/** Ends the program unless it is one line of UTF-8 that can be shown; NULL is fine. */
void fuzz_check_line(const char *text);

/** A file in memory; `name`, of `most` bytes, becomes what it can be opened by. To be closed. */
int fuzz_make_file(SipwhySlice bytes, char *name, size_t most);

#endif
