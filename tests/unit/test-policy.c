/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Policies: what may stand in one, and what is said of one that is wrong.
 */
#include "check/policy.h"

#include <glib/gstdio.h>
#include <string.h>

#include "settings/nearest.h"
#include "language.h"

static char *folder;

/* Reads a policy from bytes; the error, if there is one, without the folder's name. */
static SipwhyPolicy *read_bytes(const char *bytes, size_t length, const char *language,
                                char **error)
{
    char *file = g_build_filename(folder, "p.ini", NULL);
    SipwhyLanguage spoken = 0;
    char *whole = NULL;

    g_assert_true(sipwhy_language_find(language, &spoken));
    g_assert_true(g_file_set_contents(file, bytes, (gssize)length, NULL));
    SipwhyPolicy *policy = sipwhy_policy_read(file, spoken, &whole);
    g_assert_true(!policy == (whole != NULL));
    if (whole) {
        g_assert_true(g_str_has_prefix(whole, folder));
        g_assert_null(strchr(whole, '\n'));
    }
    *error = whole ? g_strdup(whole + strlen(folder) + 1) : NULL;
    g_free(whole);
    g_unlink(file);
    g_free(file);
    return policy;
}

static SipwhyPolicy *read_policy(const char *text)
{
    char *error;
    SipwhyPolicy *policy = read_bytes(text, strlen(text), "en", &error);

    if (error)
        g_error("%s: %s", text, error);
    return policy;
}

static void refuse(const char *text, const char *expected)
{
    char *error;

    g_assert_null(read_bytes(text, strlen(text), "en", &error));
    g_assert_cmpstr(error, ==, expected);
    g_free(error);
}

static void assert_list(char *const *list, const char *expected)
{
    char *joined = list ? g_strjoinv("|", (char **)list) : NULL;

    g_assert_cmpstr(joined, ==, expected);
    g_free(joined);
}

static void test_default(void)
{
    SipwhyPolicy *policy = read_policy("# nothing\n\n");

    g_assert_cmpint(policy->fail_on, ==, SIPWHY_SEVERITY_WARN);
    g_assert_cmpint(policy->no_sip, ==, SIPWHY_NO_SIP_ERROR);
    g_assert_null(policy->overall.allow);
    g_assert_null(policy->overall.deny);
    g_assert_cmpuint(policy->rules->len, ==, 0);
    g_assert_cmpint(policy->calls_least, <, 0);
    g_assert_cmpint(policy->final_response, <, 0);
    g_assert_cmpfloat(policy->answered_least, <, 0);
    g_assert_cmpfloat(policy->pdd_p95_most, <, 0);
    sipwhy_policy_free(policy);
    sipwhy_policy_free(NULL);
}

/* The file that has every key. */
static void test_every_key(void)
{
    const char *source = g_getenv("SIPWHY_SOURCE");
    char *error = NULL;

    if (!source) {
        g_test_skip("SIPWHY_SOURCE names no checkout");
        return;
    }
    char *file = g_build_filename(source, "tests/captures/input/policy.ini", NULL);
    char *text = NULL;
    SipwhyPolicy *policy = sipwhy_policy_read(file, 0, &error);
    g_assert_cmpstr(error, ==, NULL);
    assert_list(policy->overall.allow, "slow-answer|499");
    assert_list(policy->overall.deny, "488|6xx|no-common-codec");
    g_assert_cmpuint(policy->rules->len, ==, 2);
    const SipwhyPolicyRule *lab = policy->rules->pdata[0];
    g_assert_cmpstr(lab->name, ==, "lab");
    assert_list(lab->method, "INVITE|UPDATE");
    assert_list(lab->peer, "192.0.2.0/24|198.51.100.7:5060|[2001:db8::1]:5060");
    assert_list(lab->agent, "*sipp*|test phone, v?");
    assert_list(lab->allow, "503|5xx");
    assert_list(lab->deny, "500");
    g_assert_cmpstr(lab->reason, ==, "The lab's gateway has two lines only");
    const SipwhyPolicyRule *fax = policy->rules->pdata[1];
    g_assert_cmpstr(fax->name, ==, "fax");
    g_assert_null(fax->deny);
    g_assert_cmpint(fax->until, ==, G_GINT64_CONSTANT(1798761600000000) - 1);
    char *day = sipwhy_policy_day(fax);
    g_assert_cmpstr(day, ==, "2026-12-31");
    g_free(day);
    g_assert_null(sipwhy_policy_day(&policy->overall));
    g_assert_cmpint(policy->calls_least, ==, 10);
    g_assert_cmpint(policy->final_response, ==, 1);
    g_assert_cmpfloat_with_epsilon(policy->answered_least, 0.95, 1e-9);
    g_assert_cmpfloat_with_epsilon(policy->pdd_p95_most, 3.5, 1e-9);
    sipwhy_policy_free(policy);
    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    const SipwhyPolicyKey *key;
    for (size_t i = 0; (key = sipwhy_policy_key_at(i)); i++) {
        char *line = g_strdup_printf("\n%s = ", key->key);
        g_assert_nonnull(strstr(text, line));
        g_assert_cmpuint(strlen(sipwhy_text(0, key->meaning)), >, 0);
        g_free(line);
    }
    g_free(text);
    g_free(file);
}

