#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# check-reports.sh PLUGIN PLUGIN_FOLDER CAPTURES SIPWHY SCHEMAS: the reports of `sipwhy check` for CI
# systems, on captures that are fine, fail, are tolerated, are known, or cannot be read. They are
# valid (SCHEMAS/validate.sh), agree with each other and with the exit code, and are the same each
# time.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
sandbox_create "$1" "$2"
sandbox_add "$3" captures
install -D -m 755 "$4" "$SANDBOX/run/bin/sipwhy"
sandbox_add "$5" schemas
chmod -R a+rX "$SANDBOX/run/bin"
sandbox_require_plugin

cat > "$SANDBOX/run/tolerant.policy" <<'EOP'
[policy]
fail-on=warn

[rule the codecs are being settled]
allow=no-common-codec 488
until=2999-12-31
reason=ticket 4711, <soon> & surely
EOP
cat > "$SANDBOX/run/strict.policy" <<'EOP'
[policy]
deny=486

[rule over]
allow=404
until=2001-01-01

[expect]
calls-least=1000
EOP

sandbox_run PATH="$SANDBOX/run/bin:$PATH" bash <<'EOF'
failed=0 cases=0 input=/dev/null
fail() {
  echo "FAILED $name: $1"; failed=$((failed + 1))
}
# xpath EXPRESSION: of the JUnit report
xpath() {
  xmllint --xpath "$1" r.xml
}
# reports NAME EXIT_CODE ARGUMENT...: makes r.xml, r.sarif and r.github; $input is standard input
reports() {
  name=$1 expected=$2; shift 2
  cases=$((cases + 1))
  rm -f r.xml r.sarif r.github again.xml again.sarif again.github
  sipwhy check --format github -o junit:r.xml -o sarif:r.sarif "$@" < "$input" > r.github 2> err
  status=$?
  [ "$status" -eq "$expected" ] || fail "exit code $status, not $expected: $(head -2 err)"
  schemas/validate.sh r.xml r.sarif || fail "not valid"
  sipwhy check --format github -o junit:again.xml -o sarif:again.sarif "$@" \
    < "$input" > again.github 2> /dev/null
  for format in xml sarif github; do
    cmp "r.$format" "again.$format" || fail "not the same each time"
  done
  failures=$(xpath 'count(//failure)') errors=$(xpath 'count(//error)')
  skipped=$(xpath 'count(//skipped)') tests=$(xpath 'count(//testcase)')
  results=$(jq '.runs[0].results | length' r.sarif)
  suppressed=$(jq '[.runs[0].results[] | select(.suppressions)] | length' r.sarif)
  [ "$failures" -eq "$(xpath 'sum(//testsuite/@failures)')" ] || fail "failures miscounted"
  [ "$skipped" -eq "$(xpath 'sum(//testsuite/@skipped)')" ] || fail "skipped miscounted"
  # The exit code is what the reports say.
  [ $((failures > 0)) -eq $((status == 1 || (status == 3 && failures > 0))) ] || fail "failures: $failures"
  [ $((errors > 0)) -eq $((status == 3)) ] || fail "errors: $errors"
  [ $((results > suppressed)) -eq $((failures > 0)) ] || fail "results: $results, suppressed: $suppressed"
  successful=$(jq '.runs[0].invocations[0].executionSuccessful' r.sarif)
  [ "$successful" = "$([ "$status" -ne 3 ] && echo true || echo false)" ] || fail "$successful"
  [ $(($(grep -c '^::error ' r.github) > 0)) -eq $((status != 0)) ] || fail "annotations: $(cat r.github)"
  [ "$(grep -vc '^::' r.github)" -eq 1 ] || fail "more than one line that is no command"
}
# is WHAT VALUE EXPECTED
is() {
  [ "$2" = "$3" ] || fail "$1: $2, not $3"
}

reports fine 0 captures/call-answered.pcap
is tests "$tests" 1
is results "$results" 0
is 'name' "$(xpath 'string(//testcase/@name)')" \
  'INVITE alice@example.com to bob@example.org (Call-ID call.call-answered@192.0.2.10)'

reports failing 1 captures/call-no-codec.pcap
is failures "$failures" 1
is rule "$(jq -r '.runs[0].results[0].ruleId' r.sarif)" no-common-codec
is place "$(jq -r '.runs[0].results[0].locations[0] | .physicalLocation.artifactLocation.uri,
  .logicalLocations[0].name' r.sarif | paste -s -d ' ')" \
  "captures/call-no-codec.pcap $(tshark -r captures/call-no-codec.pcap -c 1 -T fields -e sip.Call-ID)"
is help "$(jq -r '.runs[0].tool.driver.rules[0] | .help.markdown | test("transcode")' r.sarif)" true
is type "$(xpath 'string(//failure/@type)')" no-common-codec
grep -q '^::error file=captures/call-no-codec.pcap,title=.*%0A' r.github || fail "$(cat r.github)"

reports tolerated 0 --policy tolerant.policy captures/call-no-codec.pcap
is skipped "$skipped" 1
is why "$(jq -r '.runs[0].results[0].suppressions[0].justification' r.sarif | grep -c 'ticket 4711, <soon> & surely')" 1
grep -q '^::notice ' r.github || fail "no notice"

sipwhy check --write-baseline known.json captures/call-no-codec.pcap > /dev/null 2>&1
reports known 0 --baseline known.json captures/call-no-codec.pcap
is skipped "$skipped" 1

reports expectation 1 --policy strict.policy captures/call-busy.pcap captures/call-not-found.pcap
is denied "$(jq -r '[.runs[0].results[] | select(.ruleId == "code-486")][0].level' r.sarif)" error
is unmet "$(jq -r '.runs[0].results[].ruleId' r.sarif | grep -c expect-)" 1
is expired "$(jq '.runs[0].invocations[0].toolConfigurationNotifications | length' r.sarif)" 1
is suites "$(xpath 'count(//testsuite)')" 3
grep -q '^::warning ' r.github || fail "no warning"

head -c 400 captures/call-busy.pcap > cut.pcap
: > empty.pcap
reports unreadable 3 cut.pcap
reports nothing 3 empty.pcap captures/not-sip.pcap nowhere.pcap
is errors "$errors" 3
# A file that fails does not hide the others.
reports mixed 3 captures/call-no-codec.pcap cut.pcap captures/call-answered.pcap
is suites "$(xpath 'count(//testsuite)')" 3
is failures "$failures" 1

cp captures/call-busy.pcap 'a b,c:d%&<e>.pcap'
printf '[policy]\ndeny=486\n' > deny.policy
input=captures/call-busy.pcap
reports names 1 --policy deny.policy 'a b,c:d%&<e>.pcap' -
input=/dev/null
is uri "$(jq -r '.runs[0].artifacts[0].location.uri' r.sarif)" 'a%20b%2Cc%3Ad%25%26%3Ce%3E.pcap'

reports hostile "$(sipwhy check captures/hostile.pcap > /dev/null 2>&1; echo $?)" captures/hostile.pcap
reports folder 3 captures/recorded # TLS without keys is in it
reports french 1 --lang fr captures/call-no-codec.pcap
grep -q 'vérification en échec' r.github || fail "not in French"
echo "$cases cases, $failed failed"
[ "$cases" -eq 12 ] && [ "$failed" -eq 0 ]
EOF
