/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads one line of JSON (RFC 8259), strictly, into values that point into it.
 *
 * json-glib makes an object with a hash table of each object, and took more than half of the time
 * of a diagnosis; it also takes more than JSON. Here a line is one list of values in the order in
 * which they begin: an array or object, then what is in it; in an object each value comes after its
 * key, which is a string.
 */
#ifndef SIPWHY_RECORDING_JSON_READER_H
#define SIPWHY_RECORDING_JSON_READER_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** Arrays and objects that may be open at a time. */
enum { SIPWHY_JSON_DEPTH_MOST = 16 };

typedef enum {
    SIPWHY_JSON_NULL,
    SIPWHY_JSON_FALSE,
    SIPWHY_JSON_TRUE,
    SIPWHY_JSON_INTEGER, /**< a number without fraction and exponent */
    SIPWHY_JSON_DECIMAL, /**< another number */
    SIPWHY_JSON_STRING,
    SIPWHY_JSON_ARRAY,
    SIPWHY_JSON_OBJECT,
} SipwhyJsonKind;

typedef struct {
    const char *text; /**< of a number or string as it stands in the line, without quotes */
    uint32_t length;
    uint32_t size; /**< how many values it is, with all that is in it: the next one stands there */
    SipwhyJsonKind kind;
    bool escaped; /**< of a string: it has escapes */
} SipwhyJsonValue;

typedef struct SipwhyJsonReader SipwhyJsonReader;

SipwhyJsonReader *sipwhy_json_reader_new(void);
void sipwhy_json_reader_free(SipwhyJsonReader *reader);

/** The value that a line is; it points into the line, and lives until the next one is read. NULL:
 * the line is no JSON, no UTF-8, has half a surrogate pair, or is deeper than it may be. */
const SipwhyJsonValue *sipwhy_json_reader_read(SipwhyJsonReader *reader, const char *line,
                                               size_t length);

/** The member of an object with this key, NULL if there is none. It is looked for first at `*place`
 * (NULL: the beginning), which is then behind it: members that are asked for in the order of the
 * line are found at once. Of several with one key it is any of them. */
const SipwhyJsonValue *sipwhy_json_member(const SipwhyJsonValue *object, const char *key,
                                          const SipwhyJsonValue **place);

/** How many elements an array has: they are array + 1, and each time element + element->size. */
unsigned sipwhy_json_count(const SipwhyJsonValue *array);

/** False when an integer is not within `int64_t`. */
bool sipwhy_json_integer(const SipwhyJsonValue *integer, int64_t *number);

/** The number that an integer or decimal is, which may be infinite. */
double sipwhy_json_number(const SipwhyJsonValue *number);

/** A string without its escapes, not terminated: the line's own text, or that of `room`. U+0000
 * becomes U+FFFD. */
const char *sipwhy_json_unescape(const SipwhyJsonValue *string, GString *room, size_t *length);

#endif
