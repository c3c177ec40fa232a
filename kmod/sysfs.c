// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/bus/pci/devices/<bdf>/vvb/, one value per file, and what is true of the driver as
 * a whole. Stores never wait for users of the VF: an unbind would deadlock.
 */
#include <linux/pci.h>

#include "vvb.h"

#define VVB_PUNT_TIMEOUT_MAX_MS 60000
#define VVB_ADMIN_TIMEOUT_MAX_MS 60000
#define VVB_BUDGET_MAX_US 1000000

static const char *const vvb_legacy_names[] = { "auto", "only", "off" };
static const char *const vvb_loss_names[] = { "kernel", "fail", "wait" };
static const char *const vvb_notify_names[] = { "closed", "member", "command" };

static ssize_t legacy_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", vvb_legacy_names[READ_ONCE(dev_to_vvb_vf(dev)->legacy)]);
}

static ssize_t legacy_store(struct device *dev, struct device_attribute *attr, const char *buf,
			    size_t count)
{
	struct vvb_vf *vf = dev_to_vvb_vf(dev);
	int legacy = sysfs_match_string(vvb_legacy_names, buf);
	bool opened;

	if (legacy < 0)
		return legacy;
	spin_lock(&vf->state_lock);
	opened = vf->opened;
	if (!opened)
		WRITE_ONCE(vf->legacy, legacy);
	spin_unlock(&vf->state_lock);
	return opened ? -EBUSY : count;
}
static DEVICE_ATTR_RW(legacy);

/* What an open makes, or made, of `legacy`. */
static ssize_t interface_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct vvb_vf *vf = dev_to_vvb_vf(dev);

	guard(spinlock)(&vf->state_lock);
	if (!vf->opened)
		return sysfs_emit(buf, "closed\n");
	if (vf->sealed)
		return sysfs_emit(buf, "legacy\n");
	return sysfs_emit(buf, "%s\n", vf->transitional ? "transitional" : "modern");
}
static DEVICE_ATTR_RO(interface);

static ssize_t vvb_role_show(struct vvb_role *role, char *buf)
{
	guard(mutex)(&vvb_vfs_lock);
	return sysfs_emit(buf, "%s\n", role->name[0] ? role->name : "none");
}

static ssize_t vvb_role_store(struct vvb_vf *vf, struct vvb_role *role, const char *buf,
			      size_t count)
{
	char name[VVB_POLICY_NAME_LEN + 1];
	int err;

	if (count >= sizeof(name))
		return -EINVAL;
	strscpy(name, buf, sizeof(name));
	err = vvb_policy_select(vf, role, strim(name));
	return err ? err : count;
}

static ssize_t policy_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return vvb_role_show(&dev_to_vvb_vf(dev)->active, buf);
}

static ssize_t policy_store(struct device *dev, struct device_attribute *attr, const char *buf,
			    size_t count)
{
	struct vvb_vf *vf = dev_to_vvb_vf(dev);

	return vvb_role_store(vf, &vf->active, buf, count);
}
static DEVICE_ATTR_RW(policy);

static ssize_t shadow_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return vvb_role_show(&dev_to_vvb_vf(dev)->shadow, buf);
}

static ssize_t shadow_store(struct device *dev, struct device_attribute *attr, const char *buf,
			    size_t count)
{
	struct vvb_vf *vf = dev_to_vvb_vf(dev);

	return vvb_role_store(vf, &vf->shadow, buf, count);
}
static DEVICE_ATTR_RW(shadow);

/* What is written is the reason that the report gives. */
static ssize_t eject_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count)
{
	char message[VVB_EJECTION_MESSAGE_LEN];
	int err;

	strscpy(message, buf, sizeof(message));
	err = vvb_eject_by_operator(dev_to_vvb_vf(dev), strim(message));
	return err ? err : count;
}
static DEVICE_ATTR_WO(eject);

static ssize_t policy_budget_us_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(dev_to_vvb_vf(dev)->policy_budget_us));
}

static ssize_t policy_budget_us_store(struct device *dev, struct device_attribute *attr,
				      const char *buf, size_t count)
{
	unsigned int us;
	int err = kstrtouint(buf, 0, &us);

	if (err)
		return err;
	if (us > VVB_BUDGET_MAX_US)
		return -ERANGE;
	WRITE_ONCE(dev_to_vvb_vf(dev)->policy_budget_us, us);
	return count;
}
static DEVICE_ATTR_RW(policy_budget_us);

static ssize_t policy_state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", vvb_policy_state(dev_to_vvb_vf(dev)));
}
static DEVICE_ATTR_RO(policy_state);

static ssize_t on_daemon_loss_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", vvb_loss_names[READ_ONCE(dev_to_vvb_vf(dev)->on_loss)]);
}

