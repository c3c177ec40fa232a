#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt vf-queue-pairs=8
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Who sets INTx up over a driver at work can be killed, though the device has to be told a lot.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

check "admin_timeout_ms=0" attr "$vf1" admin_timeout_ms 0
program intx_refused "$vf1" killed
finish
