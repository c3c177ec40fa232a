// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The order of links, which the kernel does not tell: their ids, which begin anew after 2^31 - 1. */
#include <criterion/criterion.h>

#include "libvvb/link.h"

#define LAST 0x7fffffffU

static int asked;

/* As time goes by: 5 was made after the ids had begun anew, 100 long before that, 7 is not to be seen. */
static __u64 loaded(__u32 link)
{
	asked++;
	switch (link) {
	case 100:
		return 1000;
	case LAST - 1:
		return 2000;
	case LAST:
		return 3000;
	case 5:
		return 4000;
	default:
		return 0;
	}
}

static bool later(__u32 a, __u32 b)
{
	bool is = vvb_link_attached_later(a, b, loaded);

	cr_expect_eq(vvb_link_attached_later(b, a, loaded), a != b && !is, "%u and %u", a, b);
	return is;
}

Test(user_link, near_each_other)
{
	cr_expect(later(12, 11));
	cr_expect_not(later(11, 12));
	cr_expect_not(later(11, 11));
	cr_expect(later(LAST, LAST - 1));
	cr_expect(later((1U << 30) + 10, 11));
	cr_expect_eq(asked, 0);
}

Test(user_link, far_apart)
{
	cr_expect(later(5, LAST), "the ids have begun anew");
	cr_expect_not(later(LAST, 5));
	cr_expect(later(LAST, 100), "they have not: 100 has been there for long");
	cr_expect_gt(asked, 0);
}

/* Then the ids are all there is. */
Test(user_link, nobody_knows_when)
{
	cr_expect(later(LAST, 7));
	cr_expect_not(later(7, LAST));
}
