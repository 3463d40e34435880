/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Findings on routing.
 */
#include <glib.h>

#include "rules/rules.h"
#include "trace-kit.h"

/* The same INVITE on three hops: with one, two and three Vias. */
#define VIA(host, branch) "\nVia: SIP/2.0/UDP " host ";branch=z9hG4bK" branch
#define ONE VIA("192.0.2.1:5060", "a")
#define TWO VIA("192.0.2.2:5060", "b") ONE
#define THREE VIA("192.0.2.3:5060", "c") TWO
#define CALL "INVITE sip:b@example.com"

static Kit *kit;

static void set_up(void)
{
    kit = kit_new();
}

static void tear_down(void)
{
    kit_free(kit);
}

/* What this family says of a frame; others may have to say something too. */
static GPtrArray *find(unsigned frame)
{
    SipwhyMessage message;
    const SipwhySubject subject = kit_subject(kit, frame, &message);
    GPtrArray *findings = sipwhy_findings_new();

    sipwhy_rule_routing(&subject, findings);
    return findings;
}

static void expect(unsigned frame, const char *ids)
{
    GPtrArray *findings = find(frame);
    GString *found = g_string_new(NULL);

    for (unsigned i = 0; i < findings->len; i++) {
        const SipwhyFinding *finding = findings->pdata[i];
        g_string_append_printf(found, "%s%s", i ? " " : "", sipwhy_finding_facts(finding->id)->id);
    }
    g_assert_cmpstr(found->str, ==, ids);
    g_string_free(found, TRUE);
    g_ptr_array_free(findings, TRUE);
}

static void expect_severity(unsigned frame, const char *severity)
{
    GPtrArray *findings = find(frame);
    SipwhyMessage message;
    const unsigned status = kit_subject(kit, frame, &message).event->status;
    SipwhyExplanation explanation;
    bool expected;
    const bool explained = sipwhy_explain(status, 0, &explanation);

    g_assert_cmpstr(sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY,
                                   (int)sipwhy_findings_severity(
                                       findings, explained ? &explanation : NULL, &expected)),
                    ==, severity);
    g_ptr_array_free(findings, TRUE);
}

/* 482 */

static void test_loop(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.01, "192.0.2.2>192.0.2.3", NULL, CALL TWO);
    kit_say(kit, 0.02, "192.0.2.3>192.0.2.2", NULL, CALL THREE);
    kit_say(kit, 0.03, "192.0.2.2>192.0.2.3", NULL, "482 Loop Detected" THREE);
    kit_say(kit, 0.04, "192.0.2.3>192.0.2.2", NULL, "482 Loop Detected" TWO);
    kit_say(kit, 0.05, "192.0.2.2>192.0.2.1", NULL, "482 Loop Detected" ONE);
    expect(4, "loop");
    kit_expect_frames(kit, 4, "loop", "1 3");
    expect_severity(4, "error");
    kit_expect_text(kit, 4, "loop", "back at 192.0.2.2:5060 since frame 1");
    expect(5, "loop");
    kit_expect_frames(kit, 5, "loop", "4");
    kit_expect_frames(kit, 6, "loop", "4");
    tear_down();
}

/* A mirror port gives each packet twice. */
static void test_mirror_port(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.001, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.01, "192.0.2.2>192.0.2.1", NULL, "482 Loop Detected" ONE);
    kit_say(kit, 0.011, "192.0.2.2>192.0.2.1", NULL, "482 Loop Detected" ONE);
    expect(3, "");
    expect(4, "");
    kit_say(kit, 1.0, "192.0.2.1>192.0.2.2", NULL, CALL "\nCSeq: 2 INVITE");
    kit_say(kit, 1.001, "192.0.2.1>192.0.2.2", NULL, CALL "\nCSeq: 2 INVITE");
    kit_say(kit, 1.01, "192.0.2.2>192.0.2.1", NULL, "503 Unavailable\nCSeq: 2 INVITE");
    kit_say(kit, 1.011, "192.0.2.2>192.0.2.1", NULL, "503 Unavailable\nCSeq: 2 INVITE");
    expect(5, "");
    expect(7, "");
    expect(8, "");
    tear_down();
}

