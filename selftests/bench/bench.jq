# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Rows of text as bench.json. $first is one measurement, $second a second one, or nothing: a row
# is exact when both gave the same minimum and median; null when there was no second.

def rows: split("\n") | map(select(. != "") | split(" ") | {
	row: .[4], driver: .[2], policy: .[3], iommu: .[1], unit: .[5], count: (.[6] | tonumber),
	min: (.[7] | tonumber), median: (.[8] | tonumber),
	p99: (.[9] | tonumber), max: (.[10] | tonumber)
});
def key: "\(.iommu)/\(.driver)/\(.policy)/\(.row)";
def kind: "\(.iommu)/\(.row)";

($first | rows) as $rows
| ($second | rows | map({key: key, value: .}) | from_entries) as $again
| ($rows | map(select(.driver == "upstream") | {key: kind, value: .median})
	| from_entries) as $kernel
| {about: $about, rows: ($rows | map(. + {
	exact: (if $again[key] then [.min, .median] == ($again[key] | [.min, .median])
		else null end),
	ratio_to_kernel_driver: (if ($kernel[kind] // 0) > 0 then .median / $kernel[kind]
		else null end)
}))}
