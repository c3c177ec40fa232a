// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What of the policy loader needs no kernel: names, pins, listing, and how it fails. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake.h"
#include "libvvb/staging.h"
#include "libvvb/pins.h"

static char log_text[4096];

static int load(const char *file, const char *name)
{
	memset(log_text, 'x', sizeof(log_text));
	return vvb_policy_load(file, name, NULL, log_text, sizeof(log_text));
}

TestSuite(user_policy, .init = fake_tree);

Test(user_policy, names)
{
	cr_expect(vvb_pins_name_ok("split"));
	cr_expect(vvb_pins_name_ok("mask-features_2"));
	cr_expect(vvb_pins_name_ok("abcdefghijklmno"));
	cr_expect_not(vvb_pins_name_ok("abcdefghijklmnop"));
	cr_expect_not(vvb_pins_name_ok(""));
	cr_expect_not(vvb_pins_name_ok("none"));
	cr_expect_not(vvb_pins_name_ok("Split"));
	cr_expect_not(vvb_pins_name_ok("a/b"));
	cr_expect_not(vvb_pins_name_ok(".."));
	cr_expect_not(vvb_pins_name_ok("a b"));
}

Test(user_policy, pins_come_and_go)
{
	int lock = vvb_pins_lock(true);

	cr_assert_geq(lock, 0);
	cr_assert_eq(vvb_pins_create("split"), 0);
	fake_file("", "bpf/vvb/split/maps/some_map");
	fake_file("", "bpf/vvb/split/link");
	fake_file("", "bpf/vvb/split/next/some_map");
	cr_expect_eq(vvb_staging_end("split"), 0, "not all was there when it was killed");
	cr_expect_null(fake_read("bpf/vvb/split/next/some_map"));
	vvb_pins_tidy("split");
	cr_expect_not_null(fake_read("bpf/vvb/split/link"), "what is there stays");
	cr_expect_not_null(fake_read("bpf/vvb/split/maps/some_map"));
	cr_assert_eq(vvb_pins_remove("split"), 0);
	cr_expect_null(fake_read("bpf/vvb/split/link"));
	cr_expect_null(fake_read("bpf/vvb/split/maps/some_map"));
	cr_expect_eq(vvb_pins_remove("split"), -ENOENT);
	cr_expect_eq(vvb_pins_create("split"), 0);
	vvb_pins_tidy("split");
	cr_expect_eq(vvb_pins_remove("split"), -ENOENT, "empty directories are nothing");
	cr_expect_eq(vvb_pins_create("../split"), -EINVAL);
	cr_expect_eq(vvb_pins_remove("../vvb"), -EINVAL);
	close(lock);
}

/* As an update leaves it that has put its program in force. */
static void stage(void)
{
	fake_file("old", "bpf/vvb/split/knobs");
	fake_file("old", "bpf/vvb/split/maps/same");
	fake_file("old", "bpf/vvb/split/maps/gone");
	fake_file("new", "bpf/vvb/split/next/same");
	fake_file("new", "bpf/vvb/split/next/more");
	fake_file("new", "bpf/vvb/split/next/the-knobs");
	fake_file("new", "bpf/vvb/split/next/the-hook");
}

static void expect_settled(void)
{
	cr_expect_eq(vvb_staging_commit("split"), 0);
	cr_expect_str_eq(fake_read("bpf/vvb/split/knobs"), "new");
	cr_expect_str_eq(fake_read("bpf/vvb/split/maps/same"), "new");
	cr_expect_str_eq(fake_read("bpf/vvb/split/maps/more"), "new");
	cr_expect_null(fake_read("bpf/vvb/split/maps/gone"));
	cr_expect_null(fake_read("bpf/vvb/split/maps/the-hook"));
}

Test(user_policy, pins_get_their_places_even_twice)
{
	cr_assert_eq(system("mkdir $VVB_BPFFS/vvb"), 0);
	cr_assert_eq(vvb_pins_create("split"), 0);
	stage();
	fake_file("cut", "bpf/vvb/split/next/the-copy");
	expect_settled();
	expect_settled();
	cr_assert_eq(system("rm $VVB_BPFFS/vvb/split/next/the-knobs"), 0);
	cr_expect_eq(vvb_staging_commit("split"), 0);
	cr_expect_null(fake_read("bpf/vvb/split/knobs"), "it has none");
}

/* What is pinned as the hook is none, so nobody knows whether it is in force. */
Test(user_policy, what_waits_is_not_dropped_on_an_error)
{
	struct vvb_knob *knobs;

	cr_assert_eq(system("mkdir $VVB_BPFFS/vvb"), 0);
	cr_assert_eq(vvb_pins_create("split"), 0);
	stage();
	cr_expect_lt(vvb_staging_end("split"), 0);
	cr_expect_lt(vvb_knobs("split", &knobs), 0);
	cr_expect_lt(vvb_knob_set("split", "x", 0x101, 1), 0);
	cr_expect_str_eq(fake_read("bpf/vvb/split/next/more"), "new");
}

