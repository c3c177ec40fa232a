#!/bin/sh
# vm: --vfs 9 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A command of the daemon's own does not come after the answer to the request it is for.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

check "load split" vvbctl policy load $bpf/split.bpf.o
check "select" attr "$vf1" policy split
check "on_daemon_loss=fail" attr "$vf1" on_daemon_loss fail
program own_late
finish
