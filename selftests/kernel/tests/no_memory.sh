#!/bin/sh
# vm: --vfs 2 --driver ours
# suite: debug
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Memory runs out below the module: at the first allocation that an operation makes in it,
# then at the second, until it makes no more. Each time the operation fails with an error of
# its own, or does without; then it works. The runner looks for leaks and warnings.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

slab=/sys/kernel/debug/failslab
budget=100000

# within START END - only allocations with code of this range on the stack fail
within()
{
	put "$1" $slab/require-start
	put "$2" $slab/require-end
}

# text MODULE - where its code begins and ends
text()
{
	begin=$(cat "/sys/module/$1/sections/.text") || die "where is $1?"
	size=$(awk -v name="$1" '$1 == name { print $2 }' /proc/modules)
	echo "$begin $(printf '0x%x' $((begin + size)))"
}

# Only below our module, and not where it has called vfio: vfio_create_group() warns whenever
# it fails.
within_module()
{
	# shellcheck disable=SC2046 # words
	within $(text virtio_vfio_bpf)
	# shellcheck disable=SC2046 # words
	set -- $(text vfio)
	put "$1" $slab/reject-start
	put "$2" $slab/reject-end
}

# with_nth N COMMAND... - run it, its Nth such allocation fails
with_nth()
{
	sh -c 'echo "$1" >/proc/self/fail-nth && shift && exec "$@"' sh "$@"
}

failures()
{
	echo $((budget - $(cat $slab/times)))
}

# exhaust TEXT UNDO COMMAND... - COMMAND with each of its allocations failing in turn
exhaust()
{
	text=$1
	undo=$2
	shift 2
	refusals=0
	n=1
	while [ $n -lt 300 ]; do
		put $budget $slab/times
		if with_nth $n "$@" >/tmp/said 2>&1; then
			$undo
		else
			refusals=$((refusals + 1))
			grep -q . /tmp/said || fail "$text: failed without a word at allocation $n"
		fi
		[ "$(failures)" != 0 ] || break
		n=$((n + 1))
	done
	[ $n -gt 1 ] || fail "$text: made no allocation"
	[ $n -lt 300 ] || fail "$text: no end of allocations"
	check "$text: $((n - 1)) allocations failed, $refusals times it was refused" "$@"
	$undo
}

put 0 $slab/verbose
put 0 $slab/probability
put N $slab/ignore-gfp-wait
put N $slab/cache-filter
within_module

unbind()
{
	put "$vf1" $driver_dir/unbind
}

unbind
exhaust "probe" unbind sh -c "echo $vf1 >$driver_dir/bind"
check "bound" put "$vf1" $driver_dir/bind

for timeout in 0 5000; do
	check "admin_timeout_ms" attr "$vf1" admin_timeout_ms $timeout
	program no_memory "$vf1"
	VF_IOMMUFD=1 program no_memory "$vf1"
done

unload()
{
	vvbctl policy unload upstream
}

exhaust "registration of a policy" unload vvbctl policy load $bpf/upstream.bpf.o

# Any thread now: one allocation in three fails for a guest that keeps reading, by the vCPU
# itself and by a worker.
for timeout in 0 5000; do
	check "admin_timeout_ms" attr "$vf1" admin_timeout_ms $timeout
	hold "$vf1"
	before=$(event "$vf1" command_error)
	put $budget $slab/times
	put 33 $slab/probability
	sleep 3
	put 0 $slab/probability
	check "$(failures) allocations failed" [ "$(failures)" -gt 10 ]
	check "$(($(event "$vf1" command_error) - before)) commands failed" \
		[ "$(event "$vf1" command_error)" -gt "$before" ]
	unhold
done
check "admin_timeout_ms" attr "$vf1" admin_timeout_ms 0

# The init function has no address before it runs: any module's code then.
rmmod virtio_vfio_bpf || die "rmmod"
within 0xffffffffa0000000 0xffffffffff000000
exhaust "load of the module" "rmmod virtio_vfio_bpf" modprobe virtio_vfio_bpf
check "modprobe" modprobe virtio_vfio_bpf
check "VFs bound" bind "$vf1" virtio_vfio_bpf
check "VFs bound" bind "$vf2" virtio_vfio_bpf
program legacy_net "$VVB_PF" "$vf1" "$vf2"
finish
