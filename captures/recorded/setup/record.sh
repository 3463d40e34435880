#!/bin/bash
# Redo the recordings.  Usage (as root): record.sh OUTPUT-FOLDER [NAME...]
#   NAME: register invite call tcp tls ws ipv6 (default: all)
# Debian 12: apt-get install kamailio kamailio-tls-modules kamailio-websocket-modules
#            sip-tester tshark openssl python3
# Everything runs in a network namespace of its own which has nothing but the
# loopback interface: no port is taken on the real machine, nothing leaves it,
# and the host name inside is sip.example.com.
set -u
[ $# -ge 1 ] || { sed -n '2,4p' "$0"; exit 2; }
if [ -z "${SIPWHY_NS:-}" ]; then
	exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin SIPWHY_NS=1 unshare --net --uts --pid --fork --kill-child --mount-proc \
		bash "$0" "$@"
fi
hostname sip.example.com
ip link set lo up

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
wanted=" ${*:-register invite call tcp tls ws ipv6} "
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0

want() { case "$wanted" in *" $1 "*) return 0;; esac; return 1; }

# --- capture -------------------------------------------------------------
start_capture() { # file filter
	dumpcap -q -P -i lo -a duration:120 -f "$2" -w "$work/cap.pcap" 2>"$work/dumpcap.log" &
	cap=$!
	target=$1
	for _ in $(seq 50); do grep -q '^File:' "$work/dumpcap.log" && break; sleep 0.1; done
	sleep 0.3
}
stop_capture() {
	sleep 0.7
	kill -INT "$cap"
	wait "$cap" 2>/dev/null
	cp "$work/cap.pcap" "$out/$target"
	chmod 644 "$out/$target"
	echo "== $target: $(stat -c %s "$out/$target") bytes"
	[ "$target" = tls.pcap ] || tshark -r "$out/$target" -Y sip.Status-Code -T fields -E occurrence=a \
		-e sip.Status-Code 2>/dev/null | tr ',' '\n' | sort | uniq -c | awk '{printf " %s x%s", $2, $1} END {print ""}'
}

# --- Kamailio ------------------------------------------------------------
start_kamailio() { # -A NAME ...
	mkdir -p "$work/run"
	kamailio -DD -E -m 32 -M 8 -f "$here/kamailio.cfg" -Y "$work/run" -P "$work/run/pid" \
		"$@" >"$work/kamailio.log" 2>&1 &
	kam=$!
	for _ in $(seq 50); do ss -lnu 2>/dev/null | grep -q ':5060 ' && break; sleep 0.1; done
	sleep 0.7
}
stop_kamailio() { kill -TERM "$kam"; wait "$kam" 2>/dev/null; grep ERROR "$work/kamailio.log" | head -8; }

# --- sipp ----------------------------------------------------------------
ip=127.0.0.1
scenario() { # template case final [wait|method|reason] [extra]: prints the file name
	local f="$work/$2-$1.xml"
	sed -e "s/@CASE@/$2/g" -e "s/@FINAL@/$3/g" -e "s/@WAIT@/${4:-0}/g" \
		-e "s/@METHOD@/${4:-}/g" -e "s/@REASON@/${4:-}/g" -e "s/@EXTRA@/${5:-Subject: $2}/g" \
		"$here/$1.xml.in" >"$f"
	echo "$f"
}
run_sipp() { # scenario-file remote local-port more...
	local f=$1 remote=$2 port=$3
	shift 3
	local name; name=$(basename "$f" .xml)
	if ! sipp "$remote" -sf "$f" -i "$ip" -p "$port" -m 1 -nostdin -skip_rlimit -cid_str "%u-$name@client.example.com" \
		-timeout 20s -timeout_error -trace_err -error_file "$work/$name.err" "$@" >"$work/$name.log" 2>&1; then
		echo "-- sipp: $name did not go as written"; cat "$work/$name.err" 2>/dev/null | head -20
		failed=$((failed + 1))
	fi
}
uas() { run_sipp "$1" "$ip" "$2" & }
kam_addr() { case $ip in *:*) echo "[$ip]:5060";; *) echo "$ip:5060";; esac; }

