/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Texts, each kept once.
 */
#include "recording/texts.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

enum { FIRST_SIZE = 1024, BLOCK = 1 << 16 };

typedef struct {
    const char *text; /* NULL: free */
    uint32_t length;
    uint32_t hash;
} Slot;

struct SipwhyTexts {
    GStringChunk *chunk;
    Slot *slots; /* a power of two, at most two thirds of them in use */
    size_t size;
    size_t count;
    uint64_t seed;
};

/* What comes from the wire decides on the texts: nobody shall know which of them collide. */
static uint32_t hash_text(const SipwhyTexts *texts, const char *bytes, size_t length)
{
    const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t hash = texts->seed ^ length;
    uint64_t word;

    for (; length >= sizeof word; bytes += sizeof word, length -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        hash = (hash ^ word) * factor;
        hash ^= hash >> 29;
    }
    word = 0;
    memcpy(&word, bytes, length);
    hash = (hash ^ word) * factor;
    hash = (hash ^ (hash >> 29)) * (texts->seed | 1);
    return (uint32_t)(hash >> 32);
}

/* The slot that has the text, or the free one where it goes. */
static Slot *find_slot(const SipwhyTexts *texts, const char *bytes, size_t length, uint32_t hash)
{
    size_t place = hash & (texts->size - 1);

    for (;; place = (place + 1) & (texts->size - 1)) {
        Slot *slot = &texts->slots[place];
        if (!slot->text || (slot->hash == hash && slot->length == length &&
                            memcmp(slot->text, bytes, length) == 0))
            return slot;
    }
}

static void grow(SipwhyTexts *texts)
{
    Slot *old = texts->slots;
    const size_t old_size = texts->size;

    texts->size *= 2;
    texts->slots = g_new0(Slot, texts->size);
    for (size_t i = 0; i < old_size; i++)
        if (old[i].text)
            *find_slot(texts, old[i].text, old[i].length, old[i].hash) = old[i];
    g_free(old);
}

SipwhyTexts *sipwhy_texts_new(void)
{
    SipwhyTexts *texts = g_new0(SipwhyTexts, 1);

    texts->chunk = g_string_chunk_new(BLOCK);
    texts->size = FIRST_SIZE;
    texts->slots = g_new0(Slot, texts->size);
    texts->seed = ((uint64_t)g_random_int() << 32) | g_random_int();
    return texts;
}

void sipwhy_texts_free(SipwhyTexts *texts)
{
    g_string_chunk_free(texts->chunk);
    g_free(texts->slots);
    g_free(texts);
}

const char *sipwhy_texts_keep(SipwhyTexts *texts, const char *bytes, size_t length)
{
    const uint32_t hash = hash_text(texts, bytes, length);
    Slot *slot = find_slot(texts, bytes, length, hash);

    if (slot->text)
        return slot->text;
    if (texts->count >= texts->size / 3 * 2) {
        grow(texts);
        slot = find_slot(texts, bytes, length, hash);
    }
    *slot = (Slot){g_string_chunk_insert_len(texts->chunk, bytes, (gssize)length), (uint32_t)length,
                   hash};
    texts->count++;
    return slot->text;
}
