# SPDX-License-Identifier: GPL-2.0-only OR MIT
sources.device := $(wildcard ../device/core/*.c device/*.c)
flags.device := -I../device/core -Idevice
