// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbd's configuration file: taken, and then whole, or a complaint about one of its lines. */
#include "input.h"
#include "vvbd/conf_file.h"

static void check_choice(const struct conf_file *conf, const struct handler_choice *c)
{
	fuzz_check(c->kind < REQUEST_HANDLER_NR);
	fuzz_check(!c->plugin == (c->kind != REQUEST_HANDLER_PLUGIN));
	fuzz_check(!c->plugin || c->plugin[0] == '/');
	fuzz_check(!c->arguments || c->plugin);
	fuzz_check(c->kind != REQUEST_HANDLER_RECORD || conf->trace_dir);
}

static void check_conf(const struct conf_file *conf)
{
	check_choice(conf, &conf->fallback);
	for (int i = 0; i < conf->nr_vfs; i++) {
		check_choice(conf, &conf->vfs[i]);
		fuzz_check(conf_file_choice(conf, conf->vfs[i].vf) == &conf->vfs[i]);
	}
	fuzz_check(!conf->trace_dir || conf->trace_dir[0] == '/');
	fuzz_check(conf->trace_limit >= 4096 && conf->trace_total >= 4096);
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

	if (!size)
		return 0;
	from = fmemopen((void *)data, size, "r");
	if (!conf_file_read(&conf, from, &why))
		check_conf(&conf);
	else
		fuzz_check(why.line >= 1 && why.line <= lines(data, size) && why.text[0]);
	conf_file_free(&conf);
	fclose(from);
	return 0;
}
