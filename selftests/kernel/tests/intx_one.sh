#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt vf-vectors=1
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# INTx of a VF with a single vector: it is the queues'.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program intx_refused "$vf1" one
program intx "$VVB_PF" "$vf1" one
finish
