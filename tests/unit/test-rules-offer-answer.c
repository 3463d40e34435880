/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules: offers and answers, early media.
 */
#include "trace-kit.h"

#define HOP "10.0.0.1>10.0.0.2"
#define BACK "10.0.0.2>10.0.0.1"
#define LEG "10.0.0.2>10.0.0.3"
#define LEG_BACK "10.0.0.3>10.0.0.2"
#define TYPE "\nContent-Type: application/sdp\n\n"
#define SESSION "v=0\no=- 1 1 IN IP4 10.0.0.1\ns=-\nc=IN IP4 10.0.0.1\nt=0 0\n"
#define SDP TYPE SESSION
#define INVITE "INVITE sip:b@example.com"
#define REINVITE INVITE "\nTo: <sip:b@example.com>;tag=t\nCSeq: 2 INVITE"
#define AUDIO "m=audio 4000 RTP/AVP 0 8\n"
#define NO_AUDIO "m=audio 0 RTP/AVP 0 8\n"
#define VIDEO "m=video 4002 RTP/AVP 97\na=rtpmap:97 H264/90000\n"
#define NO_VIDEO "m=video 0 RTP/AVP 97\n"
#define FAX "m=image 4004 udptl t38\n"

/* Asserts which of this family's findings a frame has; others do not matter here. */
static void expect_ids(Kit *kit, unsigned frame, const char *ids)
{
    static const char *const family[] = {"no-common-codec",         "media-profile-mismatch",
                                         "address-family-mismatch", "answer-breaks-offer",
                                         "all-media-refused",       "media-refused",
                                         "warning-explained",       "early-media",
                                         "early-media-unreliable",  "local-ringback"};
    char **expected = g_strsplit(ids, " ", -1);

    for (size_t i = 0; i < G_N_ELEMENTS(family); i++) {
        if (g_strv_contains((const char *const *)expected, family[i]))
            kit_expect_one(kit, frame, family[i]);
        else
            kit_expect_none(kit, frame, family[i]);
    }
    g_strfreev(expected);
}

/* An offer and a final response to it; the response's frame. */
static unsigned exchange(Kit *kit, const char *request, const char *response)
{
    kit_say(kit, 0, HOP, NULL, request);
    return kit_say(kit, 0.1, BACK, NULL, response);
}

static void expect(const char *request, const char *response, const char *ids)
{
    Kit *kit = kit_new();
    expect_ids(kit, exchange(kit, request, response), ids);
    kit_free(kit);
}

static void test_no_common_codec(void)
{
    Kit *kit = kit_new();
    unsigned frame =
        exchange(kit, INVITE SDP "m=audio 4000 RTP/AVP 18 96\na=rtpmap:96 opus/48000/2\n",
                 "488 Not Acceptable Here" SDP NO_AUDIO);

    expect_ids(kit, frame, "no-common-codec");
    kit_expect_text(kit, frame, "no-common-codec", "lists G729, opus/48000;");
    kit_expect_text(kit, frame, "no-common-codec", "lists PCMU, PCMA:");
    kit_expect_frames(kit, frame, "no-common-codec", "1");
    kit_expect_severity(kit, frame, "warn");
    kit_free(kit);

    /* a codec in common, though only for one of two streams, or under another number */
    expect(INVITE SDP AUDIO, "488 No" SDP NO_AUDIO, "");
    expect(INVITE SDP "m=audio 1 RTP/AVP 18\n" AUDIO, "488 No" SDP NO_AUDIO, "");
    expect(INVITE SDP AUDIO VIDEO, "488 No" SDP NO_AUDIO, "");
    expect(INVITE SDP "m=audio 1 RTP/AVP 96\na=rtpmap:96 pcmu/8000\n", "488 No" SDP NO_AUDIO, "");
    /* a format without a name, no SDP, another code, another kind */
    expect(INVITE SDP "m=audio 1 RTP/AVP 96\n", "488 No" SDP NO_AUDIO, "");
    expect(INVITE SDP "m=audio 1 RTP/AVP 18\n", "488 No", "");
    expect(INVITE SDP "m=audio 1 RTP/AVP 18\n", "486 Busy Here" SDP NO_AUDIO, "");
    expect(INVITE SDP VIDEO, "606 No" SDP NO_AUDIO, "no-common-codec");
    expect(REINVITE SDP VIDEO, "488 No\nCSeq: 2 INVITE" SDP NO_AUDIO, "no-common-codec");
}

