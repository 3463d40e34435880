/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fields and expert items, as tables.
 */
#include "ws_compat.h"

#include "fields.h"

#include "spoken.h"

static int ids[FIELD_COUNT];
static expert_field experts[EXPERT_COUNT];
static gint subtree = -1;
static gint finding_subtree = -1;
static gint local_subtree = -1;

static const struct {
    const char *filter;
    SipwhyText label;
    enum ftenum type;
    int display;
} fields[FIELD_COUNT] = {
    [FIELD_LOCAL] = {"sipwhy.local", SIPWHY_TEXT_FIELD_LOCAL, FT_STRING, BASE_NONE},
    [FIELD_LOCAL_TEXT] = {"sipwhy.local.text", SIPWHY_TEXT_FIELD_LOCAL_TEXT, FT_STRING, BASE_NONE},
    [FIELD_LOCAL_URL] = {"sipwhy.local.url", SIPWHY_TEXT_FIELD_LOCAL_URL, FT_STRING, BASE_NONE},
    [FIELD_CODE] = {"sipwhy.code", SIPWHY_TEXT_FIELD_CODE, FT_UINT16, BASE_DEC},
    [FIELD_PHRASE] = {"sipwhy.phrase", SIPWHY_TEXT_FIELD_PHRASE, FT_STRING, BASE_NONE},
    [FIELD_WIRE_PHRASE] = {"sipwhy.wire_phrase", SIPWHY_TEXT_FIELD_WIRE_PHRASE, FT_STRING,
                           BASE_NONE},
    [FIELD_NOTE] = {"sipwhy.note", SIPWHY_TEXT_FIELD_NOTE, FT_STRING, BASE_NONE},
    [FIELD_CLASS] = {"sipwhy.class", SIPWHY_TEXT_FIELD_CLASS, FT_UINT8, BASE_DEC},
    [FIELD_REGISTERED] = {"sipwhy.registered", SIPWHY_TEXT_FIELD_REGISTERED, FT_BOOLEAN, BASE_NONE},
    [FIELD_SEVERITY] = {"sipwhy.severity", SIPWHY_TEXT_FIELD_SEVERITY, FT_STRING, BASE_NONE},
    [FIELD_CATEGORY] = {"sipwhy.category", SIPWHY_TEXT_FIELD_CATEGORY, FT_STRING, BASE_NONE},
    [FIELD_EXPECTED] = {"sipwhy.expected", SIPWHY_TEXT_FIELD_EXPECTED, FT_BOOLEAN, BASE_NONE},
    [FIELD_DESCRIPTION] = {"sipwhy.description", SIPWHY_TEXT_FIELD_DESCRIPTION, FT_STRING,
                           BASE_NONE},
    [FIELD_CAUSE] = {"sipwhy.cause", SIPWHY_TEXT_FIELD_CAUSE, FT_STRING, BASE_NONE},
    [FIELD_FIX] = {"sipwhy.fix", SIPWHY_TEXT_FIELD_FIX, FT_STRING, BASE_NONE},
    [FIELD_NEXT] = {"sipwhy.next", SIPWHY_TEXT_FIELD_NEXT, FT_STRING, BASE_NONE},
    [FIELD_PRACTICE] = {"sipwhy.practice", SIPWHY_TEXT_FIELD_PRACTICE, FT_STRING, BASE_NONE},
    [FIELD_HEADER] = {"sipwhy.header", SIPWHY_TEXT_FIELD_HEADER, FT_STRING, BASE_NONE},
    [FIELD_RELATED] = {"sipwhy.related", SIPWHY_TEXT_FIELD_RELATED, FT_STRING, BASE_NONE},
    [FIELD_REFERENCE] = {"sipwhy.reference", SIPWHY_TEXT_FIELD_REFERENCE, FT_STRING, BASE_NONE},
    [FIELD_URL] = {"sipwhy.url", SIPWHY_TEXT_FIELD_URL, FT_STRING, BASE_NONE},
    [FIELD_REQUEST_IN] = {"sipwhy.request_in", SIPWHY_TEXT_FIELD_REQUEST_IN, FT_FRAMENUM,
                          BASE_NONE},
    [FIELD_OUTCOME_IN] = {"sipwhy.outcome_in", SIPWHY_TEXT_FIELD_OUTCOME_IN, FT_FRAMENUM,
                          BASE_NONE},
    [FIELD_FINDING] = {"sipwhy.finding", SIPWHY_TEXT_FIELD_FINDING, FT_STRING, BASE_NONE},
    [FIELD_FINDING_TEXT] = {"sipwhy.finding.text", SIPWHY_TEXT_FIELD_FINDING_TEXT, FT_STRING,
                            BASE_NONE},
    [FIELD_FINDING_FIX] = {"sipwhy.finding.fix", SIPWHY_TEXT_FIELD_FINDING_FIX, FT_STRING,
                           BASE_NONE},
    [FIELD_EVIDENCE] = {"sipwhy.evidence", SIPWHY_TEXT_FIELD_EVIDENCE, FT_FRAMENUM, BASE_NONE},
    [FIELD_ORIGIN] = {"sipwhy.origin", SIPWHY_TEXT_FIELD_ORIGIN, FT_STRING, BASE_NONE},
    [FIELD_ORIGIN_EVIDENCE] = {"sipwhy.origin.evidence", SIPWHY_TEXT_FIELD_ORIGIN_EVIDENCE,
                               FT_STRING, BASE_NONE},
    [FIELD_CALL_OUTCOME] = {"sipwhy.call.outcome", SIPWHY_TEXT_FIELD_CALL_OUTCOME, FT_STRING,
                            BASE_NONE},
    [FIELD_CALL_FINAL_CODE] = {"sipwhy.call.final_code", SIPWHY_TEXT_FIELD_CALL_FINAL_CODE,
                               FT_UINT16, BASE_DEC},
    [FIELD_CALL_FINAL_IN] = {"sipwhy.call.final_in", SIPWHY_TEXT_FIELD_CALL_FINAL_IN, FT_FRAMENUM,
                             BASE_NONE},
    [FIELD_CALL_PDD] = {"sipwhy.call.pdd", SIPWHY_TEXT_FIELD_CALL_PDD, FT_RELATIVE_TIME, BASE_NONE},
    [FIELD_QUOTED] = {"sipwhy.quoted", SIPWHY_TEXT_FIELD_QUOTED, FT_BOOLEAN, BASE_NONE},
    [FIELD_QUOTED_CODE] = {"sipwhy.quoted.code", SIPWHY_TEXT_FIELD_QUOTED_CODE, FT_UINT16,
                           BASE_DEC},
};

