// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "vvb.h"

__u64 vvb_stats_mean_ns(const struct vvb_field_stats *field)
{
	return field->timed ? field->total_ns / field->timed : 0;
}
