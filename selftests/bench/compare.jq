# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# What is different in $new, row by row, from $base: bench.json both. Less is better in every
# row, but for how many commands the device served in a time: that is no cost. A row that $base
# has as exact must be there, and be no more than 1 % above in minimum and median; others are
# told, and judge nothing. The last value is whether all is well.

def limit: 1.01;
def pad($n): tostring | . + " " * ([$n - length, 0] | max);
def left($n): tostring | " " * ([$n - length, 0] | max) + .;
def percent($was; $is): if $was == $is then "" elif $was == 0 then "from 0"
	else ($is / $was - 1) * 10000 | round / 100 + 0 | "\(if . >= 0 then "+" else "" end)\(.) %" end;
def key: "\(.row) \(.driver)/\(.policy)\(if (.iommu // "nopt") == "nopt" then ""
	else "/\(.iommu)" end)";
def by_key: map({key: key, value: .}) | from_entries;

# The verdict on one row, as it was and as it is.
def verdict($was; $is):
	if $was == null then "new"
	elif $is == null then (if $was.exact then "MISSING" else "gone" end)
	elif $was.unit != $is.unit then "UNIT: \($was.unit), now \($is.unit)"
	elif [$was.min, $was.median] == [$is.min, $is.median] then "same"
	elif ($was.exact | not) then "not exact"
	elif $is.unit == "per_ms" then "no cost"
	elif $is.min > $was.min * limit or $is.median > $was.median * limit then "REGRESSION"
	elif $is.min > $was.min or $is.median > $was.median then "within 1 %"
	else "better" end;
def is_failure: test("^(MISSING|UNIT|REGRESSION)");

def number: . // "-";
def line($name; $was; $is; $verdict):
	"\($name | pad(46)) \($was.min | number | left(9)) \($is.min | number | left(9)) "
	+ "\(if $was and $is then percent($was.min; $is.min) else "" end | left(10)) "
	+ "\($was.median | number | left(9)) \($is.median | number | left(9)) "
	+ "\(if $was and $is then percent($was.median; $is.median) else "" end | left(10))  \($verdict)";

def about($name): [$base.about[$name], $new.about[$name]]
	| select(.[0] != .[1]) | "note: \($name): \(.[0]), now \(.[1])";

($base.rows | by_key) as $was
| ($new.rows | by_key) as $is
| [($base.rows + $new.rows | map(key) | unique)[] | {name: ., verdict: verdict($was[.]; $is[.])}]
	as $judged
| ($judged | map(select(.verdict | is_failure))) as $failures
| about("kernel", "qemu", "compiler", "icount"),
"\("row" | pad(46)) \("min was" | left(9)) \("is" | left(9)) \("" | left(10)) "
	+ "\("median" | left(9)) \("is" | left(9))",
($judged[] | select(.verdict != "same") | line(.name; $was[.name]; $is[.name]; .verdict)),
"",
"\($judged | length) rows: "
	+ ($judged | group_by(.verdict) | map("\(length) \(.[0].verdict)") | join(", ")),
($failures == [])
