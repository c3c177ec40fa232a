// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbctl policy get, set: what a policy can be tuned by, per VF. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "table.h"
#include "vvbctl.h"

#define FEW_KNOBS 8

/**
 * struct target - whose knobs they are
 * @vf, @id:	the VF, as given and as number
 * @policy:	its policy, or the one named
 * @knobs, @nr:	that policy's
 */
struct target {
	const char *vf;
	__u64 id;
	char policy[VVB_WORD_LEN];
	struct vvb_knob *knobs;
	int nr;
};

/* Takes "of NAME" off the end of the words. */
static const char *take_name(struct words *args)
{
	if (args->nr < 3 || strcmp(args->word[args->nr - 2], "of"))
		return NULL;
	args->nr -= 2;
	return args->word[args->nr + 1];
}

static int selected(struct target *t)
{
	struct vvb_vf *vf;
	int nr = get_vfs(t->vf, &vf);

	if (nr < 0)
		return nr == -EINVAL ? USAGE : FAILED;
	t->id = vf->id;
	memcpy(t->policy, vf->policy, sizeof(t->policy));
	free(vf);
	if (strcmp(t->policy, "none"))
		return DONE;
	return error("%s: has no policy; name one: of NAME", t->vf);
}

static int find_policy(struct target *t, const char *name)
{
	if (!name)
		return selected(t);
	if (check_policy_name(name, false))
		return USAGE;
	snprintf(t->policy, sizeof(t->policy), "%s", name);
	return parse_vf(t->vf, &t->id);
}

static int find_target(struct target *t, const char *vf, const char *name)
{
	int ret;

	*t = (struct target) { .vf = vf };
	ret = find_policy(t, name);
	if (ret)
		return ret;
	t->nr = vvb_knobs(t->policy, &t->knobs);
	if (t->nr == -ENOENT)
		return no_pins(t->policy);
	if (t->nr < 0)
		return error("knobs of %s: %s", t->policy, why(t->nr));
	return t->nr ? DONE : error("%s: has no knobs, or they are not pinned any more", t->policy);
}

static size_t same_beginning(const char *a, const char *b)
{
	size_t len = 0;

	while (a[len] && a[len] == b[len])
		len++;
	return len;
}

/* How much of @name the nearest knobs begin with; 0 for all, where they are few. */
static size_t nearest(const struct vvb_knob *knobs, int nr, const char *name)
{
	size_t most = 0, len;

	for (int i = 0; nr > FEW_KNOBS && i < nr; i++) {
		len = same_beginning(knobs[i].name, name);
		most = len > most ? len : most;
	}
	return most;
}

int unknown_knob(const char *policy, const struct vvb_knob *knobs, int nr, const char *name)
{
	size_t like = nearest(knobs, nr, name), at = 0;
	char list[FEW_KNOBS * (sizeof(knobs->name) + 2)] = "";
	int listed = 0;

	for (int i = 0; i < nr && listed < FEW_KNOBS; i++)
		if (nr <= FEW_KNOBS || (like && same_beginning(knobs[i].name, name) == like))
			at += snprintf(list + at, sizeof(list) - at, "%s%s", listed++ ? ", " : "",
				       knobs[i].name);
	if (nr <= FEW_KNOBS)
		return usage("what is '%s'? Knobs of %s: %s", name, policy, list);
	return usage("what is '%s'? %s%s%s%s has %d knobs, which policy get lists", name,
		     listed ? "Nearest: " : "", list, listed ? "; " : "", policy, nr);
}

/* ---- set ---- */

const char *knob_wanted(const struct vvb_knob *knob, char text[KNOB_WANTED_LEN])
{
	char least[VVB_KNOB_TEXT_LEN], most[VVB_KNOB_TEXT_LEN];

	vvb_knob_format(knob, knob->min, least);
	vvb_knob_format(knob, knob->max, most);
	if (knob->type == VVB_KNOB_SWITCH)
		snprintf(text, KNOB_WANTED_LEN, "on or off");
	else
		snprintf(text, KNOB_WANTED_LEN, "A number, %s to %s%s%s", least, most,
			 *knob->unit ? " " : "", knob->unit);
	return text;
}

static int bad_value(const struct vvb_knob *knob, const char *text)
{
	char wanted[KNOB_WANTED_LEN];

	return usage("%s: what is '%s'? %s", knob->name, text, knob_wanted(knob, wanted));
}

/* The knob is known, its value can't be reached. */
static const char *why_not(int err)
{
	return err == -ENOENT ? "its map is not pinned any more" : why(err);
}