Test(user_policy, a_lock_for_one)
{
	int lock = vvb_pins_lock(false), other;

	cr_expect_eq(lock, -ENOENT);
	lock = vvb_pins_lock(true);
	cr_assert_geq(lock, 0);
	close(lock);
	lock = vvb_pins_lock(false);
	cr_assert_geq(lock, 0);
	/* somebody removes the directory, and the lock with it; the next makes both anew */
	cr_assert_eq(system("rmdir $VVB_BPFFS/vvb"), 0);
	other = vvb_pins_lock(true);
	cr_assert_geq(other, 0);
	close(lock);
	cr_expect_eq(vvb_pins_lock(false), -ETIMEDOUT, "ends, although the other does not");
	close(other);
}

Test(user_policy, no_pins_where_others_may_remove_them)
{
	int lock = vvb_pins_lock(true);

	cr_assert_geq(lock, 0);
	close(lock);
	cr_assert_eq(system("chmod 770 $VVB_BPFFS/vvb"), 0);
	cr_expect_eq(vvb_pins_lock(true), -EPERM);
	cr_expect_eq(vvb_policy_unload("split", log_text, sizeof(log_text)), -EPERM);
	cr_expect(strstr(log_text, "others could remove"));
	cr_assert_eq(system("mv $VVB_BPFFS/vvb $VVB_BPFFS/mine && chmod 700 $VVB_BPFFS/mine && "
			    "ln -s mine $VVB_BPFFS/vvb"),
		     0);
	cr_expect_lt(vvb_pins_lock(true), 0, "a link to what is safe now");
}

Test(user_policy, load_without_the_module)
{
	cr_expect_eq(load("x.bpf.o", NULL), -ENOENT);
	cr_expect_str_eq(log_text,
			 "module virtio_vfio_bpf is not loaded: modprobe virtio_vfio_bpf\n");
}

Test(user_policy, load_without_bpf)
{
	fake_driver("unavailable: no BTF\n", "");
	cr_expect_eq(load("x.bpf.o", NULL), -EOPNOTSUPP);
	cr_expect(strstr(log_text, "unavailable: no BTF"));
}

Test(user_policy, load_what_is_no_object)
{
	fake_driver("available\n", "");
	cr_expect_eq(load("/no/such/file", NULL), -ENOENT);
	cr_expect(strstr(log_text,
			 "elf: failed to open /no/such/file: No such file or directory\n\n") ==
		  log_text);
	cr_expect_eq(load("/proc/self/cmdline", NULL), -EINVAL, "an errno, and none of libbpf's");
	cr_expect_str_eq(log_text,
			 "elf: '/proc/self/cmdline' is not a proper ELF object\n\n"
			 "libbpf: elf: '/proc/self/cmdline' is not a proper ELF object\n");
	cr_expect_lt(load("/proc/self/exe", NULL), 0, "an object, but not of BPF");
	cr_expect_null(fake_read("bpf/vvb"));
}

Test(user_policy, load_under_an_impossible_name)
{
	fake_driver("available\n", "");
	cr_expect_eq(load("x.bpf.o", "none"), -EINVAL);
	cr_expect_eq(load("x.bpf.o", "../../etc"), -EINVAL);
	cr_expect(strstr(log_text, "the name '../../etc': it has 1 to 15 characters"), "%s",
		  log_text);
}

Test(user_policy, no_log_wanted)
{
	fake_driver("available\n", "");
	cr_expect_eq(vvb_policy_load("/no/such/file", NULL, NULL, NULL, 0), -ENOENT);
}

/* Why comes first, and of what libbpf says the end is kept. */
Test(user_policy, a_log_too_small)
{
	char small[16], more[64];

	fake_driver("available\n", "");
	cr_expect_eq(vvb_policy_load("x", "none", NULL, small, sizeof(small)), -EINVAL);
	cr_expect_str_eq(small, "the name 'none'");
	cr_expect_eq(vvb_policy_load("/nosuch", NULL, NULL, more, sizeof(more)), -ENOENT);
	cr_expect_str_eq(more,
			 "elf: failed to open /nosuch: No such file or directory\n\nectory\n");
	for (size_t size = 1; size < sizeof(more); size++) {
		memset(more, 'x', sizeof(more));
		vvb_policy_load("/nosuch", NULL, NULL, more, size);
		cr_expect_lt(strnlen(more, sizeof(more)), size);
	}
}

Test(user_policy, list)
{
	struct vvb_policy *policies;

	cr_expect_eq(vvb_policy_list(&policies), -ENOENT);
	fake_driver("available\n", "upstream 0\nsplit 12\n");
	cr_assert_geq(vvb_policy_list(&policies), 2);
	cr_expect_str_eq(policies[0].name, "upstream");
	cr_expect_eq(policies[0].users, 0);
	cr_expect(policies[0].registered);
	cr_expect_not(policies[0].guard);
	cr_expect_str_eq(policies[0].pin, "");
	cr_expect_str_eq(policies[1].name, "split");
	cr_expect_eq(policies[1].users, 12);
	free(policies);
}

Test(user_policy, unload_what_is_not_there)
{
	cr_expect_eq(vvb_policy_unload("split", NULL, 0), -ENOENT);
	cr_expect_eq(vvb_policy_unload("../split", NULL, 0), -EINVAL);
}
