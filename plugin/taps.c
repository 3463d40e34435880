/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tap "sipwhy" and the statistics tree -z sipwhy,tree (in the GUI: Statistics, SIP Why).
 */
#include "ws_compat.h"

#include "taps.h"

#include <stdlib.h>
#include <string.h>

#include <epan/stats_tree.h>
#include <epan/tap.h>

#include "local/matched.h"
#include "local_files.h"
#include "spoken.h"

static int tap;

/* The heads of the two branches; a node without a class: codes that are none. */
static int class_branch;
static int category_branch;

static void init_tree(stats_tree *tree)
{
    class_branch = stats_tree_create_node(
        tree, sipwhy_text(spoken_language(), SIPWHY_TEXT_STATISTICS_CLASS), 0, STAT_DT_INT, TRUE);
    category_branch = stats_tree_create_node(
        tree, sipwhy_text(spoken_language(), SIPWHY_TEXT_STATISTICS_CATEGORY), 0, STAT_DT_INT,
        TRUE);
}

/* The category in the reader's language, and behind it the id that filters take, where it differs.
 */
static const char *category_label(SipwhyCategory category)
{
    static char label[128];
    const char *id = sipwhy_term_id(SIPWHY_TERM_KIND_CATEGORY, (int)category);
    const char *name =
        sipwhy_term_label(spoken_language(), SIPWHY_TERM_KIND_CATEGORY, (int)category);

    if (strcmp(id, name) == 0)
        return id;
    g_snprintf(label, sizeof label, "%s (%s)", name, id);
    return label;
}

/* What local knowledge says, goes before what the table does. */
static SipwhyCategory category_of(const SipwhyTapMessage *message, const SipwhyCode *code)
{
    SipwhyCategory category =
        sipwhy_local_category(local_files_match(message->event, message->message));

    return category == SIPWHY_CATEGORY_COUNT && code ? code->category : category;
}

/* What the responses of one status are counted as, worked out once: there are many of each. */
typedef struct {
    char *class;
    char *title;
    const SipwhyCode *code; /* NULL: it has no entry */
} Labels;

static const Labels *labels_of(guint status)
{
    enum { STATUSES = 1000 }; /* three digits */
    static Labels known[STATUSES];
    static SipwhyLanguage spoken;
    Labels *labels = &known[status % STATUSES];
    SipwhyExplanation explanation;

    for (guint i = 0; spoken != spoken_language() && i < STATUSES; i++) {
        g_clear_pointer(&known[i].class, g_free);
        g_clear_pointer(&known[i].title, g_free);
    }
    spoken = spoken_language();
    if (labels->title)
        return labels;
    const gboolean explained = sipwhy_explain(status, spoken, &explanation);
    labels->code = explained ? explanation.code : NULL;
    if (explained && explanation.class) {
        labels->class = g_strdup_printf("%uxx %s", explanation.class->digit,
                                        sipwhy_class_name(spoken, explanation.class));
        labels->title =
            explanation.code
                ? sipwhy_code_title(&explanation)
                : g_strdup_printf("%u (%s)", status,
                                  sipwhy_text(spoken, SIPWHY_TEXT_STATISTICS_UNREGISTERED));
    } else {
        labels->class = g_strdup(sipwhy_text(spoken, SIPWHY_TEXT_EXPERT_INVALID_CODE));
        labels->title = g_strdup_printf("%03u", status);
    }
    return labels;
}

static void count_response(stats_tree *tree, const SipwhyTapMessage *message)
{
    const SipwhyLanguage language = spoken_language();
    const Labels *labels = labels_of(message->event->status);
    const SipwhyCategory category = category_of(message, labels->code);

    tick_stat_node(tree, sipwhy_text(language, SIPWHY_TEXT_STATISTICS_CLASS), 0, TRUE);
    int class_node = tick_stat_node(tree, labels->class, class_branch, TRUE);
    tick_stat_node(tree, labels->title, class_node, FALSE);
    tick_stat_node(tree, sipwhy_text(language, SIPWHY_TEXT_STATISTICS_CATEGORY), 0, TRUE);
    tick_stat_node(tree,
                   category == SIPWHY_CATEGORY_COUNT
                       ? sipwhy_text(language, SIPWHY_TEXT_STATISTICS_UNREGISTERED)
                       : category_label(category),
                   category_branch, FALSE);
}

/* A quoted response was never received: it does not count. */
static tap_packet_status count_responses(stats_tree *tree, packet_info *pinfo _U_,
                                         epan_dissect_t *edt _U_, const void *data,
                                         tap_flags_t flags _U_)
{
    const SipwhyTapPacket *packet = data;
    tap_packet_status result = TAP_PACKET_DONT_REDRAW;

    for (gsize i = 0; i < packet->count; i++) {
        const SipwhyEvent *event = packet->messages[i].event;
        if ((event->status == 0 && !event->invalid) || event->quoted)
            continue;
        count_response(tree, &packet->messages[i]);
        result = TAP_PACKET_REDRAW;
    }
    return result;
}

void taps_register(void)
{
    tap = register_tap("sipwhy");
    stats_tree_register_plugin("sipwhy", "sipwhy",
                               sipwhy_text(spoken_language(), SIPWHY_TEXT_STATISTICS_TITLE), 0,
                               count_responses, init_tree, NULL);
}

gboolean taps_wanted(void)
{
    return have_tap_listener(tap);
}

gboolean taps_run(packet_info *pinfo)
{
    static const SipwhyTapPacket nothing;

    tap_queue_packet(tap, pinfo, &nothing); /* Wireshark queues it where taps run */
    return fetch_tapped_data(tap, 0) != NULL;
}

static int compare_messages(const void *a, const void *b)
{
    const SipwhyMessage *one = ((const SipwhyTapMessage *)a)->message;
    const SipwhyMessage *other = ((const SipwhyTapMessage *)b)->message;

    return one < other ? -1 : one > other;
}

/* Puts them in the order in which they were observed, if all were: the same in each pass. */
static void arrange(SipwhyTapMessage *messages, gsize count)
{
    for (gsize i = 0; i < count; i++)
        if (!messages[i].message)
            return;
    qsort(messages, count, sizeof *messages, compare_messages);
}

void taps_queue(const Record *record, const Observation *observation, packet_info *pinfo)
{
    if (!taps_wanted())
        return;
    SipwhyTapPacket *packet = wmem_new(pinfo->pool, SipwhyTapPacket);
    SipwhyTapMessage *messages = wmem_alloc_array(pinfo->pool, SipwhyTapMessage, record->count);
    for (gsize i = 0; i < record->count; i++) {
        const Observed *one = remember_observed(record, i, observation);
        messages[i] = (SipwhyTapMessage){&record->events[i], one ? &one->message : NULL};
    }
    if (record->count > 1)
        arrange(messages, record->count);
    *packet = (SipwhyTapPacket){remember_place(pinfo, observation), record->count, messages};
    tap_queue_packet(tap, pinfo, packet);
}
