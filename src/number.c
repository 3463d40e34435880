/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whether a URI of a message is whom a PASSporT names.
 */
#include "number.h"

#include <string.h>

enum {
    DIGITS_MOST = 32,     /* E.164 has 15 */
    URI_BYTES_MOST = 512, /* of a URI that is compared */
    /* The part of a number that no prefix rule touches: dialling prefixes and country codes change
     * its beginning. */
    TAIL = 7,
};

/* A number as RFC 8224 8.3 writes it: digits, # and *. */
typedef struct {
    char digits[DIGITS_MOST + 1];
    size_t length;
    bool global; /* it has its country code: written with + */
} Number;

static int hex_value(char c)
{
    return g_ascii_isxdigit(c) ? g_ascii_xdigit_value(c) : -1;
}

/* Takes one character off a slice, and its percent-encoding (RFC 3986 2.1). */
static char take_character(SipwhySlice *rest)
{
    char c = rest->data[0];
    size_t taken = 1;

    if (c == '%' && rest->length >= 3 && hex_value(rest->data[1]) >= 0 &&
        hex_value(rest->data[2]) >= 0) {
        c = (char)(hex_value(rest->data[1]) * 16 + hex_value(rest->data[2]));
        taken = 3;
    }
    rest->data += taken;
    rest->length -= taken;
    return c;
}

/* Drops + and visual separators; false when anything else is in it. */
static bool read_number(SipwhySlice text, Number *number)
{
    SipwhySlice rest = sipwhy_slice_strip(sipwhy_slice_until(text, ";"));
    bool first = true;

    *number = (Number){.global = false};
    for (; rest.length > 0; first = false) {
        char c = take_character(&rest);
        if (c == '+' && first) {
            number->global = true;
        } else if (g_ascii_isdigit(c) || c == '#' || c == '*') {
            if (number->length == DIGITS_MOST)
                return false;
            number->digits[number->length++] = c;
        } else if (c == '\0' || !strchr("-.() ", c)) {
            return false;
        }
    }
    return number->length > 0;
}

/* The value of phone-context, of a tel URI or in the user part of a sip URI (RFC 3966 5.1.5). */
static SipwhySlice phone_context(SipwhySlice uri)
{
    static const char name[] = "phone-context=";
    size_t length = sizeof name - 1;

    for (size_t i = 0; i + length <= uri.length; i++)
        if (uri.data[i] == 'p' || uri.data[i] == 'P')
            if (g_ascii_strncasecmp(uri.data + i, name, length) == 0)
                return sipwhy_slice_until(
                    (SipwhySlice){uri.data + i + length, uri.length - i - length}, ";@>");
    return (SipwhySlice){0};
}

static bool ends_with(const Number *number, const char *digits, size_t length)
{
    return number->length >= length &&
           memcmp(number->digits + number->length - length, digits, length) == 0;
}

/* A local number without the prefix that is dialled before it. */
static const char *without_prefix(const Number *number)
{
    static const char *const prefixes[] = {"011", "00", "0"};

    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
        if (g_str_has_prefix(number->digits, prefixes[i]))
            return number->digits + strlen(prefixes[i]);
    return number->digits;
}

static SipwhyPartyMatch match_local(const Number *claim, const Number *found)
{
    const char *significant = without_prefix(found);

    if (claim->length < TAIL || strlen(significant) < TAIL)
        return SIPWHY_PARTY_INCOMPARABLE;
    if (ends_with(claim, significant, strlen(significant)) ||
        ends_with(found, claim->digits, claim->length))
        return SIPWHY_PARTY_OTHER_FORM;
    if (!ends_with(found, claim->digits + claim->length - TAIL, TAIL))
        return SIPWHY_PARTY_UNLIKE;
    return SIPWHY_PARTY_INCOMPARABLE;
}

static SipwhyPartyMatch match_numbers(const Number *claim, const Number *found, SipwhySlice context)
{
    Number prefix;

    if (claim->length == found->length && memcmp(claim->digits, found->digits, found->length) == 0)
        return SIPWHY_PARTY_SAME;
    if (found->global)
        return SIPWHY_PARTY_DIFFERENT;
    /* The sum of both need not be a number (RFC 3966 5.1.5); but if it is the one that was signed,
     * it is. */
    if (context.length > 0 && read_number(context, &prefix) && prefix.global &&
        prefix.length + found->length == claim->length &&
        memcmp(claim->digits, prefix.digits, prefix.length) == 0 &&
        ends_with(claim, found->digits, found->length))
        return SIPWHY_PARTY_SAME;
    return match_local(claim, found);
}

