/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What an object takes over from the maps that are pinned under its name: those of the policy
 * that it replaces, or those that were left when somebody removed the pin of a link by hand.
 *
 * All of it with the pins locked, and none staged. Until vvb_successor_end() nothing that was there
 * is changed.
 */
#ifndef LIBVVB_SUCCESSOR_H
#define LIBVVB_SUCCESSOR_H

#include "bpf_object.h"

/**
 * struct vvb_successor - an object, and what it takes over
 * @o:		the object
 * @lives:	the policy whose maps these are is loaded
 * @old, @old_nr: knobs that are declared under its name
 */
struct vvb_successor {
	struct vvb_bpf_object o;
	bool lives;
	struct vvb_knob *old;
	int old_nr;
};

/**
 * vvb_successor_load - load an object that is open
 * @s:		@s->o is open, @s->lives set, the rest zero
 *
 * Maps of the same name and layout are kept with what is in them; of others the values of knobs
 * are carried over by name.
 *
 * Return: 0. -ERANGE: a VF has a knob at what the object doesn't take. -ENOENT: a policy lives, and
 * values of its knobs can't be reached, as the pin of their map is gone; or values can't be read, as
 * that of the declarations is. -errno; after a message.
 */
int vvb_successor_load(struct vvb_successor *s);

/* Pin maps, declarations, and the policy or program itself, beside their places. */
int vvb_successor_pin(struct vvb_successor *s);

/* Once it is in force its pins get their places; what was pinned of one that is not goes. */
int vvb_successor_end(struct vvb_successor *s);

#endif /* LIBVVB_SUCCESSOR_H */
