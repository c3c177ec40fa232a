# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Rows of text as bench.json. $first is one measurement, $second a second one, or nothing. A row
# is exact when nothing but what is measured has a part in minimum and median: `why` tells of
# those that are not, and a second measurement has the last word.

def rows: split("\n") | map(select(. != "") | split(" ") | {
	row: .[4], driver: .[2], policy: .[3], iommu: .[1], unit: .[5], count: (.[6] | tonumber),
	min: (.[7] | tonumber), median: (.[8] | tonumber),
	p99: (.[9] | tonumber), max: (.[10] | tonumber)
});
def key: "\(.iommu)/\(.driver)/\(.policy)/\(.row)";
def kind: "\(.iommu)/\(.row)";

def is_command: .row | test("^(status|config_byte|feature|queue_size)_read|^queue_select_write");

# Why a row need not repeat; null for one that does.
def why:
	if .unit == "wall" then "real time: the machine has other things to do, and caches"
	elif .row | test("^guest_(response|packet)_exits") then "how many kicks a guest makes depends on who is faster"
	elif .row | test("^memory_left") then "names that the kernel keeps for a while"
	elif .unit == "bytes" or .unit == "count" then null
	elif .row | test("^open_close") then "sleeps until the device is reset and grace periods are over"
	elif .row | test("^policy_swap") then "sleeps until no callback of the old policy can run"
	elif .row | test("^(probe|reinit)$") then "long enough to have timer ticks in it"
	elif .row | test("^storm") then "many processes take turns"
	elif .policy == "guarded" and is_command then "a kernel thread and the vCPU take turns"
	else null end;

# $other: the same row of the second measurement, if there was one
def exact($other):
	why as $why
	| if $why then {exact: false, why: $why}
	elif $other == null or [.min, .median] == ($other | [.min, .median]) then {exact: true}
	else {exact: false, why: "the second time min \($other.min), median \($other.median)"} end;

($first | rows) as $rows
| ($second | rows | map({key: key, value: .}) | from_entries) as $again
| ($rows | map(select(.driver == "upstream") | {key: kind, value: .median})
	| from_entries) as $kernel
| {about: $about, rows: ($rows | map(. + {
	ratio_to_kernel_driver: (if ($kernel[kind] // 0) > 0 then .median / $kernel[kind]
		else null end)
} + exact($again[key])))}
