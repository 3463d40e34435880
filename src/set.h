/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A set of entries that are found by a number of 64 bits. It may have millions, and says so when
 * there is no memory for more: GLib's tables end the program then.
 */
#ifndef SIPWHY_SET_H
#define SIPWHY_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t key; /**< a hash: its bits are used as they are */
    void *entry;  /**< NULL: the place is free */
} SipwhySetPlace;

/** Begins as {0}. Entries belong to the caller. */
typedef struct {
    SipwhySetPlace *places;
    size_t room; /**< a power of two, or 0 */
    size_t count;
} SipwhySet;

/** The entry of a key; NULL: there is none. */
void *sipwhy_set_find(const SipwhySet *set, uint64_t key);

/** Sees that `more` entries can be added; false when there is no memory for that. */
bool sipwhy_set_reserve(SipwhySet *set, size_t more);

/** Adds an entry, in the place of one with the same key. Room must have been reserved. */
void sipwhy_set_add(SipwhySet *set, uint64_t key, void *entry);

/** Frees the set, not its entries; it is empty then. */
void sipwhy_set_clear(SipwhySet *set);

#endif
