#!/bin/sh
# vm: --vfs 1 --driver ours
# owner: pf, each access to the modern registers is taken for the guest's
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# legacy=only against a guest and a VMM that want the modern interface.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

check "legacy=only" attr "$vf1" legacy only
program sealed "$vf1" 1
is "interface" "$(attr "$vf1" interface)" closed
program legacy_net "$VVB_PF" "$vf1"
finish
