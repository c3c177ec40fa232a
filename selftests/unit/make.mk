# SPDX-License-Identifier: GPL-2.0-only OR MIT
flags.make := -DOTHER_KERNEL='"sh $(CURDIR)/make/other_kernel.sh $(abspath ../..) $(abspath $(BUILD))"'
