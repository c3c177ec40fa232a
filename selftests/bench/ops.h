/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The operations on a VF whose cost is of interest, as a VMM does them. */
#ifndef OPS_H
#define OPS_H

#include "vfio.h"

/**
 * struct row - one operation
 * @name:	as in the report
 * @bar0:	needs a legacy BAR0; or, negative, that there is none
 * @once:	does it once; 0 when it went well
 */
struct row {
	const char *name;
	int bar0;
	int (*once)(void);
};

extern const struct row rows[];
extern const unsigned int nr_rows;

/* The VF that they are done on. */
extern struct vf ops_vf;

void ops_open(const char *bdf);

/* Can this operation be done with the VF as it is? */
int ops_possible(const struct row *row);

/* By its name; ends the program when there is none that can be done. */
const struct row *ops_find(const char *name);

#endif /* OPS_H */