static void test_cut_bodies(void)
{
    Kit *kit = kit_new();
    unsigned frame = exchange(kit, INVITE "\nContent-Length: 900" SDP "m=audio 4000 RTP/AVP 18\n",
                              "488 Not Acceptable Here" SDP NO_AUDIO);
    expect_ids(kit, frame, "");
    kit_free(kit);

    kit = kit_new();
    frame = exchange(kit, INVITE SDP "m=audio 4000 RTP/AVP 18\n",
                     "488 Not Acceptable Here\nContent-Length: 900" SDP NO_AUDIO);
    expect_ids(kit, frame, "");
    kit_free(kit);

    /* one way: the request is missing */
    kit = kit_new();
    frame = kit_say(kit, 0, BACK, NULL, "488 No\nWarning: 305 b \"Incompatible\"" SDP NO_AUDIO);
    expect_ids(kit, frame, "");
    kit_free(kit);
}

/* On a proxy each leg has its own offer; the second one is no repetition. */
static void test_two_legs(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, HOP, NULL, INVITE SDP "m=audio 1 RTP/AVP 18\n");
    kit_say(kit, 0.1, LEG, NULL, INVITE "\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKx" SDP AUDIO);
    unsigned far = kit_say(kit, 0.2, LEG_BACK, NULL,
                           "488 No\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKx" SDP NO_AUDIO);
    unsigned near = kit_say(kit, 0.3, BACK, NULL, "488 No" SDP NO_AUDIO);
    unsigned again = kit_say(kit, 0.8, BACK, NULL, "488 No" SDP NO_AUDIO);
    expect_ids(kit, far, "");
    kit_expect_one(kit, near, "no-common-codec");
    kit_expect_frames(kit, near, "no-common-codec", "1");
    kit_expect_one(kit, again, "no-common-codec");
    kit_free(kit);
}

static void expect_profile(const char *offered, const char *accepted, const char *title)
{
    Kit *kit = kit_new();
    char *offer = g_strdup_printf(INVITE SDP "m=audio 4000 %s 0\n", offered);
    char *refusal = g_strdup_printf("488 No" SDP "m=audio 0 %s 0\n", accepted);
    unsigned frame = exchange(kit, offer, refusal);

    if (title) {
        expect_ids(kit, frame, "media-profile-mismatch");
        kit_expect_text(kit, frame, "media-profile-mismatch", title);
    } else {
        expect_ids(kit, frame, "");
    }
    g_free(offer);
    g_free(refusal);
    kit_free(kit);
}

static void test_profile(void)
{
    expect_profile("RTP/AVP", "RTP/SAVP", "SRTP required");
    expect_profile("UDP/TLS/RTP/SAVPF", "RTP/AVP", "SRTP offered");
    expect_profile("UDP/TLS/RTP/SAVP", "RTP/SAVP", "keys exchanged");
    expect_profile("RTP/AVPF", "RTP/AVP", "RTCP feedback");
    expect_profile("RTP/AVP", "rtp/avp", NULL);
    expect_profile("RTP/SAVP", "RTP/SAVP", NULL);
    /* both ways are offered */
    expect(INVITE SDP "m=audio 1 RTP/SAVP 0\nm=audio 2 RTP/AVP 0\n", "488 No" SDP NO_AUDIO, "");
}

