/* SPDX-License-Identifier: GPL-2.0-or-later
 * test-make-calls TOOL: the captures have as many packets, and as much RTP, as was asked for, and
 * the counts say what is in them. */
#define _DEFAULT_SOURCE /* u_char and friends, which pcap.h uses */
#include <glib.h>
#include <glib/gstdio.h>
#include <pcap/pcap.h>
#include <string.h>

static const gchar *tool;

static void run_tool(const gchar *count, const gchar *rtp, const gchar *seed, const gchar *output)
{
    const gchar *argv[] = {tool, count, "--rtp", rtp, "--seed", seed, output, NULL};
    gint status = -1;

    g_assert_true(g_spawn_sync(NULL, (gchar **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL,
                               &status, NULL));
    g_assert_cmpint(status, ==, 0);
}

static void make_and_read(const gchar *rtp, const gchar *seed, gchar **bytes, gsize *len,
                          guint *packets, guint *sip)
{
    gchar *folder = g_dir_make_tmp("make-calls-XXXXXX", NULL);
    gchar *path = g_build_filename(folder, "calls.pcap", NULL);
    gchar error[PCAP_ERRBUF_SIZE];
    struct pcap_pkthdr *header;
    const u_char *data;

    run_tool("3000", rtp, seed, path);
    pcap_t *pcap = pcap_open_offline(path, error);
    g_assert_nonnull(pcap);
    *packets = *sip = 0;
    while (pcap_next_ex(pcap, &header, &data) == 1) {
        g_assert_cmpuint(header->caplen, >, 42);
        *packets += 1;
        *sip += data[34] == 5060 / 256 && data[35] == 5060 % 256;
    }
    pcap_close(pcap);
    g_assert_true(g_file_get_contents(path, bytes, len, NULL));
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
}

static void test_count(void)
{
    static const struct {
        const gchar *rtp;
        guint min_sip, max_sip;
    } cases[] = {{"0", 3000, 3000}, {"50", 1500, 1600}};

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        gchar *bytes;
        gsize len;
        guint packets, sip;

        make_and_read(cases[i].rtp, "1", &bytes, &len, &packets, &sip);
        g_assert_cmpuint(packets, ==, 3000);
        g_assert_cmpuint(sip, >=, cases[i].min_sip);
        g_assert_cmpuint(sip, <=, cases[i].max_sip);
        g_free(bytes);
    }
}

static void test_seed(void)
{
    static const gchar *const seeds[] = {"7", "7", "8"};
    gchar *bytes[3];
    gsize len[3];
    guint packets, sip;

    for (guint i = 0; i < 3; i++)
        make_and_read("20", seeds[i], &bytes[i], &len[i], &packets, &sip);
    g_assert_cmpuint(len[0], ==, len[1]);
    g_assert_true(memcmp(bytes[0], bytes[1], len[0]) == 0);
    g_assert_false(len[0] == len[2] && memcmp(bytes[0], bytes[2], len[0]) == 0);
    for (guint i = 0; i < 3; i++)
        g_free(bytes[i]);
}

/* The number behind a key of the counts. */
static guint count_of(const gchar *counts, const gchar *key)
{
    gchar *quoted = g_strdup_printf("\"%s\":", key);
    const gchar *found = strstr(counts, quoted);

    g_assert_nonnull(found);
    guint value = (guint)g_ascii_strtoull(found + strlen(quoted), NULL, 10);
    g_free(quoted);
    return value;
}

/* A start line has SIP/2.0 at its end, or before a blank; nothing else has. */
static void count_starts(const gchar *bytes, gsize len, guint *requests, guint *responses)
{
    static const gchar version[] = "SIP/2.0";
    const gsize size = sizeof version - 1;
    const gchar *at = bytes, *end = bytes + len - size;

    *requests = *responses = 0;
    for (; at < end && (at = memchr(at, version[0], (gsize)(end - at))); at++) {
        gboolean found = memcmp(at, version, size) == 0;

        *requests += found && at[size] == '\r';
        *responses += found && at[size] == ' ';
    }
}

static void test_mix(gconstpointer data)
{
    const gchar *mix = data;
    gchar *folder = g_dir_make_tmp("make-calls-XXXXXX", NULL);
    gchar *path = g_build_filename(folder, "calls.pcap", NULL);
    gchar *counted = g_build_filename(folder, "counts.json", NULL);
    const gchar *argv[] = {tool, "5000",      "--mix", mix,        "--length", "40",
                           path, "--at-once", "30",    "--counts", counted,    NULL};
    gchar *bytes, *counts;
    gsize len;
    guint requests, responses;
    gint status = -1;

    g_assert_true(g_spawn_sync(NULL, (gchar **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL,
                               &status, NULL));
    g_assert_cmpint(status, ==, 0);
    g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
    g_assert_true(g_file_get_contents(counted, &counts, NULL, NULL));
    count_starts(bytes, len, &requests, &responses);
    g_assert_cmpuint(count_of(counts, "all_packets"), >=, 5000);
    g_assert_cmpuint(count_of(counts, "all_packets"), <=, 5010);
    g_assert_cmpuint(count_of(counts, "messages"), >, strcmp(mix, "tcp") == 0 ? 3000 : 4999);
    g_assert_cmpuint(count_of(counts, "requests"), ==, requests);
    g_assert_cmpuint(count_of(counts, "responses"), ==, responses);
    g_unlink(path);
    g_unlink(counted);
    g_rmdir(folder);
    g_free(bytes);
    g_free(counts);
    g_free(counted);
    g_free(path);
    g_free(folder);
}

static void add_mixes(void)
{
    static const gchar *const names[] = {"mixed",         "tcp",      "short",      "long",
                                         "registrations", "failures", "concurrent", "hops",
                                         "flood",         "guesses"};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        gchar *path = g_strconcat("/make-calls/mix/", names[i], NULL);
        g_test_add_data_func(path, names[i], test_mix);
        g_free(path);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    tool = argv[1];
    g_test_add_func("/make-calls/count", test_count);
    g_test_add_func("/make-calls/seed", test_seed);
    add_mixes();
    return g_test_run();
}
