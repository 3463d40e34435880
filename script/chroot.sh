# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by script/test-packages, script/test-matrix and tests/packages: throw-away Debian systems.
# Everything is below $CHROOTS, a temporary folder that goes when the script ends, however it ends.
# What is mounted in a chroot is mounted for one command, seen by it alone, and gone with it.
#
#   chroot_begin                 makes $CHROOTS
#   chroot_obstacle SUITE        says why there can be no chroot of this suite here; else fails
#   chroot_make SUITE DIR [PACKAGE...]   a minimal Debian, and more packages
#   chroot_run DIR COMMAND...    runs a command in it as root, with an environment of its own
#   chroot_run_user DIR COMMAND...     the same as an ordinary user, who has a home
#   chroot_copy DIR FOLDER       puts a copy of this source tree into it, as git knows it
#   chroot_delete DIR            deletes it before the script ends
#
# SIPWHY_MIRROR=URL takes another mirror than this machine's apt; SIPWHY_CHROOT_CACHE=FOLDER keeps the
# downloaded packages there, a folder a suite, so that they are downloaded once. CHROOT_BINDS, an array of
# FROM:TO or FROM:TO:ro, names folders of this machine that a command sees in the chroot.

CHROOT_BINDS=()
CHROOT_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CHROOT_APT_OPTIONS='Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Dpkg::Use-Pty "false";'

chroot_begin() {
  CHROOTS=$(mktemp -d "${TMPDIR:-/tmp}/sipwhy-chroots.XXXXXX") || exit 3
  chmod 755 "$CHROOTS"
  trap 'chroot_delete "$CHROOTS"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# The mirror of Debian, among those that this machine's apt knows in whatever form, that has the suite.
chroot_mirror() {
  local mirror release status=1
  release=$(mktemp) || return
  while read -r mirror; do
    /usr/lib/apt/apt-helper -o Acquire::Retries=2 -o APT::Sandbox::User=root download-file \
      "${mirror%/}/dists/$1/InRelease" "$release" > /dev/null 2>&1 || continue
    grep -q '^Origin: Debian$' "$release" || continue
    echo "${mirror%/}"
    status=0
    break
  done < <(
    if [ -n "${SIPWHY_MIRROR:-}" ]; then
      echo "$SIPWHY_MIRROR"
    else
      # shellcheck disable=SC2016  # apt fills the format in
      apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2> /dev/null | LC_ALL=C sort -u
    fi)
  rm -f "$release"
  return $status
}

chroot_obstacle() {
  [ "$(id -u)" -eq 0 ] || { echo "only root can make a chroot"; return; }
  command -v debootstrap > /dev/null || { echo "debootstrap is not installed"; return; }
  unshare --mount --pid --fork true 2> /dev/null || { echo "nothing can be mounted here"; return; }
  [ -e "/usr/share/debootstrap/scripts/$1" ] || { echo "debootstrap does not know $1"; return; }
  chroot_mirror "$1" > /dev/null || { echo "no mirror that apt knows here has $1, or none can be reached"; return; }
  return 1
}

chroot_make() {
  local suite=$1 directory=$2 options=() mirror
  shift 2
  mirror=$(chroot_mirror "$suite") || { echo "no mirror has $suite" >&2; return 1; }
  [[ $mirror != https:* ]] || options+=(--include=ca-certificates)
  if [ -n "${SIPWHY_CHROOT_CACHE:-}" ]; then
    mkdir -p "$SIPWHY_CHROOT_CACHE/$suite/partial"
    options+=(--cache-dir="$(realpath "$SIPWHY_CHROOT_CACHE/$suite")")
  fi
  mkdir -p "$directory"
  unshare --mount --pid --fork --mount-proc --kill-child -- env -u TMPDIR DEBIAN_FRONTEND=noninteractive \
    LC_ALL=C.UTF-8 debootstrap --variant=minbase "${options[@]}" "$suite" "$directory" "$mirror" \
    > "$directory.log" 2>&1 || { tail -n 20 "$directory.log" >&2; return 1; }
  echo "$suite" > "$directory/etc/sipwhy-suite"
  echo force-unsafe-io > "$directory/etc/dpkg/dpkg.cfg.d/sipwhy" # it need not outlive a power cut
  echo "$CHROOT_APT_OPTIONS" > "$directory/etc/apt/apt.conf.d/90sipwhy"
  apt-config dump 2> /dev/null | grep -E '^Acquire::(http|https)::Proxy "' >> "$directory/etc/apt/apt.conf.d/90sipwhy" || :
  cp -L /etc/resolv.conf /etc/hosts "$directory/etc/" 2> /dev/null || :
  printf '#!/bin/sh\nexit 101\n' > "$directory/usr/sbin/policy-rc.d" # nothing is started in there
  chmod 755 "$directory/usr/sbin/policy-rc.d"
  chroot_run "$directory" useradd --create-home --shell /bin/bash tester
  chroot_run "$directory" apt-get update -q > "$directory.log" 2>&1 || { tail "$directory.log" >&2; return 1; }
  [ $# -eq 0 ] || chroot_run "$directory" apt-get install -y -q "$@" > "$directory.log" 2>&1 ||
    { tail "$directory.log" >&2; return 1; }
}

chroot_run() {
  local directory=$1 binds=("${CHROOT_BINDS[@]}") archives=
  shift
  if [ -n "${SIPWHY_CHROOT_CACHE:-}" ]; then
    archives=$(realpath "$SIPWHY_CHROOT_CACHE/$(cat "$directory/etc/sipwhy-suite")")
    binds+=("$archives:/var/cache/apt/archives")
  fi
  # shellcheck disable=SC2016  # the inner shell expands
  unshare --mount -- bash -c '
    directory=$1; shift
    for ((; $# > 0; )); do
      IFS=: read -r from to how <<< "$1"
      shift
      [ -n "$from" ] || break
      mkdir -p "$directory$to" && mount --rbind "$from" "$directory$to" || exit
      [ -z "$how" ] || mount -o "remount,bind,$how" "$directory$to" || exit
    done
    exec unshare --pid --fork --kill-child --mount-proc --root="$directory" --wd=/ -- "$@"' \
    chroot "$directory" "${binds[@]}" : \
    env -i PATH="$CHROOT_PATH" HOME=/root LC_ALL=C.UTF-8 TZ=UTC DEBIAN_FRONTEND=noninteractive "$@"
}

chroot_run_user() {
  local directory=$1
  shift
  # shellcheck disable=SC2016
  chroot_run "$directory" setpriv --reuid=tester --regid=tester --init-groups \
    env HOME=/home/tester USER=tester bash -c 'cd && exec "$@"' user "$@"
}

# What git knows and what it does not ignore, as it is now: a change need not be committed to be tried.
chroot_copy() {
  local tree
  tree=$(dirname "${BASH_SOURCE[0]}")/..
  mkdir -p "$1/$2"
  # (It may be a user's checkout, which git as root would not look into.)
  (cd "$tree" && git -c safe.directory='*' ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' file; do [ ! -f "$file" ] || printf '%s\0' "$file"; done |
    tar -c --null --files-from=- --owner=root --group=root) | tar -x -C "$1/$2"
}

chroot_delete() {
  # Nothing is mounted that this shell can see; if something is, it is somebody's, and stays.
  if grep -qF " $(realpath -m "$1")/" /proc/self/mounts; then
    echo "$1: something is mounted below it; not deleted" >&2
    return 1
  fi
  rm -rf --one-file-system "$1" "$1.log"
}
