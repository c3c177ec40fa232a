// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A tree that was built for one kernel is built anew for another. */
#include <criterion/criterion.h>
#include <stdlib.h>

Test(make_other_kernel, module)
{
	cr_expect_eq(system(OTHER_KERNEL " module"), 0);
}

Test(make_other_kernel, policies)
{
	cr_expect_eq(system(OTHER_KERNEL " policies"), 0);
}
