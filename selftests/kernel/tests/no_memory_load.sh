#!/bin/sh
# vm: --vfs 2 --driver ours
# suite: debug
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The same for what is loaded: policies, guards, and the module itself.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_failslab
. "${0%/*}/lib_failslab"

unload()
{
	vvbctl policy unload upstream
}

exhaust "registration of a policy" unload vvbctl policy load $bpf/upstream.bpf.o

# Guards, and most of what it takes to load a policy, are the BPF core's: one allocation in
# some fails, whatever of the process it is for.
starved()
{
	# shellcheck disable=SC2016 # the inner shell's
	sh -c 'echo 1 >/proc/self/make-it-fail && exec "$@"' sh "$@"
}

set_vmalloc()
{
	[ $# = 2 ] || die "no vmalloc"
	put "$1" $slab/reject-start
	put "$2" $slab/reject-end
}

# scarce TEXT UNDO COMMAND...
scarce()
{
	what=$1
	undo=$2
	shift 2
	worked=0
	put 0 $slab/require-start
	put 0xffffffffffffffff $slab/require-end
	# it warns whenever it fails
	# shellcheck disable=SC2046 # words
	set_vmalloc $(core_code __vmalloc_node_range_noprof)
	put $budget $slab/times
	put Y $slab/task-filter
	put 100 $slab/probability
	for every in $(seq 100 100 1500); do
		put "$every" $slab/interval
		if starved "$@" >/dev/null 2>&1; then
			worked=$((worked + 1))
			$undo
		fi
	done
	put 0 $slab/probability
	put N $slab/task-filter
	put 1 $slab/interval
	check "$what: $(failures) allocations failed" [ "$(failures)" -ge 15 ]
	check "$what: worked $worked times of 15" [ $worked -lt 15 ]
	check "$what" "$@"
	$undo
	within_module
}

scarce "load of a policy" unload vvbctl policy load $bpf/upstream.bpf.o

lift()
{
	rm -f /sys/fs/bpf/vvb_guard
}

scarce "load of a guard" lift \
	bpftool prog load $bpf/guard-split.bpf.o /sys/fs/bpf/vvb_guard autoattach

# The init function has no address before it runs: any module's code then. VFs stay unbound, as
# that is another operation.
put 0 /sys/bus/pci/drivers_autoprobe
rmmod virtio_vfio_bpf || die "rmmod"
within 0xffffffffa0000000 0xffffffffff000000
exhaust "load of the module" "rmmod virtio_vfio_bpf" \
	load_module "/lib/modules/$(uname -r)/extra/virtio_vfio_bpf.ko"
check "modprobe" modprobe virtio_vfio_bpf
put 1 /sys/bus/pci/drivers_autoprobe
check "VF bound" bind "$vf1" virtio_vfio_bpf
check "VF bound" bind "$vf2" virtio_vfio_bpf
program legacy_net "$VVB_PF" "$vf1" "$vf2"
finish
