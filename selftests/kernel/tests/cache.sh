#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The policy cache: never wrong, beside the oracle and under a driver, and it spares commands.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# Commands sent for a VF since the driver was bound.
commands()
{
	sum=0
	for opcode in 2 3 4 5; do
		sum=$((sum + $(vfreg "$1" opcode $opcode)))
	done
	echo $sum
}

# cost COMMAND... - how many commands it takes
cost()
{
	sum_before=$(commands "$vf1")
	"$@" >/tmp/cost.log || return
	echo $(($(commands "$vf1") - sum_before))
}

without=$(cost legacy_net "$VVB_PF" "$vf1") || die "no traffic: $(cat /tmp/cost.log)"
check "load" vvbctl policy load $bpf/cache.bpf.o
check "select" vvbctl policy select "$vf1" cache
program legacy_registers "$vf1" brief
program random_access "$vf1" --seed 11 --count 15000 --any-commands
check "keep" vvbctl policy set "$vf1" keep on
with=$(cost legacy_net "$VVB_PF" "$vf1") || die "no traffic: $(cat /tmp/cost.log)"
check "commands for a driver that resets often: $without without, $with with" \
	[ "$with" -lt "$without" ]
program random_access "$vf1" --seed 12 --count 15000 --any-commands
is "still in place" "$(attr "$vf1" policy) $(attr "$vf1" policy_state)" "cache active"
is "illegal verdicts" "$(event "$vf1" illegal_verdict)" 0

check "a guard comes in between" vvbctl policy load $bpf/guard-readonly.bpf.o
check "and refuses writes" vvbctl policy set "$vf1" readonly on of guard-readonly
refused "" "no driver comes up" legacy_net "$VVB_PF" "$vf1"
check "and goes" vvbctl policy unload guard-readonly
program legacy_net "$VVB_PF" "$vf1" "$vf2"
finish
