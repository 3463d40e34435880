/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The form of a capture file.
 */
#include "capture_form.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUFFER = 1 << 20,
    PACKET_MOST = 262144, /* what Wireshark takes a packet of these link types for */
    BLOCK_MOST = BUFFER / 2,
    FRACTION_MICRO = 1000000,
    FRACTION_NANO = 1000000000,
};

struct SipwhyCaptureForm {
    int descriptor;
    uint64_t left; /* bytes of the file that are not in the buffer yet */
    uint64_t position;
    uint8_t *buffer;
    size_t start; /* of what has not been handed out */
    size_t end;
    bool is_pcapng;
    bool swapped;   /* the file's numbers are in the other order of bytes */
    bool has_start; /* the file's header, or its section and its interface, has been read */
    uint32_t fraction;
    uint32_t link_type;
    SipwhyCaptureStep (*next)(SipwhyCaptureForm *form, SipwhyCapturePiece *piece);
};

/* ---- bytes ---- */

/* Has `length` bytes at the buffer's start, if the file has as many. */
static bool fill(SipwhyCaptureForm *form, size_t length)
{
    if (form->end - form->start >= length)
        return true;
    if (length > BUFFER || form->left < length - (form->end - form->start))
        return false;
    memmove(form->buffer, form->buffer + form->start, form->end - form->start);
    form->end -= form->start;
    form->start = 0;
    while (form->end < length) {
        const size_t most = (size_t)MIN(form->left, (uint64_t)(BUFFER - form->end));
        const ssize_t count = pread(form->descriptor, form->buffer + form->end, most,
                                    (off_t)(form->position + form->end));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        form->end += (size_t)count;
        form->left -= (uint64_t)count;
    }
    return true;
}

static bool is_at_end(const SipwhyCaptureForm *form)
{
    return form->start == form->end && form->left == 0;
}

static uint32_t get_32(const SipwhyCaptureForm *form, size_t at)
{
    uint32_t number;

    memcpy(&number, form->buffer + form->start + at, sizeof number);
    return form->swapped ? GUINT32_SWAP_LE_BE(number) : number;
}

static uint16_t get_16(const SipwhyCaptureForm *form, size_t at)
{
    uint16_t number;

    memcpy(&number, form->buffer + form->start + at, sizeof number);
    return (uint16_t)(form->swapped ? GUINT16_SWAP_LE_BE(number) : number);
}

static uint8_t get_8(const SipwhyCaptureForm *form, size_t at)
{
    return form->buffer[form->start + at];
}

static void take(SipwhyCaptureForm *form, uint32_t length, SipwhyCapturePiece *piece)
{
    piece->whole = form->buffer + form->start;
    piece->whole_length = length;
    form->start += length;
    form->position += length;
}

/* ---- pcap ---- */

static bool read_pcap_header(SipwhyCaptureForm *form)
{
    enum { MAJOR = 4, MINOR = 6, ZONE = 8, FIGURES = 12, LINK_TYPE = 20 };

    form->link_type = get_32(form, LINK_TYPE); /* with a length of the FCS it is none of ours */
    return get_16(form, MAJOR) == 2 && get_16(form, MINOR) == 4 && get_32(form, ZONE) == 0 &&
           get_32(form, FIGURES) == 0;
}

