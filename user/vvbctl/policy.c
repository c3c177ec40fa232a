// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbctl policy: the BPF programs that decide. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit.h"
#include "libvvb/api.h"
#include "table.h"
#include "vvbctl.h"

#define LOG_SIZE (64 * 1024)

json_object *policy_json(const struct vvb_policy *policy)
{
	json_object *value = json_object_new_object();

	put_text(value, "name", policy->name);
	put_text(value, "kind", policy->guard ? "guard" : "policy");
	json_object_object_add(value, "registered", json_object_new_boolean(policy->registered));
	if (!policy->guard)
		put_number(value, "users", policy->users);
	if (policy->link)
		put_number(value, "link", policy->link);
	if (*policy->pin)
		put_text(value, "pinned", policy->pin);
	if (policy->asked)
		put_number(value, "asked", policy->asked);
	return value;
}

static void add_policy(struct libscols_table *table, json_object *policy)
{
	bool registered = json_object_get_boolean(json_object_object_get(policy, "registered"));

	table_add(table, (const char *[]) { text_of(policy, "name"), text_of(policy, "kind"),
					    registered ? "yes" : "no", text_of(policy, "users"),
					    text_of(policy, "pinned") });
}

/* What stands for the guards that can't be seen. */
static bool is_hidden(json_object *policy)
{
	return !json_object_object_get(policy, "name");
}

static void last_text(json_object *last)
{
	if (is_hidden(last))
		printf("guards and pins: not visible without CAP_SYS_ADMIN\n");
	else if (number_of(last, "asked") > 1)
		printf("guards are asked in this order, until one decides\n");
}

void policies_text(json_object *list)
{
	static const char *const columns[] = { "name",	 "kind",   "registered",
					       ">users", "pinned", NULL };
	struct libscols_table *table = table_new(columns, true);
	json_object *policy = NULL;

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		policy = json_object_array_get_idx(list, i);
		if (!is_hidden(policy))
			add_policy(table, policy);
	}
	table_print(table, "");
	if (policy)
		last_text(policy);
}

json_object *policies_json(const struct vvb_policy *policies, int nr, bool visible)
{
	json_object *list = json_object_new_array(), *value;

	for (int i = 0; i < nr; i++) {
		value = policy_json(&policies[i]);
		if (!visible && !*policies[i].pin)
			json_object_object_add(value, "pinned", NULL);
		json_object_array_add(list, value);
	}
	if (!visible) {
		value = json_object_new_object();
		json_object_object_add(value, "name", NULL);
		put_text(value, "kind", "guard");
		json_object_array_add(list, value);
	}
	return list;
}

static void before_text(json_object *before)
{
	size_t nr = json_object_array_length(before);

	if (nr)
		printf("    asked first; where it decides, these are not asked:");
	for (size_t i = 0; i < nr; i++)
		printf(" %s", json_object_get_string(json_object_array_get_idx(before, i)));
	if (nr)
		printf("\n");
}

/* One, that was put in place. */
void policy_text(json_object *policy)
{
	json_object *before;

	printf("%s  %s  users %s  pinned %s\n", text_of(policy, "name"), text_of(policy, "kind"),
	       text_of(policy, "users"), text_of(policy, "pinned"));
	if (!json_object_object_get_ex(policy, "asked_before", &before))
		return;
	if (before)
		before_text(before);
	else
		printf("    other guards: not visible without CAP_SYS_ADMIN\n");
}

void put_asked_before(json_object *to, const struct vvb_policy *guard,
		      const struct vvb_policy *policies, int nr)
{
	json_object *names = json_object_new_array();
	unsigned int asked = guard->asked;

	for (int i = 0; i < nr; i++)
		if (policies[i].link == guard->link)
			asked = policies[i].asked;
	for (int i = 0; i < nr; i++)
		if (policies[i].guard && policies[i].asked > asked)
			json_object_array_add(names, json_object_new_string(policies[i].name));
	json_object_object_add(to, "asked_before", names);
}

/* The kernel asks one guard after the other: who loads one is to know of those it comes before. */
static void find_asked_before(json_object *to, const struct vvb_policy *guard)
{
	struct vvb_policy *policies = NULL;
	int nr = vvb_policy_visible() ? -EPERM : vvb_policy_list(&policies);

	if (nr < 0)
		json_object_object_add(to, "asked_before", NULL);
	else
		put_asked_before(to, guard, policies, nr);
	free(policies);
}

