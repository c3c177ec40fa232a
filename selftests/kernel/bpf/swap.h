/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One of several policies that take each other's place under load. Each answers queue_size
 * with a number of its own, and its done() can tell an access that it has not decided itself:
 * SWAP_MARK in scratch, SWAP_ANSWER in value. Such are counted; there must be none.
 */
#include "vvb.bpf.h"

u64 foreign; /* accesses shown to done() that another policy had decided */

VVB_ACCESS(swap_access, acc)
{
	if (acc->field != VVB_FIELD_QUEUE_SIZE)
		return VVB_DEFAULT;
	acc->scratch = SWAP_MARK;
	acc->value = SWAP_ANSWER;
	return VVB_EMULATE;
}

VVB_DONE(swap_done, acc)
{
	if (acc->field != VVB_FIELD_QUEUE_SIZE)
		return;
	if (acc->scratch != SWAP_MARK || acc->value != SWAP_ANSWER)
		vvb_count(&foreign);
	acc->value = SWAP_ANSWER + 1;
}

VVB_POLICY(swap) = {
	.access = (void *)swap_access,
	.done = (void *)swap_done,
	.name = SWAP_NAME,
};
