#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt config-len=232
# owner: pf, the oracle foretells commands, and its MAC address can be written; selftests/unit holds owner self against it (modern_oracle)
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Random accesses beside an oracle to a VF with as long a device configuration as there is room
# for: BAR0 has 256 bytes.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

is "the last byte" "$(vfreg "$vf1" read 251 1)" 0x18
is "and none behind it, with MSI-X off" "$(vfreg "$vf1" read 252 1)" 0xff
program random_access "$vf1" --seed 21 --count 5000
for name in observe quirk; do
	check "policy $name" vvbctl policy load $bpf/$name.bpf.o
	check "selected" vvbctl policy select "$vf1" $name
	program random_access "$vf1" --seed 22 --count 1000
done
check "policy cache" vvbctl policy load $bpf/cache.bpf.o
check "selected" vvbctl policy select "$vf1" cache
program random_access "$vf1" --seed 23 --count 5000 --any-commands
is "still in place" "$(attr "$vf1" policy_state) $(event "$vf1" illegal_verdict)" "active 0"
finish
