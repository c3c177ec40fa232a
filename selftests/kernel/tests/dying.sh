#!/bin/sh
# vm: --driver ours --device-opt notify-list=empty
# owner: pf, threads wait for a command that is unanswered
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A VMM can be killed whatever its threads wait for.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

check "admin_timeout_ms" attr "$vf1" admin_timeout_ms 60000
program dying "$vf1"
program legacy_net "$VVB_PF" "$vf1"
finish
