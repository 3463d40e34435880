/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The keys of an entry of local knowledge, and what their values have to look like.
 */
#include "local/keys.h"

#include <stdlib.h>
#include <string.h>

#include "reason.h"
#include "settings/nearest.h"

static const char SEPARATORS[] = " \t;,";

enum { CODE_DIGITS = 3, TITLE_MOST = 60 };

/* ---- what is wrong ---- */

static bool refuse(SipwhyLocalValue *value, SipwhyText text)
{
    value->error = g_strdup(sipwhy_text(value->language, text));
    return false;
}

/* The same of a piece of the value; `name` is what may have been meant, or NULL. */
static bool refuse_piece(SipwhyLocalValue *value, SipwhyText text, const char *piece,
                         const char *name)
{
    char *shown = sipwhy_printable_text(piece, strlen(piece));

    value->error = sipwhy_suggest(
        value->language, sipwhy_text_format(value->language, text, "value", shown, NULL), name);
    g_free(shown);
    return false;
}

static void warn(SipwhyLocalValue *value, SipwhyText text)
{
    value->warning = g_strdup(sipwhy_text(value->language, text));
}

/* The place of a word in a closed list, or -1. */
static int read_term(SipwhyLocalValue *value, SipwhyTermKind kind, const char *word)
{
    const int term = sipwhy_term_value(kind, word);
    GPtrArray *names = g_ptr_array_new();
    const char *name;

    for (int i = 0; term < 0 && (name = sipwhy_term_id(kind, i)); i++)
        g_ptr_array_add(names, (char *)name);
    g_ptr_array_add(names, NULL);
    if (term < 0) {
        char *known = g_strjoinv(", ", (char **)names->pdata);
        char *shown = sipwhy_printable_text(word, strlen(word));
        value->error = sipwhy_suggest(value->language,
                                      sipwhy_text_format(value->language, SIPWHY_TEXT_SETTINGS_WORD,
                                                         "value", shown, "known", known, NULL),
                                      sipwhy_nearest(word, (const char *const *)names->pdata));
        g_free(shown);
        g_free(known);
    }
    g_ptr_array_free(names, TRUE);
    return term;
}

/* Keeps a condition to be shown, in the file's words. */
static void note_condition(const SipwhyLocalValue *value, const char *text)
{
    GString *conditions = value->entry->conditions;
    char *shown = sipwhy_printable_text(text, strlen(text));

    g_string_append_printf(conditions, "%s%s=%s", conditions->len > 0 ? "; " : "", value->key,
                           shown);
    g_free(shown);
}

/* ---- codes ---- */

static bool refuse_code(SipwhyLocalValue *value, const char *word)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const SipwhyCode *code;

    for (int i = 0; i < SIPWHY_CLASS_COUNT; i++)
        g_ptr_array_add(names, g_strdup(sipwhy_term_id(SIPWHY_TERM_KIND_CLASS, i)));
    for (size_t i = 0; (code = sipwhy_code_at(i)); i++)
        g_ptr_array_add(names, g_strdup_printf("%u", code->code));
    g_ptr_array_add(names, g_strdup("any"));
    g_ptr_array_add(names, NULL);
    refuse_piece(value, SIPWHY_TEXT_LOCAL_CODE, word,
                 sipwhy_nearest(word, (const char *const *)names->pdata));
    g_ptr_array_free(names, TRUE);
    return false;
}

static bool read_code(SipwhyLocalValue *value, const char *word)
{
    SipwhyLocalRecord *entry = value->entry;
    guint64 number = 0;

    if (g_ascii_strcasecmp(word, "any") == 0) {
        entry->any_code = true;
        return true;
    }
    if (strlen(word) != CODE_DIGITS)
        return refuse_code(value, word);
    if (word[0] >= '1' && word[0] <= '6' && g_ascii_strcasecmp(word + 1, "xx") == 0) {
        entry->classes |= 1U << g_ascii_digit_value(word[0]);
        return true;
    }
    if (!g_ascii_string_to_unsigned(word, 10, 0, SIPWHY_LOCAL_STATUS_COUNT - 1, &number, NULL))
        return refuse_code(value, word);
    const uint16_t code = (uint16_t)number;
    g_array_append_val(entry->codes, code);
    return true;
}

