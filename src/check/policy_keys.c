/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The keys of a policy, and what their values have to look like.
 */
#include "policy_keys.h"

#include <gio/gio.h>
#include <stddef.h>
#include <string.h>

#include "settings/nearest.h"

static const char SEPARATORS[] = " \t;,";
static const char CODE_PREFIX[] = "code-";

enum { CODE_DIGITS = 3, DATE_LENGTH = 10 };

/* The value, or a piece of it, is wrong; `name` is what may have been meant, or NULL. */
static bool refuse(SipwhyLanguage language, char **error, SipwhyText text, const char *value,
                   const char *name)
{
    char *shown = sipwhy_printable_text(value, strlen(value));

    *error =
        sipwhy_suggest(language, sipwhy_text_format(language, text, "value", shown, NULL), name);
    g_free(shown);
    return false;
}

/* ---- one of some words ---- */

/* The place of the value among the words, or -1. */
static int read_word(const char *value, const char *const *words, SipwhyLanguage language,
                     char **error)
{
    for (int i = 0; words[i]; i++)
        if (g_ascii_strcasecmp(value, words[i]) == 0)
            return i;
    char *known = g_strjoinv(", ", (char **)words);
    char *shown = sipwhy_printable_text(value, strlen(value));
    *error = sipwhy_suggest(language,
                            sipwhy_text_format(language, SIPWHY_TEXT_SETTINGS_WORD, "value", shown,
                                               "known", known, NULL),
                            sipwhy_nearest(value, words));
    g_free(shown);
    g_free(known);
    return -1;
}

static bool read_threshold(const char *value, void *field, SipwhyLanguage language, char **error)
{
    const char *words[SIPWHY_SEVERITY_COUNT + 2] = {NULL};

    for (int i = 0; i < SIPWHY_SEVERITY_COUNT; i++)
        words[i] = sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY, i);
    words[SIPWHY_SEVERITY_COUNT] = "never";
    const int word = read_word(value, words, language, error);
    *(int *)field = word;
    return word >= 0;
}

static bool read_no_sip(const char *value, void *field, SipwhyLanguage language, char **error)
{
    static const char *const words[] = {"error", "fail", "ignore", NULL};
    const int word = read_word(value, words, language, error);

    if (word >= 0)
        *(SipwhyNoSip *)field = (SipwhyNoSip)word;
    return word >= 0;
}

static bool read_final(const char *value, void *field, SipwhyLanguage language, char **error)
{
    static const char *const words[] = {"false", "true", "strict", NULL};

    *(int *)field = read_word(value, words, language, error);
    return *(int *)field >= 0;
}

/* ---- lists ---- */

/* Makes an item what it is kept as (to be freed); NULL and `*error` if it is wrong. */
typedef char *(*ReadItem)(const char *item, SipwhyLanguage language, char **error);

static bool read_list(const char *value, const char *separators, ReadItem read, char ***field,
                      SipwhyLanguage language, char **error)
{
    GPtrArray *items = g_ptr_array_new_with_free_func(g_free);
    char **pieces = g_strsplit_set(value, separators, -1);
    bool right = true;

    for (char **piece = pieces; right && *piece; piece++) {
        char *item = *g_strstrip(*piece) ? read(*piece, language, error) : NULL;
        right = item || !**piece;
        if (item)
            g_ptr_array_add(items, item);
    }
    g_strfreev(pieces);
    if (right && items->len == 0) {
        *error = g_strdup(sipwhy_text(language, SIPWHY_TEXT_POLICY_EMPTY));
        right = false;
    }
    g_ptr_array_add(items, NULL);
    *field = right ? (char **)g_ptr_array_steal(items, NULL) : NULL;
    g_ptr_array_free(items, TRUE);
    return right;
}

static bool is_class(const char *item)
{
    return g_ascii_isdigit(item[0]) && g_ascii_strcasecmp(item + 1, "xx") == 0;
}

/* The code of three digits; 0: it is none. */
static unsigned read_code(const char *item)
{
    guint64 number = 0;

    if (strlen(item) != CODE_DIGITS ||
        !g_ascii_string_to_unsigned(item, 10, 0, G_MAXUINT16, &number, NULL))
        return 0;
    return (unsigned)number;
}

/* The name that comes nearest to what is no code, no class and no finding; it stays the caller's.
 */
