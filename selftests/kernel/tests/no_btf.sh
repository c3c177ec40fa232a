#!/bin/sh
# vm: --vfs 1
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A kernel that has no BTF for the module, as with a build that was not for it: the driver
# works without BPF and says so. Made here by renaming the section .BTF in a copy.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

ko=$(find /lib/modules -name virtio_vfio_bpf.ko)
modprobe -a vfio_iommu_type1 vfio-pci-core || die "vfio"
check "a module without BTF" drop_btf "$ko" /tmp/virtio_vfio_bpf.ko
check "loads" insmod /tmp/virtio_vfio_bpf.ko
case $(cat $driver_dir/bpf) in
"unavailable: "?*)	ok "bpf: $(cat $driver_dir/bpf)" ;;
*)			fail "bpf: $(cat $driver_dir/bpf)" ;;
esac
check "VF bound" bind "$vf1" virtio_vfio_bpf
refused "Operation not supported" "policy selected" attr "$vf1" policy upstream
check "policy none" attr "$vf1" policy none
program legacy_net "$VVB_PF" "$vf1"
check "unloads" rmmod virtio_vfio_bpf
check "the whole module loads" modprobe virtio_vfio_bpf
is "bpf" "$(cat $driver_dir/bpf)" available
finish
