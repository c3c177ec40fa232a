// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbctl vf: the VFs bound to the driver, and their attributes. */
#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libvvb/paths.h"
#include "libvvb/pins.h"
#include "libvvb/unbound.h"
#include "vvbctl.h"

int parse_vf(const char *text, __u64 *id)
{
	if (vvb_bdf_parse(text, id))
		return usage("what is '%s'? A VF is named by its PCI address, 0000:01:00.1", text);
	return DONE;
}

int check_policy_name(const char *name, bool none_too)
{
	if (vvb_pins_name_ok(name) || (none_too && !strcmp(name, "none")))
		return DONE;
	return usage("what is '%s'? A name has 1 to %d characters out of a-z 0-9 _ -%s", name,
		     VVB_WORD_LEN - 1, none_too ? "; or none" : ", and is not none");
}

static int no_vf(const char *bdf, int err)
{
	char unbound[VVB_UNBOUND_LEN];
	__u64 id;

	if (err == -ENODEV && !vvb_bdf_parse(bdf, &id))
		error("%s: %s", bdf, vvb_why_unbound(id, unbound));
	else if (err == -ENOENT)
		error(NOT_LOADED);
	else
		error("%s: %s", bdf, why(err));
	return err;
}

static int get_one_vf(const char *text, struct vvb_vf **vfs)
{
	__u64 id;
	int err;

	if (parse_vf(text, &id))
		return -EINVAL;
	*vfs = malloc(sizeof(**vfs));
	if (!*vfs)
		return no_vf(text, -ENOMEM);
	err = vvb_vf_get(id, *vfs);
	if (!err)
		return 1;
	free(*vfs);
	*vfs = NULL;
	return no_vf(text, err);
}

int get_vfs(const char *text, struct vvb_vf **vfs)
{
	int nr;

	if (text)
		return get_one_vf(text, vfs);
	nr = vvb_vf_list(vfs);
	return nr < 0 ? no_vf("VFs", nr) : nr;
}

/* The VF's id as bpftool takes a map's key. */
static void map_key(__u64 id, char key[24])
{
	__u8 bytes[8];

	vvb_put_le(bytes, id, sizeof(bytes));
	for (int i = 0; i < 8; i++)
		snprintf(key + 3 * i, 4, "%02x%s", bytes[i], i < 7 ? " " : "");
}

/* What a function that is its own owner and its guest have agreed on, as numbers that a person can read. */
static json_object *features_json(const struct vvb_vf *vf)
{
	json_object *value = json_object_new_object();
	char text[24];

	snprintf(text, sizeof(text), "%#llx", vf->features_offered);
	put_text(value, "offered", text);
	snprintf(text, sizeof(text), "%#llx", vf->features_chosen);
	put_text(value, "guest", text);
	snprintf(text, sizeof(text), "%#llx", vf->features_taken);
	put_text(value, "taken", text);
	return value;
}

static void features_text(json_object *features)
{
	if (features)
		printf("  features offered %s  guest %s  taken %s", text_of(features, "offered"),
		       text_of(features, "guest"), text_of(features, "taken"));
	printf("\n");
}

/* By what ways kicks come: how many, since the counters were last set to zero. */
static json_object *kicks_json(const struct vvb_vf *vf)
{
	json_object *value = json_object_new_object();

	put_number(value, "ioeventfds", vf->ioeventfds);
	put_number(value, "by_vmm", vf->kicks_by_vmm);
	put_number(value, "by_ioeventfd", vf->kicks_by_ioeventfd);
	put_number(value, "by_thread", vf->kicks_by_thread);
	return value;
}

