#!/bin/sh
# vm: --stock bookworm --disk 4 --device pcie-root-port,id=rp1,chassis=2,slot=2,addr=10 --device virtio-blk-pci,bus=rp1,drive=disk0,disable-legacy=on,iommu_platform=on
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A driver that reads and writes a disk before DRIVER_OK, or never says that. What the disk has before and
# after is the host's own driver's word, if its kernel has one; a disk is empty at first.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

function=0000:02:00.0

# disk - print the device that the host's driver has made
disk()
{
	echo "/dev/$(ls /sys/bus/pci/devices/$function/virtio*/block)"
}

modprobe -a vfio_iommu_type1 virtio_vfio_bpf
judge=1 from=/dev/urandom
modprobe virtio_blk || judge='' from=/dev/zero
check "what the disk has" dd if=$from of=/tmp/file bs=1M count=4
[ ! "$judge" ] || check "is written" dd if=/tmp/file of="$(disk)" bs=1M conv=fsync
before=$(md5sum </tmp/file)
check "bind" vvbctl vf bind $function
is "owner" "$(attr $function owner_active)" self
for legacy in auto only; do
	check "legacy=$legacy" attr $function legacy $legacy
	program early_disk $function /tmp/file
done
check "kicks were held" [ "$(event $function kick_held)" -ge 24 ]
check "unbind" vvbctl vf unbind $function
check "it was written to" [ "$(md5sum </tmp/file)" != "$before" ]
[ ! "$judge" ] || check "the disk has what was written" cmp /tmp/file "$(disk)"
finish
