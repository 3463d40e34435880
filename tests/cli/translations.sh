#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# script/translations on a small repository of its own: what it names, and its exit status. Exit
# code 77: there is no git.
#
# usage: translations.sh SOURCE
set -u
source=$(realpath "$1")
command -v git > /dev/null || { echo 'there is no git'; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# Nobody's own settings, nor a repository around this one.
export LC_ALL=C.UTF-8 TZ=UTC HOME=$dir GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_CEILING_DIRECTORIES=$dir GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY
failed=0
day=0

fail() {
    echo "FAILED: $1"
    failed=$((failed + 1))
}

# One day later than the one before.
commit() {
    day=$((day + 1))
    git add -A
    GIT_AUTHOR_DATE="2025-01-0${day}T12:00:00Z" GIT_COMMITTER_DATE="2025-01-0${day}T12:00:00Z" \
        git commit -q -m "$1" || fail "$1: no commit"
}

# behind NAME STATUS EXPECTED [LANGUAGE]: what the script prints.
behind() {
    got=$(script/translations "${4-fr}" 2>&1)
    status=$?
    [ "$status" -eq "$2" ] || fail "$1: status $status instead of $2"
    [ "$got" = "$3" ] || fail "$1: $(diff <(echo "$3") <(echo "$got"))"
}

nothing='0 text(s) of data/fr behind data/en'
mkdir -p "$dir/repository/script" "$dir/repository/data/en/responses" "$dir/repository/data/fr/responses"
cd "$dir/repository" || exit 1
cp "$source/script/translations" script
git init -q . || exit 1

cat > data/en/interface.ini << 'END'
# Texts
[pages]
any-method=Any method
fix-by={who}: {what}

[help]
any-method=Any
END
cat > data/fr/interface.ini << 'END'
[pages]
any-method=Toute méthode
fix-by={who} : {what}

[help]
any-method=Toute
END
printf '[486]\nnext=Call later, a=b.\ncause1=Busy.\n' > data/en/responses/4xx.ini
printf '[486]\nnext=Rappelez, a=b.\ncause1=Occupé.\n' > data/fr/responses/4xx.ini
commit 'both languages'
behind 'nothing has changed' 0 "$nothing"

sed -i 's/^next=.*/next=Call tomorrow, a=b./' data/en/responses/4xx.ini
later='data/fr/responses/4xx.ini: [486] next
  then: Call later, a=b.
  now:  Call tomorrow, a=b.
  fr:   Rappelez, a=b.
1 text(s) of data/fr behind data/en'
behind 'an English text has changed, without a commit' 1 "$later"
commit 'en: another text'
behind 'an English text has changed' 1 "$later"

# Of two texts of one name in two groups the one that changed is named.
sed -i '/^\[help\]/,$s/^any-method=.*/any-method=Each/' data/en/interface.ini
commit 'en: another one'
behind 'two English texts have changed' 1 'data/fr/interface.ini: [help] any-method
  then: Any
  now:  Each
  fr:   Toute
data/fr/responses/4xx.ini: [486] next
  then: Call later, a=b.
  now:  Call tomorrow, a=b.
  fr:   Rappelez, a=b.
2 text(s) of data/fr behind data/en'

sed -i 's/^any-method=Toute$/any-method=Chaque/' data/fr/interface.ini
behind 'one translation has followed, without a commit' 1 "$later"
sed -i 's/^next=.*/next=Rappelez demain, a=b./' data/fr/responses/4xx.ini
commit 'fr: both follow'
behind 'both translations have followed' 0 "$nothing"

# The same line elsewhere, and a comment.
printf '[486]\ncause1=Busy.\nnext=Call tomorrow, a=b.\n' > data/en/responses/4xx.ini
sed -i 's/^# Texts/# What the software says/' data/en/interface.ini
commit 'en: move a line'
behind 'a line has moved' 0 "$nothing"
rm data/fr/interface.ini
behind 'a translated file is missing' 1 'data/fr/interface.ini: is missing
1 text(s) of data/fr behind data/en'
git checkout -q data/fr/interface.ini

usage='usage: script/translations LANGUAGE (a folder of data/, but en)'
for language in en de ../fr fr/responses FR ''; do
    behind "language \"$language\"" 2 "$usage" "$language"
done
if ! (cd / && "$dir/repository/script/translations" fr) > /dev/null; then
    fail 'from another folder'
fi

whole="script/translations: needs a checkout with git's whole history"
git clone -q --depth 1 "file://$dir/repository" "$dir/shallow" || fail 'no shallow clone'
cd "$dir/shallow" || exit 1
behind 'a shallow clone' 3 "$whole"
rm -rf .git
behind 'no repository' 3 "$whole"

[ "$failed" -eq 0 ] && echo 'all passed'
exit "$((failed > 0))"
