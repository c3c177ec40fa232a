#!/bin/sh
# vm: --vfs 0
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A PF that a process has, over vfio-pci, and legacy guests on its VFs: operations go to vvbd, and by that
# to the process. The PF is opened before its VFs are made, as opening it resets it, and they would be
# lost by that.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

export VF_TOKEN=5b2f2f50-6b0e-4b6c-9a53-4a4b8f1c3d11
socket=/run/pf.sock

# to_vfio - the PF from virtio_pci to vfio-pci
to_vfio()
{
	modprobe -a vfio-pci vfio_iommu_type1 virtio_vfio_bpf &&
		put 1 /sys/module/vfio_pci/parameters/enable_sriov &&
		bind "$VVB_PF" vfio-pci
}

# start_pf - the process, until it listens
start_pf()
{
	pf_process "$VVB_PF" $socket >/tmp/pf.log 2>&1 &
	pf_pid=$!
	until_true 10 grep -q ready /tmp/pf.log || die "pf_process: $(cat /tmp/pf.log)"
}

# start_vvbd - until it carries out operations
start_vvbd()
{
	vvbd --foreground --config /tmp/vvb.conf >>/tmp/vvbd.log 2>&1 &
	vvbd_pid=$!
	until_true 10 attr_is "$vf1" owner_active daemon || die "vvbd: $(cat /tmp/vvbd.log)"
}

check "vfio-pci has the PF" to_vfio
start_pf
vfs 2 || die "no VFs"
vf1=${VVB_VFS% *} vf2=${VVB_VFS#* }
printf '[all]\nowner = daemon\nforward = %s\n' $socket >/tmp/vvb.conf
chmod 644 /tmp/vvb.conf
for vf in $VVB_VFS; do
	check "owner" attr "$vf" owner daemon
done
is "no daemon" "$(attr "$vf1" capable)" "off: no daemon that carries out operations has claimed it"
is "no daemon" "$(attr "$vf1" owner_active)" none

start_vvbd
is "capable" "$(attr "$vf1" capable)" only
program two_guests "$vf1" "$vf2"
hold "$vf1"
is "kicks are stores" "$(attr "$vf1" notify)" member
unhold
is "operations without vvbd" "$(event "$vf1" no_daemon)" 0

# Policies are as with any other owner: split punts all but kicks, which vvbd answers with the command that it
# is asked to carry out then.
check "load split" vvbctl policy load $bpf/split.bpf.o
for vf in $VVB_VFS; do
	check "select" attr "$vf" policy split
done
program two_guests "$vf1" "$vf2"
for vf in $VVB_VFS; do
	check "no policy" attr "$vf" policy none
done

# vvbd is killed and started again while both guests come and go: they notice that it takes longer.
for vf in $VVB_VFS; do
	check "on_daemon_loss=wait" attr "$vf" on_daemon_loss wait
	check "admin_timeout_ms" attr "$vf" admin_timeout_ms $((15000 * VVB_SLOWDOWN))
done
testbed set admin-delay-ns 10000000	# so that an operation is under way at nearly all times
two_guests "$vf1" "$vf2" 12 >/tmp/guests.log 2>&1 &
guests=$!
times=0
while kill -0 $guests 2>/dev/null; do
	kill -9 $vvbd_pid
	wait $vvbd_pid
	usleep 200000
	vvbd --foreground --config /tmp/vvb.conf >>/tmp/vvbd.log 2>&1 &
	vvbd_pid=$!
	times=$((times + 1))
	sleep 1
done
wait $guests
is "guests while vvbd was killed: $(grep times /tmp/guests.log)" $? 0
testbed set admin-delay-ns 0
check "killed $times times" [ $times -ge 4 ]
check "some operations were under way" [ "$(event "$vf1" daemon_lost)" -gt 0 ]
is "none was answered for them" "$(event "$vf1" command_error)" 0

# The process hangs up, as one that is started again over a PF that it has kept: what is under way then
# fails, and the next finds it.
for vf in $VVB_VFS; do
	check "on_daemon_loss=fail" attr "$vf" on_daemon_loss fail
done
until_true 10 attr_is "$vf1" daemon live
hold "$vf1"
for _ in 1 2 3; do
	kill -HUP $pf_pid
	sleep 1
done
check "still holding" kill -0 "$hold_pid"
unhold
program two_guests "$vf1" "$vf2"
check "connected again: $(grep -c connected /tmp/vvbd.log)" [ "$(grep -c connected /tmp/vvbd.log)" -ge 3 ]

# It is gone, and comes back; opening the PF resets it, and the VFs with it.
kill -9 $pf_pid
wait $pf_pid 2>/dev/null
is "without it" "$(vfreg "$vf1" read 0 4)" 0xffffffff
check "counted" [ "$(event "$vf1" pf_unavailable)" -gt 0 ]
is "and nothing is stalled" "$(attr "$vf1" stalled)" 0
start_pf
program two_guests "$vf1" "$vf2"
check "SIGTERM" kill -TERM $vvbd_pid
wait $vvbd_pid
is "its status" $? 0
is "owner_active" "$(attr "$vf1" owner_active)" none
finish
