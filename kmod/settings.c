// SPDX-License-Identifier: GPL-2.0-only
/*
 * See settings.h. One table says what can be set, for the directory of a VF and for the driver's
 * file `settings` alike. Nothing here waits for users of a VF. In the kernel, as a VF must not be
 * open with other settings than its own, whoever binds it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include <vvb/modern.h>

#include "claim.h"
#include "policy.h"
#include "settings.h"
#include "vf.h"
#include "who.h"

#define VVB_ADDRESSES_MAX 4096
#define VVB_BUDGET_MAX_US 1000000
#define VVB_TIMEOUT_MAX_MS 60000

const char *const vvb_legacy_names[VVB_LEGACY_NR] = { "auto", "only", "off" };
static const char *const vvb_intx_names[] = { "auto", "off" };
static const char *const vvb_required_names[] = { "no", "yes" };
static const char *const vvb_loss_names[] = { "kernel", "fail", "wait" };

/*
 * Commands are guarded by default. It costs two switches of threads for each (docs/comparison.md
 * has the figure), of which a guest sends some dozens in its life; a device that hangs would cost
 * its VMM a thread that can't be killed. Longer than any command in good order takes, shorter than
 * what watches over a guest allows.
 */
static struct vvb_settings vvb_standard = {
	.legacy = VVB_LEGACY_AUTO,
	.intx = VVB_INTX_AUTO,
	.policy_required = VVB_REQUIRED_NO,
	.on_daemon_loss = VVB_LOSS_KERNEL,
	.policy_budget_us = 1000,
	.punt_timeout_ms = 250,
	.admin_timeout_ms = 5000,
	.daemon_uid = KUIDT_INIT(0),
};

static DEFINE_XARRAY(vvb_addresses); /* struct vvb_settings by VVB_VF_ID, under vvb_vfs_lock */
static unsigned int vvb_addresses_nr;

/* ---- module parameter ---- */

static int vvb_legacy_param_set(const char *value, const struct kernel_param *param)
{
	int legacy = sysfs_match_string(vvb_legacy_names, value);

	if (legacy < 0) {
		pr_err("legacy=%s: it is one of auto, only, off\n", value);
		return legacy;
	}
	vvb_standard.legacy = legacy;
	return 0;
}

static int vvb_legacy_param_get(char *buf, const struct kernel_param *param)
{
	return sysfs_emit(buf, "%s\n", vvb_legacy_names[vvb_standard.legacy]);
}

static const struct kernel_param_ops vvb_legacy_param_ops = {
	.set = vvb_legacy_param_set,
	.get = vvb_legacy_param_get,
};
module_param_cb(legacy, &vvb_legacy_param_ops, NULL, 0444);
MODULE_PARM_DESC(legacy, "auto, only or off: of a VF for which nothing was set (default auto)");

/* ---- kinds of settings; put() under vvb_vfs_lock ---- */

static unsigned int *vvb_word_of(const struct vvb_setting *setting, struct vvb_settings *set)
{
	return (void *)set + setting->at;
}

static unsigned int vvb_word(const struct vvb_setting *setting, const struct vvb_settings *set)
{
	return READ_ONCE(*vvb_word_of(setting, (struct vvb_settings *)set));
}

static int vvb_choice_put(const struct vvb_setting *setting, struct vvb_settings *set,
			  struct vvb_vf *vf, const char *value)
{
	int choice = match_string(setting->names, setting->nr_names, value);

	if (choice < 0)
		return choice;
	WRITE_ONCE(*vvb_word_of(setting, set), choice);
	return 0;
}

static void vvb_choice_show(const struct vvb_setting *setting, const struct vvb_settings *set,
			    char *buf)
{
	strscpy(buf, setting->names[vvb_word(setting, set)], VVB_SETTING_LEN);
}

#define vvb_fixed_show vvb_choice_show

/* Not under a user. */
static int vvb_fixed_put(const struct vvb_setting *setting, struct vvb_settings *set,
			 struct vvb_vf *vf, const char *value)
{
	if (!vf)
		return vvb_choice_put(setting, set, vf, value);
	guard(spinlock)(&vf->state.lock);
	if (vf->state.opened)
		return match_string(setting->names, setting->nr_names, value) < 0 ? -EINVAL :
										    -EBUSY;
	return vvb_choice_put(setting, set, vf, value);
}

static int vvb_number_put(const struct vvb_setting *setting, struct vvb_settings *set,
			  struct vvb_vf *vf, const char *value)
{
	unsigned int number;
	int err = kstrtouint(value, 0, &number);

