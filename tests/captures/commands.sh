#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# commands.sh PLUGIN PLUGIN_FOLDER SIPWHY MANUAL: diagnose and check through a real tshark, and
# through one that lies, crashes or is of another age: each kind of bad input has its exit code, one
# line on stderr, and no report that looks whole. The man page's examples run.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"

sandbox_create "$1" "$2"
sandbox_add "$here/../../captures" captures
sandbox_add "$3" sipwhy
sandbox_add "$4" sipwhy.1
sandbox_require_plugin

sandbox_run bash -s "$2" <<'EOS'
set -u
plugin_folder=$1 failed=0 count=0
export PATH="$PWD/bin:$PATH" TMPDIR="$PWD/tmp" TERM=xterm
mkdir bin tmp
mv sipwhy bin/
tshark=$(command -v tshark)
plugin=$HOME/.local/lib/wireshark/plugins/$plugin_folder/sipwhy.so

fail() { echo "FAILED $*"; failed=$((failed + 1)); }
# leaves_nothing WORD...: nothing is left behind in the folder for temporary files
leaves_nothing() { [ -z "$(ls -A tmp)" ] || { fail "$*: left in TMPDIR: $(ls -A tmp)"; rm -rf tmp/*; }; }
# run CODE COMMAND...: runs sipwhy into out and err.
run() {
  local code=$1 result; shift
  count=$((count + 1))
  timeout 60 sipwhy "$@" > out 2> err < "${input:-/dev/null}"
  result=$?
  [ $result -eq "$code" ] || fail "$*: exit code $result instead of $code: $(head -c 300 err)"
  leaves_nothing "$*"
}
# says TEXT: stderr is that one line.
says() {
  [ "$(cat err)" = "sipwhy: $1" ] || fail "$last: says \"$(head -c 400 err)\" instead of \"sipwhy: $1\""
}
# fine COMMAND...: exit code 0, a report and nothing else.
fine() {
  run 0 "$@"
  [ -s out ] || fail "$*: shows nothing"
  [ ! -s err ] || fail "$*: complains: $(head -1 err)"
}
# refuses CODE TEXT WORD...: with either command there is that one line, and with diagnose no report.
refuses() {
  local code=$1 text=$2 command; shift 2
  for command in diagnose check; do
    last="$command $*"
    run "$code" "$command" "$@"
    says "${text//COMMAND/$command}"
    [ "$command" = check ] || [ ! -s out ] || fail "$last: shows something"
  done
}
# has TEXT...: the report holds each.
has() { local text; for text; do grep -qF -e "$text" out || fail "$last: lacks $text"; done; }
lacks() { local text; for text; do ! grep -qF -e "$text" out || fail "$last: has $text"; done; }

# ---- input that cannot be read ----
head -c 1500 captures/call-no-codec.pcap > cut.pcap
head -c 40 captures/call-no-codec.pcap > cut-first.pcap
head -c 10 captures/call-no-codec.pcap > cut-head.pcap
gzip -c captures/call-no-codec.pcap > packed.pcap.gz
head -c 500 packed.pcap.gz > cut.pcap.gz
: > empty.pcap
head -c 24 captures/call-no-codec.pcap > no-packets.pcap
printf '\000\001no capture\377\376' > junk.pcap
cp captures/call-no-codec.pcap damaged.pcap
printf '\377\377\377\177\377\377\377\177' | dd of=damaged.pcap bs=1 seek=32 conv=notrunc 2> /dev/null
cp captures/call-busy.pcap secret.pcap; chmod 0 secret.pcap
mkfifo fifo
mkdir -p none/below; echo text > none/below/notes.txt
no_sip="no SIP in it; if it uses an unusual port, say so: -d udp.port==5080,sip"
early="cut short: it ends in the middle of a packet"

refuses 3 "nowhere.pcap: cannot be read: No such file or directory" nowhere.pcap
refuses 3 "secret.pcap: cannot be read: Permission denied" secret.pcap
refuses 3 "fifo: is no file; a pipe or device can be given on standard input, as -" fifo
refuses 3 "/dev/null: is no file; a pipe or device can be given on standard input, as -" /dev/null
refuses 3 "empty.pcap: is empty" empty.pcap
refuses 3 "standard input: is empty" -
refuses 3 "no-packets.pcap: no packets in it" no-packets.pcap
refuses 3 "junk.pcap: is no capture in a format that Wireshark reads" junk.pcap
refuses 3 "damaged.pcap: damaged: it cannot be read to its end" damaged.pcap
refuses 3 "cut-first.pcap: $early" cut-first.pcap
refuses 3 "cut-head.pcap: $early" cut-head.pcap
refuses 3 "none: no captures in this folder" none
refuses 3 "captures/not-sip.pcap: $no_sip" captures/not-sip.pcap
refuses 3 "captures/recorded/tls.pcap: no SIP in it that can be read, but TLS: if SIP is encrypted in it, give the keys with --keys FILE" captures/recorded/tls.pcap
echo > wrong.keys
refuses 3 "captures/recorded/tls.pcap: no SIP in it that can be read, but TLS, which the keys given do not open" --keys wrong.keys captures/recorded/tls.pcap
refuses 3 'captures/call-busy.pcap: no SIP message in it passes the filter "sip.Method == "NOTIFY""' -Y 'sip.Method == "NOTIFY"' captures/call-busy.pcap
refuses 3 "nowhere.keys cannot be read: No such file or directory" --keys nowhere.keys captures/call-busy.pcap

# What could be read of a file that ends too early is reported, with that line.
for file in cut.pcap cut.pcap.gz; do
  for command in diagnose check; do
    last="$command $file"
    run 3 $command $file
    says "$file: $early"
    has "$early"
  done
done
last="diagnose cut.pcap, the same from standard input"
input=cut.pcap run 3 diagnose -
says "standard input: $early"
has "No codec in common"
# A bad file hides neither those before nor those behind it, and wins over a check that fails.
for command in diagnose check; do
  last="$command of four, two of them bad"
  run 3 $command captures/call-no-codec.pcap junk.pcap empty.pcap captures/register-wrong-password.pcap
  [ "$(cat err)" = "sipwhy: junk.pcap: is no capture in a format that Wireshark reads
sipwhy: empty.pcap: is empty" ] || fail "$last: says $(cat err)"
  has junk.pcap empty.pcap call-no-codec.pcap register-wrong-password.pcap
done

# ---- what fails, and what does not ----
fine diagnose captures/call-no-codec.pcap
fine diagnose packed.pcap.gz
fine check captures/call-answered.pcap
last=check; run 1 check captures/call-answered.pcap captures/call-no-codec.pcap
[ ! -s err ] || fail "check: complains $(cat err)"
printf '[policy]\nno-sip=fail\n' > fail.ini
printf '[policy]\nno-sip=ignore\n' > ignore.ini
run 1 check --policy fail.ini captures/not-sip.pcap
fine check --policy ignore.ini captures/not-sip.pcap captures/call-answered.pcap
last="check without SIP at all"
run 3 check --policy ignore.ini captures/not-sip.pcap
says "captures/not-sip.pcap: $no_sip"
run 3 check --policy ignore.ini captures/not-sip.pcap captures/recorded/tls.pcap
run 3 check --policy fail.ini captures/not-sip.pcap empty.pcap

last="check of requests alone"
run 3 check captures/capture-one-way-requests.pcap
says "captures/capture-one-way-requests.pcap: requests only, no SIP response: nothing shows how they were answered; capture both directions"
fine check --policy ignore.ini captures/capture-one-way-requests.pcap captures/call-answered.pcap
run 3 check --policy ignore.ini captures/capture-one-way-requests.pcap
run 1 check --policy fail.ini captures/capture-one-way-requests.pcap
run 1 check captures/timers-server-silent.pcap
[ ! -s err ] || fail "requests that nobody answers: complains $(cat err)"

# ---- a baseline: what is known does not fail; one of half of the captures is not written ----
run 0 check --write-baseline known.json captures/call-no-codec.pcap
run 0 check --baseline known.json captures/call-no-codec.pcap
run 1 check --baseline known.json captures/call-no-codec.pcap captures/register-wrong-password.pcap
run 3 check --write-baseline half.json captures/call-no-codec.pcap junk.pcap
[ ! -e half.json ] || fail "a baseline of half of the captures is written"

# ---- folders, several files, standard input, jobs ----
mkdir -p tree/b tree/.hidden
cp captures/call-busy.pcap tree/c.pcap
cp captures/call-no-codec.pcap tree/b/by-content
gzip -c captures/call-cancelled.pcap > tree/b/packed
cp captures/call-declined.pcap tree/.hidden/d.pcap
cp captures/call-declined.pcap tree/.e.pcap
echo notes > tree/README.md; echo notes | gzip -c > tree/log.gz
ln -s .. tree/loop; mkfifo tree/pipe; ln -s ../captures/call-answered.pcap tree/z
names() { jq -r '.. | objects | select(has("file")) | .file' out | awk '!seen[$0]++' | paste -sd ' '; }
last="diagnose tree"
fine diagnose --format json tree
[ "$(names)" = "tree/b/by-content tree/b/packed tree/c.pcap tree/z" ] || fail "tree: has $(names)"
last="diagnose -"
input=packed.pcap.gz fine diagnose -
has "No codec in common"
input=captures/call-busy.pcap fine diagnose --format json tree/z - tree/b
[ "$(names)" = "tree/z - tree/b/by-content tree/b/packed" ] || fail "order: $(names)"
mkdir some; cp captures/call-c*.pcap captures/not-sip.pcap captures/recorded/*.pcap* some; cp junk.pcap some/d.pcap
for format in text json; do
  run 3 diagnose --format $format some; mv out one; mv err one.err
  run 3 diagnose --format $format some -j 4
  cmp -s out one && cmp -s err one.err || fail "diagnose --format $format: four jobs differ from one"
done
for format in text junit; do
  run 3 check --format $format some; mv out one; mv err one.err
  run 3 check --format $format some --jobs=64
  cmp -s out one && cmp -s err one.err || fail "check --format $format: many jobs differ from one"
done

# ---- what is passed on ----
last=keys
fine diagnose --keys captures/recorded/tls.keys captures/recorded/tls.pcap
fine diagnose -o tls.keylog_file:captures/recorded/tls.keys captures/recorded/tls.pcap
fine diagnose --option tls.keylog_file:captures/recorded/tls.keys captures/recorded/tls.pcap
fine diagnose -Y 'sip.Method == "INVITE" || sip.CSeq.method == "INVITE"' captures/call-no-codec.pcap
last=language
run 0 diagnose --lang fr captures/call-no-codec.pcap
has "Les deux côtés"
cp out french
env LC_ALL= LC_MESSAGES=fr_FR.UTF-8 sipwhy diagnose captures/call-no-codec.pcap | cmp -s - french ||
  fail "French by the locale differs"
run 0 diagnose captures/call-no-codec.pcap
cp out english
env LC_ALL=fr_FR.UTF-8 sipwhy diagnose --lang en captures/call-no-codec.pcap | cmp -s - english ||
  fail "English by the option differs"
refuses 2 'the filter "sip.foo ==" is wrong: Unexpected end of filter expression.' -Y 'sip.foo ==' captures/call-busy.pcap
refuses 2 'tshark refuses what is passed on to it: -o flag "foo.bar:1" specifies unknown preference' -o foo.bar:1 captures/call-busy.pcap
run 2 diagnose -d foo captures/call-busy.pcap
[ "$(wc -l < err)" -eq 1 ] || fail "diagnose -d foo: more than a line"

# ---- local knowledge ----
mkdir -p packs 'odd: \packs'
cat > packs/desk.ini <<'EOF'
[desk]
code=486
title=The desk is busy
description=So says the PBX.
fix=operator: Add a line.
severity=error
url=https://wiki.example.com/desk
EOF
printf '[lab]\ncode=4xx;6xx\nseverity=chat\ntitle=Of the lab\n' > 'odd: \packs/lab.ini'
printf '[desk]\ncode=486\ntitel=Busy\n' > faulty.ini
printf '[one]\ncode=486\ntitel=Busy\n[two]\ntitle=x\n' > faults.ini
printf '[all]\ncode=any\ntitle=All of it\n' > all.ini
last="diagnose --local"
run 0 diagnose --local packs/desk.ini captures/call-busy.pcap
has "486 Busy Here in frame 8 - The desk is busy" "The desk is busy (desk.ini; frame 6)" \
  "Proxy or SBC operator: Add a line." "https://wiki.example.com/desk" "1 Error"
(cd packs && timeout 60 sipwhy diagnose --local desk.ini ../captures/call-busy.pcap) | cmp -s - <(sed 's|captures|../captures|' out) ||
  fail "diagnose --local: another folder makes a difference"
run 0 diagnose --local packs --format json captures/call-busy.pcap
jq -e '.cases[0] | .local[0].id == "desk" and .severity == "error" and (.fix | test("Add a line"))' out > r.parsed ||
  fail "diagnose --local --format json"
run 0 diagnose --local packs --format html captures/call-busy.pcap
has 'href="https://wiki.example.com/desk"'
run 0 diagnose --local packs --format csv captures/call-busy.pcap
has ",desk,https://wiki.example.com/desk"
run 0 diagnose --local all.ini captures/call-answered.pcap
has "200 OK in frame" "All of it"
last="check --local"
run 0 check captures/call-busy.pcap
run 1 check --local packs captures/call-busy.pcap
has "486 Busy Here - The desk is busy" "Proxy or SBC operator: Add a line." "Runbook: https://wiki.example.com/desk"
run 0 check --local packs --local 'odd: \packs' captures/call-busy.pcap
run 1 check --local 'odd: \packs' --local packs/desk.ini captures/call-busy.pcap
run 1 check captures/call-not-found.pcap
run 0 check --local 'odd: \packs' captures/call-not-found.pcap
cp packs/desk.ini "$WIRESHARK_CONFIG_DIR/sipwhy.ini"
run 1 check captures/call-busy.pcap
run 0 check --local 'odd: \packs' captures/call-busy.pcap
rm "$WIRESHARK_CONFIG_DIR/sipwhy.ini"
refuses 3 "nowhere.ini: cannot be read: No such file or directory" --local nowhere.ini captures/call-busy.pcap nowhere.pcap
refuses 3 "nowhere.ini: cannot be read: No such file or directory (and 2 more: sipwhy local check packs nowhere.ini faulty.ini)" --local packs --local nowhere.ini --local faulty.ini captures/call-busy.pcap
known="an entry has code, phrase, server, warning, reason, title, description, cause, fix, severity, category, url, replace"
refuses 2 "faulty.ini:3: [desk] titel: there is no such key; $known; did you mean \"title\"?" --local faulty.ini captures/call-busy.pcap
refuses 2 "faults.ini:3: [one] titel: there is no such key; $known; did you mean \"title\"? (and 1 more: sipwhy local check packs faults.ini)" --local packs --local faults.ini nowhere.pcap
refuses 2 "packs/desk.ini is a capture or is read in this run: nothing can be written there" --local packs/desk.ini -o packs/desk.ini captures/call-busy.pcap

# ---- reports in files ----
last="reports"
run 0 diagnose -o r.html -o r.csv -o json:r captures/call-no-codec.pcap
[ ! -s out ] || fail "diagnose -o: shows something"
[ -s r.html ] && [ -s r.csv ] && jq -e . r > r.parsed || fail "diagnose -o: reports are missing"
run 0 diagnose -o r.html --format json captures/call-no-codec.pcap
jq -e . out > r.parsed || fail "diagnose -o --format: the format is not shown"
run 0 diagnose --format html -o report captures/call-no-codec.pcap
[ ! -s out ] && cmp -s report r.html || fail "diagnose --format html -o: not in the file"
run 0 diagnose -o r.html -o - captures/call-no-codec.pcap
has "No codec in common"
run 0 diagnose -o json:- captures/call-no-codec.pcap
jq -e . out > r.parsed || fail "diagnose -o json:-: no JSON"
run 1 check --format junit -o junit:r.xml -o sarif:r.sarif captures/call-no-codec.pcap
has "no codec in common"
[ -s r.xml ] && jq -e .runs r.sarif > r.parsed || fail "check -o: reports are missing"
run 1 check --format github -o r.xml captures/call-no-codec.pcap
has "::"
echo before > linked; ln -s linked link; chmod 640 linked
run 0 diagnose --output text:link captures/call-no-codec.pcap
[ -L link ] && [ "$(stat -c %a linked)" = 640 ] && grep -q 'No codec' linked || fail "a link is replaced"
last="-o /dev/full"
for command in diagnose; do
  run 3 $command -o /dev/full captures/call-busy.pcap
  says "/dev/full cannot be written: No space left on device"
done
# What is read is not written over, and no report takes the place of another.
cp captures/call-no-codec.pcap kept.pcap; ln -s kept.pcap alias.pcap; mkdir kept; cp kept.pcap kept/
printf '[policy]\n' > kept.ini; echo > kept.keys
source_text="is a capture or is read in this run: nothing can be written there"
for file in kept.pcap alias.pcap ./kept/../kept.pcap captures/call-busy.pcap; do
  refuses 2 "$file $source_text" -o "text:$file" kept.pcap
done
refuses 2 "kept/kept.pcap $source_text" -o kept/kept.pcap kept
refuses 2 "kept.keys $source_text" --keys kept.keys -o kept.keys kept.pcap
last="check: what is read"
run 2 check --policy kept.ini -o kept.ini kept.pcap
says "kept.ini $source_text"
run 2 check --write-baseline kept.pcap kept.pcap
says "kept.pcap $source_text"
refuses 2 "./twice is named twice: each report needs a file of its own" -o twice -o json:./twice kept.pcap
run 2 check -o json:twice --write-baseline twice kept.pcap
says "twice is named twice: each report needs a file of its own"
run 0 check --write-baseline twice kept.pcap
run 0 check --baseline twice --write-baseline ./twice kept.pcap
run 2 check --baseline twice -o ./twice kept.pcap
run 0 diagnose -o json:/dev/null -o csv:/dev/null kept.pcap
cmp -s kept.pcap captures/call-no-codec.pcap && [ -L alias.pcap ] || fail "a capture is written over"
# A word like a format that is none is no part of a file's name.
run 2 check -o sarfi:r.sarif kept.pcap
says 'check has no format "sarfi"; use text, json, junit, sarif or github'
run 0 diagnose -o ./odd:name kept.pcap
[ -s odd:name ] || fail "a file with a colon in its name is not written"
mkdir locked; chmod 555 locked
last="-o locked/report.html"
run 3 diagnose -o locked/report.html captures/call-busy.pcap
says "locked/report.html cannot be written: Permission denied"
for stdout in '>/dev/full' '>&-'; do
  for command in 'diagnose' 'check'; do
    count=$((count + 1))
    eval "sipwhy $command captures/call-busy.pcap $stdout" 2> err
    [ $? -eq 3 ] && [ "$(wc -l < err)" -eq 1 ] || fail "$command $stdout: $(cat err)"
  done
done
sipwhy diagnose captures/recorded/kamailio-*.pcap --format json 2> err | head -c 1 > out
[ "${PIPESTATUS[0]}" -eq 3 ] || fail "a pipe that breaks: exit code ${PIPESTATUS[0]}"
last="a pipe that breaks"; says "standard output cannot be written: Broken pipe"
(ulimit -f 1; sipwhy diagnose -o big.json captures/recorded/kamailio-tcp.pcap 2> err; exit $?)
[ $? -eq 3 ] || fail "a file too big: exit code"
last="a file too big"; says "big.json cannot be written: File too large"
ls big.json* 2> /dev/null && fail "half a file is left"

# ---- the plugin: not there, for another Wireshark, switched off ----
mv "$plugin" kept.so
last="no plugin"
run 3 diagnose captures/call-busy.pcap
grep -qxF -e "sipwhy: tshark does not load the plugin; it looks for epan/sipwhy.so in $HOME/.local/lib/wireshark/plugins/${plugin_folder%/*}, $(tshark -G folders | sed -n 's/^Global Plugins:[[:space:]]*//p'); sipwhy doctor says what to type" err || fail "no plugin: says $(cat err)"
[ ! -s out ] || fail "no plugin: shows something"
run 3 check captures/call-answered.pcap
other=$HOME/.local/lib/wireshark/plugins/9.8/epan/sipwhy.so
mkdir -p "${other%/*}"; cp kept.so "$other"
version=$(tshark --version | sed -n '1s/^[^0-9]*\([0-9.]*[0-9]\).*/\1/p')
refuses 3 "tshark does not load the plugin: $other is for another version of Wireshark than this tshark $version; sipwhy doctor says what to type" captures/call-answered.pcap
rm -r "$HOME/.local/lib/wireshark/plugins/9.8"
mv kept.so "$plugin"
echo sipwhy > "$WIRESHARK_CONFIG_DIR/disabled_protos"
refuses 3 "the plugin is loaded, but does not run: switch on SIPWHY in Wireshark under Analyze, Enabled Protocols" captures/call-answered.pcap
refuses 3 "captures/call-answered.pcap: the plugin is loaded, but does not run: switch on SIPWHY in Wireshark under Analyze, Enabled Protocols" -Y 'sip.Method == "INVITE"' captures/call-answered.pcap
rm "$WIRESHARK_CONFIG_DIR/disabled_protos"

# ---- a tshark that is not what it should be ----
# It answers --version and the trial as the real one does; $LIE then says what becomes of the rest.
# (It can write no file: the command keeps it from that.)
cat > liar <<EOF
#!/bin/bash
case "\$*" in
  *--version*) [ -z "\${LIE_VERSION-}" ] || { echo "TShark (Wireshark) \$LIE_VERSION (Git)"; exit; } ;;
  *" -r captures/"*) eval "\$LIE" ;;
  *json*) [ -z "\${LIE_TRIAL-}" ] || eval "\$LIE_TRIAL" ;;
