# SPDX-License-Identifier: GPL-2.0-only OR MIT
-include $(BUILD)/config.mk
LIBBPF_LIBS ?= -lbpf -lelf -lz
sources.user := $(filter-out %/main.c,$(wildcard ../../user/*/*.c)) user/fake.c
flags.user := -D_GNU_SOURCE -DVVB_VERSION='"test"' -DUSER_DIR='"$(abspath ../../user)"' \
	-I../../include -I../../user -Iuser $(LIBBPF_CFLAGS)
libs.user := $(LIBBPF_LIBS) -ljson-c -lseccomp -lcap
