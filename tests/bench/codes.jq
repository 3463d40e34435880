# SPDX-License-Identifier: GPL-2.0-or-later
#
# What `sipwhy explain CODE... --format json` says of codes, as the table of table.lua.
"return {",
(.[] | "  [\(.code)] = { phrase = \(.phrase | tojson), severity = \(.severity | tojson), " +
  "category = \(.category | tojson), reference = \(.reference | tojson) },"),
"}"