esac
exec $tshark "\$@"
EOF
chmod +x liar
real() { $tshark -q -n -r captures/call-no-codec.pcap -o sipwhy.json_knowledge:FALSE -z sipwhy,json; }
real > lines
export LIE='' SIPWHY_TSHARK=$PWD/liar
fine diagnose captures/call-no-codec.pcap
# find_process WORDS: the number and the words of a process that has these among its own.
find_process() {
  local file words
  for file in /proc/[0-9]*/cmdline; do
    words=$(tr '\0' ' ' < "$file") 2> /dev/null || continue
    [[ $words != *"$1"* ]] || { echo "$(basename "$(dirname "$file")") $words"; return; }
  done
  return 1
}
# arguments OPTION...: what tshark is run with by diagnose.
arguments() {
  LIE='sleep 2' sipwhy diagnose "$@" captures/call-no-codec.pcap > out 2> err &
  for i in $(seq 100); do find_process "liar -q -n -r captures/" && break; sleep 0.1; done > arguments
  wait $!
}
arguments -d udp.port==5080,sip -o sip.tls.port:5071 --option tcp.desegment_tcp_streams:TRUE \
  --keys captures/recorded/tls.keys --filter 'sip.CSeq.seq > 0'
grep -qF -e "/liar -q -n -r captures/call-no-codec.pcap -z sipwhy,json,sip.CSeq.seq > 0 -d udp.port==5080,sip -o sip.tls.port:5071 -o tcp.desegment_tcp_streams:TRUE -o tls.keylog_file:captures/recorded/tls.keys -o sipwhy.json_knowledge:FALSE " arguments ||
  fail "passed on: $(cat arguments)"