static int set_knob(struct target *t, const char *name, const char *text)
{
	struct vvb_knob *knob = vvb_knob_find(t->knobs, t->nr, name);
	char from[VVB_KNOB_TEXT_LEN] = "?", to[VVB_KNOB_TEXT_LEN];
	__u64 value, before;
	int err;

	if (!knob)
		return unknown_knob(t->policy, t->knobs, t->nr, name);
	if (vvb_knob_parse(knob, text, &value))
		return bad_value(knob, text);
	if (!vvb_knob_get(t->policy, knob, t->id, &before))
		vvb_knob_format(knob, before, from);
	err = vvb_knob_set(t->policy, name, t->id, value);
	if (err)
		return error("%s: %s of %s: %s", t->vf, name, t->policy, why_not(err));
	vvb_knob_format(knob, value, to);
	audit("%s: %s of %s: %s -> %s", t->vf, name, t->policy, from, to);
	return output(json_object_new_object(), NULL);
}

int policy_set(struct words *args)
{
	const char *name = take_name(args);
	struct target t;
	int ret;

	if (args->nr != 3)
		return usage("policy set wants: VF KNOB VALUE [of NAME]");
	ret = find_target(&t, args->word[0], name);
	if (!ret)
		ret = set_knob(&t, args->word[1], args->word[2]);
	free(t.knobs);
	return ret;
}

/* ---- get ---- */

static const char *const types[] = { "number", "switch", "bits" };

static void put_knob(json_object *to, const char *key, const struct vvb_knob *knob, __u64 value)
{
	if (knob->type == VVB_KNOB_SWITCH)
		json_object_object_add(to, key, json_object_new_boolean(value));
	else
		put_number(to, key, value);
}

json_object *knob_json(const char *policy, const struct vvb_knob *knob, __u64 value)
{
	json_object *json = json_object_new_object();

	put_text(json, "policy", policy);
	put_text(json, "name", knob->name);
	put_text(json, "type", types[knob->type]);
	put_knob(json, "value", knob, value);
	put_text(json, "unit", knob->unit);
	put_knob(json, "min", knob, knob->min);
	put_knob(json, "max", knob, knob->max);
	put_knob(json, "default", knob, knob->default_value);
	put_text(json, "map", knob->map);
	put_number(json, "map_offset", knob->offset);
	put_number(json, "map_size", knob->size);
	put_text(json, "help", knob->help);
	return json;
}

/* A value as text again, of a knob that has become JSON. */
static void value_text(json_object *knob, const char *key, char text[VVB_KNOB_TEXT_LEN])
{
	struct vvb_knob like = { .type = VVB_KNOB_NUMBER };

	while (strcmp(types[like.type], text_of(knob, "type")))
		like.type++;
	vvb_knob_format(&like, number_of(knob, key), text);
}

static void add_row(struct libscols_table *table, json_object *knob)
{
	char number[4][VVB_KNOB_TEXT_LEN], value[128], range[128];
	const char *unit = text_of(knob, "unit");

	value_text(knob, "value", number[0]);
	value_text(knob, "min", number[1]);
	value_text(knob, "max", number[2]);
	value_text(knob, "default", number[3]);
	snprintf(value, sizeof(value), "%s%s%s", number[0], *unit ? " " : "", unit);
	snprintf(range, sizeof(range), "(%s..%s, default %s)", number[1], number[2], number[3]);
	table_add(table,
		  (const char *[]) { text_of(knob, "name"), value, range, text_of(knob, "help") });
}

static void knobs_text(json_object *list)
{
	static const char *const columns[] = { "name", "value", "range", "help", NULL };
	struct libscols_table *table = table_new(columns, false);

	for (size_t i = 0; i < json_object_array_length(list); i++)
		add_row(table, json_object_array_get_idx(list, i));
	table_print(table, "");
}

static int add_knob(json_object *list, const struct target *t, const struct vvb_knob *knob)
{
	__u64 value;
	int err = vvb_knob_get(t->policy, knob, t->id, &value);

	if (err)
		return error("%s: %s of %s: %s", t->vf, knob->name, t->policy, why_not(err));
	json_object_array_add(list, knob_json(t->policy, knob, value));
	return DONE;
}

static int get_knobs(struct target *t, const char *name)
{
	json_object *list;
	int ret = DONE;

	if (name && !vvb_knob_find(t->knobs, t->nr, name))
		return unknown_knob(t->policy, t->knobs, t->nr, name);
	list = json_object_new_array();
	for (int i = 0; i < t->nr && !ret; i++)
		if (!name || !strcmp(name, t->knobs[i].name))
			ret = add_knob(list, t, &t->knobs[i]);
	if (!ret)
		return output_table(list, knobs_text);
	json_object_put(list);
	return ret;
}

int policy_get(struct words *args)
{
	const char *name = take_name(args);
	struct target t;
	int ret;

	if (args->nr > 2)
		return usage("policy get takes: VF [KNOB] [of NAME]");
	ret = find_target(&t, args->word[0], name);
	if (!ret)
		ret = get_knobs(&t, args->nr > 1 ? args->word[1] : NULL);
	free(t.knobs);
	return ret;
}
