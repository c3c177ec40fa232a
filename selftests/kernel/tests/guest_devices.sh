#!/bin/sh
# vm: --stock bookworm --disk 64 --disk 16 --disk 8 --wire hvc --tree files --guest --memory 2048 --timeout 1800 --device pcie-root-port,id=rp1,chassis=2,slot=2,addr=10 --device pcie-root-port,id=rp2,chassis=3,slot=3,addr=11 --device pcie-root-port,id=rp3,chassis=4,slot=4,addr=12 --device pcie-root-port,id=rp4,chassis=5,slot=5,addr=13 --device virtio-scsi-pci,id=scsi,bus=rp1,disable-legacy=on,iommu_platform=on --device scsi-hd,bus=scsi.0,drive=disk0,id=hd --device virtio-serial-pci,id=console,bus=rp2,disable-legacy=on,iommu_platform=on --device virtconsole,bus=console.0,chardev=hvc --device virtio-rng-pci,bus=rp3,disable-legacy=on,iommu_platform=on --device virtio-9p-pci,bus=rp4,fsdev=files,mount_tag=guest,disable-legacy=on,iommu_platform=on --device virtio-9p-pci,fsdev=files,mount_tag=judge
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# One guest that has, of QEMU's own and by their legacy interface: disks and a CD on a SCSI bus, one of them
# plugged in while it runs; a console; random numbers; files of the host by 9p. Who judges is the host, by
# devices of its own.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_guest
. "${0%/*}/lib_guest"

scsi=0000:02:00.0 console=0000:03:00.0 rng=0000:04:00.0 files=0000:05:00.0

sum()
{
	md5sum | cut -d ' ' -f 1
}

# plug DRIVER DRIVE - one more device on the SCSI bus
plug()
{
	testbed qmp device_add "{\"driver\": \"$1\", \"bus\": \"scsi.0\", \"drive\": \"$2\", \"id\": \"$2\"}"
}

unplug()
{
	testbed qmp device_del "{\"id\": \"$1\"}"
}

# port NAME - print the device of a virtio-serial port
port()
{
	for p in /sys/class/virtio-ports/*; do
		[ "$(cat "$p/name")" != "$1" ] || echo "/dev/${p##*/}"
	done
}

# types TEXT - on the guest's console; what it answers is in /tmp/screen
types()
{
	printf '%s\r' "$1" >&9
}

# shown PATTERN
shown()
{
	grep -aq "$1" /tmp/screen
}

[ "$VVB_SLOWDOWN" = 1 ] || skip "a guest takes too long on a kernel that checks itself"
modprobe -a virtio_scsi sd_mod 9p 9pnet_virtio vfio_iommu_type1 virtio_vfio_bpf
: >$guest_log
mkfifo $guest_console $monitor.in $monitor.out
mkdir /tmp/judge
check "the judge's files" mount -t 9p -o trans=virtio,version=9p2000.L judge /tmp/judge
dd if=/dev/urandom of=/tmp/cd bs=1M count=8 2>/dev/null
check "a disk is plugged in" plug scsi-hd disk1
check "the host sees it" until_true 10 dd if=/dev/sdb of=/dev/null count=1 # the file is there before the disk
check "what the CD has" dd if=/tmp/cd of=/dev/sdb bs=1M conv=fsync
check "it is taken out" unplug disk1
check "the host sees that" until_true 10 test ! -e /dev/sdb
check "and a CD is there" plug scsi-cd disk1
check "bind" vvbctl vf bind $scsi $console $rng $files
for function in $scsi $console $rng $files; do
	is "$function: capable" "$(attr "$function" capable)" only
	is "$function: owner" "$(attr "$function" owner_active)" self
	check "$function: legacy=only" attr "$function" legacy only
done

VMM_OPTIONS="-device vfio-pci,host=$console -device vfio-pci,host=$rng -device vfio-pci,host=$files" \
	start_guest $scsi vvb.network=no
