#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A section of the benchmark, run in its sandbox: tshark with the plugin, and what else there is,
# beside a tshark without it.
set -eu
source bench/turns.sh

columns=(code phrase category reference)
# fields_of PREFIX: the options of tshark that print these columns
fields_of() { echo -T fields $(printf -- "-e $1.%s " "${columns[@]}"); }

# The two have to do the same, or else there is nothing to compare.
check_lua() {
  "${without[@]}" tshark -r sip-small.pcap -X lua_script:bench/table.lua -Y luawhy \
    $(fields_of luawhy) > by-lua
  "${with[@]}" tshark -r sip-small.pcap -Y sipwhy.code $(fields_of sipwhy) > by-plugin
  if ! [ -s by-lua ] || ! cmp -s by-lua by-plugin; then
    echo "the Lua post-dissector says something else than the plugin" >&2
    exit 1
  fi
}

# What nobody asks for, and what everybody who installs it pays.
idle() { # idle NAME FILE
  turns "$1: \`tshark -r\`, plugin idle" "no plugin" \
    "${with[@]}" tshark -r "$2" -- "${without[@]}" tshark -r "$2"
}
tree() {
  turns "$1: \`-z sipwhy,tree\`" "no plugin, \`-z sip,stat\`" \
    "${with[@]}" tshark -q -r "$2" -z sipwhy,tree -- "${without[@]}" tshark -q -r "$2" -z sip,stat
}

# Others that look at every packet, on FEWER packets if they build the tree of each.
others() { # others NAME FILE FEWER
  if "${without[@]}" tshark -v | grep -q 'with Lua'; then
    turns "$1: \`tshark -r\`, a Lua post-dissector" "no plugin" \
      "${without[@]}" tshark -r "$3" -X lua_script:bench/table.lua -- \
      "${without[@]}" tshark -r "$3"
  fi
  turns "$1: \`tshark -r\`, TRANSUM on" "no plugin" \
    "${without[@]}" tshark -r "$3" --enable-protocol transum -- "${without[@]}" tshark -r "$3"
  if command -v sngrep > /dev/null; then # -l: the calls that it keeps
    turns "$1: \`sngrep -N -q\`" "no plugin, \`-z sip,stat\`" \
      "${without[@]}" sngrep -F -N -q -l 1000000 -I "$2" -- \
      "${without[@]}" tshark -q -r "$2" -z sip,stat
  fi
}

# What the plugin is asked for, with all that its answer costs Wireshark.
asked() { # asked NAME FILE FEWER
  turns "$1: \`-z sipwhy,report\`" "no plugin, \`-z sip,stat\`" \
    "${with[@]}" tshark -q -r "$2" -z sipwhy,report -- "${without[@]}" tshark -q -r "$2" -z sip,stat
  turns "$1: \`-z sipwhy,json\`" "no plugin, \`-z sip,stat\`" \
    "${with[@]}" tshark -q -r "$2" -z sipwhy,json -o sipwhy.json_knowledge:FALSE -- \
    "${without[@]}" tshark -q -r "$2" -z sip,stat
  turns "$1: four fields of each response" "no plugin, \`-e sip.Status-Code\`" \
    "${with[@]}" tshark -r "$3" -Y sipwhy.code $(fields_of sipwhy) -- \
    "${without[@]}" tshark -r "$3" -Y sip.Status-Code -T fields -e sip.Status-Code
  if "${without[@]}" tshark -v | grep -q 'with Lua'; then
    turns "$1: the same fields by Lua" "no plugin, \`-e sip.Status-Code\`" \
      "${without[@]}" tshark -r "$3" -X lua_script:bench/table.lua -Y luawhy $(fields_of luawhy) \
      -- "${without[@]}" tshark -r "$3" -Y sip.Status-Code -T fields -e sip.Status-Code
  fi
}

check_lua
turns_head
idle "SIP" sip.pcap
tree "SIP" sip.pcap
ROUNDS=$OTHER_ROUNDS
idle "95 % RTP" rtp-95.pcap
tree "95 % RTP" rtp-95.pcap
asked "SIP" sip.pcap sip-fewer.pcap
others "SIP" sip.pcap sip-fewer.pcap
others "95 % RTP" rtp-95.pcap rtp-95-fewer.pcap
for file in mix-*.pcap; do
  [ -e "$file" ] || continue
  name=${file#mix-}
  idle "${name%.pcap}" "$file"
  tree "${name%.pcap}" "$file"
done
