/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the details pane of the GUI shows of the packet that is selected.
 */
#include "ws_compat.h"

#include "selected.h"

#include <cfile.h>
#include <epan/epan_dissect.h>
#include <epan/plugin_if.h>
#include <epan/proto.h>

#include "fields.h"

/* The first of a field's values in the tree as text; NULL: there is none. The caller frees it. */
static char *first_text(proto_tree *tree, int id)
{
    GPtrArray *found = proto_find_finfo(tree, id);
    char *text = NULL;

    if (found->len > 0)
        text = g_strdup(fvalue_get_string(WS_FIELD_VALUE((field_info *)found->pdata[0])));
    g_ptr_array_free(found, TRUE);
    return text;
}

static guint32 first_number(proto_tree *tree, int id)
{
    GPtrArray *found = proto_find_finfo(tree, id);
    guint32 number = 0;

    if (found->len > 0)
        number = fvalue_get_uinteger(WS_FIELD_VALUE((field_info *)found->pdata[0]));
    g_ptr_array_free(found, TRUE);
    return number;
}

static gboolean contains(const GArray *frames, guint32 frame)
{
    for (guint i = 0; i < frames->len; i++)
        if (g_array_index(frames, guint32, i) == frame)
            return TRUE;
    return FALSE;
}

static void read_evidence(Selected *selected, proto_tree *tree)
{
    GPtrArray *found = proto_find_finfo(tree, field_id(FIELD_EVIDENCE));

    for (guint i = 0; i < found->len; i++) {
        guint32 frame = fvalue_get_uinteger(WS_FIELD_VALUE((field_info *)found->pdata[i]));
        if (frame != selected->frame && !contains(selected->evidence, frame))
            g_array_append_val(selected->evidence, frame);
    }
    g_ptr_array_free(found, TRUE);
}

static void read_tree(Selected *selected, proto_tree *tree)
{
    int call_id = proto_registrar_get_id_byname("sip.Call-ID");

    if (call_id > 0)
        selected->call_id = first_text(tree, call_id);
    selected->code = first_number(tree, field_id(FIELD_CODE));
    selected->url = first_text(tree, field_id(FIELD_URL));
    selected->finding = first_text(tree, field_id(FIELD_FINDING));
    selected->decided_in = first_number(tree, field_id(FIELD_OUTCOME_IN));
    if (selected->decided_in == 0)
        selected->decided_in = first_number(tree, field_id(FIELD_CALL_FINAL_IN));
    read_evidence(selected, tree);
}

static void *read_capture(capture_file *capture, void *data)
{
    Selected *selected = data;

    selected->has_capture = capture->state != FILE_CLOSED;
    if (!capture->current_frame || !capture->edt || !capture->edt->tree)
        return NULL;
    selected->frame = capture->current_frame->num;
    read_tree(selected, capture->edt->tree);
    return NULL;
}

void selected_read(Selected *selected)
{
    *selected = (Selected){.evidence = g_array_new(FALSE, FALSE, sizeof(guint32))};
    plugin_if_get_capture_file(read_capture, selected);
}

void selected_clear(Selected *selected)
{
    g_free(selected->call_id);
    g_free(selected->url);
    g_free(selected->finding);
    g_array_free(selected->evidence, TRUE);
}
