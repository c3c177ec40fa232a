/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A BPF object on its way into the kernel. */
#ifndef LIBVVB_BPF_OBJECT_H
#define LIBVVB_BPF_OBJECT_H

#include <bpf/libbpf.h>

#include "vvb.h"

/**
 * struct vvb_bpf_object - an object with one hook in it: a policy or a guard
 * @policy:	the policy's map, or NULL
 * @guard:	the guard's program, or NULL
 * @knobs:	the declarations, NULL when it has no knobs
 */
struct vvb_bpf_object {
	struct bpf_object *object;
	struct bpf_map *policy;
	struct bpf_program *guard;
	struct bpf_map *knobs;
	char name[VVB_WORD_LEN];
};

/**
 * vvb_bpf_object_open - open a file and find out what is in it
 * @o:		all zero; to be closed in any case
 * @file:	path
 * @name:	NULL for its own
 *
 * Return: 0, -EOPNOTSUPP the kernel takes no policies, -EINVAL, -errno; after a message.
 */
int vvb_bpf_object_open(struct vvb_bpf_object *o, const char *file, const char *name);

/* The driver has said EINVAL to the policy: say which of its members it does not like. */
void vvb_bpf_object_say_refused(const struct vvb_bpf_object *o);

/* May this process load it? Return: 0, or -EPERM after a message. */
int vvb_bpf_object_may_load(void);

void vvb_bpf_object_close(struct vvb_bpf_object *o);

/* Does this map get a pin of its own below maps/? */
bool vvb_bpf_object_pinned(const struct vvb_bpf_object *o, const struct bpf_map *map);

/* Fill in what the caller is told, @size bytes of it; @link is the id of its link. */
void vvb_bpf_object_describe(const struct vvb_bpf_object *o, __u32 link, struct vvb_policy *loaded,
			     size_t size);

#endif /* LIBVVB_BPF_OBJECT_H */
