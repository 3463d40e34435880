# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by the sections of the benchmark, in the sandbox: runs two commands in turns and prints
# rows of a table. The machine is never quiet: only what ran one after the other is compared, and
# the ratio shown is the median of all turns, with the least and the greatest of them.

ROUNDS=${ROUNDS:-5}
GNU_TIME=$(command -v /usr/bin/time)
mkdir -p without turns

# with COMMAND..., without COMMAND...: words of a command in whose HOME the plugin is, or is not.
with=(env "HOME=$HOME")
without=(env "HOME=$PWD/without")

turns_head() {
  echo
  echo "| what runs | beside | user CPU | wall time | peak memory | itself |"
  echo "| --- | --- | --- | --- | --- | --- |"
}

# run_once NAME COMMAND...: appends "user wall kilobytes" to turns/NAME.
run_once() {
  local name=$1
  shift
  if ! "$GNU_TIME" -o figures -f '%U %e %M' "$@" > /dev/null 2> errors; then
    echo "failed: $*" >&2
    cat errors >&2
    exit 1
  fi
  tail -n 1 figures >> "turns/$name"
}

# turns WHAT BESIDE COMMAND... -- COMMAND...: the row of the first command beside the second.
turns() {
  local what=$1 beside=$2 one=() round
  shift 2
  while [ "$1" != -- ]; do one+=("$1"); shift; done
  shift
  rm -f turns/one turns/other
  for round in $(seq "$ROUNDS"); do
    if [ $((round % 2)) -eq 1 ]; then
      run_once one "${one[@]}"
      run_once other "$@"
    else
      run_once other "$@"
      run_once one "${one[@]}"
    fi
  done
  paste -d ' ' turns/one turns/other | awk -v what="$what" -v beside="$beside" -f bench/row.awk
}
