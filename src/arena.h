/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory that is taken piece by piece and given back all at once.
 */
#ifndef SIPWHY_ARENA_H
#define SIPWHY_ARENA_H

#include <stddef.h>

typedef struct SipwhyArena SipwhyArena;

SipwhyArena *sipwhy_arena_new(void);

/** Gives back everything that was taken from it. */
void sipwhy_arena_free(SipwhyArena *arena);

/** `size` zeroed bytes, aligned for any type. Never NULL: like GLib, it ends the program instead.
 */
void *sipwhy_arena_take(SipwhyArena *arena, size_t size);

/** A copy of `length` bytes, with a NUL behind them. */
char *sipwhy_arena_copy(SipwhyArena *arena, const char *bytes, size_t length);

#endif