/* The end of the capture is missing, or its beginning. */
static void test_cut_capture(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.2>192.0.2.1", NULL, "482 Loop Detected" ONE);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "483 Too Many Hops\nCSeq: 2 INVITE");
    kit_say(kit, 0.2, "192.0.2.2>192.0.2.1", NULL, "503 Unavailable\nCSeq: 3 INVITE");
    kit_say(kit, 0.3, "192.0.2.2>192.0.2.1", NULL, "416 No\nCSeq: 4 INVITE");
    kit_say(kit, 0.4, "192.0.2.1>192.0.2.2", NULL, CALL "\nCSeq: 5 INVITE");
    for (unsigned frame = 1; frame <= 5; frame++)
        expect(frame, "");
    tear_down();
}

static void test_loop_in_via_only(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.3>192.0.2.2", NULL, CALL THREE);
    kit_say(kit, 0.01, "192.0.2.2>192.0.2.3", NULL, "482 Loop Detected" THREE);
    expect(2, "loop");
    kit_expect_frames(kit, 2, "loop", "1");
    kit_expect_text(kit, 2, "loop", "names 192.0.2.2:5060");
    tear_down();
}

static void test_loop_with_another_port_is_another_element(void)
{
    set_up(); /* several elements on one machine */
    kit_say(kit, 0.0, "127.0.0.1:5061>127.0.0.1:5062", NULL, CALL VIA("127.0.0.1:5061", "b") ONE);
    kit_say(kit, 0.01, "127.0.0.1:5062>127.0.0.1:5061", NULL,
            "482 Loop Detected" VIA("127.0.0.1:5061", "b") ONE);
    expect(2, "");
    tear_down();
}

static void test_loop_of_one_hop_alone(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.03, "192.0.2.2>192.0.2.1", NULL, "482 Loop Detected" ONE);
    expect(2, "");
    expect_severity(2, "warn");
    tear_down();
}

static void test_spiral(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.01, "192.0.2.2>192.0.2.3", NULL, CALL TWO);
    kit_say(kit, 0.02, "192.0.2.3>192.0.2.2", NULL, "INVITE sip:c@example.com" THREE);
    kit_say(kit, 0.03, "192.0.2.2>192.0.2.3", NULL, "482 Loop Detected" THREE);
    expect(4, "spiral-refused");
    expect_severity(4, "warn");
    tear_down();
}

static void test_merged_request(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.2>192.0.2.9", NULL, CALL TWO);
    kit_say(kit, 0.01, "192.0.2.3>192.0.2.9", NULL, CALL VIA("192.0.2.3", "x") ONE);
    kit_say(kit, 0.02, "192.0.2.9>192.0.2.3", NULL, "482 Loop Detected" VIA("192.0.2.3", "x") ONE);
    kit_say(kit, 0.03, "192.0.2.9>192.0.2.2", NULL, "180 Ringing" TWO);
    expect(3, "merged-request");
    kit_expect_frames(kit, 3, "merged-request", "1 2");
    expect_severity(3, "note");
    tear_down();
}

static void test_merged_request_passed_on(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.01, "192.0.2.2>192.0.2.9", NULL, CALL TWO);
    kit_say(kit, 0.01, "192.0.2.2>192.0.2.9", NULL, CALL VIA("192.0.2.2:5060", "bb") ONE);
    kit_say(kit, 0.02, "192.0.2.9>192.0.2.2", NULL,
            "482 Loop Detected" VIA("192.0.2.2:5060", "bb") ONE);
    kit_say(kit, 0.03, "192.0.2.2>192.0.2.1", NULL, "482 Loop Detected" ONE);
    expect(4, "merged-request");
    expect(5, "merged-request");
    kit_expect_frames(kit, 5, "merged-request", "4");
    tear_down();
}

static void test_request_after_a_refusal_is_not_merged(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.9", NULL, "REGISTER sip:example.com");
    kit_say(kit, 0.1, "192.0.2.9>192.0.2.1", "REGISTER", "401 Unauthorized");
    kit_say(kit, 0.2, "192.0.2.1>192.0.2.9", NULL,
            "REGISTER sip:example.com" VIA("192.0.2.1", "x"));
    kit_say(kit, 0.3, "192.0.2.9>192.0.2.1", "REGISTER", "482 Loop" VIA("192.0.2.1", "x"));
    expect(4, "");
    tear_down();
}

