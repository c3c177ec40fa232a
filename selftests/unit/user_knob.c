// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What of knobs needs no kernel: declarations that are checked, and values as text. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "libvvb/knob.h"
#include "vvbctl/vvbctl.h"

static const struct vvb_knob rate = {
	.name = "rate",
	.map = "knobs",
	.unit = "1/s",
	.help = "how many",
	.size = 4,
	.min = 1,
	.max = 100,
	.default_value = 10,
};

static const struct vvb_knob on = {
	.name = "on",
	.map = "knobs",
	.type = VVB_KNOB_SWITCH,
	.size = 1,
	.max = 1,
};

static const struct vvb_knob bits = {
	.name = "bits",
	.map = "knobs",
	.type = VVB_KNOB_BITS,
	.size = 8,
	.max = ~0ull,
};

static int checked(struct vvb_knob knob)
{
	return vvb_knobs_check(&knob, sizeof(knob));
}

Test(user_knob, declarations)
{
	const struct vvb_knob both[] = { rate, on };

	cr_expect_eq(vvb_knobs_check(both, sizeof(both)), 2);
	cr_expect_eq(vvb_knobs_check(both, sizeof(both) - 1), -EPROTO);
	cr_expect_eq(vvb_knobs_check(both, 0), -EPROTO);
	cr_expect_eq(checked(bits), 1);
}

