/* SPDX-License-Identifier: GPL-2.0-only */
/* The process at hand, for lines of the kernel's log that say who has changed something. */
#ifndef VVB_WHO_H
#define VVB_WHO_H

#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

#define VVB_WHO_LEN 128

/**
 * vvb_who - "vvbctl[123], uid 0, login uid 1000"
 * @who:	for it
 *
 * The name of a process is anybody's bytes. The login uid stays the same under su and sudo; -1: there
 * is none, as of what the system has started itself. What the kernel does for somebody later, as a
 * pin goes, is done by nobody.
 * Context: process context. Return: @who.
 */
static inline const char *vvb_who(char who[VVB_WHO_LEN])
{
	char comm[TASK_COMM_LEN];

	if (current->flags & PF_KTHREAD) {
		strscpy(who, "the kernel, as the last pin or process let go", VVB_WHO_LEN);
	} else {
		get_task_comm(comm, current);
		snprintf(who, VVB_WHO_LEN, "%*pE[%d], uid %u, login uid %d", (int)strlen(comm),
			 comm, task_tgid_nr(current), from_kuid(&init_user_ns, current_uid()),
			 (int)from_kuid(&init_user_ns, audit_get_loginuid(current)));
	}
	return who;
}

#endif /* VVB_WHO_H */
