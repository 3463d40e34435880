/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reason phrases: whether one tells more than the registered one does.
 *
 * Phrases differ in case, in spelling, between RFCs, and in language; none of that is a cause. So
 * a word counts if it stands in a list of words that name causes, is a number, or follows the
 * whole registered phrase.
 */
#include "phrase.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORD_BYTES_MOST = 24,    /* a longer one is cut; none of the lists is that long */
    PHRASE_BYTES_MOST = 512, /* of a longer one the rest is passed over */
    WORD_OF_ITS_OWN = 3,     /* bytes of a word behind the registered phrase that counts */
};

/* Words of causes: what is at fault, and how; between blanks. */
static const char causes[] =
    " absent account acl analytics answer auth authentication balance banned barred "
    "blacklisted blocked busy callid capacity carrier channel channels circuit circuits codec "
    "codecs congestion connection contact contentlength contenttype credentials credit cseq "
    "database date dialplan disabled disconnected disturb dnd dns domain down exceeded "
    "exhausted expired flood fraud funds header inactive insufficient invalid ip licence "
    "license limit limited limits lookup maintenance malformed match maxforwards media memory "
    "merged mismatch missing network nonce offline overload overloaded passport password peer "
    "policy port ports prefix prepaid quota rate recordroute registered relay relaying "
    "resource resources responding restricted route routes routing sdp shutdown signature "
    "spam srtp stale suspended tag timeout tls traffic transcoding trunk trunks unallocated "
    "unassigned unreachable unregistered unresolvable untrusted verification via wrong ";

/* Words that stand in phrases and name nothing. */
static const char fillers[] =
    " a again and at call code error has here in is later not of on or please reason request "
    "response sip sorry status the this to try user with your ";

typedef struct {
    char text[WORD_BYTES_MOST + 1];
} Word;

/* The next word in lower case: "Time-out" is "timeout". False when there is none left. */
static bool next_word(SipwhySlice *rest, Word *word)
{
    size_t length = 0;

    for (; rest->length > 0; rest->data++, rest->length--) {
        const char c = rest->data[0];
        if (g_ascii_isalnum(c) || (unsigned char)c >= 0x80) {
            if (length < WORD_BYTES_MOST)
                word->text[length++] = g_ascii_tolower(c);
        } else if (length > 0 && c != '-' && c != '\'') {
            break;
        }
    }
    word->text[length] = '\0';
    return length > 0;
}

static bool is_among(const Word *word, const char *list)
{
    char between[WORD_BYTES_MOST + 3];

    g_snprintf(between, sizeof between, " %s ", word->text);
    return strstr(list, between) != NULL;
}

static bool is_word_of(const Word *word, const char *phrase)
{
    SipwhySlice rest = {phrase, strlen(phrase)};
    Word other;

    while (next_word(&rest, &other))
        if (strcmp(word->text, other.text) == 0)
            return true;
    return false;
}

/* Takes a word that the registered phrase has not, and that is no filler. */
static bool next_own_word(SipwhySlice *rest, const SipwhyExplanation *explanation, Word *word)
{
    while (next_word(rest, word))
        if (!is_word_of(word, explanation->phrase) && !is_among(word, fillers))
            return true;
    return false;
}

static bool names_cause(const Word *word, const SipwhyExplanation *explanation)
{
    /* a challenge asks for these; anything else that names them tells of a wrong password */
    if (explanation->code->category == SIPWHY_CATEGORY_AUTHENTICATION &&
        (strcmp(word->text, "auth") == 0 || strcmp(word->text, "authentication") == 0))
        return false;
    if (g_ascii_isdigit(word->text[0]))
        return strtoul(word->text, NULL, 10) != explanation->status;
    return is_among(word, causes);
}

/* What stands behind the registered phrase; empty where something else does. */
static SipwhySlice behind_registered(SipwhySlice phrase, const char *registered)
{
    const size_t length = strlen(registered);

    if (length == 0 || phrase.length <= length ||
        g_ascii_strncasecmp(phrase.data, registered, length) != 0)
        return (SipwhySlice){NULL, 0};
    return (SipwhySlice){phrase.data + length, phrase.length - length};
}

static bool tells_cause(SipwhySlice phrase, const SipwhyExplanation *explanation)
{
    SipwhySlice rest = behind_registered(phrase, explanation->phrase);
    Word word;

    while (next_own_word(&rest, explanation, &word))
        if (names_cause(&word, explanation) ||
            (strlen(word.text) >= WORD_OF_ITS_OWN && !g_ascii_isdigit(word.text[0])))
            return true;
    rest = phrase;
    while (next_own_word(&rest, explanation, &word))
        if (names_cause(&word, explanation))
            return true;
    return false;
}

static bool find_other_code(SipwhySlice phrase, unsigned status, unsigned *number)
{
    const SipwhyCode *code;

    for (size_t i = 0; (code = sipwhy_code_at(i)); i++)
        if (code->registration == SIPWHY_REGISTRATION_REGISTERED && code->code != status &&
            sipwhy_slice_is(phrase, code->phrase)) {
            *number = code->code;
            return true;
        }
    return false;
}

static bool find_isup_cause(SipwhySlice phrase, unsigned *number)
{
    const SipwhyCause *cause;

    for (size_t i = 0; (cause = sipwhy_cause_at(i)); i++)
        if (cause->assigned && sipwhy_slice_is(phrase, cause->name)) {
            *number = cause->cause;
            return true;
        }
    return false;
}

SipwhyPhraseKind sipwhy_phrase_compare(SipwhySlice phrase, const SipwhyExplanation *explanation,
                                       unsigned *number)
{
    SipwhySlice rest = phrase;
    Word word;

    if (sipwhy_slice_is(phrase, explanation->phrase) || !next_own_word(&rest, explanation, &word))
        return SIPWHY_PHRASE_PLAIN;
    if (!explanation->code)
        return SIPWHY_PHRASE_UNREGISTERED;
    if (find_other_code(phrase, explanation->status, number))
        return SIPWHY_PHRASE_OTHER;
    if (find_isup_cause(phrase, number))
        return SIPWHY_PHRASE_ISUP;
    return tells_cause(phrase, explanation) ? SIPWHY_PHRASE_TELLS : SIPWHY_PHRASE_PLAIN;
}
