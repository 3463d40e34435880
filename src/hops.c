/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The way of a request from hop to hop.
 */
#include "hops.h"

#include <arpa/inet.h>
#include <string.h>

enum { PORT_DEFAULT = 5060, PORT_DEFAULT_TLS = 5061, HOST_BYTES_MOST = 63 };

typedef struct {
    SipwhySlice host; /* without brackets */
    unsigned port;    /* 0: not named */
    bool in_brackets;
} SentBy;

SipwhySlice sipwhy_via_sent_by(SipwhySlice via)
{
    const char *end = via.length > 0 ? memchr(via.data, ';', via.length) : NULL;
    SipwhySlice rest =
        sipwhy_slice_strip((SipwhySlice){via.data, end ? (size_t)(end - via.data) : via.length});
    size_t begin = rest.length;

    if (rest.length == 0)
        return rest;
    while (begin > 0 && !g_ascii_isspace(rest.data[begin - 1]))
        begin--;
    return (SipwhySlice){rest.data + begin, begin > 0 ? rest.length - begin : 0};
}

static SentBy split(SipwhySlice sent_by)
{
    SentBy parts = {.host = sent_by};

    if (sent_by.length == 0)
        return parts;
    const char *end = sent_by.data + sent_by.length;
    const char *close = sent_by.data[0] == '[' ? memchr(sent_by.data, ']', sent_by.length) : NULL;
    const char *after = close ? close + 1 : sent_by.data;
    const char *colon = memchr(after, ':', (size_t)(end - after));

    parts.in_brackets = close != NULL;
    if (close)
        parts.host = (SipwhySlice){sent_by.data + 1, (size_t)(close - sent_by.data - 1)};
    else if (colon)
        parts.host.length = (size_t)(colon - sent_by.data);
    if (colon &&
        !sipwhy_slice_number((SipwhySlice){colon + 1, (size_t)(end - colon - 1)}, &parts.port))
        parts.port = 0;
    return parts;
}

static bool is_default_port(unsigned port)
{
    return port == 0 || port == PORT_DEFAULT || port == PORT_DEFAULT_TLS;
}

bool sipwhy_sent_by_equal(SipwhySlice one, SipwhySlice other)
{
    const SentBy a = split(one);
    const SentBy b = split(other);

    return sipwhy_slice_alike(a.host, b.host) &&
           (a.port == b.port ||
            ((a.port == 0 || b.port == 0) && is_default_port(a.port) && is_default_port(b.port)));
}

/* An address as endpoints have it. */
static bool read_address(const SentBy *parts, uint8_t address[16])
{
    char text[HOST_BYTES_MOST + 1];

    if (parts->host.length == 0 || parts->host.length > HOST_BYTES_MOST)
        return false;
    memcpy(text, parts->host.data, parts->host.length);
    text[parts->host.length] = '\0';
    if (parts->in_brackets)
        return inet_pton(AF_INET6, text, address) == 1;
    memset(address, 0, 10);
    memset(address + 10, 0xFF, 2);
    return inet_pton(AF_INET, text, address + 12) == 1;
}

bool sipwhy_sent_by_is(SipwhySlice sent_by, const SipwhyEndpoint *endpoint,
                       SipwhyTransport transport)
{
    const SentBy parts = split(sent_by);
    const unsigned default_port =
        transport == SIPWHY_TRANSPORT_TLS ? PORT_DEFAULT_TLS : PORT_DEFAULT;
    uint8_t address[16];

    return read_address(&parts, address) &&
           memcmp(address, endpoint->address, sizeof address) == 0 &&
           endpoint->port == (parts.port ? parts.port : default_port);
}

unsigned sipwhy_vias_repeated(const SipwhyMessage *message, SipwhySlice *most)
{
    SipwhySlice all[SIPWHY_LOOK_MOST];
    SipwhySlice rest = {0};
    SipwhySlice via;
    size_t position = 0;
    unsigned count = 0;
    unsigned best = 0;

    while (count < G_N_ELEMENTS(all) &&
           sipwhy_message_next_value(message, SIPWHY_HEADER_VIA, &position, &rest, &via))
        all[count++] = sipwhy_via_sent_by(via);
    for (unsigned i = 0; i < count; i++) {
        unsigned times = 0;
        for (unsigned j = 0; all[i].length > 0 && j < count; j++)
            times += sipwhy_sent_by_equal(all[i], all[j]);
        if (times > best) {
            best = times;
            *most = all[i];
        }
    }
    return best;
}

/* What is looked for further on. */
typedef struct {
    unsigned status;
    uint32_t tag; /* 0: any */
} Wanted;

static bool has_tag(const SipwhyInvite *invite, uint32_t tag)
{
    for (unsigned i = 0; i < MIN(invite->tag_count, SIPWHY_TAGS_MOST); i++)
        if (invite->tags[i] == tag)
            return true;
    return tag == 0;
}

static bool had_final(const SipwhyTransaction *next, const SipwhyTransaction *hop, Wanted wanted)
{
    return next->status == wanted.status && next->final.frame <= hop->final.frame &&
           (wanted.tag == 0 || next->final_tag == wanted.tag);
}

static bool had_progress(const SipwhyTransaction *next, const SipwhyTransaction *hop, Wanted wanted)
{
    return next->invite && hop->invite && next->invite->progress_status == wanted.status &&
           next->invite->progress.frame <= hop->invite->last_provisional_in &&
           has_tag(next->invite, wanted.tag);
}

typedef bool (*HadIt)(const SipwhyTransaction *next, const SipwhyTransaction *hop, Wanted wanted);

/* One walk along the call: what stands further on stands behind. */
static const SipwhyTransaction *follow(const SipwhyTransaction *hop, Wanted wanted, HadIt had_it)
{
    const SipwhyTransaction *next = hop->next;

    for (unsigned i = 0; next && i < SIPWHY_LOOK_MOST; i++, next = next->next)
        if (sipwhy_transaction_leads_to(hop, next) && had_it(next, hop, wanted))
            hop = next;
    return hop;
}

const SipwhyTransaction *sipwhy_hop_of_final(const SipwhyTransaction *transaction, uint32_t tag)
{
    const unsigned status = transaction->status;
    const SipwhyTransaction *hop = transaction;

    if (status == 0)
        return transaction;
    if (tag != 0)
        hop = follow(transaction, (Wanted){status, tag}, had_final);
    return hop != transaction ? hop : follow(transaction, (Wanted){status, 0}, had_final);
}

const SipwhyTransaction *sipwhy_hop_of_progress(const SipwhyTransaction *transaction,
                                                unsigned status, uint32_t tag)
{
    return follow(transaction, (Wanted){status, tag}, had_progress);
}
