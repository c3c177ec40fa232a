#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# guard-audit tells who wrote what, for the VFs it is told; observe what became of it.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

events()
{
	vvbctl -j policy events "$@"
}

count()
{
	events "$1" | grep -o '"time_ns"' | wc -l
}

check "load" vvbctl policy load $bpf/guard-audit.bpf.o
vfreg "$vf1" write 4 4 1
is "nothing, unless told to" "$(events guard-audit)" "[]"
check "audit one VF" vvbctl policy set "$vf1" audit on of guard-audit
vfreg "$vf1" write 4 4 0x28
vfreg "$vf2" write 4 4 1
vfreg "$vf1" write 16 2 0
vfreg "$vf1" read 4 4 >/dev/null
out=$(events guard-audit)
case $out in
*"\"bdf\":\"$vf1\""*'"direction":"write","register":"driver_features","offset":4,"width":4,"value":"0x00000028"'*'"comm":"vfreg"'*)
	ok "who wrote what" ;;
*)	fail "who wrote what: $out" ;;
esac
is "and nothing else" "$(echo "$out" | grep -o '"time_ns"' | wc -l)" 1
is "an event is taken once" "$(events guard-audit)" "[]"
(sleep 2; vfreg "$vf1" write 18 1 1) &
case $(vvbctl policy events guard-audit $((5 * VVB_SLOWDOWN))) in
*"$vf1  write device_status    0x01"*" vfreg") ok "waits for more" ;;
*)	fail "nothing came" ;;
esac
wait
program legacy_net "$VVB_PF" "$vf1"
nr=$(count guard-audit)
check "a driver's writes: $nr" [ "$nr" -gt 100 ]
check "a policy under it" vvbctl policy load $bpf/observe.bpf.o
check "select" vvbctl policy select "$vf1" observe
vfreg "$vf1" write 4 4 0x20
case $(events observe) in
*'"value":"0x00000020","verdict":"direct","handled_by":"kernel","error":0'*) ok "observe tells the outcome" ;;
*)	fail "observe" ;;
esac
check "audited, too" [ "$(count guard-audit)" = 1 ]
refused "not loaded by vvbctl" "events of what is not there" vvbctl policy events nonsense
check "load what has none" vvbctl policy load $bpf/upstream.bpf.o
refused "has no ring buffer" "its events" vvbctl policy events upstream
refused "Seconds" "for ever" vvbctl policy events observe ever
check "off" vvbctl policy set "$vf1" audit off of guard-audit
vfreg "$vf1" write 4 4 1
is "nothing any more" "$(events guard-audit)" "[]"
check "unload" vvbctl policy unload guard-audit
finish
