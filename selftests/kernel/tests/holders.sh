#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# What keeps the module from being removed: vvbctl holders names each, and what it says ends it.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# held KIND NAME - "PID... -> cure"
held()
{
	vvbctl -j holders | jq -r ".[] | select(.kind == \"$1\" and .name == \"$2\") |
		\"\([.processes[].pid | tostring] | join(\" \")) -> \(.cure)\""
}

is "nothing" "$(vvbctl holders)" "nothing holds module virtio_vfio_bpf"
check "a policy" vvbctl policy load $bpf/upstream.bpf.o
check "a guard" vvbctl policy load $bpf/guard-readonly.bpf.o
check "another, by bpftool" bpftool prog load $bpf/guard-split.bpf.o /sys/fs/bpf/vvb_guard autoattach
vvbd --foreground --vf "$vf2" 2>/dev/null &
vvbd=$!
until_true 10 attr_is "$vf2" daemon live
hold "$vf1"
refused "" "rmmod" rmmod virtio_vfio_bpf
vvbctl holders
is "policy" "$(held policy upstream)" " -> vvbctl policy unload upstream"
is "guard" "$(held guard guard-readonly)" " -> vvbctl policy unload guard-readonly"
is "guard by bpftool" "$(held guard guard_split)" " -> rm /sys/fs/bpf/vvb_guard"
is "channel" "$(held channel /dev/vvb)" \
	"$vvbd -> end them: systemctl stop vvbd, where systemd has started it"
is "VF" "$(held "open VF" "$vf1")" "$hold_pid -> end its guest"
is "the other VF is closed" "$(held "open VF" "$vf2")" ""
is "there are no more" "$(vvbctl -j holders | jq length)" 5
as_user 1000 vvbctl holders >out
check "another user sees less, and is told so" grep -q "not visible without root" out
check "the policy is for all to see" grep -q "^policy upstream" out
refused "holders takes: no more" "too much" vvbctl holders "$vf1"

# Done as it says.
check "unload the policy" vvbctl policy unload upstream
check "unload the guard" vvbctl policy unload guard-readonly
check "unpin the other" rm /sys/fs/bpf/vvb_guard
unhold
kill $vvbd
wait $vvbd
usleep 300000
is "nothing" "$(vvbctl holders)" "nothing holds module virtio_vfio_bpf"
check "rmmod" rmmod virtio_vfio_bpf
refused "not loaded" "without the module" vvbctl holders
finish