/* A byte order mark, the line ends of Windows, other case, and a last line without an end. */
static void test_forms(void)
{
    SipwhyPolicy *policy = read_policy(
        "\xEF\xBB\xBF[policy]\r\nfail-on=NEVER\r\n  allow = 4XX code-488 No-Common-Codec 600\r\n"
        "[rule a b]\r\nmethod=invite;SERVICE\r\npeer=2001:DB8::/32 10.0.0.1\r\ndeny=  1xx\r\n"
        "[expect]\nanswered-least=99.5 %\nfinal-response=strict\npdd-p95-most=2\ncalls-least=0");
    const SipwhyPolicyRule *rule = policy->rules->pdata[0];

    g_assert_cmpint(policy->fail_on, ==, SIPWHY_SEVERITY_COUNT);
    assert_list(policy->overall.allow, "4xx|488|no-common-codec|600");
    g_assert_cmpstr(rule->name, ==, "a b");
    assert_list(rule->method, "INVITE|SERVICE");
    assert_list(rule->peer, "2001:DB8::/32|10.0.0.1");
    assert_list(rule->deny, "1xx");
    g_assert_cmpint(rule->until, ==, SIPWHY_NO_TIME);
    g_assert_cmpfloat_with_epsilon(policy->answered_least, 0.995, 1e-9);
    g_assert_cmpint(policy->final_response, ==, 2);
    g_assert_cmpint(policy->calls_least, ==, 0);
    sipwhy_policy_free(policy);
}

static void test_groups(void)
{
    refuse("[polcy]\n", "p.ini:1: [polcy]: there is no such group; did you mean \"[policy]\"?");
    refuse("[rules x]\n",
           "p.ini:1: [rules x]: there is no such group; did you mean \"[rule NAME]\"?");
    refuse("[something]\n", "p.ini:1: [something]: there is no such group");
    refuse("[rule]\n", "p.ini:1: [rule]: a name has to stand behind it");
    refuse("[policy x]\n", "p.ini:1: [policy x]: this group has no name behind it");
    refuse("[expect]\n[policy]\n[expect]\n", "p.ini:3: [expect]: stands twice");
    refuse("[rule a]\nallow=1xx\n[rule  a]\n", "p.ini:3: [rule  a]: another rule has this name");
    refuse("[rule a]\nallow=1xx\n[known a]\n", "p.ini:3: [known a]: another rule has this name");
    refuse("allow=1xx\n", "p.ini:1: allow: stands before any [group]");
    refuse("[policy]\n\nallow\n",
           "p.ini:3: [policy]: this line is no [group], no key=value and no comment (#)");
    refuse("[policy\n", "p.ini:1: this line is no [group], no key=value and no comment (#)");
    refuse("[rule a]\n# nothing\n\n[policy]\n",
           "p.ini:1: [rule a]: this rule says nothing: it needs allow or deny");
    refuse("[policy]\n[rule a]\nmethod=INVITE\n",
           "p.ini:2: [rule a]: this rule says nothing: it needs allow or deny");
    refuse("[known a]\nuntil=2026-01-01\n",
           "p.ini:1: [known a]: it does not say what is known: it needs allow");
    refuse("[known a]\nallow=486\n", "p.ini:1: [known a]: it needs a day: until=YYYY-MM-DD");
    refuse("[policy]\nallow=486 487\ndeny=600 487\n",
           "p.ini:1: [policy]: \"487\" stands in allow and in deny");
}

