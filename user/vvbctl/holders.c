// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * vvbctl holders: what keeps the module from being removed, and how it goes. rmmod itself says that it
 * is in use, and not by what.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libvvb/api.h"
#include "libvvb/link_holders.h"
#include "libvvb/paths.h"
#include "libvvb/pci.h"
#include "processes.h"
#include "vvbctl.h"

/* One more, with the processes that have it; @list takes them over. */
static void add_holder(json_object *list, const char *kind, const char *name,
		       json_object *processes, const char *cure)
{
	json_object *holder = json_object_new_object();

	put_text(holder, "kind", kind);
	put_text(holder, "name", name);
	json_object_object_add(holder, "processes", processes);
	put_text(holder, "cure", cure);
	json_object_array_add(list, holder);
}

/* ---- policies and guards ---- */

static void take_process(const char *pid, void *list)
{
	process_add(list, pid);
}

static void add_policy_holder(json_object *list, const struct vvb_policy *policy)
{
	json_object *processes = json_object_new_array();
	const char *kind = policy->guard ? "guard" : "policy";
	char ours[VVB_PIN_LEN], cure[VVB_PIN_LEN + 64];

	if (policy->link)
		vvb_link_holders_processes(policy->link, take_process, processes);
	snprintf(ours, sizeof(ours), "%s/vvb/", vvb_bpffs_path());
	if (!policy->guard || !strncmp(policy->pin, ours, strlen(ours)))
		snprintf(cure, sizeof(cure), "vvbctl policy unload %s", policy->name);
	else if (!*policy->pin)
		snprintf(cure, sizeof(cure), "%s",
			 json_object_array_length(processes) ?
				 "end the processes that have it" :
				 "no pin and no process is to be seen from here");
	else
		snprintf(cure, sizeof(cure), "rm %s", policy->pin);
	add_holder(list, kind, policy->name, processes, cure);
}

static int add_policies(json_object *list)
{
	struct vvb_policy *policies;
	int nr = vvb_policy_list(&policies);

	for (int i = 0; i < nr; i++)
		if (policies[i].registered)
			add_policy_holder(list, &policies[i]);
	free(policies);
	return nr < 0 ? nr : 0;
}

/* ---- channels and VFs ---- */

static void add_channels(json_object *list)
{
	json_object *processes = json_object_new_array();

	processes_with(processes, vvb_device_path());
	processes_with(processes, "anon_inode:[vvb-session]");
	if (json_object_array_length(processes))
		add_holder(list, "channel", vvb_device_path(), processes,
			   "end them: systemctl stop vvbd, where systemd has started it");
	else
		json_object_put(processes);
}

/* Its group, or its device: by which a VMM has it. */
static void add_openers(json_object *processes, __u64 vf)
{
	char name[32], path[64];

	if (!vvb_pci_link(vf, "iommu_group", name, sizeof(name))) {
		snprintf(path, sizeof(path), "/dev/vfio/%s", name);
		processes_with(processes, path);
	}
	if (vvb_pci_entries(vf, "vfio-dev", "vfio", name)) {
		snprintf(path, sizeof(path), "/dev/vfio/devices/%s", name);
		processes_with(processes, path);
	}
}

static void add_open_vf(json_object *list, const struct vvb_vf *vf)
{
	json_object *processes;

	if (*vf->interface && strcmp(vf->interface, "closed")) {
		processes = json_object_new_array();
		add_openers(processes, vf->id);
		add_holder(list, "open VF", vf->bdf, processes, "end its guest");
	}
	if (vf->stalled)
		add_holder(list, "command", vf->bdf, json_object_new_array(),
			   "one was given up and is unanswered: wait, or unbind the PF's virtio "
			   "driver");
}

static int add_vfs(json_object *list)
{
	struct vvb_vf *vfs;
	int nr = vvb_vf_list(&vfs);

	for (int i = 0; i < nr; i++)
		add_open_vf(list, &vfs[i]);
	free(vfs);
	return nr < 0 ? nr : 0;
}

/* ---- what is left ---- */

static long uses(void)
{
	char path[128], text[32];

	if (vvb_path(path, sizeof(path), "%s/module/" VVB_DRIVER "/refcnt", vvb_sysfs_path()) ||
	    vvb_read_text(path, text, sizeof(text)))
		return 0;
	return strtol(text, NULL, 10);
}

/* Nothing was found, and it is in use: what can't be seen may hold it. */
static void add_unseen(json_object *list)
{
	long nr = uses();
	char name[32];

	if (json_object_array_length(list) || nr <= 0)
		return;
	snprintf(name, sizeof(name), "%ld uses", nr);
	add_holder(list, "unseen", name, json_object_new_array(),
		   geteuid() ? "ask as root" :
			       "a BPF program that is loaded and not attached (bpftool prog), or a "
			       "command of a VF that is not bound any more: wait for the device");
}

/* ---- output ---- */

static void processes_text(json_object *processes)
{
	for (size_t i = 0; i < json_object_array_length(processes); i++) {
		json_object *process = json_object_array_get_idx(processes, i);

		printf("%sprocess %s (%s)", i ? ", " : "  ", text_of(process, "pid"),
		       text_of(process, "name"));
	}
}

static void holder_text(json_object *holder)
{
	printf("%s %s", text_of(holder, "kind"), text_of(holder, "name"));
	processes_text(json_object_object_get(holder, "processes"));
	printf("\n    -> %s\n", text_of(holder, "cure"));
}

static void holders_text(json_object *list)
{
	if (!json_object_array_length(list))
		printf("nothing %sholds module " VVB_DRIVER "\n",
		       geteuid() ? "that can be seen from here " : "");
	for (size_t i = 0; i < json_object_array_length(list); i++)
		holder_text(json_object_array_get_idx(list, i));
	if (geteuid())
		printf("guards, pins, and processes of others: not visible without root\n");
}

int list_holders(struct words *args)
{
	json_object *list;
	int err;

	if (args->nr)
		return too_many(args->word[0], "holders");
	if (vvb_api_of_module() == -ENOENT)
		return error(NOT_LOADED);
	list = json_object_new_array();
	err = add_policies(list);
	add_channels(list);
	if (!err)
		err = add_vfs(list);
	add_unseen(list);
	if (!err)
		return output_table(list, holders_text);
	json_object_put(list);
	return error("%s", why(err));
}
