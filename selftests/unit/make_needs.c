// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What a build wants and does not find is told by the name of its package. */
#include <criterion/criterion.h>
#include <stdlib.h>

Test(make_needs, module)
{
	cr_expect_eq(system(NEEDS " module"), 0);
}

Test(make_needs, programs)
{
	cr_expect_eq(system(NEEDS " programs"), 0);
}

Test(make_needs, tests)
{
	cr_expect_eq(system(NEEDS " tests"), 0);
}

Test(make_needs, policies)
{
	cr_expect_eq(system(NEEDS " policies"), 0);
}
