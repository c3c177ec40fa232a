# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# bench.json as a table: the figures by row and configuration, their ratio to the kernel's
# driver, and which are not exact and why.

def pad($n): tostring | . + " " * ([$n - length, 0] | max);
def left($n): tostring | " " * ([$n - length, 0] | max) + .;
def ratio: if . == null then "-" else . * 1000 | round / 1000 | tostring end;
def size: "\(.text + .data + .bss) bytes (text \(.text), data \(.data), bss \(.bss))";
def configuration: "\(.driver)/\(.policy)";

# In the order in which they came.
def in_order: reduce .[] as $x ([]; if index([$x]) then . else . + [$x] end);

def line: "\(.row | pad(26)) \(configuration | pad(16)) \(.unit | pad(7)) \(.min | left(11)) \(
	.median | left(11)) \(.p99 | left(11)) \(.max | left(11))  \(
	.ratio_to_kernel_driver | ratio | left(6))\(if .exact then "" else "  ~" end)";

def section($rows):
	"\("row" | pad(26)) \("driver/policy" | pad(16)) \("unit" | pad(7)) \("min" | left(11)) \(
		"median" | left(11)) \("p99" | left(11)) \("max" | left(11))  \("ratio" | left(6))",
	($rows | map(.row) | in_order | .[]) as $row
	| $rows[] | select(.row == $row) | line;

def machine:
	if .icount then
		"Linux \(.kernel) on \(.qemu), icount \(.icount); module by \(.compiler)",
		"virtio_vfio_bpf \(.module_bytes | size)",
		"virtio_vfio_pci \(.upstream_module_bytes | size)"
	else
		"\(.machine), Linux \(.kernel), \(.vf) (\(.device))\(
			if .governor != "" then ", governor \(.governor)" else "" end)\(
			if .admin_timeout_ms != "" then ", admin_timeout_ms \(.admin_timeout_ms)"
			else "" end)"
	end;

def inexact:
	map(select(.exact | not) | . + {why: (if .why | test("^the second time") then "\(.why): it should"
		else .why end)}) | group_by(.why)[]
	| "  \(.[0].why): \(map("\(.row) \(configuration)\(if .iommu == "pt" then "/pt" else "" end)")
		| in_order | if length > 6 then .[:6] + ["\(length - 6) more"] else . end | join(", "))";

.rows as $all
| (.about | machine),
(
	[["nopt", "iommu=nopt: the cost of a command has the DMA mapping of its buffers in it"],
	 ["pt", "iommu=pt: the PF reaches memory untranslated, nothing is mapped"]][] as $mode
	| ($all | map(select(.iommu == $mode[0]))) as $rows
	| select($rows != [])
	| "", $mode[1], "", section($rows)
),
"",
"\($all | map(select(.exact)) | length) of \($all | length) rows are exact in minimum and median\(
	if .about.rounds == 2 then ": seen twice" else "" end); ~ are not:",
($all | inexact)
