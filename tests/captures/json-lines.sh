#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# json-lines.sh PLUGIN PLUGIN_FOLDER FOLDER VALIDATE_LINES SCHEMA READ_LINES: -z sipwhy,json on each
# capture below FOLDER. Its lines are valid, the same in one pass and in two, with and without
# knowledge, their summary counts them, they have the findings that the packets have, and are read
# back as they are. Raw SIP messages (*.dat) are put into UDP first.
# Exits 77 when FOLDER does not exist.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
plugin=$1 version=$2 captures=$3 validate=$4 schema=$5 read=$6

if [ ! -d "$captures" ]; then
  echo "skipped: there is no folder $(basename "$(dirname "$captures")")/$(basename "$captures")"
  exit 77
fi
sandbox_create "$plugin" "$version"
sandbox_add "$captures" captures
sandbox_add "$validate" validate-lines
sandbox_add "$schema" schema.json
sandbox_add "$read" read-lines
sandbox_require_plugin

# Whether the summary counts the lines (one array).
cat > "$SANDBOX/run/count.jq" <<'EOF'
def counted: group_by(.) | map({key: .[0], value: length}) | from_entries;
def without_zeros: with_entries(select(.value > 0));
def three_digits: ("00" + tostring)[-3:];
map(select(.type == "response" and (.quoted | not))) as $received
| map(select(.type == "request" or .type == "response")) as $messages
| map(select(.type == "call")) as $calls
| map(select(.type == "summary")) as $summaries
| $summaries[0] as $summary
| ($summaries | length) == 1 and .[-1].type == "summary"
  and $summary.responses == ($received | length)
  and $summary.quoted == (map(select(.type == "response" and .quoted)) | length)
  and $summary.calls == ($calls | map(select(.is_call)) | length)
  and $summary.exchanges == ($calls | map(select(.is_call | not)) | length)
  and ($calls | map(.call)) == [range(1; ($calls | length) + 1)]
  and ($calls | map({key: "\(.call)", value: .messages}) | from_entries)
      == ($messages | map("\(.call)") | counted)
  and $summary.by_code == ($received | map(.code | three_digits) | counted)
  and $summary.by_finding == (map(.findings[]?.id) | counted)
  and ($summary.by_outcome | without_zeros) == ($calls | map(.outcome | strings) | counted)
  and ($summary.by_severity | without_zeros)
      == ($received + ($calls | map(.findings[])) | map(.severity) | counted)
EOF
# Calls (one array) whose leading finding is on none of their lines, or whose bare response is none.
cat > "$SANDBOX/run/astray.jq" <<'EOF'
(map(.call as $call | .findings[]? | {call: $call, id, frame})) as $findings
| (map(select(.type == "response" and .severity != "chat") | {call, bare: .frame})) as $bare
| map(select(.type == "call")
    | (select(.leading) | {call} + .leading | select([.] - $findings != []))
      , (select(.bare) | {call, bare} | select([.] - $bare != [])))
