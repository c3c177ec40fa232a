#!/bin/sh
# vm: --vfs 1 --driver ours --device virtio-net-pci,id=other,romfile=
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# INTx of a VF is what vfio-pci makes of a function that has one: the same program, call by call, with
# QEMU's transitional device on vfio-pci, and with a VF on ours.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

other=''
for dev in /sys/bus/pci/devices/*; do
	[ "$(cat "$dev/vendor") $(cat "$dev/device")" != "0x1af4 0x1000" ] || other=${dev##*/}
done
[ -n "$other" ] || die "the VM has no transitional device"
check "vfio-pci" modprobe vfio-pci
check "bind $other" bind "$other" vfio-pci
link="testbed qmp set_link"
program intx_calls "$other" "$link '{\"name\": \"other\", \"up\": false}'" "$link '{\"name\": \"other\", \"up\": true}'"
program intx_calls "$vf1" "testbed set link-down 1" "testbed set link-up 1"

# and all calls that there are, with one answer
intx_matrix "$other" >/tmp/theirs
intx_matrix "$vf1" >/tmp/ours
check "$(wc -l </tmp/theirs) calls" test "$(wc -l </tmp/theirs)" -gt 10000
diff /tmp/theirs /tmp/ours | head -40
check "each is answered in the same way" cmp -s /tmp/theirs /tmp/ours
finish
