// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbctl stats: what happened at each register of a VF, and how long it took. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libvvb/pci.h"
#include "table.h"
#include "vvbctl.h"

/* An object of counters by name, and the name of the largest, NULL when all are zero. */
static json_object *counters_json(const __u64 *counts, unsigned int nr,
				  const char *(*name)(unsigned int), json_object **most)
{
	json_object *value = json_object_new_object();
	unsigned int i, max = 0;

	for (i = 0; i < nr; i++) {
		put_number(value, name(i), counts[i]);
		if (counts[i] > counts[max])
			max = i;
	}
	if (most)
		*most = counts[max] ? json_object_new_string(name(max)) : NULL;
	return value;
}

/* How many took 2^n..2^(n+1)-1 ns, n from 0 on. */
static json_object *latency_json(const struct vvb_field_stats *s)
{
	json_object *value = json_object_new_array();

	for (int i = 0; i < VVB_LATENCY_NR; i++)
		json_object_array_add(value, json_object_new_uint64(s->latency[i]));
	return value;
}

static json_object *register_json(unsigned int field, const struct vvb_field_stats *s)
{
	json_object *value = json_object_new_object(), *most, *counts;

	put_text(value, "name", vvb_field_name(field));
	put_number(value, "offset", vvb_fields[field].offset);
	put_number(value, "reads", s->reads);
	put_number(value, "writes", s->writes);
	counts = counters_json(s->verdict, VVB_VERDICT_NR, vvb_verdict_name, &most);
	json_object_object_add(value, "verdict", most);
	json_object_object_add(value, "verdicts", counts);
	counts = counters_json(s->handler, VVB_HANDLER_NR, vvb_handler_name, &most);
	json_object_object_add(value, "handler", most);
	json_object_object_add(value, "handlers", counts);
	put_number(value, "errors", s->errors);
	put_number(value, "timed", s->timed);
	put_number(value, "mean_ns", vvb_stats_mean_ns(s));
	put_number(value, "max_ns", s->max_ns);
	json_object_object_add(value, "latency", latency_json(s));
	return value;
}

static json_object *config_field_json(const char *name, unsigned int offset,
				      const struct vvb_config_stats *s)
{
	json_object *value = json_object_new_object();

	put_text(value, "name", name);
	put_number(value, "offset", offset);
	put_number(value, "reads", s->reads);
	put_number(value, "writes", s->writes);
	put_number(value, "errors", s->errors);
	return value;
}

/* The fields of the device configuration that were accessed. */
static json_object *config_json(const struct vvb_stats *stats)
{
	const struct vvb_config_layout *type = vvb_pci_type(stats->vf);
	json_object *value = json_object_new_array();

	for (unsigned int i = 0; i < VVB_CONFIG_ROOM; i++) {
		const struct vvb_config_stats *s = &stats->config[i];

		if (s->reads || s->writes)
			json_object_array_add(
				value, config_field_json(vvb_config_field_name(
								 type ? type->device_type : 0, i),
							 i, s));
	}
	return value;
}

/* Commands by opcode; only the opcodes that were sent. */
static json_object *commands_json(const struct vvb_stats *stats)
{
	const unsigned int nr = sizeof(stats->commands) / sizeof(*stats->commands);
	json_object *value = json_object_new_object();
	char opcode[8];

	for (unsigned int i = 0; i < nr; i++) {
		if (!stats->commands[i])
			continue;
		snprintf(opcode, sizeof(opcode), "%u", i);
		put_number(value, opcode, stats->commands[i]);
	}
	return value;
}

json_object *stats_json(const char *bdf, const struct vvb_stats *stats)
{
	json_object *value = json_object_new_object(), *registers = json_object_new_array();
	unsigned int field;

	for (field = 0; field < VVB_FIELD_NR; field++)
		json_object_array_add(registers, register_json(field, &stats->field[field]));
	put_text(value, "bdf", bdf);
	json_object_object_add(value, "registers", registers);
	json_object_object_add(value, "config", config_json(stats));
	json_object_object_add(value, "events",
			       counters_json(stats->event, VVB_EV_NR, vvb_event_name, NULL));
	json_object_object_add(value, "commands", commands_json(stats));
	return value;
}

struct text {
	char *out;
	size_t size;
	size_t at;
};

static void add_nonzero(const char *key, json_object *value, void *arg)
{
	struct text *text = arg;

	if (!json_object_get_uint64(value) || text->at >= text->size)
		return;
	text->at += snprintf(text->out + text->at, text->size - text->at, "%s%s %s",
			     text->at ? ", " : "", key, json_object_get_string(value));
}

/* "punt 40, direct 2": the counters that are not zero. */
static void nonzero_text(json_object *counts, char *out, size_t size)
{
	struct text text = { out, size, 0 };

	snprintf(out, size, "-");
	each_member(counts, add_nonzero, &text);
}

static void command_text(const char *opcode, json_object *nr, void *arg)
{
	(void)arg;
	printf(" %s %s", vvb_opcode_name(atoi(opcode)), json_object_get_string(nr));
}

