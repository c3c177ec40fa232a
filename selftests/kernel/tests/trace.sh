#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The tracepoints, read by stock trace-cmd: what happens is there, and every name is a word, as
# trace-cmd knows the numbers from the events' formats alone.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

events=/sys/kernel/tracing/events/vvb
id=$(printf '0x%x' "$(attr "$vf1" vf_id)")

# record - from here on; report - until here, into /tmp/trace
record()
{
	check "trace-cmd start" trace-cmd start -e vvb
}

report()
{
	check "trace-cmd stop" trace-cmd stop
	check "trace-cmd extract" trace-cmd extract -o /tmp/trace.dat
	check "trace-cmd report" sh -c "trace-cmd report -i /tmp/trace.dat >/tmp/trace 2>/tmp/trace.said"
	check "trace-cmd reset" trace-cmd reset
}

# traced TEXT PATTERN - the trace has a line like it
traced()
{
	check "$1: $(grep -m 1 -oE "$2" /tmp/trace)" grep -qE "$2" /tmp/trace
}

# named EVENT BEFORE AFTER NAME... - each name is there, between what is before and after it
named()
{
	event=$1
	before=$2
	after=$3
	shift 3
	for name in "$@"; do
		check "$event: $name" grep -qE "$event: .*$before$name$after" /tmp/trace
	done
}

cd /tmp || exit
for event in "$events"/*/; do
	case ${event#"$events/"} in
	vvb_*)	ok "event ${event#"$events/"}" ;;
	*)	fail "event ${event#"$events/"}: its name does not begin with vvb_" ;;
	esac
done

# What an operator sees.
record
check "load split" vvbctl policy load $bpf/split.bpf.o
check "select split" attr "$vf1" policy split
vvbd --foreground >/tmp/vvbd.log 2>&1 &
vvbd=$!
until_true 10 attr_is "$vf1" daemon live
vfreg "$vf1" read 0 4 >/dev/null
vfreg "$vf1" write 16 2 1
check "eject" attr "$vf1" eject trying
check "the daemon has heard of it, and why" until_true 5 \
	grep -q "$vf1: policy split was ejected: the operator ejected it, \"trying\"$" /tmp/vvbd.log
check "unload split" vvbctl policy unload split
check "load emulate" vvbctl policy load $bpf/test/emulate.bpf.o
check "select emulate" attr "$vf1" policy emulate
vfreg "$vf1" read 18 1 >/dev/null
check "unload emulate" vvbctl policy unload emulate
kill $vvbd
wait $vvbd
report
traced "policy loaded" "vvb_policy: +vf=0x0 policy=split loaded code=0"
traced "policy selected" "vvb_policy: +vf=$id policy=split selected code=0"
traced "punt" "vvb_punt: +vf=$id id=0x[0-9a-f]+ answered action=command ns=[1-9][0-9]*"
traced "command" "vvb_admin: +vf=$id opcode=3 offset=0 width=4 error=0 ns=[1-9][0-9]*"
traced "read" "vvb_access: +vf=$id read device_features offset=0 width=4 value=0x[1-9a-f][0-9a-f]* verdict=punt handler=daemon error=0 ns=[1-9][0-9]*"
traced "kick" "vvb_access: +vf=$id write queue_notify offset=16 width=2 value=0x1 verdict=notify handler=notify error=0"
traced "made up, and cut to the register" \
	"vvb_access: +vf=$id read device_status offset=18 width=1 value=0x61 verdict=emulate handler=bpf error=0"
traced "policy ejected" "vvb_policy: +vf=$id policy=split ejected code=0"
traced "policy unloaded" "vvb_policy: +vf=0x0 policy=split unloaded code=0"

# Every register, verdict, and whoever produced an outcome.
record
program legacy_net "$VVB_PF" "$vf1"
check "load verdicts" vvbctl policy load $bpf/test/verdicts.bpf.o
check "select verdicts" attr "$vf1" policy verdicts
for access in "read 0 4" "write 4 4 1" "write 14 2 0" "write 16 2 1" "read 18 1" "read 20 1"; do
	# shellcheck disable=SC2086 # words
	vfreg "$vf1" $access >/dev/null
done
check "update verdicts" vvbctl policy update $bpf/test/verdicts.bpf.o
check "unload verdicts" vvbctl policy unload verdicts
report
named vvb_access '(read|write) ' ' ' device_features driver_features queue_address queue_size queue_select \
	queue_notify device_status isr_status config_vector queue_vector device_config
named vvb_access 'verdict=' ' ' notify direct punt emulate deny defer coalesce prefetch
named vvb_access 'handler=' ' ' notify kernel bpf nobody
named vvb_policy ' ' ' ' loaded updated unloaded selected
is "numbers for names" "$(grep -cE '(read|write|verdict=|handler=|action=)[ ]*[0-9]' /tmp/trace)" 0

# Every end of a punt, and every answer.
check "load split" vvbctl policy load $bpf/split.bpf.o
check "select split" attr "$vf1" policy split
record
program punt_replies "$vf1"
check "on_daemon_loss=wait" attr "$vf1" on_daemon_loss wait
check "punt_timeout_ms=50" attr "$vf1" punt_timeout_ms 50
vfreg "$vf1" read 0 4 >/dev/null
check "punt_timeout_ms=60000" attr "$vf1" punt_timeout_ms 60000
vfreg "$vf1" read 0 4 >/dev/null &
sleep 1
kill -9 $!
wait $!
report
named vvb_punt ' ' ' ' answered late killed
named vvb_punt 'action=' ' ' value command direct deny
named vvb_access 'handler=' ' ' daemon
is "numbers for names" "$(grep -cE 'vvb_punt: .*(id=0x[0-9a-f]+ [0-9]|action=[0-9])' /tmp/trace)" 0
finish
