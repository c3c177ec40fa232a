#!/bin/sh
# vm: --vfs 1 --driver ours
# owner: pf, the oracle foretells commands, and its MAC address can be written; selftests/unit holds owner self against it (modern_oracle)
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Random accesses beside an oracle, whoever decides them, in each mode of the VF and of its
# commands. random_access.sh TIMES: so many times as many, with other random numbers.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

times=${1:-1}
seed=1
[ $# = 0 ] || seed=$(date +%s)

# random COUNT [OPTION...]
random()
{
	count=$(($1 * times))
	shift
	seed=$((seed + 1))
	program random_access "$vf1" --seed $seed --count "$count" "$@"
}

# policy FILE
policy()
{
	check "policy $1" vvbctl policy load "$bpf/$1.bpf.o"
	check "selected" attr "$vf1" policy "${1#test/}"
}

random 20000
attr "$vf1" admin_timeout_ms 5000
random 2000
attr "$vf1" admin_timeout_ms 0
attr "$vf1" legacy only
random 2000
attr "$vf1" legacy auto
testbed set notify-list empty
random 2000 --no-doorbell
testbed set notify-list member

for name in upstream observe mask-features quirk; do
	policy $name
	random 1000
done
for name in cache test/defer; do
	policy $name
	random 2000 --any-commands
done
policy split
vvbd --foreground "$vf1" >/tmp/vvbd.log 2>&1 &
until_true 10 grep -q ready /tmp/vvbd.log || die "vvbd: $(cat /tmp/vvbd.log)"
attr "$vf1" punt_timeout_ms 10000
random 1500
is "no access without the daemon" "$(event "$vf1" no_daemon)" 0
finish
