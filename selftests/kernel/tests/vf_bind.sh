#!/bin/sh
# vm: --vfs 2 --device virtio-rng-pci,disable-legacy=on,iommu_platform=on
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# vvbctl vf bind and unbind: VFs by name, and all of a PF; what is not to be bound, by vvbctl or by
# hand; and what goes wrong half-way is undone.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

modprobe vfio_iommu_type1

override()
{
	cat "/sys/bus/pci/devices/$1/driver_override"
}

driver()
{
	basename "$(readlink "/sys/bus/pci/devices/$1/driver" || echo none)"
}

# From no driver, with the module not loaded.
check "the module is not loaded" test ! -e $driver_dir
is "bind" "$(vvbctl vf bind "$vf1" 2>&1)" "$vf1  driver none -> virtio_vfio_bpf"
is "driver" "$(driver "$vf1") $(override "$vf1")" "virtio_vfio_bpf virtio_vfio_bpf"
is "again: nothing" "$(vvbctl vf bind "$vf1" 2>&1)" ""
is "unbind" "$(vvbctl vf unbind "$vf1" 2>&1)" "$vf1  driver virtio_vfio_bpf -> none"
is "driver" "$(driver "$vf1") $(override "$vf1")" "none (null)"
is "again: nothing" "$(vvbctl vf unbind "$vf1" 2>&1)" ""

# From virtio_pci, all of a PF; those that come are nobody's.
check "no VFs" put 0 "$pf_dir/sriov_numvfs"
check "VFs are bound as they come" put 1 "$pf_dir/sriov_drivers_autoprobe"
check "VFs" put 2 "$pf_dir/sriov_numvfs"
check "virtio_pci has them" until_true 10 is_bound "$vf2" virtio-pci
is "bind the PF" "$(vvbctl vf bind "$VVB_PF" 2>&1)" "$vf1  driver virtio-pci -> virtio_vfio_bpf
$vf2  driver virtio-pci -> virtio_vfio_bpf
$VVB_PF  sriov_drivers_autoprobe 1 -> 0"
is "the PF's own driver" "$(driver "$VVB_PF")" virtio-pci
check "no VFs" put 0 "$pf_dir/sriov_numvfs"
check "VFs" put 2 "$pf_dir/sriov_numvfs"
is "drivers" "$(driver "$vf1") $(driver "$vf2")" "none none"
check "bind two" vvbctl vf bind "$vf1" "$vf2"
hold "$vf2"
refused "$vf2: it is open: end its user first" "unbind the PF while one is open" vvbctl vf unbind "$VVB_PF"
is "drivers: what was not open is unbound" "$(driver "$vf1") $(driver "$vf2")" "virtio-pci virtio_vfio_bpf"
is "autoprobe, as before" "$(cat "$pf_dir/sriov_drivers_autoprobe")" 0
unhold
is "unbind the PF" "$(vvbctl vf unbind "$VVB_PF" 2>&1)" "$VVB_PF  sriov_drivers_autoprobe 0 -> 1
$vf2  driver virtio_vfio_bpf -> virtio-pci"
is "unbound with autoprobe" "$(vvbctl vf bind "$vf1"; vvbctl vf unbind "$vf1")" \
	"$vf1  driver virtio-pci -> virtio_vfio_bpf
$vf1  driver virtio_vfio_bpf -> virtio-pci"
is "as JSON" "$(vvbctl -j vf bind "$vf1")" \
	"[{\"of\":\"$vf1\",\"what\":\"driver\",\"from\":\"virtio-pci\",\"to\":\"virtio_vfio_bpf\"}]"

# What is no VF, by vvbctl and by hand.
for device in /sys/bus/pci/devices/*; do
	[ "$(cat "$device/class")" != 0x0c0500 ] || smbus=${device##*/}
done
for device in /sys/bus/pci/devices/*; do
	[ "$(cat "$device/vendor") $(cat "$device/device")" != "0x1af4 0x1044" ] || plain=${device##*/}
	[ "$(cat "$device/vendor") $(cat "$device/device")" != "0x1af4 0x1003" ] || transitional=${device##*/}
done
refused "0000:7f:00.0: there is no such PCI device" "what is not there" vvbctl vf bind 0000:7f:00.0
refused "what is 'frob'? A VF is named" "no address" vvbctl vf bind "$vf1" frob
refused "$transitional: is no modern virtio function" "a transitional device" vvbctl vf bind "$transitional"
refused "$smbus: is no modern virtio function" "an SMBus controller" vvbctl vf bind "$smbus"
before=$(driver "$plain")
is "a function that is neither VF nor PF" "$(vvbctl vf bind "$plain" 2>&1)" \
	"$plain  driver $before -> virtio_vfio_bpf"
is "of a type that has a legacy form, too" "$(attr "$plain" capable) $(attr "$plain" owner_active)" "only self"
is "unbind" "$(vvbctl vf unbind "$plain" 2>&1)" "$plain  driver virtio_vfio_bpf -> $before"
refused "not bound to virtio_vfio_bpf, but to" "unbind what another has" vvbctl vf unbind "$VVB_PF" "$plain"
for device in "$smbus" "$VVB_PF"; do
	before=$(driver "$device")
	[ "$before" = none ] || check "unbind $device" put "$device" "/sys/bus/pci/devices/$device/driver/unbind"
	check "driver_override of $device" put virtio_vfio_bpf "/sys/bus/pci/devices/$device/driver_override"
	refused "No such device" "bind $device by hand" put "$device" $driver_dir/bind
	is "driver of $device" "$(driver "$device")" none
	check "no override" put "" "/sys/bus/pci/devices/$device/driver_override"
	put "$device" /sys/bus/pci/drivers_probe
	is "driver of $device" "$(driver "$device")" "$before"
done
check "the kernel log says why" sh -c "dmesg | grep -q '$smbus: not taken: it is no modern virtio function'"
check "the kernel log says why" sh -c "dmesg | grep -q '$VVB_PF: not taken: it is a PF: name its VFs'"

# A bind that fails in its last step: the module has no room for one more address.
check "no VFs" put 0 "$pf_dir/sriov_numvfs"
check "VFs" put 2 "$pf_dir/sriov_numvfs"
check "virtio_pci has it" until_true 10 is_bound "$vf1" virtio-pci
awk 'BEGIN { for (n = 0; n < 4096; n++)
	printf "0001:%02x:%02x.%x legacy=only\n", int(n / 256), int(n / 8) % 32, n % 8 }' |
	while read -r line; do put "$line" $driver_dir/settings 2>/dev/null || break; done
refused "$vf1: virtio_vfio_bpf did not take it, the kernel log says why" "bind without room" vvbctl vf bind "$vf1"
is "as before" "$(driver "$vf1") $(override "$vf1")" "virtio-pci (null)"
refused "did not take it" "bind the PF without room" vvbctl vf bind "$VVB_PF"
is "as before" "$(driver "$vf1") $(driver "$vf2") $(cat "$pf_dir/sriov_drivers_autoprobe")" "virtio-pci virtio-pci 1"
finish
