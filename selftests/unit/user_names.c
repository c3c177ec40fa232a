// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "libvvb/vvb.h"

/* Each number below @nr has a name of its own, the next has none. */
static void all_named(const char *(*name)(unsigned int), unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		cr_expect_str_neq(name(i), "?", "%u", i);
		for (unsigned int j = 0; j < i; j++)
			cr_expect_str_neq(name(i), name(j), "%u and %u", i, j);
	}
	cr_expect_str_eq(name(nr), "?");
	cr_expect_str_eq(name(~0u), "?");
}

Test(user_names, complete)
{
	all_named(vvb_field_name, VVB_FIELD_NR);
	all_named(vvb_verdict_name, VVB_VERDICT_NR);
	all_named(vvb_handler_name, VVB_HANDLER_NR);
	all_named(vvb_event_name, VVB_EV_NR);
	all_named(vvb_opcode_name, 7);
	all_named(vvb_ejection_kind, VVB_EJECTED_BY_OPERATOR + 1);
	all_named(vvb_ejection_reason, VVB_EJECTED_BY_OPERATOR + 1);
}

Test(user_names, fields_of_the_configuration)
{
	cr_expect_str_eq(vvb_config_field_name(1, 0), "mac");
	cr_expect_str_eq(vvb_config_field_name(1, 5), "mac");
	cr_expect_str_eq(vvb_config_field_name(1, 10), "mtu");
	cr_expect_str_eq(vvb_config_field_name(1, 23), "supported_hash_types");
	cr_expect_str_eq(vvb_config_field_name(1, 24), "?");
	cr_expect_str_eq(vvb_config_field_name(2, 7), "capacity");
	cr_expect_str_eq(vvb_config_field_name(2, 95), "unused2");
	cr_expect_str_eq(vvb_config_field_name(3, 0), "cols");
	cr_expect_str_eq(vvb_config_field_name(4, 0), "?", "random numbers have no configuration");
	cr_expect_str_eq(vvb_config_field_name(8, 32), "max_lun");
	cr_expect_str_eq(vvb_config_field_name(9, 2), "tag");
	cr_expect_str_eq(vvb_config_field_name(0, 0), "?");
	cr_expect_str_eq(vvb_config_field_name(6, 0), "?");
	cr_expect_str_eq(vvb_config_field_name(257, 0), "?");
	cr_expect_str_eq(vvb_config_field_name(1, 256), "?");
	cr_expect_str_eq(vvb_config_field_name(~0u, ~0u), "?");
}

/* What the UAPI header calls PREFIX_SOME_THING = n is "some_thing" to a person. */
static unsigned int as_in_the_header(const char *prefix, const char *(*name)(unsigned int))
{
	FILE *header = fopen(USER_DIR "/../include/uapi/vvb.h", "r");
	char line[256], format[64], word[64];
	unsigned int number, seen = 0;

	cr_assert_not_null(header);
	snprintf(format, sizeof(format), " %s_%%63[A-Z0-9_] = %%u", prefix);
	while (fgets(line, sizeof(line), header)) {
		if (sscanf(line, format, word, &number) != 2 || !strcmp(word, "NR"))
			continue;
		for (char *c = word; *c; c++)
			*c = (char)tolower((unsigned char)*c);
		cr_expect_str_eq(name(number), word);
		seen++;
	}
	fclose(header);
	return seen;
}

Test(user_names, those_of_the_header)
{
	cr_expect_eq(as_in_the_header("VVB_EV", vvb_event_name), VVB_EV_NR);
	cr_expect_eq(as_in_the_header("VVB_FIELD", vvb_field_name), VVB_FIELD_NR);
	cr_expect_eq(as_in_the_header("VVB_HANDLER", vvb_handler_name), VVB_HANDLER_NR);
}

Test(user_names, mean)
{
	const struct vvb_field_stats never = {}, some = { .timed = 4, .total_ns = 10 };

	cr_expect_eq(vvb_stats_mean_ns(&never), 0);
	cr_expect_eq(vvb_stats_mean_ns(&some), 2);
}
