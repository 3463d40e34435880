#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh KIND PLUGIN PLUGIN_FOLDER FOLDER [all]: the captures below FOLDER through an ordinary tshark
# with a plugin that AddressSanitizer and UndefinedBehaviorSanitizer watch. Wireshark's own memory is
# taken piece by piece here, so that they see its bounds, too. KIND is
#   whole    each capture in two passes with all details and all our taps; all of them in one file
#            once more, and what leaks then
#   damaged  all in one file, with bytes changed at several rates (the same ones in every run)
#   cut      all in one file, cut to each length from 14 to 200 bytes a packet
# With `all` the damaged and cut ones go through tshark one by one: that takes hours.
# Exits 77 when FOLDER does not exist.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
kind=$1 captures=$4

if [ ! -d "$captures" ]; then
  echo "skipped: there is no folder $(basename "$(dirname "$captures")")/$(basename "$captures")"
  exit 77
fi
nm -D "$2" | grep -q __asan_init || { echo "the plugin has no sanitizer in it"; exit 1; }
runtimes=
for name in libasan.so libubsan.so; do
  library=$(realpath "$(gcc -print-file-name=$name)")
  [ -f "$library" ] || { echo "skipped: gcc has no $name"; exit 77; }
  runtimes+=${runtimes:+:}$library
done
sandbox_create "$2" "$3"
sandbox_add "$captures" captures
cp "$here/leaks.supp" "$SANDBOX/run/"
# watched COMMAND...: what the sanitizers have to say becomes a file, whatever the command prints.
cat > "$SANDBOX/run/watched" <<EOF
#!/bin/sh
export ASAN_OPTIONS="log_path=$SANDBOX/run/report:\$OPTIONS" LSAN_OPTIONS=suppressions=leaks.supp
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:log_path=$SANDBOX/run/report
export WIRESHARK_DEBUG_WMEM_OVERRIDE=simple LD_PRELOAD=$runtimes
exec "\$@"
EOF
chmod a+rx "$SANDBOX/run/watched"
chmod a+rwx "$SANDBOX/run"
# (tshark -G plugins would start other programs, which hang with those libraries in them.)
cp "$here/../../captures/call-busy.pcap" "$SANDBOX/run/known" && chmod a+r "$SANDBOX/run/known"
if ! sandbox_run env OPTIONS=detect_leaks=0 ./watched tshark -r known -T fields -e sipwhy.code |
  grep -x 486 > /dev/null; then
  echo "the plugin is not loaded"
  exit 1
fi

sandbox_run bash -s "$kind" "${5:-}" <<'EOS'
shopt -s globstar nullglob
kind=$1 all=$2 failed=0 runs=0 shown=0
taps=(-z sipwhy,tree -z sipwhy,report -z sipwhy,json)
export OPTIONS=detect_leaks=0

# run NAME OPTION...: tshark, watched; NAME is what a failure is called by.
run() {
  local name=$1 status=0
  shift
  runs=$((runs + 1))
  timeout 600 ./watched tshark "$@" "${taps[@]}" > out 2> err || status=$?
  reports=(report.*)
  # tshark ends with 2 where a damaged capture cannot be read to its end, and says so.
  if [ ${#reports[@]} -gt 0 ] || { [ $status -ne 0 ] && [ $status -ne 2 ]; }; then
    echo "FAILED $name: tshark ${*} ends with $status"
    cat "${reports[@]}" /dev/null | head -60
    failed=$((failed + 1))
    rm -f report.*
  fi
  if grep -q '^ *SIP Why' out; then shown=$((shown + 1)); fi
}

# damage RATE SEED FROM TO. Every other time the lower layers stay whole.
damage() {
  editcap -E "$1" -o $(($2 % 2 * 54)) --seed "$2" "$3" "$4" > /dev/null 2> err ||
    { echo "FAILED editcap: $(cat err)"; failed=$((failed + 1)); }
}

files=()
for file in captures/**/*; do
  # (Wireshark reads almost any file as packets of something.)
  case $file in *.pcap | *.pcapng | *.cap | *.ntar | *.pcap.gz) ;; *) continue ;; esac
  capinfos -c "$file" > /dev/null 2>&1 && files+=("$file")
done
mergecap -a -w together "${files[@]}" || failed=1
whole=("${files[@]}")
[ -n "$all" ] || files=(together)

case $kind in
  whole)
    for file in "${whole[@]}"; do
      keys=${file%.pcap}.keys
      options=(); [ -f "$keys" ] && options=(-o "tls.keylog_file:$keys")
      run "$file" -2 -V "${options[@]}" -r "$file"
    done
    export OPTIONS=detect_leaks=1:fast_unwind_on_malloc=0
    run leaks -V -r together
    run leaks -2 -r together ;;
  damaged)
    for file in "${files[@]}"; do
      for rate in 0.001 0.01 0.03 0.1; do
        for seed in 1 2 3 4; do
          damage $rate $seed "$file" damaged
          if [ $((seed / 2 % 2)) -eq 0 ]; then run "$file, $rate, seed $seed" -V -r damaged
          else run "$file, $rate, seed $seed" -2 -V -r damaged; fi
        done
      done
    done ;;
  cut)
    for file in "${files[@]}"; do
      for length in $(seq 14 200); do
        editcap -s "$length" "$file" cut > /dev/null 2> err || failed=$((failed + 1))
        run "$file, $length bytes" -V -r cut
      done
    done ;;
esac
echo "$kind: ${#whole[@]} captures, $runs runs, $shown of them show responses, $failed failed"
[ "${#whole[@]}" -gt 0 ] && [ "$shown" -gt 0 ] && [ "$failed" -eq 0 ]
EOS
