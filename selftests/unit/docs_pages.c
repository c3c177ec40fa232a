// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* README.md and docs/: commands that a test runs, links that lead somewhere, nothing forgotten. */
#include <criterion/criterion.h>
#include <stdlib.h>

Test(docs_pages, commands_have_tests)
{
	cr_expect_eq(system(CHECK " commands " TOP), 0);
}

Test(docs_pages, links_lead_somewhere)
{
	cr_expect_eq(system(CHECK " links " TOP), 0);
}

Test(docs_pages, sysfs_is_described)
{
	cr_expect_eq(system(CHECK " sysfs " TOP), 0);
}

Test(docs_pages, the_module_is_described)
{
	cr_expect_eq(system(CHECK " code " TOP), 0);
}

Test(docs_pages, figures_are_those_last_accepted)
{
	cr_expect_eq(system(CHECK " figures " TOP), 0);
}

/* A tree without a fault, and each fault alone: the check has something to say. */
Test(docs_pages, faults_are_seen)
{
	cr_expect_eq(system(FAULTS), 0);
}
