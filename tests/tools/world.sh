# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by the tests beside it, with their arguments PLUGIN PLUGIN_FOLDER SOURCE: a sandbox with
# the captures, the files that the README shows, and all captures in one (all.pcap), but the
# hostile one: in sharkd no taps run over a file, and a length that never comes ends no message then.
source "$3/tests/sandbox.sh"
source "$3/tests/readme/files.sh"
sandbox_create "$1" "$2"
sandbox_add "$3/captures" captures
readme_files "$3/README.md" "$SANDBOX/run"
sandbox_require_plugin
sandbox_run bash -c 'rm captures/hostile.pcap; mergecap -F pcap -w all.pcap captures/*.pcap' || exit 1

failed=0 count=0
# same WHAT: whether the files one and other in the sandbox are the same, and have something in them.
same() {
  count=$((count + 1))
  if [ -s "$SANDBOX/run/one" ] && diff "$SANDBOX/run/one" "$SANDBOX/run/other" > "$SANDBOX/diff"; then return; fi
  echo "FAILED $1"; head -5 "$SANDBOX/diff"; failed=$((failed + 1))
}

finish() {
  echo "$count comparisons, $failed failed"
  [ "$count" -gt 0 ] && [ "$failed" -eq 0 ]
}
