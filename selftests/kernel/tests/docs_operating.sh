#!/bin/sh
# vm: --vfs 1
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The commands of README.md and of docs/operating.md, word by word, but for building and installing:
# on a VF that virtio_pci has taken, as it does where nothing was set.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_docs
. "${0%/*}/lib_docs"

mkdir -p /tmp/top/build
cd /tmp/top || exit
ln -s /lib/vvb/bpf build/bpf
ln -s "/lib/modules/$(uname -r)/extra" build/kmod
VF=$vf1
# shellcheck disable=SC2034 # for the commands
PF=$VVB_PF

check "VFs are gone" put 0 "$pf_dir/sriov_numvfs"
check "VFs are bound as they come" put 1 "$pf_dir/sriov_drivers_autoprobe"
check "the VF is there again" put 1 "$pf_dir/sriov_numvfs"
check "virtio_pci has it" until_true 10 is_bound "$VF" virtio-pci

before()
{
	case $1 in
	"vvbctl vf bind"*)
		refused "$VF: not bound to virtio_vfio_bpf, but to virtio-pci" "vvbd" \
			vvbd --foreground --vf "$VF" ;;
	"trace-cmd record"*)
		vfreg "$VF" read 0 4 1000000000 >/dev/null &
		reader=$! ;;
	esac
}

after()
{
	case $1 in
	"ls "*/iommu_group/*)	is "its IOMMU group" "$(cat out)" "$VF" ;;
	"cut -c 42 "*)	is "the PF has an administration queue" "$(cat out)" 1 ;;
	*" vf bind "*)
		check "bound" is_bound "$VF" virtio_vfio_bpf ;;
	"vvbctl save")
		check "it has the VF" grep -qx "legacy = only" /etc/vvb/vvb.conf ;;
	"vvbctl apply"*)
		is "nothing to do" "$(cat out)" "" ;;
	*" legacy only")
		is "legacy" "$(attr "$VF" legacy)" only ;;
	*" select "*)
		is "policy" "$(attr "$VF" policy) $(attr "$VF" policy_state)" "split active" ;;
	"cat "*/settings)
		check "what was set is there" grep -q "^$VF .*legacy=only" out ;;
	vvbd*)	is "daemon" "$(attr "$VF" daemon)" live ;;
	"bpftool map "*)
		check "the policy is in the list" sh -c "vvbctl policy list | grep -q '^split  *policy'"
		check "the guard is in the list" sh -c "vvbctl policy list | grep -q ' guard '" ;;
	"rm "*)	check "the guard is gone" sh -c "! vvbctl policy list | grep -q ' guard '" ;;
	"cat "*/stalled*)	is "stalled, pf_stalled" "$(tr '\n' ' ' <out)" "0 0 " ;;
	"trace-cmd record"*)	kill "$reader" ;;
	"trace-cmd report")
		check "an access was seen" grep -q "vvb_access:.* read device_features" out ;;
	esac
}

mkdir -p /etc/vvb /usr/local/lib/vvb
cp $bpf/*.bpf.o /usr/local/lib/vvb/
follow docs_operating README.md 9
follow docs_operating docs/operating.md 11
program legacy_net "$VVB_PF" "$VF"
check "the daemon served it" sh -c "vvbctl stats --vf $VF | grep -q daemon"
killall -q vvbd
finish