	if (err)
		return err;
	if (number < setting->min || number > setting->max)
		return -ERANGE;
	WRITE_ONCE(*vvb_word_of(setting, set), number);
	return 0;
}

static void vvb_number_show(const struct vvb_setting *setting, const struct vvb_settings *set,
			    char *buf)
{
	snprintf(buf, VVB_SETTING_LEN, "%u", vvb_word(setting, set));
}

static int vvb_uid_put(const struct vvb_setting *setting, struct vvb_settings *set,
		       struct vvb_vf *vf, const char *value)
{
	unsigned int number;
	int err = kstrtouint(value, 0, &number);
	kuid_t uid;

	if (err)
		return err;
	uid = make_kuid(current_user_ns(), number);
	if (!uid_valid(uid))
		return -EINVAL;
	WRITE_ONCE(set->daemon_uid, uid);
	if (vf)
		vvb_claim_vf_come(vf);
	return 0;
}

static void vvb_uid_show(const struct vvb_setting *setting, const struct vvb_settings *set,
			 char *buf)
{
	snprintf(buf, VVB_SETTING_LEN, "%u",
		 from_kuid_munged(current_user_ns(), READ_ONCE(set->daemon_uid)));
}

static bool vvb_is_policy_slot(const struct vvb_setting *setting)
{
	return setting == &vvb_setting[VVB_SET_POLICY] || setting == &vvb_setting[VVB_SET_SHADOW];
}

/* There is no VF: the name waits for it, and for the policy. */
static int vvb_name_put(const struct vvb_setting *setting, struct vvb_settings *set,
			struct vvb_vf *vf, const char *value)
{
	bool none = !strcmp(value, "none");

	if (!none && vvb_policy_unavailable)
		return -EOPNOTSUPP;
	strscpy((char *)set + setting->at, none ? "" : value, VVB_POLICY_NAME_LEN);
	return 0;
}

static void vvb_name_show(const struct vvb_setting *setting, const struct vvb_settings *set,
			  char *buf)
{
	const char *name = (const char *)set + setting->at;

	strscpy(buf, *name ? name : "none", VVB_SETTING_LEN);
}

/* ---- addresses ---- */

#define VVB_SETTINGS_LEN 320
#define VVB_ADDRESS_LEN 16 /* of "12345678:01:00.1", the longest */

/* " NAME=VALUE..." of what is not the default, into @line, VVB_SETTINGS_LEN. Return: its length. */
static int vvb_settings_print(const struct vvb_settings *set, char *line)
{
	char value[VVB_SETTING_LEN], standard[VVB_SETTING_LEN];
	const struct vvb_setting *setting;
	int at = 0;

	for (setting = vvb_setting; setting < vvb_setting + VVB_SET_NR; setting++) {
		setting->show(setting, set, value);
		setting->show(setting, &vvb_standard, standard);
		if (strcmp(value, standard))
			at += scnprintf(line + at, VVB_SETTINGS_LEN - at, " %s=%s",
					setting->attr.attr.name, value);
	}
	return at;
}

/* Forget addresses for which nothing is set, and that have no VF. vvb_vfs_lock is held. */
static void vvb_settings_tidy(void)
{
	char line[VVB_SETTINGS_LEN];
	struct vvb_settings *set;
	unsigned long id;

	xa_for_each(&vvb_addresses, id, set) {
		if (vvb_settings_print(set, line) || vvb_vf_find(id))
			continue;
		xa_erase(&vvb_addresses, id);
		vvb_addresses_nr--;
		kfree(set);
	}
}

/**
 * vvb_settings_of - what is set for an address
 * @id:		VVB_VF_ID
 *
 * Context: vvb_vfs_lock is held; sleeps.
 * Return: the settings, for as long as the VF is bound; -ENOSPC too many addresses; -ENOMEM.
 */
struct vvb_settings *vvb_settings_of(u64 id)
{
	struct vvb_settings *set = xa_load(&vvb_addresses, id);
	struct vvb_settings *new __free(kfree) = NULL;
	int err;

	lockdep_assert_held(&vvb_vfs_lock);
	if (set)
		return set;
	if (vvb_addresses_nr >= VVB_ADDRESSES_MAX)
		vvb_settings_tidy();
	if (vvb_addresses_nr >= VVB_ADDRESSES_MAX)
		return ERR_PTR(-ENOSPC);
	new = kmemdup(&vvb_standard, sizeof(vvb_standard), GFP_KERNEL);
	if (!new)
		return ERR_PTR(-ENOMEM);
	err = xa_err(xa_store(&vvb_addresses, id, new, GFP_KERNEL));
	if (err)
		return ERR_PTR(err);
	vvb_addresses_nr++;
	return no_free_ptr(new);
}

