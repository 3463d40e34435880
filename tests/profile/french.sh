#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# french.sh PLUGIN PLUGIN_FOLDER PROFILE FRENCH NAMES CAPTURES: the profile FRENCH is PROFILE, all its
# names those of the list NAMES and nothing else different; and tshark loads it, and shows them.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
plugin=$1 folder=$2 profile=$3 french=$4 names=$5 captures=$6

sandbox_create "$plugin" "$folder"
sandbox_add "$captures" captures
sandbox_require_plugin
mkdir -p "$SANDBOX/config/profiles"
cp -r "$french" "$SANDBOX/config/profiles/"
chmod -R a+rX "$SANDBOX"
[ "$(id -u)" -ne 0 ] || chown -R 65534:65534 "$SANDBOX"

failed=0
fail() { echo "FAILED $*"; failed=1; }

# names_of FOLDER: what a reader sees, a line each.
names_of() {
  sed -nE 's/^@([^@]*)@.*/\1/p' "$1/colorfilters"
  sed -nE 's/^"TRUE","([^"]*)","[^"]*","([^"]*)"$/\1\n\2/p' "$1/dfilter_buttons"
  sed -nE 's/^\t"([^"]*)", "%.*/\1/p' "$1/preferences"
}
# rest_of FOLDER: all else.
rest_of() {
  local file
  for file in "$1"/*; do
    echo "== ${file##*/}"
    case ${file##*/} in
      colorfilters) sed -E 's/^@[^@]*@/@@/' "$file" ;;
      dfilter_buttons) sed -E 's/^("TRUE"),"[^"]*",("[^"]*"),"[^"]*"$/\1,\2/' "$file" ;;
      preferences) sed -E 's/^\t"[^"]*", ("%.*)/\1/' "$file" ;;
      *) cat "$file" ;;
    esac
  done
}

diff <(rest_of "$profile") <(rest_of "$french") || fail "these are not names"
names_of "$profile" > "$SANDBOX/names"
[ "$(wc -l < "$SANDBOX/names")" -ge 70 ] || fail "too few names"
paste -d= "$SANDBOX/names" <(names_of "$french") | sort -u > "$SANDBOX/pairs"
diff <(grep -vE '^(#|$)' "$names" | sort -u) "$SANDBOX/pairs" ||
  fail "the list (<) is not what became of the names (>)"
grep -vE '^(#|$)' "$names" | cut -d= -f1 | sort | uniq -d | grep . && fail "twice in the list"
LC_ALL=C.UTF-8 grep -P '=.*(?<!\x{00A0})[:;?!]|=.*["@|\\]' "$names" && fail "U+00A0 is missing, or a character cannot stand there"

sandbox_run tshark -2 --color -C "$(basename "$french")" -r captures/call-no-codec.pcap -T fields \
  -e sipwhy.code -e frame.coloring_rule.name > "$SANDBOX/out" 2> "$SANDBOX/err" || fail "tshark -C"
[ -s "$SANDBOX/err" ] && fail "tshark -C complains:" "$(head -n 3 "$SANDBOX/err")"
grep -qxF $'488\tSIP Why\xc2\xa0: à corriger' "$SANDBOX/out" || fail "the colour of the 488: $(cat "$SANDBOX/out")"
sandbox_run env WIRESHARK_CONFIG_DIR="$SANDBOX/config/profiles/$(basename "$french")" \
  tshark -G currentprefs 2> /dev/null | tr -d '\n' | grep -qE '"N°", "%m",\s*"Temps", "%t"' || fail "the columns"
exit "$failed"
