#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# rmmod while a VF is open, a policy is loaded, a channel is open, a VF is bound.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

in_use="Resource temporarily unavailable"

hold "$vf1"
refused "$in_use" "rmmod while a VF is open" rmmod virtio_vfio_bpf
check "the VF is not disturbed" kill -0 "$hold_pid"
unhold
check "load a policy" vvbctl policy load $bpf/upstream.bpf.o
check "select it" attr "$vf1" policy upstream
refused "$in_use" "rmmod while a policy is loaded" rmmod virtio_vfio_bpf
check "unload it" vvbctl policy unload upstream
command sleep 1000 9</dev/vvb &
holder=$!
usleep 300000
refused "$in_use" "rmmod while a channel is open" rmmod virtio_vfio_bpf
kill $holder
wait $holder
check "rmmod while a VF is bound" rmmod virtio_vfio_bpf
check "the VF is free" [ ! -e "/sys/bus/pci/devices/$vf1/driver" ]
check "no /dev/vvb" [ ! -e /dev/vvb ]
check "modprobe" modprobe virtio_vfio_bpf
check "VF bound" bind "$vf1" virtio_vfio_bpf
is "policy" "$(attr "$vf1" policy)" none
program legacy_net "$VVB_PF" "$vf1"
finish
