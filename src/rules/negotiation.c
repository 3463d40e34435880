/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the rules on offers and answers share.
 */
#include "negotiation.h"

#include <string.h>

enum { NAME_BYTES_MOST = 40 };

SipwhyFinding *sipwhy_negotiation_find(const SipwhyNegotiation *negotiation, SipwhyFindingId id,
                                       SipwhyWording wording)
{
    SipwhyFinding *finding = sipwhy_findings_add(negotiation->findings, id);

    sipwhy_finding_word(finding, wording);
    sipwhy_finding_set(finding, "offer", "%u", negotiation->offer_in);
    sipwhy_finding_prove(finding, negotiation->offer_in);
    return finding;
}

/* The clock rates that go without saying: those of telephony and of video. */
static bool is_usual_clock(unsigned clock)
{
    return clock == 0 || clock == 8000 || clock == 90000;
}

void sipwhy_media_list_codecs(SipwhyValueList *list, const SipwhyCodecs *codecs)
{
    for (unsigned i = 0; i < codecs->count; i++) {
        const SipwhySdpCodec *codec = &codecs->codec[i];
        SipwhySlice name = codec->name.length > 0 ? codec->name : codec->format;
        if (is_usual_clock(codec->clock) || name.length > NAME_BYTES_MOST) {
            sipwhy_list_add(list, name);
            continue;
        }
        char *text = g_strdup_printf("%.*s/%u", (int)name.length, name.data, codec->clock);
        sipwhy_list_add(list, (SipwhySlice){text, strlen(text)});
        g_free(text);
    }
}

void sipwhy_finding_set_list(SipwhyFinding *finding, const char *name, SipwhyValueList list)
{
    sipwhy_finding_set_slice(finding, name, (SipwhySlice){list.text, list.length});
}

SipwhyValueList sipwhy_media_list_formats(const SipwhySdp *sdp)
{
    SipwhyValueList list = {0};

    for (unsigned i = 0; i < sdp->media_count; i++) {
        SipwhyCodecs codecs = {0};
        if (!sipwhy_media_wanted(&sdp->media[i]))
            continue;
        sipwhy_codecs_add(&codecs, &sdp->media[i]);
        sipwhy_media_list_codecs(&list, &codecs);
    }
    return list;
}
