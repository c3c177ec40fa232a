#!/bin/sh
# vm: --vfs 2 --driver ours --device-opt admin-queue-size=4 --append preempt=full
# owner: pf, the PF's queue is full
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A PF's queue that holds fewer commands than a PF may have in flight is full of one that hangs: the
# next one spins in virtio_pci. Who waits for that one, on one CPU, is back at its deadline.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

seconds()
{
	cut -d . -f 1 /proc/uptime
}

check "VF 1 waits for long" attr "$vf1" admin_timeout_ms 60000
check "VF 2 does not" attr "$vf2" admin_timeout_ms 1000
check "the device hangs" testbed set hang-queue true
taskset 1 vfreg "$vf1" read 0 4 >/dev/null 2>&1 &
sleep 1
(
	taskset 1 sleep 6
	taskset 1 testbed set hang-queue false
) &
begin=$(seconds)
taskset 2 vfreg "$vf2" read 0 4 >/dev/null 2>&1
took=$(($(seconds) - begin))
check "back in time, after $took s" test $took -le 3
check "by its deadline" test "$(event "$vf2" command_timeout)" -gt 0
wait
check "all is answered" until_true 10 attr_is "$vf2" stalled 0
finish
