/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A trace written down in a test: messages in, findings out.
 */
#ifndef SIPWHY_TRACE_KIT_H
#define SIPWHY_TRACE_KIT_H

#include "finding.h"

typedef struct Kit Kit;

Kit *kit_new(void);
void kit_free(Kit *kit);

/**
 * Adds a message at `seconds` on a hop, and returns its frame number (1, 2, ...). `hop` is
 * "10.0.0.1>10.0.0.2", over UDP, port 5060, unless it says "tcp
 * 10.0.0.1:5070>[2001:db8::1]:5060" (udp tcp tls sctp ws wss). `head` is the start line without
 * version ("INVITE sip:b@example.com", "486 Busy Here") followed by header lines of its own, each
 * after "\n"; an empty line ends them and begins the body. These headers are added unless `head`
 * has them: Via (branch z9hG4bK + METHOD + CSeq number, where CANCEL and ACK have their INVITE's;
 * sent-by the client's address), From (tag f), To (tag t in responses above 100, ACK, BYE and
 * PRACK), Call-ID c1, CSeq (1, METHOD), in requests Max-Forwards 70, Contact (the sender) where a
 * target is set or refreshed, Content-Type of a body that begins with "v=", Content-Length. A line
 * "-Contact" leaves that header out. `method` is the method of a response (NULL: that of CSeq in
 * `head`, or INVITE; of a request its own). "\n" becomes CRLF.
 */
unsigned kit_say(Kit *kit, double seconds, const char *hop, const char *method, const char *head);

/** Adds bytes as they are, as one message; returns 0 if they are none. */
unsigned kit_raw(Kit *kit, double seconds, const char *hop, const char *bytes, size_t length);

/** Sends the message of an earlier frame once more, on the same hop: a retransmission, or within
 * 50 ms the copy of a mirror port. Its own frame number. */
unsigned kit_repeat(Kit *kit, double seconds, unsigned frame);

/** Takes away the bytes of a frame's message: rules get none (SipwhySubject.message is NULL). */
void kit_lose(Kit *kit, unsigned frame);

/** An ICMP error that quotes the message of an earlier frame; its own frame number. */
unsigned kit_unreachable(Kit *kit, double seconds, unsigned frame);

/** A TCP reset on a hop; its frame number. */
unsigned kit_reset(Kit *kit, double seconds, const char *hop);

/** Lets time pass: the trace reaches to `seconds`. */
void kit_wait(Kit *kit, double seconds);

/** Says whether the file is read to its end. Without it, it is so whenever something is expected.
 */
void kit_whole(Kit *kit, bool whole);

/** Asserts which findings a frame has: their ids in the order of the rules, with a space between
 * them; "" for none. A program test-rules-FAMILY looks at those of its family only. All texts must
 * be filled in, and fit in 230 bytes, also when the rules run without the message's bytes. */
void kit_expect(Kit *kit, unsigned number, const char *ids);

/** Asserts that a finding of a frame is there / not there, whatever else is. */
void kit_expect_one(Kit *kit, unsigned number, const char *id);
void kit_expect_none(Kit *kit, unsigned number, const char *id);

/** Asserts that the text, title or a fix of a finding contains a string. */
void kit_expect_text(Kit *kit, unsigned number, const char *id, const char *part);

/** Asserts the evidence frames of a finding: "3 4". */
void kit_expect_frames(Kit *kit, unsigned number, const char *id, const char *frames);

/** Asserts what a response is worth: "chat", "note", "warn", "error"; by the findings that
 * kit_expect looks at. */
void kit_expect_severity(Kit *kit, unsigned number, const char *severity);

SipwhyTrace *kit_trace(Kit *kit);

/** What rules look at in a frame; `message` holds its message, if that is not lost. */
SipwhySubject kit_subject(Kit *kit, unsigned number, SipwhyMessage *message);

#endif
