/* SPDX-License-Identifier: GPL-2.0-only */
/* What the policy grace counts, and grace.c reads. */
#ifndef GRACE_H
#define GRACE_H

/**
 * struct grace - counters
 * @running:	calls of access() under way
 * @left:	calls of detach()
 * @wrong:	calls of access() during which detach() was called
 */
struct grace {
	unsigned long long running;
	unsigned long long left;
	unsigned long long wrong;
};

#endif /* GRACE_H */