static bool read_codes(SipwhyLocalValue *value, const char *text)
{
    char **words = g_strsplit_set(text, SEPARATORS, -1);
    unsigned count = 0;
    bool right = true;

    value->entry->codes = g_array_new(FALSE, FALSE, sizeof(uint16_t));
    for (char **word = words; right && *word; word++) {
        right = !**word || read_code(value, *word);
        count += **word != '\0';
    }
    g_strfreev(words);
    if (right && count == 0)
        return refuse(value, SIPWHY_TEXT_LOCAL_EMPTY);
    note_condition(value, text);
    return right;
}

/* ---- patterns ---- */

static bool read_pattern(SipwhyLocalValue *value, const char *text, SipwhyPattern **field)
{
    *field = sipwhy_pattern_new(text, value->language, &value->error);
    if (!*field)
        return false;
    switch (sipwhy_pattern_match(*field, "")) {
    case SIPWHY_PATTERN_MATCHES:
        warn(value, SIPWHY_TEXT_LOCAL_WARNS_EMPTY);
        break;
    case SIPWHY_PATTERN_TAKES_LONG:
        return refuse(value, SIPWHY_TEXT_LOCAL_PATTERN_SLOW);
    default:
        break;
    }
    note_condition(value, text);
    return true;
}

static bool read_phrase(SipwhyLocalValue *value, const char *text)
{
    return read_pattern(value, text, &value->entry->phrase);
}

static bool read_server(SipwhyLocalValue *value, const char *text)
{
    return read_pattern(value, text, &value->entry->server);
}

/* "304;305"; NULL: it is no list of numbers. */
static GArray *read_numbers(const char *text, const char *separators)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(unsigned));
    char **words = g_strsplit_set(text, separators, -1);
    bool right = true;

    for (char **word = words; right && *word; word++) {
        guint64 number = 0;
        right = !**word || g_ascii_string_to_unsigned(*word, 10, 0, G_MAXUINT, &number, NULL);
        if (right && **word) {
            const unsigned small = (unsigned)number;
            g_array_append_val(numbers, small);
        }
    }
    g_strfreev(words);
    if (right && numbers->len > 0)
        return numbers;
    g_array_free(numbers, TRUE);
    return NULL;
}

static bool read_warning(SipwhyLocalValue *value, const char *text)
{
    value->entry->warnings = read_numbers(text, SEPARATORS);
    if (!value->entry->warnings)
        return read_pattern(value, text, &value->entry->warning);
    note_condition(value, text);
    return true;
}

/* The Reason protocol that a word is a slip away from; NULL: none. */
static const char *nearest_protocol(const char *word)
{
    GPtrArray *names = g_ptr_array_new();
    const SipwhyReason *reason;

    for (size_t i = 0; (reason = sipwhy_reason_at(i)); i++)
        g_ptr_array_add(names, (char *)reason->protocol);
    g_ptr_array_add(names, NULL);
    const char *nearest = sipwhy_nearest(word, (const char *const *)names->pdata);
    g_ptr_array_free(names, TRUE);
    return nearest && sipwhy_distance(word, nearest) > 0 ? nearest : NULL;
}

/* "Q.850;cause=17": the protocol, and behind it the list of causes, or NULL. NULL: it is nothing
 * of the kind, and a pattern. */