#define OVER_IP6 TYPE "v=0\nc=IN IP6 2001:db8::1\n"

static void test_family(void)
{
    Kit *kit = kit_new();
    unsigned frame = exchange(kit, INVITE OVER_IP6 AUDIO, "488 No" SDP NO_AUDIO);

    expect_ids(kit, frame, "address-family-mismatch");
    kit_expect_text(kit, frame, "address-family-mismatch", "2001:db8::1 (IPv6)");
    kit_expect_text(kit, frame, "address-family-mismatch", "10.0.0.1 (IPv4)");
    kit_free(kit);

    expect(INVITE OVER_IP6 AUDIO, "488 No\nWarning: 301 b \"Incompatible\"",
           "address-family-mismatch");
    expect(INVITE OVER_IP6 AUDIO, "488 No", "");
    expect(INVITE OVER_IP6 AUDIO, "488 No" TYPE "v=0\nc=IN IP4 0.0.0.0\n" NO_AUDIO, "");
    expect(INVITE OVER_IP6 AUDIO "a=candidate:1 1 udp 1 10.0.0.1 4000 typ host\n",
           "488 No" SDP NO_AUDIO, "");
    /* nothing is asked for */
    expect(INVITE SDP NO_AUDIO, "488 No", "offer-without-media");
    expect(INVITE SDP NO_AUDIO VIDEO, "488 No", "");
    expect(INVITE SDP NO_AUDIO, "486 Busy Here", "");
    /* the codec is reason enough */
    expect(INVITE OVER_IP6 "m=audio 1 RTP/AVP 18\n", "488 No" SDP NO_AUDIO, "no-common-codec");
}

static void test_media_refused(void)
{
    Kit *kit = kit_new();
    unsigned frame = exchange(kit, INVITE SDP AUDIO VIDEO, "200 OK" SDP AUDIO NO_VIDEO);

    expect_ids(kit, frame, "media-refused");
    kit_expect_text(kit, frame, "media-refused", "frame 1 has video");
    kit_expect_severity(kit, frame, "note");
    kit_free(kit);

    expect(INVITE SDP AUDIO VIDEO, "200 OK" SDP AUDIO VIDEO, "");
    expect(INVITE SDP AUDIO NO_VIDEO, "200 OK" SDP AUDIO NO_VIDEO, "");
    expect(INVITE SDP AUDIO, "200 OK" SDP NO_AUDIO, "all-media-refused");
    expect(INVITE SDP AUDIO FAX, "200 OK" SDP AUDIO "m=image 0 udptl t38\n", "media-refused");
    /* one of two ways to have the same */
    expect(INVITE SDP AUDIO FAX, "200 OK" SDP NO_AUDIO FAX, "");
    expect(INVITE SDP "m=audio 1 RTP/SAVP 0\nm=audio 2 RTP/AVP 0\n",
           "200 OK" SDP "m=audio 0 RTP/SAVP 0\nm=audio 2 RTP/AVP 0\n", "");
    /* the same in UPDATE, and not in what carries no offer */
    kit = kit_new();
    kit_say(kit, 0, HOP, NULL, "UPDATE sip:b@example.com\nTo: <sip:b@x>;tag=t" SDP AUDIO VIDEO);
    frame = kit_say(kit, 0.1, BACK, "UPDATE", "200 OK" SDP AUDIO NO_VIDEO);
    expect_ids(kit, frame, "media-refused");
    kit_free(kit);
    kit = kit_new();
    kit_say(kit, 0, HOP, NULL, "OPTIONS sip:b@example.com" SDP AUDIO);
    frame = kit_say(kit, 0.1, BACK, "OPTIONS", "200 OK" SDP NO_AUDIO);
    expect_ids(kit, frame, "");
    kit_free(kit);
}

