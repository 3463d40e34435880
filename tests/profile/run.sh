#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh PLUGIN PLUGIN_FOLDER PROFILE CAPTURES SIPWHY [--update]: the profile in a real tshark and a
# real sharkd. It loads without a complaint, all filters in it parse, all ids in them exist, colours
# can be read, and rules, buttons and columns show of captures what expected/ says.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
plugin=$1 folder=$2 profile=$3 captures=$4 sipwhy=$5 update=${6:-}
name=$(basename "$profile")
[ -f "$profile/colorfilters" ] || { echo "there is no profile in $profile"; exit 1; }

sandbox_create "$plugin" "$folder"
sandbox_add "$captures" captures
sandbox_require_plugin
mkdir -p "$SANDBOX/config/profiles"
cp -r "$profile" "$SANDBOX/config/profiles/"
chmod -R a+rX "$SANDBOX"
[ "$(id -u)" -ne 0 ] || chown -R 65534:65534 "$SANDBOX"

failed=0
fail() { echo "FAILED $*"; failed=1; }

# The filters: "colour|NAME|FILTER", "button|LABEL|FILTER".
sed -nE 's/^@([^@]*)@([^@]*)@.*/colour|\1|\2/p' "$profile/colorfilters" > "$SANDBOX/filters"
sed -nE 's/^"TRUE","([^"]*)","([^"]*)",.*/button|\1|\2/p' "$profile/dfilter_buttons" |
  sed 's/\\x22/"/g' >> "$SANDBOX/filters"
for kind in colour button; do
  [ "$(grep -c "^$kind|" "$SANDBOX/filters")" -ge 15 ] || fail "too few filters of kind $kind"
