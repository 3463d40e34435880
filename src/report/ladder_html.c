/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A ladder as an SVG diagram, and as a table for those who do not see it.
 *
 * SVG breaks no lines and measures no text: widths are guessed, on the wide side.
 */
#include <string.h>

#include "report/html.h"
#include "report/ladder.h"
#include "report/words.h"

enum {
    GUTTER_LEAST = 96, /* of time and frame, on the left */
    SMALL_CHARACTER = 7,
    SIDE = 96, /* from there to the first column, and from the last one on */
    SPACING_LEAST = 190,
    SPACING_MOST = 290,
    CHARACTER = 8, /* of a label, wide */
    LABEL_MOST = 36,
    NAME_WIDTH = 22, /* characters of a line of a column's head */
    NAME_LINES = 3,
    AGENT_WIDTH = 27,
    AGENT_LINES = 2,
    HEAD_LINE = 15,
    NOTE_WIDTH = 34, /* characters */
    NOTE_PIXELS = 264,
    NOTE_LINES = 3,
    NOTES_MOST = 3,
    NEAR = 4, /* with so many columns, findings stand nearer to their arrows */
    NOTE_LINE = 16,
    ROW_HEIGHT = 48,
    GAP_HEIGHT = 40,
    ARROW = 32, /* from the top of its row */
    LOOP = 34,  /* of an arrow from a column to itself */
    DATE_LENGTH = 10,
};

/* Where things are. */
typedef struct {
    const SipwhyLadder *ladder;
    SipwhyLanguage language;
    int gutter;
    int spacing;
    int head;  /* height of the heads of the columns */
    int notes; /* x */
    int width;
} Drawing;

static int column_x(const Drawing *drawing, unsigned column)
{
    return drawing->gutter + SIDE + (int)column * drawing->spacing;
}

/* Where the findings of a row begin: in a column of their own, which is far away in a wide ladder.
 */
static int notes_x(const Drawing *drawing, const SipwhyLadderRow *row)
{
    const int right = column_x(drawing, MAX(row->from, row->to));

    return drawing->ladder->columns->len < NEAR ? drawing->notes
                                                : right + (row->from == row->to ? 108 : 40);
}

static const SipwhyLadderRow *row_at(const SipwhyLadder *ladder, unsigned n)
{
    return ladder->rows->pdata[n];
}

static char *label_of(const Drawing *drawing, const SipwhyLadderRow *row)
{
    char *whole = sipwhy_ladder_label(row, drawing->language);
    char *label = sipwhy_html_cut(whole, LABEL_MOST);

    g_free(whole);
    return label;
}

/* ---- text ---- */

/* <text class="..." x y>text</text> */
static void draw_text(GString *out, const char *class, int x, int y, const char *text)
{
    g_string_append_printf(out, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y);
    sipwhy_html_text(out, text);
    g_string_append(out, "</text>");
}

static void draw_sign(GString *out, SipwhySeverity severity, int x, int y, int size)
{
    const char *class = sipwhy_html_class(severity);

    g_string_append_printf(
        out, "<use class=\"i %s\" href=\"#i-%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
        class, class, x - size / 2, y - size / 2, size, size);
}

static char *frames_text(const SipwhyLadderRow *row)
{
    return row->count > 1 && row->last_frame != row->message->frame
               ? g_strdup_printf("%u\xE2\x80\x93%u", row->message->frame, row->last_frame)
               : g_strdup_printf("%u", row->message->frame);
}

/* "frames 1-3" */
static char *gutter_text(const Drawing *drawing, const SipwhyLadderRow *row)
{
    char *frames = frames_text(row);
    char *text = sipwhy_text_format(drawing->language,
                                    strstr(frames, "\xE2\x80\x93") ? SIPWHY_TEXT_HTML_FRAMES_N
                                                                   : SIPWHY_TEXT_HTML_FRAME_N,
                                    "frames", frames, NULL);

    g_free(frames);
    return text;
}

/* ---- heads of the columns ---- */

