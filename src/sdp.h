/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One session description (RFC 8866), scanned in place: nothing is copied, nothing is allocated.
 *
 * The bytes are hostile: m= lines and formats are bounded, what is beyond them is only counted.
 * Lines that are no SDP are passed over.
 */
#ifndef SIPWHY_SDP_H
#define SIPWHY_SDP_H

#include "message.h"

enum {
    SIPWHY_SDP_MEDIA_MOST = 24,   /**< m= lines that are looked at */
    SIPWHY_SDP_FORMATS_MOST = 48, /**< formats of one m= line that are looked at */
};

/** A kind of address (RFC 8866 5.7). */
typedef enum {
    SIPWHY_SDP_FAMILY_NONE, /**< no c= line, or the unspecified address, which is no address */
    SIPWHY_SDP_FAMILY_IP4,
    SIPWHY_SDP_FAMILY_IP6,
    SIPWHY_SDP_FAMILY_OTHER,
} SipwhySdpFamily;

typedef enum {
    SIPWHY_SDP_SENDRECV, /**< also where no attribute says it (RFC 8866 6.7) */
    SIPWHY_SDP_SENDONLY,
    SIPWHY_SDP_RECVONLY,
    SIPWHY_SDP_INACTIVE,
} SipwhySdpDirection;

/** What the proto field of an m= line asks for. */
typedef enum {
    SIPWHY_SDP_PROTO_OTHER,
    SIPWHY_SDP_PROTO_RTP,   /**< any of the RTP profiles */
    SIPWHY_SDP_PROTO_UDPTL, /**< T.38 fax, also over DTLS */
    SIPWHY_SDP_PROTO_MSRP,
} SipwhySdpProtoKind;

typedef struct {
    SipwhySdpProtoKind kind;
    bool secure;   /**< RTP/SAVP, RTP/SAVPF, or anything over TLS or DTLS */
    bool dtls;     /**< UDP/TLS/..., TCP/DTLS/... or DCCP/TLS/... (RFC 5764) */
    bool feedback; /**< RTP/AVPF, RTP/SAVPF (RFC 4585, RFC 5124) */
} SipwhySdpProto;

/** One m= line and what belongs to it. */
typedef struct {
    SipwhySlice line;       /**< behind "m=" */
    SipwhySlice type;       /**< "audio" */
    SipwhySlice proto;      /**< "RTP/AVP" */
    SipwhySlice formats;    /**< "0 8 101": see sipwhy_sdp_next_format */
    SipwhySlice connection; /**< its c= line behind "c=", or that of the session; may be empty */
    SipwhySlice lines;      /**< those between this m= line and the next */
    unsigned port;          /**< 0: refused, or a capability only (RFC 3264 6 and 9) */
    SipwhySdpDirection direction; /**< its own, or that of the session */
    /* a= lines of its own or of the session */
    bool crypto;        /**< SDES keys (RFC 4568) */
    bool fingerprint;   /**< DTLS (RFC 8122) */
    bool setup;         /**< a=setup (RFC 4145) */
    bool ice;           /**< a=ice-ufrag or a candidate (RFC 8839) */
    bool candidate_ip4; /**< a candidate with such an address, or an a=altc line (RFC 6947) */
    bool candidate_ip6;
    bool bundle_only; /**< port 0 that refuses nothing (RFC 9143 6) */
} SipwhySdpMedia;

typedef struct {
    SipwhySlice session;  /**< the lines before the first m= line */
    unsigned media_count; /**< how many of `media` are filled in */
    unsigned line_count;  /**< m= lines in all */
    SipwhySdpMedia media[SIPWHY_SDP_MEDIA_MOST];
} SipwhySdp;

/** A format by its name, as a=rtpmap or RFC 3551 give it. */
typedef struct {
    SipwhySlice format; /**< as in the m= line: "101" */
    SipwhySlice name;   /**< "telephone-event"; outside RTP the format itself; empty: unknown */
    unsigned clock;     /**< Hz; 0: unknown, or none */
} SipwhySdpCodec;

/** Scans a session description. Returns false when it has no m= line. */
bool sipwhy_sdp_scan(SipwhySlice bytes, SipwhySdp *sdp);

/** Takes the next line with that letter ("c", "b", "a", ...) off `rest`; `value` is what stands
 * behind "c=". Returns false when there is none left. */
bool sipwhy_sdp_next_line(SipwhySlice *rest, char letter, SipwhySlice *value);

/** Takes the next format off `rest`, which starts as the formats of an m= line. */
bool sipwhy_sdp_next_format(SipwhySlice *rest, SipwhySlice *format);

/** The formats of an m= line in their order, with names; returns how many, at most
 * SIPWHY_SDP_FORMATS_MOST. */
size_t sipwhy_sdp_codecs(const SipwhySdpMedia *media,
                         SipwhySdpCodec codecs[SIPWHY_SDP_FORMATS_MOST]);

/** Whether two formats are the same codec: name and clock rate, without regard to case (RFC 3264
 * 6.1, RFC 8866 6.6). Parameters (a=fmtp) are not looked at. */
bool sipwhy_sdp_codec_same(const SipwhySdpCodec *one, const SipwhySdpCodec *other);

/** Whether a format is no codec in itself: DTMF, comfort noise, redundancy, retransmission. */
bool sipwhy_sdp_codec_helps(const SipwhySdpCodec *codec);

/** What a proto field says. */
SipwhySdpProto sipwhy_sdp_proto(SipwhySlice proto);

/** The address of a c= line's value, "IN IP4 192.0.2.1/127" -> "192.0.2.1"; may be empty. */
SipwhySlice sipwhy_sdp_address(SipwhySlice connection);

/** Its family: by the address type that it names (RFC 8866 5.7). */
SipwhySdpFamily sipwhy_sdp_family(SipwhySlice connection);

#endif
