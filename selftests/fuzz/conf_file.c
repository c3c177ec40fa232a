// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvb.conf(5): taken, and then whole, or a complaint about one of its lines. */
#include "conf/merge.h"
#include "input.h"

static void check_values(const struct conf_section *s)
{
	for (int key = 0; key < CONF_KEY_NR; key++)
		fuzz_check(!s->set[key].text || conf_key_takes(key, s->set[key].text));
	for (int i = 0; i < s->nr_knobs; i++)
		fuzz_check(s->knobs[i].name[0] && s->knobs[i].value.text[0]);
	fuzz_check(!s->set[CONF_ARGUMENTS].text || s->set[CONF_PLUGIN].text);
	fuzz_check(!s->set[CONF_PLUGIN].text || s->set[CONF_HANDLER].text);
}

static int nothing(const struct conf_knob *knob, void *arg)
{
	(void)arg;
	fuzz_check(knob->policy[0]);
	return 0;
}

/* What a VF's own section says holds for the VF, whatever others say. */
static void check_merge(const struct conf_file *conf, const struct conf_section *s)
{
	const struct conf_value *v;

	for (int key = 0; key < CONF_KEY_NR; key++) {
		v = conf_value_of(conf, key, s->address, s->address ^ 1);
		fuzz_check(s->kind != CONF_VF || !s->set[key].text || v == &s->set[key]);
		fuzz_check(!v || v->text);
	}
	conf_each_knob_of(conf, s->address, s->address ^ 1, nothing, NULL);
}

static int lines(const uint8_t *data, size_t size)
{
	int nr = 1;

	while (size--)
		nr += *data++ == '\n';
	return nr;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct complaint why = {};
	struct conf_file conf;
	FILE *from;
	int err;

	if (!size)
		return 0;
	from = fmemopen((void *)data, size, "r");
	err = conf_file_read(&conf, from, &why);
	fuzz_check(!err || (why.line >= 1 && why.line <= lines(data, size) && why.text[0]));
	for (int i = 0; !err && i < conf.nr; i++) {
		check_values(&conf.sections[i]);
		check_merge(&conf, &conf.sections[i]);
	}
	conf_file_free(&conf);
	fclose(from);
	return 0;
}