static char *column_name(const SipwhyLadderColumn *column, SipwhyLanguage language)
{
    if (column->name)
        return g_strdup(column->name);
    char *count = sipwhy_words_number(column->endpoints);
    char *name =
        sipwhy_text_format(language, SIPWHY_TEXT_HTML_ENDPOINTS_MORE, "count", count, NULL);
    g_free(count);
    return name;
}

/* Draws the head of a column, or only measures it. Returns how many lines it has. */
static int draw_head(GString *out, const Drawing *drawing, unsigned n)
{
    const SipwhyLadderColumn *column = drawing->ladder->columns->pdata[n];
    char *name = column_name(column, drawing->language);
    char **names = sipwhy_html_wrap(name, NAME_WIDTH, NAME_LINES);
    char **agents = sipwhy_html_wrap(column->agent, AGENT_WIDTH, AGENT_LINES);
    const int x = column_x(drawing, n);
    int lines = 0;

    for (char **line = names; *line; line++, lines++)
        if (out)
            draw_text(out, "name", x, 16 + lines * HEAD_LINE, *line);
    for (char **line = agents; *line; line++, lines++)
        if (out)
            draw_text(out, "agent", x, 16 + lines * HEAD_LINE, *line);
    g_strfreev(agents);
    g_strfreev(names);
    g_free(name);
    return lines;
}

static void draw_begin(GString *out, const Drawing *drawing)
{
    if (drawing->ladder->begin == SIPWHY_NO_TIME)
        return;
    char *time = sipwhy_words_time(drawing->ladder->begin);
    char *date = g_strndup(time, DATE_LENGTH);
    draw_text(out, "when", drawing->gutter - 12, 16, date);
    if (strlen(time) > DATE_LENGTH)
        draw_text(out, "when", drawing->gutter - 12, 16 + HEAD_LINE, time + DATE_LENGTH + 1);
    draw_text(out, "when", drawing->gutter - 12, 16 + 2 * HEAD_LINE, "UTC");
    g_free(date);
    g_free(time);
}

/* ---- rows ---- */

static bool is_alarming(const SipwhyLadderRow *row)
{
    return row->severity > SIPWHY_SEVERITY_CHAT;
}

/* The line of an arrow, and its head. What an ICMP error brings back begins with a cross. */
static void draw_arrow(GString *out, const SipwhyLadderRow *row, int from, int to, int y)
{
    const int way = to > from ? 1 : -1;
    const bool lost = row->message->quoted;
    const int end = to - way * 2;

    g_string_append_printf(out, "<path class=\"line%s\" d=\"M%d %dH%d\"/>", lost ? " lost" : "",
                           from + (lost ? way * 12 : 0), y, end - way * 6);
    if (lost)
        g_string_append_printf(out, "<path class=\"line\" d=\"M%d %dl10 10m0-10-10 10\"/>",
                               from - 5, y - 5);
    g_string_append_printf(out, "<path class=\"head\" d=\"M%d %dl%d-5v10z\"/>", end, y, -way * 10);
}

static void draw_loop(GString *out, const SipwhyLadderRow *row, int x, int y)
{
    g_string_append_printf(out, "<path class=\"line%s\" d=\"M%d %dh%dv12h%d\"/>",
                           row->message->quoted ? " lost" : "", x, y - 4, LOOP, 10 - LOOP);
    g_string_append_printf(out, "<path class=\"head\" d=\"M%d %dl10-5v10z\"/>", x + 2, y + 8);
}

static void draw_sdp(GString *out, int x, int y)
{
    g_string_append_printf(
        out, "<rect class=\"sdp\" x=\"%d\" y=\"%d\" width=\"32\" height=\"15\" rx=\"4\"/>", x - 16,
        y - 8);
    draw_text(out, "sdp", x, y + 3, "SDP");
}