file=captures/call-no-codec.pcap
arguments --local packs --local 'odd: \packs'
grep -qF -e "-o sipwhy.local:$PWD/packs:$PWD/odd\\: \\\\packs -o sipwhy.json_knowledge:FALSE" arguments ||
  fail "passed on: $(cat arguments)"
LIE_VERSION=3.6.2 LIE_TRIAL='echo "tshark: Invalid -z argument" >&2; exit 1' refuses 3 "$SIPWHY_TSHARK is version 3.6.2; tshark 4.0 or later is needed" $file
LIE_TRIAL='kill -SEGV $$' run 3 diagnose $file
LIE_TRIAL='sed "s/\"version\":\"[^\"]*\"/\"version\":\"0.0.1\"/" lines; exit' refuses 3 \
  "the plugin is version 0.0.1, this sipwhy is version $(sipwhy --version | cut -d ' ' -f 2); build and install both anew" $file
LIE_TRIAL='echo "tshark: -o flag \"sipwhy.json_knowledge:FALSE\" specifies unknown preference" >&2; exit 1' refuses 3 \
  "the plugin is older than this sipwhy $(sipwhy --version | cut -d ' ' -f 2); build and install both anew" $file
LIE='head -2 lines; kill -SEGV $$' refuses 3 \
  "$file: tshark was killed by signal 11 (Segmentation fault) before it had read everything" $file
