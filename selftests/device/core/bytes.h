/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers in memory, little-endian, and accesses of a width. */
#ifndef NIC_BYTES_H
#define NIC_BYTES_H

#include <stdbool.h>
#include <stdint.h>

uint64_t nic_get_le(const void *from, unsigned int n);
void nic_put_le(void *to, uint64_t v, unsigned int n);
uint64_t nic_all_ones(unsigned int width);
bool nic_width_ok(unsigned int width);

#endif /* NIC_BYTES_H */
