#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Several guards: the kernel asks the one that was attached last first, and the next only where that
# has no opinion. vvbctl tells so, to who may know of them.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

pin=/sys/fs/bpf/vvb_guard

# counted TEXT WANTED - a control write by vf1: how often denied, without a daemon, illegal
counted()
{
	denied=$(event "$vf1" denied) no_daemon=$(event "$vf1" no_daemon)
	illegal=$(event "$vf1" illegal_guard)
	vfreg "$vf1" write 18 1 1
	is "$1: denied, punted, illegal" "$(($(event "$vf1" denied) - denied)) \
$(($(event "$vf1" no_daemon) - no_daemon)) $(($(event "$vf1" illegal_guard) - illegal))" "$2"
}

# asked - the guards as policy show has them
asked()
{
	vvbctl -j policy | jq -r '[.[] | select(.kind == "guard") | "\(.asked) \(.name)"] | join(", ")'
}

# load_first GUARD OTHER - load it; told that it comes before the other
load_first()
{
	check "load $1" sh -c "vvbctl policy load $bpf/$1.bpf.o >out && cat out"
	check "it says what it comes before" \
		grep -qx "    asked first; where it decides, these are not asked: $2" out
}

cd /tmp || exit
check "load guard-readonly" sh -c "vvbctl policy load $bpf/guard-readonly.bpf.o >out"
is "alone, nothing is said" "$(wc -l <out)" 1
check "readonly" vvbctl policy set "$vf1" readonly on of guard-readonly
counted "it alone" "1 0 0"
load_first guard-split guard-readonly
is "asked" "$(asked)" "1 guard-split, 2 guard-readonly"
check "policy show says what the order is" \
	sh -c "vvbctl policy | tail -n 1 | grep -qx 'guards are asked in this order, until one decides'"
counted "the new one has no opinion" "1 0 0"
check "split" vvbctl policy set "$vf1" split on of guard-split
counted "the new one decides, though the other would deny" "0 1 0"
check "unload" vvbctl policy unload guard-readonly
load_first guard-readonly guard-split
check "readonly" vvbctl policy set "$vf1" readonly on of guard-readonly
counted "in the other order" "1 0 0"
is "asked" "$(asked)" "1 guard-readonly, 2 guard-split"

check "a third, by bpftool" bpftool prog load $bpf/test/bad-guard.bpf.o $pin autoattach
is "asked" "$(asked | cut -c 1-11)" "1 bad_guard"
counted "an opinion that is illegal is one: the others are not asked" "0 0 1"
check "unpinned" rm $pin
usleep 300000
counted "without it" "1 0 0"

as_user 1000 vvbctl policy >out
is "another user is told that there may be some" "$(tail -n 1 out)" \
	"guards and pins: not visible without CAP_SYS_ADMIN"
is "and as JSON" "$(as_user 1000 vvbctl -j policy)" '[{"name":null,"kind":"guard"}]'
check "unload the one" vvbctl policy unload guard-readonly
check "unload the other" vvbctl policy unload guard-split
usleep 300000
check "rmmod" rmmod virtio_vfio_bpf
finish
