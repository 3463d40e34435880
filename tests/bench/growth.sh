#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A section of the benchmark, run in its sandbox: what each message and each Call-ID takes of CPU
# and memory beyond a capture without packets, at three sizes; with -z sipwhy,tree, and of tshark
# alone with -z sip,stat. Least of all rounds. FILE.json is what make-calls counted.
set -eu
source bench/turns.sh

least() { # least SIDE FILE COLUMN
  sort -g -k "$3,$3" "turns/$1-$2" | awk -v column="$3" 'NR == 1 { print $column }'
}

# measure NAME FILE ROUNDS
measure() {
  rm -f "turns/with-$1" "turns/without-$1"
  for round in $(seq "$3"); do
    run_once "with-$1" "${with[@]}" tshark -q -r "$2" -z sipwhy,tree
    run_once "without-$1" "${without[@]}" tshark -q -r "$2" -z sip,stat
  done
}

# row NAME FILE ROUNDS WHAT
row() {
  local side column
  measure "$1" "$2" "$3"
  for side in with without; do
    for column in 1 3; do
      echo "$(least $side "$1" $column) $(least $side empty $column)"
    done
  done | awk -v what="$4" -v messages="$(jq .messages "$2.json")" \
    -v calls="$(jq '.calls + .exchanges' "$2.json")" '
    { beyond[NR] = $1 - $2 }
    END { cpu = 1e6 / messages; memory = 1024 / messages
      printf "| %s | %d | %d | %.2f us | %.2f us | %.0f bytes | %.0f bytes | %.0f bytes |\n",
        what, messages, calls, beyond[1] * cpu, (beyond[1] - beyond[3]) * cpu, beyond[2] * memory,
        (beyond[2] - beyond[4]) * memory, (beyond[2] - beyond[4]) * 1024 / calls }'
}

echo
echo "| capture | messages | Call-IDs | user CPU a message | of it the plugin's |" \
  "memory a message | of it the plugin's | of it the plugin's, a Call-ID |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- |"
measure empty grow-0.pcap "$GROWTH_ROUNDS"
for size in $GROW_MEMORY; do row "$size" "grow-$size.pcap" "$GROWTH_ROUNDS" mixed; done
for file in mix-*.pcap; do
  [ -e "$file" ] || continue
  name=${file#mix-}
  row "mix" "$file" 1 "${name%.pcap}"
done
