/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Local knowledge: what may stand in a file, what is said of one that is wrong, and which responses
 * an entry matches.
 */
#include "local/local.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "language.h"

static char *folder;

static char *write_file(const char *name, const char *bytes, size_t length)
{
    char *file = g_build_filename(folder, name, NULL);

    g_assert_true(g_file_set_contents(file, bytes, (gssize)length, NULL));
    return file;
}

/* All faults and warnings, a line each, without the folder's name. */
static char *join_faults(GPtrArray *faults)
{
    GString *lines = g_string_new(NULL);

    for (unsigned i = 0; i < faults->len; i++) {
        const SipwhyLocalFault *fault = faults->pdata[i];
        g_assert_true(g_utf8_validate(fault->text, -1, NULL));
        g_assert_null(strchr(fault->text, '\n'));
        g_assert_true(fault->warning == (strstr(fault->text, ": warning: [") != NULL));
        g_string_append_printf(lines, "%s\n", fault->text);
    }
    g_ptr_array_free(faults, TRUE);
    char *prefix = g_strconcat(folder, "/", NULL);
    g_string_replace(lines, prefix, "", 0);
    g_free(prefix);
    return g_string_free(lines, FALSE);
}

static SipwhyLocal *read_bytes(const char *bytes, size_t length, char **faults)
{
    char *file = write_file("l.ini", bytes, length);
    const char *const paths[] = {file, NULL};
    GPtrArray *list;
    SipwhyLocal *local = sipwhy_local_read(paths, 0, &list);

    g_assert_nonnull(local);
    *faults = join_faults(list);
    g_unlink(file);
    g_free(file);
    return local;
}

/* Reads a file in which nothing is wrong or odd. */
static SipwhyLocal *read_sound(const char *text)
{
    char *faults;
    SipwhyLocal *local = read_bytes(text, strlen(text), &faults);

    g_assert_cmpstr(faults, ==, "");
    g_free(faults);
    return local;
}

/* The ids of a list, which is freed: "one two". */
static char *join_ids(const SipwhyLocalEntry **entries)
{
    GString *ids = g_string_new(NULL);

    for (unsigned i = 0; entries[i]; i++)
        g_string_append_printf(ids, "%s%s", i ? " " : "", entries[i]->id);
    g_free(entries);
    return g_string_free(ids, FALSE);
}

static void assert_ids(const SipwhyLocalEntry **entries, const char *expected)
{
    char *ids = join_ids(entries);

    g_assert_cmpstr(ids, ==, expected);
    g_free(ids);
}

/* `message`: a status line, and headers behind it. */
static void assert_match(SipwhyLocal *local, const char *message, const char *expected)
{
    char *text = g_strconcat(message, "\n\n", NULL);
    SipwhyMessage scanned;

    g_assert_true(sipwhy_message_scan(text, strlen(text), SIPWHY_FRAMING_DATAGRAM, &scanned));
    char *phrase = g_strndup(scanned.phrase.data, scanned.phrase.length);
    assert_ids(sipwhy_local_match(local, scanned.status, phrase, &scanned), expected);
    g_free(phrase);
    g_free(text);
}

