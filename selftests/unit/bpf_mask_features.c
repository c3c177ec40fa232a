// SPDX-License-Identifier: GPL-2.0-only
#include <criterion/criterion.h>
#include <vvb/field.h>

#include "mask-features.bpf.c"

#define VF 0x101ull
#define OTHER 0x102ull

static void hide(u64 vf, u32 bits)
{
	cr_assert_eq(vvb_map_put(&features_hidden, vf, &bits), 0);
}

static u64 features_read(u64 vf, u64 value, int error)
{
	struct vvb_access acc = {
		.vf = vf,
		.field = VVB_FIELD_DEVICE_FEATURES,
		.width = 4,
		.value = value,
		.error = error,
	};

	cr_assert_eq(mask_features.access(&acc), VVB_DEFAULT);
	mask_features.done(&acc);
	return acc.value;
}

static u64 written(u64 vf, enum vvb_field field, u64 value)
{
	struct vvb_access acc = { .vf = vf, .field = field, .write = 1, .value = value };

	cr_assert_eq(mask_features.access(&acc), VVB_DEFAULT);
	return acc.value;
}

Test(bpf_mask_features, nothing_hidden_without_an_entry)
{
	cr_assert_eq(features_read(VF, 0xffffffff, 0), 0xffffffff);
	cr_assert_eq(written(VF, VVB_FIELD_DRIVER_FEATURES, 0xffffffff), 0xffffffff);
}

Test(bpf_mask_features, hidden_from_what_is_read)
{
	hide(VF, 0x8000);
	cr_assert_eq(features_read(VF, 0xffffffff, 0), 0xffff7fff);
	cr_assert_eq(features_read(OTHER, 0xffffffff, 0), 0xffffffff);
	vvb_native_clear(&features_hidden);
}

Test(bpf_mask_features, removed_from_what_is_accepted)
{
	hide(VF, 0x80000001);
	cr_assert_eq(written(VF, VVB_FIELD_DRIVER_FEATURES, 0xffffffff), 0x7ffffffe);
	cr_assert_eq(written(OTHER, VVB_FIELD_DRIVER_FEATURES, 0xffffffff), 0xffffffff);
	vvb_native_clear(&features_hidden);
}

Test(bpf_mask_features, changed_by_a_map_update)
{
	hide(VF, 1);
	cr_assert_eq(features_read(VF, 3, 0), 2);
	hide(VF, 2);
	cr_assert_eq(features_read(VF, 3, 0), 1);
	vvb_native_clear(&features_hidden);
}

Test(bpf_mask_features, all_ones_of_a_failed_read_stay)
{
	hide(VF, 1);
	cr_assert_eq(features_read(VF, 0xffffffff, -EIO), 0xffffffff);
	vvb_native_clear(&features_hidden);
}

Test(bpf_mask_features, other_accesses_are_not_asked_about)
{
	cr_assert_eq(mask_features.interest, VVB_INTEREST(VVB_FIELD_DEVICE_FEATURES, 0) |
						     VVB_INTEREST(VVB_FIELD_DRIVER_FEATURES, 1));
}
