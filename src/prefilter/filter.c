/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Display filters that say the same of a packet when others are missing.
 */
#include "filter.h"

#include <glib.h>
#include <string.h>

/* Not among them: what Wireshark counts (frame.number, udp.stream), measures from one packet to
 * another (sip.response-time), or numbers (sip.response-request). */
static const char *const fields[] = {
    "sip",
    "sip.method",
    "sip.request-line",
    "sip.status-line",
    "sip.status-code",
    "sip.r-uri",
    "sip.r-uri.user",
    "sip.r-uri.host",
    "sip.from",
    "sip.from.addr",
    "sip.from.user",
    "sip.from.host",
    "sip.from.tag",
    "sip.to",
    "sip.to.addr",
    "sip.to.user",
    "sip.to.host",
    "sip.to.tag",
    "sip.contact",
    "sip.contact.uri",
    "sip.call-id",
    "sip.cseq",
    "sip.cseq.method",
    "sip.cseq.seq",
    "sip.via",
    "sip.via.branch",
    "sip.user-agent",
    "sip.server",
    "sip.reason",
    "sip.warning",
    "sip.event",
    "sip.expires",
    "sdp",
    "udp",
    "tcp",
    "ip",
    "ip.addr",
    "ip.src",
    "ip.dst",
    "ipv6",
    "ipv6.addr",
    "ipv6.src",
    "ipv6.dst",
    "udp.port",
    "udp.srcport",
    "udp.dstport",
    "tcp.port",
    "tcp.srcport",
    "tcp.dstport",
};

static const char *const words[] = {
    "and",    "or",    "not",   "xor", "in",   "contains", "matches", "eq",
    "ne",     "gt",    "lt",    "ge",  "le",   "any_eq",   "all_eq",  "any_ne",
    "all_ne", "upper", "lower", "len", "true", "false",
};

static gboolean is_listed(const char *const *list, gsize count, const char *word)
{
    for (gsize i = 0; i < count; i++)
        if (strcmp(list[i], word) == 0)
            return TRUE;
    return FALSE;
}

static gboolean is_known_name(const char *text, gsize length)
{
    char *name = g_ascii_strdown(text, (gssize)length);
    const gboolean known = g_str_has_prefix(name, "sipwhy.") || strcmp(name, "sipwhy") == 0 ||
                           is_listed(fields, G_N_ELEMENTS(fields), name) ||
                           is_listed(words, G_N_ELEMENTS(words), name);

    g_free(name);
    return known;
}

/* The end of a string that begins at `text`; NULL: it has none. */
static const char *skip_string(const char *text)
{
    for (text++; *text && *text != '"'; text++)
        if (*text == '\\' && *++text == '\0')
            return NULL;
    return *text ? text + 1 : NULL;
}

bool sipwhy_filter_stands_alone(const char *filter)
{
    static const char NAME[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    static const char NUMBER[] = "0123456789abcdefABCDEFxX.:/";

    while (filter && *filter) {
        if (*filter == '"') {
            filter = skip_string(filter);
        } else if (g_ascii_isalpha(*filter)) {
            const gsize length = strspn(filter, NAME);
            if (!is_known_name(filter, length))
                return false;
            filter += length;
        } else if (g_ascii_isdigit(*filter)) {
            filter += strspn(filter, NUMBER);
        } else if (strchr(" \t\n()!=<>&|~{},:-.[]", *filter)) {
            filter++;
        } else {
            return false;
        }
    }
    return filter != NULL;
}
