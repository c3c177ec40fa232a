// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What a configuration says of one VF. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "audit.h"
#include "conf/merge.h"
#include "libvvb/binding.h"
#include "libvvb/pci.h"
#include "libvvb/settings.h"

/**
 * struct one_vf - that is gone through
 * @bad:	it can't have all that the file says
 */
struct one_vf {
	struct apply *a;
	__u64 vf;
	__u64 pf;
	char bdf[VVB_BDF_LEN];
	bool bad;
};

#define FAIL(o, line, ...) changes_failed(&(o)->a->changes, (o)->bdf, line, "", __VA_ARGS__)

/* ---- settings ---- */

/* As the module shows it: users and numbers as decimal numbers. Return: 0, -ENOENT no such user. */
static int plain_value(enum conf_key key, const char *text, char value[VVB_SETTING_LEN])
{
	const enum conf_kind kind = conf_keys[key].kind;

	if (kind == CONF_USER)
		return user_number(text, value);
	if (kind == CONF_NUMBER)
		snprintf(value, VVB_SETTING_LEN, "%llu", strtoull(text, NULL, 0));
	else
		snprintf(value, VVB_SETTING_LEN, "%s", text);
	return 0;
}

/* What is in force; without a word of it, the default. */
static void value_now(const struct one_vf *o, enum conf_key key, char now[VVB_SETTING_LEN])
{
	if (vvb_settings_get(o->a->settings, o->vf, conf_keys[key].name, now))
		snprintf(now, VVB_SETTING_LEN, "%s", setting_default(key));
}

static int make_setting(struct one_vf *o, enum conf_key key, const char *value)
{
	int err = o->a->dry ? 0 : vvb_settings_put(o->vf, conf_keys[key].name, value);

	o->bad = o->bad || err;
	return err;
}

static void apply_setting(struct one_vf *o, enum conf_key key)
{
	const struct conf_value *v = conf_value_of(&o->a->conf, key, o->vf, o->pf);
	char value[VVB_SETTING_LEN], now[VVB_SETTING_LEN], why[WHY_LEN];
	const char *name = conf_keys[key].name;
	int err;

	if (!v)
		return;
	if (plain_value(key, v->text, value)) {
		o->bad = true;
		FAIL(o, v->line, "%s: there is no user '%s'", name, v->text);
		return;
	}
	value_now(o, key, now);
	if (!strcmp(value, now))
		return;
	err = make_setting(o, key, value);
	if (err)
		FAIL(o, v->line, "%s = %s: %s; it stays %s", name, v->text,
		     why_not_set(o->vf, name, value, err, why), now);
	else
		changes_add(&o->a->changes, o->bdf, name, now, value, v->line);
}

/* ---- knobs ---- */

/* @k: the knob as its policy declares it. */
static void set_knob_to(struct one_vf *o, const struct conf_knob *knob, const struct vvb_knob *k,
			__u64 value, const char *what)
{
	char from[VVB_KNOB_TEXT_LEN], to[VVB_KNOB_TEXT_LEN];
	__u64 now;
	int err = vvb_knob_get(knob->policy, k, o->vf, &now);

	if (!err && now == value)
		return;
	if (!err && !o->a->dry)
		err = vvb_knob_set(knob->policy, knob->name, o->vf, value);
	if (err) {
		o->bad = true;
		FAIL(o, knob->value.line, "%s: %s", what, why(err));
		return;
	}
	vvb_knob_format(k, now, from);
	vvb_knob_format(k, value, to);
	if (!o->a->dry)
		audit("%s: %s of %s: %s -> %s", o->bdf, knob->name, knob->policy, from, to);
	changes_add(&o->a->changes, o->bdf, what, from, to, knob->value.line);
}

static void apply_known_knob(struct one_vf *o, const struct conf_knob *knob, const char *what,
			     struct vvb_knob *knobs, int nr)
{
	struct vvb_knob *k = vvb_knob_find(knobs, nr, knob->name);
	char wanted[KNOB_WANTED_LEN];
	__u64 value;

	if (k && k->min != k->max && !vvb_knob_parse(k, knob->value.text, &value)) {
		set_knob_to(o, knob, k, value, what);
		return;
	}
	o->bad = true;
	if (!k)
		FAIL(o, knob->value.line, "%s: there is no such knob: vvbctl policy get %s of %s",
		     what, o->bdf, knob->policy);
	else
		FAIL(o, knob->value.line, "%s: what is '%s'? %s", what, knob->value.text,
		     knob_wanted(k, wanted));
}

/* Without its policy a knob means nothing, so that is not what keeps a VF from being bound. */
static int apply_knob(const struct conf_knob *knob, void *arg)
{
	struct one_vf *o = arg;
	struct vvb_knob *knobs = NULL;
	char what[80];
	int nr;

	snprintf(what, sizeof(what), "%s.%s", knob->policy, knob->name);
	if (apply_loads(o->a, knob->policy)) {
		changes_add(&o->a->changes, o->bdf, what, NULL, knob->value.text, knob->value.line);
		return 0;
	}
	nr = vvb_knobs(knob->policy, &knobs);
	if (nr < 0)
		FAIL(o, knob->value.line, "%s: %s", what,
		     nr == -ENOENT ? "no policy of that name is loaded by vvbctl" : why(nr));
	else
		apply_known_knob(o, knob, what, knobs, nr);
	free(knobs);
	return 0;
}

/* ---- the driver ---- */

static void apply_bind(const struct one_vf *o)
{
	const struct conf_value *v = conf_value_of(&o->a->conf, CONF_BIND, o->vf, o->pf);
	enum vvb_pci_kind kind = vvb_pci_kind(o->vf);
	struct vvb_binding b = {};
	int err = 0;

	if (!v || strcmp(v->text, "yes") || kind == VVB_PCI_ABSENT)
		return;
	vvb_pci_driver(o->vf, b.before);
	if (!strcmp(b.before, VVB_DRIVER))
		return;
	if (o->bad) {
		FAIL(o, v->line, "not bound, as it would not have all that is said above");
		return;
	}
	if (!o->a->dry || !vvb_pci_is_bindable(kind))
		err = vvb_bind(o->vf, &b);
	if (err)
		FAIL(o, v->line, "bind: %s%s", b.why, for_root(err));
	else
		changes_add(&o->a->changes, o->bdf, "driver", *b.before ? b.before : "none",
			    VVB_DRIVER, v->line);
}

void apply_vf(struct apply *a, __u64 vf)
{
	struct one_vf o = { .a = a, .vf = vf, .pf = apply_pf_of(a, vf) };

	vvb_bdf_format(vf, o.bdf);
	for (int key = 0; key < CONF_SETTING_NR; key++)
		apply_setting(&o, key);
	conf_each_knob_of(&a->conf, vf, o.pf, apply_knob, &o);
	apply_bind(&o);
}
