#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt vf-pm=on
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A VF that sleeps as it is closed, with INTx on: vectors are given back when it is awake, as
# their table can't be reached before.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

tracing=/sys/kernel/tracing
probe=vvb_vectors_freed

put "p:$probe pci_free_irq_vectors state=dev->current_state:s32" $tracing/kprobe_events 2>/dev/null ||
	skip "this kernel has no probes that know types"
check "a probe where vectors are freed" put 1 $tracing/events/kprobes/$probe/enable
program low_power "$vf1" intx
check "no probe" put 0 $tracing/events/kprobes/$probe/enable
grep $probe $tracing/trace
is "vectors freed" "$(grep -c "$probe: .* state=" $tracing/trace)" 3
is "while the VF was in D0" "$(grep -c "$probe: .* state=0" $tracing/trace)" 3
put "-:$probe" $tracing/kprobe_events
program intx "$VVB_PF" "$vf1"
finish
