/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeps a pointer to each access and, at the next one, has KEEP_USE done with it: by then it
 * points at what has ended.
 */
#include "vvb.bpf.h"

/* A type tag, really, which clang 14 does not put into BTF: kept_pointer.c makes one of this. */
typedef struct vvb_access kptr_untrusted;

struct keep {
	kptr_untrusted *acc;
};

VVB_VF_MAP(keep_map, struct keep);

VVB_ACCESS(keep_access, acc)
{
	struct keep *keep = vvb_map_get(&keep_map, acc->vf);
	struct vvb_access *last;

	if (!keep)
		return VVB_DEFAULT;
	last = keep->acc;
	if (last)
		KEEP_USE(last);
	keep->acc = acc;
	return VVB_DEFAULT;
}

VVB_POLICY(keep_policy) = {
	.access = (void *)keep_access,
	.name = "keep",
};
