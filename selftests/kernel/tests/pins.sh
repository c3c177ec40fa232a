#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Pins that somebody removes by hand, adds, or keeps others from changing: the next load works at
# once and goes on with the maps that are left; a load that fails leaves what was there; an unload
# that does not end a guard says so.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

dir=/sys/fs/bpf/vvb/tune
guard=/sys/fs/bpf/vvb/guard-readonly

features()
{
	echo $(($(vfreg "$vf1" read 0 4)))
}

# How often the policy was asked for features.
asked()
{
	echo $(($(vfreg "$vf1" read 12 2)))
}

# What is pinned of it, and which map each is.
pins()
{
	(cd $dir && find . -mindepth 1 | sort | cut -c 3- | tr '\n' ' ')
	for map in "$dir"/maps/*; do
		bpftool map show pinned "$map" | cut -d : -f 1 | head -n 1 | tr '\n' ' '
	done
}

# denied - is a control write by vf1 refused? 1 or 0
denied()
{
	before=$(event "$vf1" denied)
	vfreg "$vf1" write 4 4 1
	echo $(($(event "$vf1" denied) - before))
}

check "another user makes the directory" as_user 1000 mkdir -m 755 /sys/fs/bpf/vvb
refused "others could remove what is pinned there" "load" vvbctl policy load $bpf/test/tune-1.bpf.o
is "nothing is there" "$(ls /sys/fs/bpf/vvb) $(wc -l <$driver_dir/policies)" " 0"
check "remove it" rmdir /sys/fs/bpf/vvb

check "load" vvbctl policy load $bpf/test/tune-1.bpf.o
check "select" vvbctl policy select "$vf1" tune
check "set" vvbctl policy set "$vf1" answer 900
is "in force" "$(features)" 901
asked=$(asked)

check "unpin the link by hand" rm $dir/link
check "load at once" vvbctl policy load $bpf/test/tune-1.bpf.o
is "policy" "$(attr "$vf1" policy) $(attr "$vf1" policy_state)" "tune active"
is "its knob" "$(features)" 901
is "its state" "$(asked)" $((asked + 1))
check "set again" vvbctl policy set "$vf1" answer 800
is "in force" "$(features)" 801

check "unpin the link" rm $dir/link
was=$(pins)
refused "has answer 800, the new policy takes 0 to 500" "load what takes less" \
	vvbctl policy load $bpf/test/tune-3.bpf.o
is "the same is pinned" "$(pins)" "$was"
refused "value, scratch, delay_us are writable" "load what the verifier refuses" \
	vvbctl policy load $bpf/test/bad-write.bpf.o name tune
is "the same is pinned" "$(pins)" "$was"
refused "has flags 0x80" "load what the driver refuses" \
	vvbctl policy load $bpf/test/bad-flags.bpf.o name tune
is "the same is pinned" "$(pins)" "$was"
check "load another program" vvbctl policy load $bpf/test/tune-2.bpf.o
is "the knob" "$(features)" 802
refused "is loaded, and pinned as" "load it again" vvbctl policy load $bpf/test/tune-2.bpf.o
is "nothing happened" "$(features)" 802

check "set what a third takes" vvbctl policy set "$vf1" answer 400
check "unpin the link" rm $dir/link
check "load another layout" vvbctl policy load $bpf/test/tune-3.bpf.o
is "the knob, carried over" "$(features)" 403
is "no staged pins" "$(pins | sed 's/ [0-9].*//')" "knobs link maps maps/tune_knobs maps/tune_state"

check "unpin the declarations" rm $dir/knobs
refused "has no knobs" "get" vvbctl policy get "$vf1"
is "still in force" "$(features)" 403
was=$(pins)
refused "nobody can tell what was set" "update by another layout" \
	vvbctl policy update $bpf/test/tune-1.bpf.o
refused "has answer 400, the new policy takes 0 to 200" "update by what takes less" \
	vvbctl policy update $bpf/test/tune-5.bpf.o
is "still in force" "$(features)" 403
is "the same is pinned" "$(pins)" "$was"
check "update by the same layout" vvbctl policy update $bpf/test/tune-3.bpf.o
is "the knob" "$(features)" 403
check "unpin the declarations and the link" rm $dir/knobs $dir/link
was=$(pins)
refused "nobody can tell what was set" "load another layout" \
	vvbctl policy load $bpf/test/tune-1.bpf.o
is "the same is pinned" "$(pins)" "$was"
check "load at once" vvbctl policy load $bpf/test/tune-3.bpf.o
is "the knob" "$(features)" 403
check "set" vvbctl policy set "$vf1" answer 401

check "unpin the map of the state" rm $dir/maps/tune_state
check "update" vvbctl policy update $bpf/test/tune-3.bpf.o
is "its state began anew" "$(asked)" 0
is "its knob" "$(features)" 404

check "unpin a map" rm $dir/maps/tune_knobs
is "still in force" "$(features)" 404
refused "its map is not pinned any more" "get" vvbctl policy get "$vf1"
refused "its map is not pinned any more" "set" vvbctl policy set "$vf1" answer 1
refused "is not pinned any more: unload it, then load" "update" \
	vvbctl policy update $bpf/test/tune-3.bpf.o
is "still in force" "$(features)" 404
check "unpin the link" rm $dir/link
check "load at once" vvbctl policy load $bpf/test/tune-3.bpf.o
is "the default value" "$(features)" 103
check "unpin everything" rm -r $dir
check "load at once" vvbctl policy load $bpf/test/tune-3.bpf.o
is "the default value" "$(features)" 103
check "what one left that was killed" mkdir $dir/next
check "a pin in it" bpftool map pin pinned $dir/maps/tune_state $dir/next/tune_state
check "update" vvbctl policy update $bpf/test/tune-3.bpf.o
is "no staged pins" "$(pins | sed 's/ [0-9].*//')" "knobs link maps maps/tune_knobs maps/tune_state"
check "unpin the link" rm $dir/link
check "unload what is left" vvbctl policy unload tune
refused "nothing is pinned" "once more" vvbctl policy unload tune
is "no pins" "$(ls /sys/fs/bpf/vvb)" ""

check "load a guard" vvbctl policy load $bpf/guard-readonly.bpf.o
check "set" vvbctl policy set "$vf1" readonly on of guard-readonly
is "in force" "$(denied)" 1
check "unpin its link by hand" rm $guard/link
until_true 5 [ "$(denied)" = 0 ] || fail "it is not lifted"
check "load at once" vvbctl policy load $bpf/guard-readonly.bpf.o
is "in force, for the same VF" "$(denied)" 1

other=/sys/fs/bpf/some/where
mkdir -p ${other%/*}
check "another pin" bpftool link pin pinned $guard/link $other
refused "it is pinned as $other, too" "unload" vvbctl policy unload guard-readonly
is "still in force" "$(denied)" 1
check "it is in the list" sh -c "vvbctl policy list | grep -q 'guard .*$other'"
check "unpin that" rm $other
until_true 5 [ "$(denied)" = 0 ] || fail "it is not lifted"
check "load again" vvbctl policy load $bpf/guard-readonly.bpf.o
check "set" vvbctl policy set "$vf1" readonly on of guard-readonly
hold_link $guard/link >held &
holder=$!
until_true 5 grep -q open held || fail "hold_link"
refused "process $holder (hold_link) has it open" "unload" vvbctl policy unload guard-readonly
is "still in force" "$(denied)" 1
kill $holder
wait $holder
until_true 5 [ "$(denied)" = 0 ] || fail "it is not lifted"

check "a policy" vvbctl policy load $bpf/test/tune-1.bpf.o
check "its link, pinned elsewhere, too" bpftool link pin pinned $dir/link $other
check "ends all the same" vvbctl policy unload tune
is "not registered" "$(wc -l <$driver_dir/policies)" 0
rm $other
check "a policy" vvbctl policy load $bpf/test/tune-1.bpf.o
flock /sys/fs/bpf/vvb sleep 600 &
locker=$!
usleep 200000
refused "has not ended for ten seconds" "load, while the pins are locked" \
	timeout $((20 * VVB_SLOWDOWN)) vvbctl policy load $bpf/guard-readonly.bpf.o
refused "timed out" "set" timeout $((20 * VVB_SLOWDOWN)) vvbctl policy set "$vf1" answer 5
refused "has not ended for ten seconds" "unload" timeout $((20 * VVB_SLOWDOWN)) vvbctl policy unload tune
is "nothing changed" "$(ls /sys/fs/bpf/vvb) $(features)" "tune 101"
kill $locker
wait $locker
killall -q sleep
check "unload" vvbctl policy unload tune
usleep 300000
check "rmmod" rmmod virtio_vfio_bpf
finish
