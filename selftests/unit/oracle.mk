# SPDX-License-Identifier: GPL-2.0-only OR MIT
sources.oracle := $(wildcard ../oracle/*.c)
flags.oracle := -I../oracle
