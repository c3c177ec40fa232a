// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <criterion/criterion.h>
#include <errno.h>

#include "libvvb/vvb.h"

Test(user_bdf, parse)
{
	__u64 vf;

	cr_assert_eq(vvb_bdf_parse("0000:01:00.1", &vf), 0);
	cr_expect_eq(vf, 0x101);
	cr_assert_eq(vvb_bdf_parse("01:00.1", &vf), 0);
	cr_expect_eq(vf, 0x101);
	cr_assert_eq(vvb_bdf_parse("abCD:eF:1f.7", &vf), 0);
	cr_expect_eq(vf, 0xabcdefff);
}

Test(user_bdf, junk)
{
	/* clang-format off */
	static const char *const junk[] = {
		"", "0", "01:00", "01:00.", "01:00.8", "01:20.0", "01:00.1 ", " 1:00.1", "1:0.1",
		"0000:01:00.1x", "0000:01:00", "0000-01:00.1", "000:01:00.1", "00000:01:00.1",
		"0000:01:00:1", "0000:01.00.1", "0000:g1:00.1", "0000:01:00.g", "0000:01:0a,1",
		":01:00.1", "....:..:...", "0x00:01:00.1", "-000:01:00.1", NULL,
	};
	/* clang-format on */
	__u64 vf;

	for (int i = 0; junk[i]; i++)
		cr_expect_eq(vvb_bdf_parse(junk[i], &vf), -EINVAL, "'%s'", junk[i]);
}

Test(user_bdf, there_and_back)
{
	char bdf[VVB_BDF_LEN];
	__u64 vf;

	for (__u64 id = 0; id < 1ull << 32; id += 0x10307) {
		vvb_bdf_format(id, bdf);
		cr_assert_eq(vvb_bdf_parse(bdf, &vf), 0);
		cr_assert_eq(vf, id);
	}
}
