// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What is in force, as a table: a row for each VF of a PF, a column for each key. What most rows have
 * in a column is the PF's, the rest are the VFs' own.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/merge.h"
#include "conf/write.h"
#include "libvvb/binding.h"
#include "libvvb/pci.h"
#include "libvvb/settings.h"
#include "save.h"

#define VALUE_LEN VVB_SETTING_LEN
#define UNKNOWN "" /* of what is not there */

/**
 * struct column - a setting, or a knob
 * @key:	of a setting or CONF_BIND
 * @knob:	NULL for these
 */
struct column {
	enum conf_key key;
	const char *policy;
	const struct vvb_knob *knob;
};

/**
 * struct saving - what all of it has in common
 * @settings:	text of the driver's file
 * @policies, @nr_policies, @knobs, @nr_knobs: that are loaded, and of each its knobs
 */
struct saving {
	struct conf_file *conf;
	char *settings;
	struct vvb_policy *policies;
	struct vvb_knob **knobs;
	int *nr_knobs;
	int nr_policies;
};

/* ---- one value ---- */

static void bind_now(__u64 vf, char value[VALUE_LEN])
{
	char driver[64];

	vvb_pci_driver(vf, driver);
	if (vvb_pci_kind(vf) == VVB_PCI_ABSENT)
		strcpy(value, UNKNOWN);
	else
		strcpy(value, strcmp(driver, VVB_DRIVER) ? "no" : "yes");
}

static void value_in(const struct saving *s, const struct column *c, __u64 vf,
		     char value[VALUE_LEN])
{
	__u64 number;

	if (!c->knob && c->key == CONF_BIND)
		bind_now(vf, value);
	else if (c->knob && vvb_knob_get(c->policy, c->knob, vf, &number))
		strcpy(value, UNKNOWN);
	else if (c->knob)
		vvb_knob_format(c->knob, number, value);
	else if (vvb_settings_get(s->settings, vf, conf_keys[c->key].name, value))
		snprintf(value, VALUE_LEN, "%s", setting_default(c->key));
}

static void standard_of(const struct column *c, char value[VALUE_LEN])
{
	if (c->knob)
		vvb_knob_format(c->knob, c->knob->default_value, value);
	else if (c->key == CONF_BIND)
		strcpy(value, "no");
	else
		snprintf(value, VALUE_LEN, "%s", setting_default(c->key));
}

static int set_in(struct conf_section *section, const struct column *c, const char *value)
{
	if (c->knob)
		return conf_set_knob(section, c->policy, c->knob->name, value);
	return conf_set(section, c->key, value);
}

/* ---- one column ---- */

/* What most have, of those that have anything; the default when none has. */
static void most_common(char (*values)[VALUE_LEN], int nr, char most[VALUE_LEN])
{
	int best = 0;

	for (int i = 0; i < nr; i++) {
		int same = 0;

		for (int k = 0; *values[i] && k < nr; k++)
			same += !strcmp(values[i], values[k]);
		if (same <= best)
			continue;
		best = same;
		memcpy(most, values[i], VALUE_LEN);
	}
}

/*
 * Is there something that all VFs of a PF have? Those that come later would be given to another driver
 * first, unless the PF is told.
 */
static bool is_of_pf(const struct column *c, __u64 pf)
{
	bool autoprobe;

	if (pf == CONF_NO_PF)
		return false;
	return c->knob || c->key != CONF_BIND || (!vvb_autoprobe_get(pf, &autoprobe) && !autoprobe);
}

/* @pf: CONF_NO_PF: VFs that have none in common. */
static int save_column(struct saving *s, const struct column *c, __u64 pf, const __u64 *vfs, int nr)
{
	char(*values)[VALUE_LEN] = calloc(nr, VALUE_LEN), standard[VALUE_LEN], general[VALUE_LEN];
	int err = values ? 0 : -ENOMEM;

	standard_of(c, standard);
	strcpy(general, standard);
	for (int i = 0; !err && i < nr; i++)
		value_in(s, c, vfs[i], values[i]);
	if (!err && is_of_pf(c, pf))
		most_common(values, nr, general);
	if (!err && strcmp(general, standard))
		err = set_in(conf_make_section(s->conf, CONF_PF, pf, NULL), c, general);
	for (int i = 0; !err && i < nr; i++)
		if (*values[i] && strcmp(values[i], general))
			err = set_in(conf_make_section(s->conf, CONF_VF, vfs[i], NULL), c,
				     values[i]);
	free(values);
	return err;
}

