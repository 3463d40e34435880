/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The language that the plugin speaks.
 */
#include "ws_compat.h"

#include "spoken.h"

#include "language.h"
#include "text.h"

enum { AUTOMATIC = 0 }; /* a value above it is that of a language, plus one */

static gint preference = AUTOMATIC;

/* Asked for every response that is counted: the environment stays as it is. */
static SipwhyLanguage language_of_environment(void)
{
    static gboolean known;
    static SipwhyLanguage language;

    if (!known)
        language = sipwhy_language_from_environment();
    known = TRUE;
    return language;
}

SipwhyLanguage spoken_language(void)
{
    return preference == AUTOMATIC ? language_of_environment() : (SipwhyLanguage)(preference - 1);
}

/* "automatic", then the languages of data/, by their ids and their own names. */
static const enum_val_t *choices(SipwhyLanguage language)
{
    static const enum_val_t *kept; /* as long as we are: Wireshark takes no copy */

    if (kept)
        return kept;
    GArray *values = g_array_new(TRUE, TRUE, sizeof(enum_val_t));
    enum_val_t value = {
        "automatic", sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_LANGUAGE_AUTOMATIC), AUTOMATIC};

    g_array_append_val(values, value);
    for (SipwhyLanguage one = 0; sipwhy_language_id(one); one++) {
        value = (enum_val_t){sipwhy_language_id(one), sipwhy_language_name(one), (gint)one + 1};
        g_array_append_val(values, value);
    }
    kept = (const enum_val_t *)(void *)g_array_free(values, FALSE);
    return kept;
}

void spoken_register(module_t *module)
{
    const SipwhyLanguage language = language_of_environment();

    prefs_register_enum_preference(module, "language",
                                   sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_LANGUAGE),
                                   sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_LANGUAGE_HELP),
                                   &preference, choices(language), FALSE);
}
