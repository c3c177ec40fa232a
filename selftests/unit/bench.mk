# SPDX-License-Identifier: GPL-2.0-only OR MIT
flags.bench := -D_GNU_SOURCE -DBENCH_DIR='"$(abspath ../bench)"'