static void test_repeated_request_is_not_merged(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.2>192.0.2.9", NULL, CALL TWO);
    kit_say(kit, 0.5, "192.0.2.2>192.0.2.9", NULL, CALL TWO);
    kit_say(kit, 0.6, "192.0.2.9>192.0.2.2", NULL, "482 Loop Detected" TWO);
    kit_expect_none(kit, 3, "merged-request");
    tear_down();
}

/* 483 */

static void test_low_start(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL "\nMax-Forwards: 1" ONE);
    kit_say(kit, 0.01, "192.0.2.2>192.0.2.3", NULL, CALL "\nMax-Forwards: 0" TWO);
    kit_say(kit, 0.02, "192.0.2.3>192.0.2.2", NULL, "483 Too Many Hops" TWO);
    kit_say(kit, 0.03, "192.0.2.2>192.0.2.1", NULL, "483 Too Many Hops" ONE);
    expect(3, "hops-exhausted");
    kit_expect_text(kit, 3, "hops-exhausted", "started at 1, not 70");
    kit_expect_frames(kit, 3, "hops-exhausted", "1 2");
    kit_expect_frames(kit, 4, "hops-exhausted", "3");
    expect_severity(3, "warn");
    tear_down();
}

static void test_hops_of_unknown_start(void)
{
    set_up();
    kit_say(kit, 0.01, "192.0.2.2>192.0.2.3", NULL, CALL "\nMax-Forwards: 0" TWO);
    kit_say(kit, 0.02, "192.0.2.3>192.0.2.2", NULL, "483 Too Many Hops" TWO);
    expect(2, "hops-exhausted");
    kit_expect_text(kit, 2, "hops-exhausted", "with 2 Via values");
    tear_down();
}

static void test_hops_used_up_elsewhere(void)
{
    set_up();
    kit_say(kit, 0.01, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.02, "192.0.2.2>192.0.2.1", NULL, "483 Too Many Hops" ONE);
    expect(2, "");
    tear_down();
}

static void test_hops_used_up_in_a_loop(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.3>192.0.2.4", NULL,
            CALL "\nMax-Forwards: 0" VIA("192.0.2.3", "e") VIA("192.0.2.2", "d")
                VIA("192.0.2.3:5060", "c") VIA("192.0.2.2", "b") VIA("192.0.2.3", "9") ONE);
    kit_say(kit, 0.02, "192.0.2.4>192.0.2.3", NULL,
            "483 Too Many Hops" VIA("192.0.2.3", "e") VIA("192.0.2.2", "d")
                VIA("192.0.2.3:5060", "c") VIA("192.0.2.2", "b") VIA("192.0.2.3", "9") ONE);
    expect(2, "loop");
    kit_expect_text(kit, 2, "loop", "stands 3 times");
    tear_down();
}

/* 3xx */

static void test_followed(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "302 Moved\nContact: <sip:c@192.0.2.3>");
    kit_say(kit, 0.2, "192.0.2.1>192.0.2.3", NULL, "INVITE sip:c@192.0.2.3\nCSeq: 2 INVITE");
    expect(2, "redirect-followed");
    kit_expect_text(kit, 2, "redirect-followed", "no final answer");
    kit_say(kit, 1.2, "192.0.2.3>192.0.2.1", NULL, "200 OK\nCSeq: 2 INVITE");
    expect(2, "redirect-followed");
    kit_expect_text(kit, 2, "redirect-followed", "is 200");
    kit_expect_frames(kit, 2, "redirect-followed", "3 4");
    expect_severity(2, "chat");
    tear_down();
}

static void test_followed_with_another_call_id(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "302 Moved\nContact: <sip:c@192.0.2.3>");
    kit_say(kit, 0.2, "192.0.2.1>192.0.2.3", NULL, "INVITE sip:c@192.0.2.3\nCall-ID: c2");
    kit_wait(kit, 60);
    expect(2, "redirect-followed");
    tear_down();
}

