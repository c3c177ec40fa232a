#!/bin/sh
# vm: --vfs 2 --driver ours
# owner: pf, the PF's driver goes, which a function that is its own owner does not miss
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The PF goes away under an open VF, in each way it can: its virtio driver alone, which
# fails accesses and lets them work again; the device, which waits for the VF's user.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

virtio=$(basename "$(echo "$pf_dir"/virtio*)")
drv=/sys/bus/virtio/drivers/virtio_net

# While the guest of hold_vf reads on: how many of its reads were refused?
pf_unavailable()
{
	[ "$(event "$vf1" pf_unavailable)" -gt "$1" ]
}

# gone TEXT COMMAND... - the PF's driver leaves by COMMAND
gone()
{
	before=$(event "$vf1" pf_unavailable)
	check "$@"
	check "accesses are refused and counted" until_true 5 pf_unavailable "$before"
}

# back TEXT COMMAND... - and is there again: accesses reach the device
back()
{
	check "$@"
	sleep 1
	before=$(event "$vf1" pf_unavailable)
	usleep 500000
	is "refused accesses since" "$(($(event "$vf1" pf_unavailable) - before))" 0
}

hold "$vf1"
gone "virtio_net unbound from the PF" put "$virtio" $drv/unbind
back "virtio_net bound again" put "$virtio" $drv/bind
gone "virtio_net removed" rmmod virtio_net
back "virtio_net loaded again" modprobe virtio_net
unhold
check "the VF opens and answers" vfreg "$vf1" read 0 4
program legacy_net "$VVB_PF" "$vf1"

# blocks TEXT FILE VALUE - a write that waits for the user of the VF, and no longer
blocks()
{
	hold "$vf1" 1500
	rm -f /tmp/writer
	(put "$2" "$3"; touch /tmp/writer) &
	writer=$!
	check "$1: the VF is asked for" until_true 10 grep -q asked "$hold_log"
	check "$1: waits for its user" [ ! -e /tmp/writer ]
	until_true 15 grep -q closed "$hold_log" || die "$1: hold_vf: $(cat "$hold_log")"
	# shellcheck disable=SC2046 # words
	set -- "$1" $(grep reads "$hold_log")
	check "$1: accesses meanwhile: $3, of them all-ones: $5, slowest: $7 ms" \
		[ "$3" -gt 10 -a "$3" = "$5" -a "$7" -lt $((500 * VVB_SLOWDOWN)) ]
	check "$1: the writer is back" until_true 20 [ -e /tmp/writer ]
	wait "$writer"
	unhold
}

blocks "sriov_numvfs=0" 0 "$pf_dir/sriov_numvfs"
is "VFs" "$(cat "$pf_dir/sriov_numvfs")" 0
check "VFs again" vfs 2
program legacy_net "$VVB_PF" "$vf1" "$vf2"

blocks "PF unbound" "$VVB_PF" /sys/bus/pci/drivers/virtio-pci/unbind
check "the VF is gone" [ ! -e "/sys/bus/pci/devices/$vf1" ]
check "PF bound again" put "$VVB_PF" /sys/bus/pci/drivers/virtio-pci/bind
until_true 10 interface_of "$VVB_PF"
check "VFs again" vfs 2
program legacy_net "$VVB_PF" "$vf1" "$vf2"

blocks "VF unbound" "$vf1" $driver_dir/unbind
check "VF bound again" put "$vf1" $driver_dir/bind
check "and answers" vfreg "$vf1" read 0 4
finish
