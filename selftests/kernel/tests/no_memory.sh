#!/bin/sh
# vm: --vfs 1 --driver ours
# suite: debug
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Memory runs out below the module, when a VF is bound and while it is used: at the first
# allocation that an operation makes in it, then at the second, until it makes no more. Each time
# the operation fails with an error of its own, or does without; then it works. The runner looks
# for leaks and warnings.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_failslab
. "${0%/*}/lib_failslab"

unbind()
{
	put "$vf1" $driver_dir/unbind
}

unbind
exhaust "probe" unbind sh -c "echo $vf1 >$driver_dir/bind"
check "bound" put "$vf1" $driver_dir/bind

# Commands on the thread that asks for them, and on a worker.
check "split" vvbctl policy load $bpf/split.bpf.o
check "admin_timeout_ms" attr "$vf1" admin_timeout_ms 0
program no_memory "$vf1"
check "admin_timeout_ms" attr "$vf1" admin_timeout_ms 5000
VF_IOMMUFD=1 program no_memory "$vf1"
check "unload" vvbctl policy unload split

# One allocation in three fails, in any thread, for a guest that keeps reading.
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
program legacy_net "$VVB_PF" "$vf1"
finish
