/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A plugin of vvbd: a shared object that answers the register accesses of the VFs that
 * vvb.conf(5) gives to it. It defines one symbol, vvb_plugin.
 *
 * It is loaded before vvbd gives up its rights, and runs after: start(), answer() and stop() can
 * read what is open or lies in the directory of the configuration, and have memory; they can open
 * nothing for writing, start no thread and no program, reach no network. A system call that vvbd
 * does not make itself, such as a sleep, ends vvbd, see vvb.conf(5). What its constructors do as it is loaded is done with all of
 * vvbd's rights, but a thread that they start must have ended when they return: vvbd has one
 * thread. While the plugin thinks, every guest that asks waits; what is not answered by
 * @deadline_ns of the request is lost.
 */
#ifndef VVB_PLUGIN_H
#define VVB_PLUGIN_H

#include <uapi/vvb.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VVB_PLUGIN_API 2

/**
 * struct vvb_plugin_host - what vvbd does for a plugin; valid until stop() has returned
 * @legacy_admin: fill in the reply that the handler legacy-admin would give. Return: 0, or
 *		-EINVAL when the request names no register
 * @command:	run an administration command on behalf of the request in hand, whose id is
 *		@id; @result takes @command->result_len bytes. Return: 0, or a negative errno,
 *		the device's refusal among them
 * @say:	a line for the log; @level as syslog(3) has it
 */
struct vvb_plugin_host {
	int (*legacy_admin)(const struct vvb_plugin_host *host, const struct vvb_request *request,
			    struct vvb_reply *reply);
	int (*command)(const struct vvb_plugin_host *host, __u64 id,
		       const struct vvb_command *command, void *result);
	void (*say)(const struct vvb_plugin_host *host, int level, const char *text);
};

/**
 * struct vvb_plugin - what a plugin is
 * @api:	VVB_PLUGIN_API; another one is not loaded
 * @name:	for the log
 * @start:	begin with a VF. @arguments is the line of the configuration, "" for none;
 *		*@state is handed to the other two. Return: 0, or a negative errno: then vvbd does
 *		not start, or keeps the configuration that it has
 * @answer:	fill in @reply but for its id; it is all zero. Return: 0, or a negative errno:
 *		then the kernel does the access itself, and so it does when the reply's action
 *		is left at VVB_REPLY_NONE, or is none that exists
 * @stop:	end with a VF; NULL when there is nothing to do
 */
struct vvb_plugin {
	__u32 api;
	const char *name;
	int (*start)(const struct vvb_plugin_host *host, __u64 vf, const char *arguments,
		     void **state);
	int (*answer)(void *state, const struct vvb_request *request, struct vvb_reply *reply);
	void (*stop)(void *state);
};

extern const struct vvb_plugin vvb_plugin;

#ifdef __cplusplus
}
#endif

#endif /* VVB_PLUGIN_H */
