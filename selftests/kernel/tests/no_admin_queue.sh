#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt offer-admin-vq=off
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A PF without administration queue: the VF is what vfio-pci would make of it.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

hold "$vf1"
is "interface" "$(attr "$vf1" interface)" modern
is "notify" "$(attr "$vf1" notify)" closed
unhold
said="$vf1: legacy=auto: no legacy commands now, so the modern interface alone"
check "the kernel log says why" sh -c "dmesg | grep -q '$said'"
refused "Invalid argument" "BAR0" vfreg "$vf1" read 0 4
program plain_vfio "$vf1"
bind "$vf1" vfio-pci 2>/dev/null || modprobe vfio-pci && bind "$vf1" vfio-pci
program plain_vfio "$vf1"
finish