void vvb_settings_exit(void)
{
	struct vvb_settings *set;
	unsigned long id;

	xa_for_each(&vvb_addresses, id, set)
		kfree(set);
	xa_destroy(&vvb_addresses);
}

#define VVB_ADDRESS_FMT "%04llx:%02llx:%02llx.%llx"
#define VVB_ADDRESS_ARGS(id) (id) >> 16, (id) >> 8 & 0xff, (id) >> 3 & 0x1f, (id) % 8

/*
 * For whoever asks later: what was set for a VF, by whom, and what it was before. vvb_vfs_lock is
 * held.
 */
static void vvb_setting_tell(const struct vvb_setting *setting, u64 id, const char *before,
			     const struct vvb_settings *set)
{
	char after[VVB_SETTING_LEN], who[VVB_WHO_LEN];

	setting->show(setting, set, after);
	if (strcmp(before, after))
		pr_info(VVB_ADDRESS_FMT ": %s: %s -> %s, by %s\n", VVB_ADDRESS_ARGS(id),
			setting->attr.attr.name, before, after, vvb_who(who));
}

/*
 * The policy of a VF that was bound: vvb_policy_select() takes vvb_vfs_lock itself. Once the VF is off
 * the list its settings may be forgotten.
 */
static int vvb_setting_select(const struct vvb_setting *setting, struct vvb_vf *vf,
			      const char *value, const char *before)
{
	bool active = setting == &vvb_setting[VVB_SET_POLICY];
	int err = vvb_policy_select(vf, active ? &vf->policy : &vf->shadow, value);

	scoped_guard(mutex, &vvb_vfs_lock)
		if (!list_empty(&vf->node))
			vvb_setting_tell(setting, vf->id, before, vf->set);
	vfio_put_device(&vf->core.vdev);
	return err;
}

/*
 * vvb_vfs_lock is held. Done, but where there is a VF in @out: it is referenced, and has to select
 * the policy, in place of @before.
 */
static int vvb_setting_put_locked(const struct vvb_setting *setting, u64 id, const char *value,
				  struct vvb_vf **out, char before[VVB_SETTING_LEN])
{
	struct vvb_settings trial = vvb_standard, *set;
	struct vvb_vf *vf;
	int err = 0;

	*out = NULL;
	/* what is refused takes no place */
	if (!xa_load(&vvb_addresses, id))
		err = setting->put(setting, &trial, NULL, value);
	if (err)
		return err;
	set = vvb_settings_of(id);
	if (IS_ERR(set))
		return PTR_ERR(set);
	setting->show(setting, set, before);
	vf = vvb_vf_find(id);
	if (!vf || !vvb_is_policy_slot(setting)) {
		err = setting->put(setting, set, vf, value);
		vvb_setting_tell(setting, id, before, set);
		return err;
	}
	get_device(&vf->core.vdev.device);
	*out = vf;
	return 0;
}

/* @asked: what is refused, a VF has tried to select. */
static int vvb_setting_try(const struct vvb_setting *setting, u64 id, const char *value,
			   bool *asked)
{
	char before[VVB_SETTING_LEN];
	struct vvb_vf *vf;
	int err;

	*asked = false;
	if (vvb_is_policy_slot(setting) && strcmp(value, "none") && !vvb_policy_name_valid(value))
		return -EINVAL;
	scoped_guard(mutex, &vvb_vfs_lock)
		err = vvb_setting_put_locked(setting, id, value, &vf, before);
	*asked = vf;
	return vf ? vvb_setting_select(setting, vf, value, before) : err;
}

#define VVB_WHY_LEN 96

/* What would be right. */
static const char *vvb_setting_wants(const struct vvb_setting *setting, char text[VVB_WHY_LEN])
{
	unsigned int i;
	int at;

	if (setting->wants)
		return setting->wants;
	if (!setting->names) {
		snprintf(text, VVB_WHY_LEN, "it is %u to %u", setting->min, setting->max);
		return text;
	}
	at = scnprintf(text, VVB_WHY_LEN, "it is one of");
	for (i = 0; i < setting->nr_names; i++)
		at += scnprintf(text + at, VVB_WHY_LEN - at, "%s %s", i ? "," : "",
				setting->names[i]);
	return text;
}

