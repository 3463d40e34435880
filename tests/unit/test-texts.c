/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Texts that are kept once.
 */
#include "recording/texts.h"

#include <glib.h>
#include <string.h>

static void test_once(void)
{
    SipwhyTexts *texts = sipwhy_texts_new();
    const char *one = sipwhy_texts_keep(texts, "one and more", 3);

    g_assert_cmpstr(one, ==, "one");
    g_assert_true(sipwhy_texts_keep(texts, "one", 3) == one);
    g_assert_false(sipwhy_texts_keep(texts, "one", 2) == one);
    g_assert_false(sipwhy_texts_keep(texts, "One", 3) == one);
    g_assert_cmpstr(sipwhy_texts_keep(texts, "", 0), ==, "");
    sipwhy_texts_free(texts);
}

/* Far more than there is room for at first; some differ in one byte behind eight, or in length. */
static void test_many(void)
{
    enum { MANY = 20000 };
    SipwhyTexts *texts = sipwhy_texts_new();
    const char **kept = g_new(const char *, MANY);

    for (unsigned turn = 0; turn < 2; turn++) {
        for (unsigned i = 0; i < MANY; i++) {
            char *text = g_strdup_printf("%0*u", (int)(i % 20), i);
            const char *known = sipwhy_texts_keep(texts, text, strlen(text));
            g_assert_cmpstr(known, ==, text);
            g_assert_true(turn == 0 || known == kept[i]);
            kept[i] = known;
            g_free(text);
        }
    }
    g_free(kept);
    sipwhy_texts_free(texts);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/texts/once", test_once);
    g_test_add_func("/texts/many", test_many);
    return g_test_run();
}
