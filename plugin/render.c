/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Render: show what is remembered.
 */
#include "ws_compat.h"

#include "render.h"

#include "facts.h"
#include "fields.h"

enum { FIRST_FAILURE = 300 };

/* Where the items of one response go. */
typedef struct {
    const RenderSettings *settings;
    packet_info *pinfo;
    tvbuff_t *tvb;
    gint offset;
    gint length;
    proto_tree *tree;
    proto_item *item;
} Place;

static proto_item *add_text(const Place *place, Field field, const char *text)
{
    proto_item *item = proto_tree_add_string(place->tree, field_id(field), place->tvb,
                                             place->offset, place->length, text);
    proto_item_set_generated(item);
    return item;
}

static void add_number(const Place *place, Field field, guint number)
{
    proto_item *item = proto_tree_add_uint(place->tree, field_id(field), place->tvb, place->offset,
                                           place->length, number);
    proto_item_set_generated(item);
}

static void add_boolean(const Place *place, Field field, gboolean value)
{
    proto_item *item = proto_tree_add_boolean(place->tree, field_id(field), place->tvb,
                                              place->offset, place->length, value ? 1 : 0);
    proto_item_set_generated(item);
}

/* "Cause of 488: ..." as an expert comment on the item. */
static void add_comment(const Place *place, Expert expert, SipwhyText format, guint status,
                        proto_item *item, const char *text)
{
    char *code = g_strdup_printf("%u", status);
    char *comment =
        sipwhy_text_format(place->settings->language, format, "code", code, "text", text, NULL);

    expert_add_info_format(place->pinfo, item, expert_item(expert), "%s", comment);
    g_free(comment);
    g_free(code);
}

static gboolean wants_comments(const RenderSettings *settings, const Response *response)
{
    if (response->quoted || settings->comments == COMMENTS_NONE)
        return FALSE;
    return settings->comments == COMMENTS_ALL || response->status >= FIRST_FAILURE;
}

static void add_causes_and_fixes(const Place *place, const Response *response,
                                 const SipwhyExplanation *explanation)
{
    gboolean comments = wants_comments(place->settings, response);

    for (size_t i = 0; i < explanation->causes.count; i++) {
        const char *text = explanation->causes.line[i];
        proto_item *item = add_text(place, FIELD_CAUSE, text);
        if (comments)
            add_comment(place, EXPERT_CAUSE, SIPWHY_TEXT_EXPERT_CAUSE_ITEM, response->status, item,
                        text);
    }
    for (size_t i = 0; i < explanation->fixes.count; i++) {
        char *text = sipwhy_fix_text(place->settings->language, &explanation->fixes.fix[i]);
        proto_item *item = add_text(place, FIELD_FIX, text);
        if (comments)
            add_comment(place, EXPERT_FIX, SIPWHY_TEXT_EXPERT_FIX_ITEM, response->status, item,
                        text);
        g_free(text);
    }
}

static void add_entry(const Place *place, const SipwhyExplanation *explanation)
{
    SipwhyLanguage language = place->settings->language;

    for (size_t i = 0; i < explanation->words->practice.count; i++)
        add_text(place, FIELD_PRACTICE, explanation->words->practice.line[i]);
    for (size_t i = 0; i < explanation->code->header_count; i++) {
        char *rule = sipwhy_header_rule(&explanation->code->header[i], language);
        add_text(place, FIELD_HEADER, rule);
        g_free(rule);
    }
    for (size_t i = 0; i < explanation->code->related.count; i++)
        add_text(place, FIELD_RELATED, explanation->words->related[i].text);
}

static void add_summary(const Place *place, const Response *response,
                        const SipwhyExplanation *explanation)
{
    add_number(place, response->quoted ? FIELD_QUOTED_CODE : FIELD_CODE, response->status);
    if (response->quoted)
        add_boolean(place, FIELD_QUOTED, TRUE);
    if (*explanation->phrase)
        add_text(place, FIELD_PHRASE, explanation->phrase);
    if (explanation->class) {
        add_number(place, FIELD_CLASS, explanation->class->digit);
        add_text(place, FIELD_SEVERITY,
                 sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY, (int)explanation->class->severity));
    }
    add_boolean(place, FIELD_REGISTERED, explanation->registered);
    if (explanation->code) {
        add_text(place, FIELD_CATEGORY,
                 sipwhy_term_id(SIPWHY_TERM_KIND_CATEGORY, (int)explanation->code->category));
        add_boolean(place, FIELD_EXPECTED, explanation->code->expected);
    }
}