/* A VF was to select it. Its attach() may say what it likes. */
static const char *vvb_setting_why_no_policy(const struct vvb_setting *setting, int err,
					     char text[VVB_WHY_LEN])
{
	if (err == -ENOENT)
		return "no such policy is loaded";
	if (err == -ENODEV)
		return "the VF is being unbound";
	if (err == -EOPNOTSUPP && vvb_policy_unavailable)
		return vvb_policy_unavailable;
	if (err == -EINVAL && setting == &vvb_setting[VVB_SET_SHADOW])
		return "a shadow has to be stateless (VVB_POLICY_STATELESS)";
	snprintf(text, VVB_WHY_LEN, "it does not want the VF, and says %d", err);
	return text;
}

static const char *vvb_setting_why(const struct vvb_setting *setting, int err,
				   char text[VVB_WHY_LEN])
{
	if (err == -EBUSY)
		return "the VF is open";
	if (err == -EOPNOTSUPP && vvb_policy_unavailable)
		return vvb_policy_unavailable;
	if (err == -ENOSPC)
		return "too many addresses have settings";
	if (err == -EINVAL || err == -ERANGE)
		return vvb_setting_wants(setting, text);
	snprintf(text, VVB_WHY_LEN, "error %d", err);
	return text;
}

/*
 * Who writes to a file gets an errno, which says neither what was wrong nor what would be right. The
 * value is anybody's bytes.
 */
static int vvb_setting_put(const struct vvb_setting *setting, u64 id, const char *value)
{
	char text[VVB_WHY_LEN];
	bool asked;
	int err = vvb_setting_try(setting, id, value, &asked);

	if (err)
		pr_warn_ratelimited(VVB_ADDRESS_FMT ": %s=%*pE is refused: %s\n",
				    VVB_ADDRESS_ARGS(id), setting->attr.attr.name,
				    (int)strlen(value), value,
				    asked ? vvb_setting_why_no_policy(setting, err, text) :
					    vvb_setting_why(setting, err, text));
	return err;
}

/* ---- the directory of a VF ---- */

/* A copy of what was written, without the newline; NULL when it is no line, or too long. */
static char *vvb_line(char *line, size_t size, const char *buf, size_t count)
{
	if (count >= size || strnlen(buf, count) != count)
		return NULL;
	strscpy(line, buf, size);
	return strim(line);
}

static ssize_t vvb_attr_store(struct device *dev, struct device_attribute *attr, const char *buf,
			      size_t count)
{
	char line[VVB_SETTING_LEN], *value = vvb_line(line, sizeof(line), buf, count);
	int err;

	if (!value) {
		dev_warn_ratelimited(dev, "%s: what was written is no line, or too long\n",
				     attr->attr.name);
		return -EINVAL;
	}
	err = vvb_setting_put(container_of(attr, struct vvb_setting, attr), dev_to_vvb_vf(dev)->id,
			      value);
	return err ? err : count;
}

static ssize_t vvb_attr_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct vvb_setting *setting = container_of(attr, struct vvb_setting, attr);
	char value[VVB_SETTING_LEN];

	guard(mutex)(&vvb_vfs_lock);
	setting->show(setting, dev_to_vvb_vf(dev)->set, value);
	return sysfs_emit(buf, "%s\n", value);
}

/* ---- the driver's file ---- */