static void test_ignored(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "302 Moved\nContact: <sip:c@192.0.2.3>");
    kit_say(kit, 0.2, "192.0.2.1>192.0.2.2", NULL, "ACK sip:b@example.com");
    expect(2, ""); /* the capture ends too early to tell */
    kit_wait(kit, 40);
    expect(2, "redirect-ignored");
    kit_expect_frames(kit, 2, "redirect-ignored", "3");
    expect_severity(2, "note");
    tear_down();
}

static void test_ignored_needs_its_ack(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "302 Moved\nContact: <sip:c@192.0.2.3>");
    kit_wait(kit, 60);
    kit_expect_none(kit, 2, "redirect-ignored");
    tear_down();
}

static void test_redirection_of_one_direction(void)
{
    set_up();
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "302 Moved\nContact: <sip:c@192.0.2.3>");
    kit_wait(kit, 60);
    kit_expect_none(kit, 1, "redirect-ignored");
    tear_down();
}

static void test_redirection_without_contact(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "302 Moved");
    kit_expect_one(kit, 2, "redirect-empty");
    kit_lose(kit, 2); /* what was kept of it tells the same */
    kit_expect_one(kit, 2, "redirect-empty");
    kit_say(kit, 1.0, "192.0.2.1>192.0.2.2", NULL, CALL "\nCall-ID: c2");
    kit_say(kit, 1.1, "192.0.2.2>192.0.2.1", NULL, "380 Alternative Service\nCall-ID: c2");
    kit_expect_none(kit, 4, "redirect-empty");
    tear_down();
}

static void test_redirection_to_itself(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "302 Moved\nContact: <sip:b@example.com>");
    expect(2, "loop");
    expect_severity(2, "error");
    kit_say(kit, 1.0, "192.0.2.1>192.0.2.2", NULL, CALL "\nCall-ID: c2");
    kit_say(kit, 1.1, "192.0.2.2>192.0.2.1", NULL,
            "302 Moved\nCall-ID: c2\nContact: <sip:b@example.com>, <sip:b@192.0.2.7>");
    kit_expect_none(kit, 4, "loop");
    tear_down();
}

static void test_redirection_in_a_circle(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "302 Moved\nContact: <sip:b@192.0.2.3>");
    kit_say(kit, 0.2, "192.0.2.1>192.0.2.3", NULL, "INVITE sip:b@192.0.2.3\nCSeq: 2 INVITE");
    kit_say(kit, 0.3, "192.0.2.3>192.0.2.1", NULL,
            "302 Moved\nCSeq: 2 INVITE\nContact: <sip:b@example.com>");
    expect(2, "redirect-followed");
    expect(4, "loop");
    kit_expect_frames(kit, 4, "loop", "1 3");
    tear_down();
}

/* Other servers */

static void test_failover(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "503 Service Unavailable");
    expect(2, "");
    expect_severity(2, "warn");
    kit_say(kit, 0.2, "192.0.2.1>192.0.2.3", NULL, CALL VIA("192.0.2.1", "second"));
    kit_say(kit, 0.3, "192.0.2.3>192.0.2.1", NULL, "200 OK" VIA("192.0.2.1", "second"));
    expect(2, "failover-tried");
    kit_expect_frames(kit, 2, "failover-tried", "3 4");
    expect_severity(2, "note");
    tear_down();
}

static void test_parallel_forking_is_no_failover(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.2>192.0.2.3", NULL, CALL TWO);
    kit_say(kit, 0.0, "192.0.2.2>192.0.2.4", NULL, CALL VIA("192.0.2.2", "x") ONE);
    expect(1, "");
    kit_say(kit, 0.1, "192.0.2.3>192.0.2.2", NULL, "503 Service Unavailable" TWO);
    expect(1, "");
    kit_expect_none(kit, 3, "failover-tried");
    tear_down();
}