static void test_entry(void)
{
    SipwhyLocal *local = read_sound("# ours\n"
                                    "[kamailio-478]\n"
                                    "code = 478\n"
                                    "server=kamailio|ser\n"
                                    "title=Unresolvable destination\n"
                                    "description=One.\n"
                                    "cause2=Second.\n"
                                    "cause=First.\n"
                                    "fix=operator: Do it: now.\n"
                                    "severity=warn\n"
                                    "category=routing\n"
                                    "url=https://wiki.example.com/478\n"
                                    "replace=true\n");
    const SipwhyLocalEntry *entry = sipwhy_local_at(local, 0);

    g_assert_cmpstr(entry->id, ==, "kamailio-478");
    g_assert_cmpstr(entry->file, ==, "l.ini");
    g_assert_cmpuint(entry->line, ==, 2);
    g_assert_cmpstr(entry->title, ==, "Unresolvable destination");
    g_assert_cmpuint(entry->description.count, ==, 1);
    g_assert_cmpuint(entry->causes.count, ==, 2);
    g_assert_cmpstr(entry->causes.line[0], ==, "First.");
    g_assert_cmpstr(entry->causes.line[1], ==, "Second.");
    g_assert_cmpuint(entry->fixes.count, ==, 1);
    g_assert_cmpint((int)entry->fixes.fix[0].who, ==, SIPWHY_ROLE_OPERATOR);
    g_assert_cmpstr(entry->fixes.fix[0].text, ==, "Do it: now.");
    g_assert_cmpint((int)entry->severity, ==, SIPWHY_SEVERITY_WARN);
    g_assert_cmpint((int)entry->category, ==, SIPWHY_CATEGORY_ROUTING);
    g_assert_cmpstr(entry->url, ==, "https://wiki.example.com/478");
    g_assert_true(entry->replaces);
    g_assert_true(entry->names_codes && entry->asks_more);
    g_assert_cmpstr(entry->conditions, ==, "code=478; server=kamailio|ser");
    g_assert_null(sipwhy_local_at(local, 1));
    g_assert_cmpuint(sipwhy_local_file_at(local, 0)->entries, ==, 1);
    g_assert_null(sipwhy_local_file_at(local, 1));
    sipwhy_local_free(local);
}

static void test_match(void)
{
    SipwhyLocal *local = read_sound("[code]\ncode=478, 488;5xx\ntitle=t\n"
                                    "[phrase]\ncode=4xx\nphrase=^no .*route\ntitle=t\n"
                                    "[server]\nserver=kamailio\ntitle=t\n"
                                    "[warning]\nwarning=304;305\ntitle=t\n"
                                    "[text]\nwarning=codec\ntitle=t\n"
                                    "[cause]\nreason=q.850 ; cause=17,18\ntitle=t\n"
                                    "[protocol]\nreason=SIP\ntitle=t\n"
                                    "[reason]\nreason=text=\"?busy\ntitle=t\n"
                                    "[none]\ncode=486\nreason=none\ntitle=t\n");

    assert_match(local, "SIP/2.0 478 No way", "code");
    assert_match(local, "SIP/2.0 503 x", "code");
    assert_match(local, "SIP/2.0 404 NO such\tROUTE here", "phrase");
    assert_match(local, "SIP/2.0 504 No route", "code");
    assert_match(local, "SIP/2.0 404 x\nServer: Kamailio (5.6)", "server");
    assert_match(local, "SIP/2.0 404 x\nUser-Agent: my\n Kamailio", "server");
    assert_match(local, "SIP/2.0 404 x\nWarning: 399 a \"b\", 305 a \"no CODEC\"", "warning text");
    assert_match(local, "SIP/2.0 404 x\nReason: Q.850;cause=18;text=\"a\"", "cause");
    assert_match(local, "SIP/2.0 404 x\nReason: Q.850;cause=19", "");
    assert_match(local, "SIP/2.0 404 x\nReason: SIP;cause=17, X;text=\"Busy now\"",
                 "protocol reason");
    assert_match(local, "SIP/2.0 486 x\nServer: a", "none");
    assert_match(local, "SIP/2.0 486 x\nReason: SIP;cause=200", "protocol");
    assert_ids(sipwhy_local_match(local, 486, "x", NULL), "");
    static const char headers_cut[] = "SIP/2.0 486 x\nServer: a\nRea";
    SipwhyMessage cut;
    g_assert_true(
        sipwhy_message_scan(headers_cut, strlen(headers_cut), SIPWHY_FRAMING_DATAGRAM, &cut));
    assert_ids(sipwhy_local_match(local, 486, "x", &cut), "");
    assert_ids(sipwhy_local_match(local, 404, "no route", NULL), "phrase");
    assert_ids(sipwhy_local_match(local, 478, NULL, NULL), "code");
    assert_ids(sipwhy_local_of_code(local, 478),
               "code phrase server warning text cause protocol reason");
    sipwhy_local_free(local);
}

