/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory that is taken piece by piece and given back all at once.
 */
#ifndef SIPWHY_ARENA_H
#define SIPWHY_ARENA_H

#include <stdbool.h>
#include <stddef.h>

typedef struct SipwhyArena SipwhyArena;

SipwhyArena *sipwhy_arena_new(void);

/** Gives back everything that was taken from it. */
void sipwhy_arena_free(SipwhyArena *arena);

/** Sees that the next 64 KiB can be taken; false when there is no memory for that. */
bool sipwhy_arena_reserve(SipwhyArena *arena);

/** `size` zeroed bytes, aligned for pointers and integers. Never NULL: where nothing is reserved and nothing is
 * left, it ends the program as GLib does. */
void *sipwhy_arena_take(SipwhyArena *arena, size_t size);

/** A copy of `length` bytes, with a NUL behind them. */
char *sipwhy_arena_copy(SipwhyArena *arena, const char *bytes, size_t length);

#endif
