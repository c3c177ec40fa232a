#!/bin/sh
# vm: --vfs 2 --driver ours
# owner: pf, it hangs the PF's queue, and looks at the rows of its commands
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# vvbctl check: what it says of a host on which all is well, and of one thing after the other that is
# not.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

virtio=$(basename "$(echo "$pf_dir"/virtio*)")

# row OF REQUIREMENT - its state and what was found, "-" when there is none
row()
{
	jq -r ".[] | select(.of == \"$1\" and .requirement == \"$2\") | \"\(.state): \(.found)\"" out
}

# cure OF REQUIREMENT
cure()
{
	jq -r ".[] | select(.of == \"$1\" and .requirement == \"$2\") | .cure" out
}

# checked STATUS [ADDRESS]
checked()
{
	wanted=$1
	shift
	vvbctl -j check "$@" >out
	is "check $*: status" $? "$wanted"
}

no_rows()
{
	is "requirements of the $1 that are not met" "$(jq -r ".[] | select(.state == \"no\" and .needed) |
		\"\(.of) \(.requirement): \(.found)\"" out)" ""
}

cd /tmp || exit
version=$(cat /sys/module/virtio_vfio_bpf/version)
# the VM has no file with the configuration of its kernel: that can't be known, and is no reason to fail
checked 0
no_rows "whole machine"
is "kernel" "$(row host kernel)" "ok: Linux $(uname -r)"
is "configuration" "$(row host "kernel configuration" | cut -d : -f 1)" unknown
is "IOMMU" "$(row host IOMMU)" "ok: the kernel uses one"
is "BTF" "$(row host "BTF of the module")" "ok: there is some"
signature="this kernel does not look at it"
[ ! -e /sys/module/module/parameters/sig_enforce ] || signature="it has none, and the kernel has taken it"
is "signature" "$(row host "module signature")" "ok: $signature"
is "versions" "$(row host versions)" "ok: vvbctl $version, module $version, vvbd $version$(vvbctl -j version |
	jq -r '.library // empty | ", libvvb.so \(.)"'), API version $(cat $driver_dir/api_version)"
is "policies" "$(row host policies)" "ok: can be loaded"
is "PF" "$(row "$VVB_PF" "PF driver")" "ok: virtio-pci, and $virtio has virtio_net"
is "queue" "$(row "$VVB_PF" "administration queue")" "ok: feature 41 is there"
is "VFs" "$(row "$VVB_PF" VFs)" "ok: 2 of 4"
for vf in $vf1 $vf2; do
	is "driver of $vf" "$(row "$vf" driver)" "ok: virtio_vfio_bpf"
	is "group" "$(row "$vf" "IOMMU group")" "ok: it is alone in it, with 0 other functions"
	is "opcodes" "$(row "$vf" "legacy interface")" "ok: the PF has the legacy commands (opcodes 2 to 6)"
	is "sealed" "$(row "$vf" legacy=only)" "ok: the modern interface can be sealed off"
	is "notify" "$(row "$vf" "notify address")" "unknown: the VF is closed"
	is "policy" "$(row "$vf" policy)" "ok: none: the kernel's default decides"
done
hold "$vf1"
checked 0 "$vf1"
is "notify, while open" "$(row "$vf1" "notify address")" "ok: in a BAR of the VF"
is "kicks" "$(row "$vf1" kicks)" "no: the VMM has registered no ioeventfds: each is an exit to it"
is "of one VF nothing is said of the other" "$(row "$vf2" driver)" ""
is "but of the PF" "$(row "$VVB_PF" VFs)" "ok: 2 of 4"
unhold
checked 0 "$VVB_PF"
is "of a PF: its VFs" "$(row "$vf1" driver) $(row "$vf2" driver)" "ok: virtio_vfio_bpf ok: virtio_vfio_bpf"
is "as text" "$(vvbctl check "$vf1" | grep -c "^ok *$vf1 ")" 7
refused "what is 'nonsense'? A PF or a VF is named by its PCI address" "no address" vvbctl check nonsense
refused "there is no such PCI device" "nothing there" vvbctl check 0000:7f:00.0
refused "check takes: no more" "too much" vvbctl check "$vf1" "$vf2"
as_user 1000 vvbctl -j check >out
is "another user: status" $? 0
is "whom the policies are for" "$(row host policies | cut -d : -f 1) $(cure host policies)" "unknown ask as root"

