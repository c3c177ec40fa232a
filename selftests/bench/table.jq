# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# bench.json as a table: medians by row and configuration, and their ratio to the kernel's driver.

def pad($n): tostring | . + " " * ($n - length);
def left($n): tostring | " " * ($n - length) + .;
def ratio: if . == null then "-" else . * 1000 | round / 1000 | tostring end;
def mark: if . == false then " not exact" else "" end;

.rows as $rows
| "\("row" | pad(22)) \("driver/policy" | pad(18)) unit  \("min" | left(10)) \("median" | left(10)) \("p99" | left(10)) \("max" | left(10))  ratio",
(reduce $rows[].row as $r ([]; if index($r) then . else . + [$r] end) | .[]) as $row
| $rows[] | select(.row == $row)
| "\(.row | pad(22)) \("\(.driver)/\(.policy)" | pad(18)) \(.unit | pad(5)) \(.min | left(10)) \(.median | left(10)) \(.p99 | left(10)) \(.max | left(10))  \(.ratio_to_kernel_driver | ratio)\(.exact | mark)"
