#!/bin/sh
# vm: --stock bookworm --disk 3072 --guest --memory 2048 --timeout 1800 --device pcie-root-port,id=rp1,chassis=2,slot=2,addr=10 --device virtio-blk-pci,id=blk,bus=rp1,drive=disk0,disable-legacy=on,iommu_platform=on
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A disk that knows the modern interface alone, and a Linux whose driver is made to use the legacy one: a file
# system, a gigabyte there and back, what is flushed and what is thrown away. The host's own driver, which
# has the same disk before and after, is the judge.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_guest
. "${0%/*}/lib_guest"

function=0000:02:00.0 piece=64 pieces=16

# sum - print the checksum of what comes
sum()
{
	md5sum | cut -d ' ' -f 1
}

# sums FILE - print the checksums of its pieces, one a line
sums()
{
	for i in $(seq 0 $((pieces - 1))); do
		dd if="$1" bs=1M skip=$((i * piece)) count=$piece 2>/dev/null | sum
	done
}

# disk - print the device that the host's driver has made
disk()
{
	echo "/dev/$(ls /sys/bus/pci/devices/$function/virtio*/block)"
}

# allocated - print how many bytes QEMU's file takes
allocated()
{
	testbed qmp query-named-block-nodes | jq '.[] | select(."node-name" == "disk0").image."actual-size"'
}

flushes()
{
	testbed qmp query-blockstats | jq '.[] | select(.qdev | contains("blk")).stats.flush_operations'
}

[ "$VVB_SLOWDOWN" = 1 ] || skip "a guest takes too long on a kernel that checks itself"
modprobe -a virtio_blk ext4 crc32c_generic vfio_iommu_type1 virtio_vfio_bpf
: >$guest_log
mkfifo $guest_console $monitor.in $monitor.out
mkdir /tmp/disk
check "a file system" mkfs.ext4 -q "$(disk)"
check "mounted" mount -t ext4 "$(disk)" /tmp/disk
check "a file" dd if=/dev/urandom of=/tmp/disk/piece bs=1M count=$piece
wanted=$(sum </tmp/disk/piece)
check "unmounted" umount /tmp/disk
check "bind" vvbctl vf bind $function
is "capable" "$(attr $function capable)" only
is "owner" "$(attr $function owner_active)" self
check "legacy=only" attr $function legacy only

start_guest $function vvb.network=no
check "the guest is up" heard ready 300 || die_of_guest
in_guest "its driver" 60 "modprobe -a virtio_pci virtio_blk ext4 crc32c_generic; grep -q virtio-pci-legacy /proc/ioports"
is "VERSION_1" "$(guest_value 10 "cut -c 33 /sys/bus/virtio/devices/virtio0/features")" 0
is "size" "$(guest_value 10 "cat /sys/block/vda/size")" $((3072 * 2048))
is "the host's file" "$(guest_value 300 "mkdir /d && mount -t ext4 /dev/vda /d && md5sum </d/piece | cut -d ' ' -f 1")" "$wanted"
in_guest "a gigabyte written, and flushed" 900 \
	"for i in \$(seq $pieces); do cat /d/piece; done | dd of=/d/out bs=1M conv=fsync 2>/dev/null && echo 3 >/proc/sys/vm/drop_caches"
is "and read" "$(guest_value 900 "for i in \$(seq 0 $((pieces - 1))); do dd if=/d/out bs=1M skip=\$((i * $piece)) count=$piece 2>/dev/null | md5sum; done | sort -u | cut -d ' ' -f 1")" "$wanted"
in_guest "one more piece" 300 "cp /d/piece /d/gone && sync"
before=$(allocated)
in_guest "thrown away" 300 "rm /d/gone && sync && fstrim /d"
gone=$((before - $(allocated)))
check "the device has $gone bytes less" [ $gone -ge $((piece << 20)) ]
check "it was flushed $(flushes) times" [ "$(flushes)" -gt 0 ]
in_guest "unmounted" 60 "umount /d && rmmod virtio_blk"
stop_guest
is "of the configuration it read" "$(vvbctl -j stats --vf $function | jq -r '.[0].config[0].name')" capacity

check "unbind" vvbctl vf unbind $function
check "the file system is sound" e2fsck -fn "$(disk)"
check "mounted" mount -t ext4 "$(disk)" /tmp/disk
is "what the guest wrote" "$(sums /tmp/disk/out | sort -u)" "$wanted"
is "all of it" "$(wc -c </tmp/disk/out)" $((pieces * piece << 20))
check "unmounted" umount /tmp/disk
finish