/* ---- all columns ---- */

static int save_group(struct saving *s, __u64 pf, const __u64 *vfs, int nr)
{
	int err = save_column(s, &(struct column) { .key = CONF_BIND }, pf, vfs, nr);

	for (int key = 0; !err && key < CONF_SETTING_NR; key++)
		err = save_column(s, &(struct column) { .key = key }, pf, vfs, nr);
	for (int p = 0; !err && p < s->nr_policies; p++)
		for (int k = 0; !err && k < s->nr_knobs[p]; k++) {
			const struct vvb_knob *knob = &s->knobs[p][k];
			struct column c = { .policy = s->policies[p].name, .knob = knob };

			if (knob->min != knob->max)
				err = save_column(s, &c, pf, vfs, nr);
		}
	return err;
}

/* Addresses with settings that no PF here could have. */
static int save_strangers(struct saving *s, const __u64 *known, int nr_known)
{
	const char *at = s->settings;
	int err = 0;
	__u64 vf;

	while (!err && vvb_settings_next(&at, &vf)) {
		bool is_known = false;

		for (int i = 0; i < nr_known; i++)
			is_known = is_known || known[i] == vf;
		if (!is_known)
			err = save_group(s, CONF_NO_PF, &vf, 1);
	}
	return err;
}

/* All VFs that there could be are gone through, PF by PF. */
static int save_all(struct saving *s)
{
	__u64 *pfs, *vfs, *known = NULL, *more;
	int nr = vvb_pci_pfs(&pfs), nr_known = 0, err = nr < 0 ? nr : 0;

	for (int i = 0; !err && i < nr; i++) {
		int of_pf = vvb_pci_vfs_of(pfs[i], true, &vfs);

		if (of_pf < 0) {
			err = of_pf;
			break;
		}
		err = of_pf ? save_group(s, pfs[i], vfs, of_pf) : 0;
		more = realloc(known, (nr_known + of_pf + 1) * sizeof(*known));
		if (!more)
			err = -ENOMEM;
		known = more ? more : known;
		for (int v = 0; !err && v < of_pf; v++)
			known[nr_known++] = vfs[v];
		free(vfs);
	}
	if (!err)
		err = save_strangers(s, known, nr_known);
	free(known);
	free(pfs);
	return err;
}

static int find_knobs_of_all(struct saving *s)
{
	s->nr_policies = vvb_policy_list(&s->policies);
	if (s->nr_policies < 0)
		return s->nr_policies;
	s->knobs = calloc(s->nr_policies + 1, sizeof(*s->knobs));
	s->nr_knobs = calloc(s->nr_policies + 1, sizeof(*s->nr_knobs));
	for (int i = 0; s->knobs && s->nr_knobs && i < s->nr_policies; i++) {
		int nr = *s->policies[i].pin ? vvb_knobs(s->policies[i].name, &s->knobs[i]) : 0;

		s->nr_knobs[i] = nr < 0 ? 0 : nr;
	}
	return s->knobs && s->nr_knobs ? 0 : -ENOMEM;
}

int save_in_force(struct conf_file *conf)
{
	struct saving s = { .conf = conf };
	bool cut = false;
	int err = vvb_settings_read(&s.settings, &cut);

	if (!err && cut)
		err = -EOVERFLOW;
	if (!err)
		err = find_knobs_of_all(&s);
	if (!err)
		err = save_all(&s);
	for (int i = 0; s.knobs && i < s.nr_policies; i++)
		free(s.knobs[i]);
	free(s.knobs);
	free(s.nr_knobs);
	free(s.policies);
	free(s.settings);
	return err;
}
