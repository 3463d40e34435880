/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fields and expert items, as tables.
 */
#include "ws_compat.h"

#include "fields.h"

static int ids[FIELD_COUNT];
static expert_field experts[EXPERT_COUNT];
static gint subtree = -1;

static const struct {
    const char *filter;
    SipwhyText label;
    enum ftenum type;
    int display;
} fields[FIELD_COUNT] = {
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
    [FIELD_QUOTED] = {"sipwhy.quoted", SIPWHY_TEXT_FIELD_QUOTED, FT_BOOLEAN, BASE_NONE},
    [FIELD_QUOTED_CODE] = {"sipwhy.quoted.code", SIPWHY_TEXT_FIELD_QUOTED_CODE, FT_UINT16,
                           BASE_DEC},
};

static const struct {
    const char *filter;
    SipwhyText label;
    int group;
    int severity; /* 0: that of the class, from data/classes.ini */
} expert_items[EXPERT_COUNT] = {
    [EXPERT_PROVISIONAL] = {"sipwhy.expert.provisional", SIPWHY_TEXT_EXPERT_PROVISIONAL,
                            PI_RESPONSE_CODE, 0},
    [EXPERT_SUCCESS] = {"sipwhy.expert.success", SIPWHY_TEXT_EXPERT_SUCCESS, PI_RESPONSE_CODE, 0},
    [EXPERT_REDIRECTION] = {"sipwhy.expert.redirection", SIPWHY_TEXT_EXPERT_REDIRECTION,
                            PI_RESPONSE_CODE, 0},
    [EXPERT_CLIENT_FAILURE] = {"sipwhy.expert.client-failure", SIPWHY_TEXT_EXPERT_CLIENT_FAILURE,
                               PI_RESPONSE_CODE, 0},
    [EXPERT_SERVER_FAILURE] = {"sipwhy.expert.server-failure", SIPWHY_TEXT_EXPERT_SERVER_FAILURE,
                               PI_RESPONSE_CODE, 0},
    [EXPERT_GLOBAL_FAILURE] = {"sipwhy.expert.global-failure", SIPWHY_TEXT_EXPERT_GLOBAL_FAILURE,
                               PI_RESPONSE_CODE, 0},
    [EXPERT_UNKNOWN_CODE] = {"sipwhy.expert.unknown-code", SIPWHY_TEXT_EXPERT_UNKNOWN_CODE,
                             PI_PROTOCOL, PI_NOTE},
    [EXPERT_INVALID_CODE] = {"sipwhy.expert.invalid-code", SIPWHY_TEXT_EXPERT_INVALID_CODE,
                             PI_PROTOCOL, PI_WARN},
    [EXPERT_QUOTED] = {"sipwhy.expert.quoted-by-icmp", SIPWHY_TEXT_EXPERT_QUOTED, PI_PROTOCOL,
                       PI_NOTE},
    [EXPERT_CAUSE] = {"sipwhy.expert.cause", SIPWHY_TEXT_EXPERT_CAUSE, PI_COMMENTS_GROUP,
                      PI_COMMENT},
    [EXPERT_FIX] = {"sipwhy.expert.fix", SIPWHY_TEXT_EXPERT_FIX, PI_COMMENTS_GROUP, PI_COMMENT},
};

/* The names of the classes, for sipwhy.class. Filters use them ("Server failure"), and a filter is
 * to mean the same in every language: so they are those of the default one. */
static const value_string *class_names(void)
{
    enum { CLASSES = 6 };
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

static int class_severity(Expert expert)
{
    return expert_severity(sipwhy_class_find(((unsigned)expert + 1) * 100)->severity);
}

void fields_register(int proto, SipwhyLanguage language)
{
    static hf_register_info registrations[FIELD_COUNT];
    static ei_register_info expert_registrations[EXPERT_COUNT];
    static gint *subtrees[] = {&subtree};

    for (int i = 0; i < FIELD_COUNT; i++) {
        ids[i] = -1;
        registrations[i] = (hf_register_info){
            &ids[i],
            {sipwhy_text(language, fields[i].label), fields[i].filter, fields[i].type,
             fields[i].display, i == FIELD_CLASS ? VALS(class_names()) : NULL, 0x0, NULL, HFILL}};
    }
    proto_register_field_array(proto, registrations, FIELD_COUNT);
    proto_register_subtree_array(subtrees, G_N_ELEMENTS(subtrees));

    for (int i = 0; i < EXPERT_COUNT; i++) {
        experts[i] = (expert_field)EI_INIT;
        int severity =
            expert_items[i].severity ? expert_items[i].severity : class_severity((Expert)i);
        expert_registrations[i] =
            (ei_register_info){&experts[i],
                               {expert_items[i].filter, expert_items[i].group, severity,
                                sipwhy_text(language, expert_items[i].label), EXPFILL}};
    }
    expert_register_field_array(expert_register_protocol(proto), expert_registrations,
                                EXPERT_COUNT);
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
