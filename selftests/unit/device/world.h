/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A small world around the NIC for its unit tests: a megabyte of memory that every
 * function sees, doorbells and registers at the addresses behind it (so that a ring can
 * point there), a clock that stands still until it is told, a log of interrupts.
 */
#ifndef WORLD_H
#define WORLD_H

#include <criterion/criterion.h>

#include "nic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define WORLD_RAM (1u << 20)
#define WORLD_BAR UINT64_C(0x100000000) /* + fn * 0x10000 */
#define WORLD_BAR_LEN 0x10000u
#define BAR_COMMON 0x0000u
#define BAR_NOTIFY 0x1000u /* 4 bytes for each queue */
#define BAR_LEGACY 0x2000u /* the legacy doorbell */
#define BAR_OWNER 0x3000u /* PF only: 2 bytes for each VF */
#define BAD_ADDRESS UINT64_C(0xdead00000000)

#define WORLD_UPLINK_MAX 64

struct world {
	struct nic *nic;
	struct nic_settings set;
	uint8_t *ram;
	uint64_t now;
	uint64_t deadline;
	unsigned int arms;
	unsigned int interrupts[NIC_NR_FNS][8];
	unsigned int dmas[NIC_NR_FNS];
	unsigned int uplink_frames;
	size_t uplink_len[WORLD_UPLINK_MAX];
	uint8_t uplink_frame[WORLD_UPLINK_MAX][128];
	/* an uplink that answers at once */
	const uint8_t *answer;
	size_t answer_len;
	/* interrupts are memory writes, too: where this one goes, 0 is nowhere */
	uint64_t message_address;
	uint16_t message_data;
	/* a driver that answers an interrupt with one more buffer: where its index is */
	uint64_t feed;
	/* bump allocator in ram */
	uint32_t brk;
};

/* @set may be NULL for the defaults; with_vfs: that many are enabled. */
struct world *world_new(const struct nic_settings *set, unsigned int vfs);
void world_free(struct world *w);

/* Zeroed memory; never fails (a test that uses up a megabyte is wrong). */
uint64_t world_alloc(struct world *w, uint32_t len, uint32_t align);

/* Lets time pass, running the timer on its way. */
void world_sleep(struct world *w, uint64_t ns);

uint64_t world_get(struct world *w, uint64_t addr, unsigned int width);
void world_put(struct world *w, uint64_t addr, uint64_t v, unsigned int width);
uint64_t world_bar(unsigned int fn, uint32_t offset);
unsigned int world_interrupts(const struct world *w, unsigned int fn);

#endif /* WORLD_H */