static char *read_protocol(const char *text, GArray **causes)
{
    static const char LETTERS[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    const size_t length = strspn(text, LETTERS);
    const char *behind = text + length + strspn(text + length, " \t");
    char *protocol = g_strndup(text, length);
    bool right = length > 0;

    *causes = NULL;
    if (*behind == ';') {
        behind += 1 + strspn(behind + 1, " \t");
        if (g_ascii_strncasecmp(behind, "cause=", strlen("cause=")) == 0)
            *causes = read_numbers(behind + strlen("cause="), ", ");
        right = right && *causes;
    } else {
        right = right && !*behind && sipwhy_reason_find(protocol);
    }
    if (right)
        return protocol;
    g_free(protocol);
    return NULL;
}

static bool read_reason(SipwhyLocalValue *value, const char *text)
{
    SipwhyLocalRecord *entry = value->entry;

    if (strcmp(text, "none") == 0) {
        entry->no_reason = true;
        note_condition(value, text);
        return true;
    }
    entry->protocol = read_protocol(text, &entry->causes);
    if (!entry->protocol && !read_pattern(value, text, &entry->reason))
        return false;
    if (entry->protocol)
        note_condition(value, text);
    const char *word = entry->protocol ? entry->protocol : text;
    const char *meant = sipwhy_reason_find(word) ? NULL : nearest_protocol(word);
    if (meant && !value->warning) {
        refuse_piece(value, SIPWHY_TEXT_LOCAL_WARNS_PROTOCOL, word, meant);
        value->warning = value->error;
        value->error = NULL;
    }
    return true;
}

/* ---- texts ---- */

/* The text as it will be shown; NULL: it cannot be. `more` is the key for what is too long. */
static char *read_line(SipwhyLocalValue *value, const char *text, const char *more)
{
    char *shown = sipwhy_printable_text(text, strlen(text));
    const bool same = strcmp(shown, text) == 0;

    if (*text && same && strlen(text) <= SIPWHY_LINE_BYTES_MAX)
        return shown;
    g_free(shown);
    if (!*text || !same) {
        refuse(value, *text ? SIPWHY_TEXT_LOCAL_UNPRINTABLE : SIPWHY_TEXT_LOCAL_EMPTY);
        return NULL;
    }
    char *bytes = g_strdup_printf("%" G_GSIZE_FORMAT, strlen(text));
    char *most = g_strdup_printf("%d", SIPWHY_LINE_BYTES_MAX);
    value->error = sipwhy_text_format(value->language,
                                      more ? SIPWHY_TEXT_LOCAL_LONG_MORE : SIPWHY_TEXT_LOCAL_LONG,
                                      "bytes", bytes, "most", most, "key", more ? more : "", NULL);
    g_free(most);
    g_free(bytes);
    return NULL;
}

static bool read_text(SipwhyLocalValue *value, const char *text, SipwhyLocalKind kind,
                      const char *base)
{
    char *more = value->number < SIPWHY_LOCAL_TEXTS_MOST
                     ? g_strdup_printf("%s%u", base, value->number + 1)
                     : NULL;
    char **field = &value->entry->texts[kind][value->number - 1];

    *field = read_line(value, text, more);
    g_free(more);
    return *field != NULL;
}

static bool read_description(SipwhyLocalValue *value, const char *text)
{
    return read_text(value, text, SIPWHY_LOCAL_DESCRIPTION, "description");
}

static bool read_cause(SipwhyLocalValue *value, const char *text)
{
    return read_text(value, text, SIPWHY_LOCAL_CAUSE, "cause");
}

/* "WHO: text" */
static bool read_fix(SipwhyLocalValue *value, const char *text)
{
    const size_t length = strcspn(text, ": \t");
    const char *colon = text + length + strspn(text + length, " \t");
    char *word = g_strndup(text, length);
    bool right = *text != '\0' || refuse(value, SIPWHY_TEXT_LOCAL_EMPTY);

    if (right && *colon != ':')
        right = refuse(value, SIPWHY_TEXT_LOCAL_FIX_WHO);
    if (right) {
        const int who = read_term(value, SIPWHY_TERM_KIND_ROLE, word);
        right = who >= 0;
        value->entry->who[value->number - 1] = (SipwhyRole)MAX(who, 0);
    }
    g_free(word);
    return right && read_text(value, colon + 1 + strspn(colon + 1, " \t"), SIPWHY_LOCAL_FIX, "fix");
}

static bool read_title(SipwhyLocalValue *value, const char *text)
{
    value->entry->title = read_line(value, text, NULL);
    if (!value->entry->title || g_utf8_strlen(text, -1) <= TITLE_MOST)
        return value->entry->title != NULL;
    char *count = g_strdup_printf("%ld", g_utf8_strlen(text, -1));
    char *most = g_strdup_printf("%d", TITLE_MOST);
    value->error = sipwhy_text_format(value->language, SIPWHY_TEXT_LOCAL_TITLE_LONG, "count", count,
                                      "most", most, NULL);
    g_free(most);
    g_free(count);
    return false;
}

/* ---- the rest ---- */

static bool read_severity(SipwhyLocalValue *value, const char *text)
{
    const int severity = read_term(value, SIPWHY_TERM_KIND_SEVERITY, text);

    value->entry->said.severity = (SipwhySeverity)severity;
    return severity >= 0;
}

static bool read_category(SipwhyLocalValue *value, const char *text)
{
    const int category = read_term(value, SIPWHY_TERM_KIND_CATEGORY, text);

    value->entry->said.category = (SipwhyCategory)category;
    return category >= 0;
}

static bool is_address(const char *text)
{
    const char *host = NULL;

    if (g_ascii_strncasecmp(text, "https://", strlen("https://")) == 0)
        host = text + strlen("https://");
    else if (g_ascii_strncasecmp(text, "http://", strlen("http://")) == 0)
        host = text + strlen("http://");
    return host && *host && !strchr("/?#", *host) && strcspn(text, " \"<>\\^`{|}") == strlen(text);
}

static bool read_url(SipwhyLocalValue *value, const char *text)
{
    if (*text && !is_address(text))
        return refuse_piece(value, SIPWHY_TEXT_LOCAL_URL, text, NULL);
    value->entry->url = read_line(value, text, NULL);
    return value->entry->url != NULL;
}

static bool read_replace(SipwhyLocalValue *value, const char *text)
{
    const bool is_true = g_ascii_strcasecmp(text, "true") == 0;

    value->entry->said.replaces = is_true;
    return is_true || g_ascii_strcasecmp(text, "false") == 0 ||
           refuse_piece(value, SIPWHY_TEXT_LOCAL_REPLACE, text, NULL);
}

/* ---- the table ---- */

static const SipwhyLocalKeyEntry entries[] = {
    {{"code", "478;4xx;any", SIPWHY_TEXT_LOCAL_KEY_CODE, false, true}, read_codes},
    {{"phrase", "REGEX", SIPWHY_TEXT_LOCAL_KEY_PHRASE, false, true}, read_phrase},
    {{"server", "REGEX", SIPWHY_TEXT_LOCAL_KEY_SERVER, false, true}, read_server},
    {{"warning", "305;370|REGEX", SIPWHY_TEXT_LOCAL_KEY_WARNING, false, true}, read_warning},
    {{"reason", "Q.850;cause=17|none|REGEX", SIPWHY_TEXT_LOCAL_KEY_REASON, false, true},
     read_reason},
    {{"title", "TEXT", SIPWHY_TEXT_LOCAL_KEY_TITLE, false, false}, read_title},
    {{"description", "TEXT", SIPWHY_TEXT_LOCAL_KEY_DESCRIPTION, true, false}, read_description},
    {{"cause", "TEXT", SIPWHY_TEXT_LOCAL_KEY_CAUSE, true, false}, read_cause},
    {{"fix", "WHO: TEXT", SIPWHY_TEXT_LOCAL_KEY_FIX, true, false}, read_fix},
    {{"severity", "chat|note|warn|error", SIPWHY_TEXT_LOCAL_KEY_SEVERITY, false, false},
     read_severity},
    {{"category", "WORD", SIPWHY_TEXT_LOCAL_KEY_CATEGORY, false, false}, read_category},
    {{"url", "https://...", SIPWHY_TEXT_LOCAL_KEY_URL, false, false}, read_url},
    {{"replace", "true|false", SIPWHY_TEXT_LOCAL_KEY_REPLACE, false, false}, read_replace},
};

const SipwhyLocalKey *sipwhy_local_key_at(size_t n)
{
    return n < G_N_ELEMENTS(entries) ? &entries[n].shown : NULL;
}

const SipwhyLocalKeyEntry *sipwhy_local_key_find(const char *key, unsigned *number)
{
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        const SipwhyLocalKey *known = &entries[i].shown;
        const size_t length = strlen(known->key);
        const bool begins = strncmp(key, known->key, length) == 0;
        *number = 1;
        if (begins && !key[length])
            return &entries[i];
        if (begins && known->numbered && key[length] >= '1' && key[length] <= '9' &&
            !key[length + 1]) {
            *number = (unsigned)g_ascii_digit_value(key[length]);
            return &entries[i];
        }
    }
    return NULL;
}

char *sipwhy_local_key_nearest(const char *key)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        const SipwhyLocalKey *known = &entries[i].shown;
        g_ptr_array_add(names, g_strdup(known->key));
        for (unsigned n = 2; known->numbered && n <= SIPWHY_LOCAL_TEXTS_MOST; n++)
            g_ptr_array_add(names, g_strdup_printf("%s%u", known->key, n));
    }
    g_ptr_array_add(names, NULL);
    char *nearest = g_strdup(sipwhy_nearest(key, (const char *const *)names->pdata));
    g_ptr_array_free(names, TRUE);
    return nearest;
}
