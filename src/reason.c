/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One value of a Reason header (RFC 3326 2), and what the tables know of it.
 */
#include "reason.h"

#include <glib.h>
#include <string.h>

enum { PROTOCOL_BYTES_MOST = 32 };

/* What stands before the parameters. */
static SipwhySlice read_protocol(SipwhySlice value)
{
    SipwhySlice protocol = {value.data, 0};

    while (protocol.length < value.length && value.data[protocol.length] != '\0' &&
           !strchr("; \t\r\n", value.data[protocol.length]))
        protocol.length++;
    return protocol;
}

static void find_cause(SipwhyGivenReason *given)
{
    SipwhyExplanation explanation;

    switch (given->entry->values) {
    case SIPWHY_REASON_VALUES_SIP:
        if (sipwhy_explain(given->cause, 0, &explanation))
            given->code = explanation.code;
        break;
    case SIPWHY_REASON_VALUES_Q850:
        given->q850 = sipwhy_cause_find(given->cause);
        break;
    case SIPWHY_REASON_VALUES_LIST:
        for (size_t i = 0; i < given->entry->value_count && !given->listed; i++) {
            given->listed = given->entry->value[i].value == given->cause;
            given->value = i;
        }
        break;
    default:
        break;
    }
}

SipwhyGivenReason sipwhy_reason_read(SipwhySlice value)
{
    SipwhyGivenReason given = {.protocol = read_protocol(value)};
    char name[PROTOCOL_BYTES_MOST + 1] = "";
    SipwhySlice cause;

    if (given.protocol.length > 0 && given.protocol.length <= PROTOCOL_BYTES_MOST)
        memcpy(name, given.protocol.data, given.protocol.length);
    given.entry = sipwhy_reason_find(name);
    given.has_cause =
        sipwhy_slice_parameter(value, "cause", &cause) && sipwhy_slice_number(cause, &given.cause);
    if (given.entry && given.has_cause)
        find_cause(&given);
    return given;
}

const char *sipwhy_reason_name(const SipwhyGivenReason *given)
{
    if (given->code)
        return given->code->phrase;
    if (given->q850)
        return given->q850->name;
    return given->listed ? given->entry->value[given->value].name : NULL;
}

const char *sipwhy_reason_meaning(const SipwhyGivenReason *given, SipwhyLanguage language)
{
    const char *words = NULL;

    if (given->code)
        return sipwhy_code_words(given->code, language)->description.line[0];
    if (given->q850)
        return sipwhy_cause_words(given->q850, language)->description.line[0];
    if (given->listed)
        words = sipwhy_reason_value_words(given->entry, given->value, language);
    if (!words && given->entry)
        words = sipwhy_reason_words(given->entry, language)->description.line[0];
    return words;
}

const SipwhyFix *sipwhy_reason_fix(const SipwhyGivenReason *given, SipwhyLanguage language)
{
    return given->q850 ? &sipwhy_cause_words(given->q850, language)->fixes.fix[0] : NULL;
}
