#!/bin/sh
# vm: --vectors 2 --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A PF with 2 MSI-X vectors: its queues share some, the administration queue too.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

is "vectors of the PF" "$(find "$pf_dir/msi_irqs" -type f | wc -l)" 2
program legacy_net "$VVB_PF" "$vf1"
finish
