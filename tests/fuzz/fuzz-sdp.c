/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: two session descriptions, an offer and its answer, with the byte 0x1E between them.
 */
#include "check.h"
#include "offer.h"

/* Reads it; a name of a codec may be one of RFC 3551, which no input holds. */
static void read_slice(SipwhySlice slice)
{
    fuzz_check_slice(slice, slice);
}

static void check_codecs(const SipwhySdpMedia *media)
{
    SipwhySdpCodec codecs[SIPWHY_SDP_FORMATS_MOST];
    const size_t count = sipwhy_sdp_codecs(media, codecs);

    CHECK(count <= SIPWHY_SDP_FORMATS_MOST);
    for (size_t i = 0; i < count; i++) {
        fuzz_check_slice(media->formats, codecs[i].format);
        read_slice(codecs[i].name);
        sipwhy_sdp_codec_helps(&codecs[i]);
        CHECK(codecs[i].name.length == 0 || sipwhy_sdp_codec_same(&codecs[i], &codecs[i]));
    }
}

static void check_connection(SipwhySlice connection)
{
    fuzz_check_slice(connection, sipwhy_sdp_address(connection));
    CHECK(sipwhy_sdp_family(connection) <= SIPWHY_SDP_FAMILY_OTHER);
}

static void check_media(SipwhySlice bytes, const SipwhySdpMedia *media)
{
    const SipwhySlice inside[] = {media->line,    media->type,       media->proto,
                                  media->formats, media->connection, media->lines};
    SipwhySlice rest = media->formats;
    SipwhySlice format;

    for (size_t i = 0; i < G_N_ELEMENTS(inside); i++)
        fuzz_check_slice(bytes, inside[i]);
    while (sipwhy_sdp_next_format(&rest, &format)) {
        CHECK(format.length > 0);
        fuzz_check_slice(media->formats, format);
    }
    CHECK(media->direction <= SIPWHY_SDP_INACTIVE);
    CHECK(sipwhy_sdp_proto(media->proto).kind <= SIPWHY_SDP_PROTO_MSRP);
    check_connection(media->connection);
    check_codecs(media);
    sipwhy_media_wanted(media);
    CHECK(media->type.length == 0 || sipwhy_media_same_type(media, media));
    CHECK(media->proto.length == 0 || sipwhy_media_same_profile(media, media));
}

static void check_lines(SipwhySlice bytes)
{
    for (const char *letter = "vobcmaz"; *letter; letter++) {
        SipwhySlice rest = bytes;
        SipwhySlice value;
        while (sipwhy_sdp_next_line(&rest, *letter, &value)) {
            fuzz_check_slice(bytes, rest);
            fuzz_check_slice(bytes, value);
            check_connection(value);
        }
    }
}

static bool check_description(SipwhySlice bytes, SipwhySdp *sdp)
{
    check_lines(bytes);
    if (!sipwhy_sdp_scan(bytes, sdp))
        return false;
    CHECK(sdp->line_count > 0);
    CHECK(sdp->media_count == MIN(sdp->line_count, SIPWHY_SDP_MEDIA_MOST));
    fuzz_check_slice(bytes, sdp->session);
    for (unsigned i = 0; i < sdp->media_count; i++)
        check_media(bytes, &sdp->media[i]);
    CHECK(sipwhy_sdp_families(sdp) <= (SIPWHY_FAMILY_IP4 | SIPWHY_FAMILY_IP6));
    return true;
}

static void compare(const SipwhySdp *offer, const SipwhySdp *answer)
{
    for (unsigned i = 0; i < offer->media_count; i++) {
        const SipwhySdpMedia *media = &offer->media[i];
        const SipwhySdpMedia *other = sipwhy_sdp_find_type(answer, media);
        SipwhyCodecs offered = {0};
        SipwhyCodecs answered = {0};
        sipwhy_codecs_add_type(&offered, offer, media, i % 2);
        sipwhy_codecs_add_type(&answered, answer, media, i % 2);
        CHECK(offered.count <= SIPWHY_CODECS_MOST && answered.count <= SIPWHY_CODECS_MOST);
        CHECK(sipwhy_codecs_meet(&offered, &answered) == sipwhy_codecs_meet(&answered, &offered));
        if (other) /* NOLINTNEXTLINE(readability-suspicious-call-argument): both ways round */
            CHECK(sipwhy_media_same_profile(media, other) ==
                  sipwhy_media_same_profile(other, media));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    SipwhySlice rest = {(const char *)bytes, length};
    const SipwhySlice one = fuzz_take_part(&rest);
    SipwhySdp offer;
    SipwhySdp answer;

    const bool offers = check_description(one, &offer);
    const bool answers = check_description(rest, &answer);
    sipwhy_answer_refuses(one, rest);
    sipwhy_answer_refuses(rest, one);
    if (offers && answers)
        compare(&offer, &answer);
    return 0;
}