EOF
# What read-lines makes of the lines.
cat > "$SANDBOX/run/read.jq" <<'EOF'
def microseconds: if . then (.[0:19] + "Z" | fromdate) * 1000000 + (.[20:26] | tonumber) else null end;
if .type == "request" or .type == "response" then
  [.type, .frame, (.time | microseconds), .code // 0, .quoted, .repeated, .sdp,
   .severity // "chat", .expected // false, .request_in // 0, .outcome_in // 0,
   (.findings // [] | length)]
elif .type == "call" then
  [.type, .is_call, .outcome // "", .final_code // 0, .final_in // 0, .first_in, .pdd != null,
   .severity, (.findings | length), .messages, $first[.call | tostring], .leading.id // "",
   .leading.frame // 0, .bare // 0]
else
  [.type, .packets, .sip_packets]
end
EOF
cat > "$SANDBOX/run/first.jq" <<'EOF'
map(select(.type == "request" or .type == "response")) | reverse
| map({key: "\(.call)", value: .frame}) | from_entries
EOF
# What lines (one array) and packets ("FRAME<TAB>ID,ID") do not both find. A call says once what
# several of its requests show.
cat > "$SANDBOX/run/differ.jq" <<'EOF'
($packets | split("\n") | map(select(. != "") | split("\t")
  | {frame: (.[0] | tonumber), id: (.[1] | split(",")[])})) as $shown
| map(.findings[]? | {frame, id}) as $listed
| ($listed - $shown) + (($shown | map(.id)) - ($listed | map(.id))) | unique
EOF

sandbox_run bash <<'EOF'
shopt -s globstar nullglob
failed=0 files=0 lines=0
fail() {
  echo "FAILED $1"; failed=$((failed + 1))
}
for file in captures/**/*; do
  [ -f "$file" ] || continue
  name=$file
  case $file in
    *.scenario | *.md | *.csv | *.keys | */setup/*) continue ;;
    */torture/*)
      od -Ax -tx1 -v "$file" | text2pcap -q -u 5060,5060 - message.pcap 2> err || cat err
      file=message.pcap ;;
  esac
  files=$((files + 1))
  keys=${file%.pcap}.keys
  options=(); [ -f "$keys" ] && options=(-o "tls.keylog_file:$keys")
  tshark -q -r "$file" "${options[@]}" -z sipwhy,json > one 2> err || fail "$name: exit code"
  [ -s err ] && fail "$name: $(head -1 err)"
  tshark -2 -r "$file" "${options[@]}" -Y sipwhy.finding -T fields -e frame.number \
    -e sipwhy.finding -z sipwhy,json > both 2> err || fail "$name, -2: exit code"
  [ -s err ] && fail "$name, -2: $(head -1 err)"
  grep '^{' both > two
  cmp -s one two || fail "$name: $(diff one two | head -3 | cut -c 1-200)"
  ./validate-lines schema.json < one > invalid || fail "$name: $(head -3 invalid)"
  [ "$(jq -s -f count.jq one)" = true ] || fail "$name: the summary does not count the lines"
  ./read-lines < one > read || fail "$name: $(head -1 read)"
  jq -c --argjson first "$(jq -s -f first.jq one)" -f read.jq one | cmp -s - read ||
    fail "$name: the lines are read as something else"
  tshark -q -r "$file" "${options[@]}" -o sipwhy.json_knowledge:FALSE -z sipwhy,json > short
  ./validate-lines schema.json < short > invalid || fail "$name, short: $(head -3 invalid)"
  cmp -s <(jq -c 'del(.description, .causes, .next, .reference, .url, .fixes)' one) \
    <(jq -c . short) || fail "$name: short lines say something else"
  astray=$(jq -s -c -f astray.jq one)
  [ "$astray" = '[]' ] || fail "$name: no such finding or response: $astray"
  jq -r --arg name "$name" 'select(.type == "summary" and .packets != .sip_packets)
    | "\($name): \(.packets) packets, \(.sip_packets) of SIP"' one >> counts
  differ=$(jq -s -c --arg packets "$(grep -v '^{' both)" -f differ.jq one)
  [ "$differ" = '[]' ] || fail "$name: findings of lines and packets differ: $differ"
  lines=$((lines + $(wc -l < one)))
done
# Local knowledge that matches every response.
cat > local.ini <<'INI'
[everything]
code=any
title=All of it
description=Each <b>response</b>.
cause=Any.
fix=caller: Look.
severity=error
category=media
url=https://wiki.example.com/?a=1&b=2
replace=true
[refusals]
code=4xx
severity=note
INI
for name in captures/{hostile,icmp-quoted-response,call-no-codec,call-cancelled,tcp-messages-straddling}.pcap; do
  [ -f "$name" ] || continue
  tshark -q -r "$name" -o sipwhy.local:local.ini -z sipwhy,json > one 2> err || fail "$name, local: exit code"
  [ -s err ] && fail "$name, local: $(head -1 err)"
  tshark -2 -q -r "$name" -o sipwhy.local:local.ini -z sipwhy,json | cmp -s one - || fail "$name, local: -2 differs"
  ./validate-lines schema.json < one > invalid || fail "$name, local: $(head -3 invalid)"
  [ "$(jq -s -f count.jq one)" = true ] || fail "$name, local: the summary does not count the lines"
  ./read-lines < one > read || fail "$name, local: $(head -1 read)"
  jq -c --argjson first "$(jq -s -f first.jq one)" -f read.jq one | cmp -s - read ||
    fail "$name, local: the lines are read as something else"
  [ "$(jq -s -c -f astray.jq one)" = '[]' ] || fail "$name, local: no such finding or response"
  jq -s -e 'map(select(.type == "response")) | all(.quoted or .code == 0 or .code > 699
    or (.local[0].id == "everything" and .severity == (if .code >= 400 and .code < 500 then "note" else "error" end)))
    and all((.quoted | not) or (has("local") | not))' one > all || fail "$name, local: not all responses have it"
done
cat counts
echo "$files captures, $lines lines, $failed failed"
[ "$files" -gt 0 ] && [ "$lines" -gt "$files" ] && [ "$failed" -eq 0 ]
EOF
