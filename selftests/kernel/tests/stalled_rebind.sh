#!/bin/sh
# vm: --vfs 2 --driver ours
# owner: pf, a command is left unanswered
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A command that was given up is the PF's to remember: it may hit whoever has that VF next, so it
# is not forgotten when the VF is unbound and bound again, or made anew. And before another driver
# gets the VF it is waited for, up to a time.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

virtio=$(basename "$(echo "$pf_dir"/virtio*)")
virtio_net=/sys/bus/virtio/drivers/virtio_net

now_ms()
{
	awk '{ printf "%d\n", $1 * 1000 }' /proc/uptime
}

# took MIN MAX TEXT COMMAND... - it takes so many milliseconds, of a stock kernel
took()
{
	min=$1
	max=$2
	what=$3
	shift 3
	start=$(now_ms)
	check "$what" "$@"
	ms=$(($(now_ms) - start))
	check "$what: took $ms ms, of $min to $max" \
		[ $ms -ge "$min" -a $ms -lt $((max * VVB_SLOWDOWN)) ]
}

says()
{
	dmesg | grep -q "$vf1: $1"
}

again()
{
	took 2900 4500 "VF unbound" put "$vf1" "$driver_dir/unbind"
	check "it is told" says "it is still unanswered"
	check "VF bound again" put "$vf1" "$driver_dir/bind"
}

# Both hang: they are not waited for one after the other.
made_anew()
{
	is "commands unanswered" "$(attr "$vf1" pf_stalled)" 2
	took 2900 5500 "no VFs" put 0 "$pf_dir/sriov_numvfs"
	check "VFs made anew" vfs 2
}

# stale HOW - queue_select is written to a device that hangs; then the VF is another user's
stale()
{
	check "admin_timeout_ms=100" attr "$vf1" admin_timeout_ms 100
	[ "$1" != made_anew ] || program abandon "$vf2" 14 2 1 lose-one 1
	program abandon "$vf1" 14 2 1
	is "stalled" "$(attr "$vf1" stalled)" 1
	refused "busy" "open" vfreg "$vf1" read 14 2
	before=$(attr "$vf1" pf_stalled)
	"$1"
	is "$1: stalled" "$(attr "$vf1" stalled)" 1
	is "$1: commands unanswered" "$(attr "$vf1" pf_stalled)" "$before"
	refused "busy" "$1: open" vfreg "$vf1" read 14 2
	refused "unavailable" "$1: rmmod" rmmod virtio_vfio_bpf
	testbed set hang-queue false
	check "$1: it is over" until_true 5 attr_is "$vf1" stalled 0
	is "$1: queue_select" "$(vfreg "$vf1" read 14 2)" 0x0000
}

# driver_ok - the device runs under the driver that has VF 1 now: bit 2 of its status
driver_ok()
{
	status=$(testbed get fn-state | sed -n 's/^1 .*status=\(0x[0-9a-f]*\).*/\1/p')
	[ $((${status:-0} & 4)) = 4 ]
}

check "admin_timeout_ms=100 of VF 2" attr "$vf2" admin_timeout_ms 100
stale again
stale made_anew
check "virtio_net unbound from the PF" put "$virtio" $virtio_net/unbind
check "with the PF's driver goes what it was asked" until_true 5 attr_is "$vf1" pf_stalled 0
check "virtio_net bound again" put "$virtio" $virtio_net/bind

# A reset of the device, by the guest, is late: it comes before the next driver. The driver waits for
# three seconds, however slow the kernel is.
check "admin_timeout_ms=100" attr "$vf1" admin_timeout_ms 100
program abandon "$vf1" 18 1 0
(command usleep 1000000; testbed set hang-queue false) &
took 500 2900 "VF unbound, the device answers meanwhile" put "$vf1" "$driver_dir/unbind"
check "it is told" says "it is over"
wait
check "VF bound to another driver" bind "$vf1" virtio-pci
until_true 10 interface_of "$vf1"
sleep 1
check "its device runs" driver_ok
check "VF bound to ours" bind "$vf1" virtio_vfio_bpf

# Nobody answers any more once the PF's virtio device is reset.
program abandon "$vf1" 14 2 1 lose-one 1
(command usleep 200000; put "$virtio" $virtio_net/unbind) &
took 300 2900 "VF unbound, the PF's driver goes meanwhile" put "$vf1" "$driver_dir/unbind"
wait
check "virtio_net bound to the PF" put "$virtio" $virtio_net/bind
check "VF bound" put "$vf1" "$driver_dir/bind"
for vf in $vf1 $vf2; do
	check "admin_timeout_ms=5000" attr "$vf" admin_timeout_ms 5000
done
program legacy_net "$VVB_PF" "$vf1" "$vf2"

# A clean VF goes at once.
took 0 1000 "VF unbound" put "$vf1" "$driver_dir/unbind"
check "rmmod" rmmod virtio_vfio_bpf
finish
