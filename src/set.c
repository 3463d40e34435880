/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A set of entries that are found by a number of 64 bits: a table of places, in which an entry
 * stands at its key or behind it.
 */
#include "set.h"

#include <glib.h>

enum { ROOM_LEAST = 64 };

/* The place of a key, or the free one where it would stand. */
static SipwhySetPlace *find_place(const SipwhySet *set, uint64_t key)
{
    size_t at = (size_t)(key ^ key >> 32) & (set->room - 1);

    while (set->places[at].entry && set->places[at].key != key)
        at = (at + 1) & (set->room - 1);
    return &set->places[at];
}

void *sipwhy_set_find(const SipwhySet *set, uint64_t key)
{
    return set->room > 0 ? find_place(set, key)->entry : NULL;
}

bool sipwhy_set_reserve(SipwhySet *set, size_t more)
{
    SipwhySet larger = {.room = MAX(set->room, ROOM_LEAST), .count = set->count};

    if (set->count + more <= set->room / 4 * 3)
        return true;
    while (set->count + more > larger.room / 4 * 3)
        larger.room *= 2;
    larger.places = g_try_new0(SipwhySetPlace, larger.room);
    if (!larger.places)
        return false;
    for (size_t i = 0; i < set->room; i++)
        if (set->places[i].entry)
            *find_place(&larger, set->places[i].key) = set->places[i];
    g_free(set->places);
    *set = larger;
    return true;
}

void sipwhy_set_add(SipwhySet *set, uint64_t key, void *entry)
{
    SipwhySetPlace *place = find_place(set, key);

    if (!place->entry)
        set->count++;
    *place = (SipwhySetPlace){key, entry};
}

void sipwhy_set_clear(SipwhySet *set)
{
    g_free(set->places);
    *set = (SipwhySet){0};
}
