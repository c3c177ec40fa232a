#!/bin/sh
# vm: --vfs 2 --systemd --device pcie-root-port,id=rp1,chassis=2,slot=2,addr=10 --device virtio-rng-pci,bus=rp1,disable-legacy=on,iommu_platform=on
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# From boot to guests by units, udev rules and /etc/vvb/vvb.conf alone, with the module not loaded as it
# begins; VFs, and another function, that come later; and what is said when the file is wrong.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_systemd
. "${0%/*}/lib_systemd"

modprobe vfio_iommu_type1
conf=/etc/vvb/vvb.conf

# of UNIT KEY - a property
of()
{
	sd systemctl show --value -p "$2" "$1"
}

both()
{
	echo "$(attr "$vf1" "$1") $(attr "$vf2" "$1")"
}

have_daemons()
{
	[ "$(both daemon)" = "live live" ]
}

mkdir -p /etc/vvb /usr/local/lib/vvb
cp $bpf/split.bpf.o /usr/local/lib/vvb/
cat >$conf <<END
[pf $VVB_PF]
bind = yes
legacy = only
policy = split
policy_required = yes
END
check "udev" install_vvbd
check "the user" systemd-sysusers
mkdir -p /etc/systemd/system/vvb.service.d /etc/systemd/system/vvbd.service.d
printf '[Service]\nStandardOutput=append:/run/vvb.log\nStandardError=append:/run/vvb.log\n' \
	>/etc/systemd/system/vvb.service.d/log.conf
printf '[Service]\nStandardError=append:%s\n' $vvbd_log >/etc/systemd/system/vvbd.service.d/log.conf
# VFs that udev was told of before there was a user, or a file, are as they were
check "VFs have no driver" test ! -e "/sys/bus/pci/devices/$vf1/driver"
check "the module is not loaded" test ! -e $driver_dir
start_systemd

# vvbd alone is started.
check "start vvbd" sd systemctl start vvbd
cat /run/vvb.log
is "vvbd" "$(unit ActiveState) $(of vvb ActiveState) $(of vvb Result)" "active active success"
is "/dev/vvb, without a trigger" "$(stat -c '%a %G' /dev/vvb)" "660 vvbd"
check "bound" is_bound "$vf2" virtio_vfio_bpf
is "legacy" "$(both legacy)" "only only"
is "policy" "$(both policy) $(both policy_state)" "split split active active"
check "served" until_true 10 have_daemons
is "daemon_uid" "$(both daemon_uid)" "$(id -u vvbd) $(id -u vvbd)"
check "an access" vfreg "$vf1" read 0 4
is "by the daemon" "$(event "$vf1" no_daemon)" 0
for unit in network-pre.target libvirtd.service virtqemud.service; do
	check "before $unit" sh -c "echo '$(of vvb Before)' | grep -qw $unit"
done
check "enable both" sd systemctl enable vvb vvbd
check "nothing to do twice" sd systemctl reload vvb

# VFs that come later are bound, and served, by nobody's hand.
check "no VFs" put 0 "$pf_dir/sriov_numvfs"
check "VFs" put 2 "$pf_dir/sriov_numvfs"
# a device has a driver before it has that driver's files
check "bound, as the file says" until_true 20 attr_is "$vf1" legacy only
check "bound, as the file says" until_true 20 attr_is "$vf2" legacy only
check "served" until_true 10 have_daemons
is "accesses that had no daemon" "$(event "$vf1" no_daemon)" 0
is "vvbd was not reloaded, nor restarted" "$(unit NRestarts)" 0

# So is a function that is no VF, if the file names it, and only then.
rng=$(basename "$(dirname "$(grep -l 0x1044 /sys/bus/pci/devices/*/device)")")
check "gone" put 1 "/sys/bus/pci/devices/$rng/remove"
check "there again" put 1 /sys/bus/pci/rescan
check "settle" udevadm settle
check "the host's, as nobody names it" until_true 20 is_bound "$rng" virtio-pci
cp $conf /tmp/conf
printf '[vf %s]\nbind = yes\nlegacy = only\n' "$rng" >>$conf
check "gone" put 1 "/sys/bus/pci/devices/$rng/remove"
check "there again" put 1 /sys/bus/pci/rescan
check "bound, as the file says" until_true 20 attr_is "$rng" legacy only
check "as it was" cp /tmp/conf $conf

# What the file says of daemon_uid holds, whatever the rules have for all others.
check "settle" udevadm settle
printf '[vf %s]\ndaemon_uid = 4711\n' "$vf1" >>$conf
check "reload" sd systemctl reload vvb
is "daemon_uid" "$(attr "$vf1" daemon_uid)" 4711
check "bind anew" sh -c "echo $vf1 >$driver_dir/unbind && echo $vf1 >$driver_dir/bind"
check "trigger" udevadm trigger
check "settle" udevadm settle
is "daemon_uid" "$(both daemon_uid)" "4711 $(id -u vvbd)"

# A policy that can't be loaded: all else is done, the VF does not open, and it is said why.
check "VFs bound no more" vvbctl vf unbind "$VVB_PF"
check "unload" vvbctl policy unload split
echo nonsense >/usr/local/lib/vvb/split.bpf.o
: >/run/vvb.log
refused "failed" "restart vvb" sd systemctl restart vvb
cat /run/vvb.log
check "the log says why" grep -q "$conf:4: split: load /usr/local/lib/vvb/split.bpf.o: " /run/vvb.log
check "bound" is_bound "$vf2" virtio_vfio_bpf
is "legacy" "$(attr "$vf2" legacy)" only
refused "Protocol driver not attached" "open" vfreg "$vf2" read 0 4
check "vf show says why" sh -c "vvbctl vf show $vf2 | grep -q 'DOES NOT OPEN'"
cp $bpf/split.bpf.o /usr/local/lib/vvb/
check "it can be loaded" sd systemctl restart vvb
check "open" vfreg "$vf2" read 0 4

# A wrong file.
echo 'legacy = maybe' >>$conf
: >/run/vvb.log
refused "failed" "restart vvb" sd systemctl restart vvb
check "the log says why" grep -q "$conf:8: legacy: what is 'maybe'? auto, only or off" /run/vvb.log
finish
