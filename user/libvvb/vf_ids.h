/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef LIBVVB_VF_IDS_H
#define LIBVVB_VF_IDS_H

#include "vvb.h"

/**
 * vvb_vf_ids - the VFs that are bound to the driver, or about to be
 * @ids:	an array to be given to free(), ascending; NULL when there are none
 *
 * By the driver's directory alone: a VF is in there before it has files of its own, and the kernel
 * tells of it as early. Return: how many. -ENOENT: the module is not loaded. -ENOMEM.
 */
int vvb_vf_ids(__u64 **ids);

#endif /* LIBVVB_VF_IDS_H */
