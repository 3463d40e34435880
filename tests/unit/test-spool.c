/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What goes into a spool stays as it is, in memory, in the file, and where no file can be.
 */
#include <glib.h>
#include <string.h>
#include <unistd.h>

#include "report/spool.h"

enum { PIECES = 3000, MEMORY = 100 * 1000 };

/* Pieces of 0 to 2990 bytes, some 4 MB together. */
static void fill(char *piece, unsigned n, size_t *length)
{
    *length = (size_t)(n * 7 % 300) * 10;
    memset(piece, (int)('a' + n % 26), *length);
}

static void check(size_t memory, gboolean has_file)
{
    SipwhySpool *spool = sipwhy_spool_new(memory);
    const char *copies[PIECES];
    char piece[3000];
    size_t length;

    for (unsigned i = 0; i < PIECES; i++) {
        fill(piece, i, &length);
        copies[i] = sipwhy_spool_copy(spool, piece, length);
    }
    g_assert_cmpint(sipwhy_spool_filed(spool) > 0, ==, has_file);
    for (unsigned i = 0; i < PIECES; i++) {
        fill(piece, i, &length);
        for (unsigned looks = 0; looks < 100; looks++)
            sipwhy_spool_look(spool);
        g_assert_true(memcmp(copies[i], piece, length) == 0);
    }
    sipwhy_spool_free(spool);
}

static void test_memory(void)
{
    check(SIPWHY_SPOOL_MEMORY, FALSE);
}

static void test_file(void)
{
    check(MEMORY, TRUE);
    check(0, TRUE);
}

static void test_no_file(void)
{
    g_setenv("TMPDIR", "/does/not/exist", TRUE);
    check(MEMORY, FALSE);
    g_unsetenv("TMPDIR");
}

/* One at a time takes the file that it was given; no other can be made here. */
static void test_given(void)
{
    const int file = sipwhy_spool_make_file();
    char *number = g_strdup_printf("%d", file);

    g_assert_cmpint(file, >, STDERR_FILENO);
    g_setenv("TMPDIR", "/does/not/exist", TRUE);
    g_setenv(SIPWHY_SPOOL_VARIABLE, number, TRUE);
    check(MEMORY, TRUE);
    check(MEMORY, TRUE);
    SipwhySpool *spool = sipwhy_spool_new(0);
    sipwhy_spool_copy(spool, "x", 1);
    check(MEMORY, FALSE);
    sipwhy_spool_free(spool);
    g_setenv(SIPWHY_SPOOL_VARIABLE, "77", TRUE); /* nothing stands there */
    check(MEMORY, FALSE);
    g_setenv(SIPWHY_SPOOL_VARIABLE, "0", TRUE);
    check(MEMORY, FALSE);
    g_unsetenv(SIPWHY_SPOOL_VARIABLE);
    g_unsetenv("TMPDIR");
    g_free(number);
    close(file);
}

/* A piece that is larger than any block. */
static void test_large(void)
{
    const size_t length = 9000000;
    char *bytes = g_malloc(length);
    SipwhySpool *spool = sipwhy_spool_new(0);

    memset(bytes, 'x', length);
    const char *copy = sipwhy_spool_copy(spool, bytes, length);
    sipwhy_spool_copy(spool, "y", 1);
    g_assert_true(memcmp(copy, bytes, length) == 0);
    sipwhy_spool_free(spool);
    g_free(bytes);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/spool/memory", test_memory);
    g_test_add_func("/spool/file", test_file);
    g_test_add_func("/spool/no-file", test_no_file);
    g_test_add_func("/spool/given", test_given);
    g_test_add_func("/spool/large", test_large);
    return g_test_run();
}
