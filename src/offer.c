/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An offer and its answer, or the refusal of it, held against each other.
 */
#include "offer.h"

#include <glib.h>

enum { LINES_MOST = 64 };

static bool same(SipwhySlice one, SipwhySlice other)
{
    return one.length > 0 && sipwhy_slice_alike(one, other);
}

/* ---- at a glance ---- */

/* Whether two lists of formats have one in common. */
static bool share_format(SipwhySlice offered, SipwhySlice answered)
{
    SipwhySlice wanted;
    SipwhySlice found;

    for (unsigned i = 0; i < SIPWHY_SDP_FORMATS_MOST; i++) {
        SipwhySlice rest = answered;
        if (!sipwhy_sdp_next_format(&offered, &wanted))
            return false;
        for (unsigned j = 0; j < SIPWHY_SDP_FORMATS_MOST; j++) {
            if (!sipwhy_sdp_next_format(&rest, &found))
                break;
            if (same(wanted, found))
                return true;
        }
    }
    return true; /* more than are looked at: nothing is known */
}

/* m=<media> <port> <proto> <formats>: whether an answered line takes less than the offered one */
static bool line_refuses(SipwhySlice offer, SipwhySlice answer)
{
    SipwhySlice type[2];
    SipwhySlice port[2];
    SipwhySlice proto[2];

    sipwhy_sdp_next_format(&offer, &type[0]);
    sipwhy_sdp_next_format(&offer, &port[0]);
    sipwhy_sdp_next_format(&offer, &proto[0]);
    sipwhy_sdp_next_format(&answer, &type[1]);
    sipwhy_sdp_next_format(&answer, &port[1]);
    sipwhy_sdp_next_format(&answer, &proto[1]);
    if (sipwhy_slice_is(port[1], "0"))
        return !sipwhy_slice_is(port[0], "0");
    return !same(type[0], type[1]) || !same(proto[0], proto[1]) || !share_format(offer, answer);
}

bool sipwhy_answer_refuses(SipwhySlice offer, SipwhySlice answer)
{
    for (unsigned i = 0; i < LINES_MOST; i++) {
        SipwhySlice offered;
        SipwhySlice answered;
        bool more = sipwhy_sdp_next_line(&offer, 'm', &offered);
        if (more != sipwhy_sdp_next_line(&answer, 'm', &answered))
            return true;
        if (!more)
            return false;
        if (line_refuses(offered, answered))
            return true;
    }
    return false;
}

/* ---- m= lines ---- */

bool sipwhy_media_wanted(const SipwhySdpMedia *media)
{
    return media->port != 0 || media->bundle_only;
}

bool sipwhy_media_same_type(const SipwhySdpMedia *one, const SipwhySdpMedia *other)
{
    return same(one->type, other->type);
}

bool sipwhy_media_dtls(const SipwhySdpMedia *media)
{
    return sipwhy_sdp_proto(media->proto).dtls || (media->fingerprint && !media->crypto);
}

bool sipwhy_media_same_profile(const SipwhySdpMedia *one, const SipwhySdpMedia *other)
{
    SipwhySdpProto a = sipwhy_sdp_proto(one->proto);
    SipwhySdpProto b = sipwhy_sdp_proto(other->proto);

    if (a.kind != b.kind || a.secure != b.secure || a.feedback != b.feedback)
        return false;
    if (a.kind == SIPWHY_SDP_PROTO_OTHER)
        return same(one->proto, other->proto);
    return !a.secure || sipwhy_media_dtls(one) == sipwhy_media_dtls(other);
}

const SipwhySdpMedia *sipwhy_sdp_find_type(const SipwhySdp *sdp, const SipwhySdpMedia *like)
{
    for (unsigned i = 0; i < sdp->media_count; i++)
        if (sipwhy_media_same_type(&sdp->media[i], like))
            return &sdp->media[i];
    return NULL;
}

/* ---- codecs ---- */

void sipwhy_codecs_add(SipwhyCodecs *codecs, const SipwhySdpMedia *media)
{
    SipwhySdpCodec found[SIPWHY_SDP_FORMATS_MOST];
    size_t count = sipwhy_sdp_codecs(media, found);

    codecs->unknown |= count == 0 || count == SIPWHY_SDP_FORMATS_MOST;
    for (size_t i = 0; i < count; i++) {
        if (sipwhy_sdp_codec_helps(&found[i]))
            continue;
        if (codecs->count == SIPWHY_CODECS_MOST) {
            codecs->unknown = true;
            return;
        }
        codecs->unknown |= found[i].name.length == 0;
        codecs->codec[codecs->count++] = found[i];
    }
}

void sipwhy_codecs_add_type(SipwhyCodecs *codecs, const SipwhySdp *sdp, const SipwhySdpMedia *like,
                            bool wanted)
{
    for (unsigned i = 0; i < sdp->media_count; i++) {
        const SipwhySdpMedia *media = &sdp->media[i];
        if (sipwhy_media_same_type(media, like) && (!wanted || sipwhy_media_wanted(media)))
            sipwhy_codecs_add(codecs, media);
    }
    codecs->unknown |= sdp->line_count > sdp->media_count;
}

bool sipwhy_codecs_meet(const SipwhyCodecs *one, const SipwhyCodecs *other)
{
    if (one->unknown || other->unknown || one->count == 0 || other->count == 0)
        return true;
    for (unsigned i = 0; i < one->count; i++)
        for (unsigned j = 0; j < other->count; j++)
            if (sipwhy_sdp_codec_same(&one->codec[i], &other->codec[j]))
                return true;
    return false;
}

/* ---- addresses ---- */

unsigned sipwhy_sdp_families(const SipwhySdp *sdp)
{
    unsigned families = 0;

    for (unsigned i = 0; i < sdp->media_count; i++) {
        const SipwhySdpMedia *media = &sdp->media[i];
        SipwhySdpFamily family = sipwhy_sdp_family(media->connection);
        if (family == SIPWHY_SDP_FAMILY_OTHER || sdp->line_count > sdp->media_count ||
            (media->ice && !media->candidate_ip4 && !media->candidate_ip6))
            return 0;
        if (family == SIPWHY_SDP_FAMILY_IP4 || media->candidate_ip4)
            families |= SIPWHY_FAMILY_IP4;
        if (family == SIPWHY_SDP_FAMILY_IP6 || media->candidate_ip6)
            families |= SIPWHY_FAMILY_IP6;
    }
    return families;
}