/* The expert item that gives the response its severity. */
static void add_severity(const Place *place, const Response *response,
                         const SipwhyExplanation *explanation, const char *title)
{
    SipwhyLanguage language = place->settings->language;

    if (response->quoted) {
        expert_add_info_format(place->pinfo, place->item, expert_item(EXPERT_QUOTED), "%s",
                               sipwhy_text(language, SIPWHY_TEXT_QUOTED_NOTE));
        return;
    }
    if (!explanation || !explanation->class) {
        expert_add_info_format(place->pinfo, place->item, expert_item(EXPERT_INVALID_CODE), "%s",
                               title);
        return;
    }
    expert_add_info_format(place->pinfo, place->item,
                           expert_item((Expert)(explanation->class->digit - 1)), "%s", title);
    if (!explanation->registered) {
        char *text = sipwhy_registration_text(language, response->status);
        expert_add_info_format(place->pinfo, place->item, expert_item(EXPERT_UNKNOWN_CODE), "%s",
                               text);
        g_free(text);
    }
}

/* "488 Not Acceptable Here"; of a code without an entry the phrase that its sender chose. */
static char *response_title(const Response *response, const SipwhyExplanation *explanation)
{
    if (explanation && *explanation->phrase)
        return sipwhy_code_title(explanation);
    if (*response->phrase)
        return g_strdup_printf("%03u %s", response->status, response->phrase);
    return g_strdup_printf("%03u", response->status);
}

static void add_invalid(const Place *place, const Response *response)
{
    char *text = sipwhy_registration_text(place->settings->language, response->status);

    add_number(place, response->quoted ? FIELD_QUOTED_CODE : FIELD_CODE, response->status);
    if (response->quoted)
        add_boolean(place, FIELD_QUOTED, TRUE);
    add_boolean(place, FIELD_REGISTERED, FALSE);
    add_text(place, FIELD_DESCRIPTION, text);
    g_free(text);
}

static void render_response(Place *place, const Response *response)
{
    SipwhyLanguage language = place->settings->language;
    SipwhyExplanation found;
    const SipwhyExplanation *explanation =
        sipwhy_explain(response->status, language, &found) ? &found : NULL;
    char *title = response_title(response, explanation);
    char *label = sipwhy_text_format(
        language, response->quoted ? SIPWHY_TEXT_TREE_TITLE_QUOTED : SIPWHY_TEXT_TREE_TITLE,
        "title", title, NULL);

    place->item = proto_tree_add_protocol_format(place->tree, place->settings->proto, place->tvb,
                                                 place->offset, place->length, "%s", label);
    proto_item_set_generated(place->item);
    place->tree = proto_item_add_subtree(place->item, fields_subtree());
    add_severity(place, response, explanation, title);
    if (explanation) {
        char **lines = sipwhy_description_lines(language, explanation);
        for (char **line = lines; *line; line++)
            add_text(place, FIELD_DESCRIPTION, *line);
        g_strfreev(lines);
        add_causes_and_fixes(place, response, explanation);
        add_text(place, FIELD_NEXT, explanation->next);
        if (explanation->code)
            add_entry(place, explanation);
        add_summary(place, response, explanation);
        add_text(place, FIELD_REFERENCE, explanation->reference);
        proto_item_set_url(add_text(place, FIELD_URL, explanation->url));
    } else {
        add_invalid(place, response);
    }
    if (place->settings->info && explanation && !response->quoted &&
        response->status >= FIRST_FAILURE && explanation->causes.count > 0) {
        char *info = sipwhy_text_format(language, SIPWHY_TEXT_INFO_COLUMN, "cause",
                                        explanation->causes.line[0], NULL);
        col_append_sep_str(place->pinfo->cinfo, COL_INFO, " ", info);
        g_free(info);
    }
    g_free(label);
    g_free(title);
}

void render_packet(const RenderSettings *settings, const Record *record, wmem_array_t *observed,
                   tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    gboolean at_hand = observed && wmem_array_get_count(observed) == record->count;

    for (guint i = 0; i < record->count; i++) {
        Place place = {.settings = settings, .pinfo = pinfo, .tvb = tvb, .tree = tree};
        if (at_hand) {
            const Observed *one = wmem_array_index(observed, i);
            place.tvb = one->tvb;
            place.offset = one->offset;
            place.length = (gint)one->message.line.length;
        }
        render_response(&place, &record->responses[i]);
    }
}

int render_severity(const Record *record)
{
    int highest = 0;

    for (guint i = 0; i < record->count; i++) {
        const Response *response = &record->responses[i];
        const SipwhyClass *class = sipwhy_class_find(response->status);
        int severity = PI_WARN;
        if (response->quoted)
            severity = PI_NOTE;
        else if (class)
            severity = expert_severity(class->severity);
        highest = MAX(highest, severity);
    }
    return highest;
}
