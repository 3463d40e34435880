#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test-validate.sh TEST_VERDICT_REPORTS: reports with all that is hostile in them are valid, and
# validate.sh does find what is not.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/sipwhy-test.XXXXXX") || exit 3
trap 'rm -rf "$folder"' EXIT
failed=0
fail() {
  echo "FAILED $1"; failed=$((failed + 1))
}

"$1" --write "$folder" || fail "no reports"
reports=("$folder"/*.xml "$folder"/*.sarif)
[ "${#reports[@]}" -eq 12 ] || fail "${#reports[@]} reports"
"$here/validate.sh" "${reports[@]}" || fail "a report is not valid"

# finds WHAT FILE SED: a report that was changed is not valid any more.
finds() {
  sed "$3" "$folder/$2" > "$folder/wrong.${2##*.}"
  cmp -s "$folder/$2" "$folder/wrong.${2##*.}" && fail "$1: nothing was changed"
  "$here/validate.sh" "$folder/wrong.${2##*.}" > /dev/null 2>&1 && fail "$1 is not found"
}
finds "a timestamp with a zone" full-en.xml 's/timestamp="[^"]*/&Z/'
finds "a control character" full-en.xml 's/Offer PCMA/\x01/'
finds "two failures" full-en.xml 's/<failure .*/<failure type="x"\/>&/'
finds "an unknown element" full-en.xml 's/<system-err>/<system-log\/>&/'
finds "another version" full-en.sarif 's/"2.1.0"/"2.0.0"/'
finds "an unknown level" full-en.sarif 's/"warning"/"warn"/'
finds "an unknown member" full-en.sarif 's/"ruleIndex"/"ruleNumber"/'
finds "no JSON" full-en.sarif '$d'
echo "${#reports[@]} reports, $failed failed"
[ "$failed" -eq 0 ]
