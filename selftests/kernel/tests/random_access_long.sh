#!/bin/sh
# vm: --vfs 1 --driver ours --timeout 3000
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A million random accesses beside the oracle, and more through policies and the daemon; each
# run's seed is another one, and printed.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

seed=$(date +%s)
program random_access "$vf1" --seed "$seed" --count 1000000
for policy in upstream observe mask-features; do
	check "policy $policy" vvbctl policy load $bpf/$policy.bpf.o
	check "selected" attr "$vf1" policy $policy
	seed=$((seed + 1))
	program random_access "$vf1" --seed $seed --count 100000
done
check "policy cache" vvbctl policy load $bpf/cache.bpf.o
for keep in off on; do
	check "keep $keep" vvbctl policy set "$vf1" keep $keep of cache
	check "selected" attr "$vf1" policy cache
	seed=$((seed + 1))
	program random_access "$vf1" --seed $seed --count 100000 --any-commands
done
check "policy split" vvbctl policy load $bpf/split.bpf.o
check "selected" attr "$vf1" policy split
vvbd --foreground "$vf1" >/tmp/vvbd.log 2>&1 &
until_true 10 grep -q ready /tmp/vvbd.log || die "vvbd: $(cat /tmp/vvbd.log)"
attr "$vf1" punt_timeout_ms 10000
program random_access "$vf1" --seed $((seed + 1)) --count 100000
is "no access without the daemon" "$(event "$vf1" no_daemon)" 0
finish
