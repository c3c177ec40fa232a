#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The same end-to-end test with our driver, no policy, no daemon.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

for vf in $VVB_VFS; do
	is "$vf" "$(basename "$(readlink "/sys/bus/pci/devices/$vf/driver")")" virtio_vfio_bpf
	is "$vf: policy" "$(attr "$vf" policy)" none
	is "$vf: daemon" "$(attr "$vf" daemon)" none
done
program legacy_net "$VVB_PF" "$vf1" "$vf2"
is "commands refused" "$(event "$vf1" command_error)" 0
is "notifies sent as commands" "$(event "$vf1" notify_fallback)" 0
finish
