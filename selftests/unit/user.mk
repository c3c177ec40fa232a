# SPDX-License-Identifier: GPL-2.0-only OR MIT
-include $(BUILD)/config.mk
LIBBPF_LIBS ?= -lbpf -lelf -lz
sources.user := $(filter-out %/main.c,$(wildcard ../../user/*/*.c)) user/fake.c
flags.user := -D_GNU_SOURCE -DVVB_POLICY_DIR='"/nosuch/vvb"' -DVVB_VERSION='"test"' -DUSER_DIR='"$(abspath ../../user)"' \
	-I../../include -I../../user -Iuser $(LIBBPF_CFLAGS)
libs.user := $(LIBBPF_LIBS) -ljson-c -lsmartcols -lseccomp -lcap
# Plugins, good and bad, for vvbd to load.
plugins := ../../user/plugins/fixed-mac.c $(wildcard user/plugin-*.c)
deps.user := $(patsubst %.c,$(OUT)/plugins/%.so,$(notdir $(plugins))) $(OUT)/plugins/library-old.so
flags.user += -DBUILD_DIR='"$(abspath $(BUILD))"' -DLIBBPF='"$(LIBBPF_LIBS)"'
flags.user += -DPLUGINS='"$(abspath $(OUT))/plugins/"'
vpath %.c ../../user/plugins user
$(OUT)/plugins/%.so: %.c ../../include/vvb/plugin.h ../../include/uapi/vvb.h
	mkdir -p $(@D)
	$(CC) -std=gnu11 -Wall -Wextra -fPIC -shared -I../../include -o $@ $<
$(OUT)/plugins/library-old.so: user/library-old.c
	mkdir -p $(@D)
	$(CC) -std=gnu11 -Wall -Wextra -fPIC -shared -Wl,-soname,libvvb.so.1 -o $@ $<
