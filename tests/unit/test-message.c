/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * message.h: the scan of one message, its headers, values and parameters.
 */
#include "message.h"

#include <glib.h>
#include <locale.h>
#include <stdint.h>
#include <string.h>

/* A C string with NULs in it, and its length. */
#define BYTES(text) (text), sizeof(text) - 1

static void assert_slice(SipwhySlice slice, const char *expected)
{
    char *found = slice.data ? g_strndup(slice.data, slice.length) : NULL;

    g_assert_cmpstr(found, ==, expected);
    g_free(found);
}

static void assert_bytes(SipwhySlice slice, const char *expected, size_t length)
{
    g_assert_cmpuint(slice.length, ==, length);
    g_assert_true(memcmp(slice.data, expected, length) == 0);
}

static SipwhySlice slice_of(const char *text)
{
    return (SipwhySlice){text, strlen(text)};
}

static SipwhyMessage scan(const char *text, SipwhyFraming framing)
{
    SipwhyMessage message;

    g_assert_true(sipwhy_message_scan(text, strlen(text), framing, &message));
    return message;
}

static bool is_message(const char *line)
{
    SipwhyMessage message;
    return sipwhy_message_scan(line, strlen(line), SIPWHY_FRAMING_DATAGRAM, &message);
}

static void test_status_line(void)
{
    static const struct {
        const char *line;
        unsigned status;
        const char *phrase;
    } cases[] = {
        {"SIP/2.0 200 OK", 200, "OK"},
        {"SIP/2.0 488 Not Acceptable Here", 488, "Not Acceptable Here"},
        {"sip/2.0 486 Busy Here", 486, "Busy Here"},
        {"SIP/2.0 100 ", 100, ""},
        {"SIP/2.0 100", 100, ""},
        {"SIP/2.0 404   Not  Found  ", 404, "Not  Found"},
        {"SIP/2.0 000 None", 0, "None"},
        {"SIP/2.0 999 Nine", 999, "Nine"},
        {"SIP/2.0 480 \xd0\xbd\xd0\xb5\xd1\x82", 480, "\xd0\xbd\xd0\xb5\xd1\x82"},
        {"SIP/2.0 480 \xff\xfe", 480, "\xff\xfe"},
        {"SIP/2.0 200 SIP/2.0", 200, "SIP/2.0"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = g_strconcat(cases[i].line, "\r\nTo: a\r\n\r\n", NULL);
        SipwhyMessage message = scan(text, SIPWHY_FRAMING_DATAGRAM);
        g_assert_true(message.is_response);
        g_assert_cmpuint(message.status, ==, cases[i].status);
        assert_slice(message.line, cases[i].line);
        assert_slice(message.phrase, cases[i].phrase);
        assert_slice(message.method, NULL);
        assert_slice(message.uri, NULL);
        g_assert_false(message.cut);
        g_free(text);
    }
}

static void test_request_line(void)
{
    static const struct {
        const char *line;
        const char *method;
        const char *uri;
    } cases[] = {
        {"INVITE sip:bob@example.com SIP/2.0", "INVITE", "sip:bob@example.com"},
        {"INVITE sip:bob@example.com sip/2.0", "INVITE", "sip:bob@example.com"},
        {"OPTIONS sip:a@example.com SIP/2.0 \t ", "OPTIONS", "sip:a@example.com"},
        {"INVITE  sip:a@example.com  SIP/2.0", "INVITE", "sip:a@example.com"},
        {"INVITE sip:a@example.com; lr SIP/2.0", "INVITE", "sip:a@example.com; lr"},
        {"!odd-Method_*+`.%'~ x:y SIP/2.0", "!odd-Method_*+`.%'~", "x:y"},
        {"SIP/2.0 200 x SIP/2.0", NULL, NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = g_strconcat(cases[i].line, "\r\nTo: a\r\n\r\n", NULL);
        SipwhyMessage message = scan(text, SIPWHY_FRAMING_DATAGRAM);
        g_assert_true(message.is_response == (cases[i].method == NULL));
        assert_slice(message.line, cases[i].line);
        assert_slice(message.method, cases[i].method);
        assert_slice(message.uri, cases[i].uri);
        g_free(text);
    }
    g_assert_cmpuint(scan("ACK sip:a SIP/2.0\r\n\r\n", SIPWHY_FRAMING_DATAGRAM).status, ==, 0);
}

static void test_not_sip(void)
{
    static const char *const lines[] = {
        "",
        "\r\n\r\n",
        "\r\nSIP/2.0 200 OK\r\n\r\n",
        " SIP/2.0 200 OK",
        "SIP/2.0",
        "SIP/2.0 ",
        "SIP/2.0 20",
        "SIP/2.0 2O0 OK",
        "SIP/2.0 -20 OK",
        "SIP/2.0  200 OK",
        "SIP/2.0\t200 OK",
        "SIP/2.0 2000 OK",
        "SIP/2.0 4294967301 better not break the receiver",
        "SIP/2.0 200OK",
        "SIP/2.0 200\tOK",
        "SIP/7.0 200 OK",
        "HTTP/1.1 200 OK",
        "INVITE sip:a@example.com SIP/7.0",
        "INVITE sip:a@example.com HTTP/1.1",
        "INVITE sip:a@example.com SIP/2.0x",
        "INVITE sip:a@example.com",
        "INVITE SIP/2.0",
        "INVITE",
        " INVITE sip:a SIP/2.0",
        " SIP/2.0",
        /* white space other than a blank in front, blanks behind it */
        "\tINVITE sip:a SIP/2.0",
        "\t a b SIP/2.0",
        "\t \t a b SIP/2.0",
        "\t SIP/2.0 SIP/2.0 SIP/2.0",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        char *message = g_strconcat(lines[i], "\r\nTo: a\r\n\r\n", NULL);
        char *shown = g_strescape(lines[i], NULL);
        g_test_message("%s", shown);
        g_free(shown);
        g_assert_false(is_message(lines[i]));
        g_assert_false(is_message(message));
        g_free(message);
    }
}

static void test_no_bytes(void)
{
    SipwhyMessage message;

    g_assert_false(sipwhy_message_scan(NULL, 0, SIPWHY_FRAMING_DATAGRAM, &message));
    g_assert_false(sipwhy_message_scan("x", 0, SIPWHY_FRAMING_STREAM, &message));
}

static void test_headers(void)
{
    static const char text[] = "SIP/2.0 200 OK\r\n"
                               "Via: SIP/2.0/UDP a;branch=1\r\n"
                               "v : SIP/2.0/UDP b;branch=2\r\n"
                               "this line has no colon\r\n"
                               "To:\r\n"
                               "X-Via: no\r\n"
                               "VIA:SIP/2.0/UDP c,\r\n"
                               "\tSIP/2.0/UDP d  \r\n"
                               "  ;branch=4  \r\n"
                               "Empty:   \r\n"
                               ": nameless\r\n"
                               "\r\n"
                               "Via: body\r\n";
    SipwhyMessage message = scan(text, SIPWHY_FRAMING_DATAGRAM);
    size_t position = 0;
    SipwhySlice value;

    g_assert_true(sipwhy_message_header(&message, "Via", &position, &value));
    assert_slice(value, "SIP/2.0/UDP a;branch=1");
    g_assert_true(sipwhy_message_header(&message, "Via", &position, &value));
    assert_slice(value, "SIP/2.0/UDP b;branch=2");
    g_assert_true(sipwhy_message_header(&message, "Via", &position, &value));
    assert_slice(value, "SIP/2.0/UDP c,\r\n\tSIP/2.0/UDP d  \r\n  ;branch=4");
    g_assert_false(sipwhy_message_header(&message, "Via", &position, &value));
    g_assert_false(sipwhy_message_header(&message, "Via", &position, &value));

    position = 0;
    g_assert_true(sipwhy_message_header(&message, "empty", &position, &value));
    assert_slice(value, "");
    position = 0;
    g_assert_true(sipwhy_message_header(&message, "To", &position, &value));
    assert_slice(value, "");
    position = 0;
    g_assert_false(sipwhy_message_header(&message, "Call-ID", &position, &value));
    position = SIZE_MAX;
    g_assert_false(sipwhy_message_header(&message, "Via", &position, &value));
    assert_slice(message.body, "Via: body\r\n");
}

/* RFC 3261 7.3.3 and the RFCs that added to it. */
static void test_compact_forms(void)
{
    static const struct {
        const char *name;
        const char *compact;
    } forms[] = {
        {"Accept-Contact", "a"},
        {"Referred-By", "b"},
        {"Content-Type", "c"},
        {"Request-Disposition", "d"},
        {"Content-Encoding", "e"},
        {"From", "f"},
        {"Call-ID", "i"},
        {"Reject-Contact", "j"},
        {"Supported", "k"},
        {"Content-Length", "l"},
        {"Contact", "m"},
        {"Identity-Info", "n"},
        {"Event", "o"},
        {"Refer-To", "r"},
        {"Subject", "s"},
        {"To", "t"},
        {"Allow-Events", "u"},
        {"Via", "v"},
        {"Session-Expires", "x"},
        {"Identity", "y"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        char *upper = g_ascii_strup(forms[i].compact, -1);
        char *text =
            g_strdup_printf("SIP/2.0 200 OK\r\n%s: 1\r\n%s:2\r\n%s : 3\r\nq: 4\r\n: 5\r\n\r\n",
                            forms[i].compact, upper, forms[i].name);
        SipwhyMessage message = scan(text, SIPWHY_FRAMING_DATAGRAM);
        size_t position = 0;
        SipwhySlice value;
        for (unsigned n = 1; n <= 3; n++) {
            char *number = g_strdup_printf("%u", n);
            g_assert_true(sipwhy_message_header(&message, forms[i].name, &position, &value));
            assert_slice(value, number);
            g_free(number);
        }
        g_assert_false(sipwhy_message_header(&message, forms[i].name, &position, &value));
        position = 0; /* a name without a compact form is not found under a letter */
        g_assert_false(sipwhy_message_header(&message, "Warning", &position, &value));
        g_free(text);
        g_free(upper);
    }
}

static void test_line_ends(void)
{
    static const char *const ends[] = {"\r\n", "\n", "\r"};

    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        char *text = g_strjoin(ends[i], "SIP/2.0 486 Busy Here", "To: a", "Call-ID: b", " c", "",
                               "body", NULL);
        SipwhyMessage message = scan(text, SIPWHY_FRAMING_DATAGRAM);
        size_t position = 0;
        SipwhySlice value;
        assert_slice(message.phrase, "Busy Here");
        assert_slice(message.body, "body");
        g_assert_false(message.cut);
        g_assert_true(sipwhy_message_header(&message, "To", &position, &value));
        assert_slice(value, "a");
        g_assert_true(sipwhy_message_header(&message, "Call-ID", &position, &value));
        g_assert_true(value.length == strlen("b c") + strlen(ends[i]));
        g_free(text);
    }
}

static void test_no_headers(void)
{
    SipwhyMessage message = scan("SIP/2.0 200 OK\r\n\r\n", SIPWHY_FRAMING_DATAGRAM);

    g_assert_false(message.cut);
    g_assert_cmpuint(message.headers.length, ==, 0);
    g_assert_cmpuint(message.length, ==, 18);
    g_assert_true(scan("SIP/2.0 200 OK\r\n", SIPWHY_FRAMING_DATAGRAM).cut);
    g_assert_true(scan("SIP/2.0 200 OK", SIPWHY_FRAMING_DATAGRAM).cut);
}

static void test_framing(void)
{
    static const char two[] = "SIP/2.0 100 Trying\r\nl: 4\r\n\r\nbody"
                              "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n";
    static const char open[] = "SIP/2.0 200 OK\r\nTo: a\r\n\r\nall the rest";
    SipwhyMessage message = scan(two, SIPWHY_FRAMING_STREAM);

    assert_slice(message.body, "body");
    g_assert_false(message.cut);
    g_assert_true(sipwhy_message_scan(two + message.length, strlen(two) - message.length,
                                      SIPWHY_FRAMING_STREAM, &message));
    g_assert_cmpuint(message.status, ==, 200);
    g_assert_cmpuint(message.body.length, ==, 0);
    g_assert_false(message.cut);

    message = scan(two, SIPWHY_FRAMING_DATAGRAM);
    g_assert_cmpuint(message.length, ==, strlen(two));
    message = scan(open, SIPWHY_FRAMING_DATAGRAM);
    assert_slice(message.body, "all the rest");
    g_assert_false(message.cut);
}

static void test_content_length(void)
{
    static const struct {
        const char *value;
        bool cut;
        const char *stream_body;
    } cases[] = {
        {"4", false, "body"},
        {"2", false, "bo"},
        {"0", false, ""},
        {"0004", false, "body"},
        {"5", true, "body"},
        {"4294967295", true, "body"},
        {"4294967296", true, "body"},
        {"18446744073709551616", true, "body"},
        {"99999999999999999999999999999999", true, "body"},
        {"-1", false, ""},
        {"many", false, ""},
        {"", false, ""},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text =
            g_strdup_printf("SIP/2.0 200 OK\r\nContent-Length: %s\r\n\r\nbody", cases[i].value);
        SipwhyMessage message = scan(text, SIPWHY_FRAMING_STREAM);
        assert_slice(message.body, cases[i].stream_body);
        g_assert_true(message.cut == cases[i].cut);
        message = scan(text, SIPWHY_FRAMING_DATAGRAM);
        assert_slice(message.body, "body");
        g_assert_true(message.cut == cases[i].cut);
        g_free(text);
    }
}

/* The first one counts, however it is written. */
static void test_content_length_forms(void)
{
    static const char *const headers[] = {
        "Content-Length: 2",
        "content-length : 2",
        "l:2",
        "L\t:\t2 ",
        "Content-Length:\r\n 2",
        "To: a\r\n x\r\nl:\r\n\t 2",
        "l: 2\r\nl: 4",
        "l: 2\r\nContent-Length: 9",
        "X: a\r\n l: 4\r\nl: 2",
        "Content-Length2: 4\r\nl: 2",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
        char *text = g_strdup_printf("SIP/2.0 200 OK\r\n%s\r\n\r\nbody", headers[i]);
        SipwhyMessage message = scan(text, SIPWHY_FRAMING_STREAM);
        g_test_message("%s", headers[i]);
        assert_slice(message.body, "bo");
        g_assert_false(message.cut);
        g_free(text);
    }
}

/* What is no number takes no other message of the stream with it. */
static void test_content_length_no_number(void)
{
    static const char *const values[] = {"", "i", "abc", "-1", "+0", "\xff", "1e1", "4 4"};

    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        char *text =
            g_strdup_printf("SIP/2.0 488 No\r\nl: %s\r\n\r\nSIP/2.0 200 OK\r\n\r\n", values[i]);
        SipwhyMessage message = scan(text, SIPWHY_FRAMING_STREAM);
        g_test_message("%s", values[i]);
        g_assert_cmpuint(message.body.length, ==, 0);
        g_assert_true(g_str_has_prefix(text + message.length, "SIP/2.0 200"));
        g_free(text);
    }
}

static void assert_inside(SipwhySlice slice, const char *data, size_t length)
{
    if (slice.length > 0 || slice.data) {
        g_assert_true(slice.data >= data);
        g_assert_true(slice.length <= length);
        g_assert_true(slice.data + slice.length <= data + length);
    }
}

/* However short the bytes are: nothing outside them is looked at, and what is missing is noticed.
 */
static void test_cut_anywhere(void)
{
    static const char *const texts[] = {
        "SIP/2.0 488 Not Acceptable Here\r\nv: SIP/2.0/TCP a\r\n ;branch=b\r\nCSeq: 1 INVITE\r\n"
        "Warning: 305 a \"no, codec\"\r\nl: 12\r\n\r\nv=0\r\ns=-\r\n\r\n",
        "BYE sip:bob@example.com SIP/2.0\r\nCSeq: 2\r\n\tBYE\r\nContent-Length: 0\r\n\r\n",
    };

    for (size_t t = 0; t < G_N_ELEMENTS(texts); t++) {
        size_t whole = strlen(texts[t]);
        for (size_t length = 0; length <= whole; length++) {
            char *data = length > 0 ? g_memdup2(texts[t], length) : NULL;
            SipwhyMessage message;
            size_t position = 0;
            SipwhySlice value;
            if (sipwhy_message_scan(data, length, SIPWHY_FRAMING_STREAM, &message)) {
                g_test_message("text %zu, %zu bytes", t, length);
                g_assert_true(message.cut == (length < whole));
                g_assert_cmpuint(message.length, <=, length);
                assert_inside(message.line, data, length);
                assert_inside(message.phrase, data, length);
                assert_inside(message.method, data, length);
                assert_inside(message.uri, data, length);
                assert_inside(message.headers, data, length);
                assert_inside(message.body, data, length);
                assert_inside(sipwhy_message_method(&message), data, length);
                while (sipwhy_message_header(&message, "Via", &position, &value))
                    assert_inside(value, data, length);
            } else {
                g_assert_cmpuint(length, <, strlen("BYE sip:bob@example.com SIP/2.0"));
            }
            g_free(data);
        }
    }
}

static void test_nul(void)
{
    SipwhyMessage message;
    size_t position = 0;
    SipwhySlice value;

    g_assert_true(sipwhy_message_scan(
        BYTES("SIP/2.0 200 O\0K\r\nV\0ia: 1\r\nVia\0: 2\r\nVia: 3\0\r\nl: 3\r\n\r\na\0b"),
        SIPWHY_FRAMING_STREAM, &message));
    assert_bytes(message.phrase, BYTES("O\0K"));
    assert_bytes(message.body, BYTES("a\0b"));
    g_assert_false(message.cut);
    g_assert_true(sipwhy_message_header(&message, "Via", &position, &value));
    assert_bytes(value, BYTES("3\0"));
    g_assert_false(sipwhy_message_header(&message, "Via", &position, &value));
    g_assert_false(sipwhy_message_scan(BYTES("SIP/2.0\0"
                                             "200 OK\r\n\r\n"),
                                       SIPWHY_FRAMING_STREAM, &message));
    g_assert_false(sipwhy_message_scan(BYTES("\0\0\0\0"), SIPWHY_FRAMING_STREAM, &message));
}

static void test_method(void)
{
    static const struct {
        const char *cseq;
        const char *method;
    } cases[] = {
        {"CSeq: 1 INVITE", "INVITE"},
        {"cseq:314159\tREGISTER  ", "REGISTER"},
        {"CSeq: 0009\r\n  INVITE", "INVITE"},
        {"CSeq: 36893488147419103232 REGISTER", "REGISTER"},
        {"CSeq: 1", ""},
        {"CSeq:", ""},
        {"To: a", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = g_strdup_printf("SIP/2.0 200 OK\r\n%s\r\n\r\n", cases[i].cseq);
        SipwhyMessage message = scan(text, SIPWHY_FRAMING_DATAGRAM);
        assert_slice(sipwhy_message_method(&message), cases[i].method);
        g_free(text);
    }
    SipwhyMessage request =
        scan("OPTIONS sip:a SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n", SIPWHY_FRAMING_DATAGRAM);
    assert_slice(sipwhy_message_method(&request), "OPTIONS");
}

static void test_values(void)
{
    static const struct {
        const char *line;
        const char *values[4];
    } cases[] = {
        {"a", {"a"}},
        {" a , b\r\n ,c ", {"a", "b", "c"}},
        {"305 x \"no, codec\", 399 y \"z\"", {"305 x \"no, codec\"", "399 y \"z\""}},
        {"\"a\\\", b\" <sip:c>, d", {"\"a\\\", b\" <sip:c>", "d"}},
        {"<sip:a,b>;x=1,<sip:c>", {"<sip:a,b>;x=1", "<sip:c>"}},
        {"\"<\" <sip:a>, b", {"\"<\" <sip:a>", "b"}},
        {",,a", {"", "", "a"}},
        {"a,", {"a"}},
        {"\"open, b", {"\"open, b"}},
        {"<open, b", {"<open, b"}},
        {"a>, b", {"a>", "b"}},
        {"\"a\\", {"\"a\\"}},
        {"", {NULL}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SipwhySlice rest = slice_of(cases[i].line);
        SipwhySlice value;
        for (size_t n = 0; cases[i].values[n]; n++) {
            g_assert_true(sipwhy_slice_next_value(&rest, &value));
            assert_slice(value, cases[i].values[n]);
        }
        g_assert_false(sipwhy_slice_next_value(&rest, &value));
        g_assert_cmpuint(rest.length, ==, 0);
    }
}

static void test_is(void)
{
    g_assert_true(sipwhy_slice_is(slice_of("INVITE"), "INVITE"));
    g_assert_true(sipwhy_slice_is(slice_of("Invite"), "iNVITE"));
    g_assert_true(sipwhy_slice_is(slice_of(""), ""));
    g_assert_false(sipwhy_slice_is(slice_of("INVITE"), "INVIT"));
    g_assert_false(sipwhy_slice_is(slice_of("INVIT"), "INVITE"));
    g_assert_false(sipwhy_slice_is((SipwhySlice){NULL, 0}, ""));
    g_assert_false(sipwhy_slice_is((SipwhySlice){BYTES("V\0a")}, "Via"));
}

static void test_number(void)
{
    static const struct {
        const char *text;
        bool is_number;
        unsigned number;
    } cases[] = {
        {"0", true, 0},
        {"16", true, 16},
        {"0016", true, 16},
        {"370 a", true, 370},
        {"12x", true, 12},
        {"4294967295", true, 4294967295u},
        {"4294967296", false, 0},
        {"99999999999999999999", false, 0},
        {"18446744073709551617", false, 0},
        {"", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"x", false, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        unsigned number = 77;
        g_assert_true(sipwhy_slice_number(slice_of(cases[i].text), &number) == cases[i].is_number);
        g_assert_cmpuint(number, ==, cases[i].is_number ? cases[i].number : 77);
    }
    unsigned number = 0;
    g_assert_false(sipwhy_slice_number((SipwhySlice){NULL, 0}, &number));
    g_assert_true(sipwhy_slice_number((SipwhySlice){"1234", 2}, &number));
    g_assert_cmpuint(number, ==, 12);
}

static void test_parameter(void)
{
    static const struct {
        const char *value;
        const char *name;
        const char *parameter; /* NULL: there is none */
    } cases[] = {
        {"Q.850;cause=16;text=\"bye\"", "cause", "16"},
        {"Q.850;cause=16;text=\"bye\"", "text", "bye"},
        {"Q.850 ; CAUSE = 16 ", "cause", "16"},
        {"Q.850\r\n ;cause=16", "cause", "16"},
        {"SIP;text=\"a;cause=1\";cause=2", "cause", "2"},
        {"SIP;text=\"a\\\";cause=1\";cause=2", "cause", "2"},
        {"SIP;text=\"a=b\"", "text", "a=b"},
        {"SIP;text=\"\"", "text", ""},
        {"SIP;text=\"", "text", "\""},
        {"SIP;text=\"open;cause=1", "cause", NULL},
        {"SIP;lr;cause=1", "lr", ""},
        {"SIP;lr", "lr", ""},
        {"SIP;cause=", "cause", ""},
        {"SIP;;;cause=1", "cause", "1"},
        {"SIP;cause=1;cause=2", "cause", "1"},
        {"SIP;causes=1", "cause", NULL},
        {"cause=1", "cause", NULL},
        {"SIP", "cause", NULL},
        {"", "cause", NULL},
        /* parameters of the URI are not those of the header */
        {"<sip:a@example.com;tag=uri>;tag=header", "tag", "header"},
        {"\"A; tag=name\" <sip:a@example.com;tag=uri>", "tag", NULL},
        {"\"<\" <sip:a@example.com>;tag=header", "tag", "header"},
        {"<sip:open;tag=uri", "tag", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SipwhySlice parameter;
        bool found = sipwhy_slice_parameter(slice_of(cases[i].value), cases[i].name, &parameter);
        g_test_message("%s of %s", cases[i].name, cases[i].value);
        g_assert_true(found == (cases[i].parameter != NULL));
        if (found)
            assert_slice(parameter, cases[i].parameter);
    }
}

/* In Turkish "i" is not the small letter of "I". */
static void test_locale(void)
{
    if (!setlocale(LC_ALL, "tr_TR.UTF-8")) {
        g_test_skip("no locale tr_TR.UTF-8");
        return;
    }
    g_assert_true(is_message("invite sip:a sip/2.0\r\n"));
    g_assert_true(sipwhy_slice_is(slice_of("VIA"), "via"));
    setlocale(LC_ALL, "C");
}

/* The scanner looks at many bytes at a time: names, colons and line ends at every place, with each
 * kind of line end, a tab before it, and the message in bytes that end right behind it. */
static void test_every_place(void)
{
    static const char *const ends[] = {"\r\n", "\n", "\r", "\t\r\n"};

    for (unsigned e = 0; e < G_N_ELEMENTS(ends); e++)
        for (unsigned padding = 0; padding < 200; padding++) {
            char *filler = g_strnfill(padding, 'x');
            char *text = g_strdup_printf("OPTIONS sip:a@b SIP/2.0%sX-Long: %s%sFrom: <sip:f@a>%s"
                                         "proxy-AUTHORIZATION: p%sk: one%sCSeq : 7 OPTIONS%s%s",
                                         e == 3 ? "\r\n" : ends[e], filler, ends[e], ends[e],
                                         ends[e], ends[e], ends[e], e == 3 ? "\r\n" : ends[e]);
            size_t length = strlen(text);
            char *bytes = g_memdup2(text, length); /* nothing can be read behind it */
            SipwhyMessage message;
            SipwhySlice value;
            unsigned number;
            g_assert_true(sipwhy_message_scan(bytes, length, SIPWHY_FRAMING_DATAGRAM, &message));
            g_assert_true(sipwhy_message_first(&message, SIPWHY_HEADER_FROM, &value));
            assert_slice(value, "<sip:f@a>");
            g_assert_true(
                sipwhy_message_first(&message, SIPWHY_HEADER_PROXY_AUTHORIZATION, &value));
            assert_slice(value, "p");
            g_assert_true(sipwhy_message_lists(&message, SIPWHY_HEADER_SUPPORTED, "one"));
            g_assert_true(sipwhy_message_number(&message, SIPWHY_HEADER_CSEQ, &number));
            g_assert_cmpuint(number, ==, 7);
            g_assert_cmpuint(message.length, ==, length);
            g_assert_cmpuint(message.body.length, ==, 0);
            g_free(bytes);
            g_free(text);
            g_free(filler);
        }
}

/* Lines as they stand, with their folds. */
static void test_lines(void)
{
    static const char text[] = "SIP/2.0 200 OK\r\nTo: a\r\n b\r\nX-New: c\nv: d\r\n\r\n";
    SipwhyMessage message;
    SipwhySlice line;
    size_t position = 0;
    int header;

    g_assert_true(sipwhy_message_scan(text, sizeof text - 1, SIPWHY_FRAMING_DATAGRAM, &message));
    g_assert_true(sipwhy_message_next_line(&message, &position, &header, &line));
    assert_slice(line, "To: a\r\n b\r\n");
    g_assert_cmpint(header, ==, SIPWHY_HEADER_TO);
    g_assert_true(sipwhy_message_next_line(&message, &position, &header, &line));
    assert_slice(line, "X-New: c\n");
    g_assert_cmpint(header, ==, -1);
    g_assert_true(sipwhy_message_next_line(&message, &position, &header, &line));
    assert_slice(line, "v: d\r\n");
    g_assert_cmpint(header, ==, SIPWHY_HEADER_VIA);
    g_assert_false(sipwhy_message_next_line(&message, &position, &header, &line));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/message/status-line", test_status_line);
    g_test_add_func("/message/request-line", test_request_line);
    g_test_add_func("/message/not-sip", test_not_sip);
    g_test_add_func("/message/no-bytes", test_no_bytes);
    g_test_add_func("/message/headers", test_headers);
    g_test_add_func("/message/compact-forms", test_compact_forms);
    g_test_add_func("/message/line-ends", test_line_ends);
    g_test_add_func("/message/no-headers", test_no_headers);
    g_test_add_func("/message/framing", test_framing);
    g_test_add_func("/message/content-length", test_content_length);
    g_test_add_func("/message/content-length-forms", test_content_length_forms);
    g_test_add_func("/message/content-length-no-number", test_content_length_no_number);
    g_test_add_func("/message/cut-anywhere", test_cut_anywhere);
    g_test_add_func("/message/nul", test_nul);
    g_test_add_func("/message/method", test_method);
    g_test_add_func("/message/values", test_values);
    g_test_add_func("/message/is", test_is);
    g_test_add_func("/message/number", test_number);
    g_test_add_func("/message/parameter", test_parameter);
    g_test_add_func("/message/every-place", test_every_place);
    g_test_add_func("/message/lines", test_lines);
    g_test_add_func("/message/locale", test_locale);
    return g_test_run();
}
