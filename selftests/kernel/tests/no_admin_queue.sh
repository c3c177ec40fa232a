#!/bin/sh
# vm: --vfs 1 --driver ours --owner pf --device-opt offer-admin-vq=off
# owner: pf, the PF has no administration queue
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A PF without administration queue: the VF is what vfio-pci would make of it.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

hold "$vf1"
is "interface" "$(attr "$vf1" interface)" modern
is "notify" "$(attr "$vf1" notify)" closed
unhold
why="the PF's device has no administration queue"
said="$vf1: legacy=auto: the modern interface alone: $why"
check "the kernel log says why" sh -c "dmesg | grep -q \"$said\""
is "capable" "$(attr "$vf1" capable)" "off: $why"
refused "Invalid argument" "BAR0" vfreg "$vf1" read 0 4
program plain_vfio "$vf1"
bind "$vf1" vfio-pci 2>/dev/null || modprobe vfio-pci && bind "$vf1" vfio-pci
program plain_vfio "$vf1"
finish
