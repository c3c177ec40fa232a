// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvb.conf(5): what it may say, what is said of it when it is wrong, and what holds for a VF. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/merge.h"
#include "fake.h"
#include "vvbd/handler_choice.h"

#define PF 0x100
#define VF1 0x101
#define VF2 0x102

static struct conf_file conf;
static struct complaint why;

static int read_bytes(const char *text, size_t len)
{
	FILE *from = fmemopen((void *)text, len, "r");
	int err;

	why = (struct complaint) {};
	err = conf_file_read(&conf, from, &why);
	fclose(from);
	return err;
}

static int read_text(const char *text)
{
	return *text ? read_bytes(text, strlen(text)) : read_bytes("\n", 1);
}

static void free_it(void)
{
	conf_file_free(&conf);
}

TestSuite(user_conf_file, .init = fake_tree, .fini = free_it);

/* The value that holds for a VF of PF, "-" for none. */
static const char *value(enum conf_key key, __u64 vf)
{
	const struct conf_value *v = conf_value_of(&conf, key, vf, PF);

	return v ? v->text : "-";
}

Test(user_conf_file, nothing)
{
	cr_assert_eq(read_text(""), 0);
	cr_expect_eq(conf.nr, 0);
	cr_expect_str_eq(value(CONF_LEGACY, VF1), "-");
	cr_expect_null(conf_handler_of(&conf, VF1, PF));
	cr_expect_eq(handler_choice_of(&conf, VF1).kind, REQUEST_HANDLER_LEGACY_ADMIN);
}

Test(user_conf_file, everything)
{
	cr_assert_eq(read_text("# comment\n"
			       "[all]\n"
			       "handler=record\n"
			       "bind = yes\n"
			       "\n"
			       "  [ vf 0000:01:00.1 ]  \r\n"
			       "\tplugin = /lib/x y.so\n"
			       " arguments = a = b # c\n"
			       "handler = exec-plugin\n"
			       "[vf	01:00.2]\n"
			       "handler = legacy-admin\n"
			       "legacy = only\n"
			       "intx = off\n"
			       "policy = split\n"
			       "policy-required = yes\n"
			       "shadow = none\n"
			       "policy_budget_us = 0x10\n"
			       "on_daemon_loss = wait\n"
			       "punt_timeout_ms = 060\n"
			       "admin_timeout_ms = 0\n"
			       "daemon_uid = vvbd\n"
			       "split.a knob = 1 = 2\n"
			       "[pf 0000:01:00.0]\n"
			       "daemon_uid = 4294967294\n"
			       "[policy split]\n"
			       "file = /x/split.bpf.o\n"
			       "[vvbd]\n"
			       "trace-dir = /var/lib/vvbd\n"
			       "trace_total = 20M\n"
			       "trace_limit = 10M"),
		     0, "%d: %s", why.line, why.text);
	cr_expect_eq(conf.lines, 30);
	cr_assert_eq(conf.nr, 6);
	cr_expect_str_eq(conf_section(&conf, CONF_VVBD, 0)->set[CONF_TRACE_DIR].text,
			 "/var/lib/vvbd");
	cr_expect_eq(conf_section(&conf, CONF_VVBD, 0)->set[CONF_TRACE_DIR].line, 28);
	cr_expect_str_eq(conf_policy(&conf, "split")->set[CONF_FILE].text, "/x/split.bpf.o");
	cr_expect_null(conf_policy(&conf, "spli"));
	cr_expect_str_eq(value(CONF_BIND, VF1), "yes");
	cr_expect_str_eq(value(CONF_POLICY_REQUIRED, VF2), "yes");
	cr_expect_str_eq(value(CONF_DAEMON_UID, VF2), "vvbd");
	cr_expect_str_eq(value(CONF_DAEMON_UID, VF1), "4294967294");
	cr_expect_eq(conf_value_of(&conf, CONF_LEGACY, VF2, PF)->line, 12);
	cr_expect_str_eq(conf_section(&conf, CONF_VF, VF2)->knobs[0].name, "a knob");
	cr_expect_str_eq(conf_section(&conf, CONF_VF, VF2)->knobs[0].value.text, "1 = 2");
}

