#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Non-fatal PCI errors: users of all VFs under the port are told, and nothing else happens.
# The kernel reports "recovery failed" as virtio_pci has no error handlers; that is all it does.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# errors FUNCTION - non-fatal errors of it that the kernel counted
errors()
{
	sed -n 's/^TOTAL_ERR_NONFATAL //p' "/sys/bus/pci/devices/$1/aer_dev_nonfatal"
}

for legacy in auto only; do
	check "legacy=$legacy" attr "$vf1" legacy $legacy
	program aer "$vf1" 1 own
	program aer "$vf1" 2 other
	program aer "$vf1" 0 other
done
for function in "$VVB_PF" "$vf1" "$vf2"; do
	is "$function: errors" "$(errors "$function")" 6
done
check "legacy=auto" attr "$vf1" legacy auto
program legacy_net "$VVB_PF" "$vf1" "$vf2"
finish
