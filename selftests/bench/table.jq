# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# bench.json as a table: medians by row and configuration, and their ratio to the kernel's driver.

def pad($n): tostring | . + " " * ([$n - length, 0] | max);
def left($n): tostring | " " * ([$n - length, 0] | max) + .;
def ratio: if . == null then "-" else . * 1000 | round / 1000 | tostring end;
def mark: if . == false then "  not exact" else "" end;
def size: "\(.text + .data + .bss) bytes (text \(.text), data \(.data), bss \(.bss))";

def section($rows):
	"\("row" | pad(22)) \("driver/policy" | pad(18)) \("unit" | pad(7)) \("min" | left(10)) \(
		"median" | left(10)) \("p99" | left(10)) \("max" | left(10))  \("ratio" | left(6))",
	(reduce $rows[].row as $r ([]; if index($r) then . else . + [$r] end) | .[]) as $row
	| $rows[] | select(.row == $row)
	| "\(.row | pad(22)) \("\(.driver)/\(.policy)" | pad(18)) \(.unit | pad(7)) \(
		.min | left(10)) \(.median | left(10)) \(.p99 | left(10)) \(.max | left(10))  \(
		.ratio_to_kernel_driver | ratio | left(6))\(.exact | mark)";

.rows as $all
| .about as $about
| "Linux \($about.kernel) on \($about.qemu), icount \($about.icount); module by \($about.compiler)",
"virtio_vfio_bpf \($about.module_bytes | size)",
"virtio_vfio_pci \($about.upstream_module_bytes | size)",
(
	{nopt: "iommu=nopt: what a command's buffers cost includes their DMA mapping",
	 pt: "iommu=pt: the PF reaches memory untranslated, buffers are not mapped"}
	| to_entries[] as $mode
	| ($all | map(select(.iommu == $mode.key))) as $rows
	| select($rows != [])
	| "", $mode.value, section($rows)
)