/* Who carries out is for itself: no handler belongs to it, and the most specific section has it. */
Test(user_conf_file, forward)
{
	fake_file("DRIVER=x\nPCI_SLOT_NAME=0000:01:00.0\n",
		  "sys/bus/pci/devices/0000:01:00.1/physfn/uevent");
	fake_file("DRIVER=x\nPCI_SLOT_NAME=0000:01:00.0\n",
		  "sys/bus/pci/devices/0000:01:00.2/physfn/uevent");
	cr_assert_eq(read_text("[all]\nowner = daemon\n"
			       "[pf 01:00.0]\nforward = /run/pf.sock\n"
			       "[vf 01:00.2]\nforward = /run/vf.sock\nhandler = legacy-admin\n"),
		     0, "%d: %s", why.line, why.text);
	cr_expect_str_eq(forward_of(&conf, VF1), "/run/pf.sock", "its PF's");
	cr_expect_str_eq(forward_of(&conf, VF2), "/run/vf.sock", "its own");
	cr_expect_null(forward_of(&conf, 0x203), "of another PF");
	cr_expect_str_eq(value(CONF_OWNER, VF1), "daemon");
	free_it();
	cr_expect_eq(read_text("[all]\nforward = pf.sock\n"), -EINVAL);
	cr_expect_str_eq(why.text, "forward: what is 'pf.sock'? A path from the root");
	free_it();
	cr_expect_eq(read_text("[vvbd]\nforward = /run/pf.sock\n"), -EINVAL, "of no VF");
	free_it();
	cr_expect_eq(read_text("[all]\nowner = process\n"), -EINVAL);
	cr_expect_str_eq(why.text, "owner: what is 'process'? auto, pf, self or daemon");
}

Test(user_conf_file, handlers)
{
	struct handler_choice c;

	fake_file("DRIVER=x\nPCI_SLOT_NAME=0000:01:00.0\n",
		  "sys/bus/pci/devices/0000:01:00.1/physfn/uevent");
	cr_assert_eq(
		read_text("[all]\nhandler = record\n[vvbd]\ntrace_dir = /t\n"
			  "[pf 01:00.0]\nhandler = exec-plugin\narguments = a\nplugin = /x y.so\n"
			  "[vf 01:00.1]\nlegacy = only\n[vf 01:00.2]\nhandler = legacy-admin\n"),
		0, "%d: %s", why.line, why.text);
	c = handler_choice_of(&conf, VF1);
	cr_expect_eq(c.kind, REQUEST_HANDLER_PLUGIN, "its section names none, its PF's does");
	cr_expect_str_eq(c.plugin, "/x y.so");
	cr_expect_str_eq(c.arguments, "a");
	cr_expect_eq(c.line, 6);
	cr_expect_eq(c.arguments_line, 7);
	cr_expect_eq(c.plugin_line, 8);
	c = handler_choice_of(&conf, VF2);
	cr_expect_eq(c.kind, REQUEST_HANDLER_LEGACY_ADMIN);
	cr_expect_null(c.plugin);
	c = handler_choice_of(&conf, 0x103);
	cr_expect_eq(c.kind, REQUEST_HANDLER_RECORD, "a VF whose PF is not known");
}

Test(user_conf_file, the_most_specific_section_wins_key_by_key)
{
	cr_assert_eq(read_text("[vf 01:00.1]\nlegacy = only\n"
			       "[all]\nlegacy = off\nintx = off\npunt_timeout_ms = 1\n"
			       "[pf 01:00.0]\nlegacy = auto\nintx = auto\n"),
		     0);
	cr_expect_str_eq(value(CONF_LEGACY, VF1), "only");
	cr_expect_str_eq(value(CONF_INTX, VF1), "auto");
	cr_expect_str_eq(value(CONF_PUNT_TIMEOUT_MS, VF1), "1");
	cr_expect_str_eq(value(CONF_LEGACY, VF2), "auto");
	cr_expect_str_eq(value(CONF_POLICY, VF1), "-");
	cr_expect_str_eq(conf_value_of(&conf, CONF_LEGACY, VF2, CONF_NO_PF)->text, "off");
	cr_expect_str_eq(conf_value_of(&conf, CONF_LEGACY, VF2, 0x200)->text, "off");
}

