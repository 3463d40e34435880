#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# seeds.sh CAPTURE-TO-TRACE FOLDER: inputs for the fuzzers, FOLDER/TARGET/*, out of captures/ and, if
# they stand beside the checkout, of borrowed captures and the torture messages of RFC 4475 and 5118.
set -eu
IFS=$'\n'
source=$(cd "$(dirname "$0")/../.." && pwd)
converter=$(realpath "$1")
rm -rf "$2"
mkdir -p "$2"
cd "$2"
mkdir message trace sdp passport lists digest local prefilter
mapfile -t captures < <(find "$source/captures" "$source/../shared/captures" -name '*.pcap*' \
  -size -200k 2> /dev/null | sort)
# Some are no Ethernet, or no captures at all: those give nothing.
for capture in "${captures[@]}"; do "$converter" trace "$capture" 2> /dev/null || true; done

find "$source/../shared/captures/torture" -type f -exec cp -t message {} + 2> /dev/null || true

# The packets of each trace one by one; the same one is written once.
for trace in trace/*; do
  LC_ALL=C awk -v RS='\036' 'NR > 1 && sub(/^[^\n]*\n/, "") && /SIP\/2.0/ && !seen[$0]++ {
      name = "message/" substr(FILENAME, 7) "." NR; printf "%s", $0 > name; close(name)
    }' "$trace"
done

# values HEADERS MESSAGE: the values of these header fields.
values() { LC_ALL=C sed -nE "s/^($1) *: *//Ip" "$2" | tr -d '\000'; }
with() { LC_ALL=C grep -laiE "^($1) *:" message/* || true; }
for message in $(with Content-Type); do
  LC_ALL=C sed -nE '/^\r?$/,${/^[a-z]=/p}' "$message" > "sdp/${message##*/}"
done
for message in $(with 'Identity|y'); do
  values 'Identity|y' "$message" > "passport/${message##*/}"
done
# What stands in two parts of an input is told with a fixed other one.
for message in $(with '(WWW|Proxy)-Authenticate'); do
  values '(WWW|Proxy)-Authenticate' "$message" > "digest/${message##*/}"
done
for message in $(with '(Proxy-)?Authorization'); do
  { printf 'Digest realm="x",nonce="y"\036'; values '(Proxy-)?Authorization' "$message"; } \
    > "digest/${message##*/}"
done
for message in $(with Reason); do
  values Reason "$message" > "lists/${message##*/}"
done
for message in $(with Warning); do
  { printf 'SIP;cause=600\036'; values Warning "$message"; } > "lists/${message##*/}"
done
for capture in "${captures[@]}"; do
  [ "$(wc -c < "$capture")" -gt 20000 ] || cp "$capture" prefilter/
done
find . -type f -size 0 -delete
cp -t local "$source"/data/local/*.ini 2> /dev/null || true
for target in *; do echo "$target: $(find "$target" -type f | wc -l) seeds"; done