json_object *vf_json(const struct vvb_vf *vf)
{
	json_object *value = json_object_new_object();
	char key[24];

	map_key(vf->id, key);
	put_text(value, "bdf", vf->bdf);
	put_number(value, "id", vf->id);
	put_number(value, "member", vf->member_id);
	put_word(value, "interface", vf->interface);
	put_word(value, "legacy", vf->legacy);
	put_word(value, "capable", vf->capable);
	put_word(value, "owner", vf->owner);
	put_word(value, "owner_active", vf->owner_active);
	if (!strcmp(vf->owner_active, "self"))
		json_object_object_add(value, "features", features_json(vf));
	put_number(value, "queue_size_max", vf->queue_size_max);
	put_word(value, "intx", vf->intx);
	put_word(value, "interrupt", vf->interrupt);
	put_word(value, "policy", vf->policy);
	put_word(value, "policy_state", vf->policy_state);
	put_word(value, "policy_required", vf->policy_required);
	put_word(value, "shadow", vf->shadow);
	put_number(value, "policy_budget_us", vf->policy_budget_us);
	put_word(value, "daemon", vf->daemon);
	put_number(value, "daemon_uid", vf->daemon_uid);
	put_word(value, "on_daemon_loss", vf->on_daemon_loss);
	put_number(value, "punt_timeout_ms", vf->punt_timeout_ms);
	put_number(value, "admin_timeout_ms", vf->admin_timeout_ms);
	put_number(value, "stalled", vf->stalled);
	put_number(value, "pf_stalled", vf->pf_stalled);
	put_word(value, "notify", vf->notify);
	json_object_object_add(value, "kicks", kicks_json(vf));
	put_text(value, "map_key", key);
	return value;
}

static void kicks_text(json_object *kicks)
{
	printf("    kicks by VMM %s, by ioeventfd %s, by thread %s  ioeventfds %s\n",
	       text_of(kicks, "by_vmm"), text_of(kicks, "by_ioeventfd"),
	       text_of(kicks, "by_thread"), text_of(kicks, "ioeventfds"));
}

static void vf_text(json_object *vf)
{
	printf("%s  member %s  interface %s  legacy %s  notify %s\n", text_of(vf, "bdf"),
	       text_of(vf, "member"), text_of(vf, "interface"), text_of(vf, "legacy"),
	       text_of(vf, "notify"));
	printf("    capable of legacy=%s\n", text_of(vf, "capable"));
	printf("    owner %s (%s)", text_of(vf, "owner_active"), text_of(vf, "owner"));
	features_text(json_object_object_get(vf, "features"));
	printf("    interrupt %s  intx %s\n", text_of(vf, "interrupt"), text_of(vf, "intx"));
	kicks_text(json_object_object_get(vf, "kicks"));
	printf("    policy %s (%s)  shadow %s  daemon %s  on_daemon_loss %s\n",
	       text_of(vf, "policy"), text_of(vf, "policy_state"), text_of(vf, "shadow"),
	       text_of(vf, "daemon"), text_of(vf, "on_daemon_loss"));
	if (!strcmp(text_of(vf, "policy_required"), "yes"))
		printf("    policy_required yes%s\n",
		       strcmp(text_of(vf, "policy_state"), "active") ?
			       "  DOES NOT OPEN, as that policy does not decide" :
			       "");
	printf("    punt_timeout_ms %s  admin_timeout_ms %s  budget %s us  daemon_uid %s%s\n",
	       text_of(vf, "punt_timeout_ms"), text_of(vf, "admin_timeout_ms"),
	       text_of(vf, "policy_budget_us"), text_of(vf, "daemon_uid"),
	       number_of(vf, "stalled") ? "  STALLED" : "");
	printf("    id %s  map key hex %s\n", text_of(vf, "id"), text_of(vf, "map_key"));
}

int vfs_json(struct words *args, json_object *(*json)(const struct vvb_vf *vf), json_object **list)
{
	struct vvb_vf *vfs;
	int nr = get_vfs(args->nr ? args->word[0] : NULL, &vfs), i;

	if (nr < 0)
		return nr == -EINVAL ? USAGE : FAILED;
	*list = json_object_new_array();
	for (i = 0; i < nr; i++)
		json_object_array_add(*list, json(&vfs[i]));
	free(vfs);
	return DONE;
}

static int vf_show(struct words *args)
{
	json_object *list;
	int ret = vfs_json(args, vf_json, &list);

	return ret ? ret : output(list, vf_text);
}

/* What vvbctl vf set can write are the settings: eject has a command of its own. */
static enum conf_key find_setting(const char *name)
{
	enum conf_key key = 0;

	while (key < CONF_SETTING_NR && strcmp(conf_keys[key].name, name))
		key++;
	return key;
}

/* The parameter of the module is for all that has no word of its own. */
const char *setting_default(enum conf_key key)
{
	static char text[VVB_WORD_LEN];
	char path[128];

	if (key == CONF_LEGACY &&
	    !vvb_path(path, sizeof(path), "%s/module/" VVB_DRIVER "/parameters/legacy",
		      vvb_sysfs_path()) &&
	    !vvb_read_text(path, text, sizeof(text)))
		return text;
	return conf_keys[key].standard;
}

