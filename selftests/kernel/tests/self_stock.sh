#!/bin/sh
# vm: --netdev hubport,id=h0,hubid=0 --netdev hubport,id=h1,hubid=0 --device pcie-root-port,id=rp1,chassis=2,slot=2,addr=10 --device pcie-root-port,id=rp2,chassis=3,slot=3,addr=11 --device virtio-net-pci,bus=rp1,netdev=h0,disable-legacy=on,iommu_platform=on,romfile= --device virtio-net-pci,bus=rp2,netdev=h1,disable-legacy=on,iommu_platform=on,romfile=
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A network function that nobody here made, and that is no VF: QEMU's own, which knows the modern interface
# alone. A legacy driver exchanges frames with another one, that the stock driver has; and it has memory
# decoding and an interrupt line of its own.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

function=0000:02:00.0 peer=0000:03:00.0
modprobe vfio_iommu_type1
modprobe virtio_vfio_bpf
is "bind" "$(vvbctl vf bind $function 2>&1)" "$function  driver virtio-pci -> virtio_vfio_bpf"
is "unbind" "$(vvbctl vf unbind $function 2>&1)" "$function  driver virtio_vfio_bpf -> virtio-pci"
printf '[vf %s]\nbind = yes\n' $function >/tmp/vvb.conf
is "what a configuration would do" "$(vvbctl apply /tmp/vvb.conf --dry-run 2>&1)" \
	"$function  driver virtio-pci -> virtio_vfio_bpf"
check "apply it" vvbctl apply /tmp/vvb.conf
check "nothing is missing" vvbctl check $function
is "rows about nobody else" "$(vvbctl -j check $function | jq -r '.[].of' | sort -u | tr '\n' ' ')" "$function host "
is "without a name it is found, too" \
	"$(vvbctl -j check | jq -r ".[] | select(.of == \"$function\" and .requirement == \"driver\") | .state")" ok
is "capable" "$(attr $function capable)" only
is "owner" "$(attr $function owner_active)" self
is "member" "$(attr $function member_id)" 0
check "a policy" vvbctl policy load $bpf/split.bpf.o
for legacy in auto only; do
	check "legacy=$legacy" attr $function legacy $legacy
	program legacy_net $peer $function
	program plain_function $peer $function
done
finish
