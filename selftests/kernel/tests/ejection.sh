#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Policies that are taken off the VF: for what they say, for what they say of themselves, for
# the time they take, and at the operator's wish.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

features=$(vfreg "$vf1" read 0 4) || die "no answer: $features"
size=$(vfreg "$vf1" read 12 2)

is_state()
{
	[ "$(attr "$vf1" policy_state)" = "$1" ]
}

# lines TEXT - how often the kernel log has it
lines()
{
	dmesg | grep -c "$1"
}

select_policy()
{
	check "$1: load" vvbctl policy load "$bpf/test/$1.bpf.o"
	check "$1: select" attr "$vf1" policy "$1"
	is "$1: state" "$(attr "$vf1" policy_state)" active
}

ejected()
{
	until_true 5 is_state ejected
	is "$1: state" "$(attr "$vf1" policy) $(attr "$vf1" policy_state)" "$1 ejected"
	is "$1: ejections" "$(event "$vf1" ejected)" "$2"
	is "$1: lines in the log" "$(lines "policy $1 ejected")" "$3"
}

select_policy error
program ejection "$vf1"
ejected error 1 1
check "re-select" attr "$vf1" policy error
is "re-selected: state" "$(attr "$vf1" policy_state)" active
is "re-selected: the default answers" "$(vfreg "$vf1" read 12 2)" "$size"
ejected error 2 2
check "reload" vvbctl policy unload error
check "reload" vvbctl policy load $bpf/test/error.bpf.o
is "a policy that comes back stays ejected" "$(attr "$vf1" policy_state)" ejected
vfreg "$vf1" read 12 2 >/dev/null
is "and is asked nothing: ejections" "$(event "$vf1" ejected)" 2

select_policy error-done
is "an outcome that done() took back" "$(vfreg "$vf1" read 12 2)" "$size"
ejected error-done 3 1

select_policy bad-verdict
before=$(event "$vf1" illegal_verdict)
is "an illegal verdict: the default answers" "$(vfreg "$vf1" read 0 4)" "$features"
ejected bad-verdict 4 1
vfreg "$vf1" read 0 4 >/dev/null
is "asked once" "$(($(event "$vf1" illegal_verdict) - before))" 1

# What a policy made of a write goes with it.
select_policy error-write
program kept_write "$vf1"
ejected error-write 5 1
select_policy verdict-write
program kept_write "$vf1"
ejected verdict-write 6 1

select_policy slow
check "policy_budget_us=0" attr "$vf1" policy_budget_us 0
program legacy_registers "$vf1" brief
is "no budget: state" "$(attr "$vf1" policy_state)" active
check "policy_budget_us=1000" attr "$vf1" policy_budget_us 1000
program legacy_registers "$vf1" brief
ejected slow 7 1
# One access in 64 is timed; the fourth in a row that is too slow is one too many.
check "re-select" attr "$vf1" policy slow
vfreg "$vf1" read 18 1 192 >/dev/null
is "too slow three times: state" "$(attr "$vf1" policy_state)" active
vfreg "$vf1" read 18 1 64 >/dev/null
ejected slow 8 2
select_policy slow-thrice
vfreg "$vf1" read 18 1 768 >/dev/null
is "three times, and again, but never four: state" "$(attr "$vf1" policy_state)" active
check "select none" attr "$vf1" policy none
refused "" "policy_budget_us=soon" attr "$vf1" policy_budget_us soon
refused "" "policy_budget_us=1000001" attr "$vf1" policy_budget_us 1000001

check "load upstream" vvbctl policy load $bpf/upstream.bpf.o
refused "No such file" "eject where nothing decides" attr "$vf1" eject "not now"
check "select upstream" attr "$vf1" policy upstream
check "eject" attr "$vf1" eject "enough of it"
ejected upstream 9 1
is "the operator's reason in the log" "$(lines "upstream ejected, by_operator: enough of it")" 1
is "the VF goes on" "$(vfreg "$vf1" read 0 4)" "$features"
check "select upstream" attr "$vf1" policy upstream
check "eject with a reason that is no text" attr "$vf1" eject "$(printf 'red \033[31m\nline')"
until_true 5 is_state ejected
is "it is in the log as text, in one line" "$(lines 'by_operator: red \\e\[31m\\nline$')" 1
# Selected again before a worker has come to take it off, most of the times: it stays.
for _ in $(seq 50); do
	attr "$vf1" policy upstream
	attr "$vf1" eject "and back"
	attr "$vf1" policy upstream
done
usleep 300000
is "selected again at once: state" "$(attr "$vf1" policy_state)" active
check "select none" attr "$vf1" policy none
is "state" "$(attr "$vf1" policy_state)" none
program legacy_net "$VVB_PF" "$vf1"
finish
