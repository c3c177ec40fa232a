// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/bus/pci/devices/<bdf>/vvb/, one value per file, and what is true of the driver as
 * a whole. Stores never wait for users of the VF: an unbind would deadlock. In the kernel, as a VF
 * is set up with no program of ours running.
 */
#include <linux/pci.h>

#include "capable.h"
#include "claim.h"
#include "notify.h"
#include "owner.h"
#include "policy.h"
#include "settings.h"
#include "sysfs.h"
#include "vf.h"
#include "who.h"

/* What an open makes, or made, of `legacy`. */
static ssize_t interface_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct vvb_vf *vf = dev_to_vvb_vf(dev);

	guard(spinlock)(&vf->state.lock);
	if (!vf->state.opened)
		return sysfs_emit(buf, "closed\n");
	if (vf->state.sealed)
		return sysfs_emit(buf, "legacy\n");
	return sysfs_emit(buf, "%s\n", vf->state.transitional ? "transitional" : "modern");
}
static DEVICE_ATTR_RO(interface);

/* What an open could make of `legacy`. */
static ssize_t capable_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	char text[VVB_CAPABLE_LEN];

	vvb_capable_print(dev_to_vvb_vf(dev), text);
	return sysfs_emit(buf, "%s\n", text);
}
static DEVICE_ATTR_RO(capable);

/* Who carries out its legacy operations, or would if it were opened now: nobody what it can't have. */
static ssize_t owner_active_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct vvb_vf *vf = dev_to_vvb_vf(dev);
	enum vvb_owner_kind owner;
	const char *why;

	vvb_capable(vf, &owner, &why);
	guard(spinlock)(&vf->state.lock);
	if (vf->state.opened)
		owner = vf->state.transitional ? vf->owner.active : VVB_OWNER_AUTO;
	return sysfs_emit(buf, "%s\n", owner == VVB_OWNER_AUTO ? "none" : vvb_owner_names[owner]);
}
static DEVICE_ATTR_RO(owner_active);

/*
 * How a VF with a legacy interface is kicked: at an address in its own BAR, or by a command. One that is
 * its own owner has that address while its device is live, and is not kicked else.
 */
static ssize_t notify_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct vvb_vf *vf = dev_to_vvb_vf(dev);

	guard(spinlock)(&vf->state.lock);
	if (!vf->state.opened || !vf->state.transitional)
		return sysfs_emit(buf, "closed\n");
	return sysfs_emit(buf, "%s\n",
			  READ_ONCE(vf->notify_addr) || vf->owner.active == VVB_OWNER_SELF ?
				  "member" :
				  "command");
}
static DEVICE_ATTR_RO(notify);

/*
 * How the user is told of interrupts. MSI-X is vfio-pci's to know: state.msix is for a VF with a legacy
 * interface, whose registers move.
 */
static const char *vvb_interrupt(struct vvb_vf *vf)
{
	if (!READ_ONCE(vf->state.opened))
		return "closed";
	if (data_race(vf->core.irq_type) == VFIO_PCI_MSIX_IRQ_INDEX) /* true as it is read */
		return "msix";
	if (data_race(vf->core.irq_type) == VFIO_PCI_INTX_IRQ_INDEX) /* of its own, the same */
		return "intx";
	if (!READ_ONCE(vf->intx.on))
		return "none";
	return READ_ONCE(vf->intx.kept) ? "intx" : "polled";
}

/* What is written is the reason that the report gives. */
static ssize_t eject_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count)
{
	char message[VVB_EJECTION_MESSAGE_LEN], who[VVB_WHO_LEN];
	int err;

	strscpy(message, buf, sizeof(message));
	err = vvb_policy_eject_by_operator(dev_to_vvb_vf(dev), strim(message));
	if (err)
		return err;
	dev_info(dev, "policy ejected by %s\n", vvb_who(who));
	return count;
}
static DEVICE_ATTR_WO(eject);

/* A file that shows one value of @vf. */
#define VVB_SHOW(_name, _format, _value)                                                       \
	static ssize_t _name##_show(struct device *dev, struct device_attribute *a, char *buf) \
	{                                                                                      \
		struct vvb_vf *vf = dev_to_vvb_vf(dev);                                        \
		return sysfs_emit(buf, _format "\n", _value);                                  \
	}                                                                                      \
	static DEVICE_ATTR_RO(_name)

