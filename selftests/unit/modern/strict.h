/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A bus that looks at what the logic in include/vvb/modern.h does with it: each access in its natural
 * width and within its area, and all that is told to a device in the order that virtio 1.3 wants,
 * whatever the device answers. Behind it is any other bus. And a guest's side: registers by name.
 */
#ifndef STRICT_H
#define STRICT_H

#include <stdbool.h>
#include <stdint.h>

#include <vvb/modern_legacy.h>

/**
 * struct strict - a function, its legacy driver, and what has become of the rules between them
 * @m:		under test; its bus is this one
 * @queue:	of @m
 * @behind, @on: where accesses go
 * @patience:	times that a wait goes on
 * @wrong:	the first rule that was broken, or NULL
 * @accesses, @waits: so far; waits since the last access of another kind
 * @features, @selected, @feature_word, @size, @ring: what was written to the common configuration: ring is
 *		descriptors, available, used
 * @told:	queue sizes as the guest read them last
 * @made_for:	and what its rings are made for; 0: who knows
 * @said:	bits of the status that the device was given since it was told to reset
 * @resetting:	it was told to, and has not been seen at rest
 */
struct strict {
	struct vvb_modern m;
	struct vvb_modern_queue queue[VVB_MODERN_QUEUES];
	const struct vvb_modern_bus *behind;
	void *on;
	unsigned int patience;
	const char *wrong;
	unsigned int accesses;
	unsigned int waits;
	uint64_t features;
	uint16_t selected;
	uint16_t feature_word;
	uint16_t size;
	uint64_t ring[3];
	uint16_t told[VVB_MODERN_QUEUES];
	uint16_t made_for[VVB_MODERN_QUEUES];
	uint8_t said;
	bool resetting;
};

/* @s is zero but for places, layout, config_len, device_type and nr_queues of @s->m, and what is behind. */
void strict_init(struct strict *s);

/* Bus accesses that one operation may cost at most. */
unsigned int strict_bound(const struct strict *s);

/**
 * strict_run - one operation of the guest, as the module would have it checked
 * @value:	of a read: the result, all-ones when there is none; of a write: what is written
 *
 * Return: as vvb_modern_run(). What must hold of @s->m behind each operation was looked at.
 */
int strict_run(struct strict *s, enum vvb_opcode opcode, uint8_t offset, uint8_t width,
	       uint64_t *value);

/* A whole common register. */
int strict_get(struct strict *s, enum vvb_field field, uint64_t *value);
int strict_put(struct strict *s, enum vvb_field field, uint64_t value);

/* The guest's question for the size of a queue is answered by a policy. */
void strict_size_told(struct strict *s, uint16_t queue, uint16_t size);

#endif /* STRICT_H */