/* ---- what is wrong ---- */

/* Reads text and compares what is said of it; returns how many entries are left. */
static unsigned assert_faults(const char *text, const char *expected)
{
    char *faults;
    SipwhyLocal *local = read_bytes(text, strlen(text), &faults);
    unsigned count = 0;

    g_assert_cmpstr(faults, ==, expected);
    while (sipwhy_local_at(local, count))
        count++;
    g_free(faults);
    sipwhy_local_free(local);
    return count;
}

/* NOLINTNEXTLINE(readability-function-size): most of it is a table */
static void test_faults(void)
{
    static const char sound[] = "[sound]\ncode=404\ntitle=t\n";
    static const struct {
        const char *text;
        const char *fault;
    } cases[] = {
        {"code=478", "l.ini:1: code: stands before any [group]"},
        {"[a]\ncodes=478",
         "l.ini:2: [a] codes: there is no such key; an entry has code, phrase, server, warning, "
         "reason, title, description, cause, fix, severity, category, url, replace; did you mean "
         "\"code\"?"},
        {"[a]\ncode=1\ncause.2=x",
         "l.ini:2: [a] code: \"1\" is no code (478), no class (4xx) and not \"any\"\n"
         "l.ini:3: [a] cause.2: there is no such key; an entry has code, phrase, server, warning, "
         "reason, title, description, cause, fix, severity, category, url, replace; did you mean "
         "\"cause2\"?"},
        {"[a]\ncode=4o4\ntitle=t", "l.ini:2: [a] code: \"4o4\" is no code (478), no class (4xx) "
                                   "and not \"any\"; did you mean \"404\"?"},
        {"[a]\ncode=7xx\ntitle=t", "l.ini:2: [a] code: \"7xx\" is no code (478), no class (4xx) "
                                   "and not \"any\"; did you mean \"1xx\"?"},
        {"[a]\ncode=;\ntitle=t", "l.ini:2: [a] code: is empty"},
        {"[a]\ntitle=t", "l.ini:1: [a]: asks nothing of a response: write code=any if it is meant "
                         "for every one"},
        {"[a]\ncode=478", "l.ini:1: [a]: says nothing: it needs a title, description, cause, fix, "
                          "severity, category or url"},
        {"[a]\ncode=478\ncode=479\ntitle=t", "l.ini:3: [a] code: stands twice"},
        {"[a]\ncode=478\ncause=x\ncause1=y", "l.ini:4: [a] cause1: stands twice"},
        {"[sound]\ncode=478\ntitle=t",
         "l.ini:1: [sound]: stands twice; the first, in sound.ini:1, stays"},
        {"[a b]\ncode=478\ntitle=t",
         "l.ini:1: [a b]: the name of an entry consists of letters, digits, hyphens, full stops "
         "and underscores, 60 at most"},
        {"[a]\ncode=478\ntitle=t\nwhat", "l.ini:4: [a]: this line is no [group], no key=value and "
                                         "no comment (#)"},
        {"[a]\ncode=478\nfix=Do it.", "l.ini:3: [a] fix: does not say who has to do it: write "
                                      "\"operator: ...\""},
        {"[a]\ncode=478\nfix=opertor: Do it.",
         "l.ini:3: [a] fix: \"opertor\" is none of: caller, callee, client, server, operator, "
         "gateway, both, developer, reader; did you mean \"operator\"?"},
        {"[a]\ncode=478\nfix=operator:", "l.ini:3: [a] fix: is empty"},
        {"[a]\ncode=478\nseverity=Eror", "l.ini:3: [a] severity: \"Eror\" is none of: chat, note, "
                                         "warn, error; did you mean \"error\"?"},
        {"[a]\ncode=478\ntitle=t\nurl=javascript:alert(1)",
         "l.ini:4: [a] url: \"javascript:alert(1)\" is no address that begins with https:// or "
         "http://"},
        {"[a]\ncode=478\ntitle=t\nurl=https://",
         "l.ini:4: [a] url: \"https://\" is no address that begins with https:// or http://"},
        {"[a]\ncode=478\ntitle=t\nreplace=yes",
         "l.ini:4: [a] replace: \"yes\" is neither true nor false"},
        {"[a]\ncode=478\ndescription=a\tb",
         "l.ini:3: [a] description: holds a character that cannot be shown, such as a tab"},
        {"[a]\nphrase=a(b\ntitle=t", "l.ini:2: [a] phrase: this pattern is wrong: "},
        {"[a]\nphrase=a)|(b\ntitle=t", "l.ini:2: [a] phrase: this pattern is wrong: "},
        {"[a]\nphrase=(*LIMIT_MATCH=999999999)(a+)+$\ntitle=t",
         "l.ini:2: [a] phrase: a pattern cannot begin with (*: limits and line ends are set by "
         "sipwhy"},
        {"[a]\nphrase=a\\C\ntitle=t",
         "l.ini:2: [a] phrase: a pattern cannot ask for single bytes (C behind a backslash)"},
        {"[a]\nphrase=((a{1,1000}){1,1000}){1,1000}\ntitle=t",
         "l.ini:2: [a] phrase: this pattern repeats groups so often that it would take too much "
         "memory"},
        {"[a]\nphrase=a(?R)?b\ntitle=t",
         "l.ini:2: [a] phrase: a pattern cannot call itself as a whole"},
        {"[a]\nphrase=\ntitle=t", "l.ini:2: [a] phrase: is empty"},
    };

    char *first = write_file("sound.ini", sound, strlen(sound));
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *file = write_file("l.ini", cases[i].text, strlen(cases[i].text));
        const char *const paths[] = {first, file, NULL};
        GPtrArray *list;
        SipwhyLocal *local = sipwhy_local_read(paths, 0, &list);
        char *faults = join_faults(list);
        char *expected = g_strconcat(cases[i].fault, "\n", NULL);
        if (g_str_has_suffix(cases[i].fault, ": ")) /* GLib's words follow, which change */
            g_assert_true(g_str_has_prefix(faults, cases[i].fault));
        else
            g_assert_cmpstr(faults, ==, expected);
        assert_ids(sipwhy_local_of_code(local, 404), "sound");
        g_assert_null(sipwhy_local_at(local, 1));
        g_assert_cmpuint(sipwhy_local_file_at(local, 1)->entries, ==, 0);
        g_assert_cmpuint(sipwhy_local_file_at(local, 1)->faults, >, 0);
        g_free(expected);
        g_free(faults);
        sipwhy_local_free(local);
        g_unlink(file);
        g_free(file);
    }
    g_unlink(first);
    g_free(first);
}

