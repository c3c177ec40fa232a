// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbd.conf(5): what it may say, and what is said of it when it is wrong. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vvbd/conf_file.h"

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

TestSuite(user_conf_file, .fini = free_it);

Test(user_conf_file, nothing)
{
	cr_assert_eq(read_text(""), 0);
	cr_expect_eq(conf.fallback.kind, REQUEST_HANDLER_LEGACY_ADMIN);
	cr_expect_eq(conf.trace_limit, CONF_FILE_TRACE_LIMIT);
	cr_expect_eq(conf.trace_total, CONF_FILE_TRACE_TOTAL);
	cr_expect_null(conf.trace_dir);
	cr_expect_eq(conf_file_choice(&conf, 0x101), &conf.fallback);
}

Test(user_conf_file, everything)
{
	cr_assert_eq(read_text("# comment\n"
			       "[default]\n"
			       "handler=record\n"
			       "\n"
			       "  [ vf 0000:01:00.1 ]  \r\n"
			       "\tplugin = /lib/x y.so\n"
			       " arguments = a = b # c\n"
			       "handler = exec-plugin\n"
			       "[vf 01:00.2]\n"
			       "handler = legacy-admin\n"
			       "[daemon]\n"
			       "trace-dir = /var/lib/vvbd\n"
			       "trace-total = 20M\n"
			       "trace-limit = 10M"),
		     0, "%d: %s", why.line, why.text);
	cr_expect_eq(conf.fallback.kind, REQUEST_HANDLER_RECORD);
	cr_expect_str_eq(conf.trace_dir, "/var/lib/vvbd");
	cr_expect_eq(conf.trace_limit, 10 << 20);
	cr_expect_eq(conf.trace_total, 20 << 20);
	cr_expect_eq(conf.lines, 14);
	cr_assert_eq(conf.nr_vfs, 2);
	cr_expect_eq(conf_file_choice(&conf, 0x101)->kind, REQUEST_HANDLER_PLUGIN);
	cr_expect_str_eq(conf_file_choice(&conf, 0x101)->plugin, "/lib/x y.so");
	cr_expect_str_eq(conf_file_choice(&conf, 0x101)->arguments, "a = b # c");
	cr_expect_eq(conf_file_choice(&conf, 0x101)->plugin_line, 6);
	cr_expect_eq(conf_file_choice(&conf, 0x102)->kind, REQUEST_HANDLER_LEGACY_ADMIN);
	cr_expect_eq(conf_file_choice(&conf, 0x103), &conf.fallback);
}

Test(user_conf_file, sizes)
{
	static const struct {
		const char *text;
		unsigned long long size;
	} sizes[] = { { "4096", 4096 }, { "64K", 65536 }, { "3M", 3 << 20 }, { "2G", 2ULL << 30 } };
	char text[64];

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		snprintf(text, sizeof(text), "[daemon]\ntrace-limit = %s\n", sizes[i].text);
		cr_expect_eq(read_text(text), 0, "%s", sizes[i].text);
		cr_expect_eq(conf.trace_limit, sizes[i].size, "%s", sizes[i].text);
		conf_file_free(&conf);
	}
}

static const struct {
	const char *text;
	int line;
	const char *says;
} wrong[] = {
	{ "handler = record\n", 1, "before the first section" },
	{ "\n\nhello\n", 3, "neither a section nor" },
	{ "[nosuch]\n", 1, "what is '[nosuch]'?" },
	{ "[vf]\n", 1, "what is '[vf]'?" },
	{ "[default\n", 1, "ends with ']'" },
	{ "[\n", 1, "ends with ']'" },
	{ "[]\n", 1, "what is '[]'?" },
	{ "[vf 01:00]\n", 1, "what is '01:00'?" },
	{ "[default]\n", 1, "names no handler" },
	{ "[default]\n\n[daemon]\n", 1, "names no handler" },
	{ "[default]\nhandler = x\n", 2, "what is 'x'? Handlers: legacy-admin, record" },
	{ "[default]\nhandler =\n", 2, "'handler' has no value" },
	{ "[default]\nhandler = record\nhandler = record\n", 3, "a second handler" },
	{ "[default]\nhandler = record\n[default]\nhandler = record\n", 3, "there already" },
	{ "[daemon]\n[daemon]\n", 2, "there already" },
	{ "[vf 1:0.1]\n", 1, "what is" },
	{ "[vf 01:00.1]\nhandler=legacy-admin\n[vf 0000:01:00.1]\n", 3, "has a section already" },
	{ "[default]\ntrace-dir = /x\n", 2, "what is 'trace-dir'? In a VF's section" },
	{ "[daemon]\nhandler = record\n", 2, "what is 'handler'? In [daemon]" },
	{ "[daemon]\ntrace-dir = x\n", 2, "a path from the root is wanted, not 'x'" },
	{ "[daemon]\ntrace-dir = /x\ntrace-dir = /y\n", 3, "a second trace-dir" },
	{ "[daemon]\ntrace-limit = 5\n", 2, "4K or more is wanted, not '5'" },
	{ "[daemon]\ntrace-limit = 5T\n", 2, "wanted" },
	{ "[daemon]\ntrace-limit = -5M\n", 2, "wanted" },
	{ "[daemon]\ntrace-limit = 99999999999999G\n", 2, "wanted" },
	{ "[daemon]\ntrace-limit = 99999999999999999999999\n", 2, "wanted" },
	{ "[daemon]\ntrace-limit = 5MM\n", 2, "wanted" },
	{ "[daemon]\ntrace-total = 4095\n", 2, "trace-total: 4K or more is wanted, not '4095'" },
	{ "[daemon]\ntrace-total = much\n", 2, "wanted" },
	{ "[daemon]\ntrace-total = 5M\ntrace-total = 5M\n", 3, "a second trace-total" },
	{ "[daemon]\ntrace-limit = 5M\ntrace-limit = 5M\n", 3, "a second trace-limit" },
	{ "[default]\nhandler = record\n\n", 2, "record wants a trace-dir" },
	{ "[vf 01:00.1]\nhandler = record\n[daemon]\n", 2, "record wants a trace-dir" },
	{ "[default]\nhandler = exec-plugin\n", 2, "wants a line 'plugin = FILE'" },
	{ "[default]\nhandler = exec-plugin\nplugin = x.so\n", 3, "a path from the root" },
	{ "[default]\nhandler = exec-plugin\nplugin = /x\nplugin = /y\n", 4, "a second plugin" },
	{ "[default]\nhandler = legacy-admin\nplugin = /x\n", 2, "takes no plugin" },
	{ "[default]\nhandler = legacy-admin\narguments = x\n", 2, "takes no plugin" },
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

	cr_expect_eq(read_bytes("[daemon]\nx\0y = 1\n", 17), -EINVAL);
	cr_expect_eq(why.line, 2);
	conf_file_free(&conf);
	memset(line, 'x', sizeof(line));
	cr_expect_eq(read_bytes(line, sizeof(line)), -EINVAL);
	cr_expect_eq(why.line, 1);
}

/* Whatever is in the file: 0 or a complaint about a line of it, and no harm. */
Test(user_conf_file, junk)
{
	static const char letters[] = "[]=# \n\tvfdaemon:01.handlrecord/-";
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
	char line[256], text[2048] = "";
	FILE *man = fopen(USER_DIR "/man/vvbd.conf.5", "r");
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
	cr_expect_eq(conf.nr_vfs, 2);
	cr_expect_str_eq(conf.vfs[1].plugin, "/usr/local/lib/vvbd/fixed-mac.so");
}
