// SPDX-License-Identifier: GPL-2.0-only
/*
 * mask-features - hides device feature bits from a guest. The guest neither sees them
 * nor can accept them. One number per VF, the bits to hide; none, nothing is hidden.
 *
 *   vvbctl policy load mask-features.bpf.o
 *   vvbctl policy select 0000:01:00.1 mask-features
 *   vvbctl policy set 0000:01:00.1 features_hidden 0x8000		# MRG_RXBUF, bit 15
 *
 * The same without vvbctl:
 *   bpftool map update pinned /sys/fs/bpf/vvb/mask-features/maps/features_hidden \
 *           key hex 01 01 00 00 00 00 00 00 value hex 00 80 00 00
 */
#include "vvb.bpf.h"

VVB_VF_MAP(features_hidden, u32);

VVB_KNOBS = {
	VVB_KNOB_ONE("features_hidden", features_hidden, u32, BITS, "", 0, 0xffffffff, 0,
		     "feature bits that the guest neither sees nor gets"),
};

static __always_inline u32 hidden(u64 vf)
{
	u32 *bits = vvb_map_get(&features_hidden, vf);

	return bits ? *bits : 0;
}

VVB_ACCESS(mask_access, acc)
{
	if (acc->write)
		acc->value &= ~(u64)hidden(acc->vf);
	return VVB_DEFAULT;
}

VVB_DONE(mask_done, acc)
{
	if (!acc->write && !acc->error)
		acc->value &= ~(u64)hidden(acc->vf);
}

VVB_POLICY(mask_features) = {
	.access = (void *)mask_access,
	.done = (void *)mask_done,
	.name = "mask-features",
	.flags = VVB_POLICY_STATELESS,
	.interest = VVB_READS(DEVICE_FEATURES) | VVB_WRITES(DRIVER_FEATURES),
};
