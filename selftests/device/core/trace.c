// SPDX-License-Identifier: GPL-2.0-or-later
/* The last administration commands, for whoever wants to look. */
#include "nic_int.h"

unsigned int nic_trace(const struct nic *nic, struct nic_trace_entry *out, unsigned int max)
{
	uint64_t n = nic->trace_seq < NIC_TRACE_LEN ? nic->trace_seq : NIC_TRACE_LEN;
	unsigned int i;

	if (n > max)
		n = max;
	for (i = 0; i < n; i++)
		out[i] = nic->trace[(nic->trace_seq - n + i) % NIC_TRACE_LEN];
	return (unsigned int)n;
}
