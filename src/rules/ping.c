/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules: OPTIONS by which one side asks whether the other one is alive.
 */
#include "rules.h"

enum { TOO_MANY_HOPS = 483 };

/* Final responses that refuse the request, and yet show that somebody is there. */
static bool shows_life(unsigned status)
{
    static const unsigned codes[] = {403, 404, 405, 480, 481, TOO_MANY_HOPS, 484, 488, 501};

    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
        if (codes[i] == status)
            return true;
    return false;
}

/* SBCs ping with Max-Forwards 0, so that the next hop itself has to answer: with 483. */
static bool asks_next_hop(const SipwhyTransaction *ping)
{
    SipwhyMessage request;
    unsigned hops;

    return ping->vias == 1 && sipwhy_kept_message(ping->kept_request, &request) &&
           sipwhy_message_number(&request, SIPWHY_HEADER_MAX_FORWARDS, &hops) && hops == 0;
}

void sipwhy_rule_ping(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *ping = subject->transaction;
    const unsigned status = subject->event->status;

    if (!ping || subject->event->quoted || ping->method != SIPWHY_METHOD_OPTIONS ||
        ping->request.frame == 0 || ping->to_tag != 0 || !shows_life(status) ||
        (status == TOO_MANY_HOPS && !asks_next_hop(ping)))
        return;
    SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_PING_REFUSED);
    sipwhy_finding_set(finding, "status", "%u", status);
    sipwhy_finding_set_endpoint(finding, "client", &ping->client);
    sipwhy_finding_set_endpoint(finding, "server", &ping->server);
    sipwhy_finding_prove(finding, ping->request.frame);
}
