/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: lists in Reason and Warning headers, and a status line.
 *
 * The input has three parts with the byte 0x1E between them: a value of Reason, one of Warning, and
 * what stands behind "SIP/2.0 ".
 */
#include <string.h>

#include "check.h"
#include "language.h"
#include "reason.h"
#include "told.h"

static void check_reason(SipwhySlice value)
{
    const SipwhyGivenReason given = sipwhy_reason_read(sipwhy_slice_strip(value));

    fuzz_check_slice(value, given.protocol);
    fuzz_check_line(sipwhy_reason_name(&given));
    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
        const SipwhyFix *fix = sipwhy_reason_fix(&given, language);
        fuzz_check_line(sipwhy_reason_meaning(&given, language));
        CHECK(!fix || *fix->text);
    }
    if (given.listed)
        CHECK(given.entry);
}

/* Each value of a list, in which the separators of others count, too. */
static void check_list(SipwhySlice list)
{
    SipwhySlice rest = list;
    SipwhySlice value;
    SipwhySlice found;
    unsigned number;

    while (sipwhy_slice_next_value(&rest, &value)) {
        fuzz_check_slice(list, rest);
        fuzz_check_slice(list, value);
        check_reason(value);
        sipwhy_slice_number(value, &number);
        if (sipwhy_slice_parameter(value, "text", &found))
            fuzz_check_slice(value, found);
        if (sipwhy_slice_auth_parameter(value, "cause", &found))
            fuzz_check_slice(value, found);
    }
}

static GString *make_header(const char *name, SipwhySlice value)
{
    GString *header = g_string_new(name);

    g_string_append_len(header, value.data, (gssize)value.length);
    return g_string_append(header, "\r\n");
}

static char *make_status_line(SipwhySlice rest)
{
    SipwhySlice line = sipwhy_slice_until(rest, "\r\n");
    const bool has_code = line.length >= 3 && g_ascii_isdigit(line.data[0]) &&
                          g_ascii_isdigit(line.data[1]) && g_ascii_isdigit(line.data[2]);

    return g_strdup_printf("SIP/2.0 %s%.*s", has_code ? "" : "488 ", (int)line.length,
                           line.length > 0 ? line.data : "");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char request[] = "INVITE sip:b@example.com SIP/2.0";
    SipwhySlice rest = {(const char *)bytes, length};
    const SipwhySlice reason = fuzz_take_part(&rest);
    const SipwhySlice warning = fuzz_take_part(&rest);
    char *status_line = make_status_line(rest);
    ToldCall call = told_call_begin();

    check_list(reason);
    check_list(warning);
    GString *headers = make_header("Reason: ", reason);
    GString *warnings = make_header("Warning: ", warning);
    g_string_append_len(headers, warnings->str, (gssize)warnings->len);
    g_string_free(warnings, TRUE);
    told_call_add(&call, request, "INVITE", 1, NULL);
    told_call_add(&call, status_line, "INVITE", 1, headers);
    told_call_add(&call, request, "INVITE", 2, NULL);
    told_call_add(&call, "SIP/2.0 200 OK", "INVITE", 2, NULL);
    told_call_add(&call, "BYE sip:b@example.com SIP/2.0", "BYE", 3,
                  make_header("Reason: ", reason));
    told_call_add(&call, status_line, "BYE", 3, make_header("Warning: ", warning));
    told_call_end(&call);
    g_free(status_line);
    return 0;
}
