# SPDX-License-Identifier: GPL-2.0-only OR MIT
flags.vm := -DVM='"$(abspath ../vm)/"' -DGUESTS='"$(abspath ../guests)/"'
