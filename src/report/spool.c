/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bytes that are kept until a report is written.
 */
#include "spool.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK_LEAST = 64 * 1024, BLOCK_MOST = 4 * 1024 * 1024, LOOKS_MOST = 64 * 1024 };

typedef struct {
    char *bytes;
    size_t size;
    size_t used;
    bool filed;
} Block;

struct SipwhySpool {
    GArray *blocks; /* Block; bytes go to the last one */
    size_t memory;  /* so much of it goes to memory */
    size_t size;    /* of all blocks */
    size_t filed;   /* of those in the file */
    int file;       /* -1: not made yet */
    unsigned looks; /* since pages were given back */
    bool no_file;   /* there is no room for one */
    bool has_given; /* it is the given one, which stays open */
};

static bool given_is_taken;

static void close_file(const SipwhySpool *spool)
{
    if (spool->has_given)
        given_is_taken = false;
    else if (spool->file >= 0)
        close(spool->file);
}

SipwhySpool *sipwhy_spool_new(size_t memory)
{
    SipwhySpool *spool = g_new0(SipwhySpool, 1);

    spool->blocks = g_array_new(FALSE, FALSE, sizeof(Block));
    spool->memory = memory;
    spool->file = -1;
    return spool;
}

void sipwhy_spool_free(SipwhySpool *spool)
{
    if (!spool)
        return;
    for (unsigned i = 0; i < spool->blocks->len; i++) {
        Block *block = &g_array_index(spool->blocks, Block, i);
        if (block->filed)
            munmap(block->bytes, block->size);
        else
            g_free(block->bytes);
    }
    g_array_free(spool->blocks, TRUE);
    close_file(spool);
    g_free(spool);
}

/* What is large belongs into /var/tmp: /tmp may be memory itself. */
int sipwhy_spool_make_file(void)
{
    const char *folder = g_getenv("TMPDIR");
    char *path = g_build_filename(folder && *folder ? folder : "/var/tmp", "sipwhy-XXXXXX", NULL);
    int file = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);

    if (file >= 0)
        g_unlink(path);
    g_free(path);
    return file;
}

/* The file that whoever started this program has made for it; -1: there is none. */
static int find_given(void)
{
    const char *word = g_getenv(SIPWHY_SPOOL_VARIABLE);
    guint64 number = 0;
    struct stat status;

    if (!word || !g_ascii_string_to_unsigned(word, 10, STDERR_FILENO + 1, G_MAXINT, &number, NULL))
        return -1;
    return fstat((int)number, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 0
               ? (int)number
               : -1;
}

static int open_file(SipwhySpool *spool)
{
    const int given = given_is_taken ? -1 : find_given();

    spool->has_given = given >= 0;
    given_is_taken = given_is_taken || spool->has_given;
    return spool->has_given ? given : sipwhy_spool_make_file();
}

/* A part of the file as memory; NULL: there is no room. The room is taken before it is used, so
 * that a full disk is found out here. */
static char *map(SipwhySpool *spool, size_t size)
{
    if (spool->no_file)
        return NULL;
    if (spool->file < 0)
        spool->file = open_file(spool);
    char *bytes = MAP_FAILED;
    if (spool->file >= 0 && posix_fallocate(spool->file, (off_t)spool->filed, (off_t)size) == 0)
        bytes =
            mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, spool->file, (off_t)spool->filed);
    spool->no_file = bytes == MAP_FAILED;
    return spool->no_file ? NULL : bytes;
}

static Block *add_block(SipwhySpool *spool, size_t least)
{
    const size_t usual = CLAMP(spool->size, BLOCK_LEAST, BLOCK_MOST);
    /* whole pages, of whatever size */
    const size_t size = (MAX(usual, least) + BLOCK_LEAST - 1) / BLOCK_LEAST * BLOCK_LEAST;
    Block block = {.size = size};

    if (spool->size + size > spool->memory)
        block.bytes = map(spool, size);
    block.filed = block.bytes != NULL;
    if (!block.filed)
        block.bytes = g_malloc(size);
    spool->size += size;
    spool->filed += block.filed ? size : 0;
    g_array_append_val(spool->blocks, block);
    /* cppcheck-suppress memleak ; the array keeps it */
    return &g_array_index(spool->blocks, Block, spool->blocks->len - 1);
}

/* The pages of the file stay in it. */
static void give_back(const Block *block)
{
    if (block->filed)
        madvise(block->bytes, block->size, MADV_DONTNEED);
}

void sipwhy_spool_look(SipwhySpool *spool)
{
    if (spool->filed == 0 || ++spool->looks < LOOKS_MOST)
        return;
    spool->looks = 0;
    for (unsigned i = 0; i < spool->blocks->len; i++)
        give_back(&g_array_index(spool->blocks, Block, i));
}

const char *sipwhy_spool_copy(SipwhySpool *spool, const char *bytes, size_t length)
{
    const unsigned count = spool->blocks->len;
    Block *block = count > 0 ? &g_array_index(spool->blocks, Block, count - 1) : NULL;

    if (!block || length > block->size - block->used) {
        if (block)
            give_back(block);
        block = add_block(spool, length);
    }
    char *copy = block->bytes + block->used;
    memcpy(copy, bytes, length);
    block->used += length;
    return copy;
}

size_t sipwhy_spool_filed(const SipwhySpool *spool)
{
    return spool->filed;
}