VVB_SHOW(policy_state, "%s", vvb_policy_state(vf));
/* Does this VF wait for a command given up, and how many such has the PF? */
VVB_SHOW(stalled, "%d", vvb_owner_stalled(vf));
VVB_SHOW(pf_stalled, "%u", vvb_owner_pf_stalled(vf));
VVB_SHOW(daemon, "%s", vvb_claim_daemon(vf));
VVB_SHOW(interrupt, "%s", vvb_interrupt(vf));
VVB_SHOW(features_offered, "%#llx", READ_ONCE(vf->owner.features.offered));
VVB_SHOW(features_chosen, "%#llx", READ_ONCE(vf->owner.features.chosen));
VVB_SHOW(features_taken, "%#llx", READ_ONCE(vf->owner.features.taken));
VVB_SHOW(ioeventfds, "%u", READ_ONCE(vf->ioeventfds.nr));
VVB_SHOW(kicks_by_vmm, "%llu", vvb_stats_kick_ways(vf).vmm);
VVB_SHOW(kicks_by_ioeventfd, "%llu", vvb_stats_kick_ways(vf).ioeventfd);
VVB_SHOW(kicks_by_thread, "%llu", vvb_stats_kick_ways(vf).thread);
VVB_SHOW(vf_id, "%llu", vf->id);
VVB_SHOW(member_id, "%llu", vf->member);

static struct attribute *vvb_vf_attrs[] = {
	&vvb_setting[VVB_SET_LEGACY].attr.attr,
	&vvb_setting[VVB_SET_INTX].attr.attr,
	&vvb_setting[VVB_SET_OWNER].attr.attr,
	&vvb_setting[VVB_SET_POLICY].attr.attr,
	&vvb_setting[VVB_SET_POLICY_REQUIRED].attr.attr,
	&vvb_setting[VVB_SET_SHADOW].attr.attr,
	&vvb_setting[VVB_SET_POLICY_BUDGET_US].attr.attr,
	&vvb_setting[VVB_SET_ON_DAEMON_LOSS].attr.attr,
	&vvb_setting[VVB_SET_PUNT_TIMEOUT_MS].attr.attr,
	&vvb_setting[VVB_SET_ADMIN_TIMEOUT_MS].attr.attr,
	&vvb_setting[VVB_SET_QUEUE_SIZE_MAX].attr.attr,
	&vvb_setting[VVB_SET_DAEMON_UID].attr.attr,
	&dev_attr_capable.attr,
	&dev_attr_interface.attr,
	&dev_attr_owner_active.attr,
	&dev_attr_policy_state.attr,
	&dev_attr_eject.attr,
	&dev_attr_stalled.attr,
	&dev_attr_pf_stalled.attr,
	&dev_attr_daemon.attr,
	&dev_attr_notify.attr,
	&dev_attr_interrupt.attr,
	&dev_attr_features_offered.attr,
	&dev_attr_features_chosen.attr,
	&dev_attr_features_taken.attr,
	&dev_attr_ioeventfds.attr,
	&dev_attr_kicks_by_vmm.attr,
	&dev_attr_kicks_by_ioeventfd.attr,
	&dev_attr_kicks_by_thread.attr,
	&dev_attr_vf_id.attr,
	&dev_attr_member_id.attr,
	NULL,
};

static const struct attribute_group vvb_vf_group = {
	.name = "vvb",
	.attrs = vvb_vf_attrs,
};

const struct attribute_group *vvb_vf_groups[] = { &vvb_vf_group, NULL };

static ssize_t policies_show(struct device_driver *drv, char *buf)
{
	return vvb_policy_list(buf);
}
static DRIVER_ATTR_RO(policies);

static ssize_t bpf_show(struct device_driver *drv, char *buf)
{
	if (vvb_policy_unavailable)
		return sysfs_emit(buf, "unavailable: %s\n", vvb_policy_unavailable);
	return sysfs_emit(buf, "available\n");
}
static DRIVER_ATTR_RO(bpf);

static ssize_t api_version_show(struct device_driver *drv, char *buf)
{
	return sysfs_emit(buf, "%d\n", VVB_API_VERSION);
}
static DRIVER_ATTR_RO(api_version);

/* Of each address, also of VFs that are not bound, or not there. */
static ssize_t settings_show(struct device_driver *drv, char *buf)
{
	return vvb_settings_list(buf);
}

static ssize_t settings_store(struct device_driver *drv, const char *buf, size_t count)
{
	int err = vvb_settings_put(buf, count);

	return err ? err : count;
}
static DRIVER_ATTR_RW(settings);

static struct attribute *vvb_driver_attrs[] = {
	&driver_attr_api_version.attr,
	&driver_attr_policies.attr,
	&driver_attr_bpf.attr,
	&driver_attr_settings.attr,
	NULL,
};

static const struct attribute_group vvb_driver_group = {
	.attrs = vvb_driver_attrs,
};

const struct attribute_group *vvb_driver_groups[] = { &vvb_driver_group, NULL };
