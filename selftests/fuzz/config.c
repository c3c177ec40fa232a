// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbd's configuration file: taken, and then whole, or a complaint about one of its lines. */
#include "input.h"
#include "vvbd/config.h"

static void check_choice(const struct config *config, const struct choice *c)
{
	fuzz_check(c->kind < HANDLER_NR);
	fuzz_check(!c->plugin == (c->kind != HANDLER_PLUGIN));
	fuzz_check(!c->plugin || c->plugin[0] == '/');
	fuzz_check(!c->arguments || c->plugin);
	fuzz_check(c->kind != HANDLER_RECORD || config->trace_dir);
}

static void check_config(const struct config *config)
{
	check_choice(config, &config->fallback);
	for (int i = 0; i < config->nr_vfs; i++) {
		check_choice(config, &config->vfs[i]);
		fuzz_check(config_choice(config, config->vfs[i].vf) == &config->vfs[i]);
	}
	fuzz_check(!config->trace_dir || config->trace_dir[0] == '/');
	fuzz_check(config->trace_limit >= 4096 && config->trace_total >= 4096);
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
	struct config config;
	FILE *from;

	if (!size)
		return 0;
	from = fmemopen((void *)data, size, "r");
	if (!config_read(&config, from, &why))
		check_config(&config);
	else
		fuzz_check(why.line >= 1 && why.line <= lines(data, size) && why.text[0]);
	config_free(&config);
	fclose(from);
	return 0;
}
