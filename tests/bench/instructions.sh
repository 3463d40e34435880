#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A section of the benchmark, run in its sandbox: instructions a message, counted by callgrind, and
# how they grow. Differences of two sizes: what tshark takes to start is in both. Two run at a
# time: no other program changes what is counted.
set -eu
source bench/turns.sh

# count NAME HOME COMMAND...: the instructions of a command, into the file NAME.
count() {
  local name=$1 home=$2
  shift 2
  HOME=$home valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 > /dev/null |
    sed -n 's/^==[0-9]*== Collected : //p' > "turns/$name"
  [ -s "turns/$name" ] || { echo "valgrind counted nothing: $*" >&2; exit 1; }
}

# What is counted: $KINDS.
describe() {
  case $1 in
    stat) home=$PWD/without what='no plugin, `-z sip,stat`' options=(-q -z sip,stat) ;;
    tree) home=$HOME what='plugin, `-z sipwhy,tree`' options=(-q -z sipwhy,tree) ;;
    alone) home=$PWD/without what='no plugin, `tshark -r`' options=() ;;
    idle) home=$HOME what='plugin, idle, `tshark -r`' options=() ;;
    json) home=$HOME what='plugin, `-z sipwhy,json`'
      options=(-q -z sipwhy,json -o sipwhy.json_knowledge:FALSE) ;;
  esac
}
if [ "${1:-}" = one ]; then
  describe "$2"
  count "$2-$3" "$home" tshark -r "grow-$3.pcap" "${options[@]}"
  exit
fi
sizes=($GROW)
for kind in $KINDS; do
  count=2 # how it grows is looked at for two only
  case $kind in stat | tree) count=${#sizes[@]} ;; esac
  printf "$kind %s\n" "${sizes[@]:0:count}"
done | sort -k 2,2nr | xargs -P 2 -L 1 bash "$0" one # the long ones first

# row WHAT: of lines "messages instructions": what each message more takes, between two sizes
row() {
  awk -v what="$1" '
    NR > 1 { each = ($2 - last) / ($1 - messages); if (NR == 2) first = each
      cells = cells sprintf(" %.0f |", each) }
    { messages = $1; last = $2 }
    END { printf "| %s |%s %s |\n", what, cells, (NR > 2 ? sprintf("%.3f", each / first) : "") }'
}
numbers() { # numbers KIND: those lines
  for size in $GROW; do
    if [ -s "turns/$1-$size" ]; then echo "$size $(cat "turns/$1-$size")"; fi
  done
}
head="| instructions a message |" rule="| --- |" from=
for size in $GROW; do
  if [ -n "$from" ]; then head+=" from $from to $size |" rule+=" --- |"; fi
  from=$size
done
printf '\n%s last to first |\n%s --- |\n' "$head" "$rule"
for kind in $KINDS; do
  describe "$kind"
  numbers "$kind" | row "$what"
done
paste -d ' ' <(numbers tree) <(numbers stat) | awk '{ print $1, $2 - $4 }' |
  row '`-z sipwhy,tree` beyond `-z sip,stat`'
