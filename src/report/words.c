/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Small things as reports write them.
 */
#include "report/words.h"

enum { FRAMES_MOST = 8 };

void sipwhy_block_take(SipwhyBlock *block, const char *name, char *text)
{
    sipwhy_block_add(block, name, text);
    g_free(text);
}

char *sipwhy_words_number(size_t number)
{
    return g_strdup_printf("%" G_GSIZE_FORMAT, number);
}

char *sipwhy_words_time(int64_t time)
{
    const int64_t seconds = time >= 0 ? time / G_USEC_PER_SEC : 0;
    GDateTime *utc = g_date_time_new_from_unix_utc(seconds);
    char *date = utc ? g_date_time_format(utc, "%Y-%m-%d %H:%M:%S") : g_strdup("?");
    char *text = g_strdup_printf("%s.%03d", date, (int)(MAX(time, 0) / 1000 % 1000));

    if (utc)
        g_date_time_unref(utc);
    g_free(date);
    return text;
}

char *sipwhy_words_instant(int64_t time)
{
    const int64_t fraction = ((time % G_USEC_PER_SEC) + G_USEC_PER_SEC) % G_USEC_PER_SEC;
    GDateTime *second = g_date_time_new_from_unix_utc((time - fraction) / G_USEC_PER_SEC);

    if (!second)
        return NULL;
    char *date = g_date_time_format(second, "%Y-%m-%dT%H:%M:%S");
    char *text = g_strdup_printf("%s.%06dZ", date, (int)fraction);
    g_free(date);
    g_date_time_unref(second);
    return text;
}

const char *sipwhy_words_method(SipwhyLanguage language, SipwhyMethod method)
{
    const char *name = sipwhy_method_name(method);

    return name ? name : sipwhy_text(language, SIPWHY_TEXT_REQUEST);
}

char *sipwhy_words_code(SipwhyLanguage language, unsigned status)
{
    SipwhyExplanation explanation;

    if (sipwhy_explain(status, language, &explanation))
        return sipwhy_code_title(&explanation);
    return g_strdup_printf("%03u", status);
}

char *sipwhy_words_frames(SipwhyLanguage language, const uint32_t *frames, size_t count, bool more)
{
    GString *list = g_string_new(NULL);

    for (size_t i = 0; i < MIN(count, FRAMES_MOST); i++)
        g_string_append_printf(list, "%s%u", i ? ", " : "", frames[i]);
    if (more || count > FRAMES_MOST) {
        char *dotted =
            sipwhy_text_format(language, SIPWHY_TEXT_REPORT_DOTS, "list", list->str, NULL);
        g_string_assign(list, dotted);
        g_free(dotted);
    }
    return g_string_free(list, FALSE);
}

int sipwhy_frames_compare(const void *a, const void *b)
{
    const uint32_t one = *(const uint32_t *)a;
    const uint32_t other = *(const uint32_t *)b;

    return one < other ? -1 : one > other;
}
