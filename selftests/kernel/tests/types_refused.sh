#!/bin/sh
# vm: --stock bookworm --device virtio-balloon-pci,disable-legacy=on,iommu_platform=on --device virtio-keyboard-pci,iommu_platform=on --device virtio-scsi-pci,disable-legacy=on --timeout 300
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Functions that can have no legacy interface say why when they are bound: a balloon, whose guest would name
# pages of the host; a type that never had a legacy form; one that goes past the IOMMU.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# of DEVICE - print the function that has this PCI device ID
of()
{
	for device in /sys/bus/pci/devices/*; do
		[ "$(cat "$device/vendor") $(cat "$device/device")" != "0x1af4 $1" ] || echo "${device##*/}"
	done
}

# can_not_be DEVICE WHY
can_not_be()
{
	function=$(of "$1")
	check "bind $function ($1)" vvbctl vf bind "$function"
	is "capable" "$(attr "$function" capable)" "off: $2"
	is "it has no owner" "$(attr "$function" owner_active)" none
	check "legacy=auto" attr "$function" legacy auto
	refused "Invalid argument" "it opens without a BAR0" vfreg "$function" read 0 4
	check "legacy=only" attr "$function" legacy only
	refused "not supported" "it does not open sealed" vfreg "$function" read 0 4
	check "unbind" vvbctl vf unbind "$function"
}

modprobe -a vfio_iommu_type1 virtio_vfio_bpf
can_not_be 0x1045 "a balloon names pages past the IOMMU: they would be the host's"
can_not_be 0x1052 "devices of its type have no legacy form"
can_not_be 0x1048 "the device goes past the IOMMU (no VIRTIO_F_ACCESS_PLATFORM)"
finish
