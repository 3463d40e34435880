/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The protocol "sipwhy": observe where SIP messages are, remember them, render what is known.
 */
#include "ws_compat.h"

#include "packet-sipwhy.h"

#include <epan/column-info.h>
#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/plugin_if.h>
#include <epan/prefs.h>
#include <epan/tap.h>

#include "fields.h"
#include "frames.h"
#include "identity.h"
#include "local_files.h"
#include "menu.h"
#include "observe.h"
#include "remember.h"
#include "render.h"
#include "spoken.h"
#include "tap_capture.h"
#include "taps.h"

static RenderSettings settings = {.proto = -1, .comments = COMMENTS_FAILURES};
static ws_boolean info_preference;
static ws_boolean knowledge_preference = TRUE;

static int expert_proto = -1; /* "_ws.expert": its fields are filled by our expert items too */
static int expert_tap;
static gboolean in_gui;

/* Whether it is settled if somebody is going to look at what we know of this capture. */
static gboolean settled;
static gboolean switched_off; /* nobody is: the protocol is off until the next capture */

/* Whether anybody looks at what would be added to the tree. */
static proto_tree *wanted_tree(proto_tree *tree)
{
    if (tree && !proto_field_is_referenced(tree, settings.proto) &&
        !proto_field_is_referenced(tree, expert_proto))
        return NULL;
    return tree;
}

/* Whether the dot of the status bar, which shows the highest severity of the capture, is waiting
 * for this packet's. There is one in the GUI only. */
static gboolean raises_severity(const Record *record, const Observation *observation)
{
    return in_gui &&
           render_severity(&settings, record, observation) > expert_get_highest_severity();
}

/* Whether anything that rendering makes is looked at: the tree, a column, the expert tap. */
static gboolean wants_rendering(const packet_info *pinfo, const proto_tree *tree)
{
    const column_info *columns = pinfo->cinfo;

    return tree || settings.info || have_tap_listener(expert_tap) ||
           (columns && columns->col_first && columns->col_first[COL_EXPERT] >= 0);
}

/* Whether nobody is ever going to look at what we know of this capture: nobody does at its first
 * packet, and the program reads it once only. Programs other than the GUI whose taps run while they
 * read a file for the first time have no second pass, and what they look at is settled before. */
static gboolean is_unwanted(packet_info *pinfo, const proto_tree *tree)
{
    return !in_gui && !PINFO_FD_VISITED(pinfo) && !wants_rendering(pinfo, tree) && !taps_wanted() &&
           taps_run(pinfo);
}

/* Wireshark calls a post-dissector for every packet of every capture, which takes longer than all
 * that we do about packets without SIP; one of a protocol that is off it does not call. */
static void switch_off(void)
{
    proto_set_decoding(settings.proto, FALSE);
    switched_off = TRUE;
}

static void switch_on(void)
{
    if (switched_off)
        proto_set_decoding(settings.proto, TRUE);
    switched_off = FALSE;
}

static int dissect_sipwhy(tvbuff_t *tvb, packet_info *pinfo, proto_tree *whole_tree, void *data _U_)
{
    Observation observation;

    if (!settled) {
        settled = TRUE;
        settings.info = info_preference;
        if (is_unwanted(pinfo, wanted_tree(whole_tree))) {
            switch_off();
            return 0;
        }
    }
    if (!observe_may_have_sip(pinfo, tvb)) { /* most packets of most captures */
        remember_passed(pinfo);
        if (observe_reset(pinfo))
            remember_reset(pinfo);
        return 0;
    }
    proto_tree *tree = wanted_tree(whole_tree);
    settings.info = info_preference;
    gboolean rendered = wants_rendering(pinfo, tree);
    observe_packet(pinfo, tvb, &observation);
    Record record = remember_packet(pinfo, &observation);
    if (record.count == 0) {
        if (observe_reset(pinfo))
            remember_reset(pinfo);
        return 0;
    }
    taps_queue(&record, &observation, pinfo);
    if (rendered || raises_severity(&record, &observation)) {
        const char *outer = pinfo->current_proto; /* the expert items are ours */
        pinfo->current_proto = "SIP Why";
        render_packet(&settings, &record, &observation, tvb, pinfo, tree);
        pinfo->current_proto = outer;
    }
    return (int)tvb_captured_length(tvb);
}

/* Only the GUI says that it can tell of its capture. */
static gboolean is_gui(void)
{
    ws_info_t *info = NULL;

    plugin_if_get_ws_info(&info);
    return info && info->ws_info_supported;
}

static void apply_preferences(void)
{
    settings.language = spoken_language();
    fields_speak(settings.language);
    identity_speak(settings.language);
    local_files_apply(is_gui());
}

static void register_preferences(void)
{
    static enum_val_t comments[] = {{"all", NULL, COMMENTS_ALL},
                                    {"failures", NULL, COMMENTS_FAILURES},
                                    {"none", NULL, COMMENTS_NONE},
                                    {NULL, NULL, 0}};
    SipwhyLanguage language = settings.language;
    module_t *module = prefs_register_protocol(settings.proto, apply_preferences);

    comments[0].description = sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_COMMENTS_ALL);
    comments[1].description = sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_COMMENTS_FAILURES);
    comments[2].description = sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_COMMENTS_NONE);
    spoken_register(module);
    prefs_register_enum_preference(module, "comments",
                                   sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_COMMENTS),
                                   sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_COMMENTS_HELP),
                                   &settings.comments, comments, FALSE);
    prefs_register_bool_preference(
        module, "info_column", sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_INFO),
        sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_INFO_HELP), &info_preference);
    prefs_register_bool_preference(
        module, "json_knowledge", sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_JSON_KNOWLEDGE),
        sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_JSON_KNOWLEDGE_HELP), &knowledge_preference);
    local_files_register(module);
}

/* A capture is opened. Wireshark registers its expert protocol after all others. */
static void begin_capture(void)
{
    expert_proto = proto_get_id_by_filter_name("_ws.expert");
    expert_tap = find_tap_id("expert");
    in_gui = is_gui();
    settled = FALSE;
    local_files_begin_capture();
    switch_on();
}

/* Wireshark calls post-dissectors while the protocol of at least one is enabled, so the handle
 * needs one. Ours would be a layer of each packet, and taken off most of them again, which takes
 * longer than all else that a packet without SIP costs. A helper of it is no layer, and enabled as
 * it is.
 */
static void register_postdissection(void)
{
    int helper =
        proto_register_protocol_in_name_only("SIP Why, after each packet", "SIP Why (packets)",
                                             "sipwhy.packets", settings.proto, FT_PROTOCOL);

    register_postdissector(create_dissector_handle(dissect_sipwhy, helper));
}

void sipwhy_register_protocol(void)
{
    settings.language = spoken_language();
    settings.proto = proto_register_protocol("SIP Why", "SIP Why", "sipwhy");
    fields_register(settings.proto);
    identity_register(settings.proto);
    register_preferences();
    remember_register();
    taps_register();
    frames_register();
    /* behind remember_register: it ends before it */
    tap_capture_register(&knowledge_preference);
    register_init_routine(begin_capture);
    menu_register(settings.proto);
    register_postdissection();
}

void sipwhy_register_handoff(void)
{
    observe_handoff();
}
