// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What vvbctl check finds of a PF, and of a VF. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "libvvb/pci.h"
#include "libvvb/unbound.h"
#include "pci_config.h"
#include "vvbctl.h"

#define FEATURE_ADMIN_VQ 41
#define CURE_LEN 192

/* ---- the PF ---- */

static void check_card(struct checks *checks, __u64 pf)
{
	const struct check row = {
		.name = "card", .cure = "an SR-IOV virtio device, as a network card, 1af4:1041"
	};
	unsigned long vfs = vvb_pci_number(pf, "sriov_totalvfs");
	const struct vvb_config_layout *type = vvb_pci_type(pf);

	if (!type)
		check_add(checks, &row, CHECK_NO,
			  "it is no modern virtio device of a type that has a legacy form");
	else
		check_add(checks, &row, vfs ? CHECK_OK : CHECK_NO,
			  "a virtio device, %s, that may have %lu VFs", type->name, vfs);
}

/* VFs that are their own owners need no commands of the PF; of those that are not bound nothing is known. */
static bool is_needed(__u64 pf)
{
	__u64 *vfs;
	int nr = vvb_pci_vfs_of(pf, false, &vfs);
	bool needed = nr <= 0;
	struct vvb_vf vf;

	for (int i = 0; i < nr && !needed; i++)
		needed = vvb_vf_get(vfs[i], &vf) || strcmp(vf.owner_active, "self");
	if (nr > 0)
		free(vfs);
	return needed;
}

/* Is it driven by virtio_pci, and has its virtio device a driver, too? */
static void check_pf_driver(struct checks *checks, __u64 pf, bool needed)
{
	char driver[64], virtio[32], path[64], cure[CURE_LEN];
	struct check row = { .name = "PF driver", .cure = cure, .optional = !needed };

	snprintf(cure, sizeof(cure), "unbind it, and echo %s >/sys/bus/pci/drivers/virtio-pci/bind",
		 checks->of);
	vvb_pci_driver(pf, driver);
	if (strcmp(driver, "virtio-pci")) {
		check_add(checks, &row, CHECK_NO, "%s%s, not virtio-pci",
			  *driver ? "it is " : "it has none", driver);
		return;
	}
	row.cure = "modprobe virtio_net";
	if (!vvb_pci_entries(pf, "", "virtio", virtio)) {
		check_add(checks, &row, CHECK_NO, "virtio-pci has made no virtio device of it");
		return;
	}
	snprintf(path, sizeof(path), "%s/driver", virtio);
	if (vvb_pci_link(pf, path, driver, sizeof(driver)))
		check_add(checks, &row, CHECK_NO, "%s has no driver: no command can be sent",
			  virtio);
	else
		check_add(checks, &row, CHECK_OK, "virtio-pci, and %s has %s", virtio, driver);
}

static void check_admin_queue(struct checks *checks, __u64 pf, bool needed)
{
	const struct check row = { .name = "administration queue",
				   .cure = "another card, or firmware that offers it; or VFs with "
					   "owner self",
				   .optional = !needed };
	char virtio[32], path[64], features[128] = "";

	if (vvb_pci_entries(pf, "", "virtio", virtio)) {
		snprintf(path, sizeof(path), "%s/features", virtio);
		if (vvb_pci_read(pf, path, features, sizeof(features)))
			*features = '\0';
	}
	if (strlen(features) <= FEATURE_ADMIN_VQ)
		check_add(checks, &row, CHECK_UNKNOWN, "virtio-pci has to drive the PF first");
	else if (features[FEATURE_ADMIN_VQ] == '1')
		check_add(checks, &row, CHECK_OK, "feature %d is there", FEATURE_ADMIN_VQ);
	else
		check_add(checks, &row, CHECK_NO, "feature %d is not there", FEATURE_ADMIN_VQ);
}

static void check_has_vfs(struct checks *checks, __u64 pf)
{
	char cure[CURE_LEN];
	const struct check row = { .name = "VFs", .cure = cure };
	__u64 *vfs;
	int nr = vvb_pci_vfs_of(pf, false, &vfs);

	if (nr > 0)
		free(vfs);
	snprintf(cure, sizeof(cure), "echo N >/sys/bus/pci/devices/%s/sriov_numvfs", checks->of);
	check_add(checks, &row, nr > 0 ? CHECK_OK : CHECK_NO, "%d of %lu", nr < 0 ? 0 : nr,
		  vvb_pci_number(pf, "sriov_totalvfs"));
}

void check_pf(struct checks *checks, __u64 pf)
{
	bool needed = is_needed(pf);

	check_card(checks, pf);
	check_pf_driver(checks, pf, needed);
	check_admin_queue(checks, pf, needed);
	check_has_vfs(checks, pf);
}

