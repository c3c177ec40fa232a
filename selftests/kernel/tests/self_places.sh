#!/bin/sh
# vm: --vfs 1 --driver ours --owner self --device-opt bad-capability=out-of-bounds
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A function whose capabilities lie about where its registers are has none that could be used.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

is "capable" "$(attr "$vf1" capable)" "off: it has no common configuration within its BARs"
check "legacy=only" attr "$vf1" legacy only
refused "not supported" "open" vfreg "$vf1" read 0 4
finish