static void test_keys(void)
{
    refuse("[policy]\nfail-no=warn\n",
           "p.ini:2: [policy] fail-no: there is no such key; this group has fail-on, allow, deny, "
           "no-sip; did you mean \"fail-on\"?");
    refuse("[policy]\nseverity=warn\n", "p.ini:2: [policy] severity: there is no such key; this "
                                        "group has fail-on, allow, deny, no-sip");
    refuse("[known a]\ndeny=488\n",
           "p.ini:2: [known a] deny: there is no such key; this group has method, peer, agent, "
           "allow, until, reason");
    refuse("[policy]\ndeny[fr]=488\n", "p.ini:2: [policy] deny[fr]: there is no such key; this "
                                       "group has fail-on, allow, deny, no-sip");
    refuse("[policy]\nallow=486\n\nallow=487\n", "p.ini:4: [policy] allow: stands twice");
    refuse("[policy]\n\033[1m=1\n",
           "p.ini:2: [policy] \xEF\xBF\xBD[1m: there is no such key; this group has fail-on, "
           "allow, deny, no-sip");
}

static void test_values(void)
{
    refuse("[policy]\nfail-on=wran\n", "p.ini:2: [policy] fail-on: \"wran\" is none of: chat, "
                                       "note, warn, error, never; did you mean \"warn\"?");
    refuse("[policy]\nfail-on=\n",
           "p.ini:2: [policy] fail-on: \"\" is none of: chat, note, warn, error, never");
    refuse("[policy]\nno-sip=pass\n",
           "p.ini:2: [policy] no-sip: \"pass\" is none of: error, fail, ignore");
    refuse("[policy]\nallow= ;, \n", "p.ini:2: [policy] allow: names nothing");
    refuse("[policy]\nallow=486 no-comon-codec\n",
           "p.ini:2: [policy] allow: \"no-comon-codec\" is no code (488), no class (4xx) and no id "
           "of a finding (sipwhy list findings); did you mean \"no-common-codec\"?");
    refuse("[policy]\nallow=4868\n",
           "p.ini:2: [policy] allow: \"4868\" is no code (488), no class (4xx) and no id of a "
           "finding (sipwhy list findings); did you mean \"486\"?");
    refuse("[policy]\nallow=448\n", "p.ini:2: [policy] allow: 448 is no registered code; write "
                                    "code-448 if it is meant; did you mean \"440\"?");
    refuse("[policy]\nallow=7xx\n",
           "p.ini:2: [policy] allow: there is no class \"7xx\"; they run from 1xx to 6xx");
    refuse("[rule a]\nmethod=INVTE\n",
           "p.ini:2: [rule a] method: \"INVTE\" is no method; did you mean \"INVITE\"?");
    refuse("[rule a]\nmethod=IN/VITE\n",
           "p.ini:2: [rule a] method: \"IN/VITE\" is no method; did you mean \"INVITE\"?");
    refuse("[rule a]\npeer=192.0.2.1/24\n",
           "p.ini:2: [rule a] peer: \"192.0.2.1/24\" is no address, prefix (192.0.2.0/24) or "
           "address with port (192.0.2.1:5060); did you mean \"192.0.2.0/24\"?");
    refuse("[rule a]\npeer=sip.example.com\n",
           "p.ini:2: [rule a] peer: \"sip.example.com\" is no address, prefix (192.0.2.0/24) or "
           "address with port (192.0.2.1:5060)");
    refuse("[rule a]\npeer=192.0.2.1:99999\n",
           "p.ini:2: [rule a] peer: \"192.0.2.1:99999\" is no address, prefix (192.0.2.0/24) or "
           "address with port (192.0.2.1:5060)");
    refuse("[rule a]\nreason=\n", "p.ini:2: [rule a] reason: names nothing");
    refuse("[rule a]\nuntil=2026-02-29\n", "p.ini:2: [rule a] until: there is no day 2026-02-29");
    refuse("[rule a]\nuntil=31.12.2026\n",
           "p.ini:2: [rule a] until: \"31.12.2026\" is no day: write YYYY-MM-DD");
    refuse("[expect]\ncalls-least=-1\n",
           "p.ini:2: [expect] calls-least: \"-1\" is no whole number");
    refuse("[expect]\ncalls-least=99999999999\n",
           "p.ini:2: [expect] calls-least: \"99999999999\" is no whole number");
    refuse("[expect]\nanswered-least=0.95\n",
           "p.ini:2: [expect] answered-least: \"0.95\" is no percentage: write 0% to 100%");
    refuse("[expect]\nanswered-least=101%\n",
           "p.ini:2: [expect] answered-least: \"101%\" is no percentage: write 0% to 100%");
    refuse("[expect]\npdd-p95-most=nan\n",
           "p.ini:2: [expect] pdd-p95-most: \"nan\" is no number of seconds, like 3.5");
    refuse("[expect]\npdd-p95-most=3,5\n",
           "p.ini:2: [expect] pdd-p95-most: \"3,5\" is no number of seconds, like 3.5");
}

