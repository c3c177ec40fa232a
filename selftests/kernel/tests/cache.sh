#!/bin/sh
# vm: --vfs 1 --driver ours
# owner: pf, it counts commands, and the oracle has a MAC address that can be written
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
probe=$(cost journey "$vf1" 0) || die "no probe: $(cat /tmp/cost.log)"
check "commands for a probe by Linux: $probe" [ "$probe" -le 26 ]
program legacy_registers "$vf1" brief
program random_access "$vf1" --seed 11 --count 6000 --any-commands
check "keep" vvbctl policy set "$vf1" keep on
with=$(cost legacy_net "$VVB_PF" "$vf1") || die "no traffic: $(cat /tmp/cost.log)"
check "commands for a driver that resets often: $without without, $with with" \
	[ "$with" -lt "$without" ]
program random_access "$vf1" --seed 12 --count 6000 --any-commands

# Replaced, taken away, put back and bypassed, while the oracle looks on.
unsettle()
{
	while [ ! -e /tmp/settled ]; do
		vvbctl policy update $bpf/cache.bpf.o || break
		vvbctl policy select "$vf1" upstream || break
		vvbctl policy select "$vf1" cache || break
		vvbctl policy set "$vf1" split on of guard-split || break
		vvbctl policy set "$vf1" split off of guard-split || break
		echo round
	done
}

check "load another" vvbctl policy load $bpf/upstream.bpf.o
check "and a guard that bypasses both" vvbctl policy load $bpf/guard-split.bpf.o
unsettle >/tmp/rounds 2>&1 &
program random_access "$vf1" --seed 13 --count 6000 --any-commands
touch /tmp/settled
wait
rounds=$(grep -c round /tmp/rounds)
check "replaced and taken away $rounds times" [ "$rounds" -gt 1 ]
is "each of them went well" "$(grep -v '^cache .*policy\|^round\|^$' /tmp/rounds)" ""
check "the guard goes" vvbctl policy unload guard-split
is "still in place" "$(attr "$vf1" policy) $(attr "$vf1" policy_state)" "cache active"
is "illegal verdicts" "$(event "$vf1" illegal_verdict)" 0
finish
