/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a policy expects of all captures together.
 */
#include "expect.h"

#include <string.h>

enum { PLACES_MOST = 5, PERCENTILE = 95, STRICT = 2 };

/* Shares and seconds that differ by less are the same. */
static const double nothing = 1e-9;
static const double hair = 5e-7;

/* What the calls of all captures come to. */
typedef struct {
    const SipwhyPolicy *policy;
    SipwhyLanguage language;
    size_t calls;
    size_t outcomes[SIPWHY_OUTCOME_COUNT];
    size_t open;     /* without a final response, though the capture goes on long enough */
    GString *places; /* where these are */
    size_t places_count;
    GArray *delays; /* double: those that are known */
    GPtrArray *list;
} Expecting;

/* ---- looking at the calls ---- */

static bool is_cut_off(const SipwhyRecordedCall *call)
{
    return call->outcome == SIPWHY_OUTCOME_INCOMPLETE;
}

/* A call that an ICMP error ended failed without a final response. */
static bool is_open(const Expecting *expecting, const SipwhyRecordedCall *call)
{
    return call->code == 0 && (!is_cut_off(call) || expecting->policy->final_response == STRICT);
}

static void note_place(Expecting *expecting, const SipwhyRecording *capture,
                       const SipwhyRecordedCall *call)
{
    if (++expecting->places_count > PLACES_MOST)
        return;
    char *file = sipwhy_printable_text(capture->file, strlen(capture->file));
    char *frame = g_strdup_printf("%u", call->first_in);
    char *place = sipwhy_text_format(expecting->language, SIPWHY_TEXT_EXPECT_PLACE, "file", file,
                                     "frame", frame, NULL);
    g_string_append_printf(expecting->places, "%s%s", expecting->places->len ? ", " : "", place);
    g_free(place);
    g_free(frame);
    g_free(file);
}

static void look_at(Expecting *expecting, const SipwhyRecording *capture)
{
    for (unsigned i = 0; i < capture->calls->len; i++) {
        const SipwhyRecordedCall *call = capture->calls->pdata[i];
        if (!call->is_call || call->outcome < 0)
            continue;
        expecting->calls++;
        expecting->outcomes[call->outcome]++;
        if (is_open(expecting, call)) {
            expecting->open++;
            note_place(expecting, capture, call);
        }
        if (call->pdd >= 0)
            g_array_append_val(expecting->delays, call->pdd);
    }
}

/* ---- numbers in words ---- */

static char *count_text(size_t count)
{
    return g_strdup_printf("%" G_GSIZE_FORMAT, count);
}

/* With at most `digits` behind the point, and none that says nothing. */
static char *decimal_text(double number, int digits)
{
    char format[8];
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_snprintf(format, sizeof format, "%%.%df", digits);
    g_ascii_formatd(text, sizeof text, format, number);
    if (strchr(text, '.')) {
        size_t length = strlen(text);
        while (text[length - 1] == '0')
            text[--length] = '\0';
        if (text[length - 1] == '.')
            text[length - 1] = '\0';
    }
    return g_strdup(text);
}

/* A share as a percentage, never rounded up to one that would be enough. */
static char *share_text(double share)
{
    static const double tenths = 1000;

    return decimal_text((double)(int64_t)(share * tenths + nothing) / (tenths / 100), 1);
}

/* ---- expectations ---- */

static void free_expectation(void *data)
{
    SipwhyExpectation *expectation = data;

    g_free(expectation->text);
    g_free(expectation);
}

/* Takes the text. */
static void expect(Expecting *expecting, const char *id, bool met, char *text)
{
    SipwhyExpectation *expectation = g_new(SipwhyExpectation, 1);

    *expectation = (SipwhyExpectation){id, met, text};
    g_ptr_array_add(expecting->list, expectation);
}

static void expect_calls(Expecting *expecting)
{
    const int least = expecting->policy->calls_least;

    if (least < 0)
        return;
    char *wanted = count_text((size_t)least);
    char *count = count_text(expecting->calls);
    expect(expecting, "calls-least", expecting->calls >= (size_t)least,
           sipwhy_text_format(expecting->language, SIPWHY_TEXT_EXPECT_CALLS, "least", wanted,
                              "count", count, NULL));
    g_free(count);
    g_free(wanted);
}

