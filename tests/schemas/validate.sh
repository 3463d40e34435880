#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# validate.sh FILE...: checks *.xml against both JUnit schemas, and *.sarif against SARIF's. Prints
# what is wrong; exit code 1 if anything is, 2 without a file.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -gt 0 ] || { echo "usage: validate.sh FILE..." >&2; exit 2; }

# Debian's python has python3-jsonschema; another one that stands before it in PATH may not.
for python in /usr/bin/python3 python3; do
  "$python" -c 'import jsonschema' 2> /dev/null && break
done

failed=0
for file in "$@"; do
  case $file in
    *.xml)
      for schema in junit-ant junit-jenkins; do
        xmllint --noout --nonet --huge --schema "$here/$schema.xsd" "$file" 2> "$file.err" ||
          { echo "$file, $schema:"; head -5 "$file.err"; failed=1; }
        rm -f "$file.err"
      done ;;
    *.sarif)
      "$python" - "$here/sarif-2.1.0.json" "$file" << 'PYTHON' || failed=1
import json, sys
import jsonschema

try:
    schema, report = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:3])
except ValueError as error:
    sys.exit(f"{sys.argv[2]}: {error}")
errors = list(jsonschema.Draft4Validator(schema).iter_errors(report))
for error in errors[:5]:
    print(f"{sys.argv[2]}: {list(error.absolute_path)}: {error.message[:300]}")
sys.exit(bool(errors))
PYTHON
      ;;
    *) echo "validate.sh: neither .xml nor .sarif: $file"; failed=1 ;;
  esac
done
exit "$failed"