static bool has_scheme(SipwhySlice uri, const char *scheme)
{
    return uri.length > strlen(scheme) &&
           g_ascii_strncasecmp(uri.data, scheme, strlen(scheme)) == 0 &&
           uri.data[strlen(scheme)] == ':';
}

static bool is_sip(SipwhySlice uri)
{
    return has_scheme(uri, "sip") || has_scheme(uri, "sips");
}

/* user@host in lower case, decoded (RFC 8224 8.5); the scheme is left out, so that sip and sips
 * give no difference that is none. False when there is no host, or too much. */
static bool normalize(SipwhySlice uri, char *normal)
{
    SipwhySlice parts[] = {sipwhy_slice_user(uri), {"@", 1}, sipwhy_slice_host(uri)};
    size_t length = 0;

    if (!is_sip(uri) || uri.length > URI_BYTES_MOST || parts[2].length == 0)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        while (parts[i].length > 0)
            normal[length++] = g_ascii_tolower(take_character(&parts[i]));
    normal[length] = '\0';
    return strlen(normal) == length;
}

static bool is_anonymous(SipwhySlice uri)
{
    return sipwhy_slice_is(sipwhy_slice_host(uri), "anonymous.invalid") ||
           sipwhy_slice_is(sipwhy_slice_user(uri), "anonymous") ||
           sipwhy_slice_is(sipwhy_slice_user(uri), "restricted") ||
           sipwhy_slice_is(sipwhy_slice_user(uri), "unavailable");
}

static SipwhyPartyMatch match_uris(SipwhySlice claim, SipwhySlice uri)
{
    char one[URI_BYTES_MOST + 2];
    char other[URI_BYTES_MOST + 2];
    Number number;

    if (!normalize(claim, one) || !normalize(uri, other))
        return SIPWHY_PARTY_INCOMPARABLE;
    if (strcmp(one, other) == 0)
        return SIPWHY_PARTY_SAME;
    /* A telephone number has to be compared as one (RFC 8224 8.1), and so by the verifier's rules;
     * hosts behind it change from hop to hop. */
    if (read_number(sipwhy_slice_user(uri), &number) || is_anonymous(uri))
        return SIPWHY_PARTY_INCOMPARABLE;
    return SIPWHY_PARTY_DIFFERENT;
}

/* The number of a tel URI, or of a sip URI whose user part is one. */
static bool uri_number(SipwhySlice uri, Number *number)
{
    return (is_sip(uri) || has_scheme(uri, "tel")) && read_number(sipwhy_slice_user(uri), number);
}

static bool party_number(const SipwhyParty *party, Number *number)
{
    SipwhySlice text = {party->text, strlen(party->text)};

    if (party->is_number)
        return read_number(text, number);
    return has_scheme(text, "tel") && uri_number(text, number);
}

SipwhyPartyMatch sipwhy_party_match(const SipwhyParty *party, SipwhySlice uri)
{
    Number claim;
    Number found;

    if (!party->text || uri.length == 0)
        return SIPWHY_PARTY_INCOMPARABLE;
    if (party_number(party, &claim))
        return uri_number(uri, &found) ? match_numbers(&claim, &found, phone_context(uri))
                                       : SIPWHY_PARTY_INCOMPARABLE;
    if (party->is_number)
        return SIPWHY_PARTY_INCOMPARABLE;
    return match_uris((SipwhySlice){party->text, strlen(party->text)}, uri);
}

bool sipwhy_party_equal(const SipwhyParty *one, const SipwhyParty *other)
{
    Number first;
    Number second;

    if (!one->text || !other->text)
        return false;
    if (party_number(one, &first) && party_number(other, &second))
        return strcmp(first.digits, second.digits) == 0;
    return strcmp(one->text, other->text) == 0 ||
           match_uris((SipwhySlice){one->text, strlen(one->text)},
                      (SipwhySlice){other->text, strlen(other->text)}) == SIPWHY_PARTY_SAME;
}
