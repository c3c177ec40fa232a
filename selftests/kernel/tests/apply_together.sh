#!/bin/sh
# vm: --vfs 2
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Several vvbctl apply at once, as at boot, when vvb.service runs it while udev has one for each VF that
# appears: all succeed, and the VFs are what the file says.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# driver VF
driver()
{
	basename "$(readlink "/sys/bus/pci/devices/$1/driver" || echo none)"
}

# at_once N - N of them, and one for each VF; false if one fails
at_once()
{
	pids='' status=0
	for _ in $(seq "$1"); do
		vvbctl apply >>/tmp/said 2>&1 &
		pids="$pids $!"
	done
	for vf in $vf1 $vf2; do
		vvbctl apply --vf "$vf" >>/tmp/said 2>&1 &
		pids="$pids $!"
	done
	for pid in $pids; do
		wait "$pid" || status=1
	done
	return "$status"
}

# round N - from VFs that virtio_pci has, and no policy that is loaded
round()
{
	: >/tmp/said
	if ! at_once "$1"; then
		cat /tmp/said
		return 1
	fi
	for vf in $vf1 $vf2; do
		[ "$(attr "$vf" policy) $(attr "$vf" policy_state) $(attr "$vf" legacy)" = "split active only" ] || return
	done
	vvbctl vf unbind "$vf1" "$vf2" && vvbctl policy unload split && [ "$(driver "$vf1")" = virtio-pci ]
}

modprobe vfio_iommu_type1
mkdir -p /etc/vvb
printf '[all]\nbind = yes\nlegacy = only\npolicy = split\n[policy split]\nfile = %s\n' $bpf/split.bpf.o >/etc/vvb/vvb.conf
check "VFs are for any driver" put 1 "$pf_dir/sriov_drivers_autoprobe"
for vf in $vf1 $vf2; do
	check "virtio_pci has $vf" put "$vf" /sys/bus/pci/drivers/virtio-pci/bind
done
for i in 1 2 3 4 5 6 7 8; do
	check "together, $i" round $((i % 3 + 1))
done
finish
