// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvb.conf(5): taken, and then whole, or a complaint about one of its lines. */
#include "conf/merge.h"
#include "conf/write.h"
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

static char *text_of(const struct conf_file *conf, size_t *len)
{
	char *text = NULL;
	FILE *to = open_memstream(&text, len);

	conf_file_write(conf, to);
	fclose(to);
	return text;
}

/* What is written reads as the same, and is written as the same again. */
static void check_write(const struct conf_file *conf)
{
	struct complaint why = {};
	struct conf_file again;
	size_t len, len_again;
	char *text = text_of(conf, &len), *text_again;
	FILE *from = len ? fmemopen(text, len, "r") : NULL;

	if (from) {
		fuzz_check(!conf_file_read(&again, from, &why) && again.nr == conf->nr);
		text_again = text_of(&again, &len_again);
		fuzz_check(len == len_again && !memcmp(text, text_again, len));
		free(text_again);
		conf_file_free(&again);
		fclose(from);
	}
	free(text);
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
	if (!err)
		check_write(&conf);
	conf_file_free(&conf);
	fclose(from);
	return 0;
}
