#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The bench by the clock, as for real hardware, on the emulated device: what it wants first, and
# that it gives every row. Says nothing of how long things take.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

refused "usage" "no VF" wall-host
refused "no such PCI device" "a VF that is not there" wall-host 0000:ff:1f.7
refused "not a VF" "the PF" wall-host "$VVB_PF"
check "legacy" attr "$vf1" legacy off
refused "legacy is off" "a VF without a legacy interface" wall-host "$vf1"
check "legacy" attr "$vf1" legacy auto
hold "$vf1"
refused "shut down its guest" "a VF in use" wall-host "$vf1"
unhold
check "unbind" put "$vf2" "/sys/bus/pci/devices/$vf2/driver/unbind"
refused "bound to no driver" "an unbound VF" wall-host "$vf2"
modprobe vfio-pci
check "plain vfio-pci" bind "$vf2" vfio-pci
refused "bound to vfio-pci, not" "the wrong driver" wall-host "$vf2"
# as another user: programs are run, VFs are not
refused "needs root" "another user" as_user 777 wall-host "$vf1"

check "policy" vvbctl policy load $bpf/upstream.bpf.o
check "policy" attr "$vf1" policy upstream
check "measured" until_true 5 attr_is "$vf1" interface closed
wall-host "$vf1" 200 >/tmp/rows || fail "wall-host"
cat /tmp/rows

# whole ROW - is it there, in order, and of this VF?
whole()
{
	awk -v row="$1" '$5 == row && $2 == "nopt" && $3 == "ours" && $4 == "upstream" &&
		$6 == "wall" && $8 > 0 && $8 <= $9 && $9 <= $10 && $10 <= $11 { n++ }
		END { exit n != 1 }' /tmp/rows
}

for row in probe reinit syscall eventfd_write notify_write notify_ioeventfd status_read \
	config_byte_read feature_read queue_size_read queue_select_write pci_config_read \
	open_close open_close_cpu; do
	check "$row" whole $row
done
refused "" "no bar_write, which is for the model" whole bar_write
finish
