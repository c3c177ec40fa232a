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
*"$vf1  write device_status    18+1  0x01"*" vfreg") ok "waits for more" ;;
*)	fail "nothing came" ;;
esac
wait

# A thread is called whatever it likes: here what clears a screen, and is no UTF-8.
name=$(printf '\033[2J\377\\x')
cp "$(command -v vfreg)" "/tmp/$name"
"/tmp/$name" "$vf1" write 4 4 1
"/tmp/$name" "$vf1" write 4 4 1
events guard-audit >/tmp/events
is "its name as JSON" "$(jq -r '.[0].comm' /tmp/events)" "$(printf '\033[2J\\xff\\x5cx')"
is "all of it is JSON" "$(jq length /tmp/events)" 2
is "and UTF-8" "$(LC_ALL=C tr -d '\001-\177' </tmp/events | wc -c)" 0
"/tmp/$name" "$vf1" write 4 4 1
vvbctl policy events guard-audit >/tmp/events
check "as text" grep -q ' \\x1b\[2J\\xff\\x5cx$' /tmp/events
"/tmp/$name" "$vf1" write 4 4 1
refused "write error: No space left on device" "on a full disk" \
	sh -c "vvbctl -j policy events guard-audit 5 >/dev/full"

# What it has asked for, in kB, which is exact: what is resident the kernel counts by and by on each CPU.
memory()
{
	sed -n 's/^VmData:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$1/status"
}

# They are written as they come, and take no memory after that: malloc() may ask for one more piece, of 132 kB.
vvbctl -j policy events guard-audit $((8 * VVB_SLOWDOWN)) >/tmp/events &
reader=$!
usleep 1000000
vfreg "$vf1" write 4 4 1
until_true 5 grep -q '}$' /tmp/events || fail "not written before the end"
before=$(memory $reader)
program legacy_net "$VVB_PF" "$vf1"
after=$(memory $reader)
check "no more memory: $before kB, $after kB" [ "$after" -le $((before + 132)) ]
check "told to end" kill "$reader"
wait $reader
is "ended as if by its time" $? 0
check "one array of $(jq length /tmp/events)" [ "$(jq length /tmp/events)" -gt 100 ]
program legacy_net "$VVB_PF" "$vf1"
nr=$(count guard-audit)
check "a driver's writes: $nr" [ "$nr" -gt 100 ]
check "a policy under it" vvbctl policy load $bpf/observe.bpf.o
check "select" vvbctl policy select "$vf1" observe
vfreg "$vf1" write 4 4 0x20
case $(events observe) in
*'"value":"0x00000020","verdict":"direct","handler":"kernel","error":0'*) ok "observe tells the outcome" ;;
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
