#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A VMM out of its mind, under a policy that says anything, with and without a daemon. The VF
# is as good as new behind it. fuzz_access.sh SECONDS: for longer, with other random numbers.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

seconds=$((${1:-12} * VVB_SLOWDOWN))
seed=1
[ $# = 0 ] || seed=$(date +%s)

# dice SEED WRONG - the policy's
# shellcheck disable=SC2046 # words
dice()
{
	bpftool map update name chaos_vfs key hex $(map_key "$vf1") \
		value $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)) \
		0 0 0 0 "$2" 0 0 0 0 0 0 0
}

# The daemon is killed every now and then, and another one started.
daemons()
{
	while :; do
		vvbd --foreground "$vf1" >/dev/null 2>&1 &
		usleep 700000
		kill -9 $!
	done
}

features=$(vfreg "$vf1" read 0 4) || die "no answer: $features"
check "policy chaos" vvbctl policy load $bpf/test/chaos.bpf.o
attr "$vf1" punt_timeout_ms 20
attr "$vf1" policy chaos
check "no illegal verdicts" dice "$seed" 0
program fuzz_access "$vf1" --seed "$seed" --seconds $((seconds / 3))
check "some" dice $((seed + 1)) 100
program fuzz_access "$vf1" --seed $((seed + 1)) --seconds $((seconds / 3))
daemons &
daemons=$!
attr "$vf1" on_daemon_loss wait
program fuzz_access "$vf1" --seed $((seed + 2)) --seconds $((seconds / 3))
kill $daemons
echo "     $(event "$vf1" ejected) ejections"
check "policies were ejected" [ "$(event "$vf1" ejected)" -gt 0 ]
check "unload" vvbctl policy unload chaos
attr "$vf1" policy none
sleep 5 # so that failed commands are allowed again
is "device_features at the end" "$(vfreg "$vf1" read 0 4)" "$features"
# whose oracle foretells commands
[ "$(attr "$vf1" owner_active)" = self ] || program random_access "$vf1" --count 2000
program legacy_net "$VVB_PF" "$vf1"
finish
