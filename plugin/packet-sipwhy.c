/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The protocol "sipwhy": observe where the responses are, remember them, render what is known.
 */
#include "ws_compat.h"

#include "packet-sipwhy.h"

#include <epan/column-info.h>
#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/tap.h>

#include "fields.h"
#include "language.h"
#include "observe.h"
#include "remember.h"
#include "render.h"
#include "taps.h"

static RenderSettings settings = {.proto = -1, .comments = COMMENTS_FAILURES};
static ws_boolean info_preference;

static int expert_proto = -1; /* "_ws.expert": its fields are filled by our expert items too */
static int expert_tap;

/* Whether anybody looks at what would be added to the tree. */
static proto_tree *wanted_tree(proto_tree *tree)
{
    if (tree && !proto_field_is_referenced(tree, settings.proto) &&
        !proto_field_is_referenced(tree, expert_proto))
        return NULL;
    return tree;
}

/* Whether anything that rendering makes is looked at: the tree, a column, the expert tap, or the
 * dot of the GUI's status bar, which shows the highest severity of the capture. */
static gboolean wants_rendering(const Record *record, packet_info *pinfo, const proto_tree *tree)
{
    const column_info *columns = pinfo->cinfo;

    return tree || settings.info || have_tap_listener(expert_tap) ||
           (columns && columns->col_first && columns->col_first[COL_EXPERT] >= 0) ||
           render_severity(record) > expert_get_highest_severity();
}

static int dissect_sipwhy(tvbuff_t *tvb, packet_info *pinfo, proto_tree *whole_tree, void *data _U_)
{
    proto_tree *tree = wanted_tree(whole_tree);
    gboolean complete = FALSE;
    wmem_array_t *observed = observe_packet(pinfo, tvb, tree != NULL, &complete);
    const Record *record = remember_packet(pinfo, observed, complete);

    if (!record)
        return 0;
    taps_queue(record, pinfo);
    settings.info = info_preference;
    if (wants_rendering(record, pinfo, tree))
        render_packet(&settings, record, observed, tvb, pinfo, tree);
    return (int)tvb_captured_length(tvb);
}

static void register_preferences(void)
{
    static enum_val_t comments[] = {{"all", NULL, COMMENTS_ALL},
                                    {"failures", NULL, COMMENTS_FAILURES},
                                    {"none", NULL, COMMENTS_NONE},
                                    {NULL, NULL, 0}};
    SipwhyLanguage language = settings.language;
    module_t *module = prefs_register_protocol(settings.proto, NULL);

    comments[0].description = sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_COMMENTS_ALL);
    comments[1].description = sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_COMMENTS_FAILURES);
    comments[2].description = sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_COMMENTS_NONE);
    prefs_register_enum_preference(module, "comments",
                                   sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_COMMENTS),
                                   sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_COMMENTS_HELP),
                                   &settings.comments, comments, FALSE);
    prefs_register_bool_preference(
        module, "info_column", sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_INFO),
        sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_INFO_HELP), &info_preference);
}

/* A capture is opened. Wireshark registers its expert protocol after all others. */
static void begin_capture(void)
{
    expert_proto = proto_get_id_by_filter_name("_ws.expert");
    expert_tap = find_tap_id("expert");
}

void sipwhy_register_protocol(void)
{
    settings.language = sipwhy_language_from_environment();
    settings.proto = proto_register_protocol("SIP Why", "SIP Why", "sipwhy");
    fields_register(settings.proto, settings.language);
    register_preferences();
    remember_register();
    taps_register(settings.language);
    observe_register(settings.proto);
    register_init_routine(begin_capture);
    register_postdissector(create_dissector_handle(dissect_sipwhy, settings.proto));
}

void sipwhy_register_handoff(void)
{
    observe_handoff();
}