static void add_register(struct libscols_table *table, json_object *r)
{
	char verdicts[320], handlers[192];

	nonzero_text(json_object_object_get(r, "verdicts"), verdicts, sizeof(verdicts));
	nonzero_text(json_object_object_get(r, "handlers"), handlers, sizeof(handlers));
	table_add(table, (const char *[]) { text_of(r, "name"), text_of(r, "offset"),
					    text_of(r, "reads"), text_of(r, "writes"),
					    text_of(r, "errors"), text_of(r, "mean_ns"),
					    text_of(r, "max_ns"), verdicts, handlers });
}

/* Below the register that has them, the last one: what is said of a field is counted for it alone. */
static void add_config_field(struct libscols_table *table, json_object *field)
{
	char name[48], offset[16];

	snprintf(name, sizeof(name), "  %s", text_of(field, "name"));
	snprintf(offset, sizeof(offset), "+%s", text_of(field, "offset"));
	table_add(table, (const char *[]) { name, offset, text_of(field, "reads"),
					    text_of(field, "writes"), text_of(field, "errors"), "",
					    "", "", "" });
}

static void registers_text(json_object *registers, json_object *config)
{
	static const char *const columns[] = { "register", ">offset",  ">reads",  ">writes",
					       ">errors",  ">mean ns", ">max ns", "verdicts",
					       "handler",  NULL };
	struct libscols_table *table = table_new(columns, true);

	for (size_t i = 0; i < json_object_array_length(registers); i++)
		add_register(table, json_object_array_get_idx(registers, i));
	for (size_t i = 0; i < json_object_array_length(config); i++)
		add_config_field(table, json_object_array_get_idx(config, i));
	table_print(table, "  ");
}

/* The beginning of a class of the histogram: "512ns", "4us", "1ms", rounded down. */
static void class_text(unsigned int class, char *out, size_t size)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };

	snprintf(out, size, "%u%s", 1u << class % 10, units[class / 10]);
}

/* "latency" of a register that was timed: the classes that are not empty. Return: was it? */
static bool latency_text(json_object *r)
{
	json_object *latency = json_object_object_get(r, "latency");
	char class[16];

	if (!number_of(r, "timed"))
		return false;
	printf("    %-16s", text_of(r, "name"));
	for (size_t i = 0; i < json_object_array_length(latency); i++) {
		json_object *nr = json_object_array_get_idx(latency, i);

		class_text(i, class, sizeof(class));
		if (json_object_get_uint64(nr))
			printf(" %s:%s", class, json_object_get_string(nr));
	}
	printf("\n");
	return true;
}

static void latencies_text(json_object *registers)
{
	bool any = false;

	printf("  latency, by the power of two that it reached:\n");
	for (size_t i = 0; i < json_object_array_length(registers); i++)
		any |= latency_text(json_object_array_get_idx(registers, i));
	if (!any)
		printf("    -\n");
}

void stats_text(json_object *stats)
{
	json_object *registers = json_object_object_get(stats, "registers"), *commands;
	char line[1024];

	printf("%s\n", text_of(stats, "bdf"));
	registers_text(registers, json_object_object_get(stats, "config"));
	latencies_text(registers);
	nonzero_text(json_object_object_get(stats, "events"), line, sizeof(line));
	printf("  events: %s\n", line);
	commands = json_object_object_get(stats, "commands");
	printf("  commands:%s", json_object_object_length(commands) ? "" : " -");
	each_member(commands, command_text, NULL);
	printf("\n");
}

static int stats_of(int channel, const struct vvb_vf *vf, json_object *list)
{
	struct vvb_stats stats;
	int err = vvb_stats_read(channel, vf->id, &stats);

	if (err)
		return error("%s: %s", vf->bdf, why(err));
	json_object_array_add(list, stats_json(vf->bdf, &stats));
	return DONE;
}

static int show_stats(int channel, const struct vvb_vf *vfs, int nr)
{
	json_object *list = json_object_new_array();
	int ret = DONE;

	for (int i = 0; i < nr && !ret; i++)
		ret = stats_of(channel, &vfs[i], list);
	if (!ret)
		return output(list, stats_text);
	json_object_put(list);
	return ret;
}

/* What was not written for somebody to read is not forgotten. */
static int reset(int channel, const struct vvb_vf *vfs, int nr)
{
	int ret = output_flush(), err;

	if (ret)
		return ret;
	for (int i = 0; i < nr; i++) {
		err = vvb_stats_reset(channel, vfs[i].id);
		if (err)
			ret = error_late("%s: not reset: %s", vfs[i].bdf, why(err));
	}
	return ret;
}

static int stats_of_all(const struct vvb_vf *vfs, int nr)
{
	int channel = open_channel(), ret;

	if (channel < 0)
		return FAILED;
	ret = show_stats(channel, vfs, nr);
	if (!ret && options.reset)
		ret = reset(channel, vfs, nr);
	close(channel);
	return ret;
}

static int stats_show(struct words *args)
{
	struct vvb_vf *vfs;
	int nr, ret;

	if (args->nr && options.vf)
		return usage("stats show takes one VF, be it by --vf");
	nr = get_vfs(args->nr ? args->word[0] : options.vf, &vfs);
	if (nr < 0)
		return nr == -EINVAL ? USAGE : FAILED;
	ret = stats_of_all(vfs, nr);
	free(vfs);
	return ret;
}

const struct cli_command stats_commands[] = {
	{ "show", "list", "[VF]", 0, 1, stats_show },
	{},
};
