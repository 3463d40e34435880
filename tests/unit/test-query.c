/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query.h"

#include "page.h"

static const SipwhyLanguage ENGLISH = 0;

static void test_kinds(void)
{
    static const struct {
        const char *word;
        SipwhyQueryKind kind;
        const char *title; /* how the title of its first page begins */
        unsigned least;    /* pages */
    } cases[] = {
        {"488", SIPWHY_QUERY_STATUS, "488 Not Acceptable Here", 1},
        {"5XX", SIPWHY_QUERY_CLASS, "5xx", 5},
        {"warning:305", SIPWHY_QUERY_WARNING, "Warning 305", 1},
        {"Q850:34", SIPWHY_QUERY_CAUSE, "Q.850 cause 34", 1},
        {"q.850:34", SIPWHY_QUERY_CAUSE, "Q.850 cause 34", 1},
        {"reason:stir", SIPWHY_QUERY_REASON, "Reason protocol STIR", 1},
        {"no-common-codec", SIPWHY_QUERY_FINDING, "Finding no-common-codec", 1},
        {"finding:no-common-codec", SIPWHY_QUERY_FINDING, "Finding no-common-codec", 1},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        SipwhyQuery query;
        g_assert_cmpint(sipwhy_query_read(cases[i].word, &query), ==, SIPWHY_QUERY_FOUND);
        g_assert_cmpint(query.kind, ==, cases[i].kind);
        GPtrArray *pages = sipwhy_query_pages(&query, ENGLISH);
        g_assert_cmpuint(pages->len, >=, cases[i].least);
        const SipwhyPage *page = pages->pdata[0];
        g_assert_true(g_str_has_prefix(page->title, cases[i].title));
        g_ptr_array_free(pages, TRUE);
    }
}

static void test_not_found(void)
{
    static const struct {
        const char *word;
        SipwhyQueryResult result;
        SipwhyText complaint;
    } cases[] = {
        {"", SIPWHY_QUERY_MALFORMED, SIPWHY_TEXT_ERROR_CODE},
        {"hello", SIPWHY_QUERY_MALFORMED, SIPWHY_TEXT_ERROR_CODE},
        {"-5", SIPWHY_QUERY_MALFORMED, SIPWHY_TEXT_ERROR_CODE},
        {"7xx", SIPWHY_QUERY_UNKNOWN, SIPWHY_TEXT_NOT_A_STATUS_CODE},
        {"99999999999999999999", SIPWHY_QUERY_UNKNOWN, SIPWHY_TEXT_NOT_A_STATUS_CODE},
        {"warning:", SIPWHY_QUERY_UNKNOWN, SIPWHY_TEXT_ERROR_WARNING},
        {"warning:1", SIPWHY_QUERY_UNKNOWN, SIPWHY_TEXT_ERROR_WARNING},
        {"q850:128", SIPWHY_QUERY_UNKNOWN, SIPWHY_TEXT_ERROR_CAUSE},
        {"reason:x", SIPWHY_QUERY_UNKNOWN, SIPWHY_TEXT_ERROR_REASON},
        {"finding:488", SIPWHY_QUERY_UNKNOWN, SIPWHY_TEXT_ERROR_FINDING},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        SipwhyQuery query;
        g_assert_cmpint(sipwhy_query_read(cases[i].word, &query), ==, cases[i].result);
        g_assert_cmpint(query.complaint, ==, cases[i].complaint);
    }
}

/* 70000 is asked for as a status, and has no page: it is none. */
static void test_no_status(void)
{
    SipwhyQuery query;

    g_assert_cmpint(sipwhy_query_read("70000", &query), ==, SIPWHY_QUERY_FOUND);
    g_assert_false(sipwhy_status_is_valid(query.number));
    GPtrArray *pages = sipwhy_query_pages(&query, ENGLISH);
    g_assert_cmpuint(pages->len, ==, 0);
    g_ptr_array_free(pages, TRUE);
}

static void test_codes(void)
{
    GArray *codes = g_array_new(FALSE, FALSE, sizeof(unsigned));
    SipwhyText complaint;

    g_assert_cmpint(sipwhy_query_add_code("486", codes, &complaint), ==, SIPWHY_QUERY_FOUND);
    g_assert_cmpint(sipwhy_query_add_code("600", codes, &complaint), ==, SIPWHY_QUERY_FOUND);
    g_assert_cmpint(sipwhy_query_add_code("0486", codes, &complaint), ==, SIPWHY_QUERY_FOUND);
    g_assert_cmpint(sipwhy_query_add_code("700", codes, &complaint), ==, SIPWHY_QUERY_UNKNOWN);
    g_assert_cmpint(complaint, ==, SIPWHY_TEXT_NOT_A_STATUS_CODE);
    g_assert_cmpint(sipwhy_query_add_code("4xx", codes, &complaint), ==, SIPWHY_QUERY_MALFORMED);
    g_assert_cmpint(complaint, ==, SIPWHY_TEXT_ERROR_COMPARE_CODE);
    g_assert_cmpuint(codes->len, ==, 2);
    g_array_free(codes, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/query/kinds", test_kinds);
    g_test_add_func("/query/not-found", test_not_found);
    g_test_add_func("/query/no-status", test_no_status);
    g_test_add_func("/query/codes", test_codes);
    return g_test_run();
}
