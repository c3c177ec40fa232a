#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A shadow sees what the policy sees, decides nothing, and its differences are kept.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

for policy in shadow-mask emulate; do
	check "load $policy" vvbctl policy load $bpf/test/$policy.bpf.o
done
check "load upstream" vvbctl policy load $bpf/upstream.bpf.o
refused "Invalid argument" "a shadow that is not stateless" attr "$vf1" shadow emulate
refused "No such file" "a shadow that is not there" attr "$vf1" shadow nonsense
is "shadow" "$(attr "$vf1" shadow)" none
check "shadow" attr "$vf1" shadow shadow-mask
is "shadow" "$(attr "$vf1" shadow)" shadow-mask
program shadow "$vf1"
check "beside a policy" attr "$vf1" policy upstream
check "shadow, anew" attr "$vf1" shadow none
check "shadow, anew" attr "$vf1" shadow shadow-mask
program shadow "$vf1"
program legacy_net "$VVB_PF" "$vf1"
is "nothing was ejected" "$(event "$vf1" ejected)" 0
check "replace it in place" vvbctl policy update $bpf/test/shadow-mask.bpf.o
is "still the shadow" "$(attr "$vf1" shadow)" shadow-mask
check "shadow, anew" attr "$vf1" shadow none
check "shadow, anew" attr "$vf1" shadow shadow-mask
program shadow "$vf1"
check "unload while it is a shadow" vvbctl policy unload shadow-mask
is "the name stays" "$(attr "$vf1" shadow)" shadow-mask
program legacy_net "$VVB_PF" "$vf1"
check "it comes back" vvbctl policy load $bpf/test/shadow-mask.bpf.o
check "shadow, anew" attr "$vf1" shadow none
check "shadow, anew" attr "$vf1" shadow shadow-mask
program shadow "$vf1"
finish
