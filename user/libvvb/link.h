/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef LIBVVB_LINK_H
#define LIBVVB_LINK_H

#include <linux/bpf.h>
#include <linux/types.h>

/* About the BPF link that a descriptor stands for. Return: 0 or -errno. */
int vvb_link_info(int fd, struct bpf_link_info *info);

/* About the one that is pinned there. Return: 0, -ENOENT when it is something else, -errno. */
int vvb_link_pinned(const char *pin, struct bpf_link_info *info);

/* Of a policy's link: the id of the map of the policy that is in force; 0 of any other. */
__u32 vvb_link_policy(const struct bpf_link_info *info);

#endif /* LIBVVB_LINK_H */
