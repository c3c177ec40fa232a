/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* With which options a kernel was built. */
#ifndef VVBCTL_KERNEL_CONFIG_H
#define VVBCTL_KERNEL_CONFIG_H

#include <stdbool.h>

struct kernel_config;

/* Of the running kernel, from /proc/config.gz or /boot. NULL: neither is there. To be given to _free(). */
struct kernel_config *kernel_config_read(void);

/* The same from a file, which may be compressed. */
struct kernel_config *kernel_config_from(const char *path);
void kernel_config_free(struct kernel_config *config);

/* Is the option =y or =m? @option: without its CONFIG_. */
bool kernel_config_has(const struct kernel_config *config, const char *option);

/* Where it was read. */
const char *kernel_config_path(const struct kernel_config *config);

#endif /* VVBCTL_KERNEL_CONFIG_H */
