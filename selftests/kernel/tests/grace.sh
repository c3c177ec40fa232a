#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# detach() comes when no access is with the policy any more.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program grace "$vf1"
finish