register() { # case final aor auth-user password [expires] [contact] [wait]
	run_sipp "$(scenario register "$1" "$2" "${8:-0}")" "$(kam_addr)" 5070 \
		-key aor "$3" -au "$4" -ap "$5" -key expires "${6:-600}" \
		-key contact "${7:-<sip:$3@$(kam_addr | sed 's/5060$/5080/')>}"
}
request() { # case final method ruri from to [max-forwards]
	run_sipp "$(scenario request "$1" "$2" "$3")" "$(kam_addr)" 5070 -key ruri "$4" \
		-key from "$5" -key to "$6" -key maxfwd "${7:-70}" -key extra "Subject: $1"
}
visitor=sip:visitor@other.example.com
invite() { # case final ruri [max-forwards] [extra header] [wait at end]
	run_sipp "$(scenario invite "$1" "$2" "${6:-100}")" "$(kam_addr)" 5070 -key ruri "$3" -key from "$visitor" \
		-key to "$3" -key maxfwd "${4:-70}" -key extra "${5:-Subject: $1}"
}

# --- the recordings --------------------------------------------------------
if want register; then
	start_kamailio
	start_capture kamailio-register.pcap 'udp port 5060'
	register reg-ok 200 alice alice tea-party-7
	register reg-wrong-pw-401 401 alice alice not-the-password
	register reg-wrong-pw-403 403 bob bob not-the-password
	register reg-unknown-user 401 dave dave whatever
	register reg-unknown-aor 404 dave alice tea-party-7
	register reg-not-owner 403 bob alice tea-party-7
	register reg-stale 401 alice alice tea-party-7 600 '' 4500
	register reg-too-brief 423 bob bob builder-22 10
	register reg-bad-star 400 carol carol winter-song 600 '*'
	register reg-carol-1 200 carol carol winter-song 600 '<sip:carol@127.0.0.1:5081>'
	register reg-carol-2 200 carol carol winter-song 600 '<sip:carol@127.0.0.1:5082>'
	register reg-carol-3 503 carol carol winter-song 600 '<sip:carol@127.0.0.1:5083>'
	register reg-remove 200 alice alice tea-party-7 0 '*'
	request reg-other-domain 403 REGISTER sip:elsewhere.example.com sip:alice@elsewhere.example.com '<sip:alice@elsewhere.example.com>'
	stop_capture
	stop_kamailio
fi

if want invite; then
	start_kamailio -A WITH_TCP
	register pre-alice 200 alice alice tea-party-7
	register pre-bob 200 bob bob builder-22 600 '<sip:bob@127.0.0.1:5081>;methods="OPTIONS,MESSAGE"'
	start_capture kamailio-invite-errors.pcap 'udp portrange 5060-5099'
	invite inv-404 404 sip:nobody@example.com
	invite inv-480 480 sip:carol@example.com
	invite inv-405-method 405 sip:bob@example.com
	invite inv-483 483 sip:bob@example.com 0
	invite inv-484 484 sip:example.com
	invite inv-403-relay 403 sip:bob@elsewhere.example.com
	invite inv-420 420 sip:bob@example.com 70 'Proxy-Require: made-up-tag'
	invite inv-478 478 sip:nohost@example.com 70 '' 2000
	invite inv-477 477 sip:noconn@example.com 70 '' 2000
	invite inv-500 500 sip:broken@example.com
	run_sipp "$(scenario invite-auth inv-407-404 404)" "$ip:5060" 5070 -key ruri sip:nobody@example.com \
		-key from sip:alice@example.com -key to sip:nobody@example.com -au alice -ap tea-party-7
	run_sipp "$(scenario invite-auth inv-407-407 407)" "$ip:5060" 5070 -key ruri sip:bob@example.com \
		-key from sip:alice@example.com -key to sip:bob@example.com -au alice -ap not-the-password
	python3 "$here/clients.py" silent "$ip" 5099 6 &
	sleep 0.3
	invite inv-408-silent 408 sip:silent@example.com
	uas "$(scenario uas-ring inv-408-ring 487)" 5080
	sleep 0.5
	invite inv-408-ring 408 sip:alice@example.com
	uas "$(scenario uas-refuse inv-486 486 'Busy Here')" 5090
	sleep 0.5
	invite inv-486 486 sip:gateway@example.com
	uas "$(scenario uas-refuse inv-503 503 'Service Unavailable' 'Retry-After: 120')" 5090
	sleep 0.5
	invite inv-503 500 sip:gateway@example.com
	request not-in-dialog 404 BYE sip:bob@example.com "$visitor" '<sip:bob@example.com>;tag=no-such-dialog'
	request sub-405 405 SUBSCRIBE sip:bob@example.com "$visitor" '<sip:bob@example.com>'
	request odd-501 501 FROBNICATE sip:bob@example.com "$visitor" '<sip:bob@example.com>'
	python3 "$here/clients.py" raw "$ip" 5060
	stop_capture
	stop_kamailio
