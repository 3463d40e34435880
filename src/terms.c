/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Ids of the closed lists of terms.h.
 */
#include "terms.h"

#include <stddef.h>
#include <string.h>

#define TERM_ID(name, id) id,
#define TERM_IDS(type, NAME, LIST, label_prefix) \
    static const char *const ids_of_##NAME[] = {LIST(TERM_ID)};
SIPWHY_TERM_LISTS(TERM_IDS)

#define TERM_LIST(type, NAME, LIST, label_prefix) \
    {ids_of_##NAME, SIPWHY_##NAME##_COUNT, label_prefix},
static const struct {
    const char *const *ids;
    int count;
    const char *label_prefix;
} lists[SIPWHY_TERM_KIND_COUNT] = {SIPWHY_TERM_LISTS(TERM_LIST)};

const char *sipwhy_term_id(SipwhyTermKind kind, int value)
{
    return value >= 0 && value < lists[kind].count ? lists[kind].ids[value] : NULL;
}

const char *sipwhy_term_label_prefix(SipwhyTermKind kind)
{
    return lists[kind].label_prefix;
}

int sipwhy_term_value(SipwhyTermKind kind, const char *id)
{
    for (int value = 0; value < lists[kind].count; value++)
        if (strcmp(lists[kind].ids[value], id) == 0)
            return value;
    return -1;
}
