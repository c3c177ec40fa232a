#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The kernel's log of settings: a change says who, what, from, to; what is refused says why, and what
# would be right. An errno says neither.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

settings=$driver_dir/settings

# logged TEXT - the last line of the log about the driver has it
logged()
{
	last=$(dmesg | grep "virtio_vfio_bpf" | tail -n 1)
	case $last in
	*"$1"*)	ok "the kernel log says: $1" ;;
	*)	fail "the kernel log says: $last, wanted: $1" ;;
	esac
}

# not_set LINE WHY - by the driver's file
not_set()
{
	command sleep 1 # the log is not to be flooded, so ten lines in five seconds
	refused "" "$1" put "$1" $settings
	logged "settings: \"$1\" is refused: $2"
}

# refused_as NAME VALUE ESCAPED WHY - by the VF's file
refused_as()
{
	command sleep 1
	refused "" "$1=$2" attr "$vf1" "$1" "$2"
	logged "$vf1: $1=$3 is refused: $4"
}

check "legacy by the VF's file" put only "/sys/bus/pci/devices/$vf1/vvb/legacy"
logged "virtio_vfio_bpf: $vf1: legacy: auto -> only, by settings_log.sh["
logged "], uid 0, login uid -1"
lines=$(dmesg | wc -l)
check "the same again" put only "/sys/bus/pci/devices/$vf1/vvb/legacy"
is "that is no change" "$(dmesg | wc -l)" "$lines"
check "by the driver's file, of no VF" put "0000:7f:00.0 punt_timeout_ms=0x10" $settings
logged "virtio_vfio_bpf: 0000:7f:00.0: punt_timeout_ms: 250 -> 16, by settings_log.sh["
# who calls itself as it likes begins no line, and does nothing to a terminal
evil=/tmp/$(printf 'e\nvil\033[2J')
cp "$(command -v vvbctl)" "$evil"
check "by an odd name" "$evil" vf set "$vf1" on_daemon_loss fail
logged "$vf1: on_daemon_loss: kernel -> fail, by e\\nvil\\e[2J["
check "on_daemon_loss=kernel" attr "$vf1" on_daemon_loss kernel
check "load" vvbctl policy load $bpf/upstream.bpf.o
logged "policy upstream loaded, by vvbctl["
check "load split" vvbctl policy load $bpf/split.bpf.o
check "select" vvbctl policy select "$vf1" upstream
logged "$vf1: policy: none -> upstream, by vvbctl["
check "select another" put "$vf1 policy=split" $settings
logged "$vf1: policy: upstream -> split, by settings_log.sh["
check "replace it" vvbctl policy update $bpf/split.bpf.o
logged "policy split replaced, by vvbctl["
check "eject it" attr "$vf1" eject "enough of it"
check "the log says by whom" until_true 5 sh -c "dmesg | grep -q '$vf1: policy ejected by settings_log.sh.[0-9]*., uid 0'"
check "unload" vvbctl policy unload split
logged "policy split unloaded, by vvbctl["
check "select the other" attr "$vf1" policy upstream
check "unpin it" sh -c "rm /sys/fs/bpf/vvb/upstream/link && sleep 1"
logged "policy upstream unloaded, by the kernel, as the last pin or process let go"

command sleep 5
not_set "$vf1 legal=only" "no setting has that name; those are the writable files of a VF but eject"
not_set "legacy=only" "it begins with a PCI address, as 0000:01:00.1"
not_set "$vf1 legacy" "behind the name comes =VALUE"
not_set "$vf1 legacy=only intx=off" "the value is one word, and short; a line sets one thing"
command sleep 1
refused "" "a line that is too long" put "$vf1 legacy=only$(printf '%200s' x)" $settings
logged " is refused: it is ADDRESS NAME=VALUE, and not that long"
command sleep 5
refused "" "no such choice" put "$vf1 legacy=Only" $settings
logged "$vf1: legacy=Only is refused: it is one of auto, only, off"
refused_as punt_timeout_ms 60001 60001 "it is 1 to 60000"
refused_as punt_timeout_ms soon soon "it is 1 to 60000"
refused_as daemon_uid me me "it is the number of a user"
refused_as policy "$(printf 'a\033[2Jb')" 'a\e[2Jb' "a name has 1 to 15 characters out of a-z 0-9 _ -; or none"
command sleep 5
refused_as policy odd odd "no such policy is loaded"
check "load what refuses" vvbctl policy load $bpf/test/refuse-attach.bpf.o
refused_as policy refuse-attach refuse-attach "it does not want the VF, and says -13"
refused_as shadow refuse-attach refuse-attach "a shadow has to be stateless (VVB_POLICY_STATELESS)"
hold "$vf1"
refused_as legacy off off "the VF is open"
unhold
finish