static ssize_t on_daemon_loss_store(struct device *dev, struct device_attribute *attr,
				    const char *buf, size_t count)
{
	int loss = sysfs_match_string(vvb_loss_names, buf);

	if (loss < 0)
		return loss;
	WRITE_ONCE(dev_to_vvb_vf(dev)->on_loss, loss);
	return count;
}
static DEVICE_ATTR_RW(on_daemon_loss);

static ssize_t punt_timeout_ms_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(dev_to_vvb_vf(dev)->punt_timeout_ms));
}

static ssize_t punt_timeout_ms_store(struct device *dev, struct device_attribute *attr,
				     const char *buf, size_t count)
{
	unsigned int ms;
	int err = kstrtouint(buf, 0, &ms);

	if (err)
		return err;
	if (!ms || ms > VVB_PUNT_TIMEOUT_MAX_MS)
		return -ERANGE;
	WRITE_ONCE(dev_to_vvb_vf(dev)->punt_timeout_ms, ms);
	return count;
}
static DEVICE_ATTR_RW(punt_timeout_ms);

static ssize_t admin_timeout_ms_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(dev_to_vvb_vf(dev)->admin_timeout_ms));
}

static ssize_t admin_timeout_ms_store(struct device *dev, struct device_attribute *attr,
				      const char *buf, size_t count)
{
	unsigned int ms;
	int err = kstrtouint(buf, 0, &ms);

	if (err)
		return err;
	if (ms > VVB_ADMIN_TIMEOUT_MAX_MS)
		return -ERANGE;
	WRITE_ONCE(dev_to_vvb_vf(dev)->admin_timeout_ms, ms);
	return count;
}
static DEVICE_ATTR_RW(admin_timeout_ms);

/* Does this VF wait for a command given up, and how many such has the PF? */
static ssize_t stalled_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", vvb_admin_stalled(dev_to_vvb_vf(dev)));
}
static DEVICE_ATTR_RO(stalled);

static ssize_t pf_stalled_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", vvb_admin_pf_stalled(dev_to_vvb_vf(dev)));
}
static DEVICE_ATTR_RO(pf_stalled);

static ssize_t daemon_uid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(
		buf, "%u\n",
		from_kuid_munged(current_user_ns(), READ_ONCE(dev_to_vvb_vf(dev)->daemon_uid)));
}

static ssize_t daemon_uid_store(struct device *dev, struct device_attribute *attr, const char *buf,
				size_t count)
{
	unsigned int number;
	kuid_t uid;
	int err = kstrtouint(buf, 0, &number);

	if (err)
		return err;
	uid = make_kuid(current_user_ns(), number);
	if (!uid_valid(uid))
		return -EINVAL;
	WRITE_ONCE(dev_to_vvb_vf(dev)->daemon_uid, uid);
	return count;
}
static DEVICE_ATTR_RW(daemon_uid);

static ssize_t daemon_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", vvb_punt_daemon(dev_to_vvb_vf(dev)));
}
static DEVICE_ATTR_RO(daemon);

static ssize_t notify_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", vvb_notify_names[READ_ONCE(dev_to_vvb_vf(dev)->notify_via)]);
}
static DEVICE_ATTR_RO(notify);

static ssize_t vf_id_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", dev_to_vvb_vf(dev)->id);
}
static DEVICE_ATTR_RO(vf_id);

static ssize_t member_id_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", dev_to_vvb_vf(dev)->member);
}
static DEVICE_ATTR_RO(member_id);

static struct attribute *vvb_vf_attrs[] = { &dev_attr_legacy.attr,
					    &dev_attr_interface.attr,
					    &dev_attr_policy.attr,
					    &dev_attr_policy_state.attr,
					    &dev_attr_policy_budget_us.attr,
					    &dev_attr_shadow.attr,
					    &dev_attr_eject.attr,
					    &dev_attr_on_daemon_loss.attr,
					    &dev_attr_punt_timeout_ms.attr,
					    &dev_attr_admin_timeout_ms.attr,
					    &dev_attr_stalled.attr,
					    &dev_attr_pf_stalled.attr,
					    &dev_attr_daemon_uid.attr,
					    &dev_attr_daemon.attr,
					    &dev_attr_notify.attr,
					    &dev_attr_vf_id.attr,
					    &dev_attr_member_id.attr,
					    NULL };

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
	if (vvb_bpf_unavailable)
		return sysfs_emit(buf, "unavailable: %s\n", vvb_bpf_unavailable);
	return sysfs_emit(buf, "available\n");
}
static DRIVER_ATTR_RO(bpf);

static struct attribute *vvb_driver_attrs[] = { &driver_attr_policies.attr, &driver_attr_bpf.attr,
						NULL };

static const struct attribute_group vvb_driver_group = {
	.attrs = vvb_driver_attrs,
};

const struct attribute_group *vvb_driver_groups[] = { &vvb_driver_group, NULL };
