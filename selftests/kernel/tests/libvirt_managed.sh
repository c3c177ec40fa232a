#!/bin/sh
# vm: --vfs 1 --guest --libvirt backports --memory 3072 --timeout 2400
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# libvirt binds the VF itself, by the name of docs/operating.md and by its own choice: it is bound with what
# vvb.conf says, and served by a vvbd that nobody tells; and it goes back to where it was.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_docs
. "${0%/*}/lib_docs"
# shellcheck source=selftests/kernel/tests/lib_guest
. "${0%/*}/lib_guest"
# shellcheck source=selftests/kernel/tests/lib_libvirt
. "${0%/*}/lib_libvirt"

# The element, whole or without the name of the driver.
named=1
hostdev()
{
	if [ "$named" ]; then
		block xml libvirt_managed docs/operating.md
	else
		block xml libvirt_managed docs/operating.md | grep -v '<driver'
	fi | addressed
}

# guest TEXT
guest()
{
	echo "---- $1"
	check "define" define q35
	check "start" virsh start $domain || { cat /var/log/libvirt/qemu/*.log; return; }
	listen || fail "no console"
	check "bound" is_bound "$vf1" virtio_vfio_bpf
	is "as the file says" "$(attr "$vf1" legacy) $(attr "$vf1" policy) $(attr "$vf1" policy_state)" "only split active"
	is "daemon" "$(attr "$vf1" daemon)" live
	check "the guest is up" heard ready 600 || { cat $guest_log; return; }
	is "its driver" "$(heard driver 1) $(heard interface 1)" "virtio_net legacy"
	is "QEMU is confined" "$(confinement "$(qemu_pid)")" "libvirt-UUID (enforce)"
	traffic "$1"
	is "accesses without a daemon" "$(event "$vf1" no_daemon) $(event "$vf1" daemon_late)" "0 0"
	check "destroy" virsh destroy $domain
	check "the VF is the host's again" until_true 10 is_not_ours
	check "undefine" virsh undefine $domain
	unlisten
}

is_not_ours()
{
	! is_bound "$vf1" virtio_vfio_bpf
}

modprobe vfio_iommu_type1
prepare_machine
prepare_guest || die "the PF's end"
mkdir -p /etc/vvb
cat >/etc/vvb/vvb.conf <<END
[pf $VVB_PF]
legacy = only
policy = split
policy_required = yes
punt_timeout_ms = 10000
[policy split]
file = $bpf/split.bpf.o
END
check "apply" vvbctl apply
check "vvbd" vvbd
check "libvirt" start_libvirt
virsh version
is "libvirt is confined" "$(confinement "$(pidof libvirtd)")" "libvirtd (enforce)"
guest "by name"
named=''
guest "by libvirt's choice"
check "the next user has the same" sh -c "vvbctl vf bind $vf1 && vvbctl vf show $vf1 | grep -q 'legacy only'"
is "what AppArmor denied" "$(dmesg | grep 'apparmor="DENIED"')" ""
killall -q vvbd libvirtd virtlogd
finish
