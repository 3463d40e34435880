/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * body.h: the parts of a message body.
 */
#include "body.h"

#include <glib.h>
#include <string.h>

static SipwhyMessage scan(const char *text)
{
    SipwhyMessage message;

    g_assert_true(sipwhy_message_scan(text, strlen(text), SIPWHY_FRAMING_DATAGRAM, &message));
    return message;
}

static void assert_slice(SipwhySlice slice, const char *expected)
{
    char *found = slice.data ? g_strndup(slice.data, slice.length) : g_strdup("");

    g_assert_cmpstr(found, ==, expected);
    g_free(found);
}

/* All parts, "type=content" with a semicolon between them. */
static void assert_parts(const char *text, const char *expected)
{
    SipwhyMessage message = scan(text);
    SipwhyBodyWalk walk = sipwhy_body_walk(&message);
    SipwhyBodyPart part;
    GString *found = g_string_new(NULL);

    while (sipwhy_body_next(&walk, &part))
        g_string_append_printf(found, "%s%.*s=%.*s%s", found->len > 0 ? "; " : "",
                               (int)part.type.length, part.type.data ? part.type.data : "",
                               (int)part.content.length, part.content.data,
                               part.whole ? "" : " (cut)");
    g_assert_cmpstr(found->str, ==, expected);
    g_string_free(found, TRUE);
}

#define START "NOTIFY sip:a@example.com SIP/2.0\r\n"

static void test_single(void)
{
    assert_parts(START "Content-Type: application/sdp\r\n\r\nv=0\r\n", "application/sdp=v=0\r\n");
    assert_parts(START "c: application/sdp\r\nl: 3\r\n\r\nv=0", "application/sdp=v=0");
    assert_parts(START "c: application/sdp\r\nl: 9\r\n\r\nv=0", "application/sdp=v=0 (cut)");
    assert_parts(START "c: application/sdp\r\n\r\n", "");
    assert_parts(START "c: application/sdp\r\n", "");
    assert_parts(START "\r\nv=0", "=v=0");
}

#define MIXED(boundary) START "Content-Type: multipart/mixed;boundary=" boundary "\r\n\r\n"

static void test_multipart(void)
{
    /* quoted or not, preamble, epilogue, white space behind the delimiter */
    assert_parts(
        MIXED("b1") "preamble\r\n--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n"
                    "--b1 \t\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b1--\r\nepilogue",
        "application/sdp=v=0\r\n; text/plain=hello");
    assert_parts(MIXED("\"b 1\"") "--b 1\r\nContent-Type: text/plain\r\n\r\nx\r\n--b 1--",
                 "text/plain=x");
    /* LF alone; no headers; an empty part; a boundary that begins like another one */
    assert_parts(MIXED("b") "--b\n\nplain\n--b\nContent-Type: a/b\n\n--b--", "=plain; a/b=");
    assert_parts(MIXED("b") "--b\r\nContent-Type: a/b\r\n\r\n--bc\r\n--b--", "a/b=--bc");
}

static void test_broken_multipart(void)
{
    /* the end is missing */
    assert_parts(MIXED("b") "--b\r\nContent-Type: a/b\r\n\r\nv=0\r\n", "a/b=v=0\r\n (cut)");
    /* no delimiter, no boundary, an empty one: one opaque part */
    assert_parts(START "Content-Type: multipart/mixed\r\n\r\n--b\r\n", "multipart/mixed=--b\r\n");
    assert_parts(MIXED("b") "v=0\r\n", "multipart/mixed;boundary=b=v=0\r\n");
    assert_parts(MIXED("\"\"") "--\r\n\r\nx", "multipart/mixed;boundary=\"\"=--\r\n\r\nx");
    assert_parts(MIXED("b") "--b--\r\nx", "multipart/mixed;boundary=b=--b--\r\nx");
}

static void test_nested(void)
{
    assert_parts(MIXED("out") "--out\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n"
                              "--in\r\nContent-Type: text/plain\r\n\r\none\r\n"
                              "--in\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--in--\r\n"
                              "--out\r\nContent-Type: a/b\r\n\r\ntwo\r\n--out--\r\n",
                 "text/plain=one; application/sdp=v=0; a/b=two");
}

/* Too deep, and too many parts: both end. */
static void test_bounds(void)
{
    GString *text = g_string_new(START "Content-Type: multipart/mixed;boundary=b0\r\n\r\n");
    SipwhyBodyPart part;
    unsigned count = 0;

    for (unsigned i = 0; i < 40; i++)
        g_string_append_printf(text, "--b%u\r\nContent-Type: multipart/mixed;boundary=b%u\r\n\r\n",
                               i, i + 1);
    SipwhyMessage message = scan(text->str);
    SipwhyBodyWalk walk = sipwhy_body_walk(&message);
    while (sipwhy_body_next(&walk, &part))
        count++;
    g_assert_cmpuint(count, ==, 1);
    g_assert_true(sipwhy_media_type_is(part.type, "multipart/mixed"));

    g_string_assign(text, MIXED("b"));
    for (unsigned i = 0; i < 1000; i++)
        g_string_append(text, "--b\r\n\r\nx\r\n");
    message = scan(text->str);
    walk = sipwhy_body_walk(&message);
    for (count = 0; sipwhy_body_next(&walk, &part);)
        count++;
    g_assert_cmpuint(count, ==, SIPWHY_BODY_PARTS_MOST);
    g_string_free(text, TRUE);
}

