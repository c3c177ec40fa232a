/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A fuzzer's input as a supply of numbers; one that is used up gives zeros. And how a target
 * says that something does not hold: fuzz_check() ends it, libFuzzer keeps the input.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define fuzz_check(holds)                                                                     \
	do {                                                                                  \
		if (!(holds)) {                                                               \
			dprintf(2, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds); \
			abort();                                                              \
		}                                                                             \
	} while (0)

/* For a target that says on stderr what is wrong with each input. */
static inline void fuzz_hush(void)
{
	if (fileno(stderr) == 2)
		stderr = fopen("/dev/null", "w");
}

struct input {
	const uint8_t *data;
	size_t left;
};

/* @n bytes, least significant first. */
static inline uint64_t input_number(struct input *in, unsigned int n)
{
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; i < n && in->left; i++, in->left--)
		value |= (uint64_t)*in->data++ << 8 * i;
	return value;
}

static inline uint8_t input_byte(struct input *in)
{
	return (uint8_t)input_number(in, 1);
}

/* Fills @to, with zeros where the input ends. */
static inline void input_bytes(struct input *in, void *to, size_t len)
{
	size_t n = len < in->left ? len : in->left;

	memset(to, 0, len);
	if (n)
		memcpy(to, in->data, n);
	in->data += n;
	in->left -= n;
}

#endif /* FUZZ_INPUT_H */
