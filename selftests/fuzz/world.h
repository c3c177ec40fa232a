/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The world around a NIC that is fuzzed: 64 KiB of memory and behind it the doorbells of
 * every function, so that a ring or a buffer can lie there. What the NIC may not do to it is
 * checked on every call. And a driver's part: an administration queue at a fixed place.
 */
#ifndef FUZZ_WORLD_H
#define FUZZ_WORLD_H

#include <stdbool.h>

#include "input.h"
#include "nic.h"

#define WORLD_RAM 0x10000u
#define WORLD_DOORBELLS 0x20000u /* 0x100 for each function */
#define WORLD_VFS 3u
#define WORLD_FNS (WORLD_VFS + 1)
#define WORLD_PAIRS 2u
#define WORLD_QUEUES (2 * WORLD_PAIRS + 2)
#define WORLD_QUEUE 8u /* entries of every queue */

struct world {
	struct nic *nic;
	uint64_t now;
	uint64_t deadline;
	uint64_t dmas;
	bool msix[NIC_NR_FNS];
	unsigned int vectors[NIC_NR_FNS];
	uint16_t admin_idx;
	uint8_t ram[WORLD_RAM];
};

/* One NIC for each input, and all of its VFs enabled. */
void world_init(struct world *w, const struct nic_settings *set);
void world_exit(struct world *w);

void world_put(struct world *w, uint32_t addr, uint64_t value, unsigned int bytes);
uint64_t world_get(const struct world *w, uint32_t addr, unsigned int bytes);
void world_set_msix(struct world *w, unsigned int fn, bool on, unsigned int vectors);

/* Lets time pass, and the timer run as often as it likes on its way, up to a bound. */
void world_sleep(struct world *w, uint64_t ns);

/* The PF as a modern driver starts it, with rings of every queue at the usual places. */
void world_start(struct world *w, unsigned int fn, uint64_t features);

/* Where world_start() puts the ring of queue @q: descriptors, then available, then used. */
static inline uint32_t world_ring(unsigned int fn, unsigned int q)
{
	return 0x1000 + (fn * WORLD_QUEUES + q) * 0x200;
}

#define WORLD_AVAIL 0x100u
#define WORLD_USED 0x180u
#define WORLD_OUT 0xe000u /* of an administration command: device-readable part */
#define WORLD_IN 0xf000u /* and device-writable */

/**
 * world_command - put an administration command into the PF's queue and ring
 * @out, @len:	device-readable part, up to 4 KiB
 * @room:	bytes that the device may write at WORLD_IN
 *
 * Return: bytes that the device says it wrote; -1 when it did not answer.
 */
long world_command(struct world *w, const void *out, unsigned int len, unsigned int room);

#endif /* FUZZ_WORLD_H */
