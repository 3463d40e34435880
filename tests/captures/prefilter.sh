#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prefilter.sh PLUGIN PLUGIN_FOLDER SIPWHY LEAVE_OUT ADD_MEDIA FOLDER: each capture below FOLDER, as
# it is and with RTP mixed in, says the same with its media left out: the plugin's lines are equal
# byte for byte, and no packet is gone in which tshark shows SIP. So do diagnose and check on some of
# them. Of the mixtures most of the RTP must have been left out. Exits 77 when FOLDER does not exist.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
plugin=$1 version=$2 sipwhy=$3 leave_out=$4 add_media=$5 captures=$6

if [ ! -d "$captures" ]; then
  echo "skipped: there is no folder $(basename "$(dirname "$captures")")/$(basename "$captures")"
  exit 77
fi
sandbox_create "$plugin" "$version"
sandbox_add "$captures" captures
for tool in "$sipwhy" "$leave_out" "$add_media"; do
  sandbox_add "$tool" "$(basename "$tool")"
done
sandbox_require_plugin

# A tshark that reads no capture as it is, but for the one that the command tries it with.
cat > "$SANDBOX/run/tshark-shorter" <<'END'
#!/bin/bash
case $* in
  *sipwhy,frames,*) ;;
  *-r\ *mixed-*sipwhy,json* | *-r\ cut*sipwhy,json*) echo "read as it is" >&2; exit 9 ;;
esac
exec tshark "$@"
END
chmod a+rx "$SANDBOX/run/tshark-shorter"

sandbox_run bash <<'EOF'
shopt -s globstar nullglob
failed=0 compared=0 shorter=0 left=0 media=0 mixed=()
fail() { echo "FAILED $1"; failed=$((failed + 1)); }
# sip CAPTURE OPTION...: its lines, and the packets that tshark shows SIP in, in one run.
sip() {
  local capture=$1; shift
  tshark -n -r "$capture" "$@" -z sipwhy,json -Y sip -T fields -e frame.number 2>&1
}
# compare FILE OPTION...: the same with what can be left out left out.
compare() {
  local file=$1 packets out; shift
  read -r packets out <<< "$(./leave-out "$file" kept.pcap kept.numbers)"
  compared=$((compared + 1))
  [ "$out" -gt 0 ] || return 0
  shorter=$((shorter + 1)) left=$((left + out))
  sip "$file" "$@" > whole.out &
  sip kept.pcap "$@" -z sipwhy,frames,kept.numbers > kept.out
  wait
  [ "$(wc -c < kept.numbers)" -eq $((4 * (packets - out))) ] || fail "$file: numbers"
  cmp -s <(grep '^{' whole.out) <(grep '^{' kept.out) || fail "$file: other lines"
  cmp -s <(grep -v '^{' whole.out) <(awk 'NR == FNR { number[NR] = $1; next } { print number[$1] }' \
    <(od -An -v -w4 -tu4 kept.numbers) <(grep -v '^{' kept.out)) || fail "$file: SIP is gone"
  grep -q '"type":"summary"' kept.out || fail "$file: no summary"
}
for file in captures/**/*; do
  case $file in
    *.scenario | *.md | *.csv | *.keys | */setup/* | */torture/*) continue ;;
  esac
  [ -f "$file" ] || continue
  options=(); [ -f "${file%.pcap}.keys" ] && options=(-o "tls.keylog_file:${file%.pcap}.keys")
  compare "$file" "${options[@]}"
  if added=$(./add-media "$file" mixed.pcap); then
    media=$((media + added))
    before=$shorter
    compare mixed.pcap "${options[@]}"
    [ "$added" -lt 40 ] || [ "$shorter" -gt "$before" ] || fail "$file with RTP: nothing left out"
    if [ ${#mixed[@]} -lt 4 ] && [ "$added" -ge 40 ]; then
      cp mixed.pcap "mixed-${#mixed[@]}.pcap"; mixed+=("mixed-${#mixed[@]}.pcap")
    fi
  fi
done
echo "$compared captures, $shorter shorter, $left packets left out; RTP mixed in: $media"
[ "$shorter" -gt 0 ] && [ "$left" -gt $((media / 2)) ] || fail "too little was left out"

# report COMMAND OPTION...: text and JSON of it, the same with and without.
report() {
  local command=$1 format whole; shift
  for format in text json; do
    ./sipwhy "$command" --lang en --format "$format" --no-prefilter "$@" > whole.out 2> whole.err
    whole=$?
    SIPWHY_PREFILTER=always ./sipwhy "$command" --lang en --format "$format" "$@" > kept.out 2> kept.err
    [ $? -eq $whole ] && cmp -s whole.err kept.err || fail "$command $format: $(head -1 kept.err)"
    cmp -s whole.out kept.out || fail "$command $format: another report: $(diff whole.out kept.out | head -5)"
  done
  : > as-it-is
  SIPWHY_PREFILTER=${FORCE-always} ./sipwhy "$command" --lang en --tshark ./tshark-shorter "$@" 2>&1 |
    grep 'read as it is' > as-it-is
}
[ ${#mixed[@]} -gt 0 ] || fail "nothing is mixed"
for command in diagnose check; do
  report "$command" "${mixed[@]}"
  [ ! -s as-it-is ] || fail "$command: nothing was left out"
  report "$command" --jobs 3 "${mixed[@]}"
  [ ! -s as-it-is ] || fail "$command, three jobs: nothing was left out"
done
report diagnose --filter 'sip.CSeq.method == "INVITE" and not ip.src == 192.0.2.99' "${mixed[@]:0:3}"
[ ! -s as-it-is ] || fail "a filter: nothing was left out"
for option in "--filter=frame.number > 3" --option=rtp.heuristic_rtp:TRUE "-dudp.port==7000,sip" \
    -otcp.desegment_tcp_streams:TRUE; do
  report diagnose "$option" "${mixed[0]}"
  [ -s as-it-is ] || fail "$option: it did not step aside"
done
# What a file that is cut off comes to is tshark's to say.
head -c $(($(stat -c %s "${mixed[0]}") - 5)) "${mixed[0]}" > cut.pcap
report diagnose cut.pcap
[ -s as-it-is ] || fail "a file that is cut off: it did not step aside"
# Without forcing, small files are read as they are.
FORCE= report diagnose "${mixed[0]}"
[ -s as-it-is ] || fail "a small file: it did not step aside"
# No temporary file is left; without room for them all goes on.
mkdir tmp
TMPDIR=$PWD/tmp report diagnose "${mixed[@]:0:3}"
[ -z "$(ls tmp)" ] || fail "temporary files are left: $(ls tmp)"
for bad in "sipwhy,frames" "sipwhy,frames," "sipwhy,frames,no-such-file" "sipwhy,frames,mixed-0.pcap"; do
  tshark -r mixed-0.pcap -q -z "$bad" > out 2> err && fail "-z $bad is taken"
  grep -q '^sipwhy: -z sipwhy,frames' err || fail "-z $bad: $(cat err)"
done
echo "$failed failed"
[ "$failed" -eq 0 ]
EOF
