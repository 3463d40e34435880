#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs the command lines of TESTLIST and compares exit code, standard output and standard error
# with expected/.
#
# usage: run.sh [--update] SIPWHY [NAME...]
#
# expected/NAME.out   the whole of standard output; nothing is expected where there is neither
#                     this file nor the next
# expected/NAME.grep  instead of NAME.out, where texts of data/ stand in the output: each line must
#                     occur in it, a line that begins with ! must not
# expected/NAME.err   the whole of standard error; nothing is expected where there is no such file
#
# --update rewrites .out and .err (never .grep, never exit codes): read the difference.
set -u

update=false
if [ "${1-}" = --update ]; then
    update=true
    shift
fi
if [ $# -eq 0 ]; then
    echo "usage: run.sh [--update] SIPWHY [NAME...]" >&2
    exit 2
fi
command=$(realpath "$1")
shift
if [ ! -x "$command" ]; then
    echo "run.sh: there is no command $command" >&2
    exit 2
fi

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" "$scratch/home"
ln -s "$command" "$scratch/bin/sipwhy"

export LC_ALL=C.UTF-8 TZ=UTC0 HOME="$scratch/home" TERM=xterm PATH="$scratch/bin:$PATH"
unset NO_COLOR LANG LANGUAGE LC_MESSAGES COLUMNS POSIXLY_CORRECT

total=0
failed=0

complain() {
    echo "FAILED $name: $1"
    sane=false
}

# Compares standard output with the lines of a .grep file.
check_lines() {
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        '') ;;
        '!'*)
            if grep -qF -e "${line#!}" "$scratch/out"; then
                complain "standard output has: ${line#!}"
            fi
            ;;
        *)
            if ! grep -qF -e "$line" "$scratch/out"; then
                complain "standard output lacks: $line"
            fi
            ;;
        esac
    done <"$1"
}

# Compares a stream with what is expected of it, or writes down what it is.
check_stream() {
    local actual=$1 expected=$2
    if $update; then
        if [ -s "$actual" ]; then
            cp "$actual" "$expected"
        else
            rm -f "$expected"
        fi
        return
    fi
    [ -e "$expected" ] || expected=/dev/null
    if ! cmp -s "$expected" "$actual"; then
        complain "${actual##*/} differs"
        diff -u -a "$expected" "$actual"
    fi
}

trim() {
    local text=$1
    text=${text#"${text%%[![:space:]]*}"}
    printf '%s' "${text%"${text##*[![:space:]]}"}"
}

wanted=" $* "
known=" "
cd "$here" || exit 2
while IFS= read -r line; do
    case $line in
    '' | '#'*) continue ;;
    esac
    name=$(trim "${line%%|*}")
    line=${line#*|}
    code=$(trim "${line%%|*}")
    words=$(trim "${line#*|}")
    case $known in
    *" $name "*)
        echo "FAILED $name: stands twice in TESTLIST"
        failed=$((failed + 1))
        ;;
    esac
    known="$known$name "
    case $wanted in
    '  ' | *" $name "*) ;;
    *) continue ;;
    esac

    total=$((total + 1))
    sane=true
    bash -o pipefail -c "$words" >"$scratch/out" 2>"$scratch/err" </dev/null
    result=$?
    [ "$result" = "$code" ] || complain "exit code $result, expected $code"
    if [ -e "expected/$name.grep" ]; then
        check_lines "expected/$name.grep"
    else
        check_stream "$scratch/out" "expected/$name.out"
    fi
    check_stream "$scratch/err" "expected/$name.err"
    $sane || failed=$((failed + 1))
done <TESTLIST

# A file that no case reads would be believed in vain.
for file in expected/*; do
    name=${file##*/}
    case $known in
    *" ${name%.*} "*) ;;
    *)
        echo "FAILED $file belongs to no case of TESTLIST"
        failed=$((failed + 1))
        ;;
    esac
done

echo "$total cases, $failed failed"
[ "$failed" -eq 0 ]
