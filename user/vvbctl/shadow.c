// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbctl policy shadow, diff: what a policy would do before it does it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libvvb/pci.h"
#include "table.h"
#include "vvbctl.h"

int policy_shadow(struct words *args)
{
	return set_attribute(args->word[0], "shadow", args->word[1]);
}

void put_value(json_object *to, const char *key, __u64 value, unsigned int width)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%0*llx", 2 * (int)(width & 15), (unsigned long long)value);
	put_text(to, key, text);
}

/* Of the device configuration the field, where the function's type is known. */
static void put_config_field(json_object *to, __u64 vf, unsigned int offset)
{
	const struct vvb_config_layout *type = vvb_pci_type(vf);
	const char *name = type ? vvb_config_field_name(type->device_type, offset) : "?";

	if (*name != '?')
		put_text(to, "config_field", name);
}

void put_access(json_object *to, __u64 vf, unsigned int field, unsigned int offset,
		unsigned int width, bool write)
{
	put_text(to, "direction", write ? "write" : "read");
	put_text(to, "register", vvb_field_name(field));
	if (field == VVB_FIELD_DEVICE_CONFIG)
		put_config_field(to, vf, offset);
	put_number(to, "offset", offset);
	put_number(to, "width", width);
}

const char *register_of(json_object *access)
{
	return text_of(access, json_object_object_get(access, "config_field") ? "config_field" :
										"register");
}

static const char *shadow_verdict(unsigned int verdict)
{
	return verdict == VVB_SHADOW_ILLEGAL ? "illegal" : vvb_verdict_name(verdict);
}

static json_object *sample_json(__u64 vf, const struct vvb_shadow_sample *s)
{
	json_object *value = json_object_new_object();

	put_number(value, "time_ns", s->time_ns);
	put_access(value, vf, s->field, s->offset, s->width, s->write);
	put_text(value, "verdict", vvb_verdict_name(s->verdict));
	put_text(value, "shadow_verdict", shadow_verdict(s->shadow_verdict));
	put_value(value, "value", s->value, s->width);
	put_value(value, "shadow_value", s->shadow_value, s->width);
	return value;
}

json_object *diff_json(const char *bdf, __u64 vf, const struct vvb_shadow *shadow)
{
	json_object *value = json_object_new_object(), *registers = json_object_new_array();
	json_object *samples = json_object_new_array(), *row;

	for (unsigned int i = 0; i < VVB_FIELD_NR; i++) {
		row = json_object_new_object();
		put_text(row, "name", vvb_field_name(i));
		put_number(row, "compared", shadow->compared[i]);
		put_number(row, "differ", shadow->differ[i]);
		json_object_array_add(registers, row);
	}
	for (unsigned int i = 0; i < shadow->nr_samples && i < VVB_SHADOW_SAMPLES; i++)
		json_object_array_add(samples, sample_json(vf, &shadow->samples[i]));
	put_text(value, "bdf", bdf);
	put_text(value, "shadow", shadow->policy);
	json_object_object_add(value, "registers", registers);
	json_object_object_add(value, "samples", samples);
	return value;
}

static void add_diff(struct libscols_table *table, json_object *row)
{
	if (number_of(row, "compared"))
		table_add(table, (const char *[]) { text_of(row, "name"), text_of(row, "compared"),
						    text_of(row, "differ") });
}

static void diffs_text(json_object *registers)
{
	static const char *const columns[] = { "register", ">compared", ">differ", NULL };
	struct libscols_table *table = table_new(columns, true);

	for (size_t i = 0; i < json_object_array_length(registers); i++)
		add_diff(table, json_object_array_get_idx(registers, i));
	table_print(table, "    ");
}

static void add_sample(struct libscols_table *table, json_object *sample)
{
	table_add(table, (const char *[]) { text_of(sample, "direction"), register_of(sample),
					    text_of(sample, "verdict"), text_of(sample, "value"),
					    text_of(sample, "shadow_verdict"),
					    text_of(sample, "shadow_value") });
}

static void samples_text(json_object *samples)
{
	static const char *const columns[] = { "access", "register", "verdict", ">value",
					       "shadow", ">value",   NULL };
	struct libscols_table *table = table_new(columns, true);

	printf("  the last of these, newest first: what was done, what the shadow would\n");
	for (size_t i = 0; i < json_object_array_length(samples); i++)
		add_sample(table, json_object_array_get_idx(samples, i));
	table_print(table, "    ");
}

static void diff_text(json_object *diff)
{
	json_object *samples = json_object_object_get(diff, "samples");

	printf("%s  shadow %s\n", text_of(diff, "bdf"), text_of(diff, "shadow"));
	diffs_text(json_object_object_get(diff, "registers"));
	if (json_object_array_length(samples))
		samples_text(samples);
}

static int diff_show(const char *bdf, __u64 id)
{
	struct vvb_shadow shadow;
	json_object *list;
	int channel = open_channel(), err;

	if (channel < 0)
		return FAILED;
	err = vvb_shadow_read(channel, id, &shadow);
	close(channel);
	if (err)
		return error("%s: %s", bdf, why(err));
	if (!*shadow.policy)
		return error("%s: has no shadow; policy shadow VF NAME gives it one", bdf);
	list = json_object_new_array();
	json_object_array_add(list, diff_json(bdf, id, &shadow));
	return output(list, diff_text);
}

int policy_diff(struct words *args)
{
	struct vvb_vf *vf;
	int nr = get_vfs(args->word[0], &vf), ret;

	if (nr < 0)
		return nr == -EINVAL ? USAGE : FAILED;
	ret = diff_show(vf->bdf, vf->id);
	free(vf);
	return ret;
}
