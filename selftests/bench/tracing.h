/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* BPF programs on tracepoints, and the data that they share with us. */
#ifndef TRACING_H
#define TRACING_H

#include <stddef.h>

struct bpf_object;

/**
 * tracing_load - load an object, and see its data
 * @path:	of the object
 * @section:	".data.*", its global data that we share
 * @size:	bytes of it
 * @data:	out: where it is mapped
 *
 * Nothing is attached yet. Ends the program when it is refused, as the next does.
 */
struct bpf_object *tracing_load(const char *path, const char *section, size_t size, void **data);

/* Attach all its programs, for good. */
void tracing_attach(struct bpf_object *object);

#endif /* TRACING_H */
