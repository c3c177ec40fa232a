#!/bin/sh
# vm: --vfs 0 --systemd
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# vvbd's unit lets it reach the process that has the PF, as vvbd's own user; and a vvbd that dies leaves its
# channel with systemd, so that what is under way is done by the next and the guest sees no failure.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_systemd
. "${0%/*}/lib_systemd"

export VF_TOKEN=5b2f2f50-6b0e-4b6c-9a53-4a4b8f1c3d11
socket=/run/pf.sock

# Is vvbd at work again, as another process than @1?
restarted()
{
	unit_is ActiveState active && [ "$(unit MainPID)" != "$1" ] && attr_is "$vf1" daemon live
}

modprobe -a vfio-pci vfio_iommu_type1 virtio_vfio_bpf
check "enable_sriov" put 1 /sys/module/vfio_pci/parameters/enable_sriov
check "vfio-pci has the PF" bind "$VVB_PF" vfio-pci
check "udev" install_vvbd
check "the user" systemd-sysusers
udevadm trigger
udevadm settle
pf_process "$VVB_PF" $socket >/tmp/pf.log 2>&1 &
until_true 10 grep -q ready /tmp/pf.log || die "pf_process: $(cat /tmp/pf.log)"
vfs 2 || die "no VFs"
vf1=${VVB_VFS% *} vf2=${VVB_VFS#* }
udevadm settle
mkdir -p /etc/vvb
printf '[all]\nowner = daemon\non_daemon_loss = wait\nforward = %s\n' $socket >/etc/vvb/vvb.conf
check "vvbctl apply" vvbctl apply
is "owner" "$(attr "$vf1" owner) $(attr "$vf2" owner)" "daemon daemon"

mkdir -p /etc/systemd/system/vvbd.service.d
printf '[Service]\nStandardError=append:%s\n' $vvbd_log >/etc/systemd/system/vvbd.service.d/log.conf
start_systemd
check "start" sd systemctl start vvbd
until_true 10 attr_is "$vf1" owner_active daemon
is "the socket is root's: an operation" "$(vfreg "$vf1" read 0 4)" 0xffffffff
check "the log says so" grep -q 'an operation: Permission denied' $vvbd_log
check "chown" chown vvbd $socket
program two_guests "$vf1" "$vf2"

for vf in $VVB_VFS; do
	check "admin_timeout_ms" attr "$vf" admin_timeout_ms $((20000 * VVB_SLOWDOWN))
done
check "slow commands" testbed set admin-delay-ns 5000000
errors=$(event "$vf1" command_error)
two_guests "$vf1" "$vf2" 8 >/tmp/guests.log 2>&1 &
guests=$!
for how in kill restart kill; do
	sleep 1
	pid=$(unit MainPID)
	case $how in
	kill)	kill -9 "$(vvbd_pid)" ;;
	restart) sd systemctl restart vvbd ;;
	esac
	check "$how: another" until_true 20 restarted "$pid"
done
wait $guests
is "guests: $(grep times /tmp/guests.log)" $? 0
is "operations that failed" "$(($(event "$vf1" command_error) - errors))" 0
check "the channel was taken up: $(grep -c 'taking up the channel' $vvbd_log)" \
	[ "$(grep -c 'taking up the channel' $vvbd_log)" -ge 2 ]
check "stop" sd systemctl stop vvbd
is "its end" "$(unit Result)" success
finish
