// SPDX-License-Identifier: GPL-2.0-only
/*
 * Says anything: verdicts, values, delays and what it keeps in scratch are by dice. The map
 * holds the state of the dice, which a test sets, and how often it shall say what it may not:
 * once in so many accesses, 0 for never. A VF that is not in the map is left alone.
 */
#include "vvb.bpf.h"

struct chaos {
	u64 dice;
	u64 wrong;
};

VVB_VF_MAP(chaos_vfs, struct chaos);

static __always_inline u64 roll(struct chaos *c)
{
	u64 z = c->dice += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	return z ^ (z >> 27);
}

/* One that is legal for the register. */
static __always_inline int pick(const struct vvb_access *acc, u32 n)
{
	switch (n & 7) {
	case 0:
		return VVB_EMULATE;
	case 1:
		return VVB_DENY;
	case 2:
		return VVB_PUNT;
	case 3:
		return VVB_DIRECT;
	case 4:
		return vvb_is_notify(acc->field, acc->write) ? VVB_NOTIFY : VVB_DIRECT;
	case 5:
		if (vvb_is_notify(acc->field, acc->write))
			return VVB_COALESCE;
		return acc->field == VVB_FIELD_QUEUE_SELECT && acc->write ? VVB_DEFER : VVB_DEFAULT;
	default:
		return VVB_DEFAULT;
	}
}

VVB_ACCESS(chaos_access, acc)
{
	struct chaos *c = vvb_map_get(&chaos_vfs, acc->vf);
	u64 n;

	if (!c)
		return VVB_DEFAULT;
	n = roll(c);
	acc->scratch = roll(c);
	if (n & 1)
		acc->value = roll(c);
	if (!(n >> 8 & 15))
		acc->delay_us = n >> 16 & 1023;
	if (!(n >> 32 & 1023))
		acc->delay_us = n >> 16;
	if (c->wrong && !((n >> 40) % c->wrong)) {
		if (n & 2)
			vvb_error(acc, (s32)(n >> 16), "by dice");
		return (int)(n >> 4);
	}
	return pick(acc, n >> 4);
}

VVB_DONE(chaos_done, acc)
{
	struct chaos *c = vvb_map_get(&chaos_vfs, acc->vf);
	u64 n;

	if (!c)
		return;
	n = roll(c);
	if (!(n & 3))
		acc->value = n ^ acc->scratch;
	if (c->wrong && !((n >> 40) % (4 * c->wrong)))
		vvb_error(acc, (s32)n, "by dice, afterwards");
}

VVB_POLICY(chaos) = {
	.access = (void *)chaos_access,
	.done = (void *)chaos_done,
	.name = "chaos",
};
