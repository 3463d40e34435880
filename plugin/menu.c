/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The menu Telephony, SIP Why of the GUI.
 *
 * What it answers stands in windows of the kind that Lua scripts open (funnel.h).
 */
#include "ws_compat.h"

#include "menu.h"

#include <string.h>

#include <epan/funnel.h>
#include <epan/packet.h>
#include <epan/plugin_if.h>

#include "compare.h"
#include "query.h"
#include "reference.h"
#include "report/render.h"
#include "selected.h"
#include "spoken.h"

enum { WINDOW_COLUMNS = 72 }; /* those of a window that nobody has made larger */

/* The tour of "next evidence frame": the packet that it started from, then its evidence. */
static struct {
    GArray *frames; /* guint32; NULL: there is no tour */
    guint at;
} tour;

static void end_tour(void)
{
    if (tour.frames)
        g_array_free(tour.frames, TRUE);
    tour.frames = NULL;
}

/* Opens a window; Wireshark remembers size and place of those with the same title. To set its text
 * would make Wireshark guess whether it is HTML; what is appended is plain, but leaves the window
 * at its end. */
static void show_text(const char *text)
{
    const funnel_ops_t *gui = funnel_get_funnel_ops();

    if (!gui || !gui->new_text_window)
        return;
    funnel_text_window_t *window =
        gui->new_text_window(gui->ops_id, sipwhy_text(spoken_language(), SIPWHY_TEXT_MENU_WINDOW));
    gui->append_text(window, text);
    gui->prepend_text(window, "");
}

static void show_message(SipwhyText text)
{
    show_text(sipwhy_text(spoken_language(), text));
}

static void append_page(GString *answer, const SipwhyPage *page)
{
    static const SipwhyTextStyle style = {.width = WINDOW_COLUMNS};

    if (answer->len > 0)
        g_string_append_c(answer, '\n');
    sipwhy_render_text(answer, page, &style);
}

static void append_complaint(GString *answer, SipwhyText text, const char *word)
{
    char *line = sipwhy_text_format(spoken_language(), text, "word", word, "code", word, NULL);

    if (answer->len > 0)
        g_string_append_c(answer, '\n');
    g_string_append_printf(answer, "%s\n", line);
    g_free(line);
}

/* The words of what was typed, blanks and commas between them; free with g_strfreev. Control
 * characters, which a title cannot show, come from a clipboard. */
static char **split_words(const char *typed)
{
    char *text = sipwhy_printable_text(typed, strlen(typed));
    char **pieces = g_strsplit_set(text, " ,", -1);
    guint count = 0;

    for (char **piece = pieces; *piece; piece++) {
        if (**piece)
            pieces[count++] = *piece;
        else
            g_free(*piece);
    }
    pieces[count] = NULL;
    g_free(text);
    return pieces;
}

static void append_explanation(GString *answer, const char *word)
{
    SipwhyQuery query;
    SipwhyQueryResult result = sipwhy_query_read(word, &query);

    if (result != SIPWHY_QUERY_FOUND) {
        append_complaint(answer,
                         result == SIPWHY_QUERY_MALFORMED ? SIPWHY_TEXT_MENU_EXPLAIN_WRONG
                                                          : query.complaint,
                         query.word);
        return;
    }
    GPtrArray *pages = sipwhy_query_pages(&query, spoken_language());
    for (guint i = 0; i < pages->len; i++)
        append_page(answer, pages->pdata[i]);
    g_ptr_array_free(pages, TRUE);
    if (query.kind == SIPWHY_QUERY_STATUS && !sipwhy_status_is_valid(query.number))
        append_complaint(answer, SIPWHY_TEXT_NOT_A_STATUS_CODE, query.word);
}

static void append_comparison(GString *answer, char **words)
{
    GArray *codes = g_array_new(FALSE, FALSE, sizeof(unsigned));
    SipwhyText complaint;

    for (char **word = words; *word; word++)
        if (sipwhy_query_add_code(*word, codes, &complaint) == SIPWHY_QUERY_UNKNOWN)
            append_complaint(answer, complaint, *word);
        else if (complaint == SIPWHY_TEXT_ERROR_COMPARE_CODE)
            append_complaint(answer, SIPWHY_TEXT_MENU_COMPARE_WRONG, *word);
    if (codes->len < 2) {
        append_complaint(answer, SIPWHY_TEXT_MENU_COMPARE_FEW, "");
    } else {
        SipwhyComparison *comparison =
            sipwhy_compare((const unsigned *)(void *)codes->data, codes->len, spoken_language());
        SipwhyPage *page = sipwhy_comparison_page(comparison);
        append_page(answer, page);
        sipwhy_page_free(page);
        sipwhy_comparison_free(comparison);
    }
    g_array_free(codes, TRUE);
}

