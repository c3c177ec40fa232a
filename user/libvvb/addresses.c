// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "addresses.h"

int vvb_addresses_add(struct vvb_addresses *a, __u64 id)
{
	__u64 *more;
	int at = a->nr;

	while (at && a->list[at - 1] >= id)
		at--;
	if (at < a->nr && a->list[at] == id)
		return 0;
	more = realloc(a->list, (a->nr + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	a->list = more;
	memmove(&more[at + 1], &more[at], (a->nr - at) * sizeof(*more));
	more[at] = id;
	a->nr++;
	return 0;
}