static void test_fax_refused(void)
{
    Kit *kit = kit_new();
    unsigned frame =
        exchange(kit, REINVITE SDP FAX, "488 No\nCSeq: 2 INVITE\nWarning: 304 b \"Media type\"");

    expect_ids(kit, frame, "media-refused");
    kit_expect_text(kit, frame, "media-refused", "The INVITE in frame 1");
    kit_expect_severity(kit, frame, "warn");
    kit_free(kit);

    expect(REINVITE SDP FAX, "491 Request Pending\nCSeq: 2 INVITE", "");
    expect(REINVITE SDP FAX, "481 No\nCSeq: 2 INVITE", "");
    expect(INVITE SDP FAX, "488 No", "");
    expect(REINVITE SDP AUDIO, "488 No\nCSeq: 2 INVITE", "");
}

static void test_answer_breaks_offer(void)
{
    Kit *kit = kit_new();
    unsigned frame = exchange(kit, INVITE SDP AUDIO VIDEO, "200 OK" SDP AUDIO);

    expect_ids(kit, frame, "answer-breaks-offer media-refused");
    kit_expect_text(kit, frame, "media-refused", "video");
    kit_expect_severity(kit, frame, "error");
    kit_free(kit);

    expect(INVITE SDP AUDIO, "200 OK" SDP AUDIO VIDEO, "answer-breaks-offer");
    expect(INVITE SDP AUDIO NO_VIDEO, "200 OK" SDP AUDIO, ""); /* wrong, but nobody minds */
    expect(INVITE SDP "m=audio 1 RTP/AVP 18\n", "200 OK" SDP AUDIO, "answer-breaks-offer");
    expect(INVITE SDP AUDIO, "200 OK" SDP "m=audio 1 RTP/SAVP 0\n", "answer-breaks-offer");
    expect(INVITE SDP "m=audio 1 RTP/SAVPF 0\n", "200 OK" SDP "m=audio 1 RTP/SAVP 0\n", "");
    expect(INVITE SDP "m=audio 1 RTP/AVP 96\na=rtpmap:96 iLBC/8000\n",
           "200 OK" SDP "m=audio 1 RTP/AVP 97\na=rtpmap:97 ilbc/8000\n", "");
}

static void test_missing_answer(void)
{
    Kit *kit = kit_new();
    unsigned frame = exchange(kit, INVITE SDP AUDIO, "200 OK");
    expect_ids(kit, frame, "answer-breaks-offer");
    kit_expect_text(kit, frame, "answer-breaks-offer", "nothing answers it");
    kit_free(kit);

    kit = kit_new();
    kit_say(kit, 0, HOP, NULL, INVITE SDP AUDIO);
    unsigned early = kit_say(kit, 0.1, BACK, NULL, "183 Session Progress" SDP AUDIO);
    frame = kit_say(kit, 1, BACK, NULL, "200 OK");
    expect_ids(kit, early, "early-media early-media-unreliable");
    expect_ids(kit, frame, "answer-only-early");
    kit_expect_frames(kit, frame, "answer-only-early", "1 2");
    kit_free(kit);

    /* a reliable one is the answer; and its PRACK tells of one that was not captured */
    kit = kit_new();
    kit_say(kit, 0, HOP, NULL, INVITE SDP AUDIO);
    early = kit_say(kit, 0.1, BACK, NULL, "183 Go\nRequire: 100rel\nRSeq: 1" SDP AUDIO);
    frame = kit_say(kit, 1, BACK, NULL, "200 OK");
    expect_ids(kit, early, "early-media");
    expect_ids(kit, frame, "");
    kit_free(kit);
    kit = kit_new();
    kit_say(kit, 0, HOP, NULL, INVITE SDP AUDIO);
    kit_say(kit, 0.2, HOP, NULL, "PRACK sip:b@x\nRAck: 1 1 INVITE\nCSeq: 2 PRACK");
    frame = kit_say(kit, 1, BACK, NULL, "200 OK");
    expect_ids(kit, frame, "");
    kit_free(kit);

    /* cut by the capture; no offer */
    expect(INVITE SDP AUDIO, "200 OK\nContent-Length: 200", "");
    expect(INVITE, "200 OK", "");
}

