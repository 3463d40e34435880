#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# sharkd.sh PLUGIN PLUGIN_FOLDER SOURCE: sharkd says of all captures what tshark says: its lists of
# frames, the tree of each frame with a finding, statistics, expert information; and it knows our
# fields and filters.
set -u
source "$(dirname "${BASH_SOURCE[0]}")/world.sh"

# ask [METHOD PARAMETERS]...: the results in order, one a line, of requests about all.pcap.
ask() {
  local requests='{"jsonrpc":"2.0","id":1,"method":"load","params":{"file":"all.pcap"}}' id=1
  while [ $# -gt 0 ]; do
    id=$((id + 1))
    requests+=$'\n'"{\"jsonrpc\":\"2.0\",\"id\":$id,\"method\":\"$1\",\"params\":$2}"
    shift 2
  done
  sandbox_run sharkd - <<< "$requests" 2> /dev/null | jq -c 'select(.id > 1).result'
}
# tsv FILTER FIELD...: those fields of the packets that tshark finds.
tsv() {
  local filter=$1 options=()
  shift
  for field in "$@"; do options+=(-e "$field"); done
  sandbox_run tshark -2 -r all.pcap -Y "$filter" -T fields "${options[@]}"
}

ask frames '{"filter":"sipwhy.severity in {\"warn\", \"error\"}","column0":"sipwhy.code:0","column1":"sipwhy.finding:0","column2":"sipwhy.evidence:0"}' |
  jq -r '.[] | [.num, .c[]] | @tsv' > "$SANDBOX/run/one"
tsv 'sipwhy.severity in {"warn", "error"}' frame.number sipwhy.code sipwhy.finding sipwhy.evidence \
  > "$SANDBOX/run/other"
same "frames"

tsv sipwhy.finding frame.number sipwhy.finding |
  awk -F '[\t,]' '{for (i = 2; i <= NF; i++) print $1, $i}' > "$SANDBOX/run/other"
requests=()
for frame in $(cut -d ' ' -f 1 "$SANDBOX/run/other" | uniq); do
  requests+=(frame "{\"frame\":$frame,\"proto\":true}")
done
ask "${requests[@]}" | jq -r '
  (.tree[].n[]?.f | strings | capture("^frame.number == (?<number>[0-9]+)").number) as $frame
  | .tree[] | select(.f == "sipwhy").n[].n[]?.f | strings
  | capture("^sipwhy.finding == \"(?<id>.*)\"") | "\($frame) \(.id)"' > "$SANDBOX/run/one"
same "the findings in each tree"

ask tap '{"tap0":"stat:sipwhy","tap1":"expert"}' | jq -c '.taps[]' > "$SANDBOX/run/taps"
jq -r 'select(.type == "stats").stats[0].sub[].sub[] | "\(.name[:3]) \(.count)"' "$SANDBOX/run/taps" |
  sort > "$SANDBOX/run/one"
sandbox_run tshark -q -r all.pcap -z sipwhy,json |
  jq -r 'select(.type == "summary").by_code | to_entries[] | "\(.key) \(.value)"' | sort > "$SANDBOX/run/other"
same "statistics by code"

# tshark counts equal lines, once for each severity.
jq -r 'select(.type == "expert").details[] | select(.p == "SIP Why") | "\(.g) \(.m)"' "$SANDBOX/run/taps" |
  sort > "$SANDBOX/run/one"
sandbox_run tshark -2 -q -r all.pcap -z expert |
  sed -n 's/^ *\([0-9]*\)  *\([A-Z][a-z]*\)  *SIP Why  /\1 \2 /p' |
  awk '{times = $1; sub(/^[0-9]+ /, ""); while (times-- > 0) print}' | sort > "$SANDBOX/run/other"
same "expert information"

ask check '{"filter":"sipwhy.finding == \"auth-loop\"","field":"sipwhy.finding"}' | jq -r .status > "$SANDBOX/run/one"
ask complete '{"field":"sipwhy.call"}' | jq -r '.field[].f' >> "$SANDBOX/run/one"
{ echo OK; sandbox_run tshark -G fields 2> /dev/null | cut -f 3 | grep '^sipwhy\.call\.'; } > "$SANDBOX/run/other"
same "filters and fields"
finish
