/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A policy that another tool has registered: it is under no name of ours in the BPF file system. */
#ifndef LIBVVB_OTHER_POLICY_H
#define LIBVVB_OTHER_POLICY_H

#include <linux/bpf.h>

/**
 * vvb_other_policy_end - have the driver let go of it, and remove the pins of its link
 * @name:	that its source gives it, and the driver lists
 * @info:	filled in: its link, as it was
 *
 * Return: 0. -ENOENT: there is none, or the caller may not see it. -errno.
 */
int vvb_other_policy_end(const char *name, struct bpf_link_info *info);

#endif /* LIBVVB_OTHER_POLICY_H */
