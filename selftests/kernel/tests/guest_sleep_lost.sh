#!/bin/sh
# vm: --vfs 1 --driver ours --guest --device-opt vf-pm=on --device-opt vf-d3-resets=on --memory 3072 --timeout 1800
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A guest is suspended and hibernated, and passes packets afterwards; D3hot loses what the VF is told (no No_Soft_Reset).
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_guest
. "${0%/*}/lib_guest"
# shellcheck source=selftests/kernel/tests/lib_sleep
. "${0%/*}/lib_sleep"

sleep_test
finish
