#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The man pages and the completion know every command and option of --help, the man pages name no
# option beside them, and their examples, the same in each, run.
#
# usage: manual.sh SIPWHY SOURCE
set -u
export LC_ALL=C.UTF-8
unset LANGUAGE NO_COLOR POSIXLY_CORRECT
sipwhy=$(realpath "$1")
pages=("$2/src/cli/sipwhy.1" "$2/src/cli/sipwhy.fr.1")
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
    grep -qw "$command" "$completion" || complain "the completion lacks the command $command"
done
for option in "${options[@]}"; do
    grep -qE -- "[( ]${option}[ )]" "$completion" || complain "the completion lacks $option"
done

# What each command offers beyond that.
words=(text markdown json csv html junit sarif github en fr 1xx 6xx codes warnings q850 reasons findings local)
for word in "${words[@]}"; do
    grep -qw -- "$word" "$completion" || complain "the completion lacks $word"
done

# Policies: --help lists their keys.
mapfile -t keys < <("$sipwhy" check --help | sed -n '/^Policy/,$s/^    \([a-z0-9-]*\)=.*/\1/p' | sort -u)
[ "${#keys[@]}" -ge 12 ] || complain "no keys of policies found in check --help"

# So does that of local for entries of local knowledge.
mapfile -t local_keys < <("$sipwhy" local --help | sed -n '/^Local knowledge/,$s/^    \([a-z]*\)=.*/\1/p')
[ "${#local_keys[@]}" -ge 12 ] || complain "no keys found in local --help"

# The examples of a page, a line each.
examples_of() {
    sed -n '/^\.Sh EXEMPLES/,/^\.Sh VOIR/p; /^\.Sh EXAMPLES/,/^\.Sh SEE/p' "$1" |
        sed -n 's/^\.Dl //p; /^\.Bd -literal/,/^\.Ed/{/^\.[BE]d/!p}'
}

for page in "${pages[@]}"; do
    name=${page##*/}
    for command in "${commands[@]}"; do
        grep -qE "^\.It Cm $command( |\$)" "$page" || complain "$name lacks the command $command"
    done
    for option in "${options[@]}"; do
        grep -qE -- "^\.It .*Fl ${option#-}( |\$)" "$page" || complain "$name lacks $option"
    done
    while read -r option; do
        case " ${options[*]} " in
        *" -$option "*) ;;
        *) complain "$name has -$option, which --help does not know" ;;
        esac
    done < <(grep '^\.It .*Fl ' "$page" | grep -oE 'Fl [A-Za-z-]+' | cut -d ' ' -f 2)
    # As words of the command line, not of the sentence: "en" is a French one, too.
    for word in "${words[@]}"; do
        grep -qE -- "^\..*Cm (.* )?$word( |\$)" "$page" || complain "$name lacks $word"
    done
    for variable in LC_ALL LC_MESSAGES LANG LANGUAGE NO_COLOR SIPWHY_TSHARK TMPDIR; do
        grep -qE "^\.It Ev (.* )?$variable( |\$)" "$page" || complain "$name lacks $variable"
    done
    for key in "${keys[@]}"; do
        sed -n '/^\.Sh POLI/,/^\.Sh \(LOCAL\|CONN\)/{s/\\-/-/g;p}' "$page" |
            grep -E -- "^\.Cm (.* )?$key( |\$)" >/dev/null ||
            complain "$name lacks the key $key of policies"
    done
    for key in "${local_keys[@]}"; do
        sed -n '/^\.Sh \(LOCAL\|CONN\)/,/^\.Sh ENV/p' "$page" |
            grep -E -- "^\.It Cm (.* )?$key( |\$)" >/dev/null ||
            complain "$name lacks the key $key of local knowledge"
    done
    differences=$(diff <(examples_of "${pages[0]}") <(examples_of "$page")) ||
        complain "$name has other examples than ${pages[0]##*/}: $differences"

    # Manuals that are not installed here (.Xr) are no fault of the page, nor are the French names of
    # its sections.
    if command -v mandoc >/dev/null; then
        lint=$(mandoc -T lint "$page" 2>&1 | grep -v -e 'mandoc\.db' -e 'referenced manual not found')
        case $name in
        *.fr.1)
            lint=$(grep -v -e ' instead of [A-Z]*$' -e 'first section is not "NAME"' \
                -e 'description line outside NAME section' <<<"$lint")
            ;;
        esac
        [ -z "$lint" ] || complain "mandoc -T lint: $lint"
    fi
done

# The examples, as they are read; tests/captures/commands.sh runs those that read captures.
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
done < <(sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/s/^\.Dl //p' "${pages[0]}" | sed 's/\\-/-/g')
[ "$examples" -ge 5 ] || complain "the man pages have $examples examples"

[ "$failed" -eq 0 ] && echo "${#pages[@]} pages, ${#commands[@]} commands, ${#options[@]} options, $examples examples"
exit "$((failed > 0))"