static void draw_message(GString *out, const Drawing *drawing, const SipwhyLadderRow *row, int top)
{
    const bool loop = row->from == row->to;
    const int from = column_x(drawing, row->from);
    const int to = column_x(drawing, row->to);
    const int y = top + ARROW;
    const int way = to > from ? 1 : -1;
    char *label = label_of(drawing, row);

    if (loop)
        draw_loop(out, row, from, y);
    else
        draw_arrow(out, row, from, to, y);
    if (row->message->has_sdp && !row->message->quoted)
        draw_sdp(out, loop ? from + LOOP + 22 : from + way * 34, loop ? y + 4 : y);
    draw_text(out, loop ? "label from" : "label", loop ? from + 10 : (from + to) / 2, y - 11,
              label);
    if (row->message->quoted)
        draw_text(out, "lost", loop ? from + 10 : (from + to) / 2, y + 14,
                  sipwhy_text(drawing->language, SIPWHY_TEXT_HTML_NOT_DELIVERED));
    if (is_alarming(row))
        draw_sign(out, row->severity, from, y, 18);
    g_free(label);
}

static void draw_time(GString *out, const Drawing *drawing, const SipwhyLadderRow *row, int top)
{
    char *time = sipwhy_ladder_time(drawing->ladder, row);
    char *frame = gutter_text(drawing, row);

    draw_text(out, "time", drawing->gutter - 12, top + ARROW - 3, time);
    draw_text(out, "frame", drawing->gutter - 12, top + ARROW + 11, frame);
    g_free(frame);
    g_free(time);
}

/* ---- findings, beside the arrow that they explain ---- */

/* Draws the title of a finding from `y` on, or only measures it. Returns how many lines it has. */
static int draw_note(GString *out, const SipwhyRecordedFinding *finding, int x, int y)
{
    char **lines =
        sipwhy_html_wrap(finding->title ? finding->title : finding->id, NOTE_WIDTH, NOTE_LINES);
    int count = 0;

    if (out)
        draw_sign(out, finding->severity, x + 8, y - 4, 14);
    for (; lines[count]; count++)
        if (out)
            draw_text(out, "note", x + 22, y + count * NOTE_LINE, lines[count]);
    g_strfreev(lines);
    return count;
}

/* Draws the findings of a row, or only measures them. Returns how many lines they have. */
static int draw_notes(GString *out, const Drawing *drawing, const SipwhyLadderRow *row, int top)
{
    const unsigned shown = MIN(row->findings->len, NOTES_MOST);
    const int x = notes_x(drawing, row);
    int lines = 0;

    for (unsigned i = 0; i < shown; i++)
        lines += draw_note(out, row->findings->pdata[i], x, top + ARROW + 4 + lines * NOTE_LINE);
    if (row->findings->len > shown) {
        char *count = sipwhy_words_number(row->findings->len - shown);
        char *more = sipwhy_text_format(drawing->language, SIPWHY_TEXT_HTML_FINDINGS_MORE, "count",
                                        count, NULL);
        if (out)
            draw_text(out, "note", x + 22, top + ARROW + 4 + lines * NOTE_LINE, more);
        lines++;
        g_free(more);
        g_free(count);
    }
    return lines;
}

static void draw_leader(GString *out, const Drawing *drawing, const SipwhyLadderRow *row, int top)
{
    const int right = column_x(drawing, MAX(row->from, row->to));

    g_string_append_printf(out, "<path class=\"leader\" d=\"M%d %dH%d\"/>",
                           right + (row->from == row->to ? LOOP + 44 : 12), top + ARROW,
                           notes_x(drawing, row) - 6);
}

static int row_height(const Drawing *drawing, const SipwhyLadderRow *row)
{
    if (!row->message)
        return GAP_HEIGHT;
    const int lines = draw_notes(NULL, drawing, row, 0);
    const int least = ROW_HEIGHT + (row->message->quoted ? 8 : 0);
    return MAX(least, ARROW + 2 + lines * NOTE_LINE);
}

static void draw_gap(GString *out, const Drawing *drawing, const SipwhyLadderRow *row, int top)
{
    char *count = sipwhy_words_number(row->count);
    char *text =
        sipwhy_text_format(drawing->language, SIPWHY_TEXT_HTML_LEFT_OUT, "count", count, NULL);
    const int right = column_x(drawing, drawing->ladder->columns->len - 1) + SIDE - 16;

    g_string_append_printf(
        out, "<rect class=\"gap\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"24\" rx=\"4\"/>",
        drawing->gutter + 16, top + 10, right - drawing->gutter - 16);
    draw_text(out, "gap", (drawing->gutter + 16 + right) / 2, top + 26, text);
    g_free(text);
    g_free(count);
}

