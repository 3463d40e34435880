/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What makes a problem the same in another capture.
 */
#include "fingerprint.h"

#include <glib.h>
#include <string.h>

enum { DIGITS = 32 };

/* The length of a host, without the port and what follows. */
static size_t host_length(const char *host)
{
    return host[0] == '[' ? strcspn(host, "]") + (strchr(host, ']') ? 1 : 0)
                          : strcspn(host, ":;?>");
}

/* The user and host of a URI in lower case, "bob@example.com": without scheme, password, port and
 * parameters. Of a tel URI its number. "" of NULL. The caller frees it. */
static char *party_of(const char *uri)
{
    const size_t scheme = uri ? strcspn(uri, ":@.;?") : 0;
    const char *start = uri && uri[scheme] == ':' ? uri + scheme + 1 : uri;
    const char *at = start ? strchr(start, '@') : NULL;
    GString *party = g_string_new(NULL);

    if (!start)
        return g_string_free(party, FALSE);
    if (at) {
        g_string_append_len(party, start, (gssize)MIN(strcspn(start, ":;"), (size_t)(at - start)));
        g_string_append_c(party, '@');
        start = at + 1;
    }
    g_string_append_len(party, start, (gssize)host_length(start));
    char *lower = g_utf8_strdown(party->str, (gssize)party->len);
    g_string_free(party, TRUE);
    return lower;
}

char *sipwhy_fingerprint(const char *rule, const char *method, unsigned code, const char *from,
                         const char *to)
{
    char *caller = party_of(from);
    char *callee = party_of(to);
    char *whole = g_strdup_printf("sipwhy 1\n%s\n%s\n%u\n%s\n%s", rule ? rule : "",
                                  method ? method : "", code, caller, callee);
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, whole, -1);

    digest[DIGITS] = '\0';
    g_free(whole);
    g_free(callee);
    g_free(caller);
    return digest;
}
