# SPDX-License-Identifier: GPL-2.0-only OR MIT
# The logic of include/vvb/modern*.h over the device model, beside the oracle.
sources.modern := $(wildcard ../device/core/*.c device/*.c ../oracle/*.c modern/*.c)
flags.modern := -I../../include -I../device/core -I../oracle -Idevice -Imodern
