/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which language sipwhy speaks.
 */
#include "language.h"

#include <glib.h>
#include <string.h>

#include "tables.h"

bool sipwhy_language_find(const char *tag, SipwhyLanguage *language)
{
    size_t length = strcspn(tag, "_-.@");

    for (unsigned i = 0; i < sipwhy_language_count; i++) {
        if (strlen(sipwhy_language_ids[i]) == length &&
            g_ascii_strncasecmp(sipwhy_language_ids[i], tag, length) == 0) {
            *language = i;
            return true;
        }
    }
    return false;
}

/* The first of the variables that gettext looks at and that is set; NULL when none is. */
static const char *locale_name(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (unsigned i = 0; i < G_N_ELEMENTS(variables); i++) {
        const char *value = g_getenv(variables[i]);
        if (value && *value)
            return value;
    }
    return NULL;
}

static bool is_c_locale(const char *locale)
{
    size_t length = strcspn(locale, ".@");

    return (length == 1 && strncmp(locale, "C", 1) == 0) ||
           (length == 5 && strncmp(locale, "POSIX", 5) == 0);
}

SipwhyLanguage sipwhy_language_from_environment(void)
{
    const char *locale = locale_name();
    const char *preferred = g_getenv("LANGUAGE");
    SipwhyLanguage language = 0;

    if (!locale || is_c_locale(locale))
        return language;
    if (preferred && *preferred) {
        char **tags = g_strsplit(preferred, ":", -1);
        bool found = false;
        for (char **tag = tags; *tag && !found; tag++)
            found = is_c_locale(*tag) || sipwhy_language_find(*tag, &language);
        g_strfreev(tags);
        if (found)
            return language;
    }
    sipwhy_language_find(locale, &language);
    return language;
}

const char *sipwhy_language_id(SipwhyLanguage language)
{
    return language < sipwhy_language_count ? sipwhy_language_ids[language] : NULL;
}

const char *sipwhy_language_name(SipwhyLanguage language)
{
    return language < sipwhy_language_count ? sipwhy_language_names[language] : NULL;
}