LIE='cat lines; kill -KILL $$' refuses 3 "$file: tshark was killed by signal 9 (Killed) before it had read everything" $file
LIE='head -2 lines; exit 0' refuses 3 "$file: tshark ended without its last line: what it found is not whole" $file
LIE='head -c -20 lines; exit 0' refuses 3 "$file: tshark ended without its last line: what it found is not whole" $file
LIE='exit 0' refuses 3 "$file: tshark ended without its last line: what it found is not whole" $file
LIE='cat lines; printf "{\"type\":"; exit 0' refuses 3 "$file: tshark ended without its last line: what it found is not whole" $file
LIE='echo "tshark: no memory" >&2; exit 7' refuses 3 "$file: tshark ended with exit code 7: no memory" $file
LIE='exit 7' refuses 3 "$file: tshark ended with exit code 7" $file
for garbage in 'echo "SIP Why: <b>"' 'echo "{}"' 'echo "[1]"' 'printf "\\000\\377\\n"' 'head -c 3000000 /dev/zero; echo'; do
  LIE="$garbage; exec sleep 30" run 3 diagnose $file
  [ ! -s out ] && [ "$(wc -l < err)" -eq 1 ] && grep -q 'cannot be understood: .' err ||
    fail "garbage $garbage: $(cat err)"
