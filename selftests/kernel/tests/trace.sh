#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The tracepoints, by stock tools: tracefs, and trace-cmd, which reads their formats.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

tracing=/sys/kernel/tracing

# traced TEXT PATTERN - the trace has a line like it
traced()
{
	check "$1: $(grep -m 1 -oE "$2" /tmp/trace)" grep -qE "$2" /tmp/trace
}

accesses()
{
	vfreg "$vf1" read 0 4 >/dev/null
	vfreg "$vf1" write 16 2 1
}

for event in access punt admin policy; do
	check "vvb:$event" [ -e $tracing/events/vvb/$event/enable ]
done
put 1 $tracing/events/vvb/enable
check "load split" vvbctl policy load $bpf/split.bpf.o
check "select split" attr "$vf1" policy split
vvbd --foreground >/tmp/vvbd.log 2>&1 &
until_true 10 attr_is "$vf1" daemon live
accesses
check "eject" attr "$vf1" eject trying
check "the daemon has heard of it" until_true 5 grep -q "its policy was ejected" /tmp/vvbd.log
check "unload split" vvbctl policy unload split
put 0 $tracing/events/vvb/enable
cat $tracing/trace >/tmp/trace

id=$(printf '0x%x' "$(attr "$vf1" vf_id)")
traced "policy loaded" "policy: vf=0x0 policy=split loaded code=0"
traced "policy selected" "policy: vf=$id policy=split selected code=0"
traced "punt" "punt: vf=$id id=0x[0-9a-f]+ answered action=command ns=[1-9][0-9]*"
traced "command" "admin: vf=$id opcode=3 offset=0 width=4 error=0 ns=[1-9][0-9]*"
traced "read" "access: vf=$id read device_features offset=0 width=4 value=0x[1-9a-f][0-9a-f]* verdict=punt by=daemon error=0 ns=[1-9][0-9]*"
traced "kick" "access: vf=$id write queue_notify offset=16 width=2 value=0x1 verdict=notify by=notify error=0"
traced "policy ejected" "policy: vf=$id policy=split ejected code=0"
traced "policy unloaded" "policy: vf=0x0 policy=split unloaded code=0"

cd /tmp || exit
check "trace-cmd record" trace-cmd record -e vvb vfreg "$vf1" read 0 4
check "trace-cmd report" sh -c "trace-cmd report >/tmp/trace"
traced "trace-cmd" "access: +vf=$id read device_features offset=0 width=4 value=0x[1-9a-f][0-9a-f]* verdict=direct by=kernel error=0 ns=[1-9][0-9]*"
finish
