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

/* The value that the pairs give for the placeholder `name` of `length` bytes, or NULL. */
static const char *find_value(const GPtrArray *pairs, const char *name, size_t length)
{
    for (unsigned i = 0; i + 1 < pairs->len; i += 2)
        if (strlen(pairs->pdata[i]) == length && strncmp(pairs->pdata[i], name, length) == 0)
            return pairs->pdata[i + 1];
    return NULL;
}

char *sipwhy_text_format(SipwhyLanguage language, SipwhyText text, ...)
{
    GPtrArray *pairs = g_ptr_array_new();
    GString *out = g_string_new(NULL);
    const char *rest = sipwhy_text(language, text);
    va_list arguments;

    va_start(arguments, text);
    for (char *name = va_arg(arguments, char *); name; name = va_arg(arguments, char *)) {
        g_ptr_array_add(pairs, name);
        g_ptr_array_add(pairs, va_arg(arguments, char *));
    }
    va_end(arguments);

    while (*rest) {
        const char *close = *rest == '{' ? strchr(rest, '}') : NULL;
        const char *value = close ? find_value(pairs, rest + 1, (size_t)(close - rest - 1)) : NULL;
        if (value) {
            g_string_append(out, value);
            rest = close + 1;
        } else {
            g_string_append_c(out, *rest++);
        }
    }
    g_ptr_array_free(pairs, TRUE);
    return g_string_free(out, FALSE);
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

char *sipwhy_printable_text(const char *bytes, size_t length)
{
    char *valid = g_utf8_make_valid(bytes ? bytes : "", (gssize)length);
    GString *line = g_string_new(NULL);

    for (const char *c = valid; *c; c = g_utf8_next_char(c)) {
        gunichar character = g_utf8_get_char(c);
        gboolean shown = !g_unichar_iscntrl(character) &&
                         g_unichar_type(character) != G_UNICODE_FORMAT &&
                         g_unichar_type(character) != G_UNICODE_LINE_SEPARATOR &&
                         g_unichar_type(character) != G_UNICODE_PARAGRAPH_SEPARATOR;
        g_string_append_unichar(line, shown ? character : 0xFFFD);
    }
    g_free(valid);
    return g_string_free(line, FALSE);
}

char *sipwhy_code_title(const SipwhyExplanation *explanation)
{
    return *explanation->phrase ? g_strdup_printf("%u %s", explanation->status, explanation->phrase)
                                : g_strdup_printf("%u", explanation->status);
}
