/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * torture-messages FOLDER: the messages of RFC 4475 and RFC 5118, from FOLDER/torture, or from that
 * of the environment variable SIPWHY_SHARED_CAPTURES. All of them must be survived, the ones which
 * the RFCs call valid (or say must be understood all the same) be understood.
 * Exit status 77: there are none; the test is skipped.
 */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "message.h"

enum { SKIP = 77 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* A message that is to be understood. A Call-ID that is not given is not looked at. */
typedef struct {
    const char *file;
    unsigned status;    /* of a response */
    const char *method; /* of the request line; of a response's CSeq */
    const char *call_id;
} Understood;

static const Understood understood[] = {
    /* RFC 4475 3.1.1: valid messages */
    {"rfc4475/wsinv.dat", 0, "INVITE", "wsinv.ndaksdj@192.0.2.1"},
    {"rfc4475/intmeth.dat", 0, "!interesting-Method0123456789_*+`.%indeed'~",
     "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"},
    {"rfc4475/esc01.dat", 0, "INVITE", "esc01.239409asdfakjkn23onasd0-3234"},
    {"rfc4475/escnull.dat", 0, "REGISTER", "escnull.39203ndfvkjdasfkq3w4otrq0adsfdfnavd"},
    {"rfc4475/esc02.dat", 0, "RE%47IST%45R", "esc02.asdfnqwo34rq23i34jrjasdcnl23nrlknsdf"},
    {"rfc4475/lwsdisp.dat", 0, "OPTIONS", "lwsdisp.1234abcd@funky.example.com"},
    {"rfc4475/longreq.dat", 0, "INVITE", NULL},
    {"rfc4475/dblreq.dat", 0, "REGISTER", "dblreq.0ha0isndaksdj99sdfafnl3lk233412"},
    {"rfc4475/semiuri.dat", 0, "OPTIONS", "semiuri.0ha0isndaksdj"},
    {"rfc4475/transports.dat", 0, "OPTIONS", "transports.kijh4akdnaqjkwendsasfdj"},
    {"rfc4475/mpart01.dat", 0, "MESSAGE", "3d9485ad0c49859b@Zmx1ZmZ5LW1hYy0xNi5sb2NhbA.."},
    {"rfc4475/unreason.dat", 200, "INVITE", "unreason.1234ksdfak3j2erwedfsASdf"},
    {"rfc4475/noreason.dat", 100, "INVITE", "noreason.asndj203insdf99223ndf"},
    /* RFC 4475 3.3: their syntax is valid, an application has its trouble with them */
    {"rfc4475/unkscm.dat", 0, "OPTIONS", "unkscm.nasdfasser0q239nwsdfasdkl34"},
    {"rfc4475/novelsc.dat", 0, "OPTIONS", "novelsc.asdfasser0q239nwsdfasdkl34"},
    {"rfc4475/unksm2.dat", 0, "REGISTER", "unksm2.daksdj@hyphenated-host.example.com"},
    {"rfc4475/bext01.dat", 0, "OPTIONS", "bext01.0ha0isndaksdj"},
    {"rfc4475/invut.dat", 0, "INVITE", "invut.0ha0isndaksdjadsfij34n23d"},
    {"rfc4475/regaut01.dat", 0, "REGISTER", "regaut01.0ha0isndaksdj"},
    {"rfc4475/bcast.dat", 200, "INVITE", "bcast.0384840201234ksdfak3j2erwedfsASdf"},
    {"rfc4475/zeromf.dat", 0, "OPTIONS", "zeromf.jfasdlfnm2o2l43r5u0asdfas"},
    {"rfc4475/cparam01.dat", 0, "REGISTER", "cparam01.70710@saturn.example.com"},
    {"rfc4475/cparam02.dat", 0, "REGISTER", "cparam02.70710@saturn.example.com"},
    {"rfc4475/regescrt.dat", 0, "REGISTER", "regescrt.k345asrl3fdbv@192.0.2.1"},
    {"rfc4475/sdp01.dat", 0, "INVITE", "sdp01.ndaksdj9342dasdd"},
    /* RFC 4475 3.4: an INVITE as RFC 2543 had it */
    {"rfc4475/inv2543.dat", 0, "INVITE", "inv2543.1717@ift.client.example.com"},
    /* RFC 5118 4; only 4.2 (ipv6-bad) is to be refused */
    {"rfc5118/ipv6-good", 0, "REGISTER", "SSG9559905523997077@hlau_4100"},
    {"rfc5118/port-ambiguous", 0, "REGISTER", "SSG9559905523997077@hlau_4100"},
    {"rfc5118/port-unambiguous", 0, "REGISTER", "SSG9559905523997077@hlau_4100"},
    {"rfc5118/via-received-param-with-delim", 0, "BYE", "SSG9559905523997077@hlau_4100"},
    {"rfc5118/via-received-param-no-delim", 0, "OPTIONS", "SSG95523997077@hlau_4100"},
    {"rfc5118/ipv6-in-sdp", 0, "INVITE", "SSG9559905523997077@hlau_4100"},
    {"rfc5118/mult-ip-in-header", 0, "BYE", "997077@lau_4100"},
    {"rfc5118/mult-ip-in-sdp", 0, "INVITE", "SSG9559905523997077@hlau_4100"},
    {"rfc5118/ipv4-mapped-ipv6", 0, "INVITE", "SSG9559905523997077@hlau_4100"},
    {"rfc5118/ipv6-bug-abnf-3-colons", 0, "OPTIONS", "G9559905523997077@hlau_4100"},
    {"rfc5118/ipv6-correct-abnf-2-colons", 0, "OPTIONS", "G9559905523997077@hlau_4100"},
};

/* RFC 4475 3.1.2.16 (another version), 3.1.2.19 (a status code of ten digits): no SIP/2.0. */
static const char *const refused[] = {"rfc4475/badvers.dat", "rfc4475/bigcode.dat"};

static unsigned failures;

static void G_GNUC_PRINTF(2, 3) fail(const char *file, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *reason = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fprintf(stderr, "%s: %s\n", file, reason);
    g_free(reason);
    failures++;
}

static char *load(const char *folder, const char *file, gsize *length)
{
    char *path = g_build_filename(folder, file, NULL);
    char *bytes = NULL;

    if (!g_file_get_contents(path, &bytes, length, NULL))
        fail(file, "cannot be read");
    g_free(path);
    return bytes;
}

static bool equals(SipwhySlice slice, const char *text)
{
    return slice.length == strlen(text) && memcmp(slice.data, text, slice.length) == 0;
}

static void check(const char *folder, const Understood *expected)
{
    gsize length = 0;
    char *bytes = load(folder, expected->file, &length);
    SipwhyMessage message;
    SipwhySlice call_id;
    size_t position = 0;

    if (!bytes)
        return;
    if (!sipwhy_message_scan(bytes, length, SIPWHY_FRAMING_DATAGRAM, &message)) {
        fail(expected->file, "is not taken for SIP");
        g_free(bytes);
        return;
    }
    if (message.is_response != (expected->status != 0) || message.status != expected->status)
        fail(expected->file, "status %u instead of %u", message.status, expected->status);
    if (!equals(sipwhy_message_method(&message), expected->method))
        fail(expected->file, "method is not %s", expected->method);
    SipwhyMessage as_response = message;
    as_response.is_response = true; /* the method of CSeq, of a request too */
    if (!equals(sipwhy_message_method(&as_response), expected->method))
        fail(expected->file, "CSeq has not the method %s", expected->method);
    if (!sipwhy_message_header(&message, "Call-ID", &position, &call_id) || call_id.length == 0)
        fail(expected->file, "no Call-ID");
    else if (expected->call_id && !equals(call_id, expected->call_id))
        fail(expected->file, "Call-ID is %.*s", (int)call_id.length, call_id.data);
    g_free(bytes);
}

/* Runs the fuzz target over every file of a folder, each cut after every byte. */
static unsigned survive(const char *folder, const char *name)
{
    char *path = g_build_filename(folder, name, NULL);
    GDir *directory = g_dir_open(path, 0, NULL);
    const char *entry;
    unsigned count = 0;

    while (directory && (entry = g_dir_read_name(directory))) {
        gsize length = 0;
        char *bytes = load(path, entry, &length);
        for (size_t cut = 1; bytes && cut <= length; cut++) {
            uint8_t *copy = g_memdup2(bytes, cut);
            LLVMFuzzerTestOneInput(copy, cut);
            g_free(copy);
        }
        g_free(bytes);
        count++;
    }
    if (directory)
        g_dir_close(directory);
    g_free(path);
    return count;
}

int main(int argc, char **argv)
{
    const char *shared = g_getenv("SIPWHY_SHARED_CAPTURES");

    if (!shared || !*shared)
        shared = argc > 1 ? argv[1] : ".";
    char *folder = g_build_filename(shared, "torture", NULL);
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        printf("skipped: no folder %s; SIPWHY_SHARED_CAPTURES can name the one above it\n", folder);
        g_free(folder);
        return SKIP;
    }
    unsigned count = survive(folder, "rfc4475") + survive(folder, "rfc5118");
    if (count < G_N_ELEMENTS(understood))
        fail(folder, "holds only %u messages", count);
    for (size_t i = 0; i < G_N_ELEMENTS(understood); i++)
        check(folder, &understood[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        gsize length = 0;
        char *bytes = load(folder, refused[i], &length);
        SipwhyMessage message;
        if (bytes && sipwhy_message_scan(bytes, length, SIPWHY_FRAMING_DATAGRAM, &message))
            fail(refused[i], "is taken for SIP/2.0");
        g_free(bytes);
    }
    printf("%u messages survived, %zu of %zu understood\n", count,
           G_N_ELEMENTS(understood) - MIN(failures, G_N_ELEMENTS(understood)),
           G_N_ELEMENTS(understood));
    g_free(folder);
    return failures ? 1 : 0;
}
