/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The body of a SIP message, and the parts of a multipart one: found in place, nothing is copied.
 *
 * Hostile bytes: nesting, parts and lines are bounded, and a missing closing boundary is no
 * obstacle (the capture may have cut it off).
 */
#ifndef SIPWHY_BODY_H
#define SIPWHY_BODY_H

#include "message.h"

enum {
    SIPWHY_BODY_DEPTH_MOST = 4,  /**< multiparts inside each other; a deeper one is one part */
    SIPWHY_BODY_PARTS_MOST = 64, /**< parts of one body that are looked at */
};

/** A body that is no multipart, or a part of one that is. */
typedef struct {
    SipwhySlice type;        /**< Content-Type with its parameters; empty: none is written */
    SipwhySlice disposition; /**< Content-Disposition; empty: none */
    SipwhySlice headers;     /**< of the part: all its header lines; of a whole body empty */
    SipwhySlice content;
    bool encoded; /**< compressed or base64: its bytes cannot be read as they stand */
    bool whole;   /**< it ends where it should: at a boundary, or with a message that is not cut */
} SipwhyBodyPart;

/** A walk through the parts of a body; start with sipwhy_body_walk. */
typedef struct {
    SipwhyBodyPart next; /**< the message's own body, before the first step */
    bool begun;
    unsigned parts;
    unsigned depth;
    struct {
        SipwhySlice boundary;
        SipwhySlice rest; /**< behind the last delimiter line */
        bool whole;
    } level[SIPWHY_BODY_DEPTH_MOST];
} SipwhyBodyWalk;

/** Begins a walk through all parts that are no multipart themselves, in their order. */
SipwhyBodyWalk sipwhy_body_walk(const SipwhyMessage *message);

/** The next part; false when there is none left. A message without a body has none. */
bool sipwhy_body_next(SipwhyBodyWalk *walk, SipwhyBodyPart *part);

/**
 * The first part of a media type ("application/sdp", without regard to case; parameters do not
 * matter), also inside multipart bodies (RFC 2046 5.1, RFC 5621 3). One that is encoded is passed
 * over. Returns false when there is none.
 */
bool sipwhy_body_find(const SipwhyMessage *message, const char *type, SipwhyBodyPart *part);

/** Whether its Content-Type lets a message's body hold what has `name` in its type: that one, or a
 * multipart. What it holds is for the others to say, and takes longer. */
bool sipwhy_body_may_hold(const SipwhyMessage *message, const char *name);

/** The same for a session description. */
bool sipwhy_body_may_hold_sdp(const SipwhyMessage *message);

/**
 * The session description of a message: its first application/sdp part, or a body that begins
 * with "v=" and has no Content-Type. Returns false when there is none.
 */
bool sipwhy_body_sdp(const SipwhyMessage *message, SipwhySlice *sdp);

/**
 * Scans the message/sipfrag part (RFC 3420; also message/sip) of a message as a message of its
 * own. Its `cut` means nothing: a fragment may end anywhere. Returns false when there is none, or
 * it does not begin with a start line.
 */
bool sipwhy_body_sipfrag(const SipwhyMessage *message, SipwhyMessage *fragment);

/** Whether a Content-Type or Accept value is a media type ("application/sdp"), without regard to
 * case and parameters. "multipart/" stands for all of its subtypes. */
bool sipwhy_media_type_is(SipwhySlice value, const char *type);

#endif
