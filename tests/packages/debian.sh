#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# debian.sh [SUITE FOLDER [FOREIGN-PLUGIN.deb...]]: in a clean Debian, `apt install` of the two packages
# in FOLDER is all it takes: an ordinary user sees an explained response. Then they are installed over
# themselves, and removed without a trace; a plugin of another Wireshark is refused by its dependencies.
# Without words: builds the packages of this machine's Debian first. Exit status 77: no chroot can be had.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(realpath "$here/../..")
source "$root/script/chroot.sh"

suite=${1:-$(. /etc/os-release && [ "$ID" = debian ] && echo "${VERSION_CODENAME:-sid}")} || :
if [ -z "$suite" ]; then echo "skipped: this is no Debian"; exit 77; fi
if obstacle=$(chroot_obstacle "$suite"); then echo "skipped: $obstacle"; exit 77; fi
if [ $# -ge 2 ]; then
  packages=$2
  shift 2
else
  packages=$(dirname "$(cd "$root" && realpath "$(script/package | head -n 1)")")
fi
command=$(echo "$packages"/sipwhy_*.deb)
plugin=$(echo "$packages"/wireshark-plugin-sipwhy_*.deb)

failed=0 count=0
fail() { echo "FAILED $*"; failed=$((failed + 1)); }
# works WHAT COMMAND...: as an ordinary user of that Debian; the output goes to $out
works() {
  local what=$1
  shift
  count=$((count + 1))
  chroot_run_user "$debian" "$@" > "$out" 2>&1 || fail "$what: exit status $?: $(tail -n 5 "$out")"
}
# has WHAT TEXT...: it holds each
has() { local what=$1 text; shift; for text; do grep -qF -e "$text" "$out" || fail "$what: lacks $text in: $(head -n 20 "$out")"; done; }
# apt WORD...: as root, with what apt does unless told otherwise
apt() { chroot_run "$debian" apt-get -y -q -o APT::Install-Recommends=true "$@" > "$out" 2>&1; }
files() { # what a package may leave traces in, without apt's and dpkg's own
  chroot_run "$debian" find /etc /usr /opt /home /root /srv /var -xdev \
    -not -path '/var/lib/dpkg/*' -not -path '/var/lib/apt/*' -not -path '/var/cache/*' -not -path '/var/log/*' | LC_ALL=C sort
}

# ---- the packages themselves ----
control() { dpkg-deb -f "$1" "$2"; }
for package in "$command" "$plugin"; do
  count=$((count + 1))
  name=$(basename "$package")
  unpacked=$(mktemp -d)
  dpkg-deb -x "$package" "$unpacked"
  # The paths of the machine that built it: its folder, and homes.
  if grep -rlaF -e "$root" -e "$HOME/" -e /build/sipwhy "$unpacked"; then fail "$name: has paths of this machine"; fi
  [ -z "$(find "$unpacked" -type f -perm /022)" ] || fail "$name: files that others may write"
  [ -z "$(dpkg-deb -c "$package" | awk '$2 != "root/root"')" ] || fail "$name: files that are not root's"
  for file in copyright changelog.Debian.gz changelog.gz; do
    [ -s "$unpacked/usr/share/doc/${name%%_*}/$file" ] || fail "$name: no $file"
  done
  while IFS= read -r binary; do
    readelf -Wld "$binary" > "$unpacked.elf"
    grep -q GNU_RELRO "$unpacked.elf" && grep -q BIND_NOW "$unpacked.elf" || fail "$name: $binary is not hardened"
    ! grep -qE 'RPATH|RUNPATH' "$unpacked.elf" || fail "$name: $binary has a run path"
    readelf -Ws "$binary" | grep -q __stack_chk_fail || fail "$name: $binary has no stack protector"
  done < <(find "$unpacked" -type f \( -path '*/bin/*' -o -name '*.so' \))
  rm -rf "$unpacked" "$unpacked.elf"
  [ -z "$(control "$package" Homepage)" ] || fail "$name: a home page"
  [[ $(control "$package" Maintainer) = *'.invalid>' ]] || fail "$name: Maintainer"
done
[[ $(control "$plugin" Depends) =~ (libwireshark[0-9a-z]+)\ \(\>=\ ([0-9]+)\.([0-9]+)~\) ]] ||
  fail "the plugin does not depend on its Wireshark: $(control "$plugin" Depends)"
library=${BASH_REMATCH[1]} version=${BASH_REMATCH[2]}.${BASH_REMATCH[3]}
next=${BASH_REMATCH[2]}.$((BASH_REMATCH[3] + 1))
[[ $(control "$plugin" Depends) = *"$library (<< $next~)"* ]] || fail "the plugin takes later Wiresharks"

# ---- a clean Debian ----
chroot_begin
debian=$CHROOTS/debian out=$CHROOTS/out
chroot_make "$suite" "$debian"
chroot_run "$debian" mkdir /packages /captures
cp "$command" "$plugin" "$debian/packages/"
cp "$root/captures/call-no-codec.pcap" "$root/captures/call-answered.pcap" "$debian/captures/"
# A plugin for another Wireshark is refused: those given, and one that says so.
dpkg-deb -R "$plugin" "$CHROOTS/other"
sed -i "/^Depends:/s/>= $version~/>= 9.8~/; /^Depends:/s/<< $next~/<< 9.9~/" "$CHROOTS/other/DEBIAN/control"
mkdir "$debian/foreign"
dpkg-deb -b "$CHROOTS/other" "$debian/foreign/other.deb" > /dev/null
[ $# -eq 0 ] || cp "$@" "$debian/foreign/"
for package in "$debian"/foreign/*.deb; do
  count=$((count + 1))
  if apt install "/foreign/${package##*/}"; then
    fail "$package: is installed"
  else
    has "$package" "wireshark-plugin-sipwhy : Depends: libwireshark"
  fi
done

# What the packages need stays when they go: it is not theirs.
apt install tshark man-db bash-completion || fail "apt install tshark: $(tail -n 5 "$out")"
files > "$CHROOTS/before"
apt --purge autoremove tshark || fail "apt autoremove: $(tail -n 5 "$out")"

# ---- installed ----
count=$((count + 1))
chroot_run "$debian" bash -c 'apt-get -y -q -o APT::Install-Recommends=true install /packages/*.deb' > "$out" 2>&1 ||
  fail "apt install ./*.deb: $(tail -n 20 "$out")"
for round in first again; do
  works "tshark ($round)" tshark -2 -r /captures/call-no-codec.pcap -Y sipwhy.code==488 -O sipwhy
  has "tshark ($round)" "SIP Why: 488 Not Acceptable Here" "Description:" "Cause:"
  works "explain" sipwhy explain 488
  has "explain" "488 Not Acceptable Here"
  works "doctor" sipwhy doctor
  has "doctor" "/wireshark/plugins/$version"
  works "diagnose" sipwhy diagnose /captures/call-no-codec.pcap
  has "diagnose" "o codec in common"
  works "check" sipwhy check /captures/call-answered.pcap
  chroot_run_user "$debian" sipwhy check /captures/call-no-codec.pcap > "$out" 2>&1 && fail "check passes a refused call"
  works "man page" man -P cat sipwhy
  has "man page" "sipwhy doctor" "EXIT STATUS"
  # shellcheck disable=SC2016
  works "completion" bash -c '. /usr/share/bash-completion/bash_completion; _completion_loader sipwhy; complete -p sipwhy'
  works "schemas" test -s /usr/share/sipwhy/capture.schema.json -a -s /usr/share/sipwhy/diagnosis.schema.json \
    -a -s /usr/share/sipwhy/verdict.schema.json
  works "policy" test -s /usr/share/doc/sipwhy/policy.md
  if [ -d "$root/plugin/profile/SIP Why" ]; then
    works "profile" tshark -C 'SIP Why' -r /captures/call-no-codec.pcap
    has "profile" "488 Not Acceptable Here"
    works "French profile" tshark -C 'SIP Why FR' -r /captures/call-no-codec.pcap
    has "French profile" "488 Not Acceptable Here"
  fi
  for pack in "$root"/data/local/*.ini; do
    [ ! -e "$pack" ] || works "${pack##*/}" sipwhy local check "/usr/share/sipwhy/local/${pack##*/}"
  done
  # Root loads what is installed for all.
  chroot_run "$debian" sipwhy doctor > "$out" 2>&1 || fail "doctor as root: $(cat "$out")"
  [ "$round" = again ] || apt --reinstall install "/packages/${command##*/}" "/packages/${plugin##*/}" ||
    fail "installing over: $(tail -n 5 "$out")"
done

# ---- the plugin alone goes, then all ----
apt remove wireshark-plugin-sipwhy || fail "apt remove: $(tail -n 5 "$out")"
chroot_run_user "$debian" sipwhy doctor > "$out" 2>&1 && fail "doctor finds a plugin that is gone"
has "doctor without the plugin" "wireshark-plugin-sipwhy"
apt --purge autoremove sipwhy wireshark-plugin-sipwhy || fail "apt purge: $(tail -n 5 "$out")"
chroot_run "$debian" rm -rf /home/tester/.config /home/tester/.cache
apt install tshark man-db bash-completion
files > "$CHROOTS/after"
count=$((count + 1))
diff "$CHROOTS/before" "$CHROOTS/after" || fail "purged packages leave something, or take something"

echo "$suite: $count checks, $failed failed"
[ "$failed" -eq 0 ]
