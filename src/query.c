/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What somebody asks about, in the words that they type.
 */
#include "query.h"

#include <string.h>

#include "explain.h"
#include "parse.h"

enum { NUMBER_MOST = 999999 };

static SipwhyQueryResult complain(SipwhyQuery *query, SipwhyQueryResult result, SipwhyText text)
{
    query->complaint = text;
    return result;
}

static SipwhyQueryResult read_warning(SipwhyQuery *query)
{
    query->kind = SIPWHY_QUERY_WARNING;
    if (sipwhy_parse_number(query->word, NUMBER_MOST, &query->number))
        query->warning = sipwhy_warning_find(query->number);
    return query->warning ? SIPWHY_QUERY_FOUND
                          : complain(query, SIPWHY_QUERY_UNKNOWN, SIPWHY_TEXT_ERROR_WARNING);
}

static SipwhyQueryResult read_cause(SipwhyQuery *query)
{
    query->kind = SIPWHY_QUERY_CAUSE;
    if (sipwhy_parse_number(query->word, NUMBER_MOST, &query->number) &&
        (sipwhy_cause_find(query->number) || sipwhy_cause_class_find(query->number)))
        return SIPWHY_QUERY_FOUND;
    return complain(query, SIPWHY_QUERY_UNKNOWN, SIPWHY_TEXT_ERROR_CAUSE);
}

static SipwhyQueryResult read_reason(SipwhyQuery *query)
{
    query->kind = SIPWHY_QUERY_REASON;
    query->reason = sipwhy_reason_find(query->word);
    return query->reason ? SIPWHY_QUERY_FOUND
                         : complain(query, SIPWHY_QUERY_UNKNOWN, SIPWHY_TEXT_ERROR_REASON);
}

static SipwhyQueryResult read_finding(SipwhyQuery *query)
{
    query->kind = SIPWHY_QUERY_FINDING;
    return sipwhy_finding_find(query->word, &query->finding)
               ? SIPWHY_QUERY_FOUND
               : complain(query, SIPWHY_QUERY_UNKNOWN, SIPWHY_TEXT_ERROR_FINDING);
}

static SipwhyQueryResult read_plain(SipwhyQuery *query)
{
    const char *word = query->word;

    query->number = sipwhy_parse_class(word);
    if (query->number) {
        query->kind = SIPWHY_QUERY_CLASS;
        return SIPWHY_QUERY_FOUND;
    }
    query->kind = SIPWHY_QUERY_STATUS;
    if (sipwhy_parse_number(word, NUMBER_MOST, &query->number))
        return SIPWHY_QUERY_FOUND;
    if (sipwhy_is_number(word) || sipwhy_is_no_class(word))
        return complain(query, SIPWHY_QUERY_UNKNOWN, SIPWHY_TEXT_NOT_A_STATUS_CODE);
    if (read_finding(query) == SIPWHY_QUERY_FOUND)
        return SIPWHY_QUERY_FOUND;
    return complain(query, SIPWHY_QUERY_MALFORMED, SIPWHY_TEXT_ERROR_CODE);
}

SipwhyQueryResult sipwhy_query_read(const char *word, SipwhyQuery *query)
{
    static const struct {
        const char *prefix;
        SipwhyQueryResult (*read)(SipwhyQuery *query);
    } kinds[] = {{"warning:", read_warning},
                 {"q850:", read_cause},
                 {"q.850:", read_cause},
                 {"reason:", read_reason},
                 {"finding:", read_finding}};

    *query = (SipwhyQuery){.word = word};
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const size_t length = strlen(kinds[i].prefix);
        if (g_ascii_strncasecmp(word, kinds[i].prefix, length) == 0) {
            query->word = word + length;
            return kinds[i].read(query);
        }
    }
    return read_plain(query);
}

SipwhyQueryResult sipwhy_query_add_code(const char *word, GArray *codes, SipwhyText *complaint)
{
    unsigned code;

    *complaint = SIPWHY_TEXT_ERROR_COMPARE_CODE;
    if (!sipwhy_is_number(word))
        return SIPWHY_QUERY_MALFORMED;
    *complaint = SIPWHY_TEXT_NOT_A_STATUS_CODE;
    if (!sipwhy_parse_number(word, NUMBER_MOST, &code) || !sipwhy_status_is_valid(code))
        return SIPWHY_QUERY_UNKNOWN;
    for (unsigned i = 0; i < codes->len; i++)
        if (g_array_index(codes, unsigned, i) == code)
            return SIPWHY_QUERY_FOUND;
    g_array_append_val(codes, code);
    return SIPWHY_QUERY_FOUND;
}

static void add_status(GPtrArray *pages, unsigned status, SipwhyLanguage language)
{
    SipwhyExplanation explanation;

    if (sipwhy_explain(status, language, &explanation))
        g_ptr_array_add(pages, sipwhy_explain_code(&explanation, language));
}

static void add_class(GPtrArray *pages, unsigned digit, SipwhyLanguage language)
{
    const SipwhyCode *code;

    g_ptr_array_add(pages, sipwhy_explain_class(sipwhy_class_find(digit * 100), language));
    for (size_t i = 0; (code = sipwhy_code_at(i)); i++)
        if (code->code / 100 == digit)
            add_status(pages, code->code, language);
}

GPtrArray *sipwhy_query_pages(const SipwhyQuery *query, SipwhyLanguage language)
{
    GPtrArray *pages = g_ptr_array_new_with_free_func((GDestroyNotify)sipwhy_page_free);

    switch (query->kind) {
    case SIPWHY_QUERY_STATUS:
        add_status(pages, query->number, language);
        break;
    case SIPWHY_QUERY_CLASS:
        add_class(pages, query->number, language);
        break;
    case SIPWHY_QUERY_WARNING:
        g_ptr_array_add(pages, sipwhy_explain_warning(query->warning, language));
        break;
    case SIPWHY_QUERY_CAUSE:
        g_ptr_array_add(pages, sipwhy_explain_cause(query->number, language));
        break;
    case SIPWHY_QUERY_REASON:
        g_ptr_array_add(pages, sipwhy_explain_reason(query->reason, language));
        break;
    case SIPWHY_QUERY_FINDING:
        g_ptr_array_add(pages, sipwhy_explain_finding(query->finding, language));
        break;
    }
    return pages;
}
