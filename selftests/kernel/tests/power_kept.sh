#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt vf-pm=on
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A VF that keeps its state in D3hot: nothing is lost, and runtime power management works.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program power_state "$vf1" kept
program low_power "$vf1"
program legacy_net "$VVB_PF" "$vf1"
finish
