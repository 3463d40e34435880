/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What fuzz targets have in common.
 */
#define _GNU_SOURCE
#include "check.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

SipwhySlice fuzz_take_part(SipwhySlice *rest)
{
    const char *end = rest->length > 0 ? memchr(rest->data, FUZZ_SEPARATOR, rest->length) : NULL;
    const SipwhySlice part = {rest->data, end ? (size_t)(end - rest->data) : rest->length};
    const size_t taken = part.length + (end ? 1 : 0);

    if (taken > 0)
        rest->data += taken;
    rest->length -= taken;
    return part;
}

void fuzz_check_slice(SipwhySlice whole, SipwhySlice slice)
{
    if (!slice.data) {
        CHECK(slice.length == 0);
        return;
    }
    CHECK(slice.data >= whole.data);
    CHECK(slice.data <= whole.data + whole.length);
    CHECK(slice.length <= (size_t)(whole.data + whole.length - slice.data));
    for (size_t i = 0; i < slice.length; i++) {
        volatile char byte = slice.data[i];
        (void)byte;
    }
}

void fuzz_check_line(const char *text)
{
    CHECK(!text || g_utf8_validate(text, -1, NULL));
    for (; text && *text; text = g_utf8_next_char(text))
        CHECK(!g_unichar_iscntrl(g_utf8_get_char(text)));
}

int fuzz_make_file(SipwhySlice bytes, char *name, size_t most)
{
    const int file = memfd_create("fuzz", MFD_CLOEXEC);

    CHECK(file >= 0);
    for (size_t done = 0; done < bytes.length;) {
        const ssize_t count = write(file, bytes.data + done, bytes.length - done);
        CHECK(count > 0);
        done += (size_t)count;
    }
    g_snprintf(name, (gulong)most, "/proc/self/fd/%d", file);
    return file;
}