done
grep -qE '^"(TRUE|FALSE)"' "$profile/dfilter_buttons" &&
  [ "$(grep -c '^"' "$profile/dfilter_buttons")" -eq "$(grep -c '^button' "$SANDBOX/filters")" ] ||
  fail "a line of dfilter_buttons is not understood"

# sharkd_ask REQUEST...: the answers to requests (a method, a blank, its parameters) about a capture.
sharkd_ask() {
  local id=0 request
  for request in "$@"; do
    id=$((id + 1))
    printf '{"jsonrpc":"2.0","id":%d,"method":"%s","params":%s}\n' \
      "$id" "${request%% *}" "${request#* }"
  done | sandbox_run sharkd - 2> /dev/null
}
filter_json() { jq -cn --arg filter "$1" '{filter: $filter}'; }

# 1. It loads.
sandbox_run tshark -C "$name" -r captures/call-no-codec.pcap > "$SANDBOX/out" 2> "$SANDBOX/err"
[ -s "$SANDBOX/err" ] && fail "tshark -C complains:" "$(head -n 3 "$SANDBOX/err")"
sandbox_run tshark --color -C "$name" -r captures/call-no-codec.pcap > /dev/null 2> "$SANDBOX/err" ||
  fail "tshark --color"
[ -s "$SANDBOX/err" ] && fail "the colour rules:" "$(head -n 3 "$SANDBOX/err")"
# (With -G, tshark 4.0 takes no profile: so the profile is its configuration.)
as_configuration() { sandbox_run env WIRESHARK_CONFIG_DIR="$SANDBOX/config/profiles/$name" "$@"; }
as_configuration tshark -G currentprefs > "$SANDBOX/preferences" 2> /dev/null
sed -nE '/^gui\.column/d; s/^([a-z][a-z_.]*): *(.*)/\1: \2/p' "$profile/preferences" > "$SANDBOX/set"
[ "$(wc -l < "$SANDBOX/set")" -ge 4 ] || fail "too few preferences"
while read -r line; do
  grep -qxE "#?$line" "$SANDBOX/preferences" || fail "this preference did not take: $line"
done < "$SANDBOX/set"
# RTP whose SDP is not there: two packets of G.711.
for n in 0 1; do
  printf '000000 80 00 00 %02x 00 00 00 %02x 12 34 56 78%s\n' "$n" $((n * 160)) \
    "$(printf ' ff%.0s' $(seq 160))"
done | text2pcap -q -u 40000,40002 - "$SANDBOX/run/rtp.pcap" 2> /dev/null
chmod a+r "$SANDBOX/run/rtp.pcap"
[ "$(sandbox_run tshark -C "$name" -r rtp.pcap -Y rtp 2> /dev/null | wc -l)" -eq 2 ] ||
  fail "RTP without SDP is not recognized"

# 2. Every filter parses.
requests=()
while IFS='|' read -r _ _ filter; do requests+=("check $(filter_json "$filter")"); done \
  < "$SANDBOX/filters"
sharkd_ask "${requests[@]}" "check $(filter_json 'no.such.field == 1')" |
  jq -r 'select(.id) | .error.message // .result.filter // .result.status // "?"' > "$SANDBOX/checks"
[ "$(tail -n 1 "$SANDBOX/checks")" != OK ] && [ "$(tail -n 1 "$SANDBOX/checks")" != ok ] ||
  fail "a wrong filter passes"
paste -d'|' <(head -n -1 "$SANDBOX/checks") "$SANDBOX/filters" | grep -viE '^ok\|' > "$SANDBOX/wrong"
[ -s "$SANDBOX/wrong" ] && fail "filters that do not parse:" "$(cat "$SANDBOX/wrong")"

# 3. The ids in them exist: a filter for one that does not would parse, and find nothing.
"$sipwhy" list findings --format json --lang en |
  jq -r '.. | objects | .id? // empty' | sort -u > "$SANDBOX/ids"
[ "$(wc -l < "$SANDBOX/ids")" -gt 100 ] || fail "sipwhy list findings"
grep -oE 'sipwhy\.finding in \{[^}]*\}' "$SANDBOX/filters" | grep -oE '"[^"]*"' | tr -d '"' |
  sort -u > "$SANDBOX/used"
[ -s "$SANDBOX/used" ] || fail "no finding is asked for"
comm -13 "$SANDBOX/ids" "$SANDBOX/used" | grep . && fail "there is no such finding"

# 4. Text can be read on its colour: contrast 4.5 or more (WCAG 2.1, 1.4.3).
awk -F'[][,]' '
  function channel(value) {
    value /= 65535
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ^ 2.4
  }
  function light(r, g, b) {
    return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
  }
  /^@SIP|^@RTP/ {
    n = NF
    back = light($(n - 7), $(n - 6), $(n - 5)); text = light($(n - 3), $(n - 2), $(n - 1))
    ratio = back > text ? (back + 0.05) / (text + 0.05) : (text + 0.05) / (back + 0.05)
    count++
    if (ratio < 4.5) { print $1, ratio; bad = 1 }
  }
  END { exit bad || count < 9 }' "$profile/colorfilters" || fail "colours that cannot be read"

# 5. What they show of captures.
shown="call-no-codec register-loop transfer-failed call-cancelled timers-slow-server server-error
  gateway-reasons register-challenge redirect-moved icmp-quoted-response call-never-acknowledged
  timers-server-silent"
compare() { # compare FILE: standard input is what it should be
  cat > "$SANDBOX/actual"
  if [ "$update" = --update ]; then
    cp "$SANDBOX/actual" "$here/expected/$1"
  elif ! diff -u "$here/expected/$1" "$SANDBOX/actual" > "$SANDBOX/diff"; then
    fail "$1"
    head -n 40 "$SANDBOX/diff"
  fi
}
for capture in $shown; do
  echo "== $capture"
  sandbox_run tshark -2 --color -C "$name" -r "captures/$capture.pcap" -T fields -E separator='|' \
    -e frame.number -e sipwhy.code -e frame.coloring_rule.name 2>&1
done | compare colours.txt
for capture in $shown; do
  requests=("load $(jq -cn --arg file "captures/$capture.pcap" '{file: $file}')")
  labels=()
  while IFS='|' read -r kind label filter; do
    [ "$kind" = button ] || continue
    requests+=("frames $(filter_json "$filter")")
    labels+=("$label")
  done < "$SANDBOX/filters"
  echo "== $capture"
  sharkd_ask "${requests[@]}" | jq -r 'select(.id > 1) | [.result[]?.num | tostring] | join(" ")' |
    paste -d: <(printf '%s\n' "${labels[@]}") - | grep -v ':$' | sed 's/:/: /'
done | compare buttons.txt
sandbox_run tshark -2 -C "$name" -r captures/call-no-codec.pcap 2>&1 | sed 's/ *$//' |
  compare columns.txt
exit "$failed"
