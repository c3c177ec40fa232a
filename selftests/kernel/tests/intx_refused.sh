#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt vf-pm=on
# owner: pf, commands are refused, and left unanswered
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# INTx, and no vectors for it: the guest polls, and vvbctl says so.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program intx_refused "$vf1" refused
check "the kernel log says so" sh -c "dmesg | grep -q '$vf1: no vectors for INTx'"
program intx_refused "$vf1" asleep
check "admin_timeout_ms=300" attr "$vf1" admin_timeout_ms 300
program intx_refused "$vf1" stalled
program legacy_net "$VVB_PF" "$vf1"
finish