static void test_warnings(void)
{
    g_assert_cmpuint(
        assert_faults("[a]\ncode=any\ntitle=t\n"
                      "[b]\ncode=478\nphrase=.*\ntitle=t\n"
                      "[c]\ncode=478\nreason=Q850\ntitle=t\n"
                      "[d]\ncode=478\nreplace=true\ntitle=t\n"
                      "[e]\ncode=any\nserver=x\ntitle=t\n"
                      "[f]\ncode=478\nreason=X.int;cause=5\ntitle=t\n",
                      "l.ini:1: warning: [a]: matches every response\n"
                      "l.ini:6: warning: [b] phrase: this pattern matches everything, the "
                      "empty text too\n"
                      "l.ini:10: warning: [c] reason: \"Q850\" is no registered Reason "
                      "protocol; did you mean \"Q.850\"?\n"
                      "l.ini:12: warning: [d]: replace=true has no effect without a "
                      "description, cause or fix\n"),
        ==, 6);
}

static void test_lengths(void)
{
    char *line = g_strnfill(SIPWHY_LINE_BYTES_MAX, 'x');
    char *pattern = g_strnfill(500, 'x');
    char *title = g_strnfill(60, 'x');
    char *id = g_strnfill(60, 'x');
    char *text = g_strdup_printf("[%s]\ncode=478\nphrase=%s\ntitle=%s\ncause=%s\n", id, pattern,
                                 title, line);

    SipwhyLocal *local = read_sound(text);
    g_assert_cmpuint(strlen(sipwhy_local_at(local, 0)->conditions), ==, SIPWHY_LINE_BYTES_MAX);
    sipwhy_local_free(local);
    g_free(text);
    text = g_strdup_printf("[%sx]\ncode=478\nphrase=%sx\ntitle=%sx\ncause=%sx\ncause9=%sx\n", id,
                           pattern, title, line, line);
    char *faults = g_strdup_printf(
        "l.ini:1: [%sx]: the name of an entry consists of letters, digits, hyphens, full stops and "
        "underscores, 60 at most\n"
        "l.ini:3: [%sx] phrase: this pattern has more than 500 bytes\n"
        "l.ini:4: [%sx] title: has 61 characters, 60 at most\n"
        "l.ini:5: [%sx] cause: has 201 bytes, 200 at most; the rest may stand in cause2\n"
        "l.ini:6: [%sx] cause9: has 201 bytes, 200 at most\n",
        id, id, id, id, id);
    g_assert_cmpuint(assert_faults(text, faults), ==, 0);
    g_free(faults);
    g_free(text);
    g_free(id);
    g_free(title);
    g_free(pattern);
    g_free(line);
}