static int list_knob(const struct conf_knob *knob, void *arg)
{
	char *list = arg;

	sprintf(list + strlen(list), "%s.%s=%s ", knob->policy, knob->name, knob->value.text);
	return 0;
}

static int stop_at_once(const struct conf_knob *knob, void *arg)
{
	(void)knob;
	++*(int *)arg;
	return 7;
}

Test(user_conf_file, knobs_of_a_vf)
{
	char list[200] = "";
	int calls = 0;

	cr_assert_eq(read_text("[all]\na.x = 1\na.y = 2\nb.x = 3\n"
			       "[pf 01:00.0]\na.y = 4\n"
			       "[vf 01:00.1]\na.x = 5\n[vf 01:00.2]\na.x = 6\n"),
		     0);
	conf_each_knob_of(&conf, VF1, PF, list_knob, list);
	cr_expect_str_eq(list, "a.x=5 a.y=4 b.x=3 ");
	*list = '\0';
	conf_each_knob_of(&conf, 0x103, CONF_NO_PF, list_knob, list);
	cr_expect_str_eq(list, "a.x=1 a.y=2 b.x=3 ");
	cr_expect_eq(conf_each_knob_of(&conf, VF1, PF, stop_at_once, &calls), 7);
	cr_expect_eq(calls, 1);
}

Test(user_conf_file, sizes)
{
	static const struct {
		const char *text;
		unsigned long long size;
	} sizes[] = { { "4096", 4096 }, { "64K", 65536 }, { "3M", 3 << 20 }, { "2G", 2ULL << 30 } };
	unsigned long long size;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		cr_expect(conf_key_takes(CONF_TRACE_LIMIT, sizes[i].text), "%s", sizes[i].text);
		cr_expect_eq(conf_size_parse(sizes[i].text, &size), 0);
		cr_expect_eq(size, sizes[i].size, "%s", sizes[i].text);
	}
}

/* The ends of what each key takes. */
Test(user_conf_file, values)
{
	static const struct {
		enum conf_key key;
		const char *taken[6];
		const char *refused[8];
	} values[] = {
		{ CONF_LEGACY, { "auto", "only", "off" }, { "on", "Auto", "au", "autos" } },
		{ CONF_POLICY_REQUIRED, { "yes", "no" }, { "1", "true", "YES" } },
		{ CONF_POLICY,
		  { "none", "split", "a-b_9", "abcdefghijklmno" },
		  { "Split", "a.b", "a/b", "abcdefghijklmnop", "a b" } },
		{ CONF_POLICY_BUDGET_US,
		  { "0", "1000000", "0xf4240", "010" },
		  { "1000001", "-1", "+1", "1.5", "1 000", "1ms", "99999999999999999999" } },
		{ CONF_PUNT_TIMEOUT_MS, { "1", "60000" }, { "0", "60001", "soon", "08" } },
		{ CONF_ADMIN_TIMEOUT_MS, { "0", "60000" }, { "60001" } },
		{ CONF_DAEMON_UID,
		  { "0", "4294967294", "vvbd", "_a.b-C9", "root" },
		  { "4294967295", "-1", "-user", "1user", "a b", "a:b",
		    "abcdefghijklmnopqrstuvwxyzabcdefg" } },
		{ CONF_FILE, { "/x" }, { "x", "./x", "~/x" } },
		{ CONF_TRACE_LIMIT,
		  { "4096", "4K", "1G" },
		  { "4095", "0", "-5M", "5T", "5MM", "99999999999999G",
		    "99999999999999999999999" } },
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		for (int v = 0; v < 6 && values[i].taken[v]; v++)
			cr_expect(conf_key_takes(values[i].key, values[i].taken[v]), "%s = %s",
				  conf_keys[values[i].key].name, values[i].taken[v]);
		for (int v = 0; v < 8 && values[i].refused[v]; v++)
			cr_expect_not(conf_key_takes(values[i].key, values[i].refused[v]),
				      "%s = %s", conf_keys[values[i].key].name,
				      values[i].refused[v]);
	}
}