fi

if want call; then
	start_capture sipp-call.pcap 'udp port 5060'
	call() { # uac-template uas-template case final [reason] [extra]
		uas "$(scenario "$2" "$3" "$4" "${5:-}" "${6:-}")" 5060
		sleep 0.5
		run_sipp "$(scenario "$1" "$3" "$4" 100)" "$ip:5060" 5070 -key ruri "sip:bob@example.com" \
			-key from sip:alice@example.com -key to sip:bob@example.com -key maxfwd 70 -key extra "Subject: $3"
		sleep 0.5
	}
	call uac-call uas-answer call-ok 200
	call invite uas-refuse call-busy 486 'Busy Here' 'Reason: Q.850;cause=17;text="User busy"'
	call uac-cancel uas-ring call-cancel 487
	stop_capture
fi

if want tcp; then
	start_kamailio -A WITH_TCP
	start_capture kamailio-tcp.pcap 'tcp port 5060'
	python3 "$here/clients.py" tcp "$ip" 5060
	stop_capture
	stop_kamailio
fi

if want tls; then
	openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=sip.example.com \
		-keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
	start_kamailio -A WITH_TCP -A WITH_TLS -A "TLS_CERT=\"$work/cert.pem\"" -A "TLS_KEY=\"$work/key.pem\""
	start_capture tls.pcap 'tcp port 5061'
	python3 "$here/clients.py" tls "$ip" 5061 "$work/tls.keys"
	stop_kamailio
	python3 "$here/clients.py" tlspair "$ip" 5061 "$work/tls.keys" "$work/cert.pem" "$work/key.pem"
	stop_capture
	grep -v '^#' "$work/tls.keys" >"$out/tls.keys"
	editcap --inject-secrets "tls,$out/tls.keys" "$out/tls.pcap" "$out/tls-with-keys.pcapng"
fi

if want ws; then
	start_kamailio -A WITH_TCP -A WITH_WS
	start_capture websocket-kamailio.pcap 'tcp port 8080'
	python3 "$here/clients.py" ws "$ip" 8080
	stop_capture
	stop_kamailio
fi

if want ipv6; then
	ip=::1
	start_kamailio -A WITH_IPV6 -A WITH_WARNING
	start_capture kamailio-ipv6.pcap 'udp port 5060'
	request v6-options 200 OPTIONS sip:example.com "$visitor" '<sip:example.com>'
	register v6-reg-ok 200 alice alice tea-party-7
	register v6-reg-wrong-pw 403 bob bob not-the-password
	invite v6-404 404 sip:nobody@example.com
	request v6-483 483 OPTIONS sip:example.com "$visitor" '<sip:example.com>' 0
	stop_capture
	stop_kamailio
	ip=127.0.0.1
fi
echo "sipp runs which did not go as written: $failed"
