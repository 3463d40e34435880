/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The form of a capture file: where its packets stand, byte for byte, so that some of them can be
 * left out and the others stay as they are.
 *
 * Only forms that cannot be understood in two ways are known: pcap 2.4 in its four usual kinds, and
 * pcapng with one section and one interface. Of anything else, be it a single odd length, nothing
 * is said but that it is doubtful. libpcap is not asked: it neither tells where a record stands nor
 * what it has changed in it (it cuts what exceeds the snapshot length, and drops pcapng's options).
 */
#ifndef SIPWHY_PREFILTER_CAPTURE_FORM_H
#define SIPWHY_PREFILTER_CAPTURE_FORM_H

#include <stdbool.h>
#include <stdint.h>

typedef struct SipwhyCaptureForm SipwhyCaptureForm;

/** A piece of the file: a packet with its header, or what stands before and between packets. */
typedef struct {
    bool is_packet;
    const uint8_t *whole; /**< the piece as it stands in the file */
    uint32_t whole_length;
    /* of a packet: */
    int64_t time; /**< in ns since 1970 */
    const uint8_t *bytes;
    uint32_t captured; /**< bytes that there are */
    uint32_t length;   /**< bytes that there were */
} SipwhyCapturePiece;

typedef enum {
    SIPWHY_CAPTURE_PIECE,
    SIPWHY_CAPTURE_END,      /**< all has been read */
    SIPWHY_CAPTURE_DOUBTFUL, /**< no more is known of this file */
} SipwhyCaptureStep;

/** Reads the open file `descriptor` from its start, as far as it reaches now. NULL: it cannot be
 * read, or its form is not known. The descriptor stays the caller's. */
SipwhyCaptureForm *sipwhy_capture_form_open(int descriptor);
void sipwhy_capture_form_close(SipwhyCaptureForm *form);

/** The next piece, in order; together they are the file. It is valid until the next call. */
SipwhyCaptureStep sipwhy_capture_form_next(SipwhyCaptureForm *form, SipwhyCapturePiece *piece);

/** The link-layer type (LINKTYPE_*), known once the first packet is. */
uint32_t sipwhy_capture_form_link_type(const SipwhyCaptureForm *form);

/** How many bytes have been read. */
uint64_t sipwhy_capture_form_position(const SipwhyCaptureForm *form);

#endif
