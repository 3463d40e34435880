/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sdp.h and offer.h: session descriptions, and an answer held against its offer.
 */
#include "offer.h"

#include <glib.h>
#include <string.h>

static SipwhySlice slice_of(const char *text)
{
    return (SipwhySlice){text, strlen(text)};
}

static void assert_slice(SipwhySlice slice, const char *expected)
{
    char *found = slice.data ? g_strndup(slice.data, slice.length) : g_strdup("");

    g_assert_cmpstr(found, ==, expected);
    g_free(found);
}

static SipwhySdp scan(const char *text)
{
    SipwhySdp sdp;

    g_assert_true(sipwhy_sdp_scan(slice_of(text), &sdp));
    return sdp;
}

#define SESSION "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"

static void test_media(void)
{
    SipwhySdp sdp = scan(SESSION "a=recvonly\r\n"
                                 "m=audio 40000/2 RTP/AVP 0 101\r\na=sendonly\r\n"
                                 "m=video 0 RTP/SAVPF 97\r\nc=IN IP6 2001:db8::1\r\n"
                                 "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n");

    g_assert_cmpuint(sdp.media_count, ==, 2);
    assert_slice(sdp.media[0].type, "audio");
    g_assert_cmpuint(sdp.media[0].port, ==, 40000);
    assert_slice(sdp.media[0].proto, "RTP/AVP");
    assert_slice(sdp.media[0].connection, "IN IP4 192.0.2.1");
    g_assert_cmpint(sdp.media[0].direction, ==, SIPWHY_SDP_SENDONLY);
    g_assert_false(sdp.media[0].crypto);
    g_assert_cmpuint(sdp.media[1].port, ==, 0);
    assert_slice(sdp.media[1].connection, "IN IP6 2001:db8::1");
    g_assert_cmpint(sdp.media[1].direction, ==, SIPWHY_SDP_RECVONLY);
    g_assert_true(sdp.media[1].crypto);
}

static void test_dtls_and_ice(void)
{
    SipwhySdp sdp = scan(SESSION "a=fingerprint:sha-256 00\r\na=setup:actpass\r\n"
                                 "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=ice-ufrag:x\r\n"
                                 "a=candidate:1 1 udp 1 2001:db8::1 4000 typ host\r\n"
                                 "a=candidate:2 1 udp 1 x.local 4000 typ host\r\n");

    g_assert_true(sdp.media[0].fingerprint && sdp.media[0].setup && sdp.media[0].ice);
    g_assert_true(sdp.media[0].candidate_ip6 && !sdp.media[0].candidate_ip4);
    g_assert_cmpuint(sipwhy_sdp_families(&sdp), ==, SIPWHY_FAMILY_IP4 | SIPWHY_FAMILY_IP6);
}

static void test_not_sdp(void)
{
    SipwhySdp sdp;

    g_assert_false(sipwhy_sdp_scan((SipwhySlice){NULL, 0}, &sdp));
    g_assert_false(sipwhy_sdp_scan(slice_of("v=0\r\n"), &sdp));
    g_assert_false(sipwhy_sdp_scan(slice_of("hello\r\nworld"), &sdp));
    sdp = scan("m=\n"); /* nothing in it */
    g_assert_cmpuint(sdp.media_count, ==, 1);
    assert_slice(sdp.media[0].type, "");
    sdp = scan("m=audio x"); /* a port that is no number refuses nothing */
    g_assert_cmpuint(sdp.media[0].port, !=, 0);
}

static void assert_codecs(const char *text, const char *expected)
{
    SipwhySdp sdp = scan(text);
    SipwhySdpCodec codecs[SIPWHY_SDP_FORMATS_MOST];
    size_t count = sipwhy_sdp_codecs(&sdp.media[0], codecs);
    GString *found = g_string_new(NULL);

    for (size_t i = 0; i < count; i++)
        g_string_append_printf(found, "%s%.*s/%u", i > 0 ? " " : "", (int)codecs[i].name.length,
                               codecs[i].name.data ? codecs[i].name.data : "", codecs[i].clock);
    g_assert_cmpstr(found->str, ==, expected);
    g_string_free(found, TRUE);
}

