// SPDX-License-Identifier: GPL-2.0-only
/* A policy without access() decides nothing at all: the kernel must refuse it. */
#include "vvb.bpf.h"

VVB_DONE(bad_empty_done, acc)
{
}

VVB_POLICY(bad_empty) = {
	.done = (void *)bad_empty_done,
	.name = "bad-empty",
};
