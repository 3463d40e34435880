#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh FAILING-MALLOC REPLAY... -- PLUGIN PLUGIN_FOLDER: what becomes of the fuzz targets where one
# request for memory, or each large one from there on, fails, further and further into the run.
# Either all goes well, or GLib ends the program and says why. (Under the sanitizers tests/unit/test-memory.c
# does this with what the trace takes in large pieces.) Then the same in tshark, which says that the
# trace is full, and goes on.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
failing=$(realpath "$1")
shift
failed=0
fail() { echo "FAILED $*"; failed=$((failed + 1)); }
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# Each target over its corpus.
while [ "$1" != -- ]; do
  replay=$1 target=$(basename "$1") well=0 ended=0
  target=${target#fuzz-} target=${target%-replay}
  shift
  inputs=("$here/../fuzz/corpus/$target"/*)
  # (Where everything fails, GLib has no memory for saying so, either.)
  for mode in FAIL_LEAST=0 'FAIL_LEAST=4096 FAIL_ALL=1'; do
    at=1
    for _ in $(seq 60); do
      status=0
      # shellcheck disable=SC2086 # two words
      { (ulimit -c 0
         exec env FAIL_AT=$at $mode LD_PRELOAD="$failing" "$replay" --cuts=1 "${inputs[@]}"); } \
        > "$out" 2>&1 || status=$?
      if [ $status -eq 0 ]; then
        well=$((well + 1))
      elif grep -qaE 'GLib-ERROR .*failed to allocate|Could not allocate [0-9]+ bytes' "$out" &&
        [[ $status =~ ^(3|133)$ ]]; then # the file cannot be read, or SIGTRAP
        ended=$((ended + 1))
      else
        fail "$target, $mode, request $at: status $status: $(tail -1 "$out")"
      fi
      at=$((at + at / 4 + 1))
    done
  done
  echo "$target: $well runs went well, $ended ended with a word about memory"
  [ $ended -gt 0 ] || fail "$target: nothing failed"
done
shift
rm -f "$out"

if [ $# -gt 0 ]; then
  sandbox_create "$1" "$2"
  cp "$here/../../captures/call-forked-early-dialog-ends.pcap" "$failing" "$SANDBOX/run/"
  chmod -R a+rX "$SANDBOX/run"
  sandbox_require_plugin
  # Blocks of the trace's arena.
  sandbox_run env FAIL_AT=1 FAIL_ALL=1 FAIL_LEAST=65560 FAIL_MOST=65600 \
    LD_PRELOAD="./$(basename "$failing")" tshark -r call-forked-early-dialog-ends.pcap \
    -z sipwhy,json > "$SANDBOX/out" 2> "$SANDBOX/err" || fail "tshark ends with $?"
  grep -q 'SIP Why: there is no memory left' "$SANDBOX/err" || fail "tshark says nothing"
  grep -q '^{"type":"summary"' "$SANDBOX/out" && fail "lines that are not whole have a summary"
  grep -q '183 Session Progress\|180 Ringing\|200 OK' "$SANDBOX/out" || fail "tshark shows nothing"
fi
[ "$failed" -eq 0 ]
