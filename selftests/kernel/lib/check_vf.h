/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The VF that a test program is about: it is there, or the program ends. */
#ifndef CHECK_VF_H
#define CHECK_VF_H

#include "check.h"
#include "vfio.h"

static inline void check_vf_open(struct vf *vf, const char *bdf)
{
	int err = vf_open(vf, bdf);

	if (err)
		check_die("VF %s: %s", bdf, strerror(-err));
}

#endif /* CHECK_VF_H */