#define BYE(reason) "BYE sip:b@x\nTo: <sip:b@example.com>;tag=t\nCSeq: 2 BYE" reason
#define ACK "ACK sip:b@x\nTo: <sip:b@example.com>;tag=t\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa"

static void test_offer_in_2xx(void)
{
    Kit *kit = kit_new();
    unsigned frame = exchange(kit, INVITE, "200 OK" SDP "m=audio 1 RTP/AVP 18\n");
    unsigned ack = kit_say(kit, 0.2, HOP, NULL, ACK SDP "m=audio 0 RTP/AVP 18\n");

    expect_ids(kit, frame, "");
    expect_ids(kit, ack, "all-media-refused");
    unsigned bye = kit_say(kit, 0.3, HOP, NULL, BYE("\nReason: Q.850;cause=16, SIP;cause=488"));
    expect_ids(kit, bye, "all-media-refused");
    kit_expect_text(kit, bye, "all-media-refused", "With Reason SIP 488 this BYE");
    kit_expect_frames(kit, bye, "all-media-refused", "2");
    expect_ids(kit, frame, "all-media-refused");
    kit_expect_text(kit, frame, "all-media-refused", "(G729)");
    kit_expect_text(kit, frame, "all-media-refused", "Reason SIP 488:");
    kit_expect_frames(kit, frame, "all-media-refused", "1 4");
    kit_free(kit);

    kit = kit_new();
    frame = exchange(kit, INVITE, "200 OK" SDP AUDIO);
    ack = kit_say(kit, 0.2, HOP, NULL, ACK SDP AUDIO);
    kit_say(kit, 5, HOP, NULL, BYE("\nReason: Q.850;cause=16"));
    expect_ids(kit, frame, "");
    expect_ids(kit, ack, "");
    kit_free(kit);

    kit = kit_new(); /* a Reason that means something else by the same number */
    frame = exchange(kit, INVITE, "200 OK" SDP AUDIO);
    kit_say(kit, 5, HOP, NULL, BYE("\nReason: Q.850;cause=16, X;cause=88"));
    expect_ids(kit, frame, "");
    kit_free(kit);

    kit = kit_new();
    exchange(kit, INVITE, "200 OK" SDP AUDIO VIDEO);
    ack = kit_say(kit, 0.2, HOP, NULL, ACK SDP AUDIO NO_VIDEO);
    expect_ids(kit, ack, "media-refused");
    kit_free(kit);

    kit = kit_new();
    exchange(kit, INVITE, "200 OK" SDP AUDIO);
    ack = kit_say(kit, 0.2, HOP, NULL, ACK);
    expect_ids(kit, ack, "answer-breaks-offer");
    kit_free(kit);

    /* an ACK of an ordinary call, and one whose INVITE the capture has cut */
    kit = kit_new();
    exchange(kit, INVITE SDP AUDIO, "200 OK" SDP AUDIO);
    ack = kit_say(kit, 0.2, HOP, NULL, ACK);
    expect_ids(kit, ack, "");
    kit_free(kit);
    kit = kit_new();
    exchange(kit, INVITE "\nContent-Length: 200", "200 OK" SDP AUDIO);
    ack = kit_say(kit, 0.2, HOP, NULL, ACK);
    expect_ids(kit, ack, "");
    kit_free(kit);
}

static void expect_warning(const char *warning, const char *part)
{
    Kit *kit = kit_new();
    char *refusal = g_strdup_printf("488 No\nWarning: %s", warning);
    unsigned frame =
        exchange(kit, INVITE SDP "b=AS:80\n" AUDIO "a=rtcp-fb:* nack\n" VIDEO, refusal);

    if (part) {
        expect_ids(kit, frame, "warning-explained");
        kit_expect_text(kit, frame, "warning-explained", part);
        kit_expect_frames(kit, frame, "warning-explained", "1");
    } else {
        expect_ids(kit, frame, "");
    }
    g_free(refusal);
    kit_free(kit);
}

