/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The trace: SIP messages, put together to transactions and calls as they come in.
 *
 * A capture is never whole: it begins or ends in the middle, shows one direction, has messages
 * twice (taken on a proxy, or from a mirror port) or in the wrong order. So a transaction may lack
 * its request or its responses, and nothing but what stands here was seen.
 *
 * Everything handed out belongs to the trace and lives as long as it does. It goes on changing
 * while messages are added: what is read from it is true of the packets so far.
 */
#ifndef SIPWHY_TRACE_H
#define SIPWHY_TRACE_H

#include <glib.h>

#include "message.h"

enum {
    /** How far rules look back and ahead in a call: a hostile one may have a million transactions.
     */
    SIPWHY_LOOK_MOST = 64,
    SIPWHY_CALL_ID_BYTES_MOST = 255, /**< of a Call-ID that is kept */
    SIPWHY_TAGS_MOST = 4,            /**< To tags of one INVITE that are told apart */
};

/** One end of a packet. An IPv4 address is written as IPv6 does (::ffff:a.b.c.d). */
typedef struct {
    uint8_t address[16];
    uint16_t port;
} SipwhyEndpoint;

typedef enum {
    SIPWHY_TRANSPORT_UNKNOWN,
    SIPWHY_TRANSPORT_UDP,
    SIPWHY_TRANSPORT_TCP,
    SIPWHY_TRANSPORT_TLS,
    SIPWHY_TRANSPORT_SCTP,
    SIPWHY_TRANSPORT_WS,
    SIPWHY_TRANSPORT_WSS,
} SipwhyTransport;

/** Where a message was seen. */
typedef struct {
    uint32_t frame; /**< its number in the file, from 1 */
    int64_t time;   /**< microseconds since 1970, UTC */
    SipwhyEndpoint source;
    SipwhyEndpoint destination;
    SipwhyTransport transport;
    bool quoted; /**< stands in an ICMP error: it was sent, but never arrived */
} SipwhyPacket;

/** Why a request did not arrive. */
typedef enum {
    SIPWHY_REACHED, /**< nothing says that it did not */
    SIPWHY_UNREACHABLE_ICMP,
    SIPWHY_UNREACHABLE_RESET, /**< the TCP connection was refused or reset before any answer */
} SipwhyUnreachable;

typedef struct SipwhyTrace SipwhyTrace;
typedef struct SipwhyCall SipwhyCall;
typedef struct SipwhyTransaction SipwhyTransaction;

/** The times that one message was sent: the first one, and those that repeat it. */
typedef struct {
    uint32_t frame; /**< of the first; 0: never seen */
    uint32_t count; /**< times it was sent. A copy within 50 ms is the same packet seen twice (a
                         mirror port): it does not count */
    uint32_t last_frame;
    int64_t time;      /**< of the first, microseconds since 1970 */
    int64_t last_time; /**< of the last one that counts */
} SipwhySeen;

/** A copy of what rules may want to read of a message: itself a message, shorter. */
typedef struct SipwhyKept SipwhyKept;

/** What only an INVITE has. Tags are hashes, 0 for none. Members of one size stand together: there
 * are as many of these as calls. */
typedef struct {
    SipwhySeen trying;               /**< 100 */
    SipwhySeen progress;             /**< the first provisional response that is not 100 */
    SipwhySeen reliable;             /**< the first one with Require: 100rel, and its repeats */
    SipwhySeen ack;                  /**< its ACK on this hop, whichever branch */
    SipwhyTransaction *cancel;       /**< its CANCEL, NULL: none */
    int64_t last_provisional_time;   /**< of last_provisional_in */
    uint32_t last_provisional_in;    /**< frame of the last one that is not 100 */
    uint32_t ringing_in;             /**< frame of the first 180; 0: none */
    uint32_t early_media_in;         /**< frame of the first provisional response with SDP */
    uint32_t reliable_rseq;          /**< RSeq of `reliable` */
    uint32_t ack_elsewhere_in;       /**< frame of an ACK with its CSeq number and From tag on
                                          another hop; 0: none */
    uint32_t later_final_in;         /**< frame of a second, different final response; 0: none */
    uint32_t tags[SIPWHY_TAGS_MOST]; /**< different To tags in its responses, the first of them */
    uint16_t tag_count;              /**< how many there were; above 1: forked */
    uint16_t progress_status;        /**< code of `progress` */
    uint16_t later_status;           /**< of later_final_in (RFC 3261 13.2.2.4) */
    bool early_media_reliable;       /**< that one has Require: 100rel (RFC 3262) */
    bool offer;                      /**< the request carries SDP */
} SipwhyInvite;

