/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Render: show what is remembered.
 */
#include "ws_compat.h"

#include "render.h"

#include <string.h>

#include "facts.h"
#include "fields.h"
#include "identity.h"
#include "local/matched.h"
#include "local_files.h"
#include "notes.h"
#include "origin.h"
#include "outcome.h"

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
    const SipwhyEvent *event;
    const GPtrArray *findings;
    const SipwhyLocalEntry *const *local; /* what matches a response; NULL: nothing */
    SipwhySeverity severity;              /* what a response is worth here */
    gboolean expected;
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

/* A term: its id is the value in every language; behind it stands what another one calls it, up to
 * what that has in parentheses itself. */
static void add_term(const Place *place, Field field, SipwhyTermKind kind, int value)
{
    const SipwhyLanguage of_ids = 0;
    const char *id = sipwhy_term_id(kind, value);
    proto_item *item = add_text(place, field, id);

    if (place->settings->language == of_ids)
        return;
    const char *label = sipwhy_term_label(place->settings->language, kind, value);
    const char *more = strstr(label, " (");
    if (g_ascii_strcasecmp(label, id) != 0)
        proto_item_append_text(item, " (%.*s)", more ? (int)(more - label) : -1, label);
}

/* The same with a label that is not the field's own. */
static proto_item *add_labelled(const Place *place, Field field, SipwhyText label, const char *text)
{
    proto_item *item = proto_tree_add_string_format(
        place->tree, field_id(field), place->tvb, place->offset, place->length, text, "%s: %s",
        sipwhy_text(place->settings->language, label), text);

    proto_item_set_generated(item);
    return item;
}

static proto_item *add_number(const Place *place, Field field, guint number)
{
    proto_item *item = proto_tree_add_uint(place->tree, field_id(field), place->tvb, place->offset,
                                           place->length, number);
    proto_item_set_generated(item);
    return item;
}

