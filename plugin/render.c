/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Render: show what is remembered.
 */
#include "ws_compat.h"

#include "render.h"

#include <string.h>

#include "facts.h"
#include "fields.h"
#include "notes.h"

enum { FIRST_FAILURE = 300, TITLE_CHARACTERS_MOST = 60 };

/* Where the items of one response go. */
typedef struct {
    const RenderSettings *settings;
    packet_info *pinfo;
    tvbuff_t *tvb;
    gint offset;
    gint length;
    proto_tree *tree;
    proto_item *item;
    const SipwhyMessage *message; /* NULL when its bytes are not at hand */
} Place;

/* Moves a text to the packet's memory. Adding to the tree may throw: nothing that has to be freed
 * may be at hand then. */
static const char *pooled(const Place *place, char *text)
{
    const char *copy = wmem_strdup(place->pinfo->pool, text);

    g_free(text);
    return copy;
}

/* The same with a NULL-terminated array of them. */
static const char **pooled_lines(const Place *place, char **lines)
{
    guint count = g_strv_length(lines);
    const char **copies = wmem_alloc0_array(place->pinfo->pool, const char *, count + 1);

    for (guint i = 0; i < count; i++)
        copies[i] = wmem_strdup(place->pinfo->pool, lines[i]);
    g_strfreev(lines);
    return copies;
}

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

/* "Cause of 488: ..." as an expert comment on the item; `plain` stands for a text that would be
 * cut. */
static void add_comment(const Place *place, Expert expert, SipwhyText format, guint status,
                        proto_item *item, const char *text, const char *plain)
{
    /* What Wireshark's label of 240 bytes leaves beside "Expert Info (Comment/Comment): ". */
    enum { COMMENT_BYTES_MOST = ITEM_LABEL_LENGTH - 32 };
    const char *code = wmem_strdup_printf(place->pinfo->pool, "%u", status);
    const char *comment = pooled(place, sipwhy_text_format(place->settings->language, format,
                                                           "code", code, "text", text, NULL));

    if (strlen(comment) > COMMENT_BYTES_MOST)
        comment = wmem_strdup_printf(place->pinfo->pool, "%u: %s", status, plain);
    expert_add_info_format(place->pinfo, item, expert_item(expert), "%s", comment);
}

static gboolean wants_comments(const RenderSettings *settings, const Response *response)
{
    if (settings->comments == COMMENTS_NONE)
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
                        text, text);
    }
    for (size_t i = 0; i < explanation->fixes.count; i++) {
        const char *text =
            pooled(place, sipwhy_fix_text(place->settings->language, &explanation->fixes.fix[i]));
        proto_item *item = add_text(place, FIELD_FIX, text);
        if (comments)
            add_comment(place, EXPERT_FIX, SIPWHY_TEXT_EXPERT_FIX_ITEM, response->status, item,
                        text, explanation->fixes.fix[i].text);
    }
}

static void add_entry(const Place *place, const SipwhyExplanation *explanation)
{
    SipwhyLanguage language = place->settings->language;

    for (size_t i = 0; i < explanation->words->practice.count; i++)
        add_text(place, FIELD_PRACTICE, explanation->words->practice.line[i]);
    for (size_t i = 0; i < explanation->code->header_count; i++)
        add_text(place, FIELD_HEADER,
                 pooled(place, sipwhy_header_rule(&explanation->code->header[i], language)));
    for (size_t i = 0; i < explanation->code->related.count; i++)
        add_text(place, FIELD_RELATED, explanation->words->related[i].text);
}

static void add_summary(const Place *place, const Response *response,
                        const SipwhyExplanation *explanation)
{
    add_number(place, FIELD_CODE, response->status);
    if (*explanation->phrase)
        add_text(place, FIELD_PHRASE, explanation->phrase);
    if (*response->phrase && strcmp(response->phrase, explanation->phrase) != 0)
        add_text(place, FIELD_WIRE_PHRASE, response->phrase);
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
        expert_add_info_format(place->pinfo, place->item, expert_item(EXPERT_UNKNOWN_CODE), "%s",
                               pooled(place, sipwhy_registration_text(language, response->status)));
    }
}

/* "488 Not Acceptable Here"; of a code without an entry the phrase that its sender chose. */
static const char *response_title(const Place *place, const Response *response,
                                  const SipwhyExplanation *explanation)
{
    if (explanation && *explanation->phrase)
        return pooled(place, sipwhy_code_title(explanation));
    gboolean whole = g_utf8_strlen(response->phrase, -1) <= TITLE_CHARACTERS_MOST;
    char *phrase = g_utf8_substring(
        response->phrase, 0, MIN(g_utf8_strlen(response->phrase, -1), TITLE_CHARACTERS_MOST));
    return wmem_strdup_printf(place->pinfo->pool, "%03u%s%s%s", response->status,
                              *phrase ? " " : "", pooled(place, phrase), whole ? "" : "...");
}