static SipwhyCaptureStep next_pcap(SipwhyCaptureForm *form, SipwhyCapturePiece *piece)
{
    enum { FILE_HEADER = 24, HEADER = 16, FRACTION = 4, CAPTURED = 8, LENGTH = 12 };

    if (!form->has_start) {
        form->has_start = true;
        if (!fill(form, FILE_HEADER) || !read_pcap_header(form))
            return SIPWHY_CAPTURE_DOUBTFUL;
        take(form, FILE_HEADER, piece);
        return SIPWHY_CAPTURE_PIECE;
    }
    if (is_at_end(form))
        return SIPWHY_CAPTURE_END;
    if (!fill(form, HEADER))
        return SIPWHY_CAPTURE_DOUBTFUL;
    const uint32_t fraction = get_32(form, FRACTION);
    piece->captured = get_32(form, CAPTURED);
    piece->length = get_32(form, LENGTH);
    if (fraction >= form->fraction || piece->captured > piece->length ||
        piece->length > PACKET_MOST || !fill(form, HEADER + piece->captured))
        return SIPWHY_CAPTURE_DOUBTFUL;
    piece->is_packet = true;
    piece->time = (int64_t)get_32(form, 0) * FRACTION_NANO +
                  (int64_t)fraction * (FRACTION_NANO / form->fraction);
    piece->bytes = form->buffer + form->start + HEADER;
    take(form, HEADER + piece->captured, piece);
    return SIPWHY_CAPTURE_PIECE;
}

/* ---- pcapng ---- */

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_NAMES = 4,
    BLOCK_STATISTICS = 5,
    BLOCK_PACKET = 6,
    BLOCK_HEADER = 8,
    BLOCK_ENDS = 12, /* the header, and the length once more behind all */
};

/* Whether the interface counts time and bytes as usual. */
static bool is_plain_interface(const SipwhyCaptureForm *form, uint32_t length, uint32_t *fraction)
{
    enum { OPTIONS = 16, OPTION_HEADER = 4, END = 0, RESOLUTION = 9, FCS_LENGTH = 13, OFFSET = 14 };
    uint32_t at = OPTIONS;

    *fraction = FRACTION_MICRO;
    while (at + OPTION_HEADER <= length - OPTION_HEADER) {
        const uint16_t code = get_16(form, at);
        const uint32_t size = get_16(form, at + 2);
        at += OPTION_HEADER;
        if (code == END)
            return size == 0;
        if (size > length - OPTION_HEADER - at || code == FCS_LENGTH || code == OFFSET)
            return false;
        if (code == RESOLUTION) {
            const uint8_t digits = size == 1 ? get_8(form, at) : 0;
            if (digits != 6 && digits != 9)
                return false;
            *fraction = digits == 6 ? FRACTION_MICRO : FRACTION_NANO;
        }
        at += (size + 3) & ~3U;
    }
    return at == length - OPTION_HEADER;
}

/* The section, and then its interface, before all else. */
static SipwhyCaptureStep next_start(SipwhyCaptureForm *form, uint32_t type, uint32_t length)
{
    enum { VERSION = 12, SECTION_LENGTH = 16, SECTION = 28, LINK_TYPE = 8, INTERFACE = 20 };

    if (form->fraction == 0) {
        /* The version is 1.0, and the length is not said: the file is going to be shorter. */
        form->fraction = 1;
        return type == BLOCK_SECTION && length >= SECTION && get_16(form, VERSION) == 1 &&
                       get_16(form, VERSION + 2) == 0 &&
                       get_32(form, SECTION_LENGTH) == UINT32_MAX &&
                       get_32(form, SECTION_LENGTH + 4) == UINT32_MAX
                   ? SIPWHY_CAPTURE_PIECE
                   : SIPWHY_CAPTURE_DOUBTFUL;
    }
    form->has_start = true;
    if (type != BLOCK_INTERFACE || length < INTERFACE ||
        !is_plain_interface(form, length, &form->fraction))
        return SIPWHY_CAPTURE_DOUBTFUL;
    form->link_type = get_16(form, LINK_TYPE);
    return SIPWHY_CAPTURE_PIECE;
}

