#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh PLUGIN PLUGIN_FOLDER [--update] [NAME...]: the cases of TESTLIST through a real tshark.
#
# A line of TESTLIST is "NAME | shell command". The command runs beside captures/ and input/; what
# it prints must be expected/NAME.txt, and nothing may stand on stderr unless the command sends it
# elsewhere. Where a later Wireshark itself prints it differently, that stands in
# expected/VERSION/NAME.txt (VERSION: 4.4, ...): the newest counts that is no newer than the
# Wireshark that runs. --update rewrites the expectations: read the difference before you commit it.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
plugin=$1 folder=$2
shift 2
update=
if [ "${1:-}" = --update ]; then update=yes; shift; fi

sandbox_create "$plugin" "$folder"
sandbox_add "$here/../../captures" captures
sandbox_add "$here/input" input
sandbox_add "$here/../../data/local" packs
sandbox_require_plugin

# Only the packet's own lines of sipwhy, from -V or -O: from each "SIP Why" to the next layer.
cat > "$SANDBOX/run/only-sipwhy" <<'EOF'
#!/bin/sh
exec awk '/^\[?SIP Why/ {on = 1; print; next} /^[^ \t]/ {on = 0} on'
EOF
# sharkd-frame FILE FRAME [OPTION...]: the labels and addresses of one packet, as the GUI asks for them.
cat > "$SANDBOX/run/sharkd-frame" <<'EOF'
#!/bin/sh
printf '%s\n' \
  "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"load\",\"params\":{\"file\":\"$1\"}}" \
  "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"frame\",\"params\":{\"frame\":$2,\"proto\":true}}" |
  sharkd - 2>/dev/null |
  jq -r 'select(.id == 2) | .result.tree[] | select(.l | startswith("SIP Why"))
         | .l, (.n[] | "  " + .l + (if .url then " <" + .url + ">" else "" end))'
EOF
# sharkd-set FILE FRAME NAME VALUE...: likewise, with what lies below, after setting a preference,
# and another one.
cat > "$SANDBOX/run/sharkd-set" <<'EOF'
#!/bin/bash
file=$1 frame=$2
shift 2
{
  echo "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"load\",\"params\":{\"file\":\"$file\"}}"
  while [ $# -gt 1 ]; do
    echo "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"setconf\",\"params\":{\"name\":\"$1\",\"value\":\"$2\"}}"
    echo "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"frame\",\"params\":{\"frame\":$frame,\"proto\":true}}"
    shift 2
  done
} | sharkd - 2> /dev/null |
  jq -r 'def show(indent): indent + .l + (if .url then " <" + .url + ">" else "" end);
         select(.id == 2) | .result.tree[] | select(.l | startswith("SIP Why"))
         | show(""), (.n[] | show("  "), (.n[]? | show("    ")))'
EOF
# in-a-segment: the bytes on standard input in one TCP segment, a capture on standard output.
cat > "$SANDBOX/run/in-a-segment" <<'EOF'
#!/bin/sh
od -Ax -tx1 -v | text2pcap -q -T 5060,5060 - - 2> /dev/null
EOF
# as-numbers: booleans of -T fields as 1 and 0, however Wireshark writes them.
cat > "$SANDBOX/run/as-numbers" <<'EOF'
#!/bin/sh
exec sed -E ':again; s/(^|\t)True(\t|$)/\11\2/; t again; s/(^|\t)False(\t|$)/\10\2/; t again'
EOF
chmod 755 "$SANDBOX"/run/{only-sipwhy,sharkd-frame,sharkd-set,in-a-segment,as-numbers}

# expectation NAME: its file.
expectation() {
  local version found=$here/expected/$1.txt
  while IFS= read -r version; do
    [ "$(printf '%s\n' "$version" "${folder%%/*}" | sort -V | head -n 1)" = "$version" ] || break
    [ ! -f "$here/expected/$version/$1.txt" ] || found=$here/expected/$version/$1.txt
  done < <(cd "$here/expected" && ls -d [0-9]*/ | tr -d / | sort -V)
  printf '%s\n' "$found"
}

failed=0 count=0
while IFS='|' read -r name command; do
  name=${name// /}
  case $name in ''|\#*) continue ;; esac
  if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then continue; fi
  count=$((count + 1))
  expected=$(expectation "$name")
  sandbox_run bash -o pipefail -c "PATH=.:\$PATH; $command" \
    > "$SANDBOX/out" 2> "$SANDBOX/err" < /dev/null
  if [ -n "$update" ]; then
    cp "$SANDBOX/out" "$expected"
  elif ! diff -u "$expected" "$SANDBOX/out" > "$SANDBOX/diff"; then
    echo "FAILED $name: $command"
    head -40 "$SANDBOX/diff"
    failed=$((failed + 1))
  fi
  if [ -s "$SANDBOX/err" ]; then
    echo "FAILED $name: on stderr:"
    head -5 "$SANDBOX/err"
    failed=$((failed + 1))
  fi
done < "$here/TESTLIST"
echo "$count cases, $failed failed"
[ "$count" -gt 0 ] && [ "$failed" -eq 0 ]
