# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Rows of text as bench.json. $first is one measurement, $second a second one, or nothing: a row
# is exact when both gave the same minimum and median; null when there was no second.

def rows: split("\n") | map(select(. != "") | split(" ") | {
	driver: .[1], policy: .[2], row: .[3], unit: .[4], count: (.[5] | tonumber),
	min: (.[6] | tonumber), median: (.[7] | tonumber),
	p99: (.[8] | tonumber), max: (.[9] | tonumber)
});
def key: "\(.driver)/\(.policy)/\(.row)";

($first | rows) as $rows
| ($second | rows | map({key: key, value: .}) | from_entries) as $again
| ($rows | map(select(.driver == "upstream") | {key: .row, value: .median})
	| from_entries) as $kernel
| {about: $about, rows: ($rows | map(. + {
	exact: (if $again[key] then [.min, .median] == ($again[key] | [.min, .median])
		else null end),
	ratio_to_kernel_driver: (if $kernel[.row] then .median / $kernel[.row] else null end)
}))}