static void test_bytes(void)
{
    static const char with_nul[] = "[policy]\nallow=48\0006\n";
    char *error;

    refuse("[policy]\n\nallow=\xff\n", "p.ini:3: is not UTF-8");
    g_assert_null(read_bytes(with_nul, sizeof with_nul - 1, "en", &error));
    g_assert_cmpstr(error, ==, "p.ini:2: holds a NUL byte: it is no text");
    g_free(error);
    char *long_text = g_strnfill(2 << 20, '#');
    refuse(long_text, "p.ini: longer than such a file may be");
    g_free(long_text);
    g_assert_null(read_bytes("[polcy]", 7, "fr", &error));
    g_assert_cmpstr(error, ==,
                    "p.ini:1: [polcy]: il n'y a pas de tel groupe ; vouliez-vous dire « [policy] » "
                    "?");
    g_free(error);
    g_assert_null(sipwhy_policy_read("/nonexistent/p.ini", 0, &error));
    g_assert_true(g_str_has_prefix(error, "/nonexistent/p.ini: cannot be read: "));
    g_free(error);
    g_assert_null(sipwhy_policy_read(folder, 0, &error));
    g_free(error);
    g_assert_null(sipwhy_policy_read("/dev/zero", 0, &error));
    g_free(error);
}

/* Every piece of a policy, and every policy with a byte changed, is read or refused with a line. */
static void test_damaged(void)
{
    static const char text[] = "[policy]\nfail-on=warn\nallow=486 no-common-codec\n[rule a]\n"
                               "peer=[2001:db8::1]:5060 10.0.0.0/8\nagent=x*;y\ndeny=4xx\n"
                               "until=2026-11-20\n[expect]\nanswered-least=95%\n";

    for (size_t i = 0; i < sizeof text - 1; i++) {
        char *changed = g_strdup(text);
        char *error;
        sipwhy_policy_free(read_bytes(text, i, "en", &error));
        g_free(error);
        changed[i] = (char)("\n=[]# \x7f:/\0"[i % 10]);
        sipwhy_policy_free(read_bytes(changed, sizeof text - 1, "fr", &error));
        g_free(error);
        g_free(changed);
    }
}

static void test_nearest(void)
{
    static const char *const names[] = {"deny", "allow", "fail-on", "no-sip", NULL};

    g_assert_cmpuint(sipwhy_distance("", ""), ==, 0);
    g_assert_cmpuint(sipwhy_distance("", "abc"), ==, 3);
    g_assert_cmpuint(sipwhy_distance("Allow", "aLLOW"), ==, 0);
    g_assert_cmpuint(sipwhy_distance("ab", "ba"), ==, 1);
    g_assert_cmpuint(sipwhy_distance("invite", "invtie"), ==, 1);
    g_assert_cmpuint(sipwhy_distance("kitten", "sitting"), ==, 3);
    g_assert_cmpstr(sipwhy_nearest("dney", names), ==, "deny");
    g_assert_cmpstr(sipwhy_nearest("alow", names), ==, "allow");
    g_assert_cmpstr(sipwhy_nearest("nosip", names), ==, "no-sip");
    g_assert_cmpstr(sipwhy_nearest("", names), ==, NULL);
    g_assert_cmpstr(sipwhy_nearest("threshold", names), ==, NULL);
    char *long_name = g_strnfill(100000, 'a');
    g_assert_cmpstr(sipwhy_nearest(long_name, names), ==, NULL);
    g_free(long_name);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("sipwhy-policy-XXXXXX", NULL);
    g_test_add_func("/policy/default", test_default);
    g_test_add_func("/policy/every-key", test_every_key);
    g_test_add_func("/policy/forms", test_forms);
    g_test_add_func("/policy/groups", test_groups);
    g_test_add_func("/policy/keys", test_keys);
    g_test_add_func("/policy/values", test_values);
    g_test_add_func("/policy/bytes", test_bytes);
    g_test_add_func("/policy/damaged", test_damaged);
    g_test_add_func("/policy/nearest", test_nearest);
    const int result = g_test_run();
    g_rmdir(folder);
    g_free(folder);
    return result;
}
