/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A VF of the device model as the logic in include/vvb/modern.h reaches it: by its modern registers, by
 * way of the strict bus. It can lie on the way.
 */
#ifndef FUNCTION_H
#define FUNCTION_H

#include "driver.h"
#include "strict.h"

#define FUNCTION_VF 1u

/**
 * struct lies - what the device answers in place of the truth; all zero: nothing
 * @all_ones:	every read, as of a device that has gone
 * @fail_at:	the Nth next access is an error of the bus; counts down, 0: none
 * @field, @value: of the common configuration, always reads so; only with @fixed
 * @restless:	config_generation is another at each read
 * @status_hidden, @status_shown: bits of the status that never and always read as set
 */
struct lies {
	bool all_ones;
	unsigned int fail_at;
	bool fixed;
	enum vvb_modern_common field;
	uint32_t value;
	bool restless;
	uint8_t status_hidden;
	uint8_t status_shown;
};

struct function {
	struct strict s;
	struct world *w;
	struct lies lies;
	uint8_t generation;
	unsigned int writes; /* to the device configuration */
};

/* @set may be NULL for the defaults */
struct function *function_new(const struct nic_settings *set);
void function_free(struct function *f);

/* A register, and no rule broken on the way; the operation ends well. */
uint32_t function_get(struct function *f, enum vvb_field field);
void function_put(struct function *f, enum vvb_field field, uint32_t value);

/* Has it happened since this was asked last? */
bool function_event(struct function *f, enum vvb_modern_event event);

/* A legacy driver's beginning, up to and with the features that it chooses. */
void function_start(struct function *f, uint32_t features);

/* A ring of the selected queue's size, at its page number. */
void function_ring(struct function *f, struct ring *r, unsigned int q);

#define function_right(f) cr_assert_null((f)->s.wrong, "%s", (f)->s.wrong)

#endif /* FUNCTION_H */
