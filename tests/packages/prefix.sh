#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prefix.sh BUILD PLUGIN_FOLDER: `cmake --install` into a prefix of one's own, and script/install: an
# ordinary user's tshark loads the plugin, the command and its pages are there; a profile that is there
# already stays as it is; and --remove takes all away again.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(realpath "$here/../..") build=$(realpath "$1") folder=$2
source "$here/../sandbox.sh"
sandbox_create "$build/plugin/sipwhy.so" "$folder"
prefix=$SANDBOX/home/.local failed=0
fail() { echo "FAILED $*"; failed=$((failed + 1)); }
give() { chmod -R a+rX "$SANDBOX"; [ "$(id -u)" -ne 0 ] || chown -R 65534:65534 "$SANDBOX"; }
cp "$root/captures/call-no-codec.pcap" "$SANDBOX/run/"

# installed WHAT: it works from there
installed() {
  local file
  give
  for file in bin/sipwhy "lib/wireshark/plugins/$folder/sipwhy.so" share/man/man1/sipwhy.1.gz \
    share/bash-completion/completions/sipwhy share/sipwhy/{capture,diagnosis,verdict}.schema.json; do
    [ -s "$prefix/$file" ] || fail "$1: no $file"
  done
  for file in "$root"/data/local/*.ini; do
    [ ! -e "$file" ] || cmp -s "$file" "$prefix/share/sipwhy/local/${file##*/}" || fail "$1: no ${file##*/}"
  done
  sandbox_run "$prefix/bin/sipwhy" doctor > "$SANDBOX/out" || fail "$1: $(cat "$SANDBOX/out")"
  grep -qF "loaded: $prefix/lib/wireshark/plugins/$folder/sipwhy.so," "$SANDBOX/out" || fail "$1: $(cat "$SANDBOX/out")"
  sandbox_run tshark -r call-no-codec.pcap -O sipwhy 2> /dev/null | grep -q 'SIP Why: 488' || fail "$1: nothing explained"
}

rm -r "$prefix"
cmake --install "$build" --prefix "$prefix" > "$SANDBOX/out" || fail "cmake --install: $(cat "$SANDBOX/out")"
installed "cmake --install"
cmp -s "$prefix/share/wireshark/profiles/SIP Why FR/colorfilters" "$build/plugin/profile/SIP Why FR/colorfilters" ||
  fail "cmake --install: no French profile"
[ -z "$(find "$SANDBOX/home" -type f -not -path "$prefix/*")" ] || fail "cmake --install: files beside the prefix"
if grep -E "^-- (Installing|Up-to-date): " "$SANDBOX/out" | grep -vF ": $prefix/"; then fail "cmake --install: leaves its prefix"; fi
rm -r "$prefix"

# script/install builds what is in build/; what it does with it is tried on this build.
checkout=$SANDBOX/checkout
mkdir -p "$checkout/script"
cp "$root/script/install" "$checkout/script/"
ln -s "$build" "$checkout/build"
mkdir -p "$checkout/plugin/profile/SIP Why"
cp "$root"/plugin/profile/{translate.cmake,french.txt} "$checkout/plugin/profile/"
printf '# colours\n@Routing@ospf@[0,0,0][9,9,9]\n' > "$checkout/plugin/profile/SIP Why/colorfilters"
printf '#!/bin/sh\n' > "$checkout/script/build"
chmod 755 "$checkout/script/build"
script_install() { env HOME="$SANDBOX/home" WIRESHARK_CONFIG_DIR="$SANDBOX/config" "$checkout/script/install" "$@" > "$SANDBOX/out" 2>&1; }
says() { grep -qF -e "$1" "$SANDBOX/out" || fail "script/install does not say $1: $(cat "$SANDBOX/out")"; }
profile="$SANDBOX/config/profiles/SIP Why" french="$SANDBOX/config/profiles/SIP Why FR"

script_install || fail "script/install: $(cat "$SANDBOX/out")"
says "installed $profile"
says "installed $french"
installed "script/install"
cmp -s "$profile/colorfilters" "$checkout/plugin/profile/SIP Why/colorfilters" || fail "script/install: no profile"
grep -qx '@Routage@ospf@.*' "$french/colorfilters" || fail "script/install: no French profile"
script_install || fail "script/install again: $(cat "$SANDBOX/out")"
if grep -q "^kept" "$SANDBOX/out"; then fail "script/install again: $(cat "$SANDBOX/out")"; fi
echo '# mine' > "$profile/colorfilters"
script_install || fail "script/install over a profile: $(cat "$SANDBOX/out")"
says "kept $profile: it differs"
[ "$(cat "$profile/colorfilters")" = '# mine' ] || fail "script/install: a profile is written over"
script_install --remove || fail "script/install --remove: $(cat "$SANDBOX/out")"
says "kept $profile: it has been changed"
[ ! -e "$french" ] || fail "--remove leaves the French profile"
[ -z "$(find "$prefix" -type f)" ] || fail "--remove leaves $(find "$prefix" -type f)"
[ "$(cat "$profile/colorfilters")" = '# mine' ] || fail "--remove: a profile that has been changed is removed"
rm -r "$profile"
script_install && script_install --remove || fail "script/install --remove: $(cat "$SANDBOX/out")"
[ ! -e "$profile" ] || fail "--remove leaves the profile"
script_install --remove || fail "--remove of nothing: $(cat "$SANDBOX/out")"

[ "$failed" -eq 0 ]
