# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# kernels.json for a person, and the line that sums it up.

def left($n): tostring | . + " " * ([$n - length, 0] | max);
def right($n): tostring | " " * ([$n - length, 0] | max) + .;
def line($kernel; $builds; $passed; $failed; $skipped; $reason):
	($kernel | left(12)) + ($builds | left(8)) + ($passed | right(6)) + ($failed | right(8))
	+ ($skipped | right(9)) + if $reason then "  " + $reason else "" end;

"",
line("kernel"; "builds"; "passed"; "failed"; "skipped"; null),
(.rows[] | line(.kernel; .builds; .passed; .failed; .skipped; .reason)),
"",
"\(.passed) passed, \(.failed) failed, \(.skipped) skipped"
