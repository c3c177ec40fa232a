// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbctl daemon: for each VF, is there somebody to answer what is punted. */
#include "table.h"
#include "vvbctl.h"

static json_object *daemon_json(const struct vvb_vf *vf)
{
	json_object *value = json_object_new_object();

	put_text(value, "bdf", vf->bdf);
	put_word(value, "daemon", vf->daemon);
	put_number(value, "daemon_uid", vf->daemon_uid);
	put_word(value, "on_daemon_loss", vf->on_daemon_loss);
	put_number(value, "punt_timeout_ms", vf->punt_timeout_ms);
	return value;
}

static void add_vf(struct libscols_table *table, json_object *vf)
{
	table_add(table,
		  (const char *[]) { text_of(vf, "bdf"), text_of(vf, "daemon"),
				     text_of(vf, "daemon_uid"), text_of(vf, "punt_timeout_ms"),
				     text_of(vf, "on_daemon_loss") });
}

static void daemon_text(json_object *list)
{
	static const char *const columns[] = { "vf",	       "daemon",  ">uid",
					       ">deadline ms", "on loss", NULL };
	struct libscols_table *table = table_new(columns, true);

	for (size_t i = 0; i < json_object_array_length(list); i++)
		add_vf(table, json_object_array_get_idx(list, i));
	table_print(table, "");
}

static int daemon_status(struct words *args)
{
	json_object *list;
	int ret = vfs_json(args, daemon_json, &list);

	return ret ? ret : output_table(list, daemon_text);
}

const struct cli_command daemon_commands[] = {
	{ "status", "show", "[VF]", 0, 1, daemon_status },
	{},
};
