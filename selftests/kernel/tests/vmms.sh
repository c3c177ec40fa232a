#!/bin/sh
# vm: --vfs 1 --driver ours --vmms --memory 3072 --timeout 1800
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# QEMU as the distribution has it, 7.2 of the release, 10.0 of its backports and 11.1 of the next
# release's: its guest passes packets, with its driver bound anew, and after a reboot.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_guest
. "${0%/*}/lib_guest"

# guest_of SUITE
guest_of()
{
	VMM=$1
	export VMM
	boot_guest "$vf1"
	traffic "$1"
	in_guest "its driver bound again" 60 "echo \$(nic) >/sys/bus/pci/drivers/virtio-pci/unbind; \
		echo \$(nic) >/sys/bus/pci/drivers/virtio-pci/bind && start_network"
	traffic "$1, bound again"
	new_mark
	vmm_says system_reset
	check "$1: up after a reset" heard ready 300 || die_of_guest
	traffic "$1, reset"
	stop_guest
	check "the VF is closed" until_true 10 attr_is "$vf1" interface closed
}

prepare_guest || die "the PF's end"
attr "$vf1" legacy only
export VMM_REBOOT=yes
nr=0
for version in /guest/*/version; do
	cat "$version"
	suite=${version%/version}
	guest_of "${suite##*/}"
	nr=$((nr + 1))
done
is "QEMUs" $nr 3
is "commands refused" "$(event "$vf1" command_error)" 0
program legacy_net "$VVB_PF" "$vf1"
finish
