/* SPDX-License-Identifier: GPL-2.0-only */
/* An access on its way, as all who look at it share it. */
#ifndef VVB_CONTEXT_H
#define VVB_CONTEXT_H

#include <vvb/field.h>

#include "policy_ops.h"

/**
 * struct vvb_policy_arg - an access as one policy sees it
 * @acc:	first: what the policy's callbacks are given
 * @raised, @code, @message: what it says of itself with vvb_policy_error()
 */
struct vvb_policy_arg {
	struct vvb_access acc;
	bool raised;
	s32 code;
	char message[VVB_EJECTION_MESSAGE_LEN];
};

/**
 * struct vvb_access_ctx - an access on its way
 * @arg:	the access, and what the VF's policy makes of it
 * @generation:	binding whose done() wants to see the outcome, 0 for none
 * @shadow, @shadow_generation: the same of the shadow; @shadow_illegal: it said nothing legal
 * @start_ns:	ktime at decode, 0 when the access is not timed
 */
struct vvb_access_ctx {
	struct vvb_policy_arg arg;
	u32 generation;
	u32 shadow_generation;
	bool shadow_illegal;
	u64 start_ns;
	struct vvb_policy_arg shadow;
};

static inline bool vvb_is_kick(const struct vvb_access *acc)
{
	return acc->field == VVB_FIELD_QUEUE_NOTIFY && acc->write;
}

#endif /* VVB_CONTEXT_H */