static bool is_policy(const char *attribute)
{
	return !strcmp(attribute, "policy") || !strcmp(attribute, "shadow");
}

/* What a policy says when it is asked whether it wants the VF may be any errno. */
static bool is_of_policy(const char *attribute, int err)
{
	return is_policy(attribute) && err != -EOPNOTSUPP && err != -ENOMEM &&
	       (err != -EACCES || !geteuid());
}

/* An address can have settings before there is a VF that is bound. */
static const char *why_unbound(__u64 id, char text[WHY_LEN])
{
	char unbound[VVB_UNBOUND_LEN], path[128];

	vvb_why_unbound(id, unbound);
	if (vvb_path(path, sizeof(path), "%s/bus/pci/drivers/" VVB_DRIVER "/settings",
		     vvb_sysfs_path()) ||
	    access(path, F_OK))
		snprintf(text, WHY_LEN, "%s", unbound);
	else
		snprintf(text, WHY_LEN, "%s; %s takes it now: ADDRESS NAME=VALUE", unbound, path);
	return text;
}

static const char *why_no_policy(const char *name)
{
	struct vvb_policy *policies = NULL;
	int nr = vvb_policy_list(&policies);
	bool guard = false;

	for (int i = 0; i < nr && !guard; i++)
		guard = policies[i].guard && !strcmp(policies[i].name, name);
	free(policies);
	return guard ? "that is a guard: it rules over all VFs, as policy set VF KNOB VALUE of "
		       "NAME tunes it" :
		       "no such policy is loaded";
}

static const char *why_no_bpf(char text[WHY_LEN])
{
	int err = vvb_driver_bpf(text, WHY_LEN);

	if (err != -EOPNOTSUPP)
		snprintf(text, WHY_LEN, "%s", strerror(EOPNOTSUPP));
	return text;
}

/* Its settings are kept already, so that what is full is the policy. */
static bool is_bound(__u64 id)
{
	struct vvb_vf vf;

	return !vvb_vf_get(id, &vf);
}

const char *why_not_set(__u64 id, const char *attribute, const char *value, int err,
			char text[WHY_LEN])
{
	if (err == -EOPNOTSUPP && is_policy(attribute))
		return why_no_bpf(text);
	if (err == -ENOSPC && !(is_policy(attribute) && is_bound(id)))
		return "the module keeps settings for 4096 addresses, and has that many";
	if (err == -ENODEV)
		return why_unbound(id, text);
	if (err == -EBUSY && (!strcmp(attribute, "legacy") || !strcmp(attribute, "intx") ||
			      !strcmp(attribute, "owner")))
		return "the VF is open";
	if (err == -ENOENT)
		return why_no_policy(value);
	if (err == -EINVAL && !strcmp(attribute, "shadow"))
		return "a shadow has to be stateless (VVB_POLICY_STATELESS)";
	if (!is_of_policy(attribute, err))
		return why(err);
	snprintf(text, WHY_LEN, "the policy has refused the VF: %s", vvb_strerror(err));
	return text;
}

int user_number(const char *user, char number[VVB_SETTING_LEN])
{
	const struct passwd *entry;

	if (*user >= '0' && *user <= '9') {
		snprintf(number, VVB_SETTING_LEN, "%llu", strtoull(user, NULL, 0));
		return 0;
	}
	entry = getpwnam(user);
	if (entry)
		snprintf(number, VVB_SETTING_LEN, "%u", entry->pw_uid);
	return entry ? 0 : -ENOENT;
}

/* "off", "auto" or "only" at the beginning of what a VF is capable of; an older driver tells nothing. */
static bool is_capable_of(const struct vvb_vf *vf, const char *legacy)
{
	return !strncmp(vf->capable, legacy, strlen(legacy));
}

/* What follows "off: " or "auto: ". */
static const char *why_not_more(const struct vvb_vf *vf)
{
	const char *colon = strchr(vf->capable, ':');

	return colon ? colon + 2 : vf->capable;
}

