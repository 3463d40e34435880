/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Text for people in the character set of the locale, which need not be UTF-8.
 */
#include "charset.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

static const char ASCII[] = "US-ASCII";

enum { NO_BREAK = 0x00A0 }; /* the blank before : ; ? ! in French */

static struct {
    const char *name;  /* for people; NULL: UTF-8 */
    const char *iconv; /* the name for iconv */
    gboolean lacks;    /* letters had to be simplified */
} charset;

/* Whether the locale that the variables name is one of UTF-8: "fr_FR.UTF-8", "fr_FR.utf8@euro". */
static gboolean names_utf8(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *value = NULL;

    for (unsigned i = 0; i < G_N_ELEMENTS(variables) && !(value && *value); i++)
        value = g_getenv(variables[i]);
    const char *dot = value ? strchr(value, '.') : NULL;
    if (!dot)
        return FALSE;
    char *codeset = g_strndup(dot + 1, strcspn(dot + 1, "@"));
    gboolean is_utf8 =
        g_ascii_strcasecmp(codeset, "UTF-8") == 0 || g_ascii_strcasecmp(codeset, "utf8") == 0;
    g_free(codeset);
    return is_utf8;
}

static gboolean is_ascii(const char *codeset)
{
    return strcmp(codeset, "ANSI_X3.4-1968") == 0 || strcmp(codeset, ASCII) == 0 ||
           strcmp(codeset, "646") == 0;
}

void cli_charset_begin(void)
{
    /* One category that is not installed fails them all. */
    gboolean is_set = setlocale(LC_ALL, "") || setlocale(LC_CTYPE, "");
    const char *codeset = nl_langinfo(CODESET);

    if (is_set ? g_ascii_strcasecmp(codeset, "UTF-8") == 0 : names_utf8())
        return;
    charset.iconv = ASCII;
    charset.name = "ASCII";
    if (is_ascii(codeset))
        return;
    charset.name = g_intern_string(codeset);
    GIConv converter = g_iconv_open(codeset, "UTF-8");
    if (converter != (GIConv)-1) { // NOLINT(performance-no-int-to-ptr): GLib's way to fail
        charset.iconv = charset.name;
        g_iconv_close(converter);
    }
}

/* Pipelines run in the C locale and expect UTF-8; a terminal shows no more than it can. */
static gboolean takes_all(FILE *stream)
{
    return !charset.name || (strcmp(charset.name, "ASCII") == 0 && !isatty(fileno(stream)));
}

/* Whether the character set has this character. */
static gboolean has(GIConv converter, const char *character, gsize length)
{
    enum { ROOM = 32 };
    char converted[ROOM];
    char *in = (char *)character;
    char *out = converted;
    gsize out_left = sizeof converted;

    /* Some count what they put in its place, others fail. */
    gboolean is_there = g_iconv(converter, &in, &length, &out, &out_left) == 0;
    g_iconv(converter, NULL, NULL, NULL, NULL);
    return is_there;
}

/* Blanks and signs that ASCII has in another shape: nothing is lost. Each is one column wide. */
static const char *equal_of(gunichar character)
{
    static const struct {
        gunichar character;
        const char *equal;
    } equals[] = {
        {NO_BREAK, " "}, {0x202F, " "}, {0x00AB, "\""}, {0x00BB, "\""}, {0x201C, "\""},
        {0x201D, "\""},  {0x2018, "'"}, {0x2019, "'"},  {0x2010, "-"},  {0x2011, "-"},
        {0x2013, "-"},   {0x2014, "-"}, {0x00D7, "x"},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(equals); i++)
        if (equals[i].character == character)
            return equals[i].equal;
    return NULL;
}

static void append_simplified(GString *simple, const char *character, gsize length,
                              SipwhyLanguage language)
{
    const char *equal = equal_of(g_utf8_get_char(character));

    if (equal) {
        g_string_append(simple, equal);
        return;
    }
    char *alone = g_strndup(character, length);
    char *ascii = g_str_to_ascii(alone, sipwhy_language_id(language));
    g_string_append(simple, ascii);
    charset.lacks = TRUE;
    g_free(ascii);
    g_free(alone);
}

/* Guillemets that become quotation marks give up the blanks inside of them. */
static gboolean is_inner_blank(const char *character, const char *text, GIConv converter)
{
    static const char OPENING[] = "\u00AB";
    static const char CLOSING[] = "\u00BB";
    static const gsize LENGTH = sizeof OPENING - 1;

    if (g_utf8_get_char(character) != NO_BREAK || has(converter, OPENING, LENGTH))
        return FALSE;
    return (character >= text + LENGTH && memcmp(character - LENGTH, OPENING, LENGTH) == 0) ||
           g_str_has_prefix(g_utf8_next_char(character), CLOSING);
}

/* With `keeps_blanks`, no-break blanks stay what they are: lines are still to be broken. */
static char *simplify(FILE *stream, const char *text, gboolean keeps_blanks,
                      SipwhyLanguage language)
{
    GIConv converter = takes_all(stream) ? (GIConv)-1 // NOLINT(performance-no-int-to-ptr)
                                         : g_iconv_open(charset.iconv, "UTF-8");

    if (converter == (GIConv)-1) // NOLINT(performance-no-int-to-ptr)
        return g_strdup(text);
    char *valid = g_utf8_make_valid(text, -1);
    char *whole = g_utf8_normalize(valid, -1, G_NORMALIZE_NFC);
    GString *simple = g_string_sized_new(strlen(whole));
    const char *end;
    for (const char *place = whole; *place; place = end) {
        end = g_utf8_next_char(place);
        const gsize length = (gsize)(end - place);
        if (is_inner_blank(place, whole, converter))
            continue;
        if (length == 1 || (keeps_blanks && g_utf8_get_char(place) == NO_BREAK) ||
            has(converter, place, length))
            g_string_append_len(simple, place, (gssize)length);
        else
            append_simplified(simple, place, length, language);
    }
    g_free(whole);
    g_free(valid);
    g_iconv_close(converter);
    return g_string_free(simple, FALSE);
}

char *cli_charset_simplify(FILE *stream, const char *text, SipwhyLanguage language)
{
    return simplify(stream, text, TRUE, language);
}

gboolean cli_charset_write(FILE *stream, const char *text, SipwhyLanguage language)
{
    char *simple = simplify(stream, text, FALSE, language);
    gsize length = strlen(simple);

    if (!takes_all(stream)) {
        gsize converted_length = 0;
        char *converted = g_convert_with_fallback(simple, (gssize)length, charset.iconv, "UTF-8",
                                                  "?", NULL, &converted_length, NULL);
        if (converted) {
            g_free(simple);
            simple = converted;
            length = converted_length;
        }
    }
    gboolean written = fwrite(simple, 1, length, stream) == length && fflush(stream) == 0;
    const int error = errno;
    g_free(simple);
    errno = error;
    return written;
}

const char *cli_charset_lacking(void)
{
    return charset.lacks ? charset.name : NULL;
}
