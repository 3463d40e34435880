#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A section of the benchmark, run in its sandbox: diagnose and check of a large capture beside what
# tshark itself takes to count the responses in it, and of several captures with one and two jobs.
set -eu
source bench/turns.sh
ROUNDS=$OTHER_ROUNDS

sipwhy=("${with[@]}" "$PWD/sipwhy")
count=("${without[@]}" tshark -q -r rtp-95.pcap -z sip,stat)
several=(part-1.pcap part-2.pcap part-3.pcap part-4.pcap)

# A refused call is no failure of the command: check says 1 where there is one.
check=("${with[@]}" bash -c '"$@" || [ $? -eq 1 ]' - "$PWD/sipwhy" check)

turns_head
turns '95 % RTP: `sipwhy diagnose`' "no plugin, \`-z sip,stat\`" \
  "${sipwhy[@]}" diagnose rtp-95.pcap -- "${count[@]}"
turns '95 % RTP: `sipwhy check`' "no plugin, \`-z sip,stat\`" \
  "${check[@]}" rtp-95.pcap -- "${count[@]}"
if ./sipwhy diagnose --help | grep -q -- --no-prefilter; then
  turns '95 % RTP: `sipwhy diagnose --no-prefilter`' "no plugin, \`-z sip,stat\`" \
    "${sipwhy[@]}" diagnose --no-prefilter rtp-95.pcap -- "${count[@]}"
fi
turns 'SIP: `sipwhy diagnose`' "no plugin, \`-z sip,stat\`" \
  "${sipwhy[@]}" diagnose sip.pcap -- "${without[@]}" tshark -q -r sip.pcap -z sip,stat
turns "${#several[@]} captures: \`sipwhy diagnose --jobs 2\`" '`--jobs 1`' \
  "${sipwhy[@]}" diagnose --jobs 2 "${several[@]}" -- \
  "${sipwhy[@]}" diagnose --jobs 1 "${several[@]}"
