/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What keeps a BPF link alive: pins in the BPF file system, and open descriptors. */
#ifndef LIBVVB_LINK_HOLDERS_H
#define LIBVVB_LINK_HOLDERS_H

#include "vvb.h"

/* A pin of a link in the BPF file system; "" when none is found there. */
void vvb_link_holders_pin(__u32 link, char pin[VVB_PIN_LEN]);

/* Processes with a descriptor of it, by the names of their directories in /proc. Return: how many. */
int vvb_link_holders_processes(__u32 link, void (*found)(const char *pid, void *arg), void *arg);

/* A message for each that is found. Return: how many. */
int vvb_link_holders_say(__u32 link);

#endif /* LIBVVB_LINK_HOLDERS_H */
