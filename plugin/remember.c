/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Remember: what is known of the responses of each packet.
 */
#include "ws_compat.h"

#include "remember.h"

#include "text.h"

#include <epan/wmem_scopes.h>

/* Each byte may turn into the three of U+FFFD, and a label of the tree holds 240. */
enum { PHRASE_BYTES_MOST = 60 };

/* Packet number -> Record, in file scope. */
static wmem_map_t *records;

void remember_register(void)
{
    records =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
}

/* The phrase of a status line, short enough for a label. */
static const char *shown_phrase(SipwhySlice phrase)
{
    char *text = sipwhy_printable_text(phrase.data, MIN(phrase.length, PHRASE_BYTES_MOST));
    const char *shown = wmem_strdup_printf(wmem_file_scope(), "%s%s", text,
                                           phrase.length > PHRASE_BYTES_MOST ? "..." : "");

    g_free(text);
    return shown;
}

static Record *make_record(wmem_array_t *observed, gboolean complete)
{
    Record *record = wmem_new0(wmem_file_scope(), Record);

    record->count = wmem_array_get_count(observed);
    record->complete = complete;
    record->responses = wmem_alloc_array(wmem_file_scope(), Response, record->count);
    for (guint i = 0; i < record->count; i++) {
        const Observed *one = wmem_array_index(observed, i);
        record->responses[i] = (Response){.status = one->message.status,
                                          .quoted = one->quoted,
                                          .cut = one->cut,
                                          .phrase = shown_phrase(one->message.phrase)};
    }
    return record;
}

const Record *remember_packet(packet_info *pinfo, wmem_array_t *observed, gboolean complete)
{
    gpointer key = GUINT_TO_POINTER(pinfo->num);
    Record *record = wmem_map_lookup(records, key);

    /* A packet that was never seen may have the number of one that a read filter threw away. */
    if (record && !PINFO_FD_VISITED(pinfo)) {
        wmem_map_remove(records, key);
        record = NULL;
    }
    if (!observed || wmem_array_get_count(observed) == 0 ||
        (record && (record->complete || !complete)))
        return record;
    record = make_record(observed, complete);
    wmem_map_insert(records, key, record);
    return record;
}
