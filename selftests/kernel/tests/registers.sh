#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Every register in every width, and what no sane guest does.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program legacy_registers "$vf1"
program config_space "$vf1"
program bad_access "$vf1"
program old_guest "$vf1"
finish
