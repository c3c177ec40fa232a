# SPDX-License-Identifier: GPL-2.0-only OR MIT
# vvbd as it is built, as a process: see daemon/daemon.h.
vvbd := $(abspath $(BUILD))/user/vvbd
kernel_side := $(OUT)/plugins/kernel-side.so
sources.daemon := daemon/kernel.c daemon/daemon.c user/fake.c $(wildcard ../../user/libvvb/*.c)
flags.daemon = $(flags.user) -Idaemon -DVVBD='"$(vvbd)"'
libs.daemon = $(libs.user)
deps.daemon = $(deps.user) $(kernel_side) $(vvbd)
$(vvbd): $(wildcard ../../user/vvbd/*.[ch] ../../user/conf/*.[ch] ../../user/libvvb/*.[ch] ../../include/*/*.h)
	$(MAKE) -C ../../user BUILD=$(abspath $(BUILD))
$(kernel_side): daemon/kernel-side.c daemon/protocol.h ../../include/uapi/vvb.h
	mkdir -p $(@D)
	$(CC) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -fPIC -shared -I../../include -Idaemon -o $@ $<
