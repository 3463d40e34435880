/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Remember: what is known of the responses of each packet.
 */
#include "ws_compat.h"

#include "remember.h"

#include <string.h>

#include <epan/wmem_scopes.h>

#include "text.h"

enum { PHRASE_BYTES_MOST = 1024 };

/* Packet number -> Record, in file scope; and the highest number that has one. */
static wmem_map_t *records;
static guint32 highest;

static void begin_capture(void)
{
    highest = 0;
}

void remember_register(void)
{
    records =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
    register_init_routine(begin_capture);
}

/* The phrase of a status line, fit to be shown; mostly it is the registered one. */
static const char *shown_phrase(const SipwhyMessage *message)
{
    const SipwhyCode *code = sipwhy_code_find(message->status);
    SipwhySlice phrase = message->phrase;

    if (code && phrase.length == strlen(code->phrase) &&
        memcmp(phrase.data, code->phrase, phrase.length) == 0)
        return code->phrase;
    char *text = sipwhy_printable_text(phrase.data, MIN(phrase.length, PHRASE_BYTES_MOST));
    const char *shown = wmem_strdup_printf(wmem_file_scope(), "%s%s", text,
                                           phrase.length > PHRASE_BYTES_MOST ? "..." : "");

    g_free(text);
    return shown;
}

static Record *make_record(wmem_array_t *observed, gboolean complete)
{
    guint count = wmem_array_get_count(observed);
    Record *record =
        wmem_alloc(wmem_file_scope(), sizeof(Record) + (gsize)count * sizeof(Response));

    record->count = count;
    record->complete = complete;
    for (guint i = 0; i < record->count; i++) {
        const Observed *one = wmem_array_index(observed, i);
        record->responses[i] = (Response){.status = one->message.status,
                                          .quoted = one->quoted,
                                          .phrase = shown_phrase(&one->message)};
    }
    return record;
}

/* What was known of this packet before this pass. */
static Record *find_record(packet_info *pinfo)
{
    gpointer key = GUINT_TO_POINTER(pinfo->num);

    if (pinfo->num > highest)
        return NULL;
    if (PINFO_FD_VISITED(pinfo))
        return wmem_map_lookup(records, key);
    /* A packet that was never seen can have the number of one that a read filter threw away. */
    wmem_map_remove(records, key);
    return NULL;
}

const Record *remember_packet(packet_info *pinfo, wmem_array_t *observed, gboolean complete)
{
    Record *record = find_record(pinfo);

    if (!observed || wmem_array_get_count(observed) == 0 ||
        (record && (record->complete || !complete)))
        return record;
    record = make_record(observed, complete);
    wmem_map_insert(records, GUINT_TO_POINTER(pinfo->num), record);
    highest = MAX(highest, pinfo->num);
    return record;
}