/* A class: its name, which filters take, is the default language's. */
static void add_class(const Place *place, const SipwhyClass *class)
{
    const SipwhyLanguage of_names = 0;
    proto_item *item = add_number(place, FIELD_CLASS, class->digit);

    if (place->settings->language != of_names)
        proto_item_append_text(item, " (%s)", sipwhy_class_name(place->settings->language, class));
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

/* Of what is part of an ordinary flow there is nothing to mend. */
static gboolean wants_comments(const Place *place)
{
    if (place->settings->comments == COMMENTS_NONE)
        return FALSE;
    return place->settings->comments == COMMENTS_ALL ||
           (place->event->status >= FIRST_FAILURE && place->severity > SIPWHY_SEVERITY_CHAT);
}

static void add_causes(const Place *place, Field field, SipwhyLines causes)
{
    for (size_t i = 0; i < causes.count; i++) {
        const char *text = causes.line[i];
        proto_item *item = add_labelled(place, field, SIPWHY_TEXT_FIELD_CAUSE, text);
        if (wants_comments(place))
            add_comment(place, EXPERT_CAUSE, SIPWHY_TEXT_EXPERT_CAUSE_ITEM, place->event->status,
                        item, text, text);
    }
}

static void add_fixes(const Place *place, Field field, SipwhyFixes fixes)
{
    for (size_t i = 0; i < fixes.count; i++) {
        const char *text = pooled(place, sipwhy_fix_text(place->settings->language, &fixes.fix[i]));
        proto_item *item = add_labelled(place, field, SIPWHY_TEXT_FIELD_FIX, text);
        if (wants_comments(place))
            add_comment(place, EXPERT_FIX, SIPWHY_TEXT_EXPERT_FIX_ITEM, place->event->status, item,
                        text, fixes.fix[i].text);
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

/* The phrase as it was sent, fit to be shown. */
static const char *wire_phrase(const SipwhyEvent *event, const SipwhyExplanation *explanation)
{
    if (event->phrase)
        return event->phrase;
    return explanation ? explanation->phrase : "";
}

static void add_summary(const Place *place, const SipwhyExplanation *explanation)
{
    const char *phrase = wire_phrase(place->event, explanation);

    add_number(place, FIELD_CODE, place->event->status);
    if (*explanation->phrase)
        add_text(place, FIELD_PHRASE, explanation->phrase);
    if (*phrase && strcmp(phrase, explanation->phrase) != 0)
        add_text(place, FIELD_WIRE_PHRASE, phrase);
    if (explanation->class) {
        add_class(place, explanation->class);
        add_term(place, FIELD_SEVERITY, SIPWHY_TERM_KIND_SEVERITY, (int)place->severity);
    }
    add_boolean(place, FIELD_REGISTERED, explanation->registered);
    const char *category = sipwhy_local_category_id(place->local, explanation->code);
    if (category)
        add_term(place, FIELD_CATEGORY, SIPWHY_TERM_KIND_CATEGORY,
                 sipwhy_term_value(SIPWHY_TERM_KIND_CATEGORY, category));
    add_boolean(place, FIELD_EXPECTED, place->expected);
}

/* The expert item that gives the response its severity. */
static void add_severity(const Place *place, const SipwhyExplanation *explanation,
                         const char *title)
{
    SipwhyLanguage language = place->settings->language;

    if (place->event->quoted)
        return; /* the finding quoted-by-icmp says it all */
    if (!explanation || !explanation->class) {
        expert_add_info_format(place->pinfo, place->item, expert_item(EXPERT_INVALID_CODE), "%s",
                               title);
        return;
    }
    expert_add_info_format(place->pinfo, place->item,
                           expert_class(explanation->class, place->severity), "%s", title);
    if (!explanation->registered) {
        expert_add_info_format(
            place->pinfo, place->item, expert_item(EXPERT_UNKNOWN_CODE), "%s",
            pooled(place, sipwhy_registration_text(language, place->event->status)));
    }
}

/* "488 Not Acceptable Here"; of a code without an entry the phrase that its sender chose. */
static const char *response_title(const Place *place, const SipwhyExplanation *explanation)
{
    const char *sent = wire_phrase(place->event, explanation);

    if (explanation && *explanation->phrase)
        return pooled(place, sipwhy_code_title(explanation));
    gboolean whole = g_utf8_strlen(sent, -1) <= TITLE_CHARACTERS_MOST;
    const char *phrase = pooled(
        place, g_utf8_substring(sent, 0, MIN(g_utf8_strlen(sent, -1), TITLE_CHARACTERS_MOST)));
    return wmem_strdup_printf(place->pinfo->pool, "%03u%s%s%s", place->event->status,
                              *phrase ? " " : "", phrase, whole ? "" : "...");
}

/* What the message says itself, beside its code. A note has three parts, and a label of the tree no
 * room for more than one of them. */
static void add_notes(const Place *place)
{
    if (!place->tree || !place->message)
        return;
    GPtrArray *notes = sipwhy_warning_notes(place->message, place->settings->language);
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

/* The finding that says most about a message: one that decides, or else the gravest. */
static const SipwhyFinding *leading_finding(const GPtrArray *findings)
{
    const SipwhyFinding *leading = NULL;
    guint highest = 0;

    for (guint i = 0; i < findings->len; i++) {
        const SipwhyFinding *finding = findings->pdata[i];
        guint rank = (guint)sipwhy_finding_facts(finding->id)->severity * 2 + finding->decides + 1;
        if (rank > highest) {
            highest = rank;
            leading = finding;
        }
    }
    return leading;
}

static void add_finding(const Place *outer, const SipwhyFinding *finding)
{
    SipwhyLanguage language = outer->settings->language;
    Place place = *outer;
    proto_item *item =
        add_text(outer, FIELD_FINDING_TEXT, pooled(outer, sipwhy_finding_text(finding, language)));

    place.tree = proto_item_add_subtree(item, fields_finding_subtree());
    add_text(&place, FIELD_FINDING, sipwhy_finding_facts(finding->id)->id);
    for (guint i = 0; i < finding->frame_count; i++)
        add_number(&place, FIELD_EVIDENCE, finding->frames[i]);
    for (size_t i = 0; i < sipwhy_finding_fix_count(finding, language); i++)
        add_text(&place, FIELD_FINDING_FIX,
                 pooled(outer, sipwhy_finding_fix(finding, i, language)));
    expert_add_info_format(place.pinfo, item, expert_finding(finding->id), "%s",
                           expert_finding_label(finding->id));
}

static void add_findings(const Place *place)
{
    for (guint i = 0; i < place->findings->len; i++)
        add_finding(place, place->findings->pdata[i]);
}

/* What is known of a server here. */
static void add_local_entry(const Place *outer, const SipwhyLocalEntry *entry)
{
    Place place = *outer;
    const char *label =
        pooled(outer, sipwhy_text_format(outer->settings->language, SIPWHY_TEXT_TREE_LOCAL, "title",
                                         sipwhy_local_name(entry), "file", entry->file, NULL));
    proto_item *item =
        proto_tree_add_string_format(outer->tree, field_id(FIELD_LOCAL), outer->tvb, outer->offset,
                                     outer->length, entry->id, "%s", label);

    proto_item_set_generated(item);
    place.tree = proto_item_add_subtree(item, fields_local_subtree());
    for (size_t i = 0; i < entry->description.count; i++)
        add_labelled(&place, FIELD_LOCAL_TEXT, SIPWHY_TEXT_FIELD_DESCRIPTION,
                     entry->description.line[i]);
    add_causes(&place, FIELD_LOCAL_TEXT, entry->causes);
    add_fixes(&place, FIELD_LOCAL_TEXT, entry->fixes);
    if (entry->url)
        proto_item_set_url(add_text(&place, FIELD_LOCAL_URL, entry->url));
}

static void add_local(const Place *place)
{
    for (const SipwhyLocalEntry *const *entry = place->local; entry && *entry; entry++)
        add_local_entry(place, *entry);
}

static void add_transaction(const Place *place)
{
    const SipwhyTransaction *transaction = place->event->transaction;

    if (!transaction || transaction->disowned)
        return;
    if (transaction->request.frame > 0)
        add_number(place, FIELD_REQUEST_IN, transaction->request.frame);
    guint32 outcome = sipwhy_response_outcome_in(place->event);
    if (outcome > 0)
        add_number(place, FIELD_OUTCOME_IN, outcome);
}

/* Who sent a response, and what shows it. */
static void add_origin(const Place *place)
{
    const SipwhySubject subject = sipwhy_subject_of(remember_trace(), place->event, place->message);
    SipwhyOriginEvidence evidence;
    SipwhyOrigin origin = sipwhy_origin(&subject, &evidence);
    const char *text = pooled(place, sipwhy_origin_text(&evidence, place->settings->language));

    sipwhy_origin_clear(&evidence);
    add_term(place, FIELD_ORIGIN, SIPWHY_TERM_KIND_ORIGIN, (int)origin);
    if (*text)
        add_text(place, FIELD_ORIGIN_EVIDENCE, text);
}

/* Whether a message belongs to a call, and what became of that. */
static gboolean find_outcome(const SipwhyEvent *event, SipwhyCallOutcome *outcome)
{
    return event->transaction && !event->transaction->disowned &&
           sipwhy_call_outcome(remember_trace(), event->transaction->call, outcome);
}

static void add_call(const Place *place, const SipwhyCallOutcome *outcome)
{
    add_term(place, FIELD_CALL_OUTCOME, SIPWHY_TERM_KIND_OUTCOME, (int)outcome->outcome);
    if (outcome->final_code > 0)
        add_number(place, FIELD_CALL_FINAL_CODE, outcome->final_code);
    if (outcome->final_in > 0)
        add_number(place, FIELD_CALL_FINAL_IN, outcome->final_in);
    if (outcome->delay >= 0) {
        nstime_t delay = {outcome->delay / G_USEC_PER_SEC,
                          (int)(outcome->delay % G_USEC_PER_SEC) * 1000};
        proto_item *item = proto_tree_add_time(place->tree, field_id(FIELD_CALL_PDD), place->tvb,
                                               place->offset, place->length, &delay);
        proto_item_set_generated(item);
    }
}

/* A response inside an ICMP error: what it says does not matter, only that it never arrived. */
static void add_quoted(const Place *place)
{
    add_boolean(place, FIELD_QUOTED, TRUE);
    add_number(place, FIELD_QUOTED_CODE, place->event->status);
}

static void add_invalid(const Place *place)
{
    add_number(place, FIELD_CODE, place->event->status);
    add_boolean(place, FIELD_REGISTERED, FALSE);
    add_text(
        place, FIELD_DESCRIPTION,
        pooled(place, sipwhy_registration_text(place->settings->language, place->event->status)));
}

static void add_explanation(const Place *place, const SipwhyExplanation *explanation)
{
    const char **line =
        pooled_lines(place, sipwhy_description_lines(place->settings->language, explanation));

    add_notes(place);
    for (; *line; line++)
        add_text(place, FIELD_DESCRIPTION, *line);
    add_causes(place, FIELD_CAUSE, explanation->causes);
    add_fixes(place, FIELD_FIX, explanation->fixes);
    add_text(place, FIELD_NEXT, explanation->next);
    if (explanation->code)
        add_entry(place, explanation);
    add_summary(place, explanation);
    add_text(place, FIELD_REFERENCE, explanation->reference);
    proto_item_set_url(add_text(place, FIELD_URL, explanation->url));
}

/* The table's, or where that gives way to local knowledge, the first one there. */
static const char *likeliest_cause(const Place *place, const SipwhyExplanation *explanation)
{
    const SipwhyLocalEntry *const *entry = place->local;

    if (explanation->causes.count > 0)
        return explanation->causes.line[0];
    while (entry && *entry && (*entry)->causes.count == 0)
        entry++;
    return entry && *entry ? (*entry)->causes.line[0] : "";
}

/* Into the Info column of a failure goes what this trace says of it, else what is known of the
 * server here, else the cause that is likeliest for the code. */
static void append_info(const Place *place, const SipwhyExplanation *explanation)
{
    SipwhyLanguage language = place->settings->language;
    const SipwhyFinding *leading = leading_finding(place->findings);
    const SipwhyLocalEntry *titled = sipwhy_local_titled(place->local);
    const char *info = NULL;

    if (place->event->status < FIRST_FAILURE)
        return;
    if (leading)
        info = wmem_strdup_printf(place->pinfo->pool, "[%s]",
                                  pooled(place, sipwhy_finding_title(leading, language)));
    else if (titled)
        info = wmem_strdup_printf(place->pinfo->pool, "[%s]", titled->title);
    else
        info = pooled(place, sipwhy_text_format(language, SIPWHY_TEXT_INFO_COLUMN, "cause",
                                                likeliest_cause(place, explanation), NULL));
    col_append_sep_str(place->pinfo->cinfo, COL_INFO, " ", info);
}

/* The label of the whole item: "SIP Why: 401 Unauthorized - challenge answered in frame 3". */
static const char *item_label(const Place *place, const char *title)
{
    SipwhyLanguage language = place->settings->language;
    const SipwhyFinding *leading = leading_finding(place->findings);
    const SipwhyLocalEntry *titled = sipwhy_local_titled(place->local);

    if (place->event->quoted)
        return pooled(place, sipwhy_text_format(language, SIPWHY_TEXT_TREE_TITLE_QUOTED, "title",
                                                title, NULL));
    if (!leading && !titled)
        return pooled(place,
                      sipwhy_text_format(language, SIPWHY_TEXT_TREE_TITLE, "title", title, NULL));
    const char *finding =
        leading ? pooled(place, sipwhy_finding_title(leading, language)) : titled->title;
    return pooled(place, sipwhy_text_format(language, SIPWHY_TEXT_TREE_TITLE_FINDING, "title",
                                            title, "finding", finding, NULL));
}

static void open_item(Place *place, const char *label)
{
    place->item = proto_tree_add_protocol_format(place->tree, place->settings->proto, place->tvb,
                                                 place->offset, place->length, "%s", label);
    proto_item_set_generated(place->item);
    place->tree = proto_item_add_subtree(place->item, fields_subtree());
}

static void render_response(Place *place)
{
    SipwhyExplanation found;
    SipwhyCallOutcome outcome;
    const SipwhyExplanation *explanation =
        sipwhy_explain(place->event->status, place->settings->language, &found) ? &found : NULL;
    const char *title = response_title(place, explanation);
    bool expected = false;

    place->local = local_files_match(place->event, place->message);
    place->severity = sipwhy_findings_severity(place->findings, explanation, &expected);
    place->severity = sipwhy_local_decide(place->local, place->severity, &expected);
    place->expected = expected;
    if (explanation && place->local)
        sipwhy_local_apply(place->local, &found);
    open_item(place, item_label(place, title));
    add_severity(place, explanation, title);
    add_findings(place);
    if (place->event->quoted) {
        add_quoted(place);
        return;
    }
    add_local(place);
    add_transaction(place);
    add_origin(place);
    if (explanation)
        add_explanation(place, explanation);
    else
        add_invalid(place);
    if (find_outcome(place->event, &outcome))
        add_call(place, &outcome);
    if (place->settings->info && explanation)
        append_info(place, explanation);
}

/* A request has an item when there is something to say of it, or of its call. */
static void render_request(Place *place)
{
    SipwhyLanguage language = place->settings->language;
    const char *method = sipwhy_method_name((SipwhyMethod)place->event->method);
    SipwhyCallOutcome outcome;
    gboolean of_call = find_outcome(place->event, &outcome);

    if (!of_call && place->findings->len == 0)
        return;
    if (!method)
        method = sipwhy_text(language, SIPWHY_TEXT_REQUEST);
    if (place->findings->len > 0) {
        open_item(place, item_label(place, method));
    } else {
        const char *became =
            sipwhy_term_label(language, SIPWHY_TERM_KIND_OUTCOME, (int)outcome.outcome);
        open_item(place,
                  pooled(place, sipwhy_text_format(language, SIPWHY_TEXT_TREE_TITLE_CALL, "method",
                                                   method, "outcome", became, NULL)));
    }
    add_findings(place);
    if (place->event->quoted)
        add_boolean(place, FIELD_QUOTED, TRUE);
    if (of_call)
        add_call(place, &outcome);
}

static ws_boolean free_findings(wmem_allocator_t *allocator _U_, wmem_cb_event_t event _U_,
                                void *data)
{
    g_ptr_array_free(data, TRUE);
    return FALSE;
}

/* Findings belong to the packet: adding to the tree may throw. */
static const GPtrArray *find(packet_info *pinfo, const SipwhyEvent *event,
                             const SipwhyMessage *message)
{
    GPtrArray *findings = sipwhy_find(remember_trace(), event, message);

    wmem_register_callback(pinfo->pool, free_findings, findings);
    return findings;
}

void render_packet(const RenderSettings *settings, const Record *record,
                   const Observation *observation, tvbuff_t *tvb, packet_info *pinfo,
                   proto_tree *tree)
{
    for (gsize i = 0; i < record->count; i++) {
        const Observed *one = remember_observed(record, i, observation);
        Place place = {.settings = settings,
                       .pinfo = pinfo,
                       .tvb = tvb,
                       .tree = tree,
                       .event = &record->events[i]};
        if (one) {
            place.tvb = one->tvb;
            place.offset = one->offset;
            place.length = (gint)one->message.line.length;
            place.message = &one->message;
        }
        place.findings = find(pinfo, place.event, place.message);
        if (place.event->status > 0 || place.event->invalid)
            render_response(&place);
        else
            render_request(&place);
        if (one)
            identity_render(&one->message, one->tvb, pinfo, place.tree);
    }
}

/* The severity that the items of a response, or of a request, would have but for its findings'. */
static SipwhySeverity own_severity(const SipwhyEvent *event, const SipwhyMessage *message,
                                   const GPtrArray *findings, SipwhyLanguage language)
{
    SipwhyExplanation found;
    gboolean known = event->status > 0 && sipwhy_explain(event->status, language, &found);
    bool expected;
    SipwhySeverity severity = sipwhy_findings_severity(findings, known ? &found : NULL, &expected);

    if (event->status > 0 && !known && !event->quoted)
        return SIPWHY_SEVERITY_WARN;
    return sipwhy_local_decide(local_files_match(event, message), severity, &expected);
}

static int message_severity(const SipwhyEvent *event, const SipwhyMessage *message,
                            SipwhyLanguage language)
{
    GPtrArray *findings = sipwhy_find(remember_trace(), event, message);
    int severity = expert_severity(own_severity(event, message, findings, language));

    for (guint i = 0; i < findings->len; i++) {
        const SipwhyFinding *finding = findings->pdata[i];
        severity = MAX(severity, expert_severity(sipwhy_finding_facts(finding->id)->severity));
    }
    g_ptr_array_free(findings, TRUE);
    return severity;
}

int render_severity(const RenderSettings *settings, const Record *record,
                    const Observation *observation)
{
    int highest = 0;

    for (gsize i = 0; i < record->count; i++) {
        const Observed *one = remember_observed(record, i, observation);
        int severity =
            message_severity(&record->events[i], one ? &one->message : NULL, settings->language);
        highest = MAX(highest, severity);
    }
    return highest;
}
