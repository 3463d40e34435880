#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# findings.sh PLUGIN PLUGIN_FOLDER [FAMILY...]: what the plugin finds in captures, through tshark in
# two passes, and through sharkd, which stands for the GUI.
#
# A line of findings/FAMILY.list is "CAPTURE | FRAME | ID ID ...": all that data/findings/FAMILY.ini
# has to say of that frame, "-" for nothing. CAPTURE stands below captures/, without ".pcap".
# Other families' findings on the frame do not matter. Every finding must stand in its list.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
source "$here/../sandbox.sh"
plugin=$1 version=$2
shift 2
declare -A ids_of    # family -> its ids
declare -A frames_of # capture -> the frames that a list names
declare -A expected  # "capture frame family" -> ids, sorted
declare -A found     # "tool frame" -> ids; of one capture
failed=0 count=0

fail() {
  echo "FAILED $1"
  failed=$((failed + 1))
}

sorted() {
  printf '%s\n' "$@" | sort | paste -sd ' '
}

# own FAMILY ID...: those that are the family's, sorted.
own() {
  local family=$1 id own=(); shift
  for id in "$@"; do
    if [[ ${ids_of[$family]} == *" $id "* ]]; then own+=("$id"); fi
  done
  sorted "${own[@]}"
}

# read_line FAMILY PLACE CAPTURE FRAME IDS
read_line() {
  local family=$1 place=$2 capture=${3// /} frame=${4// /} ids id
  read -ra ids <<< "$5"
  if ! [[ $frame =~ ^[1-9][0-9]*$ ]] || [ ${#ids[@]} -eq 0 ]; then
    fail "$place is not CAPTURE | FRAME | IDS"
  elif [ ! -f "$root/captures/$capture.pcap" ]; then
    fail "$place: there is no captures/$capture.pcap"
  elif [ -n "${expected[$capture $frame $family]+set}" ]; then
    fail "$place: the frame stands there twice"
  else
    if [ "${ids[*]}" = - ]; then ids=(); fi
    for id in "${ids[@]}"; do
      if [[ ${ids_of[$family]} != *" $id "* ]]; then fail "$place: $family has no $id"; fi
    done
    expected[$capture $frame $family]=$(sorted "${ids[@]}")
    frames_of[$capture]+=" $frame"
  fi
}

# read_family FAMILY: its ids and its list. Each id must be expected somewhere.
read_family() {
  local family=$1 list="$here/findings/$1.list" number=0 capture frame ids id
  ids_of[$family]=" $(sed -n 's/^\[\(.*\)\]$/\1/p' "$root/data/findings/$family.ini" | paste -sd ' ') "
  if [ -f "$list" ]; then
    while IFS='|' read -r capture frame ids; do
      number=$((number + 1))
      case $capture in ''|\#*) continue ;; esac
      read_line "$family" "findings/$family.list, line $number" "$capture" "$frame" "$ids"
    done < "$list"
  fi
  for id in ${ids_of[$family]}; do
    grep -v '^#' "$list" 2> /dev/null | cut -d '|' -f 3 | tr -s ' ' '\n' | grep -qx -e "$id" ||
      fail "findings/$family.list: $id stands nowhere"
  done
}

# find_with TOOL CAPTURE: fills `found`. Either tool prints "frame<TAB>id,id" lines.
find_with() {
  local frame ids
  while IFS=$'\t' read -r frame ids; do
    found[$1 $frame]=${ids//,/ }
  done < <("in_$1" "$2" 2> "$SANDBOX/err")
  if [ -s "$SANDBOX/err" ]; then fail "$2, $1: $(head -1 "$SANDBOX/err")"; fi
}

in_tshark() {
  sandbox_run tshark -2 -r "captures/$1.pcap" -T fields -e frame.number -e sipwhy.finding
}

in_sharkd() {
  local frame
  {
    printf '{"jsonrpc":"2.0","id":1,"method":"load","params":{"file":"captures/%s.pcap"}}\n' "$1"
    for frame in ${frames_of[$1]}; do
      printf '{"jsonrpc":"2.0","id":%d,"method":"frame","params":{"frame":%d,"proto":true}}\n' \
        $((frame + 1)) "$frame"
    done
  } | sandbox_run sharkd - 2> /dev/null |
    jq -r 'select(.id > 1 and .result.tree) | [.id - 1, ([.result.tree | .. | objects | .f | strings
      | capture("^sipwhy\\.finding == \"(?<id>.*)\"$").id] | join(","))] | @tsv'
}

# check_capture CAPTURE
check_capture() {
  local capture=$1 tool frame family key has
  found=()
  for tool in tshark sharkd; do find_with $tool "$capture"; done
  for frame in $(sorted ${frames_of[$capture]} | tr ' ' '\n' | sort -nu); do
    for family in "${!ids_of[@]}"; do
      key="$capture $frame $family"
      if [ -z "${expected[$key]+set}" ]; then continue; fi
      count=$((count + 1))
      for tool in tshark sharkd; do
        if [ -z "${found[$tool $frame]+set}" ]; then
          fail "$capture, $tool: there is no frame $frame"
          continue
        fi
        has=$(own "$family" ${found[$tool $frame]})
        [ "$has" = "${expected[$key]}" ] ||
          fail "$capture, frame $frame, $tool: \"$has\" instead of \"${expected[$key]}\" ($family)"
      done
    done
  done
}

if [ $# -eq 0 ]; then
  for file in "$root"/data/findings/*.ini; do set -- "$@" "$(basename "$file" .ini)"; done
fi
for family in "$@"; do read_family "$family"; done

sandbox_create "$plugin" "$version"
sandbox_add "$root/captures" captures
sandbox_require_plugin
for capture in $(sorted "${!frames_of[@]}"); do check_capture "$capture"; done
echo "$count frames of ${#frames_of[@]} captures, $failed failed"
[ "$count" -gt 0 ] && [ "$failed" -eq 0 ]
