/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Escaping, elements, signs.
 */
#include "report/html.h"

#include <string.h>

#include "text.h"

enum { TEXT_MOST = 1000 /* characters of a text: a URI can be 64 KB long */ };

static const char DOTS[] = "\xE2\x80\xA6";

char *sipwhy_html_cut(const char *text, unsigned most)
{
    char *shown = sipwhy_printable_text(text, text ? strlen(text) : 0);

    if (g_utf8_strlen(shown, -1) <= (glong)most)
        return shown;
    *g_utf8_offset_to_pointer(shown, most > 0 ? (glong)most - 1 : 0) = '\0';
    char *cut = g_strconcat(g_strchomp(shown), DOTS, NULL);
    g_free(shown);
    return cut;
}

/* U+FFFE and U+FFFF of each plane, and U+FDD0 to U+FDEF, may not stand in a document. */
static bool is_no_character(gunichar character)
{
    return (character & 0xFFFE) == 0xFFFE || (character >= 0xFDD0 && character <= 0xFDEF);
}

static void append_character(GString *out, gunichar character)
{
    switch (character) {
    case '<':
        g_string_append(out, "&lt;");
        break;
    case '>':
        g_string_append(out, "&gt;");
        break;
    case '&':
        g_string_append(out, "&amp;");
        break;
    case '"':
        g_string_append(out, "&quot;");
        break;
    case '\'':
        g_string_append(out, "&#39;");
        break;
    default:
        g_string_append_unichar(out, is_no_character(character) ? 0xFFFD : character);
    }
}

void sipwhy_html_text(GString *out, const char *text)
{
    if (!text)
        return;
    char *shown = sipwhy_html_cut(text, TEXT_MOST);
    for (const char *c = shown; *c; c = g_utf8_next_char(c))
        append_character(out, g_utf8_get_char(c));
    g_free(shown);
}

void sipwhy_html_element(GString *out, const char *tag, const char *text)
{
    g_string_append_printf(out, "<%s>", tag);
    sipwhy_html_text(out, text);
    g_string_append_printf(out, "</%.*s>", (int)strcspn(tag, " "), tag);
}

void sipwhy_html_number(GString *out, const char *tag, size_t number)
{
    g_string_append_printf(out, "<%s>%" G_GSIZE_FORMAT "</%.*s>", tag, number,
                           (int)strcspn(tag, " "), tag);
}

/* How many bytes of a text stand in a line: all of it, or up to the last blank, or behind the last
 * sign at which an address or a name may be broken, or as they come. */
static size_t line_length(const char *text, unsigned width)
{
    const char *blank = text;
    const char *sign = text;
    const char *end = text;

    for (unsigned i = 0; *end; i++, end = g_utf8_next_char(end)) {
        if (*end == ' ')
            blank = end;
        if (i == width)
            return (size_t)((blank > text ? blank : sign > text ? sign : end) - text);
        if (strchr(":/-;,", *end))
            sign = end + 1;
    }
    return (size_t)(end - text);
}

char **sipwhy_html_wrap(const char *text, unsigned width, unsigned most)
{
    GPtrArray *lines = g_ptr_array_new();
    char *shown = sipwhy_printable_text(text, text ? strlen(text) : 0);

    for (const char *rest = shown + strspn(shown, " "); *rest && lines->len < most;) {
        const size_t length = line_length(rest, width);
        const bool last = lines->len + 1 == most && rest[length + strspn(rest + length, " ")];
        g_ptr_array_add(lines,
                        last ? sipwhy_html_cut(rest, width) : g_strndup(rest, (gsize)length));
        rest += length;
        rest += strspn(rest, " ");
    }
    g_free(shown);
    g_ptr_array_add(lines, NULL);
    return (char **)g_ptr_array_free(lines, FALSE);
}

const char *sipwhy_html_class(SipwhySeverity severity)
{
    const char *id = sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY, (int)severity);

    return id ? id : "chat";
}

/* Hidden from who hears the page: the word stands beside it. */
static void append_sign(GString *out, SipwhySeverity severity)
{
    const char *class = sipwhy_html_class(severity);

    g_string_append_printf(out,
                           "<svg class=\"i %s\" viewBox=\"0 0 16 16\" aria-hidden=\"true\">"
                           "<use href=\"#i-%s\"/></svg>",
                           class, class);
}

void sipwhy_html_severity(GString *out, SipwhySeverity severity, SipwhyLanguage language)
{
    append_sign(out, severity);
    g_string_append_printf(out, "<span class=\"word %s\">", sipwhy_html_class(severity));
    sipwhy_html_text(out, sipwhy_term_label(language, SIPWHY_TERM_KIND_SEVERITY, (int)severity));
    g_string_append(out, "</span>");
}

void sipwhy_html_scroll(GString *out, const char *label)
{
    g_string_append(out, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"");
    sipwhy_html_text(out, label);
    g_string_append(out, "\">\n");
}

const char sipwhy_html_shapes[] =
    "<svg class=\"shapes\" width=\"0\" height=\"0\" aria-hidden=\"true\">"
    "<symbol id=\"i-chat\" viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"4\"/></symbol>"
    "<symbol id=\"i-note\" viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"7\"/>"
    "<path class=\"cut\" d=\"M8 7.5v4M8 4.6v.2\"/></symbol>"
    "<symbol id=\"i-warn\" viewBox=\"0 0 16 16\"><path d=\"M8 1.2 15.4 14.6H.6z\" "
    "stroke-linejoin=\"round\"/><path class=\"cut\" d=\"M8 6v4M8 12.3v.2\"/></symbol>"
    "<symbol id=\"i-error\" viewBox=\"0 0 16 16\"><path d=\"M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z\"/>"
    "<path class=\"cut\" d=\"m5.3 5.3 5.4 5.4m0-5.4-5.4 5.4\"/></symbol></svg>\n";
