#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# test-reproducible.sh TOOL CAPTURES: each scenario gives the committed capture, byte for byte.
set -eu

tool=$1 captures=$2
here=$(dirname "$0")
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

TZ=Asia/Tokyo LC_ALL=C "$here/remake.sh" "$tool" "$captures" "$out"

failed=0
for made in "$out"/*.pcap; do
    name=$(basename "$made")
    if ! cmp "$made" "$captures/$name"; then
        echo "$name: not what its scenario gives; run the build target \"captures\"" >&2
        failed=1
    fi
done
exit $failed