static const struct {
	const char *text;
	int line;
	const char *says;
} wrong[] = {
	{ "handler = record\n", 1, "before the first section: one of [all], [pf ADDRESS]" },
	{ "\n\nhello\n", 3, "neither a [section] nor 'KEY = VALUE'" },
	{ "[nosuch]\n", 1, "what is '[nosuch]'? Sections: [all], [pf ADDRESS], [vf ADDRESS]" },
	{ "[daemon]\n", 1, "It is [vvbd] now" },
	{ "[default]\n", 1, "It is [all] now" },
	{ "[vf]\n", 1, "what is '[vf]'?" },
	{ "[vf]x\n", 1, "ends with ']'" },
	{ "[vfx 01:00.1]\n", 1, "what is '[vfx 01:00.1]'?" },
	{ "[all\n", 1, "ends with ']'" },
	{ "[\n", 1, "ends with ']'" },
	{ "[]\n", 1, "what is '[]'?" },
	{ "[vf 01:00]\n", 1, "what is '01:00'? A VF is named like 0000:01:00.1" },
	{ "[pf 01:00]\n", 1, "what is '01:00'? A PF is named like 0000:01:00.0" },
	{ "[vf 1:0.1]\n", 1, "what is" },
	{ "[policy]\n", 1, "what is '[policy]'?" },
	{ "[policy Split]\n", 1, "what is 'Split'? A policy's name has 1 to 15" },
	{ "[policy none]\n", 1, "and is not none" },
	{ "[all]\nhandler = x\n", 2, "handler: what is 'x'? legacy-admin, record or exec-plugin" },
	{ "[all]\nlegacy = x\n", 2, "legacy: what is 'x'? auto, only or off" },
	{ "[all]\nbind = 1\n", 2, "bind: what is '1'? yes or no" },
	{ "[all]\npunt_timeout_ms = 0\n", 2, "punt_timeout_ms: what is '0'? 1 to 60000" },
	{ "[all]\ndaemon_uid = a b\n", 2, "daemon_uid: what is 'a b'? The name or the number" },
	{ "[all]\nhandler =\n", 2, "'handler' has no value" },
	{ "[all]\nlegal = only\n", 2, "what is 'legal'? Here: policy_required, legacy, intx" },
	{ "[all]\nlegacy_ = only\n", 2, "what is 'legacy_'?" },
	{ "[all]\nlegac = only\n", 2, "what is 'legac'?" },
	{ "[all]\nlegacy = only\nintx = off\nlegacy = off\n", 4,
	  "a second legacy in this section" },
	{ "[all]\nSplit.x = 1\n", 2, "what is 'Split'? A policy's name has" },
	{ "[all]\n.x = 1\n", 2, "what is ''? A policy's name has" },
	{ "[all]\nsplit. = 1\n", 2, "which knob of split?" },
	{ "[all]\nsplit.x = 1\nsplit.x = 1\n", 3, "a second split.x" },
	{ "[vvbd]\nsplit.x = 1\n", 2, "what is 'split.x'? Here: trace_dir" },
	{ "[all]\n[vvbd]\n[all]\n", 3, "[all] was there already, in line 1" },
	{ "[vvbd]\n[vvbd]\n", 2, "there already" },
	{ "[policy a]\n[policy b]\n[policy a]\n", 3, "[policy a] was there already, in line 1" },
	{ "[vf 01:00.1]\nhandler=legacy-admin\n[vf 0000:01:00.1]\n", 3, "was there already" },
	{ "[all]\ntrace_dir = /x\n", 2, "what is 'trace_dir'? Here: " },
	{ "[all]\nfile = /x\n", 2, "what is 'file'? Here: " },
	{ "[policy a]\nlegacy = only\n", 2, "what is 'legacy'? Here: file" },
	{ "[vvbd]\nhandler = record\n", 2, "Here: trace_dir, trace_limit, trace_total" },
	{ "[vvbd]\ntrace_dir = x\n", 2, "trace_dir: what is 'x'? A path from the root" },
	{ "[vvbd]\ntrace_dir = /x\ntrace-dir = /y\n", 3, "a second trace_dir" },
	{ "[vvbd]\ntrace_limit = 5\n", 2, "trace_limit: what is '5'? 4K or more" },
	{ "[all]\nhandler = record\n\n", 2, "record wants a line 'trace_dir = DIRECTORY'" },
	{ "[vf 01:00.1]\nhandler = record\n[vvbd]\n", 2, "record wants a line" },
	{ "[all]\nhandler = exec-plugin\n", 2, "wants a line 'plugin = FILE'" },
	{ "[all]\nhandler = exec-plugin\n\n[vvbd]\n", 2, "wants a line 'plugin = FILE'" },
	{ "[all]\nhandler = exec-plugin\nplugin = x.so\n", 3, "A path from the root" },
	{ "[all]\nhandler = legacy-admin\nplugin = /x\n", 3, "plugin belongs to 'handler" },
	{ "[all]\narguments = x\n", 2, "arguments belongs to 'handler = exec-plugin'" },
};