/* Wireshark keeps pointers to what is registered: the labels in there can change. */
static hf_register_info field_registrations[FIELD_COUNT];

enum { CLASSES = 6 };

/* The expert items of the classes. One name has four of them, one a severity: what a response is
 * worth depends on the trace, and Wireshark knows but one severity of each. */
static expert_field class_experts[CLASSES][SIPWHY_SEVERITY_COUNT];
static ei_register_info class_registrations[CLASSES][SIPWHY_SEVERITY_COUNT];
static const struct {
    const char *filter;
    SipwhyText label;
} class_items[CLASSES] = {
    {"sipwhy.expert.provisional", SIPWHY_TEXT_EXPERT_PROVISIONAL},
    {"sipwhy.expert.success", SIPWHY_TEXT_EXPERT_SUCCESS},
    {"sipwhy.expert.redirection", SIPWHY_TEXT_EXPERT_REDIRECTION},
    {"sipwhy.expert.client-failure", SIPWHY_TEXT_EXPERT_CLIENT_FAILURE},
    {"sipwhy.expert.server-failure", SIPWHY_TEXT_EXPERT_SERVER_FAILURE},
    {"sipwhy.expert.global-failure", SIPWHY_TEXT_EXPERT_GLOBAL_FAILURE},
};

static expert_field finding_experts[SIPWHY_FINDING_COUNT];
static ei_register_info finding_registrations[SIPWHY_FINDING_COUNT];
static ei_register_info expert_registrations[EXPERT_COUNT];

static const struct {
    const char *filter;
    SipwhyText label;
    int group;
    int severity;
} expert_items[EXPERT_COUNT] = {
    [EXPERT_UNKNOWN_CODE] = {"sipwhy.expert.unknown-code", SIPWHY_TEXT_EXPERT_UNKNOWN_CODE,
                             PI_PROTOCOL, PI_NOTE},
    [EXPERT_INVALID_CODE] = {"sipwhy.expert.invalid-code", SIPWHY_TEXT_EXPERT_INVALID_CODE,
                             PI_PROTOCOL, PI_WARN},
    [EXPERT_CAUSE] = {"sipwhy.expert.cause", SIPWHY_TEXT_EXPERT_CAUSE, PI_COMMENTS_GROUP,
                      PI_COMMENT},
    [EXPERT_FIX] = {"sipwhy.expert.fix", SIPWHY_TEXT_EXPERT_FIX, PI_COMMENTS_GROUP, PI_COMMENT},
};

/* The names of the classes, for sipwhy.class. Filters use them ("Server failure"), and a filter is
 * to mean the same in every language: so they are those of the default one. */
static const value_string *class_names(void)
{
    const SipwhyLanguage fixed = 0;
    static value_string names[CLASSES + 1];

    for (unsigned i = 0; i < CLASSES; i++)
        names[i] =
            (value_string){i + 1, sipwhy_class_name(fixed, sipwhy_class_find((i + 1) * 100))};
    return names;
}

int expert_severity(SipwhySeverity severity)
{
    static const int severities[SIPWHY_SEVERITY_COUNT] = {
        [SIPWHY_SEVERITY_CHAT] = PI_CHAT,
        [SIPWHY_SEVERITY_NOTE] = PI_NOTE,
        [SIPWHY_SEVERITY_WARN] = PI_WARN,
        [SIPWHY_SEVERITY_ERROR] = PI_ERROR,
    };

    return severities[severity];
}