static void test_codecs(void)
{
    assert_codecs("m=audio 1 RTP/AVP 0 8 111 101 99\r\na=rtpmap:111 opus/48000/2\r\n"
                  "a=rtpmap:101 telephone-event/8000\r\n",
                  "PCMU/8000 PCMA/8000 opus/48000 telephone-event/8000 /0");
    assert_codecs("m=audio 1 RTP/AVP 0\r\na=rtpmap:0 G726-32/8000\r\n", "G726-32/8000");
    assert_codecs("m=image 1 udptl t38", "t38/0");
    assert_codecs("m=audio 1 RTP/AVP", "");
    assert_codecs("m=audio 1 RTP/AVP 0 \r\na=rtpmap:0\r\na=rtpmap:\r\na=rtpmap", "PCMU/8000");
}

static void test_proto(void)
{
    static const struct {
        const char *proto;
        SipwhySdpProto is;
    } cases[] = {
        {"RTP/AVP", {SIPWHY_SDP_PROTO_RTP, false, false, false}},
        {"RTP/AVPF", {SIPWHY_SDP_PROTO_RTP, false, false, true}},
        {"rtp/savp", {SIPWHY_SDP_PROTO_RTP, true, false, false}},
        {"UDP/TLS/RTP/SAVPF", {SIPWHY_SDP_PROTO_RTP, true, true, true}},
        {"udptl", {SIPWHY_SDP_PROTO_UDPTL, false, false, false}},
        {"UDP/TLS/UDPTL", {SIPWHY_SDP_PROTO_UDPTL, true, true, false}},
        {"TCP/TLS/MSRP", {SIPWHY_SDP_PROTO_MSRP, true, true, false}},
        {"UDP/DTLS/SCTP", {SIPWHY_SDP_PROTO_OTHER, true, true, false}},
        {"", {SIPWHY_SDP_PROTO_OTHER, false, false, false}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SipwhySdpProto found = sipwhy_sdp_proto(slice_of(cases[i].proto));
        g_assert_cmpint(found.kind, ==, cases[i].is.kind);
        g_assert_cmpint(found.secure, ==, cases[i].is.secure);
        g_assert_cmpint(found.dtls, ==, cases[i].is.dtls);
        g_assert_cmpint(found.feedback, ==, cases[i].is.feedback);
    }
}

static void test_address(void)
{
    assert_slice(sipwhy_sdp_address(slice_of("IN IP4 233.252.0.1/127")), "233.252.0.1");
    g_assert_cmpint(sipwhy_sdp_family(slice_of("IN IP4 192.0.2.1")), ==, SIPWHY_SDP_FAMILY_IP4);
    g_assert_cmpint(sipwhy_sdp_family(slice_of("IN IP6 ::1")), ==, SIPWHY_SDP_FAMILY_IP6);
    g_assert_cmpint(sipwhy_sdp_family(slice_of("IN IP4 0.0.0.0")), ==, SIPWHY_SDP_FAMILY_NONE);
    g_assert_cmpint(sipwhy_sdp_family(slice_of("PSTN E164 +1")), ==, SIPWHY_SDP_FAMILY_OTHER);
    g_assert_cmpint(sipwhy_sdp_family((SipwhySlice){NULL, 0}), ==, SIPWHY_SDP_FAMILY_NONE);
}

static void test_answer_refuses(void)
{
    static const struct {
        const char *offer;
        const char *answer;
        bool refuses;
    } cases[] = {
        {"m=audio 1 RTP/AVP 0 8\r\n", "m=audio 2 RTP/AVP 8\r\n", false},
        {"m=audio 1 RTP/AVP 0 8\r\n", "m=audio 0 RTP/AVP 8\r\n", true},
        {"m=audio 0 RTP/AVP 0\r\n", "m=audio 0 RTP/AVP 0\r\n", false},
        {"m=audio 1 RTP/AVP 0\r\nm=video 1 RTP/AVP 97\r\n", "m=audio 2 RTP/AVP 0\r\n", true},
        {"m=audio 1 RTP/AVP 0\r\n", "m=audio 2 RTP/AVP 0\r\nm=video 1 RTP/AVP 97\r\n", true},
        {"m=audio 1 RTP/AVP 0\r\n", "m=audio 2 RTP/SAVP 0\r\n", true},
        {"m=audio 1 RTP/AVP 0\r\n", "m=audio 2 RTP/AVP 8\r\n", true},
        {"m=audio 1 RTP/AVP 0\r\n", "", true},
        {"", "", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(sipwhy_answer_refuses(slice_of(cases[i].offer), slice_of(cases[i].answer)),
                        ==, cases[i].refuses);
    g_assert_false(sipwhy_answer_refuses((SipwhySlice){NULL, 0}, (SipwhySlice){NULL, 0}));
}

static bool meet(const char *one, const char *other)
{
    SipwhySdp a = scan(one);
    SipwhySdp b = scan(other);
    SipwhyCodecs first = {0};
    SipwhyCodecs second = {0};

    sipwhy_codecs_add(&first, &a.media[0]);
    sipwhy_codecs_add(&second, &b.media[0]);
    return sipwhy_codecs_meet(&first, &second);
}

static void test_codecs_meet(void)
{
    g_assert_true(meet("m=audio 1 RTP/AVP 0", "m=audio 1 RTP/AVP 8 0"));
    g_assert_false(meet("m=audio 1 RTP/AVP 0", "m=audio 1 RTP/AVP 8"));
    /* DTMF alone is no codec in common; a format without a name may be anything */
    g_assert_false(meet("m=audio 1 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000",
                        "m=audio 1 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000"));
    g_assert_true(meet("m=audio 1 RTP/AVP 0", "m=audio 1 RTP/AVP 97"));
    g_assert_true(meet("m=audio 1 RTP/AVP 96\r\na=rtpmap:96 Opus/48000/2",
                       "m=audio 1 RTP/AVP 111\r\na=rtpmap:111 opus/48000"));
    g_assert_false(meet("m=audio 1 RTP/AVP 96\r\na=rtpmap:96 speex/8000",
                        "m=audio 1 RTP/AVP 96\r\na=rtpmap:96 speex/16000"));
}

/* Many lines, many formats: counted, but not looked at. */
static void test_bounds(void)
{
    GString *text = g_string_new("v=0\r\n");
    SipwhySdp sdp;
    SipwhySdpCodec codecs[SIPWHY_SDP_FORMATS_MOST];

    for (unsigned i = 0; i < 500; i++)
        g_string_append(text, "m=audio 1 RTP/AVP 0 8\r\n");
    g_assert_true(sipwhy_sdp_scan((SipwhySlice){text->str, text->len}, &sdp));
    g_assert_cmpuint(sdp.line_count, ==, 500);
    g_assert_cmpuint(sdp.media_count, ==, SIPWHY_SDP_MEDIA_MOST);

    g_string_assign(text, "m=audio 1 RTP/AVP");
    for (unsigned i = 0; i < 5000; i++)
        g_string_append_printf(text, " %u", i);
    g_assert_true(sipwhy_sdp_scan((SipwhySlice){text->str, text->len}, &sdp));
    g_assert_cmpuint(sipwhy_sdp_codecs(&sdp.media[0], codecs), ==, SIPWHY_SDP_FORMATS_MOST);
    g_string_free(text, TRUE);
}

static void test_hostile(void)
{
    static const char text[] = SESSION "m=audio 40000/2 RTP/AVP 0 101\r\na=rtpmap:101 x/8000\r\n"
                                       "m=video 0 RTP/SAVPF 97\r\nc=IN IP6 ::/1\r\na=altc:1 IP4 1"
                                       "\r\na=candidate:1 1 udp 1 1.2.3.4 5 typ host\r\n";
    GRand *random = g_rand_new_with_seed(1);

    for (unsigned i = 0; i < 5000; i++) {
        size_t length = (size_t)g_rand_int_range(random, 1, sizeof text);
        char *bytes = g_memdup2(text, length);
        SipwhySdp sdp;
        for (unsigned j = 0; j < i % 6; j++)
            bytes[g_rand_int_range(random, 0, (int)length)] =
                "m=a: \r\n\0/"[g_rand_int(random) % 9];
        SipwhySlice slice = {bytes, length};
        if (sipwhy_sdp_scan(slice, &sdp)) {
            SipwhyCodecs codecs = {0};
            sipwhy_codecs_add_type(&codecs, &sdp, &sdp.media[0], true);
            sipwhy_sdp_families(&sdp);
            sipwhy_answer_refuses(slice, slice_of(text));
        }
        g_free(bytes);
    }
    g_rand_free(random);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sdp/media", test_media);
    g_test_add_func("/sdp/dtls-and-ice", test_dtls_and_ice);
    g_test_add_func("/sdp/not-sdp", test_not_sdp);
    g_test_add_func("/sdp/codecs", test_codecs);
    g_test_add_func("/sdp/proto", test_proto);
    g_test_add_func("/sdp/address", test_address);
    g_test_add_func("/sdp/bounds", test_bounds);
    g_test_add_func("/sdp/hostile", test_hostile);
    g_test_add_func("/offer/answer-refuses", test_answer_refuses);
    g_test_add_func("/offer/codecs-meet", test_codecs_meet);
    return g_test_run();
}
