#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lua.sh PLUGIN PLUGIN_FOLDER SOURCE: Lua listeners hear of the packets, and see the fields, that
# tshark itself shows: the one of the README, one without a field, and one on another tap.
set -u
source "$(dirname "${BASH_SOURCE[0]}")/world.sh"

cat > "$SANDBOX/run/frames.lua" <<'LUA'
local tap = Listener.new("sipwhy")
function tap.packet(pinfo, tvb, data)
  assert(data == nil)
  print(pinfo.number)
end
LUA
cat > "$SANDBOX/run/elsewhere.lua" <<'LUA'
local code = Field.new("sipwhy.code")
local tap = Listener.new("frame")
function tap.packet(pinfo)
  for _, one in ipairs({code()}) do print(pinfo.number, one.value) end
end
LUA
chmod a+r "$SANDBOX/run/"*.lua

for passes in '' -2; do
  options=($passes -r all.pcap)
  sandbox_run tshark "${options[@]}" -q -X lua_script:frames.lua > "$SANDBOX/run/one" 2>&1
  sandbox_run tshark "${options[@]}" -Y 'sip && (sip.Status-Code || sip.Method)' -T fields -e frame.number \
    > "$SANDBOX/run/other" 2>&1
  same "each packet with SIP, once ($passes)"

  sandbox_run tshark "${options[@]}" -q -X lua_script:elsewhere.lua > "$SANDBOX/run/one" 2>&1
  sandbox_run tshark "${options[@]}" -Y sipwhy.code -T fields -e frame.number -e sipwhy.code |
    awk -F '[\t,]' -v OFS='\t' '{for (i = 2; i <= NF; i++) print $1, $i}' > "$SANDBOX/run/other" 2>&1
  same "fields on the tap frame ($passes)"

  sandbox_run tshark "${options[@]}" -q -X lua_script:peers.lua 2>&1 |
    awk '{sum[$2] += $1} END {for (why in sum) print sum[why], why}' | sort > "$SANDBOX/run/one"
  sandbox_run tshark "${options[@]}" -Y 'sipwhy.severity in {"warn", "error"}' -T fields \
    -e sipwhy.finding -e sipwhy.code 2>&1 | awk -F '\t' '{print $1 != "" ? $1 : $2}' | tr ',' '\n' |
    sort | uniq -c | awk '{print $1, $2}' | sort > "$SANDBOX/run/other"
  same "findings by peer ($passes)"
done
finish
