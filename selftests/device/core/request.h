/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request of a disk. */
#ifndef NIC_REQUEST_H
#define NIC_REQUEST_H

#include "state.h"

/* What one may want: so many pieces of so many bytes, or so many ranges of so many sectors. */
#define NIC_REQUEST_SEGS 126u
#define NIC_REQUEST_SEG_LEN 65536u
#define NIC_REQUEST_RANGES 8u
#define NIC_REQUEST_RANGE 8192u

uint64_t nic_request(struct nic *nic, unsigned int fn, unsigned int q,
		     const struct nic_chain *chain);

#endif /* NIC_REQUEST_H */
