#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# doctor.sh PLUGIN PLUGIN_FOLDER SIPWHY: `sipwhy doctor` with a real tshark, in each state that an
# installation can be in. What it says to type is typed, and has to help.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"

sandbox_create "$1" "$2"
sandbox_add "$3" sipwhy
sandbox_require_plugin
# A plugin for a Wireshark that there is not, as far as doctor and Wireshark look at it.
cat > "$SANDBOX/run/other.c" <<'EOF'
const char plugin_version[] = "0.1.7";
const int plugin_want_major = 9, plugin_want_minor = 8;
const char field[] = "sipwhy.code";
void plugin_register(void) {}
EOF
cc -shared -fPIC -o "$SANDBOX/run/other.so" "$SANDBOX/run/other.c" || exit 1
chmod a+rX "$SANDBOX/run/other.so"

sandbox_run bash -s "$2" <<'EOS'
set -u
plugin_folder=$1 version=${1%/*} failed=0 count=0 last=
mkdir bin tmp
mv sipwhy bin/
export PATH="$PWD/bin:$PATH" TMPDIR="$PWD/tmp" TERM=xterm
plugins=$HOME/.local/lib/wireshark/plugins plugin=$HOME/.local/lib/wireshark/plugins/$plugin_folder/sipwhy.so
config=$WIRESHARK_CONFIG_DIR
own=$(sipwhy --version) own=${own#sipwhy }
cp "$plugin" kept.so

fail() { echo "FAILED $*"; failed=$((failed + 1)); }
# doctor CODE WHAT WORD...: runs it into out.
doctor() {
  local code=$1 result
  last=$2
  shift 2
  count=$((count + 1))
  timeout 60 sipwhy doctor "$@" > out 2> err < /dev/null
  result=$?
  [ $result -eq "$code" ] || fail "$last: exit status $result instead of $code: $(cat out err)"
  [ ! -s err ] || fail "$last: writes to stderr: $(cat err)"
  [ -z "$(ls -A tmp)" ] || { fail "$last: left in TMPDIR: $(ls -A tmp)"; rm -rf tmp/*; }
}
has() { local text; for text; do grep -qxF -e "$text" out || fail "$last: lacks \"$text\" in: $(cat out)"; done; }
holds() { local text; for text; do grep -qF -e "$text" out || fail "$last: lacks \"$text\" in: $(cat out)"; done; }
lacks() { local text; for text; do ! grep -qF -e "$text" out || fail "$last: has \"$text\" in: $(cat out)"; done; }
# says COMMAND: that is the only one to be typed
says() {
  [ "$(sed -n '/^What to type:$/,$s/^  \([^ ].*\)/\1/p' out)" = "$1" ] || fail "$last: says not to type \"$1\": $(cat out)"
}
# helps: all commands that are said are typed, and then all is well
helps() {
  local what=$last
  sed -n '/^What to type:$/,$s/^  \([^ ].*\)/\1/p' out > commands
  [ -s commands ] || fail "$what: nothing to type"
  bash -eu commands < /dev/null > typed || fail "$what: $(cat commands)"
  doctor 0 "$what, and then what it says"
  lacks "fault"
}
good() { rm -rf "$plugins" "$config"/*; mkdir -p "${plugin%/*}"; cp kept.so "$plugin"; }

# ---- all is well ----
doctor 0 "all is well"
has "ok     tshark: $(command -v tshark) (from PATH), version $(tshark --version | sed -n '1s/^[^0-9]*\([0-9.]*[0-9]\).*/\1/p')" \
  "ok     personal folder for plugins: $plugins/$plugin_folder" "ok     plugin: $plugin, version $own, for Wireshark $version" \
  "ok     loaded: $plugin, version $own" "ok     trial: the refusal of a call is explained"
holds "ok     global folder for plugins: "
lacks "fault" "What to type"
doctor 0 "French" --lang fr
holds "ok      chargé" "essai"
doctor 0 "JSON" --format json
jq -e --arg file "$plugin" --arg version "$version" '.type == "doctor" and .explained and (.commands == []) and
  (.plugins | any(.file == $file and .loaded and .looked_at and .wireshark == $version)) and
  (.findings | map(.about) | contains(["tshark", "loaded", "trial"]))' out > parsed || fail "JSON: $(cat out)"
doctor 0 "tshark by option" --tshark "$(command -v tshark)"
holds "(from --tshark)"
SIPWHY_TSHARK=tshark doctor 0 "tshark by the environment"
holds '(from $SIPWHY_TSHARK)'
mkdir -p "$config/profiles/SIP Why"
echo '[a]' > "$config/sipwhy.ini"
doctor 0 "profile and local knowledge"
has "ok     profile \"SIP Why\": $config/profiles/SIP Why" "ok     local knowledge: $config/sipwhy.ini"
chmod 0 "$config/sipwhy.ini"
doctor 0 "local knowledge that cannot be read"
has "note   local knowledge: $config/sipwhy.ini cannot be read: Permission denied"
rm -f "$config/sipwhy.ini"

# ---- no plugin where tshark looks ----
rm "$plugin"
doctor 3 "no plugin"
has "fault  plugin: there is no sipwhy.so in any folder for plugins" "fault  trial: the refusal of a call is not explained"
says "script/install"
doctor 3 "no plugin, JSON" --format json
jq -e '(.explained | not) and .plugins == [] and .commands[0].command == "script/install"' out > parsed || fail "JSON: $(cat out)"
for wrong in "$plugins/sipwhy.so" "$plugins/$version/sipwhy.so" "$plugins/epan/sipwhy.so" "$plugins/9.8/epan/sipwhy.so" \
  "$config/plugins/sipwhy.so" "$HOME/.wireshark/plugins/$version/epan/sipwhy.so"; do
  mkdir -p "${wrong%/*}"
  cp kept.so "$wrong"
  doctor 3 "plugin in $wrong"
  has "note   plugin: $wrong, version $own, for Wireshark $version; this tshark does not look there"
  says "install -D -m 644 $wrong $plugin"
  helps
  rm "$wrong" "$plugin"
done

# ---- a plugin for another Wireshark ----
cp other.so "$plugin"
doctor 3 "for another Wireshark"
has "fault  plugin: $plugin, version 0.1.7, is for Wireshark 9.8, and this is $version"
holds "fault  loaded: no, this tshark does not load the plugin: The plugin 'sipwhy.so' was compiled for Wireshark version 9.8"
says "script/install"
mkdir -p "$plugins/9.8/epan"
mv "$plugin" "$plugins/9.8/epan/"
doctor 3 "for another Wireshark, in its folder"
has "note   plugin: $plugins/9.8/epan/sipwhy.so, version 0.1.7, for Wireshark 9.8; this tshark does not look there"
says "script/install"
cp kept.so "$plugin"
doctor 0 "one for each of two Wiresharks"
lacks "fault" "What to type"

# ---- a plugin that cannot be read, is damaged, is none ----
good
chmod 0 "$plugin"
doctor 3 "not readable"
has "fault  plugin: $plugin cannot be read: Permission denied"
says "chmod a+r $plugin"
helps
rm "$plugin"; echo junk > "$plugin"
doctor 3 "damaged"
has "fault  plugin: $plugin is no plugin of sipwhy, is damaged, or is for another kind of machine"
says "script/install"
good
# Cut anywhere, with any byte of its head changed: doctor reads them all, and goes on.
size=$(stat -c %s kept.so)
for i in $(seq 1 60); do
  mkdir -p "$plugins/cut$i/epan" "$plugins/odd$i/epan"
  head -c $((size * i / 61)) kept.so > "$plugins/cut$i/epan/sipwhy.so"
  cp kept.so "$plugins/odd$i/epan/sipwhy.so"
  printf '\377\377\377\377\377\377\377\177' | dd of="$plugins/odd$i/epan/sipwhy.so" bs=1 seek=$((i + 3)) conv=notrunc 2> /dev/null
done
for i in 0 1 16 63 64 100 1000; do
  mkdir -p "$plugins/head$i/epan"
  head -c "$i" kept.so > "$plugins/head$i/epan/sipwhy.so"
done
mkdir -p "$plugins/folder/epan/sipwhy.so"
doctor 0 "damaged ones beside it"
holds "$plugins/cut1/epan/sipwhy.so is no plugin of sipwhy, is damaged" "$plugins/head0/epan/sipwhy.so is no plugin"

# ---- twice ----
good
second="$PWD/second folder"
mkdir -p "$second/$plugin_folder"
cp kept.so "$second/$plugin_folder/sipwhy.so"
WIRESHARK_PLUGIN_DIR=$second doctor 0 "twice"
has "note   plugin twice: $plugin and $second/$plugin_folder/sipwhy.so" \
  "note   WIRESHARK_PLUGIN_DIR is set, and takes the place of the global folder"
says "rm $plugin"
rm "$plugin"
WIRESHARK_PLUGIN_DIR=$second doctor 0 "no longer twice"
lacks "twice" "What to type"
WIRESHARK_PLUGIN_DIR=$PWD/nowhere doctor 3 "WIRESHARK_PLUGIN_DIR leads nowhere"
holds "fault  plugin: there is no sipwhy.so"
mkdir -p unversioned/epan
cp kept.so unversioned/epan/sipwhy.so
WIRESHARK_PLUGIN_DIR=$PWD/unversioned doctor 3 "WIRESHARK_PLUGIN_DIR without a version"
holds "this tshark does not look there" "  unset WIRESHARK_PLUGIN_DIR" "  install -D -m 644 $PWD/unversioned/epan/sipwhy.so $plugin"
helps
good
cp kept.so "${plugin%/*}/sipwhy-old copy.so"
doctor 3 "twice, under two names"
holds "plugin twice: " "Duplicate protocol name"
says "rm '${plugin%/*}/sipwhy-old copy.so'"
helps
mv "$plugin" "${plugin%/*}/renamed.so"
doctor 0 "under another name"
has "ok     loaded: ${plugin%/*}/renamed.so, version $own"
good

# ---- an older plugin ----
printf '#!/bin/sh\n%s "$@" | sed "/^sipwhy.so/s/%s/0.1.0/"\n' "$(command -v tshark)" "$own" > older
chmod +x older
doctor 0 "an older plugin" --tshark ./older
has "note   version: the plugin is 0.1.0, this sipwhy is $own; diagnose and check need them to be the same"
says "script/install"

# ---- switched off ----
for protocol in sipwhy sip udp; do
  good
  printf 'foo\n%s\n' $protocol > "$config/disabled_protos"
  doctor 3 "$protocol switched off"
  has "fault  protocol: $protocol is switched off in $config/disabled_protos"
  says "sed -i '/^$protocol\$/d' $config/disabled_protos"
  helps
  grep -qx foo "$config/disabled_protos" || fail "$protocol switched on: what else is off is lost"
done
good
mkdir -p "$config/profiles/Quiet calls"
echo sipwhy > "$config/profiles/Quiet calls/disabled_protos"
doctor 0 "switched off in a profile"
has "note   protocol: sipwhy is switched off in the profile \"Quiet calls\""
good
echo 'decode_as_entry: udp.port,5060,SIP,Data' > "$config/decode_as_entries"
doctor 3 "hidden by the configuration"
has "fault  trial: the refusal of a call is not explained, but would be without the configuration in $config"
says 'WIRESHARK_CONFIG_DIR=$(mktemp -d) tshark -O sipwhy -r FILE'
good

# ---- tshark: none, another, an old one, one that lies ----
doctor 3 "no tshark" --tshark ./no-such-tshark
holds "fault  there is no tshark (\"./no-such-tshark\")"
says "sipwhy doctor --tshark $(command -v tshark)"
helps
printf '#!/bin/sh\necho "TShark (Wireshark) 3.6.2 (Git v3.6.2)"\n' > old
printf '#!/bin/sh\nhead -c 5000 /dev/urandom; head -c 5000 /dev/urandom >&2\n' > noise
printf '#!/bin/sh\ncase $1 in --version) echo "TShark (Wireshark) 4.0.17";; *) head -c 50000 /dev/urandom;; esac; exit 1\n' > liar
printf '#!/bin/sh\ncase $1 in --version) echo "TShark (Wireshark) 4.0.17";; *) kill -9 $$;; esac\n' > dies
printf '#!/nowhere/sh\n' > nothing
chmod +x old noise liar dies nothing
doctor 3 "an old tshark" --tshark ./old
holds "/old is version 3.6.2; tshark 4.0 or later is needed"
for fake in noise liar dies nothing; do
  doctor 3 "$fake" --tshark ./$fake
  holds "fault"
  doctor 3 "$fake, JSON" --tshark ./$fake --format json
  jq -e '.explained == false' out > parsed || fail "$fake: no JSON: $(head -c 300 out)"
done
TMPDIR=$PWD/nowhere timeout 60 sipwhy doctor > out 2> err
[ $? -eq 3 ] && [ "$(wc -l < err)" -eq 1 ] || fail "no folder for temporary files: $(cat out err)"

echo "$count runs, $failed failed"
[ "$failed" -eq 0 ]
EOS
status=$?

# As root: tshark looks into the global folder only, and doctor says so.
if [ "$(id -u)" -eq 0 ]; then
  out=$(env -i PATH="$PATH" HOME="$SANDBOX/home" WIRESHARK_CONFIG_DIR="$SANDBOX/config" LC_ALL=C.UTF-8 \
    "$SANDBOX/run/bin/sipwhy" doctor)
  code=$?
  for text in "note   user: root" "which root's tshark does not look into" "this tshark does not look there" \
    "  install -D -m 644 $SANDBOX/home/.local/lib/wireshark/plugins/$2/sipwhy.so "; do
    if [ $code -ne 3 ] || ! grep -qF -e "$text" <<< "$out"; then
      echo "FAILED as root: exit status $code, lacks \"$text\" in: $out"
      status=1
    fi
  done
fi
exit $status
