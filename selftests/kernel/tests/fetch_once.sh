#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A VMM changes its arguments while the kernel reads them.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

check "load split" vvbctl policy load $bpf/split.bpf.o
check "select split" attr "$vf1" policy split
check "punt_timeout_ms=20000" attr "$vf1" punt_timeout_ms 20000
program fetch_once "$vf1"
check "no policy" attr "$vf1" policy none
program legacy_net "$VVB_PF" "$vf1"
finish