static void draw_row(GString *out, const Drawing *drawing, const SipwhyLadderRow *row, int top)
{
    if (!row->message) {
        draw_gap(out, drawing, row, top);
        return;
    }
    g_string_append_printf(out, "<g class=\"%s\">",
                           row->message->quoted ? "quoted" : sipwhy_html_class(row->severity));
    if (row->findings->len > 0)
        draw_leader(out, drawing, row, top);
    draw_time(out, drawing, row, top);
    draw_message(out, drawing, row, top);
    draw_notes(out, drawing, row, top);
    g_string_append(out, "</g>\n");
}

/* ---- the whole ---- */

static void measure(Drawing *drawing)
{
    const SipwhyLadder *ladder = drawing->ladder;
    int heads = 3; /* of date and time */

    drawing->gutter = GUTTER_LEAST;
    drawing->spacing = SPACING_LEAST;
    for (unsigned i = 0; i < ladder->rows->len; i++) {
        const SipwhyLadderRow *row = row_at(ladder, i);
        if (!row->message)
            continue;
        char *label = label_of(drawing, row);
        char *frames = gutter_text(drawing, row);
        const int wanted = (int)g_utf8_strlen(label, -1) * CHARACTER + 24;
        const int columns = MAX(ABS((int)row->to - (int)row->from), 1);
        drawing->spacing = MAX(drawing->spacing, wanted / columns);
        drawing->gutter =
            MAX(drawing->gutter, (int)g_utf8_strlen(frames, -1) * SMALL_CHARACTER + 16);
        g_free(frames);
        g_free(label);
    }
    drawing->spacing = MIN(drawing->spacing, SPACING_MOST);
    for (unsigned i = 0; i < ladder->columns->len; i++)
        heads = MAX(heads, draw_head(NULL, drawing, i));
    drawing->head = 14 + heads * HEAD_LINE;
    drawing->width = column_x(drawing, ladder->columns->len - 1) + SIDE;
    drawing->notes = drawing->width - 24;
    for (unsigned i = 0; i < ladder->rows->len; i++)
        if (row_at(ladder, i)->findings->len > 0)
            drawing->width = MAX(drawing->width, notes_x(drawing, row_at(ladder, i)) + NOTE_PIXELS);
}

static void name_diagram(GString *out, const Drawing *drawing, const char *id)
{
    const SipwhyLadder *ladder = drawing->ladder;
    char *messages = sipwhy_words_number(ladder->call->messages->len);
    char *endpoints = sipwhy_words_number(ladder->endpoints);
    char *text = sipwhy_text_format(drawing->language, SIPWHY_TEXT_HTML_LADDER_TEXT, "messages",
                                    messages, "endpoints", endpoints, NULL);

    g_string_append_printf(out, "<title id=\"%s-t\">", id);
    sipwhy_html_text(out, sipwhy_text(drawing->language, SIPWHY_TEXT_HTML_LADDER));
    g_string_append_printf(out, "</title><desc id=\"%s-d\">", id);
    sipwhy_html_text(out, text);
    g_string_append(out, "</desc>\n");
    g_free(text);
    g_free(endpoints);
    g_free(messages);
}

void sipwhy_ladder_svg(GString *out, const SipwhyLadder *ladder, const char *id,
                       SipwhyLanguage language)
{
    Drawing drawing = {.ladder = ladder, .language = language};
    int height;

    if (ladder->columns->len == 0)
        return;
    measure(&drawing);
    height = drawing.head;
    for (unsigned i = 0; i < ladder->rows->len; i++)
        height += row_height(&drawing, row_at(ladder, i));
    height += 12;
    g_string_append_printf(out,
                           "<svg class=\"ladder\" role=\"img\" aria-labelledby=\"%s-t\" "
                           "aria-describedby=\"%s-d\" width=\"%d\" height=\"%d\" "
                           "viewBox=\"0 0 %d %d\">\n",
                           id, id, drawing.width, height, drawing.width, height);
    name_diagram(out, &drawing, id);
    draw_begin(out, &drawing);
    for (unsigned i = 0; i < ladder->columns->len; i++) {
        g_string_append_printf(out, "<path class=\"life\" d=\"M%d %dV%d\"/>", column_x(&drawing, i),
                               drawing.head, height);
        draw_head(out, &drawing, i);
    }
    g_string_append_c(out, '\n');
    int top = drawing.head;
    for (unsigned i = 0; i < ladder->rows->len; i++) {
        draw_row(out, &drawing, row_at(ladder, i), top);
        top += row_height(&drawing, row_at(ladder, i));
    }
    g_string_append(out, "</svg>\n");
}

