#!/bin/sh
# vm: --vfs 2 --driver ours
# owner: pf, commands are left unanswered
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The PF is reset under its virtio driver, while the device hangs and while it does not. Linux
# 6.12 tells virtio_pci nothing of it: its queues are dead from then on, so commands must end by
# their deadline, until the driver is bound anew.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

virtio=$(basename "$(echo "$pf_dir"/virtio*)")
virtio_net=/sys/bus/virtio/drivers/virtio_net

rebind()
{
	check "virtio_net unbound from the PF" put "$virtio" $virtio_net/unbind
	check "virtio_net bound again" put "$virtio" $virtio_net/bind
	until_true 10 interface_of "$VVB_PF"
	is "commands unanswered" "$(attr "$vf1" pf_stalled)" 0
}

for vf in $VVB_VFS; do
	check "admin_timeout_ms=300" attr "$vf" admin_timeout_ms 300
done

hold "$vf1"
testbed set hang-queue true
check "stalled: 1" until_true 5 attr_is "$vf1" stalled 1
check "PF reset during a hang" timeout 20 sh -c "echo 1 >$pf_dir/reset"
testbed set hang-queue false
sleep 1
is "still unanswered" "$(attr "$vf1" stalled)" 1
before=$(event "$vf1" stalled)
sleep 1
check "accesses fail at once" [ "$(event "$vf1" stalled)" -gt $((before + 10)) ]
unhold
refused "busy" "open" vfreg "$vf1" read 0 4
rebind
program legacy_net "$VVB_PF" "$vf1" "$vf2"

hold "$vf1"
check "PF reset" timeout 20 sh -c "echo 1 >$pf_dir/reset"
check "stalled: 1" until_true 5 attr_is "$vf1" stalled 1
is "one command unanswered" "$(attr "$vf1" pf_stalled)" 1
rebind
unhold
program legacy_net "$VVB_PF" "$vf1" "$vf2"
finish