/* What the message says itself, beside its code. A note has three parts, and a label of the tree no
 * room for more than one of them. */
static void add_notes(const Place *place, const SipwhyExplanation *explanation)
{
    if (!place->tree || !place->message)
        return;
    GPtrArray *notes = sipwhy_message_notes(place->message, explanation, place->settings->language);
    guint count = notes->len;
    const char **lines = wmem_alloc0_array(place->pinfo->pool, const char *, 3 * count + 1);
    const char **end = lines;
    for (guint i = 0; i < count; i++) {
        const SipwhyNote *note = notes->pdata[i];
        *end++ = wmem_strdup(place->pinfo->pool, note->about);
        *end++ = wmem_strdup(place->pinfo->pool, note->text);
        if (note->fix)
            *end++ = wmem_strdup(place->pinfo->pool, note->fix);
    }
    g_ptr_array_free(notes, TRUE);
    for (const char **line = lines; line < end; line++)
        add_text(place, FIELD_NOTE, *line);
}

/* A response inside an ICMP error: what it says does not matter, only that it never arrived. */
static void add_quoted(const Place *place, const Response *response)
{
    SipwhyLanguage language = place->settings->language;

    add_boolean(place, FIELD_QUOTED, TRUE);
    add_number(place, FIELD_QUOTED_CODE, response->status);
    add_text(place, FIELD_NOTE, sipwhy_text(language, SIPWHY_TEXT_QUOTED_NOTE));
    add_text(place, FIELD_NOTE, sipwhy_text(language, SIPWHY_TEXT_QUOTED_FIX));
}

static void add_invalid(const Place *place, const Response *response)
{
    add_number(place, FIELD_CODE, response->status);
    add_boolean(place, FIELD_REGISTERED, FALSE);
    add_text(place, FIELD_DESCRIPTION,
             pooled(place, sipwhy_registration_text(place->settings->language, response->status)));
}

static void add_explanation(const Place *place, const Response *response,
                            const SipwhyExplanation *explanation)
{
    const char **line =
        pooled_lines(place, sipwhy_description_lines(place->settings->language, explanation));

    add_notes(place, explanation);
    for (; *line; line++)
        add_text(place, FIELD_DESCRIPTION, *line);
    add_causes_and_fixes(place, response, explanation);
    add_text(place, FIELD_NEXT, explanation->next);
    if (explanation->code)
        add_entry(place, explanation);
    add_summary(place, response, explanation);
    add_text(place, FIELD_REFERENCE, explanation->reference);
    proto_item_set_url(add_text(place, FIELD_URL, explanation->url));
}

/* Into the Info column of a failure goes its Warning or Reason, where we know what to do about it;
 * else the cause that is likeliest for the code. */
static void append_info(const Place *place, const Response *response,
                        const SipwhyExplanation *explanation)
{
    SipwhyLanguage language = place->settings->language;
    const char *info = NULL;

    if (response->status < FIRST_FAILURE)
        return;
    if (place->message) {
        GPtrArray *notes = sipwhy_message_notes(place->message, explanation, language);
        for (guint i = 0; i < notes->len && !info; i++) {
            const SipwhyNote *note = notes->pdata[i];
            if (note->fix)
                info = wmem_strdup_printf(place->pinfo->pool, "[%s]", note->about);
        }
        g_ptr_array_free(notes, TRUE);
    }
    if (!info)
        info = pooled(place, sipwhy_text_format(language, SIPWHY_TEXT_INFO_COLUMN, "cause",
                                                explanation->causes.line[0], NULL));
    col_append_sep_str(place->pinfo->cinfo, COL_INFO, " ", info);
}

static void render_response(Place *place, const Response *response)
{
    SipwhyLanguage language = place->settings->language;
    SipwhyExplanation found;
    const SipwhyExplanation *explanation =
        sipwhy_explain(response->status, language, &found) ? &found : NULL;
    const char *title = response_title(place, response, explanation);
    const char *label =
        pooled(place, sipwhy_text_format(language,
                                         response->quoted ? SIPWHY_TEXT_TREE_TITLE_QUOTED
                                                          : SIPWHY_TEXT_TREE_TITLE,
                                         "title", title, NULL));

    place->item = proto_tree_add_protocol_format(place->tree, place->settings->proto, place->tvb,
                                                 place->offset, place->length, "%s", label);
    proto_item_set_generated(place->item);
    place->tree = proto_item_add_subtree(place->item, fields_subtree());
    add_severity(place, response, explanation, title);
    if (response->quoted)
        add_quoted(place, response);
    else if (explanation)
        add_explanation(place, response, explanation);
    else
        add_invalid(place, response);
    if (place->settings->info && explanation && !response->quoted)
        append_info(place, response, explanation);
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
            place.message = &one->message;
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
