#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# hardening.sh --skip | COMMAND [PLUGIN]: what is installed is built so that a fault in it is hard to make use
# of. Exits 77 where the build is one with sanitizers, or without optimization.
set -u
export LC_ALL=C
failed=0
fail() { echo "FAILED $*"; failed=$((failed + 1)); }
has() { grep -qE -e "$2" <<< "$facts" || fail "$file: $1"; }
lacks() { ! grep -qE -e "$2" <<< "$facts" || fail "$file: $1"; }

for file; do
  [ "$file" != --skip ] || { echo "skipped: a build with sanitizers, or without optimization"; exit 77; }
  facts=$(readelf --wide --headers --segments --dynamic --notes --symbols "$file") || exit 1
  has "can be loaded at one address only" 'Type: +DYN'
  has "no read-only relocations" 'GNU_RELRO'
  has "not all symbols are bound at the start" 'FLAGS_1.*NOW'
  has "its stack can be run" 'GNU_STACK +(0x[0-9a-f]+ +){5}RW '
  has "no canaries on the stack" '__stack_chk_fail'
  has "no checked functions of the C library" '__[a-z]+_chk(@|$)'
  lacks "relocates code" 'TEXTREL'
  lacks "looks for libraries in a folder of its own" 'R(UN)?PATH'
  # (The mark of the whole file is missing: start-up code of Debian 12 is without them.)
  case $(uname -m) in x86_64 | i?86) facts+=$(objdump --disassemble --no-show-raw-insn "$file") ;; esac
  case $(uname -m) in x86_64 | i?86) has "no marks where calls may end" endbr ;; esac
  case $file in *.so) ;; *) has "no position-independent program" 'FLAGS_1.*PIE' ;; esac
done
[ $failed -eq 0 ] || exit 1
echo "hardened: $*"
