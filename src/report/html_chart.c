/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bars as SVG. Their description says in words what they show.
 */
#include "report/html_chart.h"

#include "report/html.h"
#include "report/words.h"

enum {
    WIDTH = 400,
    BAR_LEAST = 2,
    BAR_TOP = 21, /* below its name */
    BAR_HEIGHT = 8,
    ROW_HEIGHT = 42,
    NAME_MOST = 44,
};

static void draw_bar(GString *out, const SipwhyBar *bar, size_t most, int y)
{
    const int length =
        bar->value ? MAX(BAR_LEAST, (int)((double)WIDTH * (double)bar->value / (double)most)) : 0;
    char *name = sipwhy_html_cut(bar->label, NAME_MOST);

    g_string_append_printf(out, "<text x=\"0\" y=\"%d\">", y + 14);
    sipwhy_html_text(out, name);
    g_string_append_printf(
        out, "</text><text class=\"value\" x=\"%d\" y=\"%d\">%" G_GSIZE_FORMAT "</text>", WIDTH,
        y + 14, bar->value);
    g_string_append_printf(
        out, "<rect class=\"base\" x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>",
        y + BAR_TOP, WIDTH, BAR_HEIGHT);
    g_string_append_printf(out,
                           "<g class=\"%s\"><rect fill=\"currentColor\" x=\"0\" y=\"%d\" "
                           "width=\"%d\" height=\"%d\" rx=\"%d\"/></g>\n",
                           bar->class, y + BAR_TOP, length, BAR_HEIGHT, MIN(3, length / 2));
    g_free(name);
}

static void describe(GString *out, const SipwhyBar *bars, size_t count, SipwhyLanguage language)
{
    for (size_t i = 0; i < count; i++) {
        char *value = sipwhy_words_number(bars[i].value);
        char *text = sipwhy_labelled_text(language, bars[i].label, value);
        if (i > 0)
            g_string_append(out, "; ");
        sipwhy_html_text(out, text);
        g_free(text);
        g_free(value);
    }
}

void sipwhy_html_chart(GString *out, const char *id, const char *caption, const SipwhyBar *bars,
                       size_t count, SipwhyLanguage language)
{
    const int height = (int)count * ROW_HEIGHT;
    size_t most = 1;

    for (size_t i = 0; i < count; i++)
        most = MAX(most, bars[i].value);
    g_string_append(out, "<figure class=\"card\">");
    sipwhy_html_element(out, "figcaption", caption);
    g_string_append_printf(out,
                           "<svg class=\"chart\" role=\"img\" aria-labelledby=\"%s-t\" "
                           "aria-describedby=\"%s-d\" viewBox=\"0 0 %d %d\">",
                           id, id, WIDTH, height);
    g_string_append_printf(out, "<title id=\"%s-t\">", id);
    sipwhy_html_text(out, caption);
    g_string_append_printf(out, "</title><desc id=\"%s-d\">", id);
    describe(out, bars, count, language);
    g_string_append(out, "</desc>\n");
    for (size_t i = 0; i < count; i++)
        draw_bar(out, &bars[i], most, (int)i * ROW_HEIGHT);
    g_string_append(out, "</svg></figure>\n");
}
