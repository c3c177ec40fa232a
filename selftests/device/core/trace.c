// SPDX-License-Identifier: GPL-2.0-or-later
/* The administration commands, for whoever wants to look: the last ones, a digest of all. */
#include "bytes.h"
#include "trace.h"

#define FNV_BASIS UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

void nic_trace_init(struct nic *nic)
{
	nic->digest = FNV_BASIS;
}

static void digest(struct nic *nic, const struct nic_trace_entry *t)
{
	uint8_t raw[32];
	unsigned int i;

	nic_put_le(raw, t->opcode, 2);
	nic_put_le(raw + 2, t->group, 2);
	nic_put_le(raw + 4, t->member, 8);
	nic_put_le(raw + 12, t->offset, 4);
	nic_put_le(raw + 16, t->len, 4);
	nic_put_le(raw + 20, t->value, 8);
	nic_put_le(raw + 28, t->status, 2);
	nic_put_le(raw + 30, t->qualifier, 2);
	for (i = 0; i < sizeof(raw); i++)
		nic->digest = (nic->digest ^ raw[i]) * FNV_PRIME;
}

/* Takes down a command; its number and time are filled in here. */
void nic_trace_add(struct nic *nic, const struct nic_trace_entry *entry)
{
	struct nic_trace_entry *t = &nic->trace[nic->trace_seq % NIC_TRACE_LEN];

	*t = *entry;
	t->seq = nic->trace_seq++;
	t->ns = nic->ops.now_ns(nic->opaque);
	digest(nic, t);
}

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

uint64_t nic_digest(const struct nic *nic, uint64_t *digest)
{
	*digest = nic->digest;
	return nic->trace_seq;
}
