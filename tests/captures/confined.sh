#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# confined.sh PLUGIN PLUGIN_FOLDER SIPWHY: what the command and the tshark that it runs may do. A
# stand-in for tshark says which rights it has; strace, where it is, what is run and written.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
sandbox_create "$1" "$2"
sandbox_add "$3" sipwhy
sandbox_add "$here/../../captures" captures
sandbox_require_plugin
failed=0
fail() { echo "FAILED $*"; failed=$((failed + 1)); }
cd "$SANDBOX/run" || exit 3

# ---- rights ----

cat > stand-in <<'EOF'
#!/bin/sh
[ "$1" != --version ] || { echo "TShark (Wireshark) 4.0.17."; exit 0; }
while read -r name value; do
  case $name in NoNewPrivs: | CapPrm: | CapInh: | CapAmb: | CapBnd:) said="$said $name$value" ;; esac
done < /proc/self/status
case $(readlink /proc/$$/fd/3) in *" (deleted)") said="$said nameless" ;; esac
for file in 4 5 6 7 8 9; do [ ! -e /proc/$$/fd/$file ] || said="$said open:$file"; done
(echo > /dev/null) 2> /dev/null || said="$said no-null"
(echo > file) 2> /dev/null && said="$said wrote"
(echo > new) 2> /dev/null && said="$said made"
mv file moved 2> /dev/null && said="$said moved"
rm file 2> /dev/null && said="$said removed"
cat secret/secret > /dev/null 2>&1 && said="$said reads"
echo "core:$(ulimit -c) core:$(ulimit -Hc)$said ." >&2
exit 3
EOF
chmod a+rx stand-in
# Whether this kernel can forbid writing.
printf '%s\n' '#include <sys/syscall.h>' '#include <unistd.h>' \
  'int main(void) { return syscall(SYS_landlock_create_ruleset, 0, 0, 1) < 1; }' > landlock.c
cc -o landlock landlock.c || exit 3
landlock=no
./landlock && landlock=yes

has() { [[ "$said " == *" $1 "* ]] || fail "$who: lacks \"$1\": $said"; }
lacks() { [[ "$said " != *" $1"* ]] || fail "$who: has \"$1\": $said"; }
judge() { # judge USER COMMAND...: what the stand-in says that this command runs
  who=$1
  shift
  touch file
  said=" $("$@" ./sipwhy diagnose --tshark ./stand-in captures/call-busy.pcap 2>&1)"
  rm -f new moved
  has NoNewPrivs:1
  lacks "core:[2-9u]"
  lacks "core:1[0-9]"
  has CapInh:0000000000000000
  has CapAmb:0000000000000000
  has nameless
  lacks open:
  lacks no-null
  [ $landlock = yes ] || return
  for word in wrote made moved removed; do lacks $word; done
}
ulimit -S -c "$(ulimit -H -c)"
chmod a+rwx .
judge "a user" sandbox_run
has CapPrm:0000000000000000
if [ "$(id -u)" -eq 0 ]; then
  # Somebody's, where only root can look.
  mkdir secret && echo > secret/secret && chown -R 65534:65534 secret && chmod -R go=,u=rwX secret
  judge root env
  has CapPrm:0000000000000004 # CAP_DAC_READ_SEARCH
  has CapBnd:0000000000000004
  has reads
fi

# ---- links ----

sandbox_run tshark -q -n -r captures/call-busy.pcap -z sipwhy,json -o sipwhy.json_knowledge:FALSE > lines
printf '%s\n' '#!/bin/sh' '[ "$1" = --version ] && exec ./stand-in --version' 'cat lines' > repeat
chmod a+rx repeat
write() { # write FILE [STRACE-WORD...]: its exit status
  local file=$1
  shift
  "$@" ./sipwhy diagnose --tshark ./repeat -o "$file" captures/call-busy.pcap > out 2>&1
}
mkdir there && echo old > there/report.txt && ln -s there/report.txt link.txt && ln -s nowhere dangling.txt
write link.txt || fail "a link: $(cat out)"
[ -L link.txt ] && grep -q 486 there/report.txt || fail "a link is not followed"
write dangling.txt || fail "a link to nothing: $(cat out)"
[ ! -e nowhere ] && grep -q 486 dangling.txt || fail "a link to nothing is followed"
write /dev/stdout || fail "/dev/stdout: $(cat out)"
grep -q 486 out || fail "/dev/stdout: $(cat out)"
if command -v strace > /dev/null; then
  # As Linux answers where somebody else has left the link in a folder for all (fs.protected_symlinks).
  echo old > there/report.txt
  write link.txt strace -qq -o followed -P "$PWD/link.txt" -P link.txt -e trace=open,openat -e inject=open,openat:error=EACCES &&
    fail "a link that must not be followed: $(cat out)"
  grep -q EACCES followed && [ -L link.txt ] && [ "$(cat there/report.txt)" = old ] ||
    fail "a link that must not be followed is: $(cat there/report.txt followed)"
fi

# ---- what is run and written ----

if command -v strace > /dev/null; then
  calls=execve,execveat,open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat
  calls+=,rmdir,link,linkat,symlink,symlinkat,truncate,chmod,fchmodat,chown,fchownat,mknod,mknodat,socket
  mkdir -m 777 tmp
  sandbox_run env TMPDIR=tmp strace -f -qq -s 200 -o trace -e "trace=$calls" \
    ./sipwhy check -o html.txt -o sarif:report.sarif - captures/call-busy.pcap < captures/call-no-codec.pcap > out 2>&1
  grep -q 'Busy Here\|FAILED' out || fail "strace: no verdict: $(head -3 out)"
  # Programs, and what is not just read: each once, without what is random in a name.
  sed -nE -e 's/^[0-9]+ +execve\("([^"]*)".*= 0$/run \1/p' \
    -e '/O_RDONLY|O_PATH|execve|resumed|---|\+\+\+| = -1 ENOENT/d' \
    -e 's/^[0-9]+ +([a-z]+)[a-z0-9]*\((AT_FDCWD, )?"([^"]*)".*/\1 \3/p' -e 's/^[0-9]+ +(socket)\(.*/\1/p' trace |
    sed -E 's/^(open|rename|unlink)at[0-9]?/\1/; s/-[A-Za-z0-9]{6}/-*/; s/\.[A-Za-z0-9]{6}$/.*/' | sort -u > done
  sort > wanted <<EOF
run ./sipwhy
run $(command -v tshark)
open tmp/sipwhy-*
open tmp/sipwhy-*.pcap
unlink tmp/sipwhy-*
unlink tmp/sipwhy-*.pcap
open html.txt.*
rename html.txt.*
open report.sarif.*
rename report.sarif.*
EOF
  diff -u wanted done > diff || fail "strace: not what is run and written: $(cat diff)"
  [ -z "$(ls -A tmp)" ] || fail "left in TMPDIR: $(ls -A tmp)"
else
  echo "strace is not installed: what is written was not looked at"
fi
[ $landlock = yes ] || echo "this kernel has no Landlock: that tshark can write nothing was not tried"
[ $failed -eq 0 ] || exit 1
echo "the command and its tshark do what they need and no more"
