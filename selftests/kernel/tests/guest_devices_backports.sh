#!/bin/sh
# vm: as guest_devices --stock bookworm-backports
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# guest_devices on QEMU 10.0.
# shellcheck source=selftests/kernel/tests/guest_devices.sh
. "${0%/*}/guest_devices.sh"
