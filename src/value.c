/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A value that fills a placeholder.
 */
#include "value.h"

#include <string.h>

enum { SHORT_BYTES_MOST = 60, VALUES_MOST = 16 };

/* Cuts valid UTF-8 between two characters, so that it has at most SHORT_BYTES_MOST bytes with the
 * dots behind it. */
static char *shorten(const char *text)
{
    static const char dots[] = "...";
    size_t length = SHORT_BYTES_MOST - strlen(dots);

    while (((unsigned char)text[length] & 0xC0) == 0x80) /* inside a character */
        length--;
    return g_strdup_printf("%.*s%s", (int)length, text, dots);
}

char *sipwhy_short_text(SipwhySlice slice)
{
    char *text = sipwhy_printable_text(slice.data, MIN(slice.length, SHORT_BYTES_MOST + 1));

    if (strlen(text) <= SHORT_BYTES_MOST)
        return text;
    char *shortened = shorten(text);
    g_free(text);
    return shortened;
}

static char *with_unit(char *number, SipwhyText unit, SipwhyLanguage language)
{
    char *text = sipwhy_text_format(language, unit, "number", number, NULL);

    g_free(number);
    return text;
}

char *sipwhy_duration_text(int64_t microseconds, SipwhyLanguage language)
{
    static const struct {
        int64_t microseconds;
        int64_t most; /* above it, the next unit is easier to read */
        SipwhyText unit;
    } units[] = {{1000, 999, SIPWHY_TEXT_NUMBER_MILLISECONDS},
                 {INT64_C(1000000), 119, SIPWHY_TEXT_NUMBER_SECONDS},
                 {INT64_C(60000000), 119, SIPWHY_TEXT_NUMBER_MINUTES},
                 {INT64_C(3600000000), 71, SIPWHY_TEXT_NUMBER_HOURS},
                 {INT64_C(86400000000), INT64_MAX, SIPWHY_TEXT_NUMBER_DAYS}};
    const int64_t time = CLAMP(microseconds, 0, INT64_MAX / 2);
    size_t i = 0;
    char *number;

    while ((time + units[i].microseconds / 2) / units[i].microseconds > units[i].most)
        i++;
    const int64_t unit = units[i].microseconds;
    const int64_t tenths = (time + unit / 20) / (unit / 10);
    if (tenths >= 100)
        number = g_strdup_printf("%" G_GINT64_FORMAT, (time + unit / 2) / unit);
    else if (tenths % 10 != 0)
        number = g_strdup_printf("%d%s%d", (int)tenths / 10,
                                 sipwhy_text(language, SIPWHY_TEXT_NUMBER_POINT), (int)tenths % 10);
    else
        number = g_strdup_printf("%d", (int)tenths / 10);
    return with_unit(number, units[i].unit, language);
}

/* "403", "403 or 480", "403, 480 or 603" */
static char *codes_text(const SipwhyNumbers *codes, SipwhyLanguage language)
{
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < codes->count; i++) {
        if (i > 0 && i + 1 == codes->count)
            g_string_append_printf(text, " %s ", sipwhy_text(language, SIPWHY_TEXT_OR));
        else if (i > 0)
            g_string_append(text, ", ");
        g_string_append_printf(text, "%u", codes->number[i]);
    }
    return g_string_free(text, FALSE);
}

char *sipwhy_value_text(const SipwhyValue *value, SipwhyLanguage language)
{
    const char *meaning;

    switch (value->kind) {
    case SIPWHY_VALUE_DURATION:
        return sipwhy_duration_text(value->duration, language);
    case SIPWHY_VALUE_WORD:
        return g_strdup(sipwhy_text(language, value->word));
    case SIPWHY_VALUE_CODES:
        return codes_text(&value->codes, language);
    case SIPWHY_VALUE_REASON:
        meaning = sipwhy_reason_meaning(value->reason, language);
        return g_strdup(meaning ? meaning : "");
    case SIPWHY_VALUE_TEXT:
        break;
    }
    return g_strdup(value->text ? value->text : "");
}

void sipwhy_value_clear(SipwhyValue *value)
{
    if (value->kind == SIPWHY_VALUE_TEXT)
        g_free(value->text);
    else if (value->kind == SIPWHY_VALUE_REASON)
        g_free(value->reason);
    *value = (SipwhyValue){.kind = SIPWHY_VALUE_TEXT};
}

char *sipwhy_template_fill_values(const char *template, const char *const *names,
                                  const SipwhyValue *values, size_t count, SipwhyLanguage language)
{
    char *texts[VALUES_MOST] = {NULL};

    g_assert(count <= VALUES_MOST);
    for (size_t i = 0; i < count; i++)
        texts[i] = sipwhy_value_text(&values[i], language);
    char *filled = sipwhy_template_fill(template, names, (const char *const *)texts, count);
    for (size_t i = 0; i < count; i++)
        g_free(texts[i]);
    return filled;
}
