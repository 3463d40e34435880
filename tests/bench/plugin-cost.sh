#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# plugin-cost.sh PLUGIN PLUGIN_FOLDER MAKE_CALLS: what the plugin costs tshark. Prints figures,
# judges nothing: user CPU and peak memory of whole tshark runs, as ratios of runs taken in turns, on
# a capture of SIP alone and on one that is 95 % RTP. Once with the plugin beside none while nobody
# asks it anything (tshark -r FILE), once at work (-z sipwhy,tree, for which every message goes
# through the engine) beside what Wireshark itself counts (-z sip,stat). Then how the latter grows
# with the number of messages. RUNS=5 is how often each run is made. PLUGIN should be an optimized
# build. GNU time (Debian: time) is needed for the memory only.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
if [ $# -ne 3 ]; then
  echo "usage: [RUNS=5] plugin-cost.sh PLUGIN PLUGIN_FOLDER MAKE_CALLS" >&2
  exit 2
fi
plugin=$1 folder=$2 make_calls=$3
sandbox_create "$plugin" "$folder"
sandbox_require_plugin

# make_capture NAME N [OPTION...]
make_capture() {
  local name=$1 count=$2
  shift 2
  echo "make-calls $count${*:+ $*} $name"
  "$make_calls" "$count" "$@" "$SANDBOX/run/$name"
  chmod a+r "$SANDBOX/run/$name"
}
make_capture sip-50k.pcap 50000
make_capture sip-100k.pcap 100000
make_capture sip-200k.pcap 200000
make_capture rtp-95.pcap 1000000 --rtp 95
head -c 24 "$SANDBOX/run/sip-50k.pcap" > "$SANDBOX/run/empty.pcap" # the file header alone
chmod a+r "$SANDBOX/run/empty.pcap"

sandbox_run bash -s "${RUNS:-5}" "$(command -v /usr/bin/time || true)" <<'EOF'
set -eu
runs=$1 gnu_time=$2 files="empty sip-50k sip-100k sip-200k rtp-95"
mkdir -p without

# measure idle|work with|without NAME: a line "idle|work with|without NAME user-seconds kilobytes"
measure() {
  local home=$HOME options=()
  case $1-$2 in
    idle-without) home=$PWD/without ;;
    work-with) options=(-q -z sipwhy,tree) ;;
    work-without) home=$PWD/without options=(-q -z sip,stat) ;;
  esac
  if [ -n "$gnu_time" ]; then
    HOME=$home "$gnu_time" -o figures -f '%U %M' tshark -r "$3.pcap" "${options[@]}" > /dev/null
  else
    TIMEFORMAT='%U 0'
    { time HOME=$home tshark -r "$3.pcap" "${options[@]}" > /dev/null; } 2> figures
  fi
  echo "$1 $2 $3 $(cat figures)"
}
echo "running $runs times, with and without the plugin in turns"
if [ -z "$gnu_time" ]; then echo "no GNU time: the figures of memory are 0"; fi
measure work with sip-50k > /dev/null # warm up
for run in $(seq "$runs"); do
  if [ $((run % 2)) -eq 1 ]; then order="with without"; else order="without with"; fi
  for file in $files; do
    for plugin in $order; do measure work "$plugin" "$file"; done
  done
  for file in sip-200k rtp-95; do
    for plugin in $order; do measure idle "$plugin" "$file"; done
  done
done > results

spread() { # spread LABEL: from numbers on standard input
  sort -n | awk -v label="$1" '{ value[NR] = $1 } END {
    if (NR) printf "  %-12s with/without: median %.3f (%.3f to %.3f, %d pairs)\n", label,
      (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2, value[1], value[NR], NR }'
}
ratios() { # ratios idle|work NAME COLUMN: one for each turn
  awk -v kind="$1" -v name="$2" -v column="$3" '
    $1 == kind && $3 == name { value[$2] = $column; seen[$2] = 1 }
    seen["with"] && seen["without"] {
      if (value["without"] > 0) print value["with"] / value["without"]
      delete seen }' results
}
least() { # least idle|work with|without NAME COLUMN: the run that was disturbed least
  awk -v kind="$1" -v plugin="$2" -v name="$3" -v column="$4" \
    '$1 == kind && $2 == plugin && $3 == name { print $column }' results | sort -n | head -n 1
}
for kind in idle work; do
  case $kind in
    idle) echo "nobody asks: tshark -r FILE with the plugin, and without it" ;;
    work) echo "at work: tshark -q -z sipwhy,tree, and without the plugin -q -z sip,stat" ;;
  esac
  for file in sip-200k rtp-95; do
    case $file in
      sip-200k) echo " $file: 200,000 messages of SIP" ;;
      rtp-95) echo " $file: 50,000 messages of SIP, 950,000 packets of RTP" ;;
    esac
    ratios $kind "$file" 4 | spread "user CPU"
    ratios $kind "$file" 5 | spread "peak memory"
    echo "  least of all runs: $(least $kind with "$file" 4) s and $(least $kind with "$file" 5) kB" \
      "with, $(least $kind without "$file" 4) s and $(least $kind without "$file" 5) kB without"
  done
done

echo "growth at work, per message above an empty capture (least of all runs):"
echo "  messages    user CPU, us: with  without  plugin    memory, bytes: with  without  plugin"
for size in 50 100 200; do
  for plugin in with without; do
    for column in 4 5; do
      echo "$(least work "$plugin" "sip-${size}k" "$column") $(least work "$plugin" empty "$column")"
    done
  done | awk -v messages="${size}000" '
    { per[NR] = ($1 - $2) / messages }
    END { printf "  %8d %19.2f %8.2f %7.2f %20.0f %8.0f %7.0f\n", messages,
      per[1] * 1e6, per[3] * 1e6, (per[1] - per[3]) * 1e6,
      per[2] * 1024, per[4] * 1024, (per[2] - per[4]) * 1024 }'
done
EOF