static char *nearest_name(const char *item)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const SipwhyCode *code;

    for (int i = 0; i < SIPWHY_FINDING_COUNT; i++)
        g_ptr_array_add(names, g_strdup(sipwhy_finding_facts((SipwhyFindingId)i)->id));
    for (size_t i = 0; (code = sipwhy_code_at(i)); i++)
        g_ptr_array_add(names, g_strdup_printf("%u", code->code));
    for (int i = 0; i < SIPWHY_CLASS_COUNT; i++)
        g_ptr_array_add(names, g_strdup(sipwhy_term_id(SIPWHY_TERM_KIND_CLASS, i)));
    g_ptr_array_add(names, NULL);
    char *nearest = g_strdup(sipwhy_nearest(item, (const char *const *)names->pdata));
    g_ptr_array_free(names, TRUE);
    return nearest;
}

static char *refuse_name(const char *item, SipwhyLanguage language, char **error)
{
    const unsigned code = read_code(item);

    if (is_class(item)) {
        refuse(language, error, SIPWHY_TEXT_POLICY_CLASS, item, NULL);
        return NULL;
    }
    char *nearest = nearest_name(item);
    refuse(language, error,
           sipwhy_status_is_valid(code) ? SIPWHY_TEXT_POLICY_CODE : SIPWHY_TEXT_POLICY_NAME, item,
           nearest);
    g_free(nearest);
    return NULL;
}

/* A code, a class, the id of a finding; "code-488" is 488, as in the reports, and the way to name a
 * code that nobody registered, or that is none. */
static char *read_name(const char *item, SipwhyLanguage language, char **error)
{
    const bool prefixed = g_ascii_strncasecmp(item, CODE_PREFIX, strlen(CODE_PREFIX)) == 0;
    const unsigned code = read_code(prefixed ? item + strlen(CODE_PREFIX) : item);
    SipwhyFindingId finding;

    if (sipwhy_finding_find(item, &finding))
        return g_strdup(sipwhy_finding_facts(finding)->id);
    if (sipwhy_code_find(code) || (prefixed && code > 0))
        return g_strdup_printf("%u", code);
    if (is_class(item) && sipwhy_class_find((unsigned)g_ascii_digit_value(item[0]) * 100))
        return g_ascii_strdown(item, -1);
    return refuse_name(item, language, error);
}

static bool is_token(const char *item)
{
    for (; *item; item++)
        if (!g_ascii_isalnum(*item) && !strchr("-.!%*_+`'~", *item))
            return false;
    return true;
}

/* A method. There are more than sipwhy knows; one that is a slip away from one it knows is meant to
 * be that. */
static char *read_method(const char *item, SipwhyLanguage language, char **error)
{
    const char *names[SIPWHY_METHOD_COUNT] = {NULL};
    unsigned count = 0;

    for (int i = 0; i < SIPWHY_METHOD_COUNT; i++) {
        const char *name = sipwhy_method_name((SipwhyMethod)i);
        if (name && g_ascii_strcasecmp(name, item) == 0)
            return g_strdup(name);
        if (name)
            names[count++] = name;
    }
    const char *nearest = sipwhy_nearest(item, names);
    if (is_token(item) && (!nearest || sipwhy_distance(item, nearest) > 1))
        return g_ascii_strup(item, -1);
    refuse(language, error, SIPWHY_TEXT_POLICY_METHOD, item, nearest);
    return NULL;
}

/* The prefix that is meant by an address with bits behind its length; NULL: none is. */
static char *right_prefix(const char *item)
{
    char **parts = g_strsplit(item, "/", 2);
    GInetAddress *address = g_inet_address_new_from_string(parts[0]);
    GInetAddress *start = NULL;
    char *prefix = NULL;
    guint64 length = 0;

    if (address && parts[1] &&
        g_ascii_string_to_unsigned(parts[1], 10, 0, g_inet_address_get_native_size(address) * 8,
                                   &length, NULL)) {
        const gsize size = g_inet_address_get_native_size(address);
        guint8 *bytes = g_memdup2(g_inet_address_to_bytes(address), size);
        for (gsize bit = length; bit < size * 8; bit++)
            bytes[bit / 8] &= (guint8) ~(0x80U >> bit % 8);
        start = g_inet_address_new_from_bytes(bytes, g_inet_address_get_family(address));
        char *text = g_inet_address_to_string(start);
        prefix = g_strdup_printf("%s/%" G_GUINT64_FORMAT, text, length);
        g_free(text);
        g_free(bytes);
        g_object_unref(start);
    }
    g_clear_object(&address);
    g_strfreev(parts);
    return prefix;
}

