#!/bin/sh
# vm: --vfs 1 --driver ours --guest --memory 2048 --timeout 1500
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# QEMU with the patches of contrib/qemu: an unmodified Linux guest kicks without an exit to it, before and
# after a reset and its driver bound anew, as long as the kernel lets it; and as ever by a QEMU without. Where the
# doorbell is it has from the driver, if the kernel passes that on, and knows else.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_guest
. "${0%/*}/lib_guest"

# kicks WAY
kicks()
{
	attr "$vf1" "kicks_by_$1"
}

# by_ioeventfd WHEN - all kicks have come so but the first one of each queue
by_ioeventfd()
{
	check "$1: $(kicks vmm) kicks by VMM" [ "$(kicks vmm)" -le 16 ]
	check "$1: $(kicks ioeventfd) by ioeventfd" [ "$(kicks ioeventfd)" -ge 100 ]
	is "$1: by thread" "$(kicks thread)" 0
	check "$1: $(attr "$vf1" ioeventfds) ioeventfds" [ "$(attr "$vf1" ioeventfds)" -ge 2 ]
	vvbctl stats --vf "$vf1" --reset >/dev/null
}

# by_vmm WHEN
by_vmm()
{
	check "$1: $(kicks vmm) kicks by VMM" [ "$(kicks vmm)" -ge 100 ]
	is "$1: by ioeventfd" "$(kicks ioeventfd)" 0
	is "$1: ioeventfds" "$(attr "$vf1" ioeventfds)" 0
	vvbctl stats --vf "$vf1" --reset >/dev/null
}

prepare_guest || die "the PF's end"
attr "$vf1" legacy only
export VMM_REBOOT=yes
boot_guest "$vf1"
traffic "QEMU as it is"
by_vmm "QEMU as it is"
stop_guest

export VMM_QEMU=qemu-patched VMM_OPTIONS="-trace vfio_quirk_doorbell_named"
named=0
! grep -q __ksymtab_vfio_pci_ioctl_get_region_info /proc/kallsyms || named=1
boot_guest "$vf1"
traffic "patched"
by_ioeventfd "patched"
is "what vvbctl check says" "$(vvbctl -j check "$vf1" | jq -r '.[] | select(.requirement == "kicks").found')" \
	"the VMM has registered $(attr "$vf1" ioeventfds) ioeventfds"
in_guest "its driver bound again" 60 "echo \$(nic) >/sys/bus/pci/drivers/virtio-pci/unbind; \
	echo \$(nic) >/sys/bus/pci/drivers/virtio-pci/bind && start_network"
traffic "bound again"
check "bound again: $(kicks vmm) kicks by VMM" [ "$(kicks vmm)" -le 16 ]
new_mark
vmm_says system_reset
check "they go at a reset" until_true 30 attr_is "$vf1" ioeventfds 0
vvbctl stats --vf "$vf1" --reset >/dev/null
check "up after it" heard ready 300 || die_of_guest
traffic "reset"
by_ioeventfd "reset"
check "where the doorbell is: $named by the driver" [ "$(grep -c vfio_quirk_doorbell_named $vmm_log)" -eq "$named" ]
stop_guest
check "the VF is closed" until_true 10 attr_is "$vf1" interface closed
is "and has no ioeventfds" "$(attr "$vf1" ioeventfds)" 0

boot_guest "$vf1,x-no-vfio-ioeventfd=on"
vvbctl stats --vf "$vf1" --reset >/dev/null
traffic "switched off"
by_vmm "switched off"
stop_guest
program legacy_net "$VVB_PF" "$vf1"
finish
