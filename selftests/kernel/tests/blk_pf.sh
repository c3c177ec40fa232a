#!/bin/sh
# vm: --vfs 2 --device-opt device-type=blk --guest --memory 2048 --timeout 1500
# owner: pf, the PF's administration commands carry the accesses out
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A disk that is a VF of a PF with administration commands, and a Linux whose driver knows the legacy
# interface: a file system, what it writes and flushes, the cache mode. The host's own driver, which has the
# same disk by its modern interface before and after, is the judge.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_guest
. "${0%/*}/lib_guest"

# disk - print the device that the host's driver has made
disk()
{
	echo "/dev/$(ls "/sys/bus/pci/devices/$vf1"/virtio*/block)"
}

sum()
{
	md5sum | cut -d ' ' -f 1
}

# commands OPCODE - print how many administration commands of it the model has had
commands()
{
	testbed get admin-counts | tr , '\n' | sed -n "s/^$1://p"
}

# legacy_commands - print how many of the model's were accesses; of_driver: the same by the driver's count
legacy_commands()
{
	echo $(($(commands 2) + $(commands 3) + $(commands 4) + $(commands 5)))
}

of_driver()
{
	vvbctl -j stats --vf "$vf1" | jq '.[0].commands | [.["2"], .["3"], .["4"], .["5"]] | add'
}

# requests KIND - print how many of the VF's the model has served
requests()
{
	testbed get fn-counters | sed -n "s/^1 .*\b$1=\([0-9]*\).*/\1/p"
}

# guest_with POLICY - writes a file named so, beside the host's
guest_with()
{
	check "$1: bind" bind "$vf1" virtio_vfio_bpf
	is "$1: capable" "$(attr "$vf1" capable)" only
	check "$1: owner" attr "$vf1" owner pf
	check "$1: legacy=only" attr "$vf1" legacy only
	if [ "$1" != none ]; then
		vvbd --foreground --vf "$vf1" 2>/tmp/vvbd.log &
		daemon=$!
		until_true 20 attr_is "$vf1" daemon live || die "vvbd: $(cat /tmp/vvbd.log)"
		check "$1: select" vvbctl policy select "$vf1" "$1"
	fi
	accesses=$(legacy_commands) reads=$(commands 5) writes=$(commands 4)
	flushes=$(requests flushes)
	start_guest "$vf1" vvb.network=no
	check "$1: the guest is up" heard ready 300 || die_of_guest
	in_guest "$1: its driver" 60 "modprobe -a virtio_pci virtio_blk ext4 crc32c_generic; grep -q virtio-pci-legacy /proc/ioports"
	is "$1: VERSION_1" "$(guest_value 10 "cut -c 33 /sys/bus/virtio/devices/virtio0/features")" 0
	is "$1: size" "$(guest_value 10 "cat /sys/block/vda/size")" $sectors
	is "$1: serial number" "$(guest_value 10 "cat /sys/block/vda/serial")" vvb-blk-01
	is "$1: the host's file" "$(guest_value 120 "mkdir /d && mount -t ext4 /dev/vda /d && md5sum </d/piece | cut -d ' ' -f 1")" "$wanted"
	before=$(legacy_commands)
	in_guest "$1: written, and flushed" 300 \
		"for i in 1 2; do cat /d/piece; done | dd of=/d/$1 bs=1M conv=fsync 2>/dev/null && echo 3 >/proc/sys/vm/drop_caches"
	is "$1: and read" "$(guest_value 300 "for i in 0 1; do dd if=/d/$1 bs=1M skip=\$((i * $piece)) count=$piece 2>/dev/null | md5sum; done | sort -u | cut -d ' ' -f 1")" "$wanted"
	is "$1: commands meanwhile" $(($(legacy_commands) - before)) 0
	check "$1: it was flushed" [ "$(requests flushes)" -gt "$flushes" ]
	is "$1: cache mode" "$(guest_value 20 "cat /sys/block/vda/cache_type")" "write back"
	in_guest "$1: another" 20 "echo 'write through' >/sys/block/vda/cache_type"
	is "$1: cache mode" "$(guest_value 20 "cat /sys/block/vda/cache_type")" "write through"
	is "$1: writeback of the device" "$(testbed get fn-state | sed -n 's/^1 .* writeback=//p')" 0
	is "$1: commands for that" $(($(commands 4) - writes)) 1
	check "$1: the configuration was read by commands" [ "$(commands 5)" -gt "$reads" ]
	in_guest "$1: unmounted" 60 "umount /d && rmmod virtio_blk"
	is "$1: commands of driver and model" "$(of_driver)" $(($(legacy_commands) - accesses))
	is "$1: refused" "$(event "$vf1" command_error)" 0
	stop_guest
	[ "$1" = none ] || kill "$daemon"
	judge "$1"
}

# judge NAME - what the guest has left in a file of that name, by the host's own driver
judge()
{
	check "$1: the host's driver" bind "$vf1" virtio-pci
	is "$1: writeback after the reset" "$(testbed get fn-state | sed -n 's/^1 .* writeback=//p')" 1
	check "$1: the file system is sound" e2fsck -fn "$(disk)"
	check "$1: mounted" mount -t ext4 "$(disk)" /tmp/disk
	is "$1: what the guest wrote" "$(sum <"/tmp/disk/$1")" "$twice"
	check "$1: unmounted" umount /tmp/disk
	is "$1: requests that failed" "$(requests failed)" 0
}

[ "$VVB_SLOWDOWN" = 1 ] || skip "a guest takes too long on a kernel that checks itself"
modprobe -a ext4 crc32c_generic vfio_iommu_type1 virtio_vfio_bpf
: >$guest_log
mkfifo $guest_console $monitor.in $monitor.out
mkdir /tmp/disk
sectors=$((64 * 2048)) piece=8
check "the PF has a disk" [ -e "$pf_dir"/virtio*/block/vda ]
check "the host's driver" bind "$vf1" virtio-pci
is "size" "$(cat "/sys/block/$(basename "$(disk)")/size")" $sectors
check "a file system" mkfs.ext4 -q "$(disk)"
check "mounted" mount -t ext4 "$(disk)" /tmp/disk
check "a file" dd if=/dev/urandom of=/tmp/disk/piece bs=1M count=$piece
wanted=$(sum </tmp/disk/piece)
twice=$(cat /tmp/disk/piece /tmp/disk/piece | sum)
check "unmounted" umount /tmp/disk
is "commands of the host's driver" "$(legacy_commands)" 0
check "split" vvbctl policy load $bpf/split.bpf.o

guest_with none
guest_with split

# The kernel's own driver takes the VF, but knows network cards only: that is what its guest finds.
modprobe virtio_vfio_pci
check "upstream: bind" bind "$vf1" virtio_vfio_pci
is "upstream: capacity" "$(vfreg "$vf1" read 20 4)" "$(printf '0x%08x' $sectors)"
start_guest "$vf1" vvb.network=no virtio_pci.force_legacy=1
check "upstream: the guest is up" heard ready 300 || die_of_guest
is "upstream: what it has" "$(guest_value 10 "cat /sys/bus/pci/devices/*/device | grep 0x10")" 0x1000
in_guest "upstream: no disk" 60 "modprobe -a virtio_pci virtio_blk; [ ! -e /sys/block/vda ]"
stop_guest
finish