static void test_warning(void)
{
    expect_warning("305 b \"Incompatible media format\"", "PCMU, PCMA, H264");
    expect_warning("304 b \"Media type not available\"", "audio, video");
    expect_warning("302 b \"Incompatible transport protocol\"", "says RTP/AVP;");
    expect_warning("331 b \"Unicast not available\"", "IN IP4 10.0.0.1");
    expect_warning("370 b \"Insufficient bandwidth\"", "AS:80");
    expect_warning("306 b \"Attribute 'rtcp-fb' not understood\"", "names rtcp-fb");
    expect_warning("306 b \"Attribute not understood\"", "audio 4000 RTP/AVP 0 8");
    expect_warning("399 b.example.com \"No licence\"", "b.example.com says: \"No licence\"");
    /* without words, unknown, no number, no end */
    expect_warning("399 b", NULL);
    expect_warning("392 b \"Noisy feedback\"", NULL);
    expect_warning("nonsense", NULL);
    expect_warning("305", "PCMU");
    expect_warning("305 b \"never closed", "PCMU");
}

static void test_warning_elsewhere(void)
{
    Kit *kit = kit_new();
    unsigned frame = exchange(kit, INVITE SDP AUDIO, "480 No\nWarning: 381 b \"SIPS Required\"");
    expect_ids(kit, frame, "warning-explained");
    kit_expect_text(kit, frame, "warning-explained", "sip:b@example.com");
    kit_free(kit);

    /* what the SDP of the refusal proves is said once */
    expect(INVITE SDP "m=audio 1 RTP/AVP 18\n", "488 No\nWarning: 305 b \"x\"" SDP NO_AUDIO,
           "no-common-codec");
    expect(INVITE SDP AUDIO, "401 Unauthorized\nWarning: 399 b \"x\"", "");
    expect(INVITE SDP AUDIO, "200 OK\nWarning: 304 b \"x\"" SDP AUDIO, "");
    expect(INVITE, "488 No\nWarning: 305 b \"x\"", "");
    kit = kit_new();
    kit_say(kit, 0, HOP, NULL, "REGISTER sip:example.com");
    frame = kit_say(kit, 0.1, BACK, "REGISTER", "403 Forbidden\nWarning: 399 b \"No licence\"");
    kit_expect_one(kit, frame, "warning-explained");
    kit_free(kit);
}