/* One thing wrong with a declaration that is right but for that; and that is said. */
#define REFUSED(change, says)                                                               \
	do {                                                                                \
		struct vvb_knob k = rate;                                                   \
                                                                                            \
		change;                                                                     \
		cr_expect_eq(checked(k), -EPROTO, #change);                                 \
		cr_expect(vvb_knob_fault(&k) && strstr(vvb_knob_fault(&k), says), #change); \
	} while (0)

Test(user_knob, declarations_that_make_no_sense)
{
	cr_expect_null(vvb_knob_fault(&rate));
	REFUSED(k.name[0] = '\0', "its name");
	REFUSED(memset(k.name, 'x', sizeof(k.name)), "its name");
	REFUSED(k.name[1] = '\n', "its name");
	REFUSED(k.map[0] = '\0', "its map");
	REFUSED(strcpy(k.map, "../../x"), "its map");
	REFUSED(memset(k.unit, 'x', sizeof(k.unit)), "its unit");
	REFUSED(k.help[0] = '\033', "help");
	REFUSED(k.type = 3, "type");
	REFUSED(k.size = 0, "bytes");
	REFUSED(k.size = 3, "bytes");
	REFUSED(k.size = 16, "bytes");
	REFUSED(k.default_value = 0, "default value");
	REFUSED(k.default_value = 101, "default value");
	REFUSED((k.size = 1, k.max = 256), "does not fit");
}

static int parse(const struct vvb_knob *knob, const char *text, unsigned long long wanted)
{
	__u64 value = 77;
	int err = vvb_knob_parse(knob, text, &value);

	cr_expect_eq(value, err ? 77 : wanted, "%s: %llu", text, (unsigned long long)value);
	return err;
}

Test(user_knob, values_from_text)
{
	cr_expect_eq(parse(&rate, "1", 1), 0);
	cr_expect_eq(parse(&rate, "100", 100), 0);
	cr_expect_eq(parse(&rate, "0x10", 16), 0);
	cr_expect_eq(parse(&rate, "0", 0), -ERANGE);
	cr_expect_eq(parse(&rate, "101", 0), -ERANGE);
	cr_expect_eq(parse(&rate, "99999999999999999999999", 0), -ERANGE);
	cr_expect_eq(parse(&rate, "", 0), -EINVAL);
	cr_expect_eq(parse(&rate, "-1", 0), -EINVAL);
	cr_expect_eq(parse(&rate, " 1", 0), -EINVAL);
	cr_expect_eq(parse(&rate, "1s", 0), -EINVAL);
	cr_expect_eq(parse(&rate, "on", 0), -EINVAL);
	cr_expect_eq(parse(&on, "on", 1), 0);
	cr_expect_eq(parse(&on, "off", 0), 0);
	cr_expect_eq(parse(&on, "1", 1), 0);
	cr_expect_eq(parse(&on, "2", 0), -ERANGE);
	cr_expect_eq(parse(&bits, "0xffffffffffffffff", ~0ull), 0);
}

Test(user_knob, values_to_text)
{
	char text[VVB_KNOB_TEXT_LEN];

	vvb_knob_format(&rate, 100, text);
	cr_expect_str_eq(text, "100");
	vvb_knob_format(&on, 1, text);
	cr_expect_str_eq(text, "on");
	vvb_knob_format(&on, 0, text);
	cr_expect_str_eq(text, "off");
	vvb_knob_format(&bits, ~0ull, text);
	cr_expect_str_eq(text, "0xffffffffffffffff");
}

Test(user_knob, find)
{
	struct vvb_knob both[] = { rate, on };

	cr_expect_eq(vvb_knob_find(both, 2, "on"), &both[1]);
	cr_expect_null(vvb_knob_find(both, 2, "o"));
	cr_expect_null(vvb_knob_find(both, 0, "rate"));
}

Test(user_knob, json)
{
	json_object *value = knob_json("mine", &rate, 20);

	cr_expect_str_eq(json_object_to_json_string_ext(
				 value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
			 "{\"policy\":\"mine\",\"name\":\"rate\",\"type\":\"number\",\"value\":20,"
			 "\"unit\":\"1/s\",\"min\":1,\"max\":100,\"default\":10,\"map\":\"knobs\","
			 "\"map_offset\":0,\"map_size\":4,\"help\":\"how many\"}");
	json_object_put(value);
	value = knob_json("mine", &on, 1);
	cr_expect(json_object_is_type(json_object_object_get(value, "value"), json_type_boolean));
	json_object_put(value);
}

Test(user_knob, nothing_loaded, .init = fake_tree)
{
	struct vvb_knob *knobs;
	__u64 value;

	cr_expect_eq(vvb_knobs("split", &knobs), -ENOENT);
	cr_expect_eq(vvb_knobs("../split", &knobs), -EINVAL);
	cr_expect_eq(vvb_knob_set("split", "x", 0x101, 1), -ENOENT);
	cr_expect_eq(vvb_knob_get("../split", &rate, 0x101, &value), -EINVAL);
	fake_file("", "bpf/vvb/split/link");
	cr_expect_eq(vvb_knobs("split", &knobs), 0, "it has none");
	cr_expect_null(knobs);
}

Test(user_knob, event_json)
{
	struct vvb_access_event e = { .time_ns = 5,
				      .vf = 0x101,
				      .seq = 3,
				      .value = 7,
				      .field = VVB_FIELD_DEVICE_STATUS,
				      .offset = 18,
				      .width = 1,
				      .write = 1,
				      .pid = 12,
				      .tid = 13,
				      .lost = 1 };
	json_object *value;

	memset(e.comm, 'x', sizeof(e.comm)); /* not closed with a zero */
	value = event_json(&e);
	cr_expect_str_eq(json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN),
			 "{\"time_ns\":5,\"bdf\":\"0000:01:00.1\",\"seq\":3,"
			 "\"direction\":\"write\",\"register\":\"device_status\",\"offset\":18,"
			 "\"width\":1,\"value\":\"0x07\",\"pid\":12,\"tid\":13,"
			 "\"comm\":\"xxxxxxxxxxxxxxxx\",\"lost\":1}");
	json_object_put(value);
	e = (struct vvb_access_event) { .done = 1, .error = -5, .verdict = VVB_PUNT };
	value = event_json(&e);
	cr_expect_str_eq(text_of(value, "verdict"), "punt");
	cr_expect_str_eq(text_of(value, "error"), "-5");
	cr_expect_null(json_object_object_get(value, "pid"));
	json_object_put(value);
}
