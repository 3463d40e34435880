# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by tests: the files that a README shows.

# readme_files README FOLDER: each block below a comment "file: NAME" becomes FOLDER/NAME.
readme_files() {
  awk -v folder="$2" '
    match($0, /^<!-- file: .* -->$/) {file = folder "/" substr($0, 12, RLENGTH - 15); next}
    file != "" && /^```$/ {close(file); file = ""; on = 0}
    on {print > file}
    file != "" && /^```[a-z]/ {on = 1}
  ' "$1"
  chmod -R a+rX "$2"
}
