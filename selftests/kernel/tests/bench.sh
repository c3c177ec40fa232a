#!/bin/sh
# vm: --icount --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A few rows of the bench. Those without a command are measured twice, and are the same both
# times to the instruction, or they could not be compared with those of another day; those with
# one are the same to some 8 instructions only. Says nothing of how many there should be.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

exact=syscall,eventfd_write,notify_write,notify_ioeventfd,pci_config_read
commands=status_read,config_byte_read,feature_read,queue_select_write

# measure ROWS - into /tmp/rows
measure()
{
	cost "$vf1" 500 "$1" >/tmp/rows || die "cost: $(cat /tmp/rows)"
	sed "s|^ROW|ROW ours $policy|" /tmp/rows
}

# minima - minimum and median of each row that is one
minima()
{
	awk '$3 == "insn" && $5 > 0 && $5 <= $6 { print $2, $5, $6 }' /tmp/rows
}

# subset POLICY
subset()
{
	policy=$1
	measure $commands
	is "$policy: rows with a command" "$(minima | wc -l)" 4
	measure $exact
	minima >/tmp/first
	measure $exact >/dev/null
	minima >/tmp/second
	is "$policy: rows without" "$(wc -l </tmp/first)" 5
	check "$policy: the same again" diff /tmp/first /tmp/second
}

check "inline" attr "$vf1" admin_timeout_ms 0
subset none
check "load" vvbctl policy load $bpf/upstream.bpf.o
check "select" attr "$vf1" policy upstream
subset upstream
check "load" vvbctl policy load $bpf/cache.bpf.o
check "select" attr "$vf1" policy cache
subset cache
finish
