#!/bin/sh
# vm: --vfs 1 --driver ours --guest --libvirt backports --memory 3072 --timeout 2400
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Guests that libvirt starts, with the <hostdev> of docs/operating.md: their stock legacy driver passes
# packets, on either machine type, and the VF stays ours when they are gone.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_docs
. "${0%/*}/lib_docs"
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

# traffic - both ways, and a file by TCP
traffic()
{
	dd if=/dev/urandom of=/tmp/srv/file bs=64k count=16 2>/dev/null
	is "ping from the guest" "$(ask ping 60 "ping 10")" "10 10"
	check "ping of the guest" ping -c 10 -i 0.2 -W 2 10.0.0.2
	sum=$(sha256sum </tmp/srv/file | cut -d ' ' -f 1)
	is "file to the guest" "$(ask fetched 300 "fetch file")" "1048576 $sum"
	check "file of the guest" timeout 300 wget -q -O /tmp/got http://10.0.0.2/got
	is "file from the guest" "$(sha256sum </tmp/got | cut -d ' ' -f 1)" "$sum"
}

# guest MACHINE
guest()
{
	echo "---- $1"
	check "define" define "$1"
	check "start" virsh start $domain || { cat /var/log/libvirt/qemu/*.log; return; }
	listen || fail "no console"
	is "QEMU runs as" "$(qemu_status Uid)" "$(id -u libvirt-qemu)"
	check "the guest is up" heard ready 600 || { cat $console; return; }
	is "its driver" "$(heard driver 1) $(heard interface 1)" "virtio_net legacy"
	traffic
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
pf=$(interface_of "$VVB_PF")
ip addr add 10.0.0.1/24 dev "$pf"
ip link set "$pf" up
mkdir /tmp/srv
httpd -p 80 -h /tmp/srv
attr "$vf1" legacy only
attr "$vf1" punt_timeout_ms 10000
check "vvbd" vvbd --vf "$vf1"
check "load" vvbctl policy load $bpf/split.bpf.o
check "select" vvbctl policy select "$vf1" split
check "libvirt" start_libvirt
virsh version
guest pc
guest q35
program legacy_net "$VVB_PF" "$vf1"
killall -q vvbd libvirtd virtlogd
finish