/* ---- files ---- */

static void assert_file(const char *bytes, size_t length, const char *expected)
{
    char *faults;
    SipwhyLocal *local = read_bytes(bytes, length, &faults);

    g_assert_cmpstr(faults, ==, expected);
    g_assert_false(sipwhy_local_file_at(local, 0)->unreadable);
    g_free(faults);
    sipwhy_local_free(local);
}

static void test_bytes(void)
{
    static const char nul[] = "[a]\ncode=478\0\ntitle=t\n";

    assert_file("", 0, "");
    assert_file("\xEF\xBB\xBF[a]\r\ncode=478\r\n\r\ntitle=t\r\n", 29, "");
    assert_file(nul, sizeof nul - 1, "l.ini:2: holds a NUL byte: it is no text\n");
    assert_file("[a]\n\ntitle=\xFF", 12, "l.ini:3: is not UTF-8\n");
    char *large = g_strnfill((1 << 20) + 1, '\n');
    assert_file(large, (1 << 20) + 1, "l.ini: longer than such a file may be\n");
    assert_file(large, 1 << 20, "");
    memset(large, 'x', 1 << 20);
    assert_file(large, 1 << 20,
                "l.ini:1: this line is no [group], no key=value and no comment (#)\n");
    g_free(large);
}

/* No more is told of a file than somebody reads, and its sound entries count. */
static void test_many_faults(void)
{
    GString *text = g_string_new(NULL);
    char *faults;

    for (unsigned i = 0; i < 100000; i++)
        g_string_append(text, "x\n");
    g_string_append(text, "[a]\ncode=478\ntitle=t\n");
    SipwhyLocal *local = read_bytes(text->str, text->len, &faults);
    g_assert_true(
        g_str_has_suffix(faults, "\nl.ini: there is more that is wrong or odd in this file\n"));
    g_assert_cmpuint(sipwhy_local_file_at(local, 0)->faults, ==, 100000);
    assert_ids(sipwhy_local_of_code(local, 478), "a");
    g_free(faults);
    g_string_free(text, TRUE);
    sipwhy_local_free(local);
}

