/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The types of the module that are loaded, by which it is told from all others. */
#ifndef LIBVVB_MODULE_BTF_H
#define LIBVVB_MODULE_BTF_H

#include <stdbool.h>

#include <linux/types.h>

/* Is it the BTF of our module, by id? */
bool vvb_module_btf_is(__u32 id);

/* Its id; 0: there is none, or it can't be seen. */
__u32 vvb_module_btf_find(void);

#endif /* LIBVVB_MODULE_BTF_H */
