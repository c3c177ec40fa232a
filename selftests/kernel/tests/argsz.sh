#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Programs of another header than the module's: they get what both know, or are refused.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

check "load split" vvbctl policy load $bpf/split.bpf.o
check "select" attr "$vf1" policy split
check "time enough" attr "$vf1" punt_timeout_ms 20000
program argsz "$vf1"
finish
