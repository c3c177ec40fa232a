/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A daemon in hostile hands: whatever a process can do with a channel and a session, at random.
 * What comes out of the kernel is looked at: no byte of it that the call does not explain, and
 * none of another VF's.
 */
#ifndef ATTACK_H
#define ATTACK_H

#include <stdint.h>

/**
 * struct attack
 * @seed:	of its random numbers
 * @vf, @member: the VF that it may claim
 * @other:	one that it may not
 */
struct attack {
	unsigned int seed;
	uint64_t vf;
	uint64_t member;
	uint64_t other;
};

/* What it found wrong, and how far it got. Shared with whoever started it. */
struct attack_report {
	unsigned long calls;
	unsigned long requests;
	unsigned long commands;
	unsigned long wrong;
	char what[96];
};

/* Go on until killed. The caller has the rights of the daemon, no more. */
void attack(const struct attack *a, volatile struct attack_report *report)
	__attribute__((noreturn));

#endif /* ATTACK_H */