static void register_fields(int proto)
{
    static gint *subtrees[] = {&subtree, &finding_subtree, &local_subtree};

    for (int i = 0; i < FIELD_COUNT; i++) {
        ids[i] = -1;
        field_registrations[i] = (hf_register_info){
            &ids[i],
            {sipwhy_text(spoken_language(), fields[i].label), fields[i].filter, fields[i].type,
             fields[i].display, i == FIELD_CLASS ? VALS(class_names()) : NULL, 0x0, NULL, HFILL}};
    }
    proto_register_field_array(proto, field_registrations, FIELD_COUNT);
    proto_register_subtree_array(subtrees, G_N_ELEMENTS(subtrees));
}

/* The severity that the class has by itself comes last: the preferences know the last one of a
 * name. */
static void register_class_experts(expert_module_t *module)
{
    for (unsigned class = 0; class < CLASSES; class ++) {
        const unsigned own = sipwhy_class_find((class + 1) * 100)->severity;
        for (unsigned i = 1; i <= SIPWHY_SEVERITY_COUNT; i++) {
            unsigned severity = (own + i) % SIPWHY_SEVERITY_COUNT;
            class_experts[class][severity] = (expert_field)EI_INIT;
            class_registrations[class][severity] = (ei_register_info){
                &class_experts[class][severity],
                {class_items[class].filter, PI_RESPONSE_CODE,
                 expert_severity((SipwhySeverity)severity),
                 sipwhy_text(spoken_language(), class_items[class].label), EXPFILL}};
            expert_register_field_array(module, &class_registrations[class][severity], 1);
        }
    }
}

static void register_finding_experts(expert_module_t *module)
{
    for (unsigned i = 0; i < SIPWHY_FINDING_COUNT; i++) {
        const SipwhyFindingFacts *facts = sipwhy_finding_facts((SipwhyFindingId)i);
        finding_experts[i] = (expert_field)EI_INIT;
        finding_registrations[i] = (ei_register_info){
            &finding_experts[i],
            {wmem_strdup_printf(wmem_epan_scope(), "sipwhy.expert.%s", facts->id),
             facts->inferred ? PI_ASSUMPTION : PI_RESPONSE_CODE, expert_severity(facts->severity),
             sipwhy_finding_label((SipwhyFindingId)i, spoken_language()), EXPFILL}};
    }
    expert_register_field_array(module, finding_registrations, SIPWHY_FINDING_COUNT);
}

static void register_experts(expert_module_t *module)
{
    for (int i = 0; i < EXPERT_COUNT; i++) {
        experts[i] = (expert_field)EI_INIT;
        expert_registrations[i] = (ei_register_info){
            &experts[i],
            {expert_items[i].filter, expert_items[i].group, expert_items[i].severity,
             sipwhy_text(spoken_language(), expert_items[i].label), EXPFILL}};
    }
    expert_register_field_array(module, expert_registrations, EXPERT_COUNT);
}

static void label_expert(ei_register_info *registration, const char *label)
{
    registration->eiinfo.summary = label;
    registration->eiinfo.hf_info.hfinfo.name = label;
}

void fields_speak(SipwhyLanguage language)
{
    for (int i = 0; i < FIELD_COUNT; i++)
        field_registrations[i].hfinfo.name = sipwhy_text(language, fields[i].label);
    for (int i = 0; i < EXPERT_COUNT; i++)
        label_expert(&expert_registrations[i], sipwhy_text(language, expert_items[i].label));
    for (unsigned i = 0; i < CLASSES; i++)
        for (unsigned severity = 0; severity < SIPWHY_SEVERITY_COUNT; severity++)
            label_expert(&class_registrations[i][severity],
                         sipwhy_text(language, class_items[i].label));
    for (unsigned i = 0; i < SIPWHY_FINDING_COUNT; i++)
        label_expert(&finding_registrations[i], sipwhy_finding_label((SipwhyFindingId)i, language));
}

void fields_register(int proto)
{
    register_fields(proto);
    expert_module_t *module = expert_register_protocol(proto);
    register_class_experts(module);
    register_experts(module);
    register_finding_experts(module);
}

expert_field *expert_class(const SipwhyClass *class, SipwhySeverity severity)
{
    const ei_register_info *own = &class_registrations[class->digit - 1][class->severity];

    /* the user has chosen a severity for the whole class */
    if (own->eiinfo.severity != own->eiinfo.orig_severity)
        severity = class->severity;
    return &class_experts[class->digit - 1][severity];
}

expert_field *expert_finding(SipwhyFindingId id)
{
    return &finding_experts[id];
}

const char *expert_finding_label(SipwhyFindingId id)
{
    return finding_registrations[id].eiinfo.summary;
}

int field_id(Field field)
{
    return ids[field];
}

expert_field *expert_item(Expert expert)
{
    return &experts[expert];
}

gint fields_subtree(void)
{
    return subtree;
}

gint fields_finding_subtree(void)
{
    return finding_subtree;
}

gint fields_local_subtree(void)
{
    return local_subtree;
}
