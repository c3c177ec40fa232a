/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef LIBVVB_LINK_H
#define LIBVVB_LINK_H

#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/types.h>

/* About the BPF link that a descriptor stands for. Return: 0 or -errno. */
int vvb_link_info(int fd, struct bpf_link_info *info);

/* About the one that is pinned there. Return: 0, -ENOENT when it is something else, -errno. */
int vvb_link_pinned(const char *pin, struct bpf_link_info *info);

/* Of a policy's link: the id of the map of the policy that is in force; 0 of any other. */
__u32 vvb_link_policy(const struct bpf_link_info *info);

/* When the program of a link was loaded, in nanoseconds of CLOCK_BOOTTIME; 0: nobody knows. */
__u64 vvb_link_loaded(__u32 link);

/**
 * vvb_link_attached_later - which of two links is the younger one?
 * @a, @b:	their ids
 * @loaded:	vvb_link_loaded()
 *
 * The kernel gives ids in ascending order, up to 2^31 - 1, and then from 1 on again. So of two that
 * are near each other the larger is the younger. Of two that are far apart that may be so, or one of
 * them is from before the numbers began anew: then the times tell at which their programs were loaded,
 * as so many links take hours to make. Return: @a is.
 */
bool vvb_link_attached_later(__u32 a, __u32 b, __u64 (*loaded)(__u32 link));

#endif /* LIBVVB_LINK_H */
