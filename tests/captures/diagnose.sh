#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# diagnose.sh PLUGIN PLUGIN_FOLDER SIPWHY VALIDATE_LINES SCHEMA FOLDER [--update]: sipwhy diagnose on
# the captures below FOLDER, on all at once and on some. JSON is valid and adds up, CSV has a line a
# case, text and Markdown hold no markup of others; one job and three make the same report. Some of
# captures/ come out as in expected/diagnose/, which --update rewrites. Exits 77 when FOLDER does
# not exist.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
plugin=$1 version=$2 sipwhy=$3 validate=$4 schema=$5 captures=$6 update=${7:-}

if [ ! -d "$captures" ]; then
  echo "skipped: there is no folder $(basename "$(dirname "$captures")")/$(basename "$captures")"
  exit 77
fi
sandbox_create "$plugin" "$version"
sandbox_add "$captures" captures
sandbox_add "$sipwhy" sipwhy
sandbox_add "$validate" validate-lines
sandbox_add "$schema" schema.json
sandbox_add "$here/input" input
sandbox_require_plugin

# Whether a diagnosis adds up.
cat > "$SANDBOX/run/sums.jq" <<'EOF'
.cases as $cases | .summary as $sum
| $sum.cases == ($cases | length)
  and $sum.calls == ($cases | map(select(.is_call)) | length)
  and ($sum.by_severity | add) == $sum.cases
  and ($sum.by_outcome | add) == $sum.calls
  and (.by_code | map(.messages) | add // 0) == $sum.responses
  and ($cases | map(.case)) == [range(1; $sum.cases + 1)]
  and ($cases | map(.severity | {error: 0, warn: 1, note: 2, chat: 3}[.]) | . == sort)
  and (.by_finding | map(.id) | length == (unique | length))
EOF

# The cases that have an expectation: NAME, then what stands behind "sipwhy diagnose".
expectations="
several --lang en captures/call-answered.pcap captures/call-busy.pcap captures/register-wrong-password.pcap
transfer --lang en captures/transfer-failed.pcap
recorded --lang en captures/recorded/kamailio-invite-errors.pcap
french --lang fr captures/call-no-codec.pcap
markdown --lang en --format markdown captures/hostile.pcap
csv --lang en --format csv captures/recorded/kamailio-register.pcap
json --lang en --format json captures/call-no-codec.pcap
local --lang en --local input/local.ini captures/call-busy.pcap captures/call-no-codec.pcap"

failed=0
compare() {
  local name=$1 expected="$here/expected/diagnose/$1.txt"; shift
  sandbox_run bash -c './sipwhy diagnose "$@" 2>&1 |
    sed -E "s/\"(plugin_)?version\":\"[^\"]*\"/\"\1version\":\"\"/"' - "$@" > "$SANDBOX/out"
  if [ "$update" = --update ]; then
    mkdir -p "$here/expected/diagnose"
    cp "$SANDBOX/out" "$expected"
  elif ! diff -u "$expected" "$SANDBOX/out" > "$SANDBOX/diff"; then
    echo "FAILED $name: diagnose $*"
    head -40 "$SANDBOX/diff"
    failed=$((failed + 1))
  fi
}
if [ -f "$captures/call-no-codec.pcap" ]; then
  while read -r name arguments; do
    if [ -n "$name" ]; then compare "$name" $arguments; fi
  done <<< "$expectations"
fi

sandbox_run bash <<'EOF' || failed=$((failed + 1))
shopt -s globstar nullglob
failed=0 files=()
fail() { echo "FAILED $1"; failed=$((failed + 1)); }
# reports NAME ARGUMENT...: the four of it, and what is true of them. Some captures hold no SIP.
reports() {
  local name=$1 count; shift
  timeout 1200 ./sipwhy diagnose --lang en -o report.json -o report.csv -o report.md \
    -o report.txt "$@" 2> err
  [ $? -eq $([ -s err ] && echo 3 || echo 0) ] || fail "$name: exit code"
  jq -c . report.json | ./validate-lines schema.json > invalid || fail "$name: $(head -3 invalid)"
  [ "$(jq -f sums.jq report.json)" = true ] || fail "$name: it does not add up"
  count=$(jq '.summary.cases + ([.files[].error | strings] | length)' report.json)
  [ "$(wc -l < report.csv)" -eq $((count + 1)) ] || fail "$name: $(wc -l < report.csv) lines of CSV"
  grep -q '^\(  - \)\?1[.:] ' report.txt || fail "$name: the first case is not told"
  grep -q '^\(### \|- \*\*\)1[.*]' report.md || fail "$name: the first case is not told in Markdown"
  ! grep -q '[<>]' <(sed 's/\\[<>]//g; s/<https:[^<> ]*>//g' report.md) || fail "$name: markup"
  ! LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f\x7f]' report.txt || fail "$name: control characters"
}
for file in captures/**/*; do
  case $file in
    *.scenario | *.md | *.csv | *.keys | */setup/* | */torture/*) continue ;;
  esac
  if [ -f "$file" ]; then files+=("$file"); fi
done
some=("${files[@]:0:12}")
for file in "${some[@]:0:3}"; do
  reports "$file" "$file"
done
reports "some of them" "${some[@]}"
cp report.json one.json; cp report.txt one.txt
reports "some of them, three jobs" --jobs 3 "${some[@]}"
cmp -s one.json report.json && cmp -s one.txt report.txt || fail "three jobs make another report"
reports "some of them, local knowledge" --local input/local-more.ini "${some[@]}"
jq -e '[.cases[].local[]?.id] | contains(["everything"])' report.json > local || fail "no local knowledge"
reports "all of them" --jobs 2 "${files[@]}"
echo "${#files[@]} captures, $(jq .summary.cases report.json) cases, $failed failed"
[ "${#files[@]}" -gt 0 ] && [ "$failed" -eq 0 ]
EOF
[ "$failed" -eq 0 ]
