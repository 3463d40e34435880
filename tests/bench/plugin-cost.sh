#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# plugin-cost.sh PLUGIN PLUGIN_FOLDER [RUNS]: what the plugin costs tshark. Prints figures, judges
# nothing: user CPU and peak memory of whole tshark runs with the plugin, as ratios to runs without
# it, taken in turns, on a capture of SIP alone and on one that is mostly RTP; then time against
# size. Needs GNU time (Debian: time) for the memory.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
plugin=$1 folder=$2 runs=${3:-7}
sandbox_create "$plugin" "$folder"
sandbox_add "$here/../../captures" captures
sandbox_require_plugin

sandbox_run bash -s "$runs" "$(command -v /usr/bin/time || true)" <<'EOF'
set -eu
runs=$1 gnu_time=$2
mkdir -p bare
repeat() { # repeat N FILE: its name, N times
  for _ in $(seq "$1"); do printf '%s\n' "$2"; done
}
# Answered, busy, registered, refused: 44 packets of SIP, nothing else.
mergecap -a -F pcap -w calls.pcap captures/call-answered.pcap captures/call-busy.pcap \
  captures/register-challenge.pcap captures/recorded/sipp-call.pcap
mergecap -a -F pcap -w block.pcap $(repeat 60 calls.pcap)
for size in 20 40 80; do
  mergecap -a -F pcap -w "sip-$size.pcap" $(repeat "$size" block.pcap)
done
# 1,000 packets of RTP (G.711, 20 ms) beside each 44 of SIP.
awk 'BEGIN { for (i = 0; i < 1000; i++) {
    printf "0000 80 00 %02x %02x 00 00 %02x %02x 12 34 56 78", i / 256, i % 256, i * 160 / 256 % 256, i * 160 % 256
    for (j = 0; j < 160; j++) printf " d5"
    printf "\n" } }' > rtp.txt
text2pcap -q -F pcap -4 192.0.2.10,203.0.113.20 -u 49170,49180 rtp.txt rtp.pcap 2> /dev/null
mergecap -a -F pcap -w mixed-block.pcap calls.pcap rtp.pcap
mergecap -a -F pcap -w rtp-mixed.pcap $(repeat 250 mixed-block.pcap)

measure() { # measure HOME FILE: "user-seconds kilobytes"
  if [ -n "$gnu_time" ]; then
    HOME=$1 "$gnu_time" -f '%U %M' -o figures tshark -r "$2" > /dev/null
    cat figures
  else
    TIMEFORMAT=%U
    { time HOME=$1 tshark -r "$2" > /dev/null; } 2> figures
    echo "$(cat figures) 0"
  fi
}
for file in sip-80.pcap rtp-mixed.pcap; do
  : > ratios
  measure "$PWD/bare" "$file" > /dev/null # warm up
  for _ in $(seq "$runs"); do
    echo "$(measure "$HOME" "$file") $(measure "$PWD/bare" "$file")" >> ratios
  done
  packets=$(capinfos -Mc "$file" | awk 'END { print $NF }')
  for what in "user-CPU 1 3" "peak-memory 2 4"; do
    set -- $what
    awk -v a="$2" -v b="$3" '$b > 0 { printf "%.3f\n", $a / $b }' ratios | sort -n |
      awk -v name="$1" -v file="$file" -v packets="$packets" '{ r[NR] = $1 } END {
        if (NR) printf "%-15s %7d packets  %-11s with/without: median %s (%s to %s, %d pairs)\n",
          file, packets, name, r[int((NR + 1) / 2)], r[1], r[NR], NR }'
  done
done
for size in 20 40 80; do
  best=$(for _ in 1 2 3; do measure "$HOME" "sip-$size.pcap"; done | sort -n | head -n 1)
  echo "sip-$size.pcap   $((size * 60 * 44)) packets: ${best% *} s of user CPU, best of 3"
done
EOF
