#!/bin/sh
# vm: --kernel rt --vfs 1 --driver ours
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A kernel with PREEMPT_RT: what is done with preemption off takes no lock that could sleep. There
# the kernel says "scheduling while atomic" where two threads meet at one, and the runner fails. So
# many meet at the lock under which a shadow's differences are noted down.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

case $(uname -v) in
*PREEMPT_RT*)	ok "$(uname -v)" ;;
*)		skip "not PREEMPT_RT: $(uname -v)" ;;
esac
check "load shadow-kick" vvbctl policy load $bpf/test/shadow-kick.bpf.o
check "load observe" vvbctl policy load $bpf/observe.bpf.o
check "select observe" attr "$vf1" policy observe
check "shadow" attr "$vf1" shadow shadow-kick
program kick_storm "$vf1" 20
check "an ejection" attr "$vf1" eject "enough of it"
check "is carried out" until_true 5 attr_is "$vf1" policy_state ejected
program legacy_net "$VVB_PF" "$vf1"
finish
