#!/bin/sh
# vm: --vfs 1 --driver ours --owner pf
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# What a VF can have, and why not more: in the kernel's log as it is bound, in its file `capable`, and
# in policy_state. A policy of a VF without a legacy interface is asked nothing.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

virtio=$(basename "$(echo "$pf_dir"/virtio*)")
drv=/sys/bus/virtio/drivers/virtio_net

capable()
{
	is "capable" "$(attr "$vf1" capable)" "$1"
}

capable only
check "the kernel log said so as it was bound" \
	sh -c "dmesg | grep -q 'virtio_vfio_bpf $vf1: capable of legacy=only$'"
refused "ermission denied" "it is for reading" sh -c "echo off >/sys/bus/pci/devices/$vf1/vvb/capable"
check "upstream" vvbctl policy load $bpf/upstream.bpf.o
check "select it" sh -c "vvbctl policy select $vf1 upstream >said 2>&1"
is "nothing else is said" "$(cat said)" ""
is "policy_state" "$(attr "$vf1" policy_state)" active

# legacy=off: nothing to ask about.
check "legacy=off" vvbctl vf set "$vf1" legacy off
is "policy_state, legacy=off" "$(attr "$vf1" policy_state)" idle
hold "$vf1"
is "the same while open" "$(attr "$vf1" policy_state)" idle
unhold
check "select it again" sh -c "vvbctl policy select $vf1 upstream 2>said"
check "vvbctl says that it is asked nothing" grep -q "$vf1: policy upstream is asked nothing: legacy is off" said
is "as JSON" "$(vvbctl -j policy select "$vf1" upstream | jq -r .note)" \
	"$vf1: policy upstream is asked nothing: legacy is off"
check "legacy=auto" attr "$vf1" legacy auto
is "policy_state, legacy=auto" "$(attr "$vf1" policy_state)" active

# The PF's driver goes, and comes back. An open VF stays what it is.
hold "$vf1"
check "virtio_net unbound from the PF" put "$virtio" $drv/unbind
is "policy_state while open" "$(attr "$vf1" policy_state)" active
capable "off: the PF's virtio device has no driver, or the host is going to sleep"
unhold
is "policy_state" "$(attr "$vf1" policy_state)" idle
check "select it" sh -c "vvbctl policy select $vf1 upstream 2>said"
check "vvbctl says why it is asked nothing" \
	grep -q "upstream is asked nothing, as the VF can't have a legacy interface: the PF's virtio" said
check "legacy=only" sh -c "vvbctl vf set $vf1 legacy only 2>said"
check "vvbctl says that it won't open" grep -q "$vf1: does not open, as .*: the PF's virtio" said
refused "not supported" "open" vfreg "$vf1" read 0 4
check "the kernel log says why" sh -c "dmesg | grep -q '$vf1: legacy=only: not opened: the PF.s virtio'"
check "owner=auto" attr "$vf1" owner auto
capable only
check "open" vfreg "$vf1" read 0 4
check "the kernel log says that it is not the PF's" \
	sh -c "dmesg | grep -q '$vf1: owner=auto: opened as its own owner: the PF.s virtio'"
check "virtio_net bound again" put "$virtio" $drv/bind
capable only
check "open" vfreg "$vf1" read 0 4
is "said" "$(dmesg | grep -c 'opened as its own owner')" 1
check "owner=pf" attr "$vf1" owner pf

# Where it is kicked the device says as the VF is opened.
check "the notify address is in the MSI-X BAR" testbed set notify-list msix-bar
capable only
refused "not supported" "open" vfreg "$vf1" read 0 4
capable "auto: the notify address shares a BAR with the MSI-X table"
check "set legacy=only" sh -c "vvbctl vf set $vf1 legacy only 2>said"
check "vvbctl says that it won't open" grep -q "$vf1: does not open, as .*: the notify address" said
check "the notify address is in a BAR of its own" testbed set notify-list member
check "open" vfreg "$vf1" read 0 4
capable only
finish
