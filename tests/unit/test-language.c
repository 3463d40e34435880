/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * language.h: tags, and the variables of the environment.
 */
#include "language.h"

#include <glib.h>

enum { UNTOUCHED = 4711 };

static void test_find(void)
{
    static const struct {
        const char *tag;
        const char *id; /* NULL: there is none */
    } cases[] = {
        {"en", "en"},      {"fr", "fr"},          {"FR", "fr"},      {"fr_CA.UTF-8", "fr"},
        {"FR-be", "fr"},   {"fr.UTF-8", "fr"},    {"fr@euro", "fr"}, {"en_GB", "en"},
        {"", NULL},        {"f", NULL},           {"fra", NULL},     {"frx_FR", NULL},
        {"_fr", NULL},     {"de_DE.UTF-8", NULL}, {"C", NULL},       {" fr", NULL},
        {"English", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SipwhyLanguage language = UNTOUCHED;
        bool found = sipwhy_language_find(cases[i].tag, &language);
        g_test_message("\"%s\"", cases[i].tag);
        g_assert_true(found == (cases[i].id != NULL));
        if (found)
            g_assert_cmpstr(sipwhy_language_id(language), ==, cases[i].id);
        else
            g_assert_cmpuint(language, ==, UNTOUCHED);
    }
}

static void set(const char *name, const char *value)
{
    if (value)
        g_setenv(name, value, TRUE);
    else
        g_unsetenv(name);
}

static void test_environment(void)
{
    static const struct {
        const char *lc_all, *lc_messages, *lang, *language;
        const char *id;
    } cases[] = {
        {NULL, NULL, NULL, NULL, "en"},
        {NULL, NULL, "fr_FR.UTF-8", NULL, "fr"},
        {NULL, NULL, "de_DE.UTF-8", NULL, "en"},
        {NULL, "fr_FR", "en_GB", NULL, "fr"},
        {"en_GB", "fr_FR", "fr_FR", NULL, "en"},
        {"", "", "fr_FR", NULL, "fr"},
        {"de_DE", NULL, "fr_FR", NULL, "en"},
        /* LANGUAGE goes before, in order */
        {NULL, NULL, "en_GB.UTF-8", "fr", "fr"},
        {NULL, NULL, "en_GB.UTF-8", "de:fr_CA:en", "fr"},
        {NULL, NULL, "fr_FR.UTF-8", "en:fr", "en"},
        {NULL, NULL, "fr_FR.UTF-8", "", "fr"},
        {NULL, NULL, "fr_FR.UTF-8", "::", "fr"},
        {NULL, NULL, "fr_FR.UTF-8", "C:fr", "en"},
        {"fr_FR.UTF-8", NULL, NULL, "en_US:en", "en"},
        /* but not in C and POSIX */
        {NULL, NULL, NULL, "fr", "en"},
        {"C", NULL, "fr_FR.UTF-8", "fr", "en"},
        {"POSIX", NULL, "fr_FR.UTF-8", "fr", "en"},
        {"C.UTF-8", NULL, "fr_FR.UTF-8", "fr", "en"},
        {NULL, "C", "fr_FR.UTF-8", "fr", "en"},
        {NULL, NULL, "C", "fr", "en"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        set("LC_ALL", cases[i].lc_all);
        set("LC_MESSAGES", cases[i].lc_messages);
        set("LANG", cases[i].lang);
        set("LANGUAGE", cases[i].language);
        g_test_message("case %zu", i);
        g_assert_cmpstr(sipwhy_language_id(sipwhy_language_from_environment()), ==, cases[i].id);
    }
}

static void test_names(void)
{
    SipwhyLanguage count = 0;

    for (; sipwhy_language_id(count); count++) {
        SipwhyLanguage found = UNTOUCHED;
        g_assert_nonnull(sipwhy_language_name(count));
        g_assert_true(sipwhy_language_find(sipwhy_language_id(count), &found));
        g_assert_cmpuint(found, ==, count);
    }
    g_assert_cmpuint(count, >=, 2);
    g_assert_null(sipwhy_language_name(count));
    g_assert_null(sipwhy_language_id((SipwhyLanguage)-1));
    g_assert_cmpstr(sipwhy_language_id(0), ==, "en");
    g_assert_cmpstr(sipwhy_language_name(1), ==,
                    "Fran\xc3\xa7"
                    "ais");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/find", test_find);
    g_test_add_func("/language/environment", test_environment);
    g_test_add_func("/language/names", test_names);
    return g_test_run();
}
