#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Knobs are set and read per VF, checked, and survive the replacement of their policy.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

features()
{
	echo $(($(vfreg "$1" read 0 4)))
}

knob()
{
	vvbctl -j policy get "$1" "$2" | grep -o '"value":[a-z0-9]*' | cut -d : -f 2
}

# What is pinned of it.
pins()
{
	(cd /sys/fs/bpf/vvb/tune && find . -mindepth 1 | sort | cut -c 3- | tr '\n' ' ')
}

check "load" vvbctl policy load $bpf/test/tune-1.bpf.o
refused "has no policy" "knobs of no policy" vvbctl policy get "$vf1"
is "of a policy by name" "$(vvbctl policy get "$vf1" answer of tune | cut -d '(' -f 2)" \
	"0..1000, default 100)  what the features are said to be"
check "select" vvbctl policy select "$vf1" tune
check "and the other VF" vvbctl policy select "$vf2" tune
is "default value" "$(knob "$vf1" answer) $(knob "$vf1" lie)" "100 true"
is "in force" "$(features "$vf1")" 101
check "set" vvbctl policy set "$vf1" answer 900
is "told" "$(knob "$vf1" answer)" 900
is "in force at once" "$(features "$vf1")" 901
is "the other knob has its default value" "$(knob "$vf1" lie)" true
is "the other VF" "$(features "$vf2")" 101
check "switch off" vvbctl policy set "$vf2" lie off
is "told" "$(knob "$vf2" lie)" false
check "in force" [ "$(features "$vf2")" != 101 ]

refused "what is 'anwser'? Knobs of tune: answer, lie" "an unknown knob" \
	vvbctl policy set "$vf1" anwser 1
refused "A number, 0 to 1000 things" "out of range" vvbctl policy set "$vf1" answer 1001
refused "A number, 0 to 1000 things" "no number" vvbctl policy set "$vf1" answer many
refused "on or off" "a third way" vvbctl policy set "$vf1" lie maybe
refused "\"error\":" "the same as JSON" vvbctl -j policy set "$vf1" lie maybe
refused "not loaded" "an unknown policy" vvbctl policy set "$vf1" lie on of nonsense
is "nothing changed" "$(knob "$vf1" answer)" 900

# Two knobs in one entry of a map, by two processes at once.
for i in $(seq 5); do
	vvbctl policy set "$vf1" answer $((900 + i)) & one=$!
	vvbctl policy set "$vf1" lie off & two=$!
	wait $one || fail "both at once"
	wait $two || fail "both at once, the other"
	is "neither is lost" "$(knob "$vf1" answer) $(knob "$vf1" lie)" "$((900 + i)) false"
	check "lie again" vvbctl policy set "$vf1" lie on
done
check "as before" vvbctl policy set "$vf1" answer 900

# shellcheck disable=SC2046 # words
check "bpftool sets it, too" bpftool map update pinned /sys/fs/bpf/vvb/tune/maps/tune_knobs \
	key hex $(map_key "$vf1") value hex 20 03 00 00 01 00 00 00
is "told" "$(knob "$vf1" answer)" 800
is "in force" "$(features "$vf1")" 801
asked=$(($(vfreg "$vf1" read 12 2)))

check "replace it" vvbctl policy update $bpf/test/tune-2.bpf.o
is "the same policy" "$(attr "$vf1" policy) $(attr "$vf1" policy_state)" "tune active"
is "another program, same knob" "$(features "$vf1")" 802
is "same state" "$(($(vfreg "$vf1" read 12 2)))" $((asked + 1))
is "knobs of both VFs" "$(knob "$vf1" answer) $(knob "$vf2" lie)" "800 false"
check "set after that" vvbctl policy set "$vf1" answer 700
is "in force" "$(features "$vf1")" 702

refused "has answer 700, the new policy takes 0 to 500" "replace by what takes less" \
	vvbctl policy update $bpf/test/tune-3.bpf.o
is "nothing changed" "$(features "$vf1")" 702
is "nothing left of it" "$(pins)" "knobs link maps maps/tune_knobs maps/tune_state "
check "set what it takes" vvbctl policy set "$vf1" answer 400
check "replace by another layout" vvbctl policy update $bpf/test/tune-3.bpf.o
is "knobs carried over" "$(knob "$vf1" answer) $(knob "$vf1" lie) $(knob "$vf2" lie)" \
	"400 true false"
is "in force" "$(features "$vf1")" 403
is "state started anew" "$(($(vfreg "$vf1" read 12 2)))" 1
check "set after that" vvbctl policy set "$vf1" answer 500
is "in force" "$(features "$vf1")" 503
check "replace by members that have changed places" vvbctl policy update $bpf/test/tune-4.bpf.o
is "knobs carried over" "$(knob "$vf1" answer) $(knob "$vf1" lie)" "500 true"
is "in force" "$(features "$vf1")" 504

refused "no policy 'upstream' is pinned" "replace what is not there" \
	vvbctl policy update $bpf/upstream.bpf.o
refused "other flags than the policy it is to replace" "replace by what is stateless" \
	vvbctl policy update $bpf/upstream.bpf.o name tune
is "nothing changed" "$(features "$vf1")" 504
is "no pins of it" "$(pins)" "knobs link maps maps/tune_knobs maps/tune_state "
check "unload" vvbctl policy unload tune
is "no pins" "$(ls /sys/fs/bpf/vvb)" ""

check "a guard" vvbctl policy load $bpf/guard-readonly.bpf.o
driver_features=$(vfreg "$vf1" read 4 4)
check "its knob" vvbctl policy set "$vf1" readonly on of guard-readonly
is "told" "$(vvbctl policy get "$vf1" readonly of guard-readonly | tr -s ' ' | cut -d ' ' -f 2)" on
before=$(event "$vf1" denied)
vfreg "$vf1" write 4 4 1
is "in force" "$(($(event "$vf1" denied) - before)) $(vfreg "$vf1" read 4 4)" "1 $driver_features"
refused "can't be replaced in place" "replace a guard" \
	vvbctl policy update $bpf/guard-readonly.bpf.o
check "unload it" vvbctl policy unload guard-readonly
check "what has no knobs" vvbctl policy load $bpf/upstream.bpf.o
check "what has one with a minimum" vvbctl policy load $bpf/ratelimit.bpf.o
program knob_range ratelimit control_burst "$vf1"
check "unload it" vvbctl policy unload ratelimit
refused "has no knobs" "says so" vvbctl policy get "$vf1" of upstream
check "unload it" vvbctl policy unload upstream
usleep 300000
check "rmmod at once" rmmod virtio_vfio_bpf
finish
