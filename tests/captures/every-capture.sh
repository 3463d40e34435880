#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# every-capture.sh PLUGIN PLUGIN_FOLDER FOLDER [COMMAND]: each capture below FOLDER, in one pass and
# in two: nothing on stderr, and each response that Wireshark shows is explained, once, in order
# (a quoted one as a quote). With COMMAND (sipwhy) every registered code must have occurred, too.
# Raw SIP messages (*.dat) are put into UDP first. Exits 77 when FOLDER does not exist.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
plugin=$1 version=$2 captures=$3 command=${4:-}

if [ ! -d "$captures" ]; then
  echo "skipped: there is no folder $(basename "$(dirname "$captures")")/$(basename "$captures")"
  exit 77
fi
sandbox_create "$plugin" "$version"
sandbox_add "$captures" captures
sandbox_require_plugin

sandbox_run bash <<'EOF'
shopt -s globstar nullglob
failed=0 files=0 responses=0
check() { # check FILE OPTION...
  local file=$1; shift
  tshark "$@" -r "$file" -Y sip.Status-Code -T fields -e frame.number -e sip.Status-Code \
    -e sipwhy.code -e sipwhy.quoted.code > out 2> err
  if [ $? -ne 0 ] || [ -s err ]; then
    echo "FAILED $file $*: $(head -1 err)"; failed=$((failed + 1))
  fi
  awk -F'\t' -v name="$file $*" '{
      found = $3; if ($4 != "") found = (found == "" ? $4 : found "," $4)
      if ($2 != found) { print "FAILED " name ": frame " $1 " has " $2 ", explained: " found; bad++ }
    } END { exit bad > 0 }' out || failed=$((failed + 1))
}
for file in captures/**/*; do
  [ -f "$file" ] || continue
  case $file in
    *.scenario | *.md | *.csv | *.keys | */setup/*) continue ;;
    */torture/*)
      od -Ax -tx1 -v "$file" | text2pcap -q -u 5060,5060 - message.pcap 2> err || cat err
      file=message.pcap ;;
  esac
  files=$((files + 1))
  keys=${file%.pcap}.keys
  options=(); [ -f "$keys" ] && options=(-o "tls.keylog_file:$keys")
  check "$file" "${options[@]}"
  cut -f2 out >> codes
  check "$file" "${options[@]}" -2
  responses=$((responses + $(wc -l < out)))
done
echo "$files captures, $responses packets with responses, $failed failed"
[ "$files" -gt 0 ] && [ "$responses" -gt 0 ] && [ "$failed" -eq 0 ]
EOF
result=$?

if [ -n "$command" ]; then
  missing=$(comm -23 \
    <("$command" list --format json | jq -r '.[] | select(.registered) | .code' | sort -u) \
    <(tr ',' '\n' < "$SANDBOX/run/codes" | sort -u) | tr '\n' ' ')
  if [ -n "$missing" ]; then
    echo "FAILED: no capture has $missing"
    result=1
  fi
fi
exit $result