static void test_find(void)
{
    SipwhyMessage message = scan(
        MIXED("b") "--b\r\nContent-Type: Application/SDP\r\nContent-Encoding: gzip\r\n\r\n?\r\n"
                   "--b\r\nContent-Type: application/sdp;x=y\r\nContent-Disposition: session"
                   "\r\n\r\nv=0\r\n--b--");
    SipwhyBodyPart part;
    SipwhySlice sdp;

    g_assert_true(sipwhy_body_find(&message, "application/sdp", &part));
    assert_slice(part.content, "v=0");
    assert_slice(part.disposition, "session");
    g_assert_false(sipwhy_body_find(&message, "text/plain", &part));
    g_assert_true(sipwhy_body_sdp(&message, &sdp));
    assert_slice(sdp, "v=0");

    message = scan(START "\r\nv=0\r\n"); /* what some devices send */
    g_assert_true(sipwhy_body_sdp(&message, &sdp));
    message = scan(START "\r\nhello\r\n");
    g_assert_false(sipwhy_body_sdp(&message, &sdp));
    message = scan(START "Content-Type: text/plain\r\n\r\nv=0\r\n");
    g_assert_false(sipwhy_body_sdp(&message, &sdp));
}

static void test_media_type(void)
{
    static const struct {
        const char *value;
        const char *type;
        bool is;
    } cases[] = {
        {"application/sdp", "application/sdp", true},
        {" Application/SDP ;charset=utf-8", "application/sdp", true},
        {"application/sdpx", "application/sdp", false},
        {"multipart/mixed;boundary=b", "multipart/", true},
        {"multipart/", "multipart/", false},
        {"", "application/sdp", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(sipwhy_media_type_is((SipwhySlice){cases[i].value, strlen(cases[i].value)},
                                             cases[i].type),
                        ==, cases[i].is);
}

static void test_sipfrag(void)
{
    SipwhyMessage fragment;
    SipwhyMessage message =
        scan(START "Content-Type: message/sipfrag;version=2.0\r\n\r\nSIP/2.0 486 Busy Here\r\n");

    g_assert_true(sipwhy_body_sipfrag(&message, &fragment));
    g_assert_cmpuint(fragment.status, ==, 486);
    assert_slice(fragment.phrase, "Busy Here");

    message = scan(START "Content-Type: message/sipfrag\r\n\r\n\r\nSIP/2.0 100 Trying");
    g_assert_true(sipwhy_body_sipfrag(&message, &fragment));
    g_assert_cmpuint(fragment.status, ==, 100);

    message = scan(START "Content-Type: message/sipfrag\r\n\r\nTo: a\r\n");
    g_assert_false(sipwhy_body_sipfrag(&message, &fragment));
    message = scan(START "Content-Type: text/plain\r\n\r\nSIP/2.0 100 Trying");
    g_assert_false(sipwhy_body_sipfrag(&message, &fragment));
}

/* Any bytes, cut anywhere: nothing is read beyond them (the sanitizers watch). */
static void test_hostile(void)
{
    static const char text[] =
        MIXED("out") "--out\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n"
                     "--in\r\nContent-Type: message/sipfrag\r\n\r\nSIP/2.0 200 OK\r\n--in--\r\n"
                     "--out\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--out--\r\n";
    GRand *random = g_rand_new_with_seed(1);

    for (unsigned i = 0; i < 5000; i++) {
        size_t length = (size_t)g_rand_int_range(random, 1, sizeof text);
        char *bytes = g_memdup2(text, length);
        SipwhyMessage message;
        SipwhyMessage fragment;
        SipwhySlice sdp;
        for (unsigned j = 0; j < i % 4; j++)
            bytes[g_rand_int_range(random, 0, (int)length)] = "-\r\n\0;="[g_rand_int(random) % 6];
        if (sipwhy_message_scan(bytes, length, SIPWHY_FRAMING_DATAGRAM, &message)) {
            sipwhy_body_sdp(&message, &sdp);
            sipwhy_body_sipfrag(&message, &fragment);
        }
        g_free(bytes);
    }
    g_rand_free(random);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/body/single", test_single);
    g_test_add_func("/body/multipart", test_multipart);
    g_test_add_func("/body/broken-multipart", test_broken_multipart);
    g_test_add_func("/body/nested", test_nested);
    g_test_add_func("/body/bounds", test_bounds);
    g_test_add_func("/body/find", test_find);
    g_test_add_func("/body/media-type", test_media_type);
    g_test_add_func("/body/sipfrag", test_sipfrag);
    g_test_add_func("/body/hostile", test_hostile);
    return g_test_run();
}
