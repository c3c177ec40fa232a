#!/bin/sh
# vm: as guest_blk --stock bookworm-backports
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# guest_blk on QEMU 10.0.
# shellcheck source=selftests/kernel/tests/guest_blk.sh
. "${0%/*}/guest_blk.sh"
