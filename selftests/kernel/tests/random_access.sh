#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Random accesses beside an oracle: decided by nobody, by a policy, by the daemon.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program random_access "$vf1" --seed 1 --count 20000
check "policy upstream" vvbctl policy load $bpf/upstream.bpf.o
check "selected" attr "$vf1" policy upstream
program random_access "$vf1" --seed 2 --count 3000
check "policy split" vvbctl policy load $bpf/split.bpf.o
check "selected" attr "$vf1" policy split
vvbd --foreground "$vf1" >/tmp/vvbd.log 2>&1 &
until_true 10 grep -q ready /tmp/vvbd.log || die "vvbd: $(cat /tmp/vvbd.log)"
attr "$vf1" punt_timeout_ms 10000
program random_access "$vf1" --seed 3 --count 1500
is "no access without the daemon" "$(event "$vf1" no_daemon)" 0
finish
