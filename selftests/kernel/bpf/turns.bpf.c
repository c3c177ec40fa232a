// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts how often each VF was attached and detached, and what came when it should not: an
 * attach() of a VF that is attached, a detach() of one that is not, an access of one that is not.
 */
#include "vvb.bpf.h"

struct turns {
	u64 attached;
	u64 detached;
	u64 wrong;
};

VVB_VF_MAP(turns, struct turns);

VVB_ATTACH(turns_attach, vf)
{
	struct turns zero = {}, *t = vvb_map_get(&turns, vf);

	if (!t) {
		vvb_map_put(&turns, vf, &zero);
		t = vvb_map_get(&turns, vf);
	}
	if (!t)
		return -12; /* ENOMEM */
	if (t->attached != t->detached)
		vvb_count(&t->wrong);
	vvb_count(&t->attached);
	return 0;
}

VVB_DETACH(turns_detach, vf)
{
	struct turns *t = vvb_map_get(&turns, vf);

	if (!t)
		return;
	if (t->attached == t->detached)
		vvb_count(&t->wrong);
	vvb_count(&t->detached);
}

VVB_ACCESS(turns_access, acc)
{
	struct turns *t = vvb_map_get(&turns, acc->vf);

	if (t && t->attached == t->detached)
		vvb_count(&t->wrong);
	return VVB_DEFAULT;
}

VVB_POLICY(turns_policy) = {
	.access = (void *)turns_access,
	.attach = (void *)turns_attach,
	.detach = (void *)turns_detach,
	.name = "turns",
};
