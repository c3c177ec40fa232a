# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# guests.json for a person, and the line that sums it up.

def left($n): (. // "-") | tostring | . + " " * ([$n - length, 0] | max);
def right($n): (. // "-") | tostring | " " * ([$n - length, 0] | max) + .;
def said: if .reason then "\(.result): \(.reason)" else .result end;
def count($what): [.rows[] | select(.result == $what)] | length;
def line($guest; $driver; $interrupt; $policy; $commands; $seconds; $result):
	($guest | left(19)) + ($driver | left(20)) + ($interrupt | left(10)) + ($policy | left(7))
	+ ($commands | right(9)) + ($seconds | right(5)) + "  " + $result;

"",
line("guest"; "driver"; "interrupt"; "policy"; "commands"; "s"; "result"),
(.rows[] | line(.guest; .driver; .interrupt; .policy; .commands; .seconds; said)),
"",
"\(count("ok")) passed, \(count("fails")) failed, \(count("known") + count("skipped")) skipped"