static void test_many_entries(void)
{
    GString *text = g_string_new(NULL);
    char *faults;

    for (unsigned i = 0; i <= 10000; i++)
        g_string_append_printf(text, "[e%u]\ncode=%u\nphrase=p%u\ntitle=t\n", i, 100 + i % 600, i);
    SipwhyLocal *local = read_bytes(text->str, text->len, &faults);
    g_assert_cmpstr(faults, ==,
                    "l.ini:40001: there are more than 10000 entries; from here on all is left "
                    "out\n");
    assert_ids(sipwhy_local_match(local, 478, "p378", NULL), "e378");
    g_assert_nonnull(sipwhy_local_at(local, 9999));
    g_assert_null(sipwhy_local_at(local, 10000));
    g_free(faults);
    g_string_free(text, TRUE);
    sipwhy_local_free(local);
}

static SipwhyLocal *read_path(const char *path, char **faults)
{
    const char *const paths[] = {path, NULL};
    GPtrArray *list;
    SipwhyLocal *local = sipwhy_local_read(paths, 0, &list);

    *faults = join_faults(list);
    return local;
}

static void assert_unreadable(const char *name, const char *expected)
{
    char *path = g_build_filename(folder, name, NULL);
    char *faults;
    SipwhyLocal *local = read_path(path, &faults);

    g_assert_cmpstr(faults, ==, expected);
    g_assert_true(sipwhy_local_file_at(local, 0)->unreadable);
    g_assert_null(sipwhy_local_at(local, 0));
    g_free(faults);
    sipwhy_local_free(local);
    g_free(path);
}

static void test_paths(void)
{
    char *fifo = g_build_filename(folder, "fifo.ini", NULL);
    char *empty = g_build_filename(folder, "empty", NULL);
    char *faults;

    assert_unreadable("none.ini", "none.ini: cannot be read: No such file or directory\n");
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    assert_unreadable("fifo.ini", "fifo.ini: is no file\n");
    g_assert_cmpint(g_mkdir(empty, 0700), ==, 0);
    assert_unreadable("empty", "empty: this folder holds no *.ini\n");

    char *b = write_file("empty/b.ini", "[b]\ncode=4xx\ntitle=t\n[a]\ncode=478\ntitle=t\n", 42);
    char *a = write_file("empty/a.ini", "[a]\ncode=478\ntitle=t\n", 21);
    char *c = write_file("empty/c.txt", "x", 1);
    SipwhyLocal *local = read_path(empty, &faults);
    g_assert_cmpstr(faults, ==,
                    "empty/b.ini:4: [a]: stands twice; the first, in empty/a.ini:1, stays\n");
    assert_ids(sipwhy_local_of_code(local, 478), "a b");
    g_assert_cmpstr(sipwhy_local_at(local, 0)->file, ==, "a.ini");
    g_free(faults);
    sipwhy_local_free(local);
    char *const paths[] = {a, b, c, fifo};
    for (unsigned i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_unlink(paths[i]);
        g_free(paths[i]);
    }
    g_rmdir(empty);
    g_free(empty);
}

/* ---- patterns ---- */

/* A pattern against a phrase of many of the same letter: it comes back, and is given up once. */
static void assert_bounded(const char *pattern, bool is_given_up)
{
    char *text =
        g_strdup_printf("[slow]\nphrase=%s\ntitle=t\n[other]\ncode=4xx\ntitle=t\n", pattern);
    char *phrase = g_strnfill(100000, 'a');
    char *faults;
    SipwhyLocal *local = read_bytes(text, strlen(text), &faults);
    const SipwhyLocalEntry *given_up;

    memset(phrase + 1000, '!', 100000 - 1000);
    g_assert_cmpstr(faults, ==, "");
    g_assert_null(sipwhy_local_given_up(local));
    for (unsigned i = 0; i < 1000; i++)
        assert_ids(sipwhy_local_match(local, 478, phrase, NULL), "other");
    given_up = sipwhy_local_given_up(local);
    g_assert_cmpstr(given_up ? given_up->id : NULL, ==, is_given_up ? "slow" : NULL);
    g_assert_null(sipwhy_local_given_up(local));
    /* It matches nothing any more, not even what it would. */
    assert_ids(sipwhy_local_match(local, 478, "aaaaab", NULL),
               is_given_up ? "other" : "slow other");
    g_assert_null(sipwhy_local_given_up(local));
    g_free(faults);
    sipwhy_local_free(local);
    g_free(phrase);
    g_free(text);
}