static void test_register_fails_over(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, "REGISTER sip:example.com");
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", "REGISTER", "500 Server Internal Error");
    kit_say(kit, 0.2, "192.0.2.1>192.0.2.3", NULL, "REGISTER sip:example.com\nCSeq: 2 REGISTER");
    expect(2, "failover-tried");
    kit_say(kit, 60, "192.0.2.1>192.0.2.2", NULL, "REGISTER sip:example.com\nCall-ID: c2");
    kit_say(kit, 60.1, "192.0.2.2>192.0.2.1", "REGISTER", "503 Service Unavailable\nCall-ID: c2");
    kit_say(kit, 160, "192.0.2.1>192.0.2.3", NULL,
            "REGISTER sip:example.com\nCSeq: 2 REGISTER\nCall-ID: c2");
    kit_expect_none(kit, 5, "failover-tried"); /* that late it is a request of its own */
    tear_down();
}

static void test_silent_server_left(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.5, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 5.0, "192.0.2.1>192.0.2.3", NULL, CALL VIA("192.0.2.1", "second"));
    expect(1, "failover-tried");
    expect(3, "");
    tear_down();
}

static void test_unreachable(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_unreachable(kit, 0.01, 1);
    expect(1, "next-hop-unreachable");
    kit_expect_frames(kit, 1, "next-hop-unreachable", "2");
    expect_severity(1, "warn");
    expect(2, "");
    kit_say(kit, 0.2, "192.0.2.1>192.0.2.3", NULL, CALL VIA("192.0.2.1", "second"));
    expect(1, "next-hop-unreachable failover-tried");
    tear_down();
}

static void test_unreachable_and_answered_then(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_unreachable(kit, 0.01, 1);
    kit_say(kit, 0.5, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.6, "192.0.2.2>192.0.2.1", NULL, "100 Trying");
    expect(1, "");
    tear_down();
}

static void test_reset(void)
{
    set_up();
    kit_say(kit, 0.0, "tcp 192.0.2.1:40000>192.0.2.2", NULL, CALL);
    kit_reset(kit, 0.01, "tcp 192.0.2.2>192.0.2.1:40000");
    expect(1, "next-hop-unreachable");
    kit_expect_text(kit, 1, "next-hop-unreachable", "reset in frame 2");
    kit_say(kit, 1.0, "tcp 192.0.2.1:40001>192.0.2.2", NULL, CALL "\nCall-ID: c2");
    kit_say(kit, 1.1, "tcp 192.0.2.2>192.0.2.1:40001", NULL, "486 Busy Here\nCall-ID: c2");
    kit_reset(kit, 1.2, "tcp 192.0.2.2>192.0.2.1:40001");
    expect(3, "");
    tear_down();
}

static void test_unreachable_further_on(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.3", NULL, CALL TWO);
    kit_unreachable(kit, 0.2, 2);
    kit_say(kit, 0.3, "192.0.2.2>192.0.2.1", NULL, "503 Service Unavailable" ONE);
    expect(4, "next-hop-unreachable");
    kit_expect_frames(kit, 4, "next-hop-unreachable", "2 3");
    kit_expect_text(kit, 4, "next-hop-unreachable", "192.0.2.3:5060 unreachable");
    tear_down();
}

static void test_another_branch_answered(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.3", NULL, CALL TWO);
    kit_unreachable(kit, 0.2, 2);
    kit_say(kit, 0.3, "192.0.2.2>192.0.2.4", NULL, CALL VIA("192.0.2.2", "x") ONE);
    kit_say(kit, 0.4, "192.0.2.4>192.0.2.2", NULL, "480 Away" VIA("192.0.2.2", "x") ONE);
    kit_say(kit, 0.5, "192.0.2.2>192.0.2.1", NULL, "480 Away" ONE);
    kit_expect_none(kit, 6, "next-hop-unreachable");
    tear_down();
}

/* Answers that a proxy passes on */

static void fork_two(const char *first, const char *second, const char *own)
{
    char *head;

    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.3", NULL, CALL TWO);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.4", NULL, CALL VIA("192.0.2.2", "x") ONE);
    head = g_strconcat(first, TWO, NULL);
    kit_say(kit, 0.2, "192.0.2.3>192.0.2.2", NULL, head);
    g_free(head);
    head = g_strconcat(second, VIA("192.0.2.2", "x") ONE, NULL);
    kit_say(kit, 0.3, "192.0.2.4>192.0.2.2", NULL, head);
    g_free(head);
    head = g_strconcat(own, ONE, NULL);
    kit_say(kit, 0.4, "192.0.2.2>192.0.2.1", NULL, head);
    g_free(head);
}

