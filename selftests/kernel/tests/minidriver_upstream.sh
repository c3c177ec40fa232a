#!/bin/sh
# vm: --vfs 2 --driver upstream
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The model is right, part two: the kernel's own driver passes the legacy end-to-end test.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

for vf in $VVB_VFS; do
	is "$vf" "$(basename "$(readlink "/sys/bus/pci/devices/$vf/driver")")" virtio_vfio_pci
done
program legacy_net "$VVB_PF" "$vf1" "$vf2"
program legacy_registers "$vf1"
program config_space "$vf1"
program bad_access "$vf1"
program old_guest "$vf1"
finish
