#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A policy that is selected while a guest polls the ISR byte is asked about its reads in order.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

pin=/sys/fs/bpf/vvb_slow

check "load numbered" vvbctl policy load $bpf/test/numbered.bpf.o
check "a slow guard" bpftool prog load $bpf/test/guard-slow.bpf.o $pin autoattach
program intx_order "$vf1"
check "the pin removed" rm $pin
finish