static void test_best_response(void)
{
    set_up();
    fork_two("486 Busy", "500 Error", "486 Busy");
    expect(6, "best-response");
    kit_expect_text(kit, 6, "best-response", "486 (4), 500 (5)");
    kit_expect_frames(kit, 6, "best-response", "4 5");
    expect_severity(6, "note");
    tear_down();
    set_up();
    fork_two("486 Busy", "486 Busy", "486 Busy");
    expect(6, "");
    tear_down();
    set_up();
    fork_two("486 Busy", "603 Decline", "603 Decline");
    kit_expect_text(kit, 6, "best-response", "passes on the 6xx, which speaks for all");
    tear_down();
}

static void test_code_changed(void)
{
    set_up();
    fork_two("486 Busy", "503 Unavailable", "500 Error");
    expect(6, "code-changed");
    kit_expect_text(kit, 6, "code-changed", "frame 4 said 486");
    kit_expect_frames(kit, 6, "code-changed", "4");
    tear_down();
    set_up();
    fork_two("503 Unavailable", "503 Unavailable", "500 Error");
    kit_expect_none(kit, 6, "code-changed"); /* as it should be */
    tear_down();
    set_up(); /* it may stand for the branch that has not answered */
    fork_two("486 Busy", "180 Ringing", "408 Timeout");
    kit_expect_none(kit, 6, "code-changed");
    tear_down();
}

static void test_code_of_a_cancelled_call(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.3", NULL, CALL TWO);
    kit_say(kit, 0.2, "192.0.2.1>192.0.2.2", NULL, "CANCEL sip:b@example.com" ONE);
    kit_say(kit, 0.3, "192.0.2.3>192.0.2.2", NULL, "486 Busy" TWO);
    kit_say(kit, 0.4, "192.0.2.2>192.0.2.1", NULL, "487 Terminated" ONE);
    kit_expect_none(kit, 5, "code-changed");
    tear_down();
}

static void test_search_ended(void)
{
    set_up();
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.3", NULL, CALL TWO);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.4", NULL, CALL VIA("192.0.2.2", "x") ONE);
    kit_say(kit, 0.2, "192.0.2.3>192.0.2.2", NULL, "603 Decline" TWO);
    expect(3, "");
    kit_say(kit, 0.3, "192.0.2.2>192.0.2.4", NULL,
            "CANCEL sip:b@example.com" VIA("192.0.2.2", "x") ONE);
    expect(3, "search-ended");
    kit_expect_frames(kit, 3, "search-ended", "4");
    tear_down();
}

/* Several answers */

static void test_forked(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "180 Ringing\nTo: <sip:b@example.com>;tag=1");
    kit_say(kit, 0.2, "192.0.2.2>192.0.2.1", NULL, "180 Ringing\nTo: <sip:b@example.com>;tag=2");
    kit_say(kit, 2.0, "192.0.2.2>192.0.2.1", NULL, "200 OK\nTo: <sip:b@example.com>;tag=1");
    expect(2, "");
    expect(3, "forked");
    kit_expect_frames(kit, 3, "forked", "2");
    expect(4, "");
    kit_lose(kit, 3);
    expect(3, "");
    tear_down();
}

static void test_two_answers(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 1.0, "192.0.2.2>192.0.2.1", NULL, "200 OK\nTo: <sip:b@example.com>;tag=1");
    kit_say(kit, 1.1, "192.0.2.2>192.0.2.1", NULL, "200 OK\nTo: <sip:b@example.com>;tag=2");
    kit_expect_none(kit, 2, "late-final");
    kit_expect_one(kit, 3, "late-final");
    kit_expect_text(kit, 3, "late-final", "second device");
    tear_down();
}

