#!/bin/sh
# vm: --vfs 1 --driver ours --guest --memory 2048 --timeout 900
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# What a guest does with the VF's driver while it runs: rebinds it 50 times, resets the VF with the
# driver bound and twice without, removes the VF and scans for it again. Traffic goes on after each.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_guest
. "${0%/*}/lib_guest"

pci=/sys/bus/pci
driver=$pci/drivers/virtio-pci

prepare_guest || die "the PF's end"
attr "$vf1" legacy only
boot_guest "$vf1"
traffic "before"

nic=$(guest_value 10 nic)
in_guest "rebound 50 times" 300 "for i in \$(seq 50); do \
	echo $nic >$driver/unbind && echo $nic >$driver/bind && start_network || exit; \
	ping -c 1 -W 2 10.0.0.1 || exit; done"
traffic "rebound"

in_guest "function level reset" 10 "grep -qw flr $pci/devices/$nic/reset_method"
in_guest "reset under its driver" 60 "echo 1 >$pci/devices/$nic/reset"
in_guest "driver bound again" 60 \
	"echo $nic >$driver/unbind; echo $nic >$driver/bind && start_network"
traffic "reset"

in_guest "reset twice without one" 60 "echo $nic >$driver/unbind; \
	echo 1 >$pci/devices/$nic/reset && echo 1 >$pci/devices/$nic/reset && \
	echo $nic >$driver/bind && start_network"
traffic "double reset"

in_guest "removed" 60 "echo 1 >$pci/devices/$nic/remove"
in_guest "found again" 60 "echo 1 >$pci/rescan; start_network"
traffic "rescan"

is "commands refused" "$(event "$vf1" command_error)" 0
stop_guest
check "the VF is closed" until_true 10 attr_is "$vf1" interface closed
program legacy_net "$VVB_PF" "$vf1"
finish
