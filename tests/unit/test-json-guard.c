/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What json-glib is kept from seeing.
 */
#include "json_guard.h"

#include <glib.h>
#include <string.h>

enum { DEPTH = 2 };

static const struct {
    const char *text;
    bool harmless;
} cases[] = {
    {"", true},
    {"{\"a\":[1,-2.5e+3,true,false,null]}", true},
    {" \t\r\n{}", true},
    {"[]]]", true}, /* no JSON, and no harm */
    {"[[]]", true},
    {"[[[]]]", false},
    {"[][][]", true},
    {"{\"[[[{{{\":1}", true},
    {"{\"a\":1} // b", false},
    {"{'a':1}", false},
    {"{\"a\":1}#", false},
    {"{\"a\":1}\x01", false},
    {"\"//'#\"", true},
    {"\"", false},
    {"\"\\", false},
    {"\"\\\"", false},
    {"\"\\\"\"", true},
    {"\"\\\\\"", true},
    {"\"\\u00e9\\ud7ff\\ue000\"", true},
    {"\"\\ud83d\\ude00\"", true},
    {"\"\\uD83D\\uDE00\"", true},
    {"\"\\ud83d\"", false},
    {"\"\\ud83d", false},
    {"\"\\ud83dx\"", false},
    {"\"\\ud83d\\n\"", false},
    {"\"\\ud83d\\u0041\"", false},
    {"\"\\ud83d\\ud83d\"", false},
    {"\"\\ud83d\\ude0\"", false},
    {"\"\\ude00\"", false},
    {"\"\\ude00\\ud83d\"", false},
    {"\"\\\\ud83d\"", true},
};

static void test_texts(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const size_t length = strlen(cases[i].text);
        char *exact = g_memdup2(cases[i].text, length); /* a sanitizer sees the byte behind it */
        g_test_message("%s", cases[i].text);
        g_assert_cmpint(sipwhy_json_is_harmless(exact, length, DEPTH), ==, cases[i].harmless);
        for (size_t cut = 0; cut < length; cut++) {
            char *piece = g_memdup2(cases[i].text, cut);
            sipwhy_json_is_harmless(piece, cut, DEPTH);
            g_free(piece);
        }
        g_free(exact);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json-guard/texts", test_texts);
    return g_test_run();
}
