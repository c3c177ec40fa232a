#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Policies are loaded, verified, listed, selected, exercised, unloaded, and come back.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

is "bpf" "$(cat $driver_dir/bpf)" available
for policy in upstream split observe mask-features; do
	check "load $policy" vvbctl policy load $bpf/$policy.bpf.o
	is "in the list, unused" "$(grep "^$policy " $driver_dir/policies)" "$policy 0"
done
check "vvbctl policy list" vvbctl policy list
refused "is loaded, and pinned as" "a name that is taken" vvbctl policy load $bpf/upstream.bpf.o
is "policies" "$(wc -l <$driver_dir/policies)" 4

refused "No such file or directory" "select an unknown policy" attr "$vf1" policy nonsense
is "policy after that" "$(attr "$vf1" policy)" none
refused "Invalid argument" "select a name that is too long" attr "$vf1" policy 0123456789abcdefg
for policy in upstream observe mask-features; do
	check "select $policy" vvbctl policy select "$vf1" $policy
	is "policy" "$(attr "$vf1" policy) $(attr "$vf1" policy_state)" "$policy active"
	is "users" "$(grep "^$policy " $driver_dir/policies)" "$policy 1"
	program legacy_net "$VVB_PF" "$vf1" "$vf2"
done
is "illegal verdicts" "$(event "$vf1" illegal_verdict)" 0

check "select upstream" attr "$vf1" policy upstream
check "unload it while selected" vvbctl policy unload upstream
is "policy" "$(attr "$vf1" policy) $(attr "$vf1" policy_state)" "upstream missing"
check "the VF works" vfreg "$vf1" read 0 4
check "load it again" vvbctl policy load $bpf/upstream.bpf.o
is "policy" "$(attr "$vf1" policy) $(attr "$vf1" policy_state)" "upstream active"

hold "$vf1"
check "select while open" attr "$vf1" policy observe
check "unload while open" vvbctl policy unload observe
check "deselect while open" attr "$vf1" policy none
is "policy" "$(attr "$vf1" policy) $(attr "$vf1" policy_state)" "none none"
unhold
for policy in upstream split mask-features; do
	check "unload $policy" vvbctl policy unload $policy
done
refused "" "unload what is not loaded" vvbctl policy unload upstream
is "policies" "$(wc -l <$driver_dir/policies)" 0
finish
