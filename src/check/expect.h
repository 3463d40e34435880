/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a policy expects of all captures together.
 */
#ifndef SIPWHY_CHECK_EXPECT_H
#define SIPWHY_CHECK_EXPECT_H

#include "check/verdict.h"

/** SipwhyExpectation, in the order of their keys; the caller frees the list, which frees them. What
 * the captures say nothing about is not met. */
GPtrArray *sipwhy_expectations(const GPtrArray *captures, const SipwhyPolicy *policy,
                               SipwhyLanguage language);

#endif
