// SPDX-License-Identifier: GPL-2.0-only
/* A workqueue that is not unbound has to say so (6.17, and some 6.12s). */
#include <linux/workqueue.h>

extern int probe;
int probe = WQ_PERCPU;