# A policy that is not there, or asked nothing; a daemon that is wanted.
check "upstream" vvbctl policy load $bpf/upstream.bpf.o
check "select" vvbctl policy select "$vf1" upstream
checked 0 "$vf1"
is "policy" "$(row "$vf1" policy)" "ok: upstream is active"
check "legacy=off" attr "$vf1" legacy off
checked 1 "$vf1"
is "policy" "$(row "$vf1" policy)" "no: upstream is idle"
check "legacy=auto" attr "$vf1" legacy auto
check "unload" vvbctl policy unload upstream
checked 1 "$vf1"
is "policy" "$(row "$vf1" policy)" "no: upstream is missing"
is "cure" "$(cure "$vf1" policy)" "vvbctl policy load FILE"
check "none" attr "$vf1" policy none
check "on_daemon_loss=fail" attr "$vf1" on_daemon_loss fail
checked 1 "$vf1"
is "daemon" "$(row "$vf1" daemon)" "no: none; what is punted without one: fail"
check "on_daemon_loss=kernel" attr "$vf1" on_daemon_loss kernel
checked 0 "$vf1"

# A device that hangs.
check "commands hang" testbed set hang-queue true
check "admin_timeout_ms" attr "$vf1" admin_timeout_ms 100
vfreg "$vf1" read 0 4 >/dev/null 2>&1
checked 1 "$vf1"
is "commands" "$(row "$vf1" commands)" "no: one was given up and is unanswered: the VF does not open"
check "they go on" testbed set hang-queue false
until_true 10 attr_is "$vf1" stalled 0
checked 0 "$vf1"

# A VF of another driver: what its configuration space tells.
bind "$vf1" vfio-pci 2>/dev/null || modprobe vfio-pci && bind "$vf1" vfio-pci
checked 1 "$vf1"
is "driver" "$(row "$vf1" driver)" "no: not bound to virtio_vfio_bpf, but to vfio-pci"
is "cure" "$(cure "$vf1" driver)" "vvbctl vf bind $vf1"
is "legacy" "$(row "$vf1" "legacy interface")" \
	"unknown: it has a device configuration; who could be its owner is not known"
is "sealed" "$(row "$vf1" legacy=only)" "ok: the MSI-X table has a BAR without registers"
check "bound again, as it says" sh -c "$(cure "$vf1" driver)"

# The PF's drivers, from above.
check "virtio_net unbound" put "$virtio" /sys/bus/virtio/drivers/virtio_net/unbind
checked 0
check "owner=pf" attr "$vf1" owner pf
checked 1
is "legacy" "$(row "$vf1" "legacy interface" | cut -d : -f 1) $(cure "$vf1" "legacy interface")" \
	"no vvbctl vf set $vf1 owner auto; or vvbctl vf set $vf1 legacy off, where it needs none"
check "owner=auto" attr "$vf1" owner auto
checked 0 "$vf1"
is "PF driver" "$(row "$VVB_PF" "PF driver")" "no: $virtio has no driver: no command can be sent"
is "cure" "$(cure "$VVB_PF" "PF driver")" "modprobe virtio_net"
is "legacy" "$(row "$vf1" "legacy interface")" "ok: the function itself can have it (owner self)"
check "virtio_net bound" put "$virtio" /sys/bus/virtio/drivers/virtio_net/bind
check "no VFs" put 0 "$pf_dir/sriov_numvfs"
checked 1
is "VFs" "$(row "$VVB_PF" VFs)" "no: 0 of 4"
check "rmmod" rmmod virtio_vfio_bpf
checked 1
is "module" "$(row host module)" "no: virtio_vfio_bpf is not loaded"
is "cure" "$(cure host module)" "modprobe virtio_vfio_bpf"
finish
