/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef VVBCTL_MODULE_H
#define VVBCTL_MODULE_H

/*
 * Have the module loaded, by modprobe if it is not; but not in a sysfs that is not the machine's own.
 * Return: DONE, or FAILED after error().
 */
int module_load(void);

#endif /* VVBCTL_MODULE_H */
