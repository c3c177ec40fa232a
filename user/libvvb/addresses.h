/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef LIBVVB_ADDRESSES_H
#define LIBVVB_ADDRESSES_H

#include <linux/types.h>

/**
 * struct vvb_addresses - of PCI functions, by VVB_VF_ID: ascending, each once
 * @list:	of @nr; to be given to free()
 */
struct vvb_addresses {
	__u64 *list;
	int nr;
};

/* Put one into its place. Return: 0, -ENOMEM. */
int vvb_addresses_add(struct vvb_addresses *a, __u64 id);

#endif /* LIBVVB_ADDRESSES_H */
