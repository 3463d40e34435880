/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Look-up in the generated tables, and the fallback of a code without an entry to its class.
 */
#include "knowledge.h"

#include <glib.h>

#include "tables.h"

bool sipwhy_status_is_valid(unsigned status)
{
    return status >= SIPWHY_STATUS_FIRST && status <= SIPWHY_STATUS_LAST;
}

const SipwhyCode *sipwhy_code_find(unsigned status)
{
    if (status >= SIPWHY_INDEX_SIZE || sipwhy_code_index[status] == 0)
        return NULL;
    return &sipwhy_codes[sipwhy_code_index[status] - 1];
}

const SipwhyCode *sipwhy_code_at(size_t n)
{
    return n < sipwhy_code_count ? &sipwhy_codes[n] : NULL;
}

const SipwhyCodeWords *sipwhy_code_words(const SipwhyCode *code, SipwhyLanguage language)
{
    return &sipwhy_code_word_tables[language][code - sipwhy_codes];
}

const SipwhyClass *sipwhy_class_find(unsigned status)
{
    return sipwhy_status_is_valid(status) ? &sipwhy_classes[status / 100 - 1] : NULL;
}

const SipwhyClassWords *sipwhy_class_words(const SipwhyClass *class, SipwhyLanguage language)
{
    return &sipwhy_class_word_tables[language][class - sipwhy_classes];
}

const SipwhyWarning *sipwhy_warning_at(size_t n)
{
    return n < sipwhy_warning_count ? &sipwhy_warnings[n] : NULL;
}

const SipwhyWarning *sipwhy_warning_find(unsigned code)
{
    for (size_t i = 0; i < sipwhy_warning_count; i++)
        if (sipwhy_warnings[i].code == code)
            return &sipwhy_warnings[i];
    return NULL;
}

const SipwhyNoteWords *sipwhy_warning_words(const SipwhyWarning *warning, SipwhyLanguage language)
{
    return &sipwhy_warning_word_tables[language][warning - sipwhy_warnings];
}

const SipwhyCause *sipwhy_cause_at(size_t n)
{
    return n < sipwhy_cause_count ? &sipwhy_causes[n] : NULL;
}

const SipwhyCause *sipwhy_cause_find(unsigned cause)
{
    for (size_t i = 0; i < sipwhy_cause_count; i++)
        if (sipwhy_causes[i].cause == cause)
            return &sipwhy_causes[i];
    return NULL;
}

const SipwhyNoteWords *sipwhy_cause_words(const SipwhyCause *cause, SipwhyLanguage language)
{
    return &sipwhy_cause_word_tables[language][cause - sipwhy_causes];
}

const SipwhyCauseClass *sipwhy_cause_class_find(unsigned cause)
{
    for (size_t i = 0; i < SIPWHY_Q850_CLASS_COUNT; i++)
        if (cause >= sipwhy_cause_classes[i].first && cause <= sipwhy_cause_classes[i].last)
            return &sipwhy_cause_classes[i];
    return NULL;
}

const SipwhyNoteWords *sipwhy_cause_class_words(const SipwhyCauseClass *class,
                                                SipwhyLanguage language)
{
    return &sipwhy_cause_class_word_tables[language][class - sipwhy_cause_classes];
}

const SipwhyReason *sipwhy_reason_at(size_t n)
{
    return n < sipwhy_reason_count ? &sipwhy_reasons[n] : NULL;
}

const SipwhyReason *sipwhy_reason_find(const char *protocol)
{
    for (size_t i = 0; i < sipwhy_reason_count; i++)
        if (g_ascii_strcasecmp(sipwhy_reasons[i].protocol, protocol) == 0)
            return &sipwhy_reasons[i];
    return NULL;
}

const SipwhyNoteWords *sipwhy_reason_words(const SipwhyReason *reason, SipwhyLanguage language)
{
    return &sipwhy_reason_word_tables[language][reason - sipwhy_reasons];
}

const char *sipwhy_reason_value_words(const SipwhyReason *reason, size_t n, SipwhyLanguage language)
{
    if (n >= reason->value_count)
        return NULL;
    return sipwhy_reason_value_word_tables[language][reason - sipwhy_reasons][n];
}

bool sipwhy_explain(unsigned status, SipwhyLanguage language, SipwhyExplanation *out)
{
    static const char class_rule[] = "RFC 3261 8.1.3.2";
    static const char class_url[] = "https://www.rfc-editor.org/rfc/rfc3261#section-8.1.3.2";
    const SipwhyCode *code = sipwhy_code_find(status);
    const SipwhyClass *class = sipwhy_class_find(status);

    if (!code && !class)
        return false;
    *out = (SipwhyExplanation){.status = status, .class = class, .code = code};
    out->severity = class ? class->severity : SIPWHY_SEVERITY_WARN;
    if (code && code->severity != SIPWHY_SEVERITY_COUNT)
        out->severity = code->severity;
    if (class)
        out->class_words = sipwhy_class_words(class, language);
    if (code) {
        out->words = sipwhy_code_words(code, language);
        out->phrase = code->phrase;
        out->registered = code->registration == SIPWHY_REGISTRATION_REGISTERED;
        out->description = out->words->description;
        out->causes = out->words->causes;
        out->fixes = out->words->fixes;
        out->next = out->words->next;
        out->reference = code->sources.line[0];
        out->url = code->url;
    } else {
        out->phrase = "";
        out->description = out->class_words->description;
        out->causes = out->class_words->causes;
        out->fixes = out->class_words->fixes;
        out->next = out->class_words->next;
        out->reference = class_rule;
        out->url = class_url;
    }
    return true;
}
