# SPDX-License-Identifier: GPL-2.0-or-later
#
# bash completion for sipwhy. Needs nothing of the package bash-completion, and works with it.

# The first column of `sipwhy list $1`.
_sipwhy_column() {
    local word rest
    while IFS= read -r rest; do
        [[ $rest == ' '* ]] || continue # the title
        read -r word rest <<<"$rest"
        printf '%s\n' "$word"
    done < <("$_sipwhy_command" list --format text "$1" 2>/dev/null)
}

# What an option may have for a value, whose name is $1 and whose command is $2; nothing: any word.
_sipwhy_values() {
    case $1:$2 in
    --format:diagnose) printf '%s\n' text markdown json csv html ;;
    --format:local) printf '%s\n' text json ;;
    --format:check) printf '%s\n' text json junit sarif github ;;
    --format:doctor) printf '%s\n' text json ;;
    --format:*) printf '%s\n' text markdown json ;;
    --lang:*) printf '%s\n' en fr ;;
    esac
}

# The options of a command; without one, all.
_sipwhy_options() {
    local -a options=(--format)

    case $1 in list | '') options+=(--search) ;; esac
    case $1 in explain | list | diagnose | check | '') options+=(--local) ;; esac
    case $1 in
    diagnose | check | '')
        options+=(-o --output -Y --filter -d --decode-as --option --keys -j --jobs
            --no-prefilter)
        ;;
    esac
    case $1 in diagnose | check | doctor | '') options+=(--tshark) ;; esac
    case $1 in check | '') options+=(--policy --baseline --write-baseline) ;; esac
    options+=(--lang -h --help -V --version)
    printf '%s\n' "${options[@]}"
}

# Everything that may stand in place of the word that begins with $1.
_sipwhy_codes() {
    case $1 in
    warning:*) _sipwhy_column warnings | sed 's/^/warning:/' ;;
    q850:*) _sipwhy_column q850 | sed 's/^/q850:/' ;;
    reason:*) _sipwhy_column reasons | sed 's/^/reason:/' ;;
    finding:*) _sipwhy_column findings | sed 's/^/finding:/' ;;
    [a-z]*)
        printf '%s\n' warning: q850: reason: finding:
        _sipwhy_column findings
        ;;
    *)
        printf '%s\n' 1xx 2xx 3xx 4xx 5xx 6xx warning: q850: reason: finding: -
        _sipwhy_column codes
        ;;
    esac
}

_sipwhy() {
    local IFS=$' \t\n'
    local line=${COMP_LINE:0:COMP_POINT}
    local -a words choices
    local current='' command='' before='' are_files='' word i _sipwhy_command

    # Readline cuts words at : and =; what was typed is wanted whole.
    read -ra words <<<"$line"
    _sipwhy_command=${words[0]/#\~\//$HOME/}
    if [[ $line != *[[:space:]] ]]; then
        current=${words[-1]}
        unset 'words[-1]'
    fi
    for ((i = 1; i < ${#words[@]}; i++)); do
        word=${words[i]}
        case $before in
        --format | --search | --local | --lang | -o | --output | -Y | --filter | -d | --decode-as | \
            --option | --keys | -j | --jobs | --tshark | --policy | --baseline | \
            --write-baseline) ;; # it is the option's value
        *) [[ -z $command && $word != -* ]] && command=$word ;;
        esac
        before=$word
    done

    case $before:$current in
    --format:* | --lang:*) mapfile -t choices < <(_sipwhy_values "$before" "$command") ;;
    --search:* | -Y:* | --filter:* | -d:* | --decode-as:* | --option:* | -j:* | --jobs:*)
        choices=()
        ;;
    --local:* | -o:* | --output:* | --keys:* | --tshark:* | --policy:* | --baseline:* | --write-baseline:*)
        are_files=true
        ;;
    *:--format=* | *:--lang=*)
        before=${current%%=*}
        mapfile -t choices < <(_sipwhy_values "$before" "$command")
        choices=("${choices[@]/#/$before=}")
        ;;
    *:--*=*) choices=() ;;
    *:-*)
        mapfile -t choices < <(_sipwhy_options "$command")
        case $command in explain | diagnose | check) choices+=(-) ;; esac
        ;;
    *)
        case $command in
        '')
            choices=(explain compare list diagnose check local doctor)
            # "sipwhy 488" is short for "sipwhy explain 488"
            [[ $current == [1-6]* ]] && mapfile -t choices < <(_sipwhy_codes "$current")
            ;;
        explain | [1-6]*) mapfile -t choices < <(_sipwhy_codes "$current") ;;
        compare) mapfile -t choices < <(_sipwhy_column codes) ;;
        list) choices=(1xx 2xx 3xx 4xx 5xx 6xx codes warnings q850 reasons findings local) ;;
        diagnose | check) are_files=true ;;
        local) if [[ $before == local ]]; then choices=(check); else are_files=true; fi ;;
        esac
        ;;
    esac

    if [[ -n $are_files ]]; then
        current=${current/#\~\//$HOME/}
        mapfile -t choices < <(compgen -f -- "$current")
        compopt -o filenames 2>/dev/null
    fi

    COMPREPLY=()
    for word in "${choices[@]}"; do
        [[ $word == "$current"* ]] && COMPREPLY+=("$word")
    done
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *: ]]; then
        compopt -o nospace 2>/dev/null
    fi

    # Readline replaces only what stands behind the last : or = of the word.
    for word in : =; do
        if [[ $current == *"$word"* && $COMP_WORDBREAKS == *"$word"* ]]; then
            before=${current%"${current##*"$word"}"}
            COMPREPLY=("${COMPREPLY[@]#"$before"}")
        fi
    done
}

complete -F _sipwhy sipwhy