/**
 * A transaction on one hop: topmost branch, Call-ID, CSeq and the pair of addresses (RFC 3261
 * 17.1.3, 17.2.3). Taken on a proxy, a capture shows one for each hop. An ACK belongs to its
 * INVITE.
 */
struct SipwhyTransaction {
    uint64_t key;
    SipwhyTransaction *previous; /**< of the same call, in the order in which they appeared */
    SipwhyTransaction *next;
    SipwhyCall *call;
    SipwhyInvite *invite; /**< NULL unless the method is INVITE */
    /** The last transaction before it of the same call, method and client address whose final
     * response was 300 or above, or that was unreachable, unless one in between was accepted: what
     * this one may be a repair of. NULL: none. */
    SipwhyTransaction *repairs;
    SipwhySeen request;
    SipwhySeen final;      /**< the first final response (200 to 699) and its repeats */
    SipwhyEndpoint client; /**< who sends the request, and to whom */
    SipwhyEndpoint server;
    uint8_t method;     /**< SipwhyMethod */
    uint8_t transport;  /**< SipwhyTransport */
    uint16_t status;    /**< of the final response; 0: none seen */
    uint16_t vias;      /**< Via values in the request (in the response where it was not seen) */
    uint32_t cseq;      /**< number */
    uint32_t branch;    /**< hash of the topmost branch; 0: none */
    uint32_t from_tag;  /**< hash; 0: none */
    uint32_t to_tag;    /**< hash of the request's To tag; 0: none, it opens a dialog or has none */
    uint32_t final_tag; /**< hash of the final response's To tag */
    uint32_t provisional_in; /**< frame of the first provisional response; 0: none */
    uint32_t unreachable_in; /**< frame of the ICMP error or reset; 0: none */
    uint16_t request_bytes;  /**< length of the request as far as it was captured; 65535: or more */
    uint8_t unreachable;     /**< SipwhyUnreachable */
    bool has_reason;         /**< the request carries Reason (RFC 3326) */
    bool kept_whole;         /**< kept_request is the whole request: its response is awaited */
    /** A read filter threw away one of its packets: its frames are not the file's. */
    bool disowned;
    SipwhyKept *kept_request;  /**< NULL when nothing of it was kept: see sipwhy_kept_message */
    SipwhyKept *kept_response; /**< of the final response */
};

/** Messages with the same Call-ID. */
struct SipwhyCall {
    uint64_t key;
    SipwhyCall *next;         /**< in order of appearance */
    const char *id;           /**< the Call-ID, NUL-terminated, cut at SIPWHY_CALL_ID_BYTES_MOST */
    SipwhyTransaction *first; /**< its transactions in the order in which they appeared */
    SipwhyTransaction *last;
    SipwhyTransaction *first_invite; /**< the first one outside a dialog; NULL: no call is set up */
    uint32_t transaction_count;
    uint32_t message_count;
    uint32_t request_count; /**< of them are requests */
    uint32_t refused_count; /**< transactions with a final response of 300 and above */
    uint32_t first_frame;
    uint32_t last_frame;
    int64_t first_time;
    int64_t last_time;
};

/** One message, in the order of the file. */
typedef struct {
    uint32_t frame;
    uint16_t status;   /**< 0: a request */
    uint8_t method;    /**< SipwhyMethod */
    bool quoted : 1;   /**< never arrived: no transaction */
    bool repeated : 1; /**< a message of the transaction once more */
    bool copy : 1;     /**< the same packet once more (SipwhySeen.count) */
    bool cut : 1;      /**< its bytes end before it does */
    bool any_cut : 1;  /**< of the first message of a frame: one of that frame's is cut */
    bool invalid : 1;  /**< a response all the same: its status code is 000 */
    int64_t time;
    SipwhyTransaction *transaction; /**< NULL: it lacks what identifies one */
    const char *phrase;             /**< of a response, fit to be shown; NULL: the registered one */
} SipwhyEvent;

SipwhyTrace *sipwhy_trace_new(void);
void sipwhy_trace_free(SipwhyTrace *trace);

/**
 * Adds the next message. The event stays where it is until the next call; the message's bytes are
 * not needed any longer. Frames need not ascend, but mostly do. NULL: the trace is full.
 */
const SipwhyEvent *sipwhy_trace_add(SipwhyTrace *trace, const SipwhyPacket *packet,
                                    const SipwhyMessage *message);

