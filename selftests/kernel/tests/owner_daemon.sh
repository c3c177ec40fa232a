#!/bin/sh
# vm: --vfs 0
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A PF that a process has, over vfio-pci, and legacy guests on its VFs: operations go to vvbd, and by that
# to the process. The PF is opened before its VFs are made, as opening it resets it, and they would be
# lost by that.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

export VF_TOKEN=5b2f2f50-6b0e-4b6c-9a53-4a4b8f1c3d11
socket=/run/pf.sock

# to_vfio - the PF from virtio_pci to vfio-pci
to_vfio()
{
	modprobe -a vfio-pci vfio_iommu_type1 virtio_vfio_bpf &&
		put 1 /sys/module/vfio_pci/parameters/enable_sriov &&
		bind "$VVB_PF" vfio-pci
}

# start_pf - the process, until it listens
start_pf()
{
	pf_process "$VVB_PF" $socket >/tmp/pf.log 2>&1 &
	pf_pid=$!
	until_true 10 grep -q ready /tmp/pf.log || die "pf_process: $(cat /tmp/pf.log)"
}

# start_vvbd [OPTION...] - until it carries out operations
start_vvbd()
{
	vvbd --foreground --config /tmp/vvb.conf "$@" >>/tmp/vvbd.log 2>&1 &
	vvbd_pid=$!
	until_true 10 attr_is "$vf1" owner_active daemon || die "vvbd: $(cat /tmp/vvbd.log)"
}

check "vfio-pci has the PF" to_vfio
start_pf
vfs 2 || die "no VFs"
vf1=${VVB_VFS% *} vf2=${VVB_VFS#* }
printf '[all]\nowner = daemon\nforward = %s\n' $socket >/tmp/vvb.conf
chmod 644 /tmp/vvb.conf
for vf in $VVB_VFS; do
	check "owner" attr "$vf" owner daemon
done
is "no daemon" "$(attr "$vf1" capable)" "off: no daemon that carries out operations has claimed it"
is "no daemon" "$(attr "$vf1" owner_active)" none

start_vvbd
is "capable" "$(attr "$vf1" capable)" only
program two_guests "$vf1" "$vf2"
finish
