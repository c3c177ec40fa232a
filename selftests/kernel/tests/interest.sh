#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A policy, and a shadow, are asked about what they are interested in, and about nothing else.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# compared FIELD - accesses to a register that the shadow was asked about
compared()
{
	vvbctl -j policy diff "$vf1" | grep -o "\"name\":\"$1\",\"compared\":[0-9]*" |
		grep -o '[0-9]*$'
}

size=$(vfreg "$vf1" read 12 2)
status=$(vfreg "$vf1" read 18 1)
check "load" vvbctl policy load $bpf/test/interest.bpf.o
check "select" attr "$vf1" policy interest
is "a read of interest" "$(vfreg "$vf1" read 18 1)" 0xff
check "a write of interest" vfreg "$vf1" write 14 2 1
is "another read" "$(vfreg "$vf1" read 12 2)" "$size"
check "another write" vfreg "$vf1" write 18 1 1
check "a kick" vfreg "$vf1" write 16 2 0
is "denied in all" "$(event "$vf1" denied)" 2

check "another takes its place" vvbctl policy update $bpf/test/interest-later.bpf.o
is "what was of interest to the former" "$(vfreg "$vf1" read 18 1)" "$status"
is "what is of interest to the latter" "$(vfreg "$vf1" read 12 2)" 0xffff

check "as a shadow" attr "$vf1" shadow interest
check "beside no policy" attr "$vf1" policy none
is "the shadow decides nothing" "$(vfreg "$vf1" read 12 2)" "$size"
is "nor does it here" "$(vfreg "$vf1" read 18 1)" "$status"
is "compared" "$(compared queue_size)" 1
is "compared of no interest" "$(compared device_status)" 0

# whose bits are in queue_size, too
check "beside a policy of other interests" vvbctl policy load $bpf/mask-features.bpf.o
check "select it" attr "$vf1" policy mask-features
check "hide bits" vvbctl policy set "$vf1" features_hidden $((size | 0x20))
is "the policy is not asked what the shadow is" "$(vfreg "$vf1" read 12 2)" "$size"
is "the policy decides" "$(($(vfreg "$vf1" read 0 4) & 0x20))" 0
is "compared" "$(compared device_features)" 0
is "compared" "$(compared queue_size)" 2

# Whatever else the guest does between: of what it is asked about one in 64 is timed. Once these are
# the VF's accesses of even numbers, once those of odd ones.
check "a slow one" vvbctl policy load $bpf/test/interest-slow.bpf.o
for numbers in these those; do
	check "select it" attr "$vf1" policy interest-slow
	check "every second access is of interest" alternate "$vf1" 300
	check "$numbers: it was ejected, for its budget" \
		until_true 5 attr_is "$vf1" policy_state ejected
	vfreg "$vf1" read 12 2 >/dev/null
done
finish
