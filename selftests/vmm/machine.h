/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A virtual machine by KVM: one vCPU without an interrupt controller, and memory that is lent to it. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stddef.h>
#include <stdint.h>
#include <linux/kvm.h>

/**
 * struct machine - one
 * @vm, @vcpu:	file descriptors
 * @run:	what KVM_RUN returned for
 * @run_size:	bytes of it
 * @memory:	of the guest, @size bytes from the guest-physical address @at on
 */
struct machine {
	int vm;
	int vcpu;
	struct kvm_run *run;
	size_t run_size;
	uint8_t *memory;
	uint64_t at;
	size_t size;
};

/* Return: 0 or a negative errno; machine_close() must follow in any case. */
int machine_open(struct machine *m, uint8_t *memory, uint64_t at, size_t size);
void machine_close(struct machine *m);

/**
 * machine_boot - load a Multiboot kernel and have the vCPU begin there
 * @file:	an ELF of 32 bits, whose segments lie within the memory
 * @line:	its command line
 *
 * Return: 0; -ENOEXEC it is no such file; -ENOMEM it does not fit; or another negative errno.
 */
int machine_boot(struct machine *m, const char *file, const char *line);

/* Run until there is something to do, which @m->run tells of. Return: 0 or a negative errno. */
int machine_run(struct machine *m);

/**
 * machine_port_signals - have writes of one value to an I/O port signal an eventfd, with no exit
 * @port:	and @width, bytes: a write of another width does not count
 * @value:	the one that counts
 * @fd:		an eventfd
 * @on:		0 ends it
 *
 * Return: 0 or a negative errno.
 */
int machine_port_signals(struct machine *m, uint16_t port, unsigned int width, uint64_t value,
			 int fd, int on);

#endif /* MACHINE_H */
