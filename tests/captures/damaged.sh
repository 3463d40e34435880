#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# damaged.sh PLUGIN PLUGIN_FOLDER [SEEDS]: a handful of captures with random bytes changed (the same
# ones in every run) in one pass and in two: tshark ends well, and nothing on stderr or in the tree
# is said to be sipwhy's fault. A call behind the damaged part is explained as it is on its own.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
plugin=$1 version=$2 seeds=${3:-16}

sandbox_create "$plugin" "$version"
sandbox_add "$here/../../captures" captures
sandbox_require_plugin

sandbox_run bash -s "$seeds" <<'EOS'
seeds=$1 failed=0 runs=0 changed=0
fail() { echo "FAILED seed $seed $*"; failed=$((failed + 1)); }
codes() { # codes FILE OPTION...: the responses of each packet, and what is explained of them
  local file=$1; shift
  tshark "$@" -r "$file" -T fields -e sip.Status-Code -e sipwhy.code -e sipwhy.cause 2> err
}

victims=()
for name in hostile tcp-messages-straddling tcp-two-responses-in-one-segment websocket sctp \
  icmp-quoted-response call-no-codec call-forked-early-dialog-ends ipv6-udp \
  identity-compact-then-full recorded/kamailio-tcp recorded/kamailio-register; do
  victims+=("captures/$name.pcap")
done
seed=none
mergecap -a -w victims "${victims[@]}" || fail "mergecap"
# A good call over UDP and one over TCP, whose conversations no victim has.
mergecap -a -w good captures/call-busy.pcap captures/ipv6-tcp.pcap || fail "mergecap"
codes good > good.codes
grep -q '^486.486' good.codes || fail "the good call is not explained on its own"
whole=$(codes victims)

for seed in $(seq "$seeds"); do
  # Every other time the first 54 bytes, where the lower layers are, stay whole.
  offset=$((seed % 2 * 54))
  editcap -E "0.0$((seed % 4 + 1))" -o $offset --seed "$seed" victims damaged > editcap.out 2>&1 ||
    fail "editcap: $(cat editcap.out)"
  mergecap -a -w both damaged good || fail "mergecap"
  for passes in -1 -2; do
    option=${passes#-1}
    runs=$((runs + 1))
    timeout 60 tshark $option -r both -V > tree 2> err || fail "$option: tshark exits with $?"
    grep -i sipwhy err && fail "$option: on stderr"
    grep -E 'SIP Why.*(Malformed|[Dd]issector bug)|([Dd]issector bug|Malformed Packet).*SIP Why' \
      tree && fail "$option: in the tree"
    codes both $option > all.codes || fail "$option: tshark -T fields exits with $?"
    tail -n "$(wc -l < good.codes)" all.codes | cmp -s - good.codes ||
      fail "$option: the good call is explained differently"
  done
  [ "$(head -n -"$(wc -l < good.codes)" all.codes)" = "$whole" ] || changed=$((changed + 1))
done
echo "$runs runs over $seeds seeds, $changed of them change responses, $failed failed"
[ "$runs" -gt 0 ] && [ "$changed" -gt 0 ] && [ "$failed" -eq 0 ]
EOS
