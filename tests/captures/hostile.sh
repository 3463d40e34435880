#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# hostile.sh PLUGIN PLUGIN_FOLDER: messages of sizes that nobody sends, each before a good call, in
# one pass, in two, and in sharkd: all end soon, without a word on stderr or of a bug in the tree,
# and of the good call the same is told as on its own.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"

sandbox_create "$1" "$2"
sandbox_add "$here/../../captures" captures
sandbox_require_plugin

sandbox_run bash -s <<'EOS'
failed=0 runs=0
fail() { echo "FAILED $name: $*"; failed=$((failed + 1)); }

# capture FILE TRANSPORT: the bytes on standard input as packets of at most 32 kB.
capture() {
  rm -f part.*
  split -b 32000 -a 4 -d - part.
  for part in part.*; do
    echo "2026-01-01 00:00:00.000001"
    od -Ax -tx1 -v "$part"
  done | text2pcap -q -t '%Y-%m-%d %H:%M:%S.' "$2" 5060,5060 - "$1" > text2pcap.out 2>&1 ||
    fail "text2pcap: $(cat text2pcap.out)"
}
many() { seq "$1" | awk -v format="$2" '{printf format, $1}'; }
# message START-LINE HEADERS [BODY]: all of a message, files for headers and body.
message() {
  local length=0
  [ $# -lt 3 ] || length=$(wc -c < "$3")
  printf '%s\r\n' "$1" 'Via: SIP/2.0/TCP 10.1.1.1;branch=z9hG4bKh' 'From: <sip:a@example.com>;tag=f' \
    'To: <sip:b@example.com>;tag=t' 'Call-ID: h' 'CSeq: 1 INVITE' "Content-Length: $length"
  cat "$2"
  printf '\r\n'
  [ $# -lt 3 ] || cat "$3"
}
invite='INVITE sip:b@example.com SIP/2.0'
: > none

{ printf '{"attest":"A","x":"'; head -c 1000000 /dev/zero | tr '\0' a; printf '"}'; } |
  base64 -w0 | tr '+/' '-_' | tr -d '=' > claims
{ printf 'Identity: eyJhbGciOiJFUzI1NiJ9.'; cat claims
  printf '.c2ln;info=<https://x.example/c.pem>\r\n'; } > long-token
{ printf 'Via: SIP/2.0/TCP a;branch=a'; many 10000 ', SIP/2.0/TCP a;branch=b%d'; printf '\r\n'; } > vias
many 10000 'Via: SIP/2.0/TCP a;branch=b%d\r\n' > via-lines
{ printf 'Reason: '; many 16000 'a,;"'; printf '\r\n'; } > long-line
{ printf 'v=0\r\n'; many 100000 'm=audio 1 X %d\r\n'; } > streams
printf 'Content-Type: application/sdp\r\n' > is-sdp
{ for i in $(seq 1000); do
    printf -- '--b%d\r\nContent-Type: multipart/mixed;boundary=b%d\r\n\r\n' "$i" $((i + 1)); done
  } > parts
printf 'Content-Type: multipart/mixed;boundary=b1\r\n' > is-nested
printf 'Contact: <\0sip:\0>\r\nReason: \0Q.850;cause=\0\r\nServer: \377\0{}\r\n' > odd-bytes

for name in long-token vias via-lines long-line odd-bytes; do
  { message "$invite" $name; message 'SIP/2.0 438 Invalid' $name; } | capture $name.pcap -T
done
name=streams
{ message "$invite" is-sdp streams; message 'SIP/2.0 488 No' is-sdp streams; } |
  capture streams.pcap -T
name=nested
{ message "$invite" is-nested parts; message 'SIP/2.0 488 No' is-nested parts; } |
  capture nested.pcap -T
name=unframed
{ message "$invite" none; printf 'SIP/2.0 200 OK\r\n%.0s' $(seq 8000); } | capture unframed.pcap -T
name=many
many 500 'SIP/2.0 503 N\r\nVia: SIP/2.0/TCP a;branch=%d\r\nCall-ID: m\r\nCSeq: 1 INVITE\r\nl: 0\r\n\r\n' |
  capture many.pcap -T
name=lengths
for length in -1 99999999999999999999 4294967295 x '' 1e3; do
  printf 'SIP/2.0 500 X\r\nCall-ID: l\r\nCSeq: 1 INVITE\r\nContent-Length: %s\r\n\r\nabc' "$length"
done | capture lengths.pcap -T
name=datagram
{ printf 'SIP/2.0 404 N\r\nCall-ID: d\r\nCSeq: 4294967295 INVITE\r\nWarning: '
  many 6000 '%d x,'; printf '\r\n\r\n'; } | head -c 31000 | capture datagram.pcap -u
name=alone
message "$invite" none | capture alone.pcap -T

good=captures/call-busy.pcap
frames=$(tshark -r $good -T fields -e frame.number | wc -l)
# told FILE OPTION...: what is told of the good call, at the end of both.pcap, into FILE.
told() {
  local file=$1
  shift
  timeout 120 tshark "$@" -r both.pcap -T fields -e sip.Method -e sipwhy.code -e sipwhy.severity \
    -e sipwhy.finding -e sipwhy.call.outcome -e sipwhy.call.final_code > all 2> err ||
    fail "tshark $*: $?"
  [ ! -s err ] || fail "tshark $*: $(head -3 err)"
  tail -n "$frames" all > "$file"
}
mergecap -a -w both.pcap alone.pcap $good
told expected-1
told expected-2 -2
grep -q 486 expected-1 || fail "the good call is not explained"

for file in long-token vias via-lines long-line odd-bytes streams nested unframed many lengths \
  datagram; do
  name=$file
  mergecap -a -w both.pcap $file.pcap $good
  for pass in -1 -2; do
    runs=$((runs + 1))
    told found ${pass#-1}
    cmp -s expected$pass found ||
      fail "${pass#-1} the good call is told differently"
    timeout 120 tshark ${pass#-1} -r both.pcap -V > tree 2> err || fail "-V ${pass#-1}: $?"
    [ ! -s err ] || fail "-V ${pass#-1}: $(head -3 err)"
    grep -q '^Session Initiation' tree || fail "there is no SIP in it"
    grep -i 'dissector bug' tree | head -3 | grep . && fail "-V ${pass#-1}: a bug"
  done
  last=$(tshark -r both.pcap -T fields -e frame.number | tail -1)
  printf '{"jsonrpc":"2.0","id":%d,"method":"%s","params":{%s}}\n' 1 load '"file":"both.pcap"' \
    2 frame '"frame":1,"proto":true' 3 frame "\"frame\":$((last - frames)),\"proto\":true" \
    4 frame "\"frame\":$((last - frames + 3)),\"proto\":true" |
    timeout 120 sharkd - > answers 2> err || fail "sharkd: $?"
  [ "$(grep -c '"id":[1-4],"result"' answers)" -eq 4 ] || fail "sharkd: $(cut -c1-200 answers)"
  grep -i 'sipwhy\|bug' err && fail "sharkd says so on stderr"
  grep -qi 'dissector bug' answers && fail "sharkd shows a bug"
done
echo "$runs runs, $failed failed"
[ "$runs" -gt 0 ] && [ "$failed" -eq 0 ]
EOS
