/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The knobs of the device model, through the program testbed. */
#ifndef KNOB_H
#define KNOB_H

/* Set a property. 0, or -EIO when the model refused. */
int knob_set(const char *property, const char *value);

/* One number out of the report fn-counters: of a function, 0 for the PF; -1: there is none. */
long long knob_counter(unsigned int function, const char *name);

/* Does the report fn-state say this of a function, as "interface=legacy"? */
int knob_state(unsigned int function, const char *what);

#endif /* KNOB_H */
