/* SPDX-License-Identifier: GPL-2.0-or-later
 * Digest credentials (RFC 7616, RFC 8760) for a challenge. */
#include "digest.h"

#include <string.h>

#define CNONCE "0a4f113b"
#define COUNT "00000001"

/* A parameter of the challenge without its quotes, or NULL. */
static gchar *parameter(const gchar *challenge, const gchar *name)
{
    gchar *pattern = g_strdup_printf("[ ,]%s\\s*=\\s*(\"([^\"]*)\"|[^\\s,\"]+)", name);
    GRegex *regex = g_regex_new(pattern, G_REGEX_CASELESS, 0, NULL);
    GMatchInfo *match = NULL;
    gchar *value = NULL;

    if (g_regex_match(regex, challenge, 0, &match)) {
        gchar *quoted = g_match_info_fetch(match, 2);
        gchar *any = g_match_info_fetch(match, 1);
        value = quoted && *quoted ? g_strdup(quoted) : g_strdup(*any == '"' ? "" : any);
        g_free(quoted);
        g_free(any);
    }
    g_match_info_unref(match);
    g_regex_unref(regex);
    g_free(pattern);
    return value;
}

static gboolean offers_auth(const gchar *qop)
{
    gchar **words = g_strsplit_set(qop ? qop : "", ", ", -1);
    gboolean found = g_strv_contains((const gchar *const *)words, "auth");

    g_strfreev(words);
    return found;
}

/* Hash of the parts joined by ":". */
static gchar *hash(GChecksumType type, const gchar *const parts[])
{
    gchar *text = g_strjoinv(":", (gchar **)parts);
    gchar *digest = g_compute_checksum_for_string(type, text, -1);

    g_free(text);
    return digest;
}

gchar *digest_answer(const gchar *challenge, const gchar *user, const gchar *password,
                     const gchar *method, const gchar *uri)
{
    gchar *realm = parameter(challenge, "realm"), *nonce = parameter(challenge, "nonce");
    gchar *algorithm = parameter(challenge, "algorithm"), *opaque = parameter(challenge, "opaque");
    gchar *qop = parameter(challenge, "qop");
    GString *answer = NULL;

    if (g_ascii_strncasecmp(challenge, "Digest ", 7) != 0 || !realm || !nonce)
        goto out;

    gboolean sha = algorithm && g_ascii_strcasecmp(algorithm, "SHA-256") == 0;
    gboolean auth = offers_auth(qop);
    GChecksumType type = sha ? G_CHECKSUM_SHA256 : G_CHECKSUM_MD5;
    gchar *a1 = hash(type, (const gchar *const[]){user, realm, password, NULL});
    gchar *a2 = hash(type, (const gchar *const[]){method, uri, NULL});
    gchar *response =
        auth ? hash(type, (const gchar *const[]){a1, nonce, COUNT, CNONCE, "auth", a2, NULL})
             : hash(type, (const gchar *const[]){a1, nonce, a2, NULL});

    answer = g_string_new(NULL);
    g_string_printf(answer,
                    "Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", "
                    "response=\"%s\"",
                    user, realm, nonce, uri, response);
    if (algorithm)
        g_string_append_printf(answer, ", algorithm=%s", algorithm);
    if (auth)
        g_string_append(answer, ", qop=auth, nc=" COUNT ", cnonce=\"" CNONCE "\"");
    if (opaque)
        g_string_append_printf(answer, ", opaque=\"%s\"", opaque);
    g_free(a1);
    g_free(a2);
    g_free(response);
out:
    g_free(realm);
    g_free(nonce);
    g_free(algorithm);
    g_free(opaque);
    g_free(qop);
    return answer ? g_string_free(answer, FALSE) : NULL;
}
