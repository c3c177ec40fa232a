// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "oracle.h"

#define PRIME UINT64_C(0x100000001b3)
#define GROUP_SRIOV 1

static uint64_t add(uint64_t digest, uint64_t value, unsigned int bytes)
{
	for (; bytes--; value >>= 8)
		digest = (digest ^ (value & 0xff)) * PRIME;
	return digest;
}

uint64_t oracle_digest(uint64_t digest, uint64_t member, const struct oracle_command *c)
{
	digest = add(digest, c->opcode, 2);
	digest = add(digest, GROUP_SRIOV, 2);
	digest = add(digest, member, 8);
	digest = add(digest, c->offset, 4);
	digest = add(digest, c->len, 4);
	digest = add(digest, c->value, 8);
	return add(digest, 0, 4); /* status and qualifier: OK */
}
