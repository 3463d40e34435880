/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A malloc that fails, for LD_PRELOAD. Of the requests of FAIL_LEAST to FAIL_MOST bytes, which are
 * counted from 1, the one with the number FAIL_AT fails, with FAIL_ALL=1 all behind it as well.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* What the C library calls these functions of its own. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

#define SHOWN __attribute__((visibility("default")))

static unsigned long at, least, most, count;
static bool all;

/* Before main, and so before threads. */
__attribute__((constructor)) static void read_environment(void)
{
    const char *text[] = {getenv("FAIL_LEAST"), getenv("FAIL_MOST"), getenv("FAIL_AT"),
                          getenv("FAIL_ALL")};

    least = text[0] ? strtoul(text[0], NULL, 10) : 0;
    most = text[1] ? strtoul(text[1], NULL, 10) : SIZE_MAX;
    all = text[3];
    at = text[2] ? strtoul(text[2], NULL, 10) : 0;
}

static bool fails(size_t size)
{
    if (at == 0 || size < least || size > most)
        return false;
    const unsigned long number = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
    if (number != at && !(all && number > at))
        return false;
    errno = ENOMEM;
    return true;
}

SHOWN void *malloc(size_t size)
{
    return fails(size) ? NULL : __libc_malloc(size);
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): names of the C library */
SHOWN void *calloc(size_t number, size_t size)
{
    size_t whole;

    if (__builtin_mul_overflow(number, size, &whole) || fails(whole))
        return NULL;
    return __libc_calloc(number, size);
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): likewise */
SHOWN void *realloc(void *old, size_t size)
{
    return fails(size) ? NULL : __libc_realloc(old, size);
}