/* An address, a prefix, or an address with a port: as endpoints are written. */
static char *read_peer(const char *item, SipwhyLanguage language, char **error)
{
    GInetAddressMask *mask = g_inet_address_mask_new_from_string(item, NULL);
    GInetSocketAddress *endpoint = NULL;
    const char *colon = strrchr(item, ':');

    if (mask) {
        g_object_unref(mask);
        return g_strdup(item);
    }
    if (colon && (item[0] == '[' || strchr(item, ':') == colon)) {
        char *host = item[0] == '[' ? g_strndup(item + 1, strcspn(item + 1, "]"))
                                    : g_strndup(item, (gsize)(colon - item));
        guint64 port = 0;
        const bool closed = item[0] != '[' || (colon > item && colon[-1] == ']');
        if (closed && g_ascii_string_to_unsigned(colon + 1, 10, 1, G_MAXUINT16, &port, NULL))
            endpoint =
                G_INET_SOCKET_ADDRESS(g_inet_socket_address_new_from_string(host, (guint)port));
        g_free(host);
    }
    if (endpoint) {
        char *host = g_inet_address_to_string(g_inet_socket_address_get_address(endpoint));
        char *text = g_strdup_printf(strchr(host, ':') ? "[%s]:%u" : "%s:%u", host,
                                     g_inet_socket_address_get_port(endpoint));
        g_free(host);
        g_object_unref(endpoint);
        return text;
    }
    char *meant = right_prefix(item);
    refuse(language, error, SIPWHY_TEXT_POLICY_PEER, item, meant);
    g_free(meant);
    return NULL;
}

static char *read_pattern(const char *item, SipwhyLanguage language, char **error)
{
    (void)language;
    (void)error;
    return g_utf8_strdown(item, -1);
}

static bool read_names(const char *value, void *field, SipwhyLanguage language, char **error)
{
    return read_list(value, SEPARATORS, read_name, field, language, error);
}

static bool read_methods(const char *value, void *field, SipwhyLanguage language, char **error)
{
    return read_list(value, SEPARATORS, read_method, field, language, error);
}

static bool read_peers(const char *value, void *field, SipwhyLanguage language, char **error)
{
    return read_list(value, SEPARATORS, read_peer, field, language, error);
}

/* Blanks and commas are part of a User-Agent. */
static bool read_patterns(const char *value, void *field, SipwhyLanguage language, char **error)
{
    return read_list(value, ";", read_pattern, field, language, error);
}

/* ---- single values ---- */

static bool read_reason(const char *value, void *field, SipwhyLanguage language, char **error)
{
    if (!*value) {
        *error = g_strdup(sipwhy_text(language, SIPWHY_TEXT_POLICY_EMPTY));
        return false;
    }
    *(char **)field = sipwhy_printable_text(value, strlen(value));
    return true;
}

/* The last microsecond of a day, UTC. */
static bool read_date(const char *value, void *field, SipwhyLanguage language, char **error)
{
    if (!g_regex_match_simple("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", value, 0, 0) ||
        strlen(value) != DATE_LENGTH)
        return refuse(language, error, SIPWHY_TEXT_POLICY_DATE_FORM, value, NULL);
    GTimeZone *utc = g_time_zone_new_utc();
    GDateTime *day = g_date_time_new(utc, (int)g_ascii_strtoll(value, NULL, 10),
                                     (int)g_ascii_strtoll(value + 5, NULL, 10),
                                     (int)g_ascii_strtoll(value + 8, NULL, 10), 0, 0, 0);
    g_time_zone_unref(utc);
    if (!day)
        return refuse(language, error, SIPWHY_TEXT_POLICY_DATE, value, NULL);
    *(int64_t *)field = (g_date_time_to_unix(day) + (int64_t)24 * 60 * 60) * G_USEC_PER_SEC - 1;
    g_date_time_unref(day);
    return true;
}

static bool read_count(const char *value, void *field, SipwhyLanguage language, char **error)
{
    guint64 number = 0;

    if (!g_ascii_string_to_unsigned(value, 10, 0, G_MAXINT, &number, NULL))
        return refuse(language, error, SIPWHY_TEXT_POLICY_NUMBER, value, NULL);
    *(int *)field = (int)number;
    return true;
}

/* A decimal number without sign or exponent. */
static bool parse_decimal(const char *value, size_t length, double *number)
{
    char *digits = g_strndup(value, length);
    const bool right = g_regex_match_simple("^[0-9]{1,9}(\\.[0-9]{1,9})?\\z", digits, 0, 0);

    *number = g_ascii_strtod(digits, NULL);
    g_free(digits);
    return right;
}

static bool read_share(const char *value, void *field, SipwhyLanguage language, char **error)
{
    static const double whole = 100;
    size_t length = strlen(value);
    const bool is_percentage = length > 0 && value[length - 1] == '%';
    double number;

    if (is_percentage)
        length--;
    while (length > 0 && value[length - 1] == ' ')
        length--;
    if (!is_percentage || !parse_decimal(value, length, &number) || number > whole)
        return refuse(language, error, SIPWHY_TEXT_POLICY_SHARE, value, NULL);
    *(double *)field = number / whole;
    return true;
}

