/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules: what the Warning headers of a refusal mean for this very offer (RFC 3261 20.43).
 */
#include <string.h>

#include "knowledge.h"
#include "negotiation.h"

enum {
    WARNINGS_MOST = 3,      /* that are explained */
    WORDS_BYTES_MOST = 512, /* of a warn-text, in which names of attributes are looked for */
};

/* One Warning value: warn-code warn-agent "warn-text" */
typedef struct {
    unsigned code;
    SipwhySlice agent;
    SipwhySlice words;
} Warning;

static bool read_warning(SipwhySlice value, Warning *warning)
{
    const char *end = value.data + value.length;

    *warning = (Warning){0};
    if (!sipwhy_slice_number(value, &warning->code))
        return false;
    const char *quote = memchr(value.data, '"', value.length);
    SipwhySlice rest = {value.data, (size_t)((quote ? quote : end) - value.data)};
    sipwhy_sdp_next_format(&rest, &warning->agent); /* the code */
    sipwhy_sdp_next_format(&rest, &warning->agent);
    if (!quote)
        return true;
    warning->words = (SipwhySlice){quote + 1, (size_t)(end - quote - 1)};
    const char *last = memchr(warning->words.data, '"', warning->words.length);
    if (last)
        warning->words.length = (size_t)(last - warning->words.data);
    warning->words.length = MIN(warning->words.length, WORDS_BYTES_MOST);
    return true;
}

bool sipwhy_has_warning(const SipwhyMessage *message, unsigned code)
{
    SipwhySlice rest = {NULL, 0};
    SipwhySlice value;
    size_t position = 0;
    unsigned number;

    while (sipwhy_message_next_value(message, SIPWHY_HEADER_WARNING, &position, &rest, &value))
        if (sipwhy_slice_number(value, &number) && number == code)
            return true;
    return false;
}

/* ---- what in the offer a Warning is about ---- */

static SipwhyValueList list_streams(const SipwhySdp *sdp)
{
    SipwhyValueList list = {0};

    for (unsigned i = 0; i < sdp->media_count; i++)
        if (sipwhy_media_wanted(&sdp->media[i]))
            sipwhy_list_add(&list, sdp->media[i].type);
    return list;
}

static SipwhyValueList list_profiles(const SipwhySdp *sdp)
{
    SipwhyValueList list = {0};

    for (unsigned i = 0; i < sdp->media_count; i++)
        if (sipwhy_media_wanted(&sdp->media[i]))
            sipwhy_list_add(&list, sdp->media[i].proto);
    return list;
}

static SipwhyValueList list_lines(const SipwhySdp *sdp)
{
    SipwhyValueList list = {0};

    for (unsigned i = 0; i < sdp->media_count; i++)
        sipwhy_list_add(&list, sdp->media[i].line);
    return list;
}

static SipwhyValueList list_addresses(const SipwhySdp *sdp)
{
    SipwhyValueList list = {0};

    for (unsigned i = 0; i < sdp->media_count; i++)
        sipwhy_list_add(&list, sdp->media[i].connection);
    return list;
}

/* The b= lines of the session and of its streams. */
static SipwhyValueList list_bandwidth(const SipwhySdp *sdp)
{
    SipwhyValueList list = {0};
    SipwhySlice rest = sdp->session;
    SipwhySlice value;

    while (sipwhy_sdp_next_line(&rest, 'b', &value))
        sipwhy_list_add(&list, value);
    for (unsigned i = 0; i < sdp->media_count; i++) {
        rest = sdp->media[i].lines;
        while (sipwhy_sdp_next_line(&rest, 'b', &value))
            sipwhy_list_add(&list, value);
    }
    return list;
}

/* The attribute in these lines that the warn-text names: a whole word of it. */
static bool find_attribute(SipwhySlice lines, SipwhySlice words, SipwhySlice *attribute)
{
    SipwhySlice value;

    while (sipwhy_sdp_next_line(&lines, 'a', &value)) {
        const char *colon = value.length > 0 ? memchr(value.data, ':', value.length) : NULL;
        char name[32];
        *attribute = value;
        if (colon)
            attribute->length = (size_t)(colon - value.data);
        if (attribute->length < 3 || attribute->length >= sizeof name)
            continue;
        memcpy(name, attribute->data, attribute->length);
        name[attribute->length] = '\0';
        if (sipwhy_slice_contains(words, name))
            return true;
    }
    return false;
}

static bool find_named_attribute(const SipwhySdp *sdp, SipwhySlice words, SipwhySlice *attribute)
{
    if (words.length == 0)
        return false;
    if (find_attribute(sdp->session, words, attribute))
        return true;
    for (unsigned i = 0; i < sdp->media_count; i++)
        if (find_attribute(sdp->media[i].lines, words, attribute))
            return true;
    return false;
}

/* ---- the findings ---- */

static SipwhyFinding *report(const SipwhyNegotiation *negotiation, const Warning *warning,
                             SipwhyWording wording)
{
    SipwhyFinding *finding =
        sipwhy_negotiation_find(negotiation, SIPWHY_FINDING_WARNING_EXPLAINED, wording);

    sipwhy_finding_set(finding, "code", "%u", warning->code);
    sipwhy_finding_set_slice(finding, "words", warning->words);
    return finding;
}