/* The dialogs hand over what was typed, which is then ours. */
static void answer_explain(char **typed, void *data _U_)
{
    char **words = split_words(typed[0]);
    GString *answer = g_string_new(NULL);

    for (char **word = words; *word; word++)
        append_explanation(answer, *word);
    if (!words[0])
        append_complaint(answer, SIPWHY_TEXT_MENU_EXPLAIN_NOTHING, "");
    show_text(answer->str);
    g_string_free(answer, TRUE);
    g_strfreev(words);
    g_strfreev(typed);
}

static void answer_compare(char **typed, void *data _U_)
{
    char **words = split_words(typed[0]);
    GString *answer = g_string_new(NULL);

    append_comparison(answer, words);
    show_text(answer->str);
    g_string_free(answer, TRUE);
    g_strfreev(words);
    g_strfreev(typed);
}

/* Asks for codes, and proposes that of the response that is selected. */
static void ask(SipwhyText title, SipwhyText label, funnel_dlg_cb_t answer)
{
    const funnel_ops_t *gui = funnel_get_funnel_ops();
    Selected selected;

    if (!gui || !gui->new_dialog)
        return;
    selected_read(&selected);
    char *code = selected.code > 0 ? g_strdup_printf("%u", selected.code) : g_strdup("");
    const char *labels[] = {sipwhy_text(spoken_language(), label), NULL};
    const char *values[] = {code, NULL};
    gui->new_dialog(gui->ops_id, sipwhy_text(spoken_language(), title), labels, values, answer,
                    NULL, NULL);
    g_free(code);
    selected_clear(&selected);
}

static void explain(ext_menubar_gui_type type _U_, void *object _U_, void *data _U_)
{
    ask(SIPWHY_TEXT_MENU_EXPLAIN_TITLE, SIPWHY_TEXT_MENU_EXPLAIN_LABEL, answer_explain);
}

static void compare(ext_menubar_gui_type type _U_, void *object _U_, void *data _U_)
{
    ask(SIPWHY_TEXT_MENU_COMPARE_TITLE, SIPWHY_TEXT_MENU_COMPARE_LABEL, answer_compare);
}

/* Says what is missing, unless a SIP message is selected. */
static gboolean require_sip(const Selected *selected)
{
    if (!selected->has_capture)
        show_message(SIPWHY_TEXT_MENU_NO_CAPTURE);
    else if (selected->frame == 0)
        show_message(SIPWHY_TEXT_MENU_NO_PACKET);
    else if (!selected->call_id && selected->code == 0)
        show_message(SIPWHY_TEXT_MENU_NO_SIP);
    else
        return TRUE;
    return FALSE;
}

/* Of a response what defines its code; of a request that has a finding what that rests on. */
static char *reference_url(const Selected *selected)
{
    SipwhyFindingId id;

    if (selected->url)
        return g_strdup(selected->url);
    if (!selected->finding || !sipwhy_finding_find(selected->finding, &id))
        return NULL;
    return sipwhy_source_url(sipwhy_finding_facts(id)->sources.line[0]);
}

static void open_reference(const Selected *selected)
{
    const funnel_ops_t *gui = funnel_get_funnel_ops();
    char *url = reference_url(selected);

    if (!url) {
        show_message(SIPWHY_TEXT_MENU_NO_REFERENCE);
    } else if (!gui || !gui->browser_open_url || !gui->browser_open_url(url)) {
        char *text = g_strdup_printf(
            "%s\n\n%s", sipwhy_text(spoken_language(), SIPWHY_TEXT_MENU_NO_BROWSER), url);
        show_text(text);
        g_free(text);
    }
    g_free(url);
}