static bool read_packet_block(SipwhyCaptureForm *form, uint32_t length, SipwhyCapturePiece *piece)
{
    enum { INTERFACE = 8, HIGH = 12, LOW = 16, CAPTURED = 20, LENGTH = 24, DATA = 28 };

    if (length < DATA + 4 || get_32(form, INTERFACE) != 0)
        return false;
    const uint64_t units = (uint64_t)get_32(form, HIGH) << 32 | get_32(form, LOW);
    const uint64_t unit = FRACTION_NANO / form->fraction;
    piece->captured = get_32(form, CAPTURED);
    piece->length = get_32(form, LENGTH);
    if (piece->captured > piece->length || piece->length > PACKET_MOST ||
        ((piece->captured + 3) & ~3U) > length - DATA - 4 || units > INT64_MAX / 2 / unit)
        return false;
    piece->is_packet = true;
    piece->time = (int64_t)(units * unit);
    piece->bytes = form->buffer + form->start + DATA;
    return true;
}

static SipwhyCaptureStep next_block(SipwhyCaptureForm *form, SipwhyCapturePiece *piece)
{
    if (is_at_end(form) && form->has_start)
        return SIPWHY_CAPTURE_END;
    if (!fill(form, BLOCK_ENDS))
        return SIPWHY_CAPTURE_DOUBTFUL;
    const uint32_t type = get_32(form, 0);
    const uint32_t length = get_32(form, 4);
    if (length < BLOCK_ENDS || length > BLOCK_MOST || length % 4 != 0 || !fill(form, length) ||
        get_32(form, length - 4) != length)
        return SIPWHY_CAPTURE_DOUBTFUL;
    if (!form->has_start) {
        if (next_start(form, type, length) != SIPWHY_CAPTURE_PIECE)
            return SIPWHY_CAPTURE_DOUBTFUL;
    } else if (type == BLOCK_PACKET) {
        if (!read_packet_block(form, length, piece))
            return SIPWHY_CAPTURE_DOUBTFUL;
    } else if (type != BLOCK_NAMES && type != BLOCK_STATISTICS) {
        return SIPWHY_CAPTURE_DOUBTFUL;
    }
    take(form, length, piece);
    return SIPWHY_CAPTURE_PIECE;
}

/* ---- the file ---- */

/* By its magic number, in the order of bytes of this machine or the other. */
static bool find_form(SipwhyCaptureForm *form)
{
    enum { MAGIC_AT = 0, ORDER_AT = 8, ORDER = 0x1a2b3c4d };
    static const struct {
        uint32_t magic;
        uint32_t fraction;
    } kinds[] = {{0xa1b2c3d4, FRACTION_MICRO}, {0xa1b23c4d, FRACTION_NANO}};

    if (!fill(form, BLOCK_ENDS))
        return false;
    if (get_32(form, MAGIC_AT) == BLOCK_SECTION) {
        form->next = next_block;
        form->swapped = get_32(form, ORDER_AT) != ORDER;
        return get_32(form, ORDER_AT) == ORDER;
    }
    form->next = next_pcap;
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(kinds); i++) {
        form->swapped = i % 2 != 0;
        form->fraction = kinds[i / 2].fraction;
        if (get_32(form, MAGIC_AT) == kinds[i / 2].magic)
            return true;
    }
    return false;
}

SipwhyCaptureForm *sipwhy_capture_form_open(int descriptor)
{
    struct stat status;

    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size <= 0)
        return NULL;
    SipwhyCaptureForm *form = g_new0(SipwhyCaptureForm, 1);
    form->descriptor = descriptor;
    form->left = (uint64_t)status.st_size;
    form->buffer = g_malloc(BUFFER);
    if (find_form(form))
        return form;
    sipwhy_capture_form_close(form);
    return NULL;
}

void sipwhy_capture_form_close(SipwhyCaptureForm *form)
{
    if (form)
        g_free(form->buffer);
    g_free(form);
}

SipwhyCaptureStep sipwhy_capture_form_next(SipwhyCaptureForm *form, SipwhyCapturePiece *piece)
{
    *piece = (SipwhyCapturePiece){.is_packet = false};
    return form->next(form, piece);
}

uint32_t sipwhy_capture_form_link_type(const SipwhyCaptureForm *form)
{
    return form->link_type;
}

uint64_t sipwhy_capture_form_position(const SipwhyCaptureForm *form)
{
    return form->position;
}