check "the guest is up" heard ready 300 || die_of_guest
in_guest "drivers" 60 "modprobe -a virtio_pci virtio_scsi sd_mod sr_mod virtio_console virtio-rng 9pnet_virtio 9p"
is "functions with the legacy interface" "$(guest_value 10 "grep -c virtio-pci-legacy /proc/ioports")" 4
is "VERSION_1 of each" "$(guest_value 10 "cut -c 33 /sys/bus/virtio/devices/*/features | tr -d '\n'")" 0000

is "SCSI: the disk's size" "$(guest_value 30 "cat /sys/block/sda/size")" $((64 * 2048))
is "the CD" "$(guest_value 120 "dd if=/dev/sr0 bs=1M count=8 2>/dev/null | md5sum | cut -d ' ' -f 1")" "$(sum </tmp/cd)"
in_guest "the CD to the disk" 120 "dd if=/dev/sr0 of=/dev/sda bs=1M count=8 conv=fsync 2>/dev/null"
check "one more disk is plugged in" plug scsi-hd disk2
in_guest "the guest is told" 30 "for i in \$(seq 100); do [ -e /sys/block/sdb ] && break; sleep 0.1; done; [ -e /sys/block/sdb ]"
is "its size" "$(guest_value 10 "cat /sys/block/sdb/size")" $((8 * 2048))
check "it is taken out" unplug disk2
in_guest "the guest is told" 30 "for i in \$(seq 100); do [ -e /sys/block/sdb ] || break; sleep 0.1; done; [ ! -e /sys/block/sdb ]"

exec 9<>"$(port hvc)"
cat <&9 >/tmp/screen &
screen=$!
in_guest "console: a login on it" 10 "echo root::0:0::/:/bin/sh >/etc/passwd; setsid getty 115200 hvc0 & sleep 1"
check "it asks who" until_true 30 shown "login:"
types root
check "it lets in" until_true 30 shown "# "
# shellcheck disable=SC2016 # for the shell there
types 'echo $((6 * 7))-times'
check "and obeys" until_true 30 shown "^42-times"
is "it has no size that could change (VIRTIO_CONSOLE_F_SIZE)" \
	"$(guest_value 10 "cut -c 1 /sys/bus/virtio/drivers/virtio_console/virtio*/features")" 0
kill $screen

is "random numbers" "$(guest_value 10 "cat /sys/class/misc/hw_random/rng_current")" virtio_rng.0
in_guest "files: mounted" 30 "mkdir /f && mount -t 9p -o trans=virtio,version=9p2000.L guest /f"
in_guest "random numbers into a file" 300 "dd if=/dev/hwrng of=/f/random bs=2500 count=200 iflag=fullblock 2>/dev/null"
is "all of them" "$(wc -c </tmp/judge/random)" 500000
/guest/rngtest -c 199 <"/tmp/judge/random" >/tmp/rngtest 2>&1
check "of 199 blocks no more than 3 fail: $(grep -o 'failures: .*' /tmp/rngtest | tail -n 1)" \
	[ "$(sed -n 's/.*FIPS 140-2 failures: //p' /tmp/rngtest)" -le 3 ]
cp /tmp/cd /tmp/judge/from-host
is "files: of the host" "$(guest_value 120 "md5sum </f/from-host | cut -d ' ' -f 1")" "$(sum </tmp/cd)"
in_guest "files: of the guest" 120 "dd if=/dev/sda of=/f/from-guest bs=1M count=8 2>/dev/null && umount /f"
is "by the SCSI disk, from the CD" "$(sum </tmp/judge/from-guest)" "$(sum </tmp/cd)"
stop_guest

check "unbind" vvbctl vf unbind $scsi $console $rng $files
check "the host has the disk again" until_true 20 dd if=/dev/sda of=/dev/null count=1
is "what the guest wrote" "$(dd if=/dev/sda bs=1M count=8 2>/dev/null | sum)" "$(sum </tmp/cd)"
finish
