#!/bin/sh
# vm: --vfs 10 --driver ours
# owner: pf, the PF's queue is full
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A device that does not answer has as many commands as a PF may have in flight: eight VFs wait for
# it. A ninth is opened meanwhile, and accessed, in a bounded time; without a time-out it waits, until
# its user is killed or somebody wants the VF back. A tenth was open before.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

word()
{
	echo "$VVB_VFS" | cut -d ' ' -f "$1"
}

gone()
{
	case $(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null) in
	''|Z|X)	return 0 ;;
	*)	return 1 ;;
	esac
}

eight_wait()
{
	testbed get totals | grep -q 'waiting=8'
}

# timed SECONDS TEXT COMMAND... - it ends in this time, whatever comes of it
timed()
{
	seconds=$1
	what=$2
	shift 2
	"$@" >/tmp/timed 2>&1 &
	if until_true "$seconds" gone $!; then
		ok "$what ends: $(cat /tmp/timed)"
	else
		fail "$what does not end"
		kill -9 $!
	fi
}

opens()
{
	vfreg "$ninth" read 0 4 >/tmp/opens 2>&1 &
	opener=$!
	sleep 1
	check "an open waits" kill -0 $opener
}

ninth=$(word 9)
tenth=$(word 10)
features=$(vfreg "$ninth" read 0 4) || die "no answer: $features"
holders=
for i in 1 2 3 4 5 6 7 8; do
	check "admin_timeout_ms=60000" attr "$(word $i)" admin_timeout_ms 60000
	hold "$(word $i)"
	holders="$holders $hold_pid"
done
check "admin_timeout_ms=500" attr "$tenth" admin_timeout_ms 500
hold "$tenth"
# The tenth reads on as well: it may have one of the eight slots when the device stops.
kill -STOP "$hold_pid"
check "admin_timeout_ms=0" attr "$ninth" admin_timeout_ms 0
check "kicks are commands" bpftool prog load $bpf/test/guard-direct.bpf.o /sys/fs/bpf/vvb_guard autoattach
mkfifo /tmp/go
close_kick "$ninth" </tmp/go >/tmp/closer 2>&1 &
closer=$!
exec 9>/tmp/go
check "the ninth is open" until_true 10 grep -q open /tmp/closer
usleep 300000
testbed set hang-queue true
check "eight commands hang" until_true 10 eight_wait
kill -CONT "$hold_pid"

# A kick of a VF that is open, which waits for a slot without a time-out: no signal ends that.
echo >&9
wait $closer
closed=$?
cat /tmp/closer
is "a VF whose kick waits is closed" $closed 0
check "guard removed" rm /sys/fs/bpf/vvb_guard
check "admin_timeout_ms=1000" attr "$ninth" admin_timeout_ms 1000

timed 6 "open and read of a ninth VF" vfreg "$ninth" read 0 4
is "it says" "$(cat /tmp/timed)" 0xffffffff
sleep 2
check "the tenth waited once: $(event "$tenth" command_timeout)" [ "$(event "$tenth" command_timeout)" -le 1 ]
check "then its accesses fail at once: $(event "$tenth" stalled)" [ "$(event "$tenth" stalled)" -gt 10 ]
is "nothing of it is unanswered" "$(attr "$tenth" stalled)" 0
unhold

check "admin_timeout_ms=0" attr "$ninth" admin_timeout_ms 0
opens
kill -9 $opener
check "killed, it is gone" until_true 3 gone $opener
opens
timed 5 "unbind of the VF" sh -c "echo $ninth >$driver_dir/unbind"
check "the open has ended" until_true 3 gone $opener
check "refused: $(cat /tmp/opens)" grep -q "No such device" /tmp/opens
check "VF bound" put "$ninth" $driver_dir/bind

# One with a command in the device: wanted back, it does not wait for the answer.
timed 12 "unbind of a VF whose command hangs" sh -c "
	echo $vf1 >$driver_dir/unbind"
check "VF bound" put "$vf1" $driver_dir/bind
is "its command is unanswered" "$(attr "$vf1" stalled)" 1

testbed set hang-queue false
check "all are answered" until_true 5 attr_is "$vf1" stalled 0
is "the ninth" "$(vfreg "$ninth" read 0 4)" "$features"
# shellcheck disable=SC2086 # words
kill $holders
program legacy_net "$VVB_PF" "$vf1" "$ninth"
check "rmmod" until_true 5 rmmod virtio_vfio_bpf
finish
