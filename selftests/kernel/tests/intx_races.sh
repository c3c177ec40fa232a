#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# INTx under fire: calls that cross each other, resets from inside and outside, unbinding.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

resets()
{
	while [ -e /tmp/resets ]; do
		put 1 "/sys/bus/pci/devices/$vf1/reset" 2>/dev/null
		usleep 30000
	done
}

program intx_races "$VVB_PF" "$vf1"
: >/tmp/resets
resets &
program intx_races "$VVB_PF" "$vf1" 8
rm /tmp/resets
wait

# Its user goes while interrupts come, and the VF is taken away meanwhile.
intx_races "$VVB_PF" "$vf1" 60 >/dev/null 2>&1 &
pid=$!
sleep 2
put "$vf1" $driver_dir/unbind &
usleep 500000
check "its user is told, and killed" kill -9 $pid
check "unbound" until_true 10 sh -c "! [ -e /sys/bus/pci/devices/$vf1/driver ]"
check "bound again" bind "$vf1" virtio_vfio_bpf
program intx "$VVB_PF" "$vf1"
finish
