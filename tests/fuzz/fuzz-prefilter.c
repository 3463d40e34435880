/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: what leaves the media out of a capture; over files, and over the bytes of a packet.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "prefilter/capture_form.h"
#include "prefilter/datagram.h"
#include "prefilter/prefilter.h"

static FILE *make_file(void)
{
    const int file = memfd_create("prefilter", MFD_CLOEXEC);
    FILE *stream = file >= 0 ? fdopen(file, "w+b") : NULL;

    CHECK(stream);
    return stream;
}

static void check_datagram(const SipwhyDatagram *datagram, const uint8_t *bytes, uint32_t length)
{
    CHECK(datagram->length <= length);
    CHECK(datagram->payload >= bytes && datagram->payload + datagram->length <= bytes + length);
}

static void check_packet(const uint8_t *bytes, uint32_t length)
{
    static const uint32_t links[] = {0, 1, 101, 108, 113, 228, 229, 276, 147};
    SipwhyDatagram datagram;
    uint32_t at = 0;

    for (unsigned i = 0; i < sizeof links / sizeof *links; i++) {
        sipwhy_datagram_find(links[i], bytes, length, length, &datagram);
        check_datagram(&datagram, bytes, length);
        sipwhy_datagram_find(links[i], bytes, length, length + 1, &datagram);
        check_datagram(&datagram, bytes, length);
        CHECK(datagram.kind != SIPWHY_DATAGRAM_WHOLE);
    }
    while (sipwhy_datagram_find_inner(bytes, length, &at, &datagram)) {
        CHECK(at <= length);
        check_datagram(&datagram, bytes, length);
    }
}

/* The pieces of a file are the file. Returns how many packets it has. */
static uint32_t check_pieces(int file, const uint8_t *bytes, size_t length)
{
    SipwhyCaptureForm *form = sipwhy_capture_form_open(file);
    SipwhyCaptureStep step = SIPWHY_CAPTURE_DOUBTFUL;
    SipwhyCapturePiece piece;
    uint32_t packets = 0;
    size_t at = 0;

    while (form && (step = sipwhy_capture_form_next(form, &piece)) == SIPWHY_CAPTURE_PIECE) {
        CHECK(piece.whole_length > 0 && piece.whole_length <= length - at);
        CHECK(memcmp(piece.whole, bytes + at, piece.whole_length) == 0);
        CHECK(!piece.is_packet || (piece.bytes > piece.whole && piece.captured <= piece.length &&
                                   piece.captured < piece.whole_length));
        packets += piece.is_packet;
        at += piece.whole_length;
    }
    CHECK(step != SIPWHY_CAPTURE_END || at == length);
    sipwhy_capture_form_close(form);
    return packets;
}

/* Each packet that was kept is that of its number. */
static void check_kept(int file, FILE *kept, FILE *numbers, const SipwhyPrefilterResult *result)
{
    SipwhyCaptureForm *from = sipwhy_capture_form_open(file);
    SipwhyCaptureForm *to = sipwhy_capture_form_open(fileno(kept));
    SipwhyCapturePiece one;
    SipwhyCapturePiece other;
    uint32_t number;
    uint32_t at = 0;
    uint32_t count = 0;

    rewind(numbers);
    CHECK(from && to);
    while (sipwhy_capture_form_next(to, &other) == SIPWHY_CAPTURE_PIECE) {
        if (other.is_packet) {
            CHECK(fread(&number, sizeof number, 1, numbers) == 1 && number > at);
            count++;
        }
        do {
            CHECK(sipwhy_capture_form_next(from, &one) == SIPWHY_CAPTURE_PIECE);
            at += one.is_packet;
        } while (one.is_packet && (!other.is_packet || at < number));
        CHECK(one.whole_length == other.whole_length && one.is_packet == other.is_packet &&
              memcmp(one.whole, other.whole, one.whole_length) == 0);
    }
    CHECK(count + result->left_out == result->packets && result->left_out > 0);
    CHECK(fread(&number, sizeof number, 1, numbers) == 0);
    sipwhy_capture_form_close(from);
    sipwhy_capture_form_close(to);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    FILE *file = make_file();
    FILE *kept = make_file();
    FILE *numbers = make_file();
    const SipwhyPrefilter prefilter = {
        .capture = fileno(file), .kept = kept, .numbers = numbers, .always = true};
    SipwhyPrefilterResult result;

    CHECK(length == 0 || fwrite(bytes, length, 1, file) == 1);
    CHECK(fflush(file) == 0);
    const uint32_t packets = check_pieces(fileno(file), bytes, length);
    if (sipwhy_prefilter_run(&prefilter, &result)) {
        CHECK(result.packets == packets);
        check_kept(fileno(file), kept, numbers, &result);
    }
    check_packet(bytes, (uint32_t)length);
    fclose(numbers);
    fclose(kept);
    fclose(file);
    return 0;
}
