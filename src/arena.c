/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory that is taken piece by piece and given back all at once.
 */
#include "arena.h"

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
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
    Block *spare; /* takes its place when it is full; NULL: none is at hand */
};

SipwhyArena *sipwhy_arena_new(void)
{
    return g_new0(SipwhyArena, 1);
}

void sipwhy_arena_free(SipwhyArena *arena)
{
    if (!arena)
        return;
    g_free(arena->spare);
    while (arena->block) {
        Block *previous = arena->block->previous;
        g_free(arena->block);
        arena->block = previous;
    }
    g_free(arena);
}

bool sipwhy_arena_reserve(SipwhyArena *arena)
{
    if (!arena->spare)
        arena->spare = g_try_malloc(sizeof(Block) + BLOCK_BYTES);
    return arena->spare;
}

/* A block with room for `size` bytes, which becomes the newest. */
static Block *add_block(SipwhyArena *arena, size_t size)
{
    const size_t bytes = MAX(size, BLOCK_BYTES);
    Block *block = bytes == BLOCK_BYTES ? g_steal_pointer(&arena->spare) : NULL;

    if (!block)
        block = g_malloc(sizeof(Block) + bytes);
    block->previous = arena->block;
    block->size = bytes;
    arena->block = block;
    return block;
}

static char *take(SipwhyArena *arena, size_t size, size_t alignment)
{
    Block *block = arena->block;
    size_t start = block ? (block->used + alignment - 1) / alignment * alignment : 0;

    if (!block || start > block->size || size > block->size - start) {
        block = add_block(arena, size);
        start = 0;
    }
    block->used = start + size;
    return (char *)block->bytes + start;
}

void *sipwhy_arena_take(SipwhyArena *arena, size_t size)
{
    return memset(take(arena, size, _Alignof(int64_t)), 0, size);
}

char *sipwhy_arena_copy(SipwhyArena *arena, const char *bytes, size_t length)
{
    char *copy = take(arena, length + 1, 1);

    if (length > 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}
