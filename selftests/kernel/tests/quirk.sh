#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The policy quirk: registers are fixed up, per VF, by knobs; tried as a shadow first.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

set_knob()
{
	check "$*" vvbctl policy set "$vf1" "$@" of quirk
}

features=$(vfreg "$vf1" read 0 4)
size=$(vfreg "$vf1" read 12 2)
check "load" vvbctl policy load $bpf/quirk.bpf.o
check "as a shadow" vvbctl policy shadow "$vf1" quirk
set_knob device_features.zeros 0x8000
is "changes nothing" "$(vfreg "$vf1" read 0 4)" "$features"
case $(vvbctl -j policy diff "$vf1") in
*'"name":"device_features","compared":1,"differ":1'*)	ok "but shows that it would" ;;
*)	fail "no difference: $(vvbctl -j policy diff "$vf1")" ;;
esac
check "no shadow any more" vvbctl policy shadow "$vf1" none
check "select" vvbctl policy select "$vf1" quirk
check "and the other VF" vvbctl policy select "$vf2" quirk
is "zeros" "$(vfreg "$vf1" read 0 4)" "$(printf '0x%08x' $((features & ~0x8000)))"
is "the other VF" "$(vfreg "$vf2" read 0 4)" "$features"
set_knob device_features.ones 0x40000000
is "ones" "$(vfreg "$vf1" read 0 4)" "$(printf '0x%08x' $((features & ~0x8000 | 0x40000000)))"
set_knob device_features.zeros 0
set_knob device_features.ones 0
is "neither" "$(vfreg "$vf1" read 0 4)" "$features"

select=$(vfreg "$vf1" read 14 2)
set_knob queue_select.value 0x64
is "a value alone" "$(vfreg "$vf1" read 14 2)" "$select"
set_knob queue_select.fixed on
is "fixed" "$(vfreg "$vf1" read 14 2)" 0x0064
is "fixed, and read four bytes wide" "$(vfreg "$vf1" read 14 4)" 0x00000064
set_knob queue_select.fixed off

# What would have guest and device lay out a ring in two ways, where the device can't be told.
set_knob queue_size.value 32
set_knob queue_size.fixed on
case $(attr "$vf1" owner_active) in
self)	is "queue_size is fixed" "$(vfreg "$vf1" read 12 2)" 0x0020 ;;
*)	is "queue_size is the device's" "$(vfreg "$vf1" read 12 2)" "$size" ;;
esac
set_knob queue_size.fixed off
set_knob queue_size.delay_us 10
is "queue_size is the device's" "$(vfreg "$vf1" read 12 2)" "$size"
set_knob config_8.value 0x5780001
set_knob config_8.fixed on
is "MTU" "$(vfreg "$vf1" read 30 2)" 0x0578
is "queue pairs" "$(vfreg "$vf1" read 28 2)" 0x0001
set_knob config_8.fixed off
before=$(event "$vf1" delayed)
set_knob device_status.delay_us 20000
vfreg "$vf1" read 18 1 >/dev/null
is "delayed" "$(($(event "$vf1" delayed) - before))" 1
set_knob queue_notify.delay_us 2000
program legacy_net "$VVB_PF" "$vf1" "$vf2"
refused "A number, 0x0 to 0xff" "too many bits" vvbctl policy set "$vf1" device_status.ones 0x100
refused "what is 'queue_notify.ones'?" "no such fix-up" \
	vvbctl policy set "$vf1" queue_notify.ones 1
is "still in place" "$(attr "$vf1" policy_state) $(event "$vf1" illegal_verdict)" "active 0"
finish
