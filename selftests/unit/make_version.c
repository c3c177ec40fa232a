// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* All parts have one version, that of the file VERSION. */
#include <criterion/criterion.h>
#include <stdlib.h>

Test(make_version, one)
{
	cr_expect_eq(system(VERSION), 0);
}
