#!/bin/sh
# vm: --vfs 1 --driver ours --guest --libvirt backports --memory 3072 --timeout 2400
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Guests that libvirt starts, with the <hostdev> of docs/operating.md: their stock legacy driver passes
# packets, on either machine type, and the VF stays ours when they are gone. AppArmor is enforced.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_docs
. "${0%/*}/lib_docs"
# shellcheck source=selftests/kernel/tests/lib_guest
. "${0%/*}/lib_guest"
# shellcheck source=selftests/kernel/tests/lib_libvirt
. "${0%/*}/lib_libvirt"

qemu_status()
{
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$(qemu_pid)/status" | cut -f 1
}

# handled_by REGISTER WHO - all accesses to it?
handled_by()
{
	vvbctl stats --vf "$vf1" | grep -q "^  $1 .*  $2 [0-9]*\$"
}

# guest MACHINE
guest()
{
	echo "---- $1"
	check "define" define "$1"
	check "start" virsh start $domain || { cat /var/log/libvirt/qemu/*.log; return; }
	listen || fail "no console"
	is "QEMU runs as" "$(qemu_status Uid)" "$(id -u libvirt-qemu)"
	check "the guest is up" heard ready 600 || { cat $guest_log; return; }
	is "its driver" "$(heard driver 1) $(heard interface 1)" "virtio_net legacy"
	is "QEMU is confined" "$(confinement "$(qemu_pid)")" "libvirt-UUID (enforce)"
	traffic "$1"
	is "interface" "$(attr "$vf1" interface)" legacy
	vvbctl stats --vf "$vf1"
	check "vvbd answers it" handled_by device_status daemon
	check "its notifies take the fast path" handled_by queue_notify notify
	is "answers that did not come" "$(event "$vf1" no_daemon) $(event "$vf1" daemon_late)" "0 0"
	check "destroy" virsh destroy $domain
	check "closed" until_true 10 attr_is "$vf1" interface closed
	check "the VF is still ours" is_bound "$vf1" virtio_vfio_bpf
	is "policy" "$(attr "$vf1" policy) $(attr "$vf1" policy_state)" "split active"
	check "undefine" virsh undefine $domain
	unlisten
}

prepare_machine
prepare_guest || die "the PF's end"
attr "$vf1" legacy only
attr "$vf1" punt_timeout_ms 10000
check "vvbd" vvbd --vf "$vf1"
check "load" vvbctl policy load $bpf/split.bpf.o
check "select" vvbctl policy select "$vf1" split
check "libvirt" start_libvirt
virsh version
is "libvirt is confined" "$(confinement "$(pidof libvirtd)")" "libvirtd (enforce)"
guest pc
guest q35
program legacy_net "$VVB_PF" "$vf1"
is "what AppArmor denied" "$(dmesg | grep 'apparmor="DENIED"')" ""
killall -q vvbd libvirtd virtlogd
finish
