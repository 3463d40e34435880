#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh full|quick|smallest PLUGIN PLUGIN_FOLDER SIPWHY MAKE_CALLS MICRO [SECTION...]: the
# benchmark, as tables in Markdown. It prints figures and judges nothing; a row "A beside B" has
# ratios of A to B. Sections: side-by-side instructions growth commands micro; all unless told.
# smallest tries that all of it works, and its figures say nothing.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
if [ $# -lt 6 ]; then
  echo "usage: run.sh full|quick|smallest PLUGIN PLUGIN_FOLDER SIPWHY MAKE_CALLS MICRO [SECTION...]" >&2
  exit 2
fi
size=$1 plugin=$2 folder=$3 sipwhy=$4 make_calls=$5 micro=$6
shift 6
sections=" ${*:-side-by-side instructions growth commands micro} "
[ -x /usr/bin/time ] || { echo "GNU time is missing (script/bootstrap bench)" >&2; exit 77; }

case $size in
  full)
    sip=200000 rtp=1000000 mix=50000 part=250000 micro_seconds=3
    settings=(ROUNDS=5 OTHER_ROUNDS=3 GROWTH_ROUNDS=2 KINDS="stat tree alone idle json"
      GROW="2000 6000 20000" GROW_MEMORY="30000 90000 300000") ;;
  quick)
    sip=40000 rtp=200000 mix=0 part=50000 micro_seconds=0.5
    settings=(ROUNDS=3 OTHER_ROUNDS=1 GROWTH_ROUNDS=1 KINDS="stat tree"
      GROW="500 1500" GROW_MEMORY="10000 30000 100000") ;;
  smallest)
    sip=1000 rtp=5000 mix=0 part=1000 micro_seconds=0.01
    settings=(ROUNDS=1 OTHER_ROUNDS=1 GROWTH_ROUNDS=1 KINDS="stat tree"
      GROW="100 200" GROW_MEMORY="100 1000") ;;
  *) echo "no such size: $size" >&2; exit 2 ;;
esac

wants() { case $sections in *" $1 "*) ;; *) return 1 ;; esac; }
section() { # section NAME TITLE
  wants "$1" || return 0
  echo
  echo "### $2"
  sandbox_run "${settings[@]}" bash "bench/$1.sh"
}

sandbox_create "$plugin" "$folder"
sandbox_require_plugin
sandbox_add "$here" bench
cp "$sipwhy" "$SANDBOX/run/sipwhy"
"$sipwhy" list --format json | jq '.[].code | select(. < 700)' |
  xargs "$sipwhy" explain --lang en --format json | jq -r -f "$here/codes.jq" > "$SANDBOX/run/codes.lua"
if sandbox_run env HOME=/nonexistent tshark -G plugins | grep -q '^sipwhy'; then
  echo "the plugin stands in a global folder: there is nothing to compare it with" >&2
  exit 1
fi

make_capture() { # make_capture NAME N [OPTION...]
  local name=$1 count=$2
  shift 2
  "$make_calls" "$count" "$@" --counts "$SANDBOX/run/$name.json" "$SANDBOX/run/$name"
}
make_capture sip-small.pcap 1000
if wants side-by-side || wants commands; then
  make_capture sip.pcap "$sip"
  make_capture rtp-95.pcap "$rtp" --rtp 95
  make_capture sip-fewer.pcap $((sip / 4))
  make_capture rtp-95-fewer.pcap $((rtp / 4)) --rtp 95
fi
if wants commands; then
  for n in 1 2 3 4; do make_capture "part-$n.pcap" "$part" --rtp 95 --seed "$n"; done
fi
if { wants side-by-side || wants growth; } && [ "$mix" -gt 0 ]; then
  for name in short long registrations failures tcp; do
    make_capture "mix-$name.pcap" "$mix" --mix "$name"
  done
fi
if wants instructions || wants growth; then
  for pair in "${settings[@]}"; do
    case $pair in GROW=* | GROW_MEMORY=*) for n in ${pair#*=}; do make_capture "grow-$n.pcap" "$n"; done ;; esac
  done
  head -c 24 "$SANDBOX/run/sip-small.pcap" > "$SANDBOX/run/grow-0.pcap" # the file header alone
fi
chmod a+r "$SANDBOX/run/"*

all() {
  section side-by-side "Side by side"
  section growth "Growth"
  if command -v valgrind > /dev/null; then
    section instructions "Instructions"
  else
    echo "valgrind is missing: no instructions are counted" >&2
  fi
  section commands "Whole captures"
  if wants micro; then
    printf '\n### In the small\n\n| what | median | least |\n| --- | --- | --- |\n'
    "$micro" "$micro_seconds"
  fi
}
set -o pipefail
all | tee "$SANDBOX/tables"
awk -f "$here/goals.awk" "$SANDBOX/tables"
