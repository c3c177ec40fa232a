// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What is installed can be compiled with, as pkg-config says, and is described by man pages. */
#include <criterion/criterion.h>
#include <stdlib.h>

Test(user_install, pkg_config)
{
	cr_expect_eq(system("sh user/install.sh " USER_DIR " " BUILD_DIR " " LIBBPF), 0);
}
