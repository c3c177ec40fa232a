#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A VMM that does not know virtio learns where kicks go, on kernels that let a driver say so: those that export
# what other drivers call with a list of capabilities.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

told=no
! grep -q __ksymtab_vfio_pci_ioctl_get_region_info /proc/kallsyms || told=yes
echo "     the kernel takes capabilities: $told"
program doorbell_cap "$vf1" $told
check "legacy=only" attr "$vf1" legacy only
program doorbell_cap "$vf1" $told
check "legacy=off" attr "$vf1" legacy off
program doorbell_cap "$vf1" no
finish