/* "0000:01:00.1". Return: 0 or -EINVAL. */
static int vvb_address_parse(const char *text, u64 *id)
{
	unsigned int domain, bus, slot, function;
	int len = 0;

	if (sscanf(text, "%8x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function, &len) != 4 ||
	    text[len] || slot > 31 || function > 7)
		return -EINVAL;
	*id = VVB_VF_ID(domain, bus, PCI_DEVFN(slot, function));
	return 0;
}

static const struct vvb_setting *vvb_setting_find(const char *name)
{
	unsigned int i;

	for (i = 0; name && i < VVB_SET_NR; i++)
		if (!strcmp(vvb_setting[i].attr.attr.name, name))
			return &vvb_setting[i];
	return NULL;
}

/* A line in its parts, cut up. Return: NULL, or what it lacks. */
static const char *vvb_settings_parse(char *line, u64 *id, const struct vvb_setting **setting,
				      const char **value)
{
	if (vvb_address_parse(strsep(&line, " \t"), id))
		return "it begins with a PCI address, as 0000:01:00.1";
	line = line ? skip_spaces(line) : NULL;
	*setting = vvb_setting_find(strsep(&line, "="));
	if (!*setting)
		return "no setting has that name; those are the writable files of a VF but eject";
	if (!line)
		return "behind the name comes =VALUE";
	if (strlen(line) >= VVB_SETTING_LEN || strpbrk(line, " \t\n"))
		return "the value is one word, and short; a line sets one thing";
	*value = line;
	return NULL;
}

/**
 * vvb_settings_put - set one thing for one address
 * @buf, @count: "ADDRESS NAME=VALUE"
 *
 * The kernel's log says what was wrong with one that is refused.
 * Context: sleeps.
 * Return: 0; -EINVAL it says something else; -ENOSPC too many addresses; -ENOMEM; or as a write of
 * the same value to the file NAME of a VF there. Then nothing is changed.
 */
int vvb_settings_put(const char *buf, size_t count)
{
	char text[VVB_SETTING_LEN * 3], *line = vvb_line(text, sizeof(text), buf, count);
	const struct vvb_setting *setting;
	const char *why, *value;
	u64 id;

	why = line ? vvb_settings_parse(line, &id, &setting, &value) :
		     "it is ADDRESS NAME=VALUE, and not that long";
	if (!why)
		return vvb_setting_put(setting, id, value);
	if (count && buf[count - 1] == '\n')
		count--;
	pr_warn_ratelimited("settings: \"%*pE\" is refused: %s\n",
			    (int)min_t(size_t, count, sizeof(text)), buf, why);
	return -EINVAL;
}

/* A line for each address with settings of its own; "..." when there are more than fit. */
ssize_t vvb_settings_list(char *buf)
{
	char line[VVB_SETTINGS_LEN];
	struct vvb_settings *set;
	unsigned long id;
	ssize_t at = 0;
	int len;

	guard(mutex)(&vvb_vfs_lock);
	xa_for_each(&vvb_addresses, id, set) {
		len = vvb_settings_print(set, line);
		if (!len)
			continue;
		if (at + VVB_ADDRESS_LEN + len + strlen("\n...\n") >= PAGE_SIZE)
			return at + sysfs_emit_at(buf, at, "...\n");
		at += sysfs_emit_at(buf, at, VVB_ADDRESS_FMT "%s\n", VVB_ADDRESS_ARGS((u64)id),
				    line);
	}
	return at;
}

/* ---- the table ---- */

#define VVB_SETTING(_name, _kind, ...)                                                \
	{                                                                             \
		.attr = __ATTR(_name, 0644, vvb_attr_show, vvb_attr_store),           \
		.at = offsetof(struct vvb_settings, _name), .put = vvb_##_kind##_put, \
		.show = vvb_##_kind##_show, __VA_ARGS__                               \
	}
#define VVB_NAME_WANTS "a name has 1 to 15 characters out of a-z 0-9 _ -; or none"
#define VVB_NAMES(_names) .names = _names, .nr_names = ARRAY_SIZE(_names)

/* clang-format off */
struct vvb_setting vvb_setting[VVB_SET_NR] = {
	[VVB_SET_LEGACY] = VVB_SETTING(legacy, fixed, VVB_NAMES(vvb_legacy_names)),
	[VVB_SET_INTX] = VVB_SETTING(intx, fixed, VVB_NAMES(vvb_intx_names)),
	[VVB_SET_OWNER] = VVB_SETTING(owner, fixed, VVB_NAMES(vvb_owner_names)),
	[VVB_SET_POLICY] = VVB_SETTING(policy, name, .wants = VVB_NAME_WANTS),
	[VVB_SET_POLICY_REQUIRED] = VVB_SETTING(policy_required, choice,
						VVB_NAMES(vvb_required_names)),
	[VVB_SET_SHADOW] = VVB_SETTING(shadow, name, .wants = VVB_NAME_WANTS),
	[VVB_SET_POLICY_BUDGET_US] = VVB_SETTING(policy_budget_us, number,
						 .max = VVB_BUDGET_MAX_US),
	[VVB_SET_ON_DAEMON_LOSS] = VVB_SETTING(on_daemon_loss, choice, VVB_NAMES(vvb_loss_names)),
	[VVB_SET_PUNT_TIMEOUT_MS] = VVB_SETTING(punt_timeout_ms, number,
						.min = 1, .max = VVB_TIMEOUT_MAX_MS),
	[VVB_SET_ADMIN_TIMEOUT_MS] = VVB_SETTING(admin_timeout_ms, number,
						 .max = VVB_TIMEOUT_MAX_MS),
	[VVB_SET_QUEUE_SIZE_MAX] = VVB_SETTING(queue_size_max, number, .max = VVB_MODERN_SIZE_MAX),
	[VVB_SET_DAEMON_UID] = VVB_SETTING(daemon_uid, uid, .wants = "it is the number of a user"),
};
/* clang-format on */
