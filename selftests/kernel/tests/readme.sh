#!/bin/sh
# vm: --vfs 1
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The commands of README.md's section on real hardware, word by word, but for building and
# installing: on a VF that no driver has yet.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

mkdir -p /tmp/top/build
cd /tmp/top || exit
ln -s /lib/vvb/bpf build/bpf
ln -s "/lib/modules/$(uname -r)/extra" build/kmod

# section TITLE - the indented lines under a heading, up to the next
section()
{
	sed -n "/^##* $1\$/,/^##* /{/^    /s/^    //p}" /lib/vvb/README.md
}

section "On real hardware" | grep -vE '^(make|VF=)' >commands
is "commands" "$(grep -c . commands)" 12
VF=$vf1
while read -r command <&5; do
	case $command in
	vvbd*)
		killall -q vvbd
		until_true 5 attr_is "$VF" daemon none
		;;
	"bpftool map update"*)
		# the key that the README shows is that of another address
		command=$(echo "$command" | sed "s/key hex.* value/key hex $(map_key "$VF")value/")
		;;
	esac
	eval "$command" >out 2>&1
	is "$command" "$?" 0 || cat out
done 5<commands

is "driver" "$(basename "$(readlink "/sys/bus/pci/devices/$VF/driver")")" virtio_vfio_bpf
is "legacy" "$(attr "$VF" legacy)" only
is "policy" "$(attr "$VF" policy) $(attr "$VF" policy_state)" "split active"
check "the policy is in the list" sh -c "vvbctl policy list | grep -q '^split  *policy'"
check "the guard is in the list" sh -c "vvbctl policy list | grep -q ' guard '"
is "daemon" "$(attr "$VF" daemon)" live
program legacy_net "$VVB_PF" "$VF"
check "the daemon served it" sh -c "vvbctl stats --vf $VF | grep -q daemon"
check "the guard's pin, removed" rm /sys/fs/bpf/vvb_guard
killall -q vvbd
finish
