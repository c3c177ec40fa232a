#!/bin/sh
# vm: --vfs 1 --driver ours --icount
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# What an interrupt by INTx costs beside one by MSI-X, and a poll of the ISR byte with and without.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

check "admin_timeout_ms=0" attr "$vf1" admin_timeout_ms 0
program intx_cost "$vf1" latency
program intx_cost "$vf1" poll
check "intx=off" attr "$vf1" intx off
program intx_cost "$vf1" poll
finish
