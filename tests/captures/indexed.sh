#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# indexed.sh FOLDER: the index in FOLDER/README.md has each capture of FOLDER once, and no other.
set -u
export LC_ALL=C.UTF-8
captures=$(cd "$1" && printf '%s\n' *.pcap | sed 's/\.pcap$//' | sort)
index=$(sed -n '/^## Index/,/^## Recorded/s/^| `\([^`]*\)` |.*/\1/p' "$1/README.md" | sort)
if ! diff <(cat <<<"$captures") <(cat <<<"$index"); then
  echo "FAILED: < is not in the index of $1/README.md, > is there once too often"
  exit 1
fi
wc -l <<<"$index"