/* What is set, and does nothing, or something else than one thinks. Return: a text, or NULL. */
static const char *note_of(const struct vvb_vf *vf, const char *attribute, const char *value,
			   char text[WHY_LEN])
{
	bool policy = is_policy(attribute) && strcmp(value, "none");
	bool only = !strcmp(attribute, "legacy") && !strcmp(value, "only");
	bool off = is_capable_of(vf, "off");

	if (policy && !strcmp(vf->legacy, "off"))
		snprintf(text, WHY_LEN, "%s: %s %s is asked nothing: legacy is off", vf->bdf,
			 attribute, value);
	else if (policy && off)
		snprintf(text, WHY_LEN,
			 "%s: %s %s is asked nothing, as the VF can't have a legacy interface: %s",
			 vf->bdf, attribute, value, why_not_more(vf));
	else if (only && (off || is_capable_of(vf, "auto")))
		snprintf(text, WHY_LEN, "%s: does not open, as the VF can't have legacy=only: %s",
			 vf->bdf, why_not_more(vf));
	else if (!strcmp(attribute, "legacy") && !strcmp(value, "auto") && off)
		snprintf(text, WHY_LEN, "%s: opens with the modern interface alone: %s", vf->bdf,
			 why_not_more(vf));
	else
		return NULL;
	return text;
}

static void note_text(json_object *value)
{
	if (json_object_object_get(value, "note"))
		fprintf(stderr, "vvbctl: %s\n", text_of(value, "note"));
}

/* It was set. */
static int done(__u64 id, const char *attribute, const char *value)
{
	json_object *answer = json_object_new_object();
	char text[WHY_LEN];
	struct vvb_vf vf;
	const char *said;

	vvb_vf_get(id, &vf);
	said = note_of(&vf, attribute, value, text);
	if (said)
		put_text(answer, "note", said);
	return output(answer, note_text);
}

int set_attribute(const char *vf, const char *attribute, const char *value)
{
	enum conf_key key = find_setting(attribute);
	char text[WHY_LEN], number[VVB_SETTING_LEN];
	__u64 id;
	int err;

	if (parse_vf(vf, &id) || (is_policy(attribute) && check_policy_name(value, true)))
		return USAGE;
	if (key == CONF_DAEMON_UID && !user_number(value, number))
		err = vvb_vf_set(id, attribute, number);
	else
		err = vvb_vf_set(id, attribute, value);
	if (!err)
		return done(id, attribute, value);
	if ((err == -ERANGE || err == -EINVAL) && !is_of_policy(attribute, err))
		return usage("%s: %s: what is '%s'? %s", vf, attribute, value,
			     conf_keys[key].wanted);
	return error("%s: %s %s: %s", vf, attribute, value,
		     why_not_set(id, attribute, value, err, text));
}

int eject(const char *vf, const char *reason)
{
	char text[VVB_UNBOUND_LEN];
	__u64 id;
	int err;

	if (parse_vf(vf, &id))
		return USAGE;
	err = vvb_vf_set(id, "eject", reason);
	if (!err)
		return output(json_object_new_object(), NULL);
	return error("%s: eject: %s", vf,
		     err == -ENODEV ? vvb_why_unbound(id, text) :
		     err == -ENOENT ? "no policy decides for the VF" :
				      why(err));
}

static int unknown_attribute(const char *name)
{
	char list[256];
	size_t at = 0;

	for (int key = 0; key < CONF_SETTING_NR; key++)
		at += snprintf(list + at, sizeof(list) - at, "%s%s", at ? ", " : "",
			       conf_keys[key].name);
	return usage("what is '%s'? One of: %s", name, list);
}

static int vf_set(struct words *args)
{
	if (find_setting(args->word[1]) == CONF_SETTING_NR)
		return unknown_attribute(args->word[1]);
	return set_attribute(args->word[0], args->word[1], args->word[2]);
}

const struct cli_command vf_commands[] = {
	{ "show", "list", "[VF]", 0, 1, vf_show },
	{ "set", NULL,
	  "VF {legacy|intx|owner|policy|policy_required|shadow|policy_budget_us|on_daemon_loss|"
	  "punt_timeout_ms|admin_timeout_ms|queue_size_max|daemon_uid} VALUE",
	  3, 3, vf_set },
	{ "bind", NULL, "{VF|PF}...", 1, INT_MAX, vf_bind },
	{ "unbind", NULL, "{VF|PF}...", 1, INT_MAX, vf_unbind },
	{},
};