static bool read_seconds(const char *value, void *field, SipwhyLanguage language, char **error)
{
    return parse_decimal(value, strlen(value), field) ||
           refuse(language, error, SIPWHY_TEXT_POLICY_SECONDS, value, NULL);
}

/* ---- the table ---- */

#define IN_POLICY(field) offsetof(SipwhyPolicy, field)
#define IN_RULE(field) offsetof(SipwhyPolicyRule, field)

static const SipwhyPolicyEntry entries[] = {
    {{"policy", "fail-on", "chat|note|warn|error|never", SIPWHY_TEXT_POLICY_KEY_FAIL_ON},
     IN_POLICY(fail_on),
     read_threshold},
    {{"policy", "allow", "LIST", SIPWHY_TEXT_POLICY_KEY_ALLOW},
     IN_POLICY(overall.allow),
     read_names},
    {{"policy", "deny", "LIST", SIPWHY_TEXT_POLICY_KEY_DENY}, IN_POLICY(overall.deny), read_names},
    {{"policy", "no-sip", "error|fail|ignore", SIPWHY_TEXT_POLICY_KEY_NO_SIP},
     IN_POLICY(no_sip),
     read_no_sip},
    {{"rule", "method", "LIST", SIPWHY_TEXT_POLICY_KEY_METHOD}, IN_RULE(method), read_methods},
    {{"rule", "peer", "LIST", SIPWHY_TEXT_POLICY_KEY_PEER}, IN_RULE(peer), read_peers},
    {{"rule", "agent", "PATTERN;...", SIPWHY_TEXT_POLICY_KEY_AGENT}, IN_RULE(agent), read_patterns},
    {{"rule", "allow", "LIST", SIPWHY_TEXT_POLICY_KEY_ALLOW}, IN_RULE(allow), read_names},
    {{"rule", "deny", "LIST", SIPWHY_TEXT_POLICY_KEY_DENY}, IN_RULE(deny), read_names},
    {{"rule", "until", "YYYY-MM-DD", SIPWHY_TEXT_POLICY_KEY_UNTIL}, IN_RULE(until), read_date},
    {{"rule", "reason", "TEXT", SIPWHY_TEXT_POLICY_KEY_REASON}, IN_RULE(reason), read_reason},
    {{"known", "method", "LIST", SIPWHY_TEXT_POLICY_KEY_METHOD}, IN_RULE(method), read_methods},
    {{"known", "peer", "LIST", SIPWHY_TEXT_POLICY_KEY_PEER}, IN_RULE(peer), read_peers},
    {{"known", "agent", "PATTERN;...", SIPWHY_TEXT_POLICY_KEY_AGENT},
     IN_RULE(agent),
     read_patterns},
    {{"known", "allow", "LIST", SIPWHY_TEXT_POLICY_KEY_KNOWN}, IN_RULE(allow), read_names},
    {{"known", "until", "YYYY-MM-DD", SIPWHY_TEXT_POLICY_KEY_UNTIL_KNOWN},
     IN_RULE(until),
     read_date},
    {{"known", "reason", "TEXT", SIPWHY_TEXT_POLICY_KEY_REASON}, IN_RULE(reason), read_reason},
    {{"expect", "calls-least", "NUMBER", SIPWHY_TEXT_POLICY_KEY_CALLS_LEAST},
     IN_POLICY(calls_least),
     read_count},
    {{"expect", "final-response", "true|false|strict", SIPWHY_TEXT_POLICY_KEY_FINAL_RESPONSE},
     IN_POLICY(final_response),
     read_final},
    {{"expect", "answered-least", "PERCENT%", SIPWHY_TEXT_POLICY_KEY_ANSWERED_LEAST},
     IN_POLICY(answered_least),
     read_share},
    {{"expect", "pdd-p95-most", "SECONDS", SIPWHY_TEXT_POLICY_KEY_PDD_P95_MOST},
     IN_POLICY(pdd_p95_most),
     read_seconds},
};

const SipwhyPolicyKey *sipwhy_policy_key_at(size_t n)
{
    return n < G_N_ELEMENTS(entries) ? &entries[n].shown : NULL;
}

const SipwhyPolicyEntry *sipwhy_policy_entry_find(const char *group, const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
        if (strcmp(entries[i].shown.group, group) == 0 && strcmp(entries[i].shown.key, key) == 0)
            return &entries[i];
    return NULL;
}
