# SPDX-License-Identifier: GPL-2.0-or-later
#
# The few rows of the benchmark's tables for which there is a goal: what it is, what was measured.

function first(cell) { sub(/ .*/, "", cell); return cell }
function row(what, goal, value) { rows[++count] = "| " what " | " goal " | " value " |" }

BEGIN { FS = " *[|] *" } # $2 is what runs, $4 user CPU, $5 wall time, $6 memory

$2 == "SIP: `tshark -r`, plugin idle" {
  row("SIP alone, nobody asks the plugin: user CPU", "1.05, limit 1.10", first($4))
  row("the same: peak memory", "1.08", first($6))
}
$2 == "95 % RTP: `tshark -r`, plugin idle" {
  row("95 % RTP, nobody asks the plugin: user CPU", "1.02", first($4))
}
$2 == "SIP: `-z sipwhy,tree`" {
  row("SIP alone, the plugin at work beside `-z sip,stat`: user CPU", "1.05, limit 1.10", first($4))
  row("the same: peak memory", "1.08", first($6))
}
$2 == "95 % RTP: `-z sipwhy,tree`" {
  row("95 % RTP, the plugin at work: user CPU", "1.02", first($4))
}
$2 == "mixed" { mixed = $9 }
$2 == "short" { short = $9 }
$2 == "`-z sipwhy,tree` beyond `-z sip,stat`" {
  row("instructions a message that the plugin adds, ten times as many messages to one time",
    "0.95 to 1.05", $(NF - 1))
}
$2 == "95 % RTP: `sipwhy diagnose`" {
  row("95 % RTP: wall time of `sipwhy diagnose` beside `tshark -q -z sip,stat`", "0.333", first($5))
}
$2 == "95 % RTP: `sipwhy check`" { row("the same of `sipwhy check`", "0.333", first($5)) }
$2 ~ /^looking up a code/ { row("looking up a code", "20 ns", $3) }
$2 ~ /^scanning a message/ { row("scanning a message of some 500 bytes", "1000 ns", $3) }

END {
  if (mixed != "") row("memory that a Call-ID takes beyond Wireshark's, mixed traffic", "1024 bytes", mixed)
  if (short != "") row("the same, short calls", "1024 bytes", short)
  if (count == 0) exit
  printf "\n### Beside the goals\n\n| what | at most | measured |\n| --- | --- | --- |\n"
  for (i = 1; i <= count; i++) print rows[i]
}
