// SPDX-License-Identifier: GPL-2.0-only
#include <criterion/criterion.h>
#include <vvb/field.h>

#include "split.bpf.c"

Test(bpf_split, named)
{
	cr_assert_str_eq(split.name, "split");
}

Test(bpf_split, all_but_the_notify_is_punted)
{
	for (int field = 0; field < VVB_FIELD_NR; field++)
		for (int write = 0; write < 2; write++) {
			struct vvb_access acc = { .field = field, .write = write };
			int notify = field == VVB_FIELD_QUEUE_NOTIFY && write;

			cr_assert_eq(!(split.interest & VVB_INTEREST(field, write)), notify);
			cr_assert_eq(split.access(&acc), VVB_PUNT);
		}
}