static void test_slow_patterns(void)
{
    assert_bounded("(a+)+[bc]", true);
    assert_bounded("(a+)+$|aab", true);
    assert_bounded("(.*a){20}[bc]", true);
    assert_bounded("(a|a)*[bc]", true);
    assert_bounded("(a|aa)+[bc]", true);
    assert_bounded("(?:a?){9}a{9}(a*)*[bc]", true);
    assert_bounded("(?x) (a+)+[bc] # comment", true);
    assert_bounded("(a(?1)?a?)[bc]", true);
    assert_bounded("(?=(a+)+[bc])", true);
    assert_bounded("a++[bc]", false);
    assert_bounded("ab", false);
}

static void test_probe(void)
{
    static const char text[] = "[a]\nphrase=(x+x+)+y\ntitle=t\n[b]\nserver=asterisk.*18\ntitle=t\n"
                               "[c]\nwarning=3\nreason=(\\w+\\s?)+:\ntitle=t\n";
    char *file = write_file("l.ini", text, strlen(text));
    const char *const paths[] = {file, NULL};
    GPtrArray *list;
    SipwhyLocal *local = sipwhy_local_read(paths, 0, &list);

    g_assert_cmpuint(list->len, ==, 0);
    sipwhy_local_probe(local, 0, list);
    g_assert_cmpuint(sipwhy_local_file_at(local, 0)->warnings, ==, 2);
    char *faults = join_faults(list);
    g_assert_cmpstr(faults, ==,
                    "l.ini:1: warning: [a]: a pattern takes too many steps on a long value, and is "
                    "given up when one comes\n"
                    "l.ini:7: warning: [c]: a pattern takes too many steps on a long value, and is "
                    "given up when one comes\n");
    g_assert_null(sipwhy_local_given_up(local));
    g_free(faults);
    sipwhy_local_free(local);
    g_unlink(file);
    g_free(file);
}

static void test_patterns(void)
{
    SipwhyLocal *local = read_sound("[anchor]\nphrase=^a$|^b\ntitle=t\n"
                                    "[comment]\nphrase=(?x) x # y ) z\ntitle=t\n"
                                    "[group]\nphrase=(z)\\1\ntitle=t\n"
                                    "[quote]\nphrase=\\Q.*\\E\ntitle=t\n"
                                    "[letter]\nphrase=d\xC3\xA9tour\ntitle=t\n"
                                    "[case]\nphrase=(?-i)Upper\ntitle=t\n");

    assert_ids(sipwhy_local_match(local, 478, "a", NULL), "anchor");
    assert_ids(sipwhy_local_match(local, 478, "ab", NULL), "");
    assert_ids(sipwhy_local_match(local, 478, "ca", NULL), "");
    assert_ids(sipwhy_local_match(local, 478, "by X", NULL), "anchor comment");
    assert_ids(sipwhy_local_match(local, 478, "fuzz", NULL), "group");
    assert_ids(sipwhy_local_match(local, 478, "7.*", NULL), "quote");
    assert_ids(sipwhy_local_match(local, 478, "un D\xC3\x89TOUR", NULL), "letter");
    assert_ids(sipwhy_local_match(local, 478, "d\xFF\xFEtour upper", NULL), "");
    assert_ids(sipwhy_local_match(local, 478, "Upper", NULL), "case");
    sipwhy_local_free(local);
}

/* Files of patterns that are dear one by one, and too dear together. */
static void test_dear_patterns(void)
{
    GString *text = g_string_new(NULL);
    char *faults;

    for (unsigned i = 0; i < 2000; i++)
        g_string_append_printf(text, "[e%u]\nphrase=([ab]%u{1,9}){1000}\ntitle=t\n", i, i);
    SipwhyLocal *local = read_bytes(text->str, text->len, &faults);
    g_assert_nonnull(strstr(faults, "all patterns together would take too much memory"));
    g_assert_nonnull(sipwhy_local_at(local, 100));
    g_free(faults);
    g_string_free(text, TRUE);
    sipwhy_local_free(local);
}

