/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The table of all rules, in the order in which their findings are shown. A rule that would say the
 * same as one before it, or less, looks at the findings so far (sipwhy_findings_have) and is
 * silent.
 */
#include "rules.h"

static const SipwhyRule rules[] = {
    sipwhy_rule_authentication, sipwhy_rule_ping,     sipwhy_rule_identity,
    sipwhy_rule_offer_answer,   sipwhy_rule_transfer, sipwhy_rule_timeouts,
    sipwhy_rule_ending,         sipwhy_rule_routing,  sipwhy_rule_limits,
    sipwhy_rule_extensions,     sipwhy_rule_causes,   sipwhy_rule_timers,
    sipwhy_rule_conformance,    sipwhy_rule_capture,
};

SipwhyRule sipwhy_rule_at(size_t n)
{
    return n < G_N_ELEMENTS(rules) ? rules[n] : NULL;
}
