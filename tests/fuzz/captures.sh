#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# captures.sh CAPTURE-TO-TRACE REPLAY FOLDER: the captures of a folder as inputs of the fuzz target.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" "$folder" "$3"/*.pcap
"$2" --cuts=8 "$folder"/*.pcap
