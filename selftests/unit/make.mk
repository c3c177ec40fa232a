# SPDX-License-Identifier: GPL-2.0-only OR MIT
# A policy is compiled against the types of the real module.
-include $(BUILD)/config.mk
make_module := $(abspath $(BUILD))/kmod/virtio_vfio_bpf.ko
deps.make := $(make_module)
flags.make := -DNEEDS='"sh $(CURDIR)/make/needs.sh $(abspath ../..) $(abspath $(BUILD))"'
flags.make += -DOTHER_KERNEL='"sh $(CURDIR)/make/other_kernel.sh $(abspath ../..) $(abspath $(BUILD))"'
flags.make += -DVERSION='"sh $(CURDIR)/make/version.sh $(abspath ../..) $(abspath $(BUILD))"'
$(make_module):
	$(MAKE) -C ../../kmod BUILD=$(abspath $(BUILD)) KDIR=$(KDIR)
