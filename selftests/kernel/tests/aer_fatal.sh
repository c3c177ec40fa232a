#!/bin/sh
# vm: --vfs 2 --driver ours
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A fatal PCI error. Linux 6.12 resets the link under the port and, as virtio_pci has no error
# handlers, restores nothing: PF and VFs are lost. What can be asked for: the users of the VFs
# are told, their accesses end within admin_timeout_ms, and an operator gets the device back.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

for vf in $VVB_VFS; do
	check "admin_timeout_ms=500" attr "$vf" admin_timeout_ms 500
done
# closing it takes long: vfio-pci waits for the VF to come back from its reset
program aer "$vf1" 1 fatal
check "PF removed" timeout 100 sh -c "echo 1 >$pf_dir/remove"
check "PF found again" put 1 /sys/bus/pci/rescan
until_true 10 interface_of "$VVB_PF"
check "VFs again" vfs 2
program legacy_net "$VVB_PF" "$vf1" "$vf2"
finish