Test(user_conf_file, mistakes)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		cr_expect_eq(read_text(wrong[i].text), -EINVAL, "%s", wrong[i].text);
		cr_expect_eq(why.line, wrong[i].line, "%s: line %d, wanted %d: %s", wrong[i].text,
			     why.line, wrong[i].line, why.text);
		cr_expect(strstr(why.text, wrong[i].says), "%s: says: %s", wrong[i].text, why.text);
		conf_file_free(&conf);
	}
}

Test(user_conf_file, bytes_that_are_no_text)
{
	char line[1200];

	cr_expect_eq(read_bytes("[vvbd]\nx\0y = 1\n", 15), -EINVAL);
	cr_expect_eq(why.line, 2);
	conf_file_free(&conf);
	memset(line, 'x', sizeof(line));
	cr_expect_eq(read_bytes(line, sizeof(line)), -EINVAL);
	cr_expect_eq(why.line, 1);
}

/* Whatever is in the file: 0 or a complaint about a line of it, and no harm. */
Test(user_conf_file, junk)
{
	static const char letters[] = "[]=# \n\tvfpfall:01.handlrecord/-";
	unsigned int seed = 7;
	char text[200];

	for (int i = 0; i < 20000; i++) {
		size_t len = rand_r(&seed) % sizeof(text) + 1;

		for (size_t at = 0; at < len; at++)
			text[at] = i % 2 ? letters[rand_r(&seed) % (sizeof(letters) - 1)] :
					   rand_r(&seed);
		if (read_bytes(text, len))
			cr_assert(why.line > 0 && why.text[0]);
		conf_file_free(&conf);
	}
}

Test(user_conf_file, the_example_in_the_man_page)
{
	char line[256], text[4096] = "";
	FILE *man = fopen(USER_DIR "/man/vvb.conf.5", "r");
	bool in = false, fill = false;

	while (fgets(line, sizeof(line), man)) {
		if (!strcmp(line, ".SH EXAMPLE\n"))
			in = true;
		else if (in && *line == '.')
			fill = !strcmp(line, ".nf\n");
		else if (fill)
			strcat(text, line);
		if (in && !strcmp(line, ".fi\n"))
			break;
	}
	fclose(man);
	for (char *at; (at = strstr(text, "\\-"));)
		memmove(at, at + 1, strlen(at));
	cr_assert_eq(read_text(text), 0, "%d: %s", why.line, why.text);
	cr_expect_geq(conf.nr, 4);
}