/* ---- as a table ---- */

static void list_findings(GString *out, const SipwhyLadderRow *row, SipwhyLanguage language)
{
    g_string_append(out, "<td>");
    for (unsigned i = 0; i < row->findings->len; i++) {
        const SipwhyRecordedFinding *finding = row->findings->pdata[i];
        if (i > 0)
            g_string_append(out, "<br/>");
        sipwhy_html_severity(out, finding->severity, language);
        g_string_append_c(out, ' ');
        sipwhy_html_text(out, finding->title ? finding->title : finding->id);
    }
    if (row->findings->len == 0 && is_alarming(row))
        sipwhy_html_severity(out, row->severity, language);
    g_string_append(out, "</td>");
}

static void list_row(GString *out, const SipwhyLadder *ladder, const SipwhyLadderRow *row,
                     SipwhyLanguage language)
{
    char *time = sipwhy_ladder_time(ladder, row);
    char *frames = frames_text(row);
    char *label = sipwhy_ladder_label(row, language);

    g_string_append(out, "<tr>");
    sipwhy_html_element(out, "td class=\"n\"", time);
    sipwhy_html_element(out, "td class=\"n\"", frames);
    sipwhy_html_element(out, "td class=\"a\"", row->message->source);
    sipwhy_html_element(out, "td class=\"a\"", row->message->destination);
    g_string_append(out, "<td>");
    sipwhy_html_element(out, "bdi", label);
    if (row->message->has_sdp)
        g_string_append(out, " <span class=\"mark\">SDP</span>");
    if (row->message->quoted)
        g_string_append_printf(out, " <span class=\"mark\">%s</span>",
                               sipwhy_text(language, SIPWHY_TEXT_HTML_NOT_DELIVERED));
    g_string_append(out, "</td>");
    list_findings(out, row, language);
    g_string_append(out, "</tr>\n");
    g_free(label);
    g_free(frames);
    g_free(time);
}

static void list_gap(GString *out, const SipwhyLadderRow *row, SipwhyLanguage language)
{
    char *count = sipwhy_words_number(row->count);
    char *text = sipwhy_text_format(language, SIPWHY_TEXT_HTML_LEFT_OUT, "count", count, NULL);

    g_string_append(out, "<tr>");
    sipwhy_html_element(out, "td colspan=\"6\" class=\"gap\"", text);
    g_string_append(out, "</tr>\n");
    g_free(text);
    g_free(count);
}

void sipwhy_ladder_table(GString *out, const SipwhyLadder *ladder, SipwhyLanguage language)
{
    static const SipwhyText heads[] = {SIPWHY_TEXT_HTML_TIME,    SIPWHY_TEXT_HTML_FRAME,
                                       SIPWHY_TEXT_HTML_FROM,    SIPWHY_TEXT_HTML_TO,
                                       SIPWHY_TEXT_HTML_MESSAGE, SIPWHY_TEXT_HTML_FINDING};

    sipwhy_html_scroll(out, sipwhy_text(language, SIPWHY_TEXT_HTML_MESSAGES));
    g_string_append(out, "<table class=\"messages\"><thead><tr>");
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
        sipwhy_html_element(out, i < 2 ? "th scope=\"col\" class=\"n\"" : "th scope=\"col\"",
                            sipwhy_text(language, heads[i]));
    g_string_append(out, "</tr></thead><tbody>\n");
    for (unsigned i = 0; i < ladder->rows->len; i++)
        if (row_at(ladder, i)->message)
            list_row(out, ladder, row_at(ladder, i), language);
        else
            list_gap(out, row_at(ladder, i), language);
    g_string_append(out, "</tbody></table></div>\n");
}
