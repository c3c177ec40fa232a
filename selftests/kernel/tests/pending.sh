#!/bin/sh
# vm: --vfs 1 --driver ours --smp 1
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# An ejection is not lost because something else happens to the policy before it is carried out.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

tracing=/sys/kernel/tracing
put 1 $tracing/events/vvb/enable
program pending "$vf1"
put 0 $tracing/events/vvb/enable
# five rounds of three, and one of unbinding
is "lines in the log" "$(dmesg | grep -c 'policy turns ejected')" 16
is "lines of the trace" "$(grep -c 'policy=turns ejected' $tracing/trace)" 16
finish