/* ---- what is made of a match ---- */

static void test_apply(void)
{
    SipwhyLocal *local = read_sound("[a]\ncode=488\ncause=Ours.\nreplace=true\nseverity=error\n"
                                    "[b]\ncode=488\nfix=operator: Ours.\nseverity=note\n");
    const SipwhyLocalEntry **matched = sipwhy_local_match(local, 488, NULL, NULL);
    SipwhyExplanation explanation;

    g_assert_true(sipwhy_explain(488, 0, &explanation));
    g_assert_cmpint((int)sipwhy_local_severity(matched), ==, SIPWHY_SEVERITY_NOTE);
    sipwhy_local_apply(matched, &explanation);
    g_assert_cmpint((int)explanation.severity, ==, SIPWHY_SEVERITY_NOTE);
    g_assert_cmpuint(explanation.causes.count, ==, 0);
    g_assert_cmpuint(explanation.fixes.count, >, 0);
    g_assert_cmpuint(explanation.description.count, >, 0);
    g_free(matched);
    matched = sipwhy_local_match(local, 486, NULL, NULL);
    g_assert_cmpint((int)sipwhy_local_severity(matched), ==, SIPWHY_SEVERITY_COUNT);
    g_free(matched);
    sipwhy_local_free(local);
}

static void test_keys(void)
{
    const SipwhyLocalKey *key;
    size_t count = 0;

    for (; (key = sipwhy_local_key_at(count)); count++)
        g_assert_true(*key->key && *sipwhy_text(0, key->meaning));
    g_assert_cmpuint(count, ==, 13);
}

/* What the documentation shows can be copied. */
static void test_documentation(void)
{
    static const char begin[] = "\n```ini\n";
    const char *source = g_getenv("SIPWHY_SOURCE");
    unsigned count = 0;
    char *text;

    if (!source) {
        g_test_skip("SIPWHY_SOURCE does not say where the sources are");
        return;
    }
    char *file = g_build_filename(source, "src", "local", "README.md", NULL);
    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    for (const char *at = text; (at = strstr(at, begin)); count++) {
        at += strlen(begin);
        char *block = g_strndup(at, (gsize)(strstr(at, "```") - at));
        SipwhyLocal *local = read_sound(block);
        g_assert_nonnull(sipwhy_local_at(local, 0));
        sipwhy_local_free(local);
        g_free(block);
    }
    g_assert_cmpuint(count, ==, 3);
    for (size_t i = 0; sipwhy_local_key_at(i); i++) {
        char *key = g_strdup_printf("`%s`", sipwhy_local_key_at(i)->key);
        g_assert_nonnull(strstr(text, key));
        g_free(key);
    }
    g_free(text);
    g_free(file);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("sipwhy-local-XXXXXX", NULL);
    g_assert_nonnull(folder);
    g_test_add_func("/local/entry", test_entry);
    g_test_add_func("/local/match", test_match);
    g_test_add_func("/local/faults", test_faults);
    g_test_add_func("/local/warnings", test_warnings);
    g_test_add_func("/local/lengths", test_lengths);
    g_test_add_func("/local/bytes", test_bytes);
    g_test_add_func("/local/many-faults", test_many_faults);
    g_test_add_func("/local/many-entries", test_many_entries);
    g_test_add_func("/local/paths", test_paths);
    g_test_add_func("/local/slow-patterns", test_slow_patterns);
    g_test_add_func("/local/patterns", test_patterns);
    g_test_add_func("/local/dear-patterns", test_dear_patterns);
    g_test_add_func("/local/apply", test_apply);
    g_test_add_func("/local/keys", test_keys);
    g_test_add_func("/local/probe", test_probe);
    g_test_add_func("/local/documentation", test_documentation);
    const int result = g_test_run();
    g_rmdir(folder);
    g_free(folder);
    return result;
}
