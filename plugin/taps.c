/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tap "sipwhy" and the statistics tree -z sipwhy,tree (in the GUI: Statistics, SIP Why).
 */
#include "ws_compat.h"

#include "taps.h"

#include <string.h>

#include <epan/stats_tree.h>
#include <epan/tap.h>

static int tap;
static SipwhyLanguage tap_language;

/* The heads of the two branches; a node without a class: codes that are none. */
static int class_branch;
static int category_branch;

static void init_tree(stats_tree *tree)
{
    class_branch = stats_tree_create_node(
        tree, sipwhy_text(tap_language, SIPWHY_TEXT_STATISTICS_CLASS), 0, STAT_DT_INT, TRUE);
    category_branch = stats_tree_create_node(
        tree, sipwhy_text(tap_language, SIPWHY_TEXT_STATISTICS_CATEGORY), 0, STAT_DT_INT, TRUE);
}

/* The category in the reader's language, and behind it the id that filters take, where it differs.
 */
static const char *category_label(SipwhyCategory category)
{
    static char label[128];
    const char *id = sipwhy_term_id(SIPWHY_TERM_KIND_CATEGORY, (int)category);
    const char *name = sipwhy_term_label(tap_language, SIPWHY_TERM_KIND_CATEGORY, (int)category);

    if (strcmp(id, name) == 0)
        return id;
    g_snprintf(label, sizeof label, "%s (%s)", name, id);
    return label;
}

static tap_packet_status count_response(stats_tree *tree, packet_info *pinfo _U_,
                                        epan_dissect_t *edt _U_, const void *data,
                                        tap_flags_t flags _U_)
{
    const SipwhyTapResponse *response = data;
    SipwhyExplanation explanation;
    gboolean known = sipwhy_explain(response->status, tap_language, &explanation);
    const char *unregistered = sipwhy_text(tap_language, SIPWHY_TEXT_STATISTICS_UNREGISTERED);
    const char *category = unregistered;
    char *class = NULL;
    char *title = NULL;

    if (known && explanation.class) {
        class = g_strdup_printf("%uxx %s", explanation.class->digit,
                                sipwhy_class_name(tap_language, explanation.class));
        title = explanation.code ? sipwhy_code_title(&explanation)
                                 : g_strdup_printf("%u (%s)", response->status, unregistered);
    } else {
        class = g_strdup(sipwhy_text(tap_language, SIPWHY_TEXT_EXPERT_INVALID_CODE));
        title = g_strdup_printf("%03u", response->status);
    }
    if (known && explanation.code)
        category = category_label(explanation.code->category);

    tick_stat_node(tree, sipwhy_text(tap_language, SIPWHY_TEXT_STATISTICS_CLASS), 0, TRUE);
    int class_node = tick_stat_node(tree, class, class_branch, TRUE);
    tick_stat_node(tree, title, class_node, FALSE);
    tick_stat_node(tree, sipwhy_text(tap_language, SIPWHY_TEXT_STATISTICS_CATEGORY), 0, TRUE);
    tick_stat_node(tree, category, category_branch, FALSE);
    g_free(title);
    g_free(class);
    return TAP_PACKET_REDRAW;
}

void taps_register(SipwhyLanguage language)
{
    tap_language = language;
    tap = register_tap("sipwhy");
    stats_tree_register_plugin("sipwhy", "sipwhy",
                               sipwhy_text(language, SIPWHY_TEXT_STATISTICS_TITLE), 0,
                               count_response, init_tree, NULL);
}

void taps_queue(const Record *record, packet_info *pinfo)
{
    if (!have_tap_listener(tap))
        return;
    for (guint i = 0; i < record->count; i++) {
        const Response *response = &record->responses[i];
        if (response->quoted)
            continue;
        SipwhyTapResponse *entry = wmem_new(pinfo->pool, SipwhyTapResponse);
        *entry = (SipwhyTapResponse){response->status};
        tap_queue_packet(tap, pinfo, entry);
    }
}
