/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A story in words: what it came to in a line, then who, when, why, and what to do.
 */
#ifndef SIPWHY_REPORT_STORY_TEXT_H
#define SIPWHY_REPORT_STORY_TEXT_H

#include "page.h"
#include "report/story.h"

/** "Call failed: 488 Not Acceptable Here in frame 3 - no codec in common". The caller frees it. */
char *sipwhy_story_verdict(const SipwhyCapture *capture, const SipwhyReportSettings *settings,
                           const SipwhyStory *story);

/** Adds the rest to a block of facts. */
void sipwhy_story_tell(SipwhyBlock *block, const SipwhyCapture *capture,
                       const SipwhyReportSettings *settings, const SipwhyStory *story);

#endif