done
LIE='yes x | head -c 1000000 >&2; exec cat lines' fine diagnose $file

# ---- interrupted: children killed, nothing left behind ----
export LIE='exec sleep 61.25'
for signal in INT TERM HUP; do
  count=$((count + 1))
  rm -f child half.html
  setsid env --default-signal sipwhy diagnose -o half.html - captures/call-busy.pcap \
    > out 2> err < captures/call-answered.pcap &
  group=$!
  for i in $(seq 100); do find_process 'sleep 61.25 ' > child && break; sleep 0.1; done
  [ -s child ] && [ -n "$(ls tmp)" ] || fail "$signal: it does not run: $(cat err)"
  kill -$signal $group
  wait $group 2> /dev/null
  code=$?
  [ $code -eq $((128 + $(kill -l $signal))) ] || fail "$signal: exit code $code"
  sleep 0.2
  ! grep -qE '^State:[[:space:]]+[^ZX[:space:]]' "/proc/$(cut -d ' ' -f 1 child)/status" 2> /dev/null || fail "$signal: tshark goes on"
  leaves_nothing "$signal"
  [ ! -s out ] && [ ! -e half.html ] || fail "$signal: a report"
done

# ---- progress: on a terminal only, erased in the end ----
if [ "$(script -qec 'echo terminal' /dev/null < /dev/null 2> /dev/null | tr -d '\r')" = terminal ]; then
  export LIE='exec 9< captures/call-no-codec.pcap; head -c 700 <&9 > /dev/null; sleep 2'
  script -qec "sipwhy diagnose captures/call-busy.pcap captures/call-no-codec.pcap > out" /dev/null < /dev/null > err 2>&1
  grep -q 'Reading 2 of 2  *[1-9][0-9] % captures/call-no-codec.pcap' err || fail "progress: $(cat -v err)"
  [ "$(tail -c 4 err)" = $'\r\e[K' ] || fail "progress is not erased: $(tail -c 20 err | cat -v)"
  fine diagnose captures/call-no-codec.pcap
fi
unset SIPWHY_TSHARK LIE

# ---- the man page's examples ----
cp captures/call-no-codec.pcap trace.pcap; : > keys.log
examples=0
mkdir manual; mkdir manual/captures; cp trace.pcap keys.log manual; cp packs/desk.ini manual/servers.ini; cp captures/call-b*.pcap manual/captures
while IFS= read -r example; do
  examples=$((examples + 1))
  (cd manual && bash -c "$example" > ../out 2> ../err)
  case $?:$example in
    0:* | 1:*' check '* | 1:'sipwhy check '*) ;;
    *) fail "man page: $example: $(cat err)" ;;
  esac
  [ ! -s err ] || fail "man page: $example: complains $(cat err)"
done < <(sed -n '/^\.Bd -literal/,/^\.Ed/p' sipwhy.1 | grep '^sipwhy' | sed 's/\\-/-/g; s/\\(aq/'"'"'/g')
[ $examples -ge 5 ] || fail "the man page has $examples examples"

echo "$count runs, $examples examples, $failed failed"
[ "$failed" -eq 0 ]
EOS