static void show_call(const Selected *selected)
{
    if (!selected->call_id) {
        show_message(SIPWHY_TEXT_MENU_NO_CALL_ID);
        return;
    }
    GString *filter = g_string_new("sip.Call-ID == \"");
    for (const char *c = selected->call_id; *c; c++) {
        if (*c == '"' || *c == '\\')
            g_string_append_c(filter, '\\');
        g_string_append_c(filter, *c);
    }
    g_string_append_c(filter, '"');
    plugin_if_apply_filter(filter->str, TRUE);
    g_string_free(filter, TRUE);
}

static void show_decision(const Selected *selected)
{
    if (selected->decided_in == 0)
        show_message(SIPWHY_TEXT_MENU_UNDECIDED);
    else if (selected->decided_in == selected->frame)
        show_message(SIPWHY_TEXT_MENU_DECIDES_ITSELF);
    else
        plugin_if_goto_frame(selected->decided_in);
}

static void begin_tour(const Selected *selected)
{
    end_tour();
    if (selected->evidence->len == 0)
        return;
    tour.frames = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_array_append_val(tour.frames, selected->frame);
    g_array_append_vals(tour.frames, selected->evidence->data, selected->evidence->len);
    tour.at = 0;
}

static void show_next_evidence(const Selected *selected)
{
    if (!tour.frames || g_array_index(tour.frames, guint32, tour.at) != selected->frame)
        begin_tour(selected);
    if (!tour.frames) {
        show_message(selected->finding ? SIPWHY_TEXT_MENU_NO_OTHER_EVIDENCE
                                       : SIPWHY_TEXT_MENU_NO_FINDING);
        return;
    }
    tour.at = (tour.at + 1) % tour.frames->len;
    plugin_if_goto_frame(g_array_index(tour.frames, guint32, tour.at));
}

static void on_selected(void (*act)(const Selected *selected))
{
    Selected selected;

    selected_read(&selected);
    if (require_sip(&selected))
        act(&selected);
    selected_clear(&selected);
}

static void reference(ext_menubar_gui_type type _U_, void *object _U_, void *data _U_)
{
    on_selected(open_reference);
}

static void whole_call(ext_menubar_gui_type type _U_, void *object _U_, void *data _U_)
{
    on_selected(show_call);
}

static void decision(ext_menubar_gui_type type _U_, void *object _U_, void *data _U_)
{
    on_selected(show_decision);
}

static void next_evidence(ext_menubar_gui_type type _U_, void *object _U_, void *data _U_)
{
    on_selected(show_next_evidence);
}

void menu_register(int proto)
{
    static const struct {
        SipwhyText label;
        SipwhyText help;
        ext_menubar_action_cb act;
    } entries[] = {
        {SIPWHY_TEXT_MENU_EXPLAIN, SIPWHY_TEXT_MENU_EXPLAIN_HELP, explain},
        {SIPWHY_TEXT_MENU_COMPARE, SIPWHY_TEXT_MENU_COMPARE_HELP, compare},
        {SIPWHY_TEXT_MENU_REFERENCE, SIPWHY_TEXT_MENU_REFERENCE_HELP, reference},
        {SIPWHY_TEXT_MENU_CALL, SIPWHY_TEXT_MENU_CALL_HELP, whole_call},
        {SIPWHY_TEXT_MENU_DECISION, SIPWHY_TEXT_MENU_DECISION_HELP, decision},
        {SIPWHY_TEXT_MENU_EVIDENCE, SIPWHY_TEXT_MENU_EVIDENCE_HELP, next_evidence},
    };
    enum { KNOWLEDGE = 2 }; /* the first ones need no capture */

    const SipwhyLanguage language = spoken_language();
    ext_menu_t *menu =
        ext_menubar_register_menu(proto, sipwhy_text(language, SIPWHY_TEXT_MENU_TITLE), TRUE);
    ext_menubar_set_parentmenu(menu, "Telephony");
    for (guint i = 0; i < G_N_ELEMENTS(entries); i++) {
        if (i == KNOWLEDGE)
            ext_menubar_add_separator(menu);
        ext_menubar_add_entry(menu, sipwhy_text(language, entries[i].label),
                              sipwhy_text(language, entries[i].help), entries[i].act, NULL);
    }
    register_cleanup_routine(end_tour);
}
