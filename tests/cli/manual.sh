#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The man page and the completion know every command and option of --help, the man page names no
# option beside them, and its examples run.
#
# usage: manual.sh SIPWHY SOURCE
set -u
export LC_ALL=C.UTF-8
unset LANGUAGE NO_COLOR POSIXLY_CORRECT
sipwhy=$(realpath "$1")
page=$2/src/cli/sipwhy.1
completion=$2/src/cli/sipwhy.bash
failed=0

complain() {
    echo "FAILED: $1"
    failed=$((failed + 1))
}

help=$("$sipwhy" --help)
mapfile -t commands < <(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' <<<"$help")
mapfile -t options < <(sed -n '/^Options:/,/^$/p' <<<"$help" | grep -oE '^ +(-[A-Za-z], )?--[a-z-]+' |
    grep -oE -- '-[A-Za-z-]+')
[ "${#commands[@]}" -ge 3 ] || complain "no commands found in --help"
[ "${#options[@]}" -ge 7 ] || complain "no options found in --help"

for command in "${commands[@]}"; do
    grep -qE "^\.It Cm $command( |\$)" "$page" || complain "the man page lacks the command $command"
    grep -qw "$command" "$completion" || complain "the completion lacks the command $command"
done
for option in "${options[@]}"; do
    grep -qE -- "^\.It .*Fl ${option#-}( |\$)" "$page" || complain "the man page lacks $option"
    grep -qE -- "[( ]${option}[ )]" "$completion" || complain "the completion lacks $option"
done
while read -r option; do
    case " ${options[*]} " in
    *" -$option "*) ;;
    *) complain "the man page has -$option, which --help does not know" ;;
    esac
done < <(grep '^\.It .*Fl ' "$page" | grep -oE 'Fl [A-Za-z-]+' | cut -d ' ' -f 2)

# What each command offers beyond that.
for word in text markdown json csv html junit sarif github en fr 1xx 6xx codes warnings q850 reasons findings; do
    grep -qw -- "$word" "$page" || complain "the man page lacks $word"
    grep -qw -- "$word" "$completion" || complain "the completion lacks $word"
done
for variable in LC_ALL LC_MESSAGES LANG LANGUAGE NO_COLOR SIPWHY_TSHARK TMPDIR; do
    grep -qw -- "$variable" "$page" || complain "the man page lacks $variable"
done

# Policies: --help lists their keys.
mapfile -t keys < <("$sipwhy" check --help | sed -n '/^Policy/,$s/^    \([a-z0-9-]*\)=.*/\1/p' | sort -u)
[ "${#keys[@]}" -ge 12 ] || complain "no keys of policies found in check --help"
for key in "${keys[@]}"; do
    sed -n '/^\.Sh POLICY/,/^\.Sh ENV/p' "$page" | sed 's/\\-/-/g' | grep -w -- "$key" >/dev/null ||
        complain "the man page lacks the key $key of policies"
done

# The examples, as they are read.
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
ln -s "$sipwhy" "$bin/sipwhy"
examples=0
while IFS= read -r example; do
    examples=$((examples + 1))
    PATH="$bin:$PATH" bash -o pipefail -c "$example" >"$bin/out" 2>"$bin/err" </dev/null ||
        complain "exit code $?: $example"
    [ -s "$bin/out" ] || complain "shows nothing: $example"
    [ ! -s "$bin/err" ] || complain "complains: $example: $(cat "$bin/err")"
done < <(sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/s/^\.Dl //p' "$page" | sed 's/\\-/-/g')
[ "$examples" -ge 5 ] || complain "the man page has $examples examples"

# Manuals that are not installed here (.Xr) are no fault of the page.
if command -v mandoc >/dev/null; then
    lint=$(mandoc -T lint "$page" 2>&1 | grep -v -e 'mandoc\.db' -e 'referenced manual not found')
    [ -z "$lint" ] || complain "mandoc -T lint: $lint"
fi

[ "$failed" -eq 0 ] && echo "${#commands[@]} commands, ${#options[@]} options, $examples examples"
exit "$((failed > 0))"
