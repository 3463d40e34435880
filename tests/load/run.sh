#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh PLUGIN PLUGIN_FOLDER SIPWHY MAKE_CALLS LOAD_ENGINE [LOAD...]: every load of README.md, made
# while it is read, through a pipe: what tshark with -z sipwhy,json and sipwhy diagnose say of it is
# what the generator counted. Fails where it is not. With SIZES="1000000 ..." each load is so many
# messages, and what that takes is printed: user CPU and peak memory of tshark, with the lines
# beside Wireshark's own count (-z sip,stat), and of our engine alone; it judges no figure.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
plugin=$1 folder=$2 sipwhy=$3 make_calls=$4 load_engine=$5
shift 5
loads=("$@")
if [ $# -eq 0 ]; then
  loads=(mixed tcp short dialog registrations failures concurrent hops flood guesses rtp)
fi
sandbox_create "$plugin" "$folder"
sandbox_require_plugin
for tool in "$sipwhy" "$make_calls" "$load_engine"; do
  sandbox_add "$tool" "$(basename "$tool")"
done
gnu_time=$(command -v /usr/bin/time || true)
if [ -n "${SIZES:-}" ] && [ -z "$gnu_time" ]; then
  echo "GNU time is needed (Debian: time)"
  exit 3
fi

cat > "$SANDBOX/run/load.sh" <<'EOS'
set -euo pipefail
load=$1 size=$2 gnu_time=$3

case $load in
  dialog) options=(--mix long --at-once 1 --length "$((size * 2))") ;;
  hops) options=(--mix hops --length "$((size / 4 > 10000 ? 10000 : size / 4))") ;;
  rtp) options=(--rtp 95) ;;
  *) options=(--mix "$load") ;;
esac
generate() { ./make-calls "$size" "${options[@]}" --counts counts -; }

# measure NAME COMMAND...: reads the load; a line of what it took goes to the file NAME
measure() {
  local name=$1
  shift
  if [ -n "$gnu_time" ]; then set -- "$gnu_time" -o "$name" -f '%U %M' "$@"; fi
  generate | "$@"
}
# compare WHAT FILE: the counts in a file beside those of the generator, where both count
compare() {
  local wrong
  wrong=$(jq -c -n --slurpfile counted counts --slurpfile said "$2" '
    $counted[0] as $counted | $said[0] as $said
    | [($counted | keys[]) as $key | select($said | has($key))
       | select($counted[$key] != $said[$key]) | {($key): [$counted[$key], $said[$key]]}]')
  if [ "$wrong" != '[]' ]; then
    echo "FAILED $load, $size packets, $1: counted and said differ: $wrong"
    exit 1
  fi
}

measure json tshark -r - -q -z sipwhy,json | tail -n 1 > summary.json
jq -e 'has("calls") and has("by_code") and has("by_outcome")' summary.json > has
compare "-z sipwhy,json" summary.json
generate | ./sipwhy diagnose --format json - > diagnosis.json
jq -c '.summary + {first_responses: .summary.responses, # repeats do not count
    first_by_code: (.by_code | map({("\(.code)"): .messages}) | add // {})} | del(.responses)' \
  diagnosis.json > diagnosed.json
compare "sipwhy diagnose" diagnosed.json
if [ -z "$gnu_time" ]; then
  echo "ok $load: $(jq -r '"\(.messages) messages, \(.calls) calls"' counts)"
  exit
fi
measure stat tshark -r - -q -z sip,stat > stat.out
measure tree tshark -r - -q -z sipwhy,tree > tree.out
if [ "$load" != tcp ]; then measure engine ./load-engine -; else echo '0 0' > engine; fi
echo "$load $(jq .messages counts) $(cat stat) $(cat tree) $(cat json) $(cat engine)" |
  awk '{ printf "%-14s %9d %8.2f %7.0f %8.2f %7.0f %8.2f %7.0f %8.2f %7.0f\n", $1, $2,
    $3 / $2 * 1e6, $4 / 1024, $5 / $2 * 1e6, $6 / 1024, $7 / $2 * 1e6, $8 / 1024,
    $9 / $2 * 1e6, $10 / 1024 }'
EOS

if [ -n "${SIZES:-}" ]; then
  echo "user CPU a message in microseconds, and peak memory in MiB, of each"
  echo "                messages      sip,stat      sipwhy,tree     sipwhy,json      engine alone"
  for load in "${loads[@]}"; do
    for size in $SIZES; do sandbox_run bash load.sh "$load" "$size" "$gnu_time"; done
  done
else
  for load in "${loads[@]}"; do sandbox_run bash load.sh "$load" 2000 ''; done
fi