/* ---- a VF, whatever driver it has ---- */

static void check_group(struct checks *checks, __u64 id)
{
	const struct check row = {
		.name = "IOMMU group",
		.cure = "a slot behind a port with ACS; without an IOMMU there is none",
	};
	char name[32];
	int nr = vvb_pci_entries(id, "iommu_group/devices", "", name);

	if (!nr)
		check_add(checks, &row, CHECK_NO, "it is in none");
	else
		check_add(checks, &row, nr == 1 ? CHECK_OK : CHECK_NO, "%s%d other functions",
			  nr == 1 ? "it is alone in it, with " : "it shares it with ", nr - 1);
}

static bool check_bound(struct checks *checks, __u64 id)
{
	char unbound[VVB_UNBOUND_LEN], cure[CURE_LEN], driver[64];
	const struct check row = { .name = "driver", .cure = cure };
	bool bound;

	vvb_pci_driver(id, driver);
	bound = !strcmp(driver, VVB_DRIVER);
	snprintf(cure, sizeof(cure), "vvbctl vf bind %s", checks->of);
	check_add(checks, &row, bound ? CHECK_OK : CHECK_NO, "%s",
		  bound ? VVB_DRIVER : vvb_why_unbound(id, unbound));
	return bound;
}

/* Of one that is not bound, as far as its configuration space tells. */
static void check_layout(struct checks *checks, __u64 id)
{
	const struct check legacy = { .name = "legacy interface",
				      .cure = "bind it: the driver knows" };
	const struct check only = { .name = "legacy=only",
				    .cure = "legacy=auto, where no policy has to be a boundary",
				    .optional = true };
	const struct vvb_config_layout *type = vvb_pci_type(id);
	struct pci_layout layout;
	int err = pci_layout_of(id, &layout);

	if (err) {
		check_add(checks, &legacy, CHECK_UNKNOWN, "its configuration space: %s", why(err));
		return;
	}
	if (!type)
		check_add(checks, &legacy, CHECK_NO, "devices of its type have no legacy form");
	else if (layout.config_len || !type->nr)
		check_add(checks, &legacy, CHECK_UNKNOWN,
			  "it has a device configuration; who could be its owner is not known");
	else
		check_add(checks, &legacy, CHECK_NO, "it has no device configuration");
	if (layout.beside_msix)
		check_add(checks, &only, CHECK_NO,
			  "virtio registers share BAR %d with the MSI-X table", layout.msix_bar);
	else
		check_add(checks, &only, CHECK_OK, "the MSI-X table has a BAR without registers");
}

/* ---- a VF that is bound: the driver says ---- */

