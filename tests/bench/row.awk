# SPDX-License-Identifier: GPL-2.0-or-later
#
# A row of a table, of lines "user wall kilobytes user wall kilobytes": one command beside another.

{
  for (i = 1; i <= 3; i++) {
    if ($(i + 3) > 0) ratio[i, ++count[i]] = $i / $(i + 3)
    if (NR == 1 || $i < least[i]) least[i] = $i
  }
}

function spread(i,   n, j, k, value, middle) {
  n = count[i]
  if (n == 0) return "too short to tell"
  for (j = 2; j <= n; j++) # few: sorted by insertion
    for (k = j; k > 1 && ratio[i, k - 1] > ratio[i, k]; k--) {
      value = ratio[i, k]; ratio[i, k] = ratio[i, k - 1]; ratio[i, k - 1] = value
    }
  middle = (ratio[i, int((n + 1) / 2)] + ratio[i, int(n / 2) + 1]) / 2
  return sprintf("%.3f (%.3f to %.3f)", middle, ratio[i, 1], ratio[i, n])
}

END {
  printf "| %s | %s | %s | %s | %s | %.2f s, %.0f MB |\n", what, beside, spread(1), spread(2),
    spread(3), least[1], least[3] / 1024
}
