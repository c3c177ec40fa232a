// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbd's counters and the JSON it writes of them. */
#include <criterion/criterion.h>
#include <errno.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vvbd/counters.h"

static json_object *written(struct counters *c)
{
	FILE *file = tmpfile();
	char text[4096];
	size_t len;

	cr_assert_eq(ftruncate(fileno(file), 2000), 0); /* what an earlier life left */
	cr_assert_eq(counters_write(c, fileno(file)), 0);
	rewind(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[len] = '\0';
	cr_assert_eq(text[len - 1], '\n');
	return json_tokener_parse(text);
}

static void is(json_object *value, const char *wanted)
{
	cr_assert_not_null(value, "not JSON");
	cr_expect_str_eq(json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN), wanted);
	json_object_put(value);
}

Test(user_counters, nothing_yet)
{
	struct counters c = {};

	is(written(&c), "{\"requests\":0,\"commands\":{},\"vfs\":{},\"values\":0,\"operations\":0,"
			"\"errors\":{\"unanswerable\":0,\"failed\":0,\"late\":0,\"refused\":0,"
			"\"unreachable\":0}}");
}

Test(user_counters, by_opcode_and_vf)
{
	static const struct vvb_reply command = { .action = VVB_REPLY_COMMAND },
				      direct = { .action = VVB_REPLY_DIRECT },
				      value = { .action = VVB_REPLY_VALUE },
				      deny = { .action = VVB_REPLY_DENY };
	struct counters c = { .late = 4, .refused = 5, .unreachable = 6 };

	cr_assert_eq(counters_add_vf(&c, 0x101), 0);
	cr_assert_eq(counters_add_vf(&c, 0x102), 0);
	cr_assert_eq(counters_add_vf(&c, 0x101), 0);
	counters_request(&c, 0x101, &command, 3);
	counters_request(&c, 0x101, &command, 3);
	counters_request(&c, 0x102, &command, 2);
	counters_request(&c, 0x102, &command, 0x7002); /* no such command, so no 2 */
	counters_request(&c, 0x102, &direct, 0);
	counters_request(&c, 0x102, &value, 0);
	counters_request(&c, 0x102, &deny, 0);
	counters_request(&c, 0x102, &direct, -5);
	counters_request(&c, 0x999, &command, 5);
	counters_operation(&c, 0x101);
	counters_operation(&c, 0x999);
	is(written(&c),
	   "{\"requests\":11,\"commands\":{\"2\":1,\"3\":2,\"5\":1},"
	   "\"vfs\":{\"0000:01:00.1\":{\"requests\":3},\"0000:01:00.2\":{\"requests\":6}},\"values\":1,\"operations\":2,"
	   "\"errors\":{\"unanswerable\":1,\"failed\":1,\"late\":4,\"refused\":5,\"unreachable\":6}}");
	free(c.vfs);
}

/* As where a disk is full: no half of it. */
Test(user_counters, no_room_for_all_of_it)
{
	struct rlimit limit = { 60, RLIM_INFINITY };
	FILE *file = tmpfile();
	struct counters c = {};
	struct stat st;

	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(counters_write(&c, fileno(file)), 0);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	c.requests = 1000000;
	cr_expect_eq(counters_write(&c, fileno(file)), -ENOSPC);
	cr_assert_eq(fstat(fileno(file), &st), 0);
	cr_expect_eq(st.st_size, 0);
	fclose(file);
}

Test(user_counters, a_file_that_cannot_be_written)
{
	struct counters c = {};

	cr_expect_lt(counters_write(&c, -1), 0);
}
