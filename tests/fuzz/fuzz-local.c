/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: a file of local knowledge, and a response that its entries are asked to match.
 *
 * The input is the file and the response with the byte 0x1E between them; without it, or with a
 * second part that is no response, there is one that is made for the corpus.
 */
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "language.h"
#include "local/local.h"
#include "local/matched.h"

static const char usual[] = "SIP/2.0 488 Not here (488/SL)\r\nServer: Kamailio (5.6)\r\n"
                            "Warning: 305 a \"b\", 399 c \"aaaaaaaaaaaaaaaaaaaaaaa!\"\r\n"
                            "Reason: Q.850;cause=17, SIP;cause=488\r\n\r\n";

static void check_faults(GPtrArray *faults)
{
    for (unsigned i = 0; i < faults->len; i++) {
        const SipwhyLocalFault *fault = faults->pdata[i];
        CHECK(fault->text && *fault->text);
        fuzz_check_line(fault->text);
    }
    g_ptr_array_free(faults, TRUE);
}

static void check_lines(char **lines)
{
    for (char **line = lines; *line; line++)
        fuzz_check_line(*line);
    g_strfreev(lines);
}

/* Every entry can be shown. */
static void check_entry(const SipwhyLocalEntry *entry)
{
    CHECK(strlen(entry->conditions) <= SIPWHY_LINE_BYTES_MAX);
    CHECK(!entry->title || g_utf8_strlen(entry->title, -1) <= 60);
    CHECK(!entry->url || g_str_has_prefix(entry->url, "http"));
    fuzz_check_line(entry->conditions);
    fuzz_check_line(entry->title);
    fuzz_check_line(entry->url);
    fuzz_check_line(sipwhy_local_name(entry));
    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
        check_lines(sipwhy_local_fixes(entry, language));
        check_lines(sipwhy_local_texts(entry, language));
    }
}

static void match(SipwhyLocal *local, const SipwhyMessage *message, const char *phrase)
{
    const SipwhyLocalEntry **matched = sipwhy_local_match(local, message->status, phrase, message);
    SipwhyExplanation explanation;
    bool expected = false;

    if (matched && sipwhy_explain(message->status, 0, &explanation)) {
        sipwhy_local_apply(matched, &explanation);
        sipwhy_local_category_id(matched, explanation.code);
    }
    CHECK(sipwhy_local_decide(matched, SIPWHY_SEVERITY_WARN, &expected) < SIPWHY_SEVERITY_COUNT);
    sipwhy_local_titled(matched);
    g_free(matched);
    g_free(sipwhy_local_match(local, message->status, NULL, NULL));
    g_free(sipwhy_local_of_code(local, message->status));
    sipwhy_local_given_up(local);
}

static void check_match(SipwhyLocal *local, SipwhySlice bytes)
{
    SipwhyMessage message;

    if (!sipwhy_message_scan(bytes.data, bytes.length, SIPWHY_FRAMING_DATAGRAM, &message) ||
        !message.is_response)
        CHECK(sipwhy_message_scan(usual, strlen(usual), SIPWHY_FRAMING_DATAGRAM, &message));
    char *phrase = message.phrase.length > 0
                       ? sipwhy_printable_text(message.phrase.data, message.phrase.length)
                       : NULL;
    match(local, &message, phrase);
    match(local, &message, phrase); /* without those that were given up */
    g_free(phrase);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    SipwhySlice rest = {(const char *)bytes, length};
    char name[64];
    const int file = fuzz_make_file(fuzz_take_part(&rest), name, sizeof name);
    const char *const paths[] = {name, NULL};
    GPtrArray *faults;
    SipwhyLocal *local = sipwhy_local_read(paths, 0, &faults);
    const SipwhyLocalEntry *entry;

    close(file);
    if (length % 16 == 0) /* takes long */
        sipwhy_local_probe(local, 0, faults);
    check_faults(faults);
    for (size_t i = 0; (entry = sipwhy_local_at(local, i)); i++)
        check_entry(entry);
    check_match(local, rest);
    sipwhy_local_free(local);
    return 0;
}
