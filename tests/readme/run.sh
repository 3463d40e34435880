#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh SOURCE SIPWHY PLUGIN PLUGIN_FOLDER [--update]: the README keeps its word. Each block below a
# "file:" comment is that file. Each line "$ ..." of a console block must run, say something and
# complain of nothing; each filter of a table must be one that tshark knows; each block below an
# "output:" comment must be what that command prints (--update rewrites those blocks).
set -u
source_folder=$1 sipwhy=$2 plugin=$3 folder=$4 update=${5:-}
readme=$source_folder/README.md
source "$source_folder/tests/sandbox.sh"
source "$source_folder/tests/readme/files.sh"
sandbox_create "$plugin" "$folder"
sandbox_add "$source_folder/captures" captures
sandbox_run mkdir data
sandbox_add "$source_folder/data/local" data/local
readme_files "$readme" "$SANDBOX/run"
install -D -m 755 "$sipwhy" "$SANDBOX/run/bin/sipwhy"
chmod -R a+rX "$SANDBOX/run/bin"
sandbox_require_plugin

failed=0 count=0
while IFS= read -r command; do
  count=$((count + 1))
  sandbox_run bash -o pipefail -c "PATH=$SANDBOX/run/bin:\$PATH; $command" \
    > "$SANDBOX/out" 2> "$SANDBOX/err" < /dev/null
  status=$?
  if [ $status -ne 0 ] || [ -s "$SANDBOX/err" ] || [ ! -s "$SANDBOX/out" ]; then
    echo "FAILED ($status): $command"; head -3 "$SANDBOX/err"; failed=$((failed + 1))
  fi
done < <(sed -n '/^```console$/,/^```$/s/^\$ //p' "$readme")

while IFS= read -r filter; do
  count=$((count + 1))
  if ! sandbox_run tshark -r captures/call-busy.pcap -Y "$filter" > /dev/null 2> "$SANDBOX/err" ||
      [ -s "$SANDBOX/err" ]; then
    echo "FAILED filter: $filter"; head -3 "$SANDBOX/err"; failed=$((failed + 1))
  fi
done < <(sed -n '/^| filter | finds |$/,/^$/s/^| `\([^`]*\)` |.*/\1/p' "$readme")

while IFS= read -r command; do
  count=$((count + 1))
  # As on a terminal of 96 columns.
  sandbox_run TERM=dumb "PATH=$SANDBOX/run/bin:$PATH" script -qec "stty cols 96; $command" /dev/null \
    < /dev/null | tr -d '\r' > "$SANDBOX/out"
  if [ -n "$update" ]; then
    awk -v mark="<!-- output: $command -->" -v file="$SANDBOX/out" '
      skip && /^```$/ {skip = 0}
      !skip {print}
      $0 == mark {found = 1; next}
      found && /^```text$/ {while ((getline line < file) > 0) print line; skip = 1; found = 0}
    ' "$readme" > "$SANDBOX/readme" && cat "$SANDBOX/readme" > "$readme"
  elif ! diff -u <(awk -v mark="<!-- output: $command -->" '
      $0 == mark {found = 1; next}
      found && /^```text$/ {on = 1; next}
      on && /^```$/ {exit}
      on {print}' "$readme") "$SANDBOX/out"; then
    echo "FAILED: the README shows another output of: $command"; failed=$((failed + 1))
  fi
done < <(sed -n 's/^<!-- output: \(.*\) -->$/\1/p' "$readme")
echo "$count examples, $failed failed"
[ "$count" -gt 0 ] && [ "$failed" -eq 0 ]
