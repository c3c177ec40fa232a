// SPDX-License-Identifier: GPL-2.0-only
#include <criterion/criterion.h>

#include "upstream.bpf.c"

Test(bpf_upstream, named)
{
	cr_assert_str_eq(upstream.name, "upstream");
	cr_assert_null(upstream.done);
}

Test(bpf_upstream, notify_is_the_only_fast_access)
{
	for (int field = 0; field < VVB_FIELD_NR; field++)
		for (int write = 0; write < 2; write++) {
			struct vvb_access acc = { .field = field, .write = write };
			int notify = field == VVB_FIELD_QUEUE_NOTIFY && write;

			cr_assert_eq(upstream.access(&acc), notify ? VVB_NOTIFY : VVB_DIRECT);
		}
}