static void test_early_media(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, HOP, NULL, INVITE SDP AUDIO);
    unsigned progress = kit_say(kit, 1, BACK, NULL, "183 Go" SDP AUDIO);
    unsigned ringing = kit_say(kit, 2, BACK, NULL, "180 Ringing");
    unsigned failure = kit_say(kit, 9, BACK, NULL, "404 Not Found");
    expect_ids(kit, progress, "early-media early-media-unreliable");
    kit_expect_text(kit, progress, "early-media", "10.0.0.1:4000");
    expect_ids(kit, ringing, "local-ringback");
    kit_expect_text(kit, ringing, "local-ringback", "Frame 2 opened");
    expect_ids(kit, failure, "early-media");
    kit_expect_frames(kit, failure, "early-media", "2");
    kit_expect_severity(kit, ringing, "chat");
    kit_free(kit);

    /* too short for a word; a challenge; a cancelled call */
    kit = kit_new();
    kit_say(kit, 0, HOP, NULL, INVITE SDP AUDIO);
    kit_say(kit, 1, BACK, NULL, "183 Go" SDP AUDIO);
    failure = kit_say(kit, 1.2, BACK, NULL, "404 Not Found");
    expect_ids(kit, failure, "");
    kit_free(kit);
    kit = kit_new();
    kit_say(kit, 0, HOP, NULL, INVITE SDP AUDIO);
    progress = kit_say(kit, 1, BACK, NULL, "183 Go\nP-Early-Media: inactive" SDP AUDIO);
    failure = kit_say(kit, 9, BACK, NULL, "487 Request Terminated");
    expect_ids(kit, progress, "early-media-unreliable");
    kit_expect_none(kit, failure, "early-media");
    kit_free(kit);

    /* nobody acknowledged it */
    kit = kit_new();
    kit_say(kit, 0, HOP, NULL, INVITE SDP AUDIO);
    kit_say(kit, 1, BACK, NULL, "183 Go\nRequire: 100rel\nRSeq: 1" SDP AUDIO);
    failure = kit_say(kit, 33, BACK, NULL, "504 Server Time-out");
    expect_ids(kit, failure, "");
    kit_free(kit);

    /* nothing can come: port 0, or the caller alone sends */
    expect(INVITE SDP AUDIO, "183 Go" SDP AUDIO "a=recvonly\n", "early-media-unreliable");
    expect(INVITE SDP AUDIO, "183 Go" SDP NO_AUDIO, "early-media-unreliable");
    expect(INVITE SDP AUDIO, "183 Go", "");
    /* an offer in a reliable response */
    expect(INVITE, "183 Go\nRequire: 100rel\nRSeq: 1" SDP AUDIO, "early-media");
}

static void test_local_ringback(void)
{
    expect(INVITE SDP AUDIO, "180 Ringing", "local-ringback");
    expect(INVITE SDP AUDIO, "180 Ringing" SDP AUDIO, "early-media early-media-unreliable");
    expect(INVITE SDP AUDIO, "180 Ringing\nContent-Length: 120", ""); /* cut */
    expect(INVITE SDP AUDIO, "182 Queued", "");
    expect(INVITE SDP AUDIO, "100 Trying", "");
    expect(REINVITE SDP AUDIO, "180 Ringing\nCSeq: 2 INVITE", "");
    /* what came before it is not in the capture */
    Kit *late = kit_new();
    expect_ids(late, kit_say(late, 0, BACK, NULL, "180 Ringing"), "");
    kit_free(late);
    /* the same packet twice, and a response that never arrived */
    Kit *kit = kit_new();
    kit_say(kit, 0, HOP, NULL, INVITE SDP AUDIO);
    unsigned first = kit_say(kit, 1, BACK, NULL, "180 Ringing");
    unsigned copy = kit_say(kit, 1.001, BACK, NULL, "180 Ringing");
    unsigned quote = kit_unreachable(kit, 1.002, first);
    expect_ids(kit, copy, "local-ringback");
    kit_expect_none(kit, quote, "local-ringback");
    kit_free(kit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rules/offer-answer/no-common-codec", test_no_common_codec);
    g_test_add_func("/rules/offer-answer/cut-bodies", test_cut_bodies);
    g_test_add_func("/rules/offer-answer/two-legs", test_two_legs);
    g_test_add_func("/rules/offer-answer/profile", test_profile);
    g_test_add_func("/rules/offer-answer/family", test_family);
    g_test_add_func("/rules/offer-answer/media-refused", test_media_refused);
    g_test_add_func("/rules/offer-answer/fax-refused", test_fax_refused);
    g_test_add_func("/rules/offer-answer/answer-breaks-offer", test_answer_breaks_offer);
    g_test_add_func("/rules/offer-answer/missing-answer", test_missing_answer);
    g_test_add_func("/rules/offer-answer/offer-in-2xx", test_offer_in_2xx);
    g_test_add_func("/rules/offer-answer/warning", test_warning);
    g_test_add_func("/rules/offer-answer/warning-elsewhere", test_warning_elsewhere);
    g_test_add_func("/rules/offer-answer/early-media", test_early_media);
    g_test_add_func("/rules/offer-answer/local-ringback", test_local_ringback);
    return g_test_run();
}
