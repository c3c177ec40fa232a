/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What our driver counted for a VF, by /dev/vvb. */
#ifndef STATS_H
#define STATS_H

#include <uapi/vvb.h>

/* The VVB_VF_ID of "dddd:bb:dd.f". */
__u64 stats_vf_id(const char *bdf);

/* 0, or a negative errno: -ENOENT when it is another driver's VF. */
int stats_read(const char *bdf, struct vvb_stats *stats);

/* One event counter; 0 when there is none to be had. */
__u64 stats_event(const char *bdf, enum vvb_event event);

/* Is the VF bound to our driver? DRIVER=ours|upstream in the environment overrides. */
int driver_is_ours(const char *bdf);

#endif /* STATS_H */
