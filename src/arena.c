/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory that is taken piece by piece and given back all at once.
 */
#include "arena.h"

#include <glib.h>
#include <stddef.h>
#include <string.h>

enum { BLOCK_BYTES = 64 * 1024 };

typedef struct Block Block;
struct Block {
    Block *previous;
    size_t size;
    size_t used;
    max_align_t bytes[];
};

struct SipwhyArena {
    Block *block; /* the newest */
};

SipwhyArena *sipwhy_arena_new(void)
{
    return g_new0(SipwhyArena, 1);
}

void sipwhy_arena_free(SipwhyArena *arena)
{
    if (!arena)
        return;
    while (arena->block) {
        Block *previous = arena->block->previous;
        g_free(arena->block);
        arena->block = previous;
    }
    g_free(arena);
}

static char *take(SipwhyArena *arena, size_t size, size_t alignment)
{
    Block *block = arena->block;
    size_t start = block ? (block->used + alignment - 1) / alignment * alignment : 0;

    if (!block || start > block->size || size > block->size - start) {
        size_t bytes = MAX(size, BLOCK_BYTES);
        block = g_malloc(sizeof(Block) + bytes);
        block->previous = arena->block;
        block->size = bytes;
        start = 0;
        arena->block = block;
    }
    block->used = start + size;
    return (char *)block->bytes + start;
}

void *sipwhy_arena_take(SipwhyArena *arena, size_t size)
{
    return memset(take(arena, size, _Alignof(max_align_t)), 0, size);
}

char *sipwhy_arena_copy(SipwhyArena *arena, const char *bytes, size_t length)
{
    char *copy = take(arena, length + 1, 1);

    if (length > 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}