static bool have(const SipwhyNegotiation *negotiation, SipwhyFindingId id)
{
    return sipwhy_findings_have(negotiation->findings, id);
}

static void explain_default(const SipwhyNegotiation *negotiation, const Warning *warning)
{
    SipwhySlice attribute;
    SipwhyFinding *finding;

    if (find_named_attribute(&negotiation->offer, warning->words, &attribute)) {
        finding = report(negotiation, warning, SIPWHY_WORDING_WARNING_EXPLAINED_ATTRIBUTE);
        sipwhy_finding_set_slice(finding, "attribute", attribute);
        return;
    }
    finding = report(negotiation, warning, SIPWHY_WORDING_WARNING_EXPLAINED);
    sipwhy_finding_set_list(finding, "lines", list_lines(&negotiation->offer));
}

static void explain_bandwidth(const SipwhyNegotiation *negotiation, const Warning *warning)
{
    SipwhyFinding *finding =
        report(negotiation, warning, SIPWHY_WORDING_WARNING_EXPLAINED_BANDWIDTH);
    SipwhyValueList bandwidth = list_bandwidth(&negotiation->offer);

    if (bandwidth.count == 0)
        sipwhy_finding_set_word(finding, "bandwidth", SIPWHY_TEXT_VALUE_NO_BANDWIDTH);
    else
        sipwhy_finding_set_list(finding, "bandwidth", bandwidth);
    sipwhy_finding_set_list(finding, "formats", sipwhy_media_list_formats(&negotiation->offer));
}

/* A Warning about the session description (300 to 379), where the offer is known. */
static void explain_about_offer(const SipwhyNegotiation *negotiation, const Warning *warning)
{
    const SipwhySdp *offer = &negotiation->offer;
    SipwhyFinding *finding;

    switch (warning->code) {
    case 300:
    case 301:
    case 330:
    case 331:
        if (have(negotiation, SIPWHY_FINDING_ADDRESS_FAMILY_MISMATCH))
            return;
        finding = report(negotiation, warning, SIPWHY_WORDING_WARNING_EXPLAINED_ADDRESS);
        sipwhy_finding_set_list(finding, "address", list_addresses(offer));
        return;
    case 302:
        if (have(negotiation, SIPWHY_FINDING_MEDIA_PROFILE_MISMATCH))
            return;
        finding = report(negotiation, warning, SIPWHY_WORDING_WARNING_EXPLAINED_PROFILE);
        sipwhy_finding_set_list(finding, "profiles", list_profiles(offer));
        return;
    case 304:
        if (have(negotiation, SIPWHY_FINDING_MEDIA_REFUSED) ||
            have(negotiation, SIPWHY_FINDING_NO_COMMON_CODEC))
            return;
        finding = report(negotiation, warning, SIPWHY_WORDING_WARNING_EXPLAINED_MEDIA);
        sipwhy_finding_set_list(finding, "streams", list_streams(offer));
        return;
    case 305:
        if (have(negotiation, SIPWHY_FINDING_NO_COMMON_CODEC))
            return;
        finding = report(negotiation, warning, SIPWHY_WORDING_WARNING_EXPLAINED_CODEC);
        sipwhy_finding_set_list(finding, "formats", sipwhy_media_list_formats(offer));
        return;
    case 370:
        explain_bandwidth(negotiation, warning);
        return;
    default:
        explain_default(negotiation, warning);
    }
}

/* 380 and 381 are about the scheme of the Request-URI (RFC 5630 5.1.2, 5.3). */
static void explain_scheme(const SipwhyNegotiation *negotiation, const Warning *warning)
{
    SipwhyFinding *finding = report(negotiation, warning,
                                    warning->code == 380 ? SIPWHY_WORDING_WARNING_EXPLAINED_SIPS
                                                         : SIPWHY_WORDING_WARNING_EXPLAINED_SIP);

    sipwhy_finding_set_slice(finding, "uri", negotiation->request.uri);
}

static void explain_warning(const SipwhyNegotiation *negotiation, const Warning *warning)
{
    SipwhyFinding *finding;

    if (!sipwhy_warning_find(warning->code))
        return;
    if (warning->code == 399) {
        if (warning->words.length == 0 || warning->agent.length == 0)
            return;
        finding = report(negotiation, warning, SIPWHY_WORDING_WARNING_EXPLAINED_TEXT);
        sipwhy_finding_set_slice(finding, "agent", warning->agent);
    } else if (warning->code == 380 || warning->code == 381) {
        if (negotiation->has_request)
            explain_scheme(negotiation, warning);
    } else if (negotiation->has_offer && negotiation->whole) {
        explain_about_offer(negotiation, warning);
    }
}

void sipwhy_explain_warnings(const SipwhyNegotiation *negotiation)
{
    unsigned status = negotiation->subject->event->status;
    SipwhySlice rest = {NULL, 0};
    SipwhySlice value;
    size_t position = 0;
    Warning warning;

    /* a challenge or a cancelled call is no failure that a Warning would explain */
    if (status == 401 || status == 407 || status == 487)
        return;
    for (unsigned i = 0; i < WARNINGS_MOST; i++) {
        if (!sipwhy_message_next_value(&negotiation->response, SIPWHY_HEADER_WARNING, &position,
                                       &rest, &value))
            return;
        if (read_warning(value, &warning))
            explain_warning(negotiation, &warning);
    }
}
