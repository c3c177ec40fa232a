/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A BPF object on its way into the kernel, and the messages about it. */
#ifndef LIBVVB_OBJECT_H
#define LIBVVB_OBJECT_H

#include <bpf/libbpf.h>

#include "vvb.h"

/**
 * struct vvb_object - an object with one hook in it
 * @policy:	the policy's map, or NULL
 * @guard:	the guard's program, or NULL
 * @knobs:	the declarations, NULL when it has no knobs
 */
struct vvb_object {
	struct bpf_object *object;
	struct bpf_map *policy;
	struct bpf_program *guard;
	struct bpf_map *knobs;
	char name[VVB_WORD_LEN];
};

/* Collect messages, libbpf's too, into @log until vvb_object_log_end(). */
void vvb_object_log(char *log, size_t size);
void vvb_object_log_end(void);

/* One more message. */
void vvb_object_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * vvb_object_open - open a file and find out what is in it
 * @o:		all zero; to be closed in any case
 * @file:	path
 * @name:	NULL for its own
 *
 * Return: 0, -EOPNOTSUPP the kernel takes no policies, -EINVAL, -errno; after a message.
 */
int vvb_object_open(struct vvb_object *o, const char *file, const char *name);
void vvb_object_close(struct vvb_object *o);

/* Does this map get a pin of its own below maps/? */
bool vvb_object_pinned(const struct vvb_object *o, const struct bpf_map *map);

/* Fill in what the caller is told, @size bytes of it; @link is the id of its link. */
void vvb_object_describe(const struct vvb_object *o, __u32 link, struct vvb_policy *loaded,
			 size_t size);

/* Say why the pins could not be locked. Return: @err. */
int vvb_object_no_lock(int err);

#endif /* LIBVVB_OBJECT_H */