static bool starts_with(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static const char *behind_colon(const char *text)
{
	const char *colon = strchr(text, ':');

	return colon ? colon + 2 : text;
}

/* Who gives it a legacy interface. */
static const char *owner_text(const char *owner)
{
	if (!strcmp(owner, "self"))
		return "the function itself can have it (owner self)";
	if (!strcmp(owner, "daemon"))
		return "a daemon carries out operations (owner daemon)";
	return "the PF has the legacy commands (opcodes 2 to 6)";
}

static void check_capable(struct checks *checks, const struct vvb_vf *vf)
{
	char cure[CURE_LEN];
	const struct check legacy = { .name = "legacy interface",
				      .cure = cure,
				      .optional = !strcmp(vf->legacy, "off") };
	const struct check only = { .name = "legacy=only",
				    .cure = "legacy=auto, where no policy has to be a boundary",
				    .optional = !!strcmp(vf->legacy, "only") };
	bool off = starts_with(vf->capable, "off"), some = starts_with(vf->capable, "auto");

	if (!strcmp(vf->owner, "auto"))
		snprintf(cure, sizeof(cure), "what is missing; or ");
	else
		snprintf(cure, sizeof(cure), "vvbctl vf set %s owner auto; or ", checks->of);
	snprintf(cure + strlen(cure), sizeof(cure) - strlen(cure),
		 "vvbctl vf set %s legacy off, where it needs none", checks->of);
	if (!*vf->capable) {
		check_add(checks, &legacy, CHECK_UNKNOWN, "the module does not tell");
		return;
	}
	if (off)
		check_add(checks, &legacy, CHECK_NO, "%s", behind_colon(vf->capable));
	else
		check_add(checks, &legacy, CHECK_OK, "%s", owner_text(vf->owner_active));
	check_add(checks, &only, off || some ? CHECK_NO : CHECK_OK, "%s",
		  off || some ? behind_colon(vf->capable) :
				"the modern interface can be sealed off");
}

static void check_notify(struct checks *checks, const struct vvb_vf *vf)
{
	const struct check row = {
		.name = "notify address",
		.cure = "open the VF once: the device says it then",
		.optional = true,
	};
	const struct check command = {
		.name = "notify address",
		.cure = "none is needed: each kick is a command, which takes longer",
		.optional = true,
	};

	if (!strcmp(vf->notify, "member"))
		check_add(checks, &row, CHECK_OK, "in a BAR of the VF");
	else if (!strcmp(vf->notify, "command"))
		check_add(checks, &command, CHECK_NO, "the device has named none that can be used");
	else
		check_add(checks, &row, CHECK_UNKNOWN, "the VF is closed");
}

/* Which way they come: it is the VMM's choice, and a policy's. */
static void check_kicks(struct checks *checks, const struct vvb_vf *vf)
{
	const struct check vmm = {
		.name = "kicks",
		.cure = "a VMM that registers ioeventfds: contrib/qemu has a patch for QEMU",
		.optional = true,
	};
	const struct check thread = {
		.name = "kicks",
		.cure = "a policy, or a guard, that neither punts nor runs commands for kicks",
		.optional = true,
	};

	if (!strcmp(vf->interface, "closed"))
		check_add(checks, &vmm, CHECK_UNKNOWN, "the VF is closed");
	else if (vf->ioeventfds && vf->kicks_by_thread > vf->kicks_by_ioeventfd)
		check_add(checks, &thread, CHECK_NO,
			  "%llu of %llu that were signalled had to go to a thread",
			  vf->kicks_by_thread, vf->kicks_by_thread + vf->kicks_by_ioeventfd);
	else if (vf->ioeventfds)
		check_add(checks, &vmm, CHECK_OK, "the VMM has registered %llu ioeventfds",
			  vf->ioeventfds);
	else
		check_add(checks, &vmm, CHECK_NO,
			  "the VMM has registered no ioeventfds: each is an exit to it");
}

static void check_stalled(struct checks *checks, const struct vvb_vf *vf)
{
	const struct check row = {
		.name = "commands",
		.cure = "wait for the device, or unbind and bind the PF's virtio driver",
	};

	if (vf->stalled)
		check_add(checks, &row, CHECK_NO,
			  "one was given up and is unanswered: the VF does not open");
	else
		check_add(checks, &row, CHECK_OK, "none that was given up is unanswered");
}

static void check_selected(struct checks *checks, const struct vvb_vf *vf)
{
	struct check row = { .name = "policy" };
	enum check_state state = CHECK_NO;

	if (!strcmp(vf->policy_state, "none") || !strcmp(vf->policy_state, "active"))
		state = CHECK_OK;
	else if (!strcmp(vf->policy_state, "missing"))
		row.cure = "vvbctl policy load FILE";
	else if (!strcmp(vf->policy_state, "idle"))
		row.cure = "see the row of the legacy interface; or legacy is off";
	else
		row.cure = "vvbctl policy show VF says why; select it again, or another";
	if (!strcmp(vf->policy_state, "none"))
		check_add(checks, &row, state, "none: the kernel's default decides");
	else
		check_add(checks, &row, state, "%s is %s", vf->policy, vf->policy_state);
}

/* With on_daemon_loss=kernel nothing is lost without one. */
static void check_daemon(struct checks *checks, const struct vvb_vf *vf)
{
	const struct check row = {
		.name = "daemon",
		.cure = "systemctl start vvbd, or see daemon_uid; or on_daemon_loss=kernel",
		.optional = !strcmp(vf->on_daemon_loss, "kernel"),
	};
	bool live = !strcmp(vf->daemon, "live");

	check_add(checks, &row, live || row.optional ? CHECK_OK : CHECK_NO,
		  "%s; what is punted without one: %s", vf->daemon, vf->on_daemon_loss);
}

static void check_vf_bound(struct checks *checks, __u64 id)
{
	const struct check row = { .name = "attributes" };
	struct vvb_vf vf;
	int err = vvb_vf_get(id, &vf);

	if (err) {
		check_add(checks, &row, CHECK_UNKNOWN, "%s", why(err));
		return;
	}
	check_capable(checks, &vf);
	check_notify(checks, &vf);
	check_kicks(checks, &vf);
	check_stalled(checks, &vf);
	check_selected(checks, &vf);
	check_daemon(checks, &vf);
}

void check_vf(struct checks *checks, __u64 vf)
{
	check_group(checks, vf);
	if (check_bound(checks, vf))
		check_vf_bound(checks, vf);
	else
		check_layout(checks, vf);
}
