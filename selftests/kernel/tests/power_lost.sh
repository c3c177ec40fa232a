#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt vf-pm=on --device-opt vf-d3-resets=on
# owner: pf, a command is left unanswered
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A VF that loses its state in D3hot: the way back to D0 is a reset like any other.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

for policy in test/defer split; do
	check "load $policy" vvbctl policy load $bpf/$policy.bpf.o
done
check "select defer" attr "$vf1" policy defer
program power_state "$vf1" lost
check "select split" attr "$vf1" policy split
check "punt_timeout_ms=20000" attr "$vf1" punt_timeout_ms 20000
program power_state "$vf1" access
check "no policy" attr "$vf1" policy none
check "admin_timeout_ms=300" attr "$vf1" admin_timeout_ms 300
program power_state "$vf1" stalled
program legacy_net "$VVB_PF" "$vf1"
finish
