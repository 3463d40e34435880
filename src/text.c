/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the software itself says, in the reader's language.
 */
#include "text.h"

#include <glib.h>
#include <stdarg.h>
#include <string.h>

#include "tables.h"

const char *sipwhy_text(SipwhyLanguage language, SipwhyText text)
{
    return sipwhy_interface_texts[language][text];
}

/* The place of a name; `count`: it is none of them. */
static size_t find_name(const char *name, size_t length, const char *const *names, size_t count)
{
    size_t i = 0;

    while (i < count && (strncmp(names[i], name, length) != 0 || names[i][length] != '\0'))
        i++;
    return i;
}

char *sipwhy_template_fill(const char *template, const char *const *names,
                           const char *const *values, size_t count)
{
    GString *out = g_string_sized_new(strlen(template));
    const char *open;

    while ((open = strchr(template, '{'))) {
        const char *close = strchr(open, '}');
        const size_t i =
            close ? find_name(open + 1, (size_t)(close - open - 1), names, count) : count;
        const char *behind = i < count ? close + 1 : open + 1;
        g_string_append_len(out, template, (i < count ? open : behind) - template);
        if (i < count)
            g_string_append(out, values[i]);
        template = behind;
    }
    g_string_append(out, template);
    return g_string_free(out, FALSE);
}

char *sipwhy_text_format(SipwhyLanguage language, SipwhyText text, ...)
{
    enum { PAIRS_MOST = 8 };
    const char *names[PAIRS_MOST];
    const char *values[PAIRS_MOST];
    size_t count = 0;
    va_list arguments;

    va_start(arguments, text);
    for (const char *name = va_arg(arguments, const char *); name && count < PAIRS_MOST;
         name = va_arg(arguments, const char *)) {
        names[count] = name;
        values[count++] = va_arg(arguments, const char *);
    }
    va_end(arguments);
    return sipwhy_template_fill(sipwhy_text(language, text), names, values, count);
}

const char *sipwhy_term_label(SipwhyLanguage language, SipwhyTermKind kind, int value)
{
    return sipwhy_term_id(kind, value) ? sipwhy_term_labels[language][kind][value] : NULL;
}

const char *sipwhy_class_name(SipwhyLanguage language, const SipwhyClass *class)
{
    return sipwhy_term_label(language, SIPWHY_TERM_KIND_CLASS, (int)class->digit - 1);
}

char *sipwhy_labelled_text(SipwhyLanguage language, const char *label, const char *text)
{
    return sipwhy_text_format(language, SIPWHY_TEXT_FIX_BY, "who", label, "fix", text, NULL);
}

char *sipwhy_fix_text(SipwhyLanguage language, const SipwhyFix *fix)
{
    return sipwhy_labelled_text(
        language, sipwhy_term_label(language, SIPWHY_TERM_KIND_ROLE, (int)fix->who), fix->text);
}

char *sipwhy_registration_text(SipwhyLanguage language, unsigned status)
{
    const SipwhyCode *code = sipwhy_code_find(status);
    const SipwhyClass *class = sipwhy_class_find(status);
    char *number = g_strdup_printf("%u", status);
    char *text = NULL;

    if (!class) {
        text = sipwhy_text_format(language, SIPWHY_TEXT_NOT_A_STATUS_CODE, "code", number, NULL);
    } else if (!code || code->registration != SIPWHY_REGISTRATION_REGISTERED) {
        char *fallback = g_strdup_printf("%u", class->fallback);
        text = sipwhy_text_format(language, SIPWHY_TEXT_NOT_REGISTERED, "code", number, "fallback",
                                  fallback, NULL);
        g_free(fallback);
    }
    g_free(number);
    return text;
}

char **sipwhy_description_lines(SipwhyLanguage language, const SipwhyExplanation *explanation)
{
    GPtrArray *lines = g_ptr_array_new();

    if (!explanation->code)
        g_ptr_array_add(lines, sipwhy_registration_text(language, explanation->status));
    for (size_t i = 0; i < explanation->description.count; i++)
        g_ptr_array_add(lines, g_strdup(explanation->description.line[i]));
    g_ptr_array_add(lines, NULL);
    return (char **)g_ptr_array_free(lines, FALSE);
}

static bool is_shown(gunichar character)
{
    GUnicodeType type = g_unichar_type(character);

    return !g_unichar_iscntrl(character) && type != G_UNICODE_FORMAT &&
           type != G_UNICODE_LINE_SEPARATOR && type != G_UNICODE_PARAGRAPH_SEPARATOR;
}

bool sipwhy_is_printable_ascii(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] < ' ' || bytes[i] > '~')
            return false;
    return true;
}

/* Appends the next character, or blanks that stand for one, of valid UTF-8; returns its end. */
static const char *append_shown(GString *line, const char *text)
{
    const size_t blanks = strspn(text, " \t\r\n");

    if (blanks > 0 && strcspn(text, "\r\n") < blanks) { /* a folded line (RFC 3261 7.3.1) */
        g_string_append_c(line, ' ');
        return text + blanks;
    }
    const gunichar character = g_utf8_get_char(text);
    g_string_append_unichar(line, is_shown(character) ? character : 0xFFFD);
    return g_utf8_next_char(text);
}

char *sipwhy_printable_text(const char *bytes, size_t length)
{
    if (!bytes || sipwhy_is_printable_ascii(bytes, length)) /* nearly always */
        return g_strndup(bytes ? bytes : "", length);
    char *valid = g_utf8_make_valid(bytes, (gssize)length);
    GString *line = g_string_sized_new(length);

    for (const char *c = valid; *c;) {
        const char *word = c;
        while (*c > ' ' && *c <= '~')
            c++;
        g_string_append_len(line, word, c - word);
        if (*c)
            c = append_shown(line, c);
    }
    g_free(valid);
    return g_string_free(line, FALSE);
}

char *sipwhy_code_title(const SipwhyExplanation *explanation)
{
    return *explanation->phrase ? g_strdup_printf("%u %s", explanation->status, explanation->phrase)
                                : g_strdup_printf("%u", explanation->status);
}