/* What is said of final responses. */
static char *final_text(const Expecting *expecting, size_t known, size_t cut)
{
    const SipwhyText template = known == 0            ? SIPWHY_TEXT_EXPECT_FINAL_NONE
                                : expecting->open > 0 ? SIPWHY_TEXT_EXPECT_FINAL_OPEN
                                                      : SIPWHY_TEXT_EXPECT_FINAL_MET;
    char *all = count_text(known);
    char *open = count_text(expecting->open);
    char *out = count_text(cut);
    char *dotted = sipwhy_text_format(expecting->language, SIPWHY_TEXT_REPORT_DOTS, "list",
                                      expecting->places->str, NULL);
    char *text = sipwhy_text_format(
        expecting->language, template, "calls", all, "open", open, "places",
        expecting->places_count > PLACES_MOST ? dotted : expecting->places->str, NULL);
    if (cut > 0) {
        char *more = sipwhy_text_format(expecting->language, SIPWHY_TEXT_EXPECT_CUT, "text", text,
                                        "count", out, NULL);
        g_free(text);
        text = more;
    }
    g_free(dotted);
    g_free(out);
    g_free(open);
    g_free(all);
    return text;
}

/* A call whose end, or beginning, the capture does not have tells nothing; if there is no other,
 * nothing is known, and that is not enough. */
static void expect_final(Expecting *expecting)
{
    const int wanted = expecting->policy->final_response;
    const size_t cut = wanted == STRICT ? 0 : expecting->outcomes[SIPWHY_OUTCOME_INCOMPLETE];
    const size_t known = expecting->calls - cut;

    if (wanted > 0)
        expect(expecting, "final-response", known > 0 && expecting->open == 0,
               final_text(expecting, known, cut));
}

/* The session establishment ratio leaves redirections out (RFC 6076 4.6). */
static void expect_answered(Expecting *expecting)
{
    const double least = expecting->policy->answered_least;
    const size_t answered = expecting->outcomes[SIPWHY_OUTCOME_ANSWERED];
    const size_t out = expecting->outcomes[SIPWHY_OUTCOME_INCOMPLETE] +
                       expecting->outcomes[SIPWHY_OUTCOME_REDIRECTED];
    const size_t known = expecting->calls - out;

    if (least < 0)
        return;
    char *wanted = decimal_text(least * 100, 4);
    char *share = share_text(known > 0 ? (double)answered / (double)known : 0);
    char *count = count_text(answered);
    char *all = count_text(known);
    char *left = count_text(out);
    char *text = sipwhy_text_format(
        expecting->language,
        known > 0 ? SIPWHY_TEXT_EXPECT_ANSWERED : SIPWHY_TEXT_EXPECT_ANSWERED_NONE, "least", wanted,
        "share", share, "count", count, "calls", all, NULL);
    if (out > 0) {
        char *more = sipwhy_text_format(expecting->language, SIPWHY_TEXT_EXPECT_LEFT_OUT, "text",
                                        text, "count", left, NULL);
        g_free(text);
        text = more;
    }
    expect(expecting, "answered-least",
           known > 0 && (double)answered >= least * (double)known - nothing, text);
    g_free(left);
    g_free(all);
    g_free(count);
    g_free(share);
    g_free(wanted);
}

static int compare_delays(const void *a, const void *b)
{
    const double one = *(const double *)a;
    const double other = *(const double *)b;

    return one < other ? -1 : one > other;
}

/* The nearest rank: the smallest delay that so many of all do not exceed. */
static double percentile(GArray *delays)
{
    const size_t rank = ((size_t)delays->len * PERCENTILE + 99) / 100;

    g_array_sort(delays, compare_delays);
    return rank > 0 ? g_array_index(delays, double, rank - 1) : 0;
}

static void expect_delay(Expecting *expecting)
{
    const double most = expecting->policy->pdd_p95_most;
    const size_t known = expecting->delays->len;

    if (most < 0)
        return;
    const double delay = percentile(expecting->delays);
    char *wanted = decimal_text(most, 3);
    char *value = decimal_text(delay, 3);
    char *count = count_text(known);
    expect(expecting, "pdd-p95-most", known > 0 && delay <= most + hair,
           sipwhy_text_format(expecting->language,
                              known > 0 ? SIPWHY_TEXT_EXPECT_DELAY : SIPWHY_TEXT_EXPECT_DELAY_NONE,
                              "most", wanted, "value", value, "count", count, NULL));
    g_free(count);
    g_free(value);
    g_free(wanted);
}

GPtrArray *sipwhy_expectations(const GPtrArray *captures, const SipwhyPolicy *policy,
                               SipwhyLanguage language)
{
    Expecting expecting = {.policy = policy,
                           .language = language,
                           .places = g_string_new(NULL),
                           .delays = g_array_new(FALSE, FALSE, sizeof(double)),
                           .list = g_ptr_array_new_with_free_func(free_expectation)};

    for (unsigned i = 0; i < captures->len; i++)
        look_at(&expecting, captures->pdata[i]);
    expect_calls(&expecting);
    expect_final(&expecting);
    expect_answered(&expecting);
    expect_delay(&expecting);
    g_string_free(expecting.places, TRUE);
    g_array_free(expecting.delays, TRUE);
    return expecting.list;
}
