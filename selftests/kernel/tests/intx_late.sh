#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# INTx of a device that was reset is down, whatever was on its way.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

check "admin_timeout_ms=0" attr "$vf1" admin_timeout_ms 0
program intx_late "$VVB_PF" "$vf1"
finish