static void test_final_after_final(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 1.0, "192.0.2.2>192.0.2.1", NULL, "486 Busy Here");
    kit_say(kit, 1.1, "192.0.2.2>192.0.2.1", NULL, "480 Away");
    kit_say(kit, 1.5, "192.0.2.2>192.0.2.1", NULL, "486 Busy Here");
    expect(3, "late-final");
    kit_expect_frames(kit, 3, "late-final", "2");
    kit_expect_none(kit, 4, "late-final");
    tear_down();
}

/* 416 */

static void test_uri_scheme(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, "INVITE tel:+12025550199");
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "416 Unsupported URI Scheme");
    expect(2, "uri-scheme-refused");
    kit_expect_text(kit, 2, "uri-scheme-refused", "tel: URI");
    kit_say(kit, 0.2, "192.0.2.1>192.0.2.2", NULL, CALL "\nCSeq: 2 INVITE");
    expect(2, "uri-scheme-replaced");
    expect_severity(2, "chat");
    tear_down();
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "416 Unsupported URI Scheme");
    expect(2, "");
    tear_down();
}

static void add_loops(void)
{
    g_test_add_func("/routing/loop", test_loop);
    g_test_add_func("/routing/mirror-port", test_mirror_port);
    g_test_add_func("/routing/cut-capture", test_cut_capture);
    g_test_add_func("/routing/loop-in-via-only", test_loop_in_via_only);
    g_test_add_func("/routing/loop-port", test_loop_with_another_port_is_another_element);
    g_test_add_func("/routing/loop-one-hop", test_loop_of_one_hop_alone);
    g_test_add_func("/routing/spiral", test_spiral);
    g_test_add_func("/routing/merged-request", test_merged_request);
    g_test_add_func("/routing/merged-request-passed-on", test_merged_request_passed_on);
    g_test_add_func("/routing/refused-request", test_request_after_a_refusal_is_not_merged);
    g_test_add_func("/routing/repeated-request", test_repeated_request_is_not_merged);
    g_test_add_func("/routing/low-start", test_low_start);
    g_test_add_func("/routing/hops-of-unknown-start", test_hops_of_unknown_start);
    g_test_add_func("/routing/hops-elsewhere", test_hops_used_up_elsewhere);
    g_test_add_func("/routing/hops-in-a-loop", test_hops_used_up_in_a_loop);
}

static void add_targets(void)
{
    g_test_add_func("/routing/followed", test_followed);
    g_test_add_func("/routing/followed-call-id", test_followed_with_another_call_id);
    g_test_add_func("/routing/ignored", test_ignored);
    g_test_add_func("/routing/ignored-no-ack", test_ignored_needs_its_ack);
    g_test_add_func("/routing/redirection-one-direction", test_redirection_of_one_direction);
    g_test_add_func("/routing/redirection-no-contact", test_redirection_without_contact);
    g_test_add_func("/routing/redirection-itself", test_redirection_to_itself);
    g_test_add_func("/routing/redirection-circle", test_redirection_in_a_circle);
    g_test_add_func("/routing/failover", test_failover);
    g_test_add_func("/routing/parallel-forking", test_parallel_forking_is_no_failover);
    g_test_add_func("/routing/register-failover", test_register_fails_over);
    g_test_add_func("/routing/silent-server", test_silent_server_left);
    g_test_add_func("/routing/unreachable", test_unreachable);
    g_test_add_func("/routing/unreachable-answered", test_unreachable_and_answered_then);
    g_test_add_func("/routing/reset", test_reset);
    g_test_add_func("/routing/unreachable-further-on", test_unreachable_further_on);
    g_test_add_func("/routing/another-branch", test_another_branch_answered);
}

static void add_answers(void)
{
    g_test_add_func("/routing/best-response", test_best_response);
    g_test_add_func("/routing/code-changed", test_code_changed);
    g_test_add_func("/routing/code-cancelled", test_code_of_a_cancelled_call);
    g_test_add_func("/routing/search-ended", test_search_ended);
    g_test_add_func("/routing/forked", test_forked);
    g_test_add_func("/routing/two-answers", test_two_answers);
    g_test_add_func("/routing/final-after-final", test_final_after_final);
    g_test_add_func("/routing/uri-scheme", test_uri_scheme);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_loops();
    add_targets();
    add_answers();
    return g_test_run();
}
