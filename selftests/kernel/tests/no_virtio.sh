#!/bin/sh
# vm: --vfs 1 --driver ours --owner pf
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# VFs of a PF that has no virtio driver, but one that does nothing else than make VFs: nobody can
# send a command for them.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

check "no driver" put "$VVB_PF" "$pf_dir/driver/unbind"
check "pci-pf-stub" modprobe pci-pf-stub
check "override" put pci-pf-stub "$pf_dir/driver_override"
check "PF bound" put "$VVB_PF" /sys/bus/pci/drivers/pci-pf-stub/bind
check "a VF" vfs 1
vf1=$VVB_VFS
hold "$vf1"
is "interface" "$(attr "$vf1" interface)" modern
is "commands that are lost" "$(attr "$vf1" pf_stalled)" 0
unhold
refused "Invalid argument" "BAR0" vfreg "$vf1" read 0 4
check "legacy=only" attr "$vf1" legacy only
refused "not supported" "open" vfreg "$vf1" read 0 4
check "unbound" put "$vf1" $driver_dir/unbind
check "no VFs" put 0 "$pf_dir/sriov_numvfs"
check "rmmod" rmmod virtio_vfio_bpf
finish
