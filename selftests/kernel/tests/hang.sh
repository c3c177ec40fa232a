#!/bin/sh
# vm: --vfs 2 --driver ours
# owner: pf, commands are left unanswered
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A device that does not answer, and admin_timeout_ms: a vCPU waits one deadline, later
# accesses fail at once, and nothing of the command is lost sight of until it is answered or
# the PF's virtio device is reset.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

virtio=$(basename "$(echo "$pf_dir"/virtio*)")
virtio_net=/sys/bus/virtio/drivers/virtio_net

# stalls VF PF - what both say of themselves
stalls()
{
	is "$vf1 stalled" "$(attr "$vf1" stalled)" "$1"
	is "commands of the PF unanswered" "$(attr "$vf1" pf_stalled)" "$2"
}

answers()
{
	is "$1: the VF answers" "$(vfreg "$vf1" read 0 4)" "$features"
}

features=$(vfreg "$vf1" read 0 4) || die "no answer: $features"
refused "" "admin_timeout_ms=60001" attr "$vf1" admin_timeout_ms 60001
refused "Invalid argument" "admin_timeout_ms=soon" attr "$vf1" admin_timeout_ms soon
for vf in $VVB_VFS; do
	check "admin_timeout_ms=300" attr "$vf" admin_timeout_ms 300
done
program legacy_net "$VVB_PF" "$vf1" "$vf2"

# The whole queue hangs, under a guest that reads on.
hold "$vf1"
testbed set hang-queue true
check "stalled: 1" until_true 5 attr_is "$vf1" stalled 1
sleep 1
stalls 1 1
is "commands that timed out" "$(event "$vf1" command_timeout)" 1
check "accesses that failed at once: $(event "$vf1" stalled)" [ "$(event "$vf1" stalled)" -gt 10 ]
is "lines of the kernel log that say so" "$(dmesg | grep -c "$vf1: .* was given up")" 1
refused "unavailable" "rmmod" rmmod virtio_vfio_bpf
unhold
refused "busy" "open while a command is unanswered" vfreg "$vf1" read 0 4
refused "unavailable" "rmmod" rmmod virtio_vfio_bpf
testbed set hang-queue false
check "stalled: 0" until_true 5 attr_is "$vf1" stalled 0
stalls 0 0
answers "late answer"
program legacy_net "$VVB_PF" "$vf1" "$vf2"

# One command is lost; the others go on, and a reset of the PF's virtio device ends it.
testbed set lose-one 1
is "an access whose command is lost" "$(vfreg "$vf1" read 0 4)" 0xffffffff
stalls 1 1
is "another VF meanwhile" "$(vfreg "$vf2" read 0 4)" "$features"
check "virtio_net unbound from the PF" put "$virtio" $virtio_net/unbind
stalls 0 0
check "virtio_net bound again" put "$virtio" $virtio_net/bind
answers "PF's virtio device reset"

# The VF, its driver and the module during a hang.
testbed set hang-queue true
is "an access of a hung device" "$(vfreg "$vf1" read 0 4)" 0xffffffff
check "VF unbound during the hang" timeout 5 sh -c "echo $vf1 >$driver_dir/unbind"
refused "unavailable" "rmmod" rmmod virtio_vfio_bpf
testbed set hang-queue false
check "VF bound again" put "$vf1" $driver_dir/bind
answers "after the hang"

# In-line, the kernel's way: the vCPU waits as long as the device likes.
check "admin_timeout_ms=0" attr "$vf1" admin_timeout_ms 0
testbed set hang-queue true
vfreg "$vf1" read 0 4 >/tmp/inline &
pid=$!
sleep 2
check "the access still waits" kill -0 $pid
check "stalled can be read meanwhile" timeout 2 cat "/sys/bus/pci/devices/$vf1/vvb/stalled"
testbed set hang-queue false
wait $pid
is "and has the answer in the end" "$(cat /tmp/inline)" "$features"
check "rmmod" rmmod virtio_vfio_bpf
finish
