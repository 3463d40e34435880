#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# test-bad.sh TOOL: wrong scenarios give one line "file:line: reason" and status 2, no output file;
# trouble with files gives status 3.
set -u

tool=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
failed=0

fail() {
    echo "FAILED: $1" >&2
    failed=1
}

# bad LINE REASON: the scenario on stdin, below two hosts and a blank line (so it starts at line 4),
# is refused at LINE with a message that holds REASON.
bad() {
    {
        echo 'host alice 192.0.2.10 sip:alice@example.com'
        echo 'host bob 203.0.113.20 sip:bob@example.org'
        echo
        cat
    } > bad.scenario
    rm -f out.pcap
    "$tool" bad.scenario out.pcap > stdout 2> stderr
    status=$?
    [ $status -eq 2 ] || fail "\"$2\": status $status instead of 2"
    [ -s stdout ] && fail "\"$2\": something on stdout"
    [ -e out.pcap ] && fail "\"$2\": an output file"
    [ "$(wc -l < stderr)" -eq 1 ] || fail "\"$2\": not one line: $(cat stderr)"
    case $(cat stderr) in
    "bad.scenario:$1: "*"$2"*) ;;
    *) fail "expected bad.scenario:$1: ...$2..., got: $(cat stderr)" ;;
    esac
}

bad 4 'no time, host, transport' << 'END'
hots carol 192.0.2.11
END
bad 4 'already there' << 'END'
host alice 192.0.2.11
END
bad 4 'not an address for documentation' << 'END'
host carol 10.0.0.1
END
bad 4 'is not an address' << 'END'
host carol 192.0.2.300
END
bad 4 'is not an address' << 'END'
host carol 192.0.2.3:70000
END
bad 4 'is not a sip:' << 'END'
host carol 192.0.2.3 carol@example.com
END
bad 4 'a transport is' << 'END'
transport pigeon
END
bad 4 'no host is called "carol"' << 'END'
transport tcp alice carol
END
bad 4 'a snaplen is' << 'END'
snaplen many
END
bad 4 'a call is' << 'END'
call
END
bad 4 'needs an event above it' << 'END'
    Subject: hello
END
bad 4 'is not a time' << 'END'
+1,5 alice -> bob INVITE
END
bad 4 'an event is' << 'END'
0.000 alice => bob INVITE
END
bad 4 'an event is' << 'END'
0.000 alice
END
bad 4 'no host is called "carol"' << 'END'
0.000 alice -> carol INVITE
END
bad 4 'sends to itself' << 'END'
0.000 alice -> alice INVITE
END
bad 4 'what is sent' << 'END'
0.000 alice -> bob
END
bad 4 'is no METHOD' << 'END'
0.000 alice -> bob invite
END
bad 4 'after the Request-URI' << 'END'
0.000 alice -> bob INVITE sip:bob@example.org now
END
bad 4 'closing quote missing' << 'END'
0.000 alice -> bob "SIP/2.0 488
END
bad 4 'two hexadecimal digits' << 'END'
0.000 alice -> bob "SIP/2.0 \x4g"
END
bad 4 'unknown escape' << 'END'
0.000 alice -> bob "\q"
END
bad 5 'one has IPv4 and the other IPv6' << 'END'
host carol [2001:db8::3]:5060 sip:carol@example.net
0.000 alice -> carol INVITE
END
bad 4 'has sent no request' << 'END'
0.000 bob -> alice 180 Ringing
END
bad 4 'nothing that it could forward' << 'END'
0.000 bob -> alice forward
END
bad 4 'nothing like that went this way' << 'END'
0.000 alice -> bob again
END
bad 4 'no INVITE went this way' << 'END'
0.000 alice -> bob CANCEL
END
bad 4 'no such UDP packet' << 'END'
0.000 alice -> bob icmp port-unreachable
END
bad 4 'icmp is one of' << 'END'
0.000 alice -> bob icmp source-quench
END
bad 4 'no connections over UDP' << 'END'
0.000 alice -> bob close
END
bad 4 'raw needs body lines' << 'END'
0.000 alice -> bob raw
END
bad 5 'lies before what is above' << 'END'
1.000 alice -> bob INVITE
0.500 bob -> alice 180 Ringing
END
bad 5 'is no header' << 'END'
0.000 alice -> bob INVITE
    whatever this is
END
bad 5 'takes away a header' << 'END'
0.000 alice -> bob INVITE
    -Max-Forwards: 70
END
bad 5 'is not a byte offset' << 'END'
0.000 alice -> bob INVITE
    cut here
END
bad 4 'cut and hold need TCP' << 'END'
0.000 alice -> bob INVITE
    cut 10
END
bad 5 'the message has only' << 'END'
transport tcp
0.000 alice -> bob INVITE
    cut 100000
END
bad 5 'does not hold "Warning"' << 'END'
transport tcp
0.000 alice -> bob INVITE
    cut "Warning"
END
bad 5 'held here are never sent' << 'END'
transport tcp
0.000 alice -> bob INVITE
    hold
END
bad 5 'unseen stands alone' << 'END'
0.000 alice -> bob INVITE
    unseen once
END
bad 6 'connected already' << 'END'
transport tcp
0.000 alice -> bob INVITE
+0.000 alice -> bob connect
END
bad 5 'too many for one SCTP chunk' << 'END'
transport sctp
0.000 alice -> bob MESSAGE
    "x" * 2000
END
bad 4 'too many for a datagram' << 'END'
0.000 alice -> bob MESSAGE
    "x" * 70000
END
bad 5 'up to 4000000 bytes' << 'END'
0.000 alice -> bob MESSAGE
    "x" * 5000000
END
bad 4 'unknown codec' << 'END'
0.000 alice -> bob INVITE
    sdp PCMQ
END
bad 4 'no 401 or 407' << 'END'
0.000 alice -> bob REGISTER
    credentials alice secret
END
bad 4 'no Request-URI' << 'END'
0.000 alice -> bob "REGISTER"
    credentials alice secret
END
bad 5 'below a response' << 'END'
0.000 alice -> bob INVITE
    answers INVITE
END
bad 5 'below a forward' << 'END'
0.000 alice -> bob INVITE
    record-route
END
bad 6 'nothing can stand below' << 'END'
transport tcp
0.000 alice -> bob connect
    Subject: hello
END

# Files that cannot be read or written, and wrong usage.
"$tool" no-such.scenario out.pcap > stdout 2> stderr
[ $? -eq 3 ] || fail 'unreadable scenario: not status 3'
printf 'title nothing\n' > good.scenario
"$tool" good.scenario no-such-folder/out.pcap > stdout 2> stderr
[ $? -eq 3 ] || fail 'unwritable output: not status 3'
[ "$(wc -l < stderr)" -eq 1 ] || fail 'unwritable output: not one line'
if [ -w /dev/full ]; then
    "$tool" good.scenario /dev/full > stdout 2> stderr
    [ $? -eq 3 ] || fail 'full disk: not status 3'
fi
"$tool" good.scenario > stdout 2> stderr
[ $? -eq 2 ] || fail 'one argument: not status 2'
"$tool" --help > stdout 2> stderr
[ $? -eq 0 ] && grep -q '^usage:' stdout || fail '--help: not on stdout with status 0'
printf 'title a\n0.000\000' > bad.scenario
"$tool" bad.scenario out.pcap > stdout 2> stderr
[ $? -eq 2 ] || fail 'NUL byte: not status 2'

exit $failed
