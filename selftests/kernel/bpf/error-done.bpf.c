// SPDX-License-Identifier: GPL-2.0-only
/* Reports an error once it has seen, and changed, the outcome of a read of queue_size. */
#include "vvb.bpf.h"

VVB_ACCESS(error_done_access, acc)
{
	return VVB_DEFAULT;
}

VVB_DONE(error_done_done, acc)
{
	if (acc->field != VVB_FIELD_QUEUE_SIZE)
		return;
	acc->value = 7;
	vvb_error(acc, -5, "the outcome is not to be trusted");
}

VVB_POLICY(error_done) = {
	.access = (void *)error_done_access,
	.done = (void *)error_done_done,
	.name = "error-done",
};
