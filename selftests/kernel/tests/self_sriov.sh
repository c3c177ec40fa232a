#!/bin/sh
# vm: --stock trixie-backports --vfs 2 --driver ours --netdev hubport,id=h0,hubid=0 --netdev hubport,id=h1,hubid=0 --netdev hubport,id=h2,hubid=0 --device pcie-root-port,id=rp1,chassis=2,slot=2,addr=10 --device virtio-net-pci,bus=rp1,addr=0x0.0x1,netdev=h1,sriov-pf=pf,disable-legacy=on,iommu_platform=on,romfile= --device virtio-net-pci,bus=rp1,addr=0x0.0x2,netdev=h2,sriov-pf=pf,disable-legacy=on,iommu_platform=on,romfile= --device virtio-net-pci,bus=rp1,addr=0x0.0x0,id=pf,netdev=h0,disable-legacy=on,iommu_platform=on,romfile=
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# VFs that nobody here made, of a PF without administration commands: QEMU's own. Legacy drivers exchange
# frames with the PF, and with each other.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

for vf in $vf1 $vf2; do
	is "capable" "$(attr "$vf" capable)" only
	is "owner" "$(attr "$vf" owner_active)" self
done
is "members" "$(attr "$vf1" member_id) $(attr "$vf2" member_id)" "1 2"
for legacy in auto only; do
	check "legacy=$legacy" attr "$vf1" legacy $legacy
	check "legacy=$legacy" attr "$vf2" legacy $legacy
	program legacy_net "$VVB_PF" "$vf1" "$vf2"
done
finish
