# SPDX-License-Identifier: GPL-2.0-only OR MIT
# The policies as plain C: each test includes the .bpf.c that it is about.
flags.bpf := -DVVB_NATIVE -I../../bpf -I../../kmod -I../../include