/** Tells that a packet was read, with or without messages, once and in the order of the file: the
 * trace reaches to its time. Its messages may be added at any time behind it. */
void sipwhy_trace_reach(SipwhyTrace *trace, int64_t time);

/** A TCP reset from `packet->source` to `packet->destination`. */
void sipwhy_trace_reset(SipwhyTrace *trace, const SipwhyPacket *packet);

/** Tells whether all packets of the file have been read: what is missing now will not come. */
void sipwhy_trace_set_whole(SipwhyTrace *trace, bool whole);
bool sipwhy_trace_is_whole(const SipwhyTrace *trace);

/** Whether there was no memory left for a message. It and what follows is not in the trace, which
 * is not whole then and reaches no further; what was added before stays as it is. */
bool sipwhy_trace_is_full(const SipwhyTrace *trace);

/** The time of the last packet, microseconds since 1970. */
int64_t sipwhy_trace_end(const SipwhyTrace *trace);

/** How long the capture goes on after `time`, microseconds: up to its end, or to where no packet
 * comes for a day. There another capture begins that was merged into the file. */
int64_t sipwhy_trace_left(const SipwhyTrace *trace, int64_t time);

/** The messages of a frame in order, `*count` of them; NULL and 0 when there are none. */
const SipwhyEvent *sipwhy_trace_frame(const SipwhyTrace *trace, uint32_t frame, size_t *count);

/** Whether the capture lacks the end of a message in a frame: what is not there may have been. */
bool sipwhy_trace_was_cut(const SipwhyTrace *trace, uint32_t frame);

/** The n-th message in the order of the frames, or NULL past the end. */
const SipwhyEvent *sipwhy_trace_event_at(const SipwhyTrace *trace, size_t n);

/** The place of the first message whose frame is not below `frame`, for sipwhy_trace_event_at. */
size_t sipwhy_trace_place(const SipwhyTrace *trace, uint32_t frame);

/** The first call; NULL: there is none. The others follow by SipwhyCall.next. */
const SipwhyCall *sipwhy_trace_calls(const SipwhyTrace *trace);

/** Forgets the messages of a frame and all behind it: a read filter has thrown that packet away and
 * its number will be given to another one. */
void sipwhy_trace_forget(SipwhyTrace *trace, uint32_t frame);

/**
 * What was kept of a message, as a message; false when nothing was. Of a request everything is
 * kept until the final response, and then:
 *   final response 300 to 699: its headers that rules read, and the body;
 *   401, 407: only Authorization and Proxy-Authorization, Request-URI and Contact;
 *   2xx: nothing, but for CANCEL and BYE (Reason), REFER, NOTIFY, SUBSCRIBE (Refer-To, Event,
 *   Subscription-State, a sipfrag body), the repair of a refused one
 *   (SipwhyTransaction.repairs), and an offer that its answer does not take as it is.
 * Of final responses of 300 and above the headers that rules read and an SDP body (of 401 and 407
 * the challenges). See keep.c for the lists.
 */
bool sipwhy_kept_message(const SipwhyKept *kept, SipwhyMessage *message);

/** The hash under which a tag stands in the trace; 0 for an empty one. */
uint32_t sipwhy_tag_hash(SipwhySlice tag);

/** The same of the To tag of a message. */
uint32_t sipwhy_message_to_tag(const SipwhyMessage *message);

/** Whether two endpoints have the same address; ports are not compared. */
bool sipwhy_same_address(const SipwhyEndpoint *one, const SipwhyEndpoint *other);

/** Whether they have the same address and port. */
bool sipwhy_same_endpoint(const SipwhyEndpoint *one, const SipwhyEndpoint *other);

/**
 * The same request one hop further: same call, method, CSeq and From tag, sent by this hop's server
 * with one more Via, not earlier (RFC 3261 16.6). NULL: not seen. Among several (forking) the
 * first.
 */
const SipwhyTransaction *sipwhy_transaction_forwarded(const SipwhyTransaction *transaction);

/** Whether `next` is the request of `hop`, one hop further: for those that look at every fork. It
 * has to stand behind `hop` in the call. */
bool sipwhy_transaction_leads_to(const SipwhyTransaction *hop, const SipwhyTransaction *next);

/** The other way: the hop that this one was forwarded from. NULL: not seen. */
const SipwhyTransaction *sipwhy_transaction_received(const SipwhyTransaction *transaction);

#endif