static int list_policies(void)
{
	struct vvb_policy *policies;
	json_object *value;
	int nr = vvb_policy_list(&policies);

	if (nr == -ENOENT)
		return error(NOT_LOADED);
	if (nr < 0)
		return error("policies: %s", why(nr));
	value = policies_json(policies, nr, !vvb_policy_visible());
	free(policies);
	return output_table(value, policies_text);
}

static int policy_show(struct words *args)
{
	return args->nr ? policy_of_vf(args->word[0]) : list_policies();
}

/* What loading and updating have in common. */
struct loader {
	const char *verb;
	const char *done;
	int (*go)(const char *file, const char *name, struct vvb_policy *policy, char *log,
		  size_t log_size);
};

static int put_in_force(const struct loader *loader, const char *file, const char *name, char *log)
{
	struct vvb_policy policy = {};
	int err = loader->go(file, name, &policy, log, LOG_SIZE);
	json_object *value;

	if (err)
		return error_log(log, "%s %s", loader->verb, file);
	audit_loaded(&policy, loader->done, file);
	value = policy_json(&policy);
	if (policy.guard)
		find_asked_before(value, &policy);
	return output(value, policy_text);
}

static int from_file(const struct loader *loader, struct words *args)
{
	char *log;
	int ret;

	if (args->nr == 2 || (args->nr == 3 && strcmp(args->word[1], "name")))
		return usage("what is '%s'? policy %s takes: FILE [name NAME]", args->word[1],
			     loader->verb);
	log = malloc(LOG_SIZE);
	if (!log)
		return error("%s", strerror(ENOMEM));
	ret = put_in_force(loader, args->word[0], args->nr == 3 ? args->word[2] : NULL, log);
	free(log);
	return ret;
}

static int policy_load(struct words *args)
{
	return from_file(&(struct loader) { "load", "loaded", vvb_policy_load }, args);
}

static int policy_update(struct words *args)
{
	return from_file(&(struct loader) { "update", "replaced", vvb_policy_update }, args);
}

int no_pins(const char *name)
{
	if (vvb_api_of_module() == -ENOENT)
		return error("%s: " NOT_LOADED, name);
	return error("%s: not loaded by vvbctl; vvbctl policy lists what is", name);
}

int not_ours(const char *name, const struct vvb_policy *policies, int nr)
{
	int i = 0;

	while (i < nr && strcmp(policies[i].name, name))
		i++;
	if (nr == -ENOENT)
		return no_pins(name);
	if (i >= nr)
		return error("%s: nothing is pinned under that name", name);
	if (*policies[i].pin)
		return error("%s: loaded by another tool; it ends with its pin: rm %s", name,
			     policies[i].pin);
	if (geteuid() && vvb_policy_visible())
		return error("%s: %s", name, why(-EPERM));
	return error("%s: loaded by another tool, and no pin of it is to be found", name);
}

static int find_other(const char *name)
{
	struct vvb_policy *policies = NULL;
	int nr = vvb_policy_list(&policies), ret = not_ours(name, policies, nr);

	free(policies);
	return ret;
}

static int unload_policy(const char *name, char *log)
{
	int err = check_policy_name(name, false);

	if (err)
		return err;
	err = vvb_policy_unload(name, log, LOG_SIZE);
	if (err == -ENOENT)
		return find_other(name);
	if (err)
		return error_log(log, "unload %s", name);
	audit("%s unloaded", name);
	return output(json_object_new_object(), NULL);
}

int policy_unload(struct words *args)
{
	char *log = malloc(LOG_SIZE);
	int ret;

	if (!log)
		return error("%s", strerror(ENOMEM));
	ret = unload_policy(args->word[0], log);
	free(log);
	return ret;
}

const struct cli_command policy_commands[] = {
	{ "show", "list", "[VF]", 0, 1, policy_show },
	{ "load", NULL, "FILE [name NAME]", 1, 3, policy_load },
	{ "update", NULL, "FILE [name NAME]", 1, 3, policy_update },
	{ "unload", NULL, "NAME", 1, 1, policy_unload },
	{ "select", NULL, "VF {NAME|none}", 2, 2, policy_select },
	{ "get", NULL, "VF [KNOB] [of NAME]", 1, 4, policy_get },
	{ "set", NULL, "VF KNOB VALUE [of NAME]", 3, 5, policy_set },
	{ "events", NULL, "NAME [SECONDS]", 1, 2, policy_events },
	{ "eject", NULL, "VF [REASON]", 1, 2, policy_eject },
	{ "shadow", NULL, "VF {NAME|none}", 2, 2, policy_shadow },
	{ "diff", NULL, "VF", 1, 1, policy_diff },
	{},
};
