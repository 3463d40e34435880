/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Remember: what is known of the responses of each packet.
 */
#include "ws_compat.h"

#include "remember.h"

#include <epan/wmem_scopes.h>

enum { PHRASE_BYTES_MOST = 160 };

/* Packet number -> Record, in file scope. */
static wmem_map_t *records;

void remember_register(void)
{
    records =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
}

/* Hostile bytes as one line of valid UTF-8 that fits into a label. */
static const char *shown_phrase(SipwhySlice phrase)
{
    if (phrase.length == 0)
        return "";
    gsize length = MIN(phrase.length, PHRASE_BYTES_MOST);
    char *valid = g_utf8_make_valid(phrase.data, (gssize)length);
    wmem_strbuf_t *text = wmem_strbuf_new(wmem_file_scope(), NULL);
    for (const char *c = valid; *c; c = g_utf8_next_char(c)) {
        gunichar character = g_utf8_get_char(c);
        wmem_strbuf_append_unichar(text, g_unichar_iscntrl(character) ? 0xFFFD : character);
    }
    g_free(valid);
    if (length < phrase.length)
        wmem_strbuf_append(text, "...");
    return wmem_strbuf_finalize(text);
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
    Record *record = wmem_map_lookup(records, GUINT_TO_POINTER(pinfo->num));

    if (!observed || wmem_array_get_count(observed) == 0 ||
        (record && (record->complete || !complete)))
        return record;
    record = make_record(observed, complete);
    wmem_map_insert(records, GUINT_TO_POINTER(pinfo->num), record);
    return record;
}
