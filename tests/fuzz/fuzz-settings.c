/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: what a user hands to `sipwhy check`, as a policy and as a baseline.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                \
        }                                                                           \
    } while (0)

/* A file in memory, and the name it can be opened by. */
static int make_file(const uint8_t *bytes, size_t length, char *name, size_t most)
{
    const int file = memfd_create("settings", MFD_CLOEXEC);

    CHECK(file >= 0);
    for (size_t done = 0; done < length;) {
        const ssize_t count = write(file, bytes + done, length - done);
        CHECK(count > 0);
        done += (size_t)count;
    }
    g_snprintf(name, (gulong)most, "/proc/self/fd/%d", file);
    return file;
}

/* A fault is one line of text. */
static void check_error(bool read, char *error)
{
    CHECK(read == !error);
    if (error)
        CHECK(g_utf8_validate(error, -1, NULL) && !strchr(error, '\n'));
    g_free(error);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char name[64];
    char *error = NULL;
    const int file = make_file(bytes, length, name, sizeof name);
    SipwhyPolicy *policy = sipwhy_policy_read(name, 0, &error);

    check_error(policy, error);
    sipwhy_policy_free(policy);
    SipwhyBaseline *baseline = sipwhy_baseline_read(name, 0, &error);
    check_error(baseline, error);
    sipwhy_baseline_free(baseline);
    close(file);
    return 0;
}
