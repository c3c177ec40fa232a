/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A chain of descriptors: walked once, then read and written as one area. */
#ifndef NIC_CHAIN_H
#define NIC_CHAIN_H

#include "state.h"

int nic_chain_walk(struct nic *nic, unsigned int fn, unsigned int q, struct nic_chain *chain);
int nic_chain_read(struct nic *nic, unsigned int fn, const struct nic_chain *chain, uint64_t offset,
		   void *buf, size_t len);
int nic_chain_write(struct nic *nic, unsigned int fn, const struct nic_chain *chain,
		    uint64_t offset, const void *buf, size_t len);
bool nic_chain_in_addr(const struct nic_chain *chain, uint64_t offset, uint64_t *addr);

#endif /* NIC_CHAIN_H */
