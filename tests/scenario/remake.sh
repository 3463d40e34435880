#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# remake.sh TOOL SCENARIOS OUT: turns every SCENARIOS/NAME.scenario into OUT/NAME.pcap.
set -eu

tool=$1 scenarios=$2 out=$3
for scenario in "$scenarios"/*.scenario; do
    name=$(basename "$scenario" .scenario)
    "$tool" "$scenario" "$out/$name.pcap"
done
