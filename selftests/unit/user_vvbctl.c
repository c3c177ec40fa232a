// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbctl from its command line to what it prints, over a sysfs of plain files. */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake.h"
#include "libvvb/paths.h"
#include "vvbctl/vvbctl.h"

#define ONE "0000:01:00.1"

static char *out, *err;

/* Run it with these words and this standard output; what it says is wrong is in @err. */
static int run_to(FILE *to, char **argv)
{
	FILE *real_out = stdout, *real_err = stderr;
	size_t len;
	int argc = 0, ret;

	while (argv[argc])
		argc++;
	free(err);
	cr_assert_not_null(to);
	stdout = to;
	stderr = open_memstream(&err, &len);
	ret = vvbctl(argc, argv);
	fclose(stdout);
	fclose(stderr);
	stdout = real_out;
	stderr = real_err;
	return ret;
}

/* What it printed is in @out. */
static int run(char **argv)
{
	size_t len;

	free(out);
	return run_to(open_memstream(&out, &len), argv);
}

#define RUN(...) run((char *[]) { "vvbctl", ##__VA_ARGS__, NULL })

static void start(void)
{
	fake_tree();
	fake_driver("available\n", "split 1\n");
	fake_vf("0000:01:00.2", 0x102, 2);
	fake_vf(ONE, 0x101, 1);
	fake_attribute(ONE, "policy", "split\n");
	fake_attribute(ONE, "policy_state", "active\n");
	fake_attribute(ONE, "daemon", "live\n");
}

static void end(void)
{
	free(out);
	free(err);
}

TestSuite(user_vvbctl, .init = start, .fini = end);

static void says(const char *text, const char *wanted)
{
	cr_expect(strstr(text, wanted), "wanted '%s' in '%s'", wanted, text);
}

Test(user_vvbctl, help_at_each_level)
{
	cr_expect_eq(RUN(), DONE);
	says(out, "OBJECT: vf, policy, stats, daemon");
	cr_expect_eq(RUN("help"), DONE);
	says(out, "vvbctl policy load FILE [name NAME]");
	cr_expect_eq(RUN("--help"), DONE);
	cr_expect_eq(RUN("vf", "help"), DONE);
	says(out, "vvbctl vf show|list [VF]");
	cr_expect_null(strstr(out, "policy load"));
	cr_expect_eq(RUN("stats", "help"), DONE);
	says(out, "[--vf VF] [--reset]");
	cr_expect_eq(RUN("policy", "load", "help"), DONE);
	cr_expect_eq(RUN("help", "vf"), DONE);
	says(out, "vvbctl vf show|list [VF]");
	cr_expect_null(strstr(out, "policy load"));
	cr_expect_eq(RUN("-j", "daemon", "help"), DONE);
	cr_expect_str_eq(out, "{\"usage\":[\"vvbctl daemon status|show [VF]\"]}\n");
}

Test(user_vvbctl, unknown_words)
{
	cr_expect_eq(RUN("frob"), USAGE);
	says(err,
	     "what is 'frob'? One of: vf, policy, stats, daemon, apply, save, check, holders, version, help");
	cr_expect_eq(RUN("vf", "frob"), USAGE);
	says(err, "what is 'frob'? One of: show|list, set, bind, unbind");
	cr_expect_eq(RUN("policy", "l"), USAGE);
	cr_expect_str_eq(err, "vvbctl: what is 'l'? More than one begins so: show|list, load\n");
	cr_expect_eq(RUN("policy", "se"), USAGE);
	cr_expect_str_eq(err, "vvbctl: what is 'se'? More than one begins so: select, set\n");
	cr_expect_eq(RUN("v"), USAGE);
	cr_expect_str_eq(err, "vvbctl: what is 'v'? More than one begins so: vf, version\n");
	cr_expect_eq(RUN("help", "v"), USAGE);
	says(err, "More than one begins so: vf, version\n");
	cr_expect_eq(RUN("stats", "frob"), USAGE);
	says(err, "what is 'frob'? One of: show|list; [--vf VF] [--reset]\n");
	cr_expect_eq(RUN("daemon", "frob"), USAGE);
	says(err, "what is 'frob'? One of: status|show\n");
	cr_expect_eq(RUN("stats", ONE, "--vf", ONE), USAGE);
	says(err, "stats show takes one VF, be it by --vf\n");
	cr_expect_eq(RUN("version", "frob"), USAGE);
	says(err, "what is 'frob'? version takes: no more");
	cr_expect_eq(RUN("help", "frob"), USAGE);
	says(err, "what is 'frob'? One of: vf, policy,");
	cr_expect_eq(RUN("help", "policy", "frob"), USAGE);
	says(err, "what is 'frob'? help takes: no more");
	cr_expect_eq(RUN("vf", "show", "frob"), USAGE);
	says(err, "what is 'frob'? A VF is named by its PCI address");
	cr_expect_eq(RUN("vf", "show", ONE, "frob"), USAGE);
	says(err, "what is 'frob'?");
	cr_expect_eq(RUN("policy", "select", ONE), USAGE);
	says(err, "wants: VF {NAME|none}");
	cr_expect_eq(RUN("policy", "load", "x", "frob", "y"), USAGE);
	says(err, "what is 'frob'?");
	cr_expect_eq(RUN("--frob"), USAGE);
	says(err, "what is '--frob'?");
	cr_expect_eq(RUN("vf", "--reset"), USAGE);
	says(err, "--reset is no option of vf");
	cr_expect_str_eq(out, "");
}

/* What begins with a '-' and is no option, be it a value or none at all. */
Test(user_vvbctl, words_that_look_like_options)
{
	cr_expect_eq(RUN("vf", "set", ONE, "punt_timeout_ms", "-1"), USAGE);
	says(err,
	     "what is '-1'? Options: -j, -p, -v, -h, -V, --vf VF, --reset, --dry-run. A value like that comes "
	     "behind --\n");
	cr_expect_eq(RUN("vf", "set", ONE, "policy_budget_us", "--", "-1"), DONE,
		     "the kernel's to refuse");
	cr_expect_eq(RUN("policy", "eject", ONE, "-oops"), USAGE);
	cr_expect_str_eq(out, "", "the letter p of it is none");
	says(err, "what is '-o'?");
	cr_expect_eq(RUN("policy", "eject", ONE, "--", "-oops"), DONE);
	cr_expect_str_eq(fake_read("sys/bus/pci/devices/" ONE "/vvb/eject"), "-oops");
	cr_expect_eq(RUN("--frob", "vf"), USAGE);
	says(err, "what is '--frob'?");
	cr_expect_eq(RUN("--json=1", "vf"), USAGE);
	says(err, "what is '--json=1'?");
	cr_expect_eq(RUN("--json", "-x", "vf"), USAGE);
	says(out, "what is '-x'?");
	cr_expect_eq(RUN("stats", "--vf"), USAGE);
	says(err, "--vf wants a VF\n");
}

Test(user_vvbctl, errors_as_json)
{
	cr_expect_eq(RUN("-j", "frob"), USAGE);
	cr_expect_str_eq(
		out, "{\"error\":\"what is 'frob'? One of: "
		     "vf, policy, stats, daemon, apply, save, check, holders, version, help\"}\n");
	cr_expect_eq(RUN("-j", "vf", "show", "0000:09:00.1"), FAILED);
	cr_expect_str_eq(out, "{\"error\":\"0000:09:00.1: there is no such PCI device\"}\n");
	cr_expect_str_eq(err, "");
	cr_expect_eq(RUN("stats", "--pretty"), FAILED);
	says(out, "\"error\": \"/dev/vvb: Is a directory\"");
	cr_expect_eq(RUN("-j", "policy", "load", "/no/such/file"), FAILED);
	says(out,
	     "\"error\":\"load /no/such/file: elf: failed to open /no/such/file: No such file or "
	     "directory\",\"log\":\"libbpf: ");
}

Test(user_vvbctl, vf_show)
{
	cr_assert_eq(RUN("vf"), DONE);
	says(out, "0000:01:00.1  member 1  interface closed  legacy auto");
	says(out, "capable of legacy=only\n    owner pf (auto)\n    interrupt closed  intx auto\n");
	says(out, "policy split (active)  shadow none  daemon live");
	says(out, "punt_timeout_ms 250  admin_timeout_ms 0  budget 1000 us");
	says(out, "id 258  map key hex 02 01 00 00 00 00 00 00\n");
	cr_assert_eq(RUN("vf", "list", "01:00.1"), DONE);
	cr_expect_null(strstr(out, "0000:01:00.2"));
	fake_attribute(ONE, "stalled", "1\n");
	cr_assert_eq(RUN("vf", "show", ONE), DONE);
	says(out, "daemon_uid 0  STALLED\n");
	cr_assert_eq(RUN("v", "s"), USAGE, "vf and version, show and set");
	cr_assert_eq(RUN("vf", "sh"), DONE);
}

Test(user_vvbctl, vf_json)
{
	cr_assert_eq(RUN("-j", "vf", "show", ONE), DONE);
	cr_expect_str_eq(
		out,
		"[{\"bdf\":\"0000:01:00.1\",\"id\":257,\"member\":1,"
		"\"interface\":\"closed\",\"legacy\":\"auto\","
		"\"capable\":\"only\",\"owner\":\"auto\","
		"\"owner_active\":\"pf\",\"queue_size_max\":0,\"intx\":\"auto\","
		"\"interrupt\":\"closed\",\"policy\":\"split\","
		"\"policy_state\":\"active\",\"policy_required\":\"no\","
		"\"shadow\":\"none\","
		"\"policy_budget_us\":1000,\"daemon\":\"live\",\"daemon_uid\":0,"
		"\"on_daemon_loss\":\"kernel\",\"punt_timeout_ms\":250,"
		"\"admin_timeout_ms\":0,\"stalled\":0,\"pf_stalled\":0,"
		"\"notify\":\"closed\",\"kicks\":{\"ioeventfds\":0,\"by_vmm\":0,"
		"\"by_ioeventfd\":0,\"by_thread\":0},\"map_key\":\"01 01 00 00 00 00 00 00\"}]\n");
	cr_assert_eq(RUN("vf", "-p"), DONE);
	says(out, "    \"bdf\": \"0000:01:00.2\",\n");
}

Test(user_vvbctl, ways_of_kicks)
{
	fake_attribute(ONE, "ioeventfds", "3\n");
	fake_attribute(ONE, "kicks_by_vmm", "4\n");
	fake_attribute(ONE, "kicks_by_ioeventfd", "5000000000\n");
	fake_attribute(ONE, "kicks_by_thread", "6\n");
	cr_assert_eq(RUN("vf", "show", ONE), DONE);
	says(out, "    kicks by VMM 4, by ioeventfd 5000000000, by thread 6  ioeventfds 3\n");
	cr_assert_eq(RUN("-j", "vf", "show", ONE), DONE);
	says(out,
	     "\"kicks\":{\"ioeventfds\":3,\"by_vmm\":4,\"by_ioeventfd\":5000000000,\"by_thread\":6}");
}

/* What a function that is its own owner has agreed on with its guest. */
Test(user_vvbctl, features_of_its_own_owner)
{
	fake_attribute(ONE, "owner_active", "self\n");
	fake_attribute(ONE, "features_offered", "0x330bf8024\n");
	fake_attribute(ONE, "features_chosen", "0x8020\n");
	fake_attribute(ONE, "features_taken", "0x300008020\n");
	cr_assert_eq(RUN("vf", "show", ONE), DONE);
	says(out, "    owner self (auto)  features offered 0x330bf8024  guest 0x8020  "
		  "taken 0x300008020\n");
	cr_assert_eq(RUN("-j", "vf", "show", ONE), DONE);
	says(out, "\"features\":{\"offered\":\"0x330bf8024\",\"guest\":\"0x8020\","
		  "\"taken\":\"0x300008020\"}");
}

Test(user_vvbctl, what_an_older_module_does_not_tell)
{
	fake_file("", "sys/bus/pci/drivers/virtio_vfio_bpf/0000:01:00.3");
	fake_attribute("0000:01:00.3", "legacy", "auto\n");
	cr_assert_eq(RUN("-j", "vf"), DONE);
	says(out, "\"bdf\":\"0000:01:00.2\"");
	says(out, "\"bdf\":\"0000:01:00.3\",\"id\":259,\"member\":0,\"interface\":null,"
		  "\"legacy\":\"auto\",\"capable\":null,\"owner\":null,\"owner_active\":null,"
		  "\"queue_size_max\":0,\"intx\":null,\"interrupt\":null,\"policy\":null,");
	cr_assert_eq(RUN("vf", "show", "01:00.3"), DONE);
	says(out, "interface -  legacy auto  notify -");
	says(out, "interrupt -  intx -");
}

/* Which driver has taken it: as a rule virtio_pci, on its own account. */
Test(user_vvbctl, bound_to_another_driver)
{
	fake_file("DRIVER=virtio-pci\nPCI_CLASS=20000\nPCI_ID=1AF4:1041\nPCI_SUBSYS_ID=1AF4:1100\n"
		  "PCI_SLOT_NAME=0000:09:00.2\n"
		  "MODALIAS=pci:v00001AF4d00001041sv00001AF4sd00001100bc02sc00i00\n",
		  "sys/bus/pci/devices/0000:09:00.2/uevent");
	cr_expect_eq(RUN("vf", "show", "09:00.2"), FAILED);
	says(err, "09:00.2: not bound to virtio_vfio_bpf, but to virtio-pci\n");
	cr_expect_eq(RUN("vf", "set", "09:00.2", "legacy", "only"), FAILED);
	says(err, "09:00.2: legacy only: not bound to virtio_vfio_bpf, but to virtio-pci\n");
	fake_file("PCI_CLASS=20000\n", "sys/bus/pci/devices/0000:09:00.2/uevent");
	cr_expect_eq(RUN("vf", "show", "09:00.2"), FAILED);
	says(err, "09:00.2: not bound to virtio_vfio_bpf: it has no driver\n");
	fake_file("", "sys/bus/pci/drivers/virtio_vfio_bpf/settings");
	cr_expect_eq(RUN("vf", "set", "09:00.2", "legacy", "only"), FAILED);
	says(err, "it has no driver; ");
	says(err, "/bus/pci/drivers/virtio_vfio_bpf/settings takes it now: ADDRESS NAME=VALUE\n");
	cr_expect_eq(RUN("policy", "select", "09:00.2", "split"), FAILED);
	says(err, " takes it now");
	cr_expect_eq(RUN("policy", "eject", "09:00.2"), FAILED);
	says(err, "vvbctl: 09:00.2: eject: not bound to virtio_vfio_bpf: it has no driver\n");
}

#define NAMES "A name has 1 to 15 characters out of a-z 0-9 _ -"

/* No policy is asked about a name that none can have. */
Test(user_vvbctl, names_that_are_none)
{
	static char *const names[] = { "split.bpf.o", "Split", "", "a-name-of-23-characters",
				       NULL };

	for (int i = 0; names[i]; i++) {
		cr_expect_eq(RUN("policy", "select", ONE, names[i]), USAGE);
		says(err, "'? " NAMES "; or none\n");
		says(err, names[i]);
		cr_expect_eq(RUN("vf", "set", ONE, "policy", names[i]), USAGE);
		says(err, NAMES "; or none\n");
		cr_expect_eq(RUN("policy", "shadow", ONE, names[i]), USAGE);
		says(err, NAMES "; or none\n");
		cr_expect_eq(RUN("policy", "set", ONE, "rate", "1", "of", names[i]), USAGE);
		says(err, NAMES ", and is not none\n");
		cr_expect_eq(RUN("policy", "unload", names[i]), USAGE);
		says(err, NAMES ", and is not none\n");
		cr_expect_eq(RUN("policy", "events", names[i]), USAGE);
		says(err, NAMES ", and is not none\n");
	}
	cr_expect_str_eq(fake_read("sys/bus/pci/devices/" ONE "/vvb/policy"), "split\n");
	cr_expect_eq(RUN("policy", "shadow", ONE, "none"), DONE);
	cr_expect_eq(RUN("policy", "unload", "none"), USAGE);
}

Test(user_vvbctl, set_and_select)
{
	cr_expect_eq(RUN("vf", "set", ONE, "legacy", "only"), DONE);
	cr_expect_eq(strncmp(fake_read("sys/bus/pci/devices/" ONE "/vvb/legacy"), "only", 4), 0);
	cr_expect_eq(RUN("-j", "policy", "select", ONE, "other"), DONE);
	cr_expect_str_eq(out, "{}\n");
	cr_expect_eq(strncmp(fake_read("sys/bus/pci/devices/" ONE "/vvb/policy"), "other", 5), 0);
	cr_expect_eq(RUN("vf", "set", ONE, "frob", "1"), USAGE);
	says(err,
	     "what is 'frob'? One of: policy_required, legacy, intx, owner, policy, shadow, policy_budget_us, "
	     "on_daemon_loss, punt_timeout_ms, admin_timeout_ms, queue_size_max, daemon_uid\n");
	cr_expect_eq(RUN("vf", "set", ONE, "eject", "x"), USAGE, "that is policy eject");
	says(err, "what is 'eject'? One of: policy_required, legacy,");
	cr_expect_str_eq(fake_read("sys/bus/pci/devices/" ONE "/vvb/eject"), "");
	cr_expect_eq(RUN("vf", "set", ONE, "legacy", ""), USAGE);
	says(err, "legacy: what is ''? auto, only or off\n");
	cr_expect_eq(RUN("vf", "set", ONE, "intx", ""), USAGE);
	says(err, "intx: what is ''? auto or off\n");
	cr_expect_eq(RUN("policy", "select", "0000:09:00.1", "split"), FAILED);
	says(err, "0000:09:00.1: policy split: there is no such PCI device");
	cr_expect_eq(RUN("vf", "set", ONE, "policy_budget_us", "5000"), DONE);
}

#define EIGHTY "01234567890123456789012345678901234567890123456789012345678901234567890123456789"

Test(user_vvbctl, eject_and_shadow)
{
	cr_expect_eq(RUN("policy", "eject", ONE, "it bores me"), DONE);
	cr_expect_str_eq(fake_read("sys/bus/pci/devices/" ONE "/vvb/eject"), "it bores me");
	fake_attribute(ONE, "eject", "");
	cr_expect_eq(RUN("-j", "policy", "eject", ONE), DONE);
	cr_expect_str_eq(fake_read("sys/bus/pci/devices/" ONE "/vvb/eject"), "no reason given");
	cr_expect_eq(RUN("policy", "shadow", ONE, "other"), DONE);
	cr_expect_eq(strncmp(fake_read("sys/bus/pci/devices/" ONE "/vvb/shadow"), "other", 5), 0);
	fake_attribute(ONE, "eject", "");
	cr_expect_eq(RUN("policy", "eject", ONE, ""), USAGE);
	says(err, "a reason of 1 to 79 bytes is wanted, not of 0\n");
	cr_expect_eq(RUN("policy", "eject", ONE, EIGHTY), USAGE);
	says(err, "a reason of 1 to 79 bytes is wanted, not of 80\n");
	cr_expect_str_eq(fake_read("sys/bus/pci/devices/" ONE "/vvb/eject"), "");
	cr_expect_eq(RUN("policy", "eject", ONE, EIGHTY + 1), DONE);
	cr_expect_eq(RUN("policy", "eject"), USAGE);
	says(err, "policy eject wants: VF [REASON]");
	cr_expect_eq(RUN("policy", "diff", "0000:09:00.1"), FAILED);
	says(err, "0000:09:00.1: there is no such PCI device");
	cr_expect_eq(RUN("-j", "policy", "show", ONE), FAILED);
	cr_expect_str_eq(out, "{\"error\":\"/dev/vvb: Is a directory\"}\n");
}

Test(user_vvbctl, policy_list)
{
	cr_assert_eq(RUN("policy"), DONE);
	says(out, "name   kind    registered  users  pinned\n"
		  "split  policy  yes             1  -\n");
	cr_assert_eq(RUN("-j", "policy", "list"), DONE);
	says(out, "{\"name\":\"split\",\"kind\":\"policy\",\"registered\":true,\"users\":1");
	cr_expect_eq(RUN("policy", "unload", "split"), FAILED);
	says(err, "split: loaded by another tool, and no pin of it is to be found\n");
	cr_expect_eq(RUN("policy", "unload", "nosuch"), FAILED);
	says(err, "nosuch: nothing is pinned under that name\n");
}

Test(user_vvbctl, guard_json)
{
	struct vvb_policy guard = { .guard = true,
				    .registered = true,
				    .link = 12,
				    .name = "guard_split",
				    .pin = "/sys/fs/bpf/vvb_guard" };
	json_object *value = policy_json(&guard);

	cr_expect_str_eq(json_object_to_json_string_ext(
				 value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
			 "{\"name\":\"guard_split\",\"kind\":\"guard\",\"registered\":true,"
			 "\"link\":12,\"pinned\":\"/sys/fs/bpf/vvb_guard\"}");
	json_object_put(value);
}

/* With stdout in memory: what @text prints of @value. */
static void print(json_object *value, void (*text)(json_object *value))
{
	FILE *real_out = stdout;
	size_t len;

	free(out);
	stdout = open_memstream(&out, &len);
	text(value);
	fclose(stdout);
	stdout = real_out;
}

static const struct vvb_policy listed[] = {
	{ .name = "split", .registered = true },
	{ .name = "new", .guard = true, .registered = true, .link = 9, .asked = 1 },
	{ .name = "old", .guard = true, .registered = true, .link = 4, .asked = 2 },
};

/* Several guards: one is asked after the other. */
Test(user_vvbctl, the_order_of_guards)
{
	json_object *list = policies_json(listed, 3, true), *loaded;

	says(json_object_to_json_string_ext(list, JSON_C_TO_STRING_PLAIN),
	     "\"name\":\"old\",\"kind\":\"guard\",\"registered\":true,\"link\":4,\"asked\":2}]");
	print(list, policies_text);
	says(out, "\nguards are asked in this order, until one decides\n");
	json_object_put(list);
	list = policies_json(listed, 2, true);
	print(list, policies_text);
	cr_expect_null(strstr(out, "order"), "of one there is none");
	json_object_put(list);
	loaded = policy_json(&listed[1]);
	put_asked_before(loaded, &listed[1], listed, 2);
	print(loaded, policy_text);
	cr_expect_null(strstr(out, "asked"), "it is alone");
	put_asked_before(loaded, &listed[1], listed, 3);
	print(loaded, policy_text);
	says(out, "\n    asked first; where it decides, these are not asked: old\n");
	json_object_put(loaded);
}

/* Not there and not to be seen are two things. */
Test(user_vvbctl, what_may_not_be_seen)
{
	json_object *list = policies_json(listed, 1, false), *loaded;

	cr_expect_str_eq(json_object_to_json_string_ext(list, JSON_C_TO_STRING_PLAIN),
			 "[{\"name\":\"split\",\"kind\":\"policy\",\"registered\":true,"
			 "\"users\":0,\"pinned\":null},{\"name\":null,\"kind\":\"guard\"}]");
	print(list, policies_text);
	says(out, "\nguards and pins: not visible without CAP_SYS_ADMIN\n");
	json_object_put(list);
	loaded = policy_json(&listed[1]);
	json_object_object_add(loaded, "asked_before", NULL);
	print(loaded, policy_text);
	says(out, "\n    other guards: not visible without CAP_SYS_ADMIN\n");
	json_object_put(loaded);
}

Test(user_vvbctl, daemon_status)
{
	cr_assert_eq(RUN("daemon"), DONE);
	says(out, "vf            daemon  uid  deadline ms  on loss\n"
		  "0000:01:00.1  live      0          250  kernel\n");
	cr_assert_eq(RUN("-j", "daemon", "status", ONE), DONE);
	cr_expect_str_eq(out, "[{\"bdf\":\"0000:01:00.1\",\"daemon\":\"live\",\"daemon_uid\":0,"
			      "\"on_daemon_loss\":\"kernel\",\"punt_timeout_ms\":250}]\n");
}

static const char *plain(json_object *value)
{
	return json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN);
}

/* A terminal of 10 columns cuts nothing: what is shown, other programs read. */
Test(user_vvbctl, tables_are_whole)
{
	setenv("COLUMNS", "10", 1);
	cr_assert_eq(RUN("daemon"), DONE);
	says(out, "0000:01:00.2  none      0          250  kernel\n");
}

Test(user_vvbctl, words_that_are_no_text)
{
	json_object *value;

	cr_expect_eq(RUN("\033[2Jx\xff\n"), USAGE);
	says(err, "vvbctl: what is '\\x1b[2Jx\\xff\\x0a'? One of");
	cr_expect_eq(RUN("policy", "load", "/no/\\xff\xc3\xa9"), FAILED);
	says(err,
	     "vvbctl: load /no/\\x5cxff\\xc3\\xa9: elf: failed to open /no/\\x5cxff\\xc3\\xa9: No ");
	cr_expect_eq(RUN("-j", "\033[2Jx\xff\xc3\xa9\n"), USAGE);
	value = json_tokener_parse(out);
	says(text_of(value, "error"), "what is '\033[2Jx\\xff\xc3\xa9\n'? One of");
	json_object_put(value);
	fake_attribute(ONE, "policy", "a\033[2Jb\xff\n");
	cr_expect_eq(RUN("vf", "show", ONE), DONE);
	says(out, "policy a\\x1b[2Jb\\xff (active)");
}

/* The same with all output into a file on a disk that is full. */
#define RUN_FULL(...) run_to(fopen("/dev/full", "w"), (char *[]) { "vvbctl", ##__VA_ARGS__, NULL })

Test(user_vvbctl, what_can_not_be_written)
{
	static const char said[] = "vvbctl: write error: No space left on device\n";

	cr_expect_eq(RUN_FULL("vf"), FAILED);
	cr_expect_str_eq(err, said);
	cr_expect_eq(RUN_FULL("-j", "vf"), FAILED);
	cr_expect_str_eq(err, said);
	cr_expect_eq(RUN_FULL("help"), FAILED);
	cr_expect_str_eq(err, said);
	cr_expect_eq(RUN_FULL("version"), FAILED);
	cr_expect_str_eq(err, said);
	cr_expect_eq(RUN_FULL("-j", "frob"), USAGE);
	cr_expect_str_eq(err, said);
	cr_expect_eq(RUN_FULL("vf", "set", ONE, "legacy", "only"), DONE, "nothing to write");
	cr_expect_str_eq(err, "");
}

static void show_events(bool json, int nr)
{
	struct vvb_access_event e = { .vf = 0x101,
				      .pid = 7,
				      .field = VVB_FIELD_DEVICE_CONFIG,
				      .offset = 16,
				      .width = 2,
				      .comm = "\033[31m\xff\\x\n" };
	unsigned long shown = 0;

	options = (struct cli_options) { .json = json };
	output_begin();
	for (int i = 0; i < nr; i++)
		cr_expect_eq(event_show(&e, &shown), 0);
	cr_expect_eq(shown, nr);
	if (json && nr)
		cr_expect_eq(out[strlen(out) - 1], '}', "written before the next comes");
	events_end(shown);
}

static void events_into_memory(bool json, int nr)
{
	FILE *real_out = stdout;
	size_t len;

	free(out);
	stdout = open_memstream(&out, &len);
	show_events(json, nr);
	fclose(stdout);
	stdout = real_out;
}

Test(user_vvbctl, events_one_by_one)
{
	json_object *list, *event;

	events_into_memory(true, 0);
	cr_expect_str_eq(out, "[]\n");
	events_into_memory(true, 3);
	list = json_tokener_parse(out);
	cr_assert_eq(json_object_array_length(list), 3);
	event = json_object_array_get_idx(list, 2);
	cr_expect_str_eq(text_of(event, "comm"), "\033[31m\\xff\\x5cx\n");
	cr_expect_eq(out[strlen(out) - 1], '\n');
	json_object_put(list);
	events_into_memory(false, 1);
	says(out, "  pid 7 tid 0 \\x1b[31m\\xff\\x5cx\\x0a\n");
	says(out, "  read  device_config    16+2  0x0000  pid 7");
}

/* An object and a VF: what the first command says of it. */
Test(user_vvbctl, a_vf_without_a_command)
{
	static char *const named[] = { "vf", "daemon", NULL };

	for (int i = 0; named[i]; i++) {
		cr_expect_eq(RUN(named[i], "01:00.1"), DONE);
		says(out, ONE);
		cr_expect_null(strstr(out, "0000:01:00.2"));
	}
	cr_expect_eq(RUN("stats", ONE), FAILED);
	says(err, "/dev/vvb: Is a directory");
	cr_expect_eq(RUN("policy", ONE), FAILED);
	says(err, "/dev/vvb: Is a directory");
	cr_expect_eq(RUN("stats", "0000:09:00.1"), FAILED);
	says(err, "0000:09:00.1: there is no such PCI device");
	cr_expect_eq(RUN("vf", ONE, "frob"), USAGE);
}

static void print_unknown_knob(json_object *knobs)
{
	const struct vvb_knob *list = json_object_get_userdata(knobs);

	options = (struct cli_options) { .json = true };
	cr_expect_eq(unknown_knob("quirk", list, json_object_get_int(knobs), "queue_size.valeu"),
		     USAGE);
}

/* What is said of a knob that none of the first @nr is. */
static void unknown_of(struct vvb_knob *list, int nr, const char *wanted)
{
	json_object *knobs = json_object_new_int(nr);

	json_object_set_userdata(knobs, list, NULL);
	print(knobs, print_unknown_knob);
	says(out, wanted);
	json_object_put(knobs);
}

Test(user_vvbctl, a_knob_that_is_none)
{
	struct vvb_knob list[61] = {};

	for (int i = 0; i < 61; i++)
		snprintf(list[i].name, sizeof(list[i].name), "%s.%s%d",
			 i % 30 ? "status" : "queue_size", i ? "value" : "fixed", i);
	unknown_of(
		list, 2,
		"what is 'queue_size.valeu'? Knobs of quirk: queue_size.fixed0, status.value1\"");
	unknown_of(list, 61,
		   "what is 'queue_size.valeu'? Nearest: queue_size.value30, queue_size.value60; "
		   "quirk has 61 knobs, which policy get lists\"");
	for (int i = 0; i < 61; i++)
		snprintf(list[i].name, sizeof(list[i].name), "other%d", i);
	unknown_of(list, 61,
		   "what is 'queue_size.valeu'? quirk has 61 knobs, which policy get lists\"");
}

Test(user_vvbctl, ejection_json)
{
	struct vvb_ejection e = { .kind = VVB_EJECTED_ERROR,
				  .code = -7,
				  .policy = "mine",
				  .message = "enough",
				  .time_ns = 1767225600123000000,
				  .seq = 9,
				  .value = 0x1f,
				  .access = 1,
				  .field = VVB_FIELD_QUEUE_SIZE,
				  .offset = 12,
				  .width = 2 };
	json_object *value = ejection_json(0x101, &e);

	cr_expect_str_eq(plain(value),
			 "{\"policy\":\"mine\",\"kind\":\"error\",\"code\":-7,"
			 "\"reason\":\"it reported an error of its own\",\"message\":\"enough\","
			 "\"time\":\"2026-01-01T00:00:00.123Z\",\"access\":{"
			 "\"direction\":\"read\",\"register\":\"queue_size\",\"offset\":12,"
			 "\"width\":2,\"value\":\"0x001f\",\"seq\":9,\"epoch\":0,\"msix\":0}}");
	print(value, ejection_text);
	says(out, "\n    code -7, \"enough\"\n");
	json_object_put(value);
	e.kind = VVB_EJECTED_ILLEGAL_VERDICT;
	e.code = VVB_NOTIFY;
	value = ejection_json(0x101, &e);
	cr_expect_str_eq(text_of(value, "verdict"), "notify");
	print(value, ejection_text);
	says(out, "\n    code 1 (notify), \"enough\"\n");
	json_object_put(value);
	e.access = 0;
	value = ejection_json(0x101, &e);
	cr_expect_null(json_object_object_get(value, "access"), "by the operator, say");
	json_object_put(value);
}

Test(user_vvbctl, diff_json)
{
	struct vvb_shadow shadow = { .policy = "next",
				     .compared = { [VVB_FIELD_DEVICE_FEATURES] = 5 },
				     .differ = { [VVB_FIELD_DEVICE_FEATURES] = 1 },
				     .nr_samples = 2 };
	json_object *value, *rows;

	shadow.samples[0] = (struct vvb_shadow_sample) { .time_ns = 3,
							 .value = 1,
							 .shadow_value = 2,
							 .verdict = VVB_DIRECT,
							 .shadow_verdict = VVB_EMULATE,
							 .width = 4 };
	shadow.samples[1].shadow_verdict = VVB_SHADOW_ILLEGAL;
	value = diff_json(ONE, 0x101, &shadow);
	cr_expect_str_eq(text_of(value, "shadow"), "next");
	rows = json_object_object_get(value, "registers");
	cr_expect_str_eq(plain(json_object_array_get_idx(rows, 0)),
			 "{\"name\":\"device_features\",\"compared\":5,\"differ\":1}");
	rows = json_object_object_get(value, "samples");
	cr_assert_eq(json_object_array_length(rows), 2);
	cr_expect_str_eq(plain(json_object_array_get_idx(rows, 0)),
			 "{\"time_ns\":3,\"direction\":\"read\",\"register\":\"device_features\","
			 "\"offset\":0,\"width\":4,\"verdict\":\"direct\","
			 "\"shadow_verdict\":\"emulate\",\"value\":\"0x00000001\","
			 "\"shadow_value\":\"0x00000002\"}");
	cr_expect_str_eq(text_of(json_object_array_get_idx(rows, 1), "shadow_verdict"), "illegal");
	json_object_put(value);
}

static json_object *member(json_object *from, const char *key)
{
	json_object *value = json_object_object_get(from, key);

	cr_assert(json_object_object_get_ex(from, key, NULL), "%s", key);
	return value;
}

Test(user_vvbctl, stats_json)
{
	struct vvb_stats stats = { .event[VVB_EV_DENIED] = 3, .commands = { [3] = 7 } };
	struct vvb_field_stats *status = &stats.field[VVB_FIELD_DEVICE_STATUS];
	json_object *value, *row;

	status->reads = 5;
	status->writes = 4;
	status->verdict[VVB_PUNT] = 8;
	status->verdict[VVB_DIRECT] = 1;
	status->handler[VVB_HANDLER_DAEMON] = 6;
	status->handler[VVB_HANDLER_KERNEL] = 3;
	status->errors = 2;
	status->timed = 9;
	status->total_ns = 900;
	status->max_ns = 300;
	status->latency[6] = 8;
	status->latency[8] = 1;
	value = stats_json(ONE, &stats);
	cr_expect_str_eq(text_of(value, "bdf"), ONE);
	cr_assert_eq(json_object_array_length(member(value, "registers")), VVB_FIELD_NR);
	row = json_object_array_get_idx(member(value, "registers"), VVB_FIELD_DEVICE_STATUS);
	cr_expect_str_eq(text_of(row, "name"), "device_status");
	cr_expect_eq(number_of(row, "offset"), 18);
	cr_expect_eq(number_of(row, "reads"), 5);
	cr_expect_eq(number_of(row, "writes"), 4);
	cr_expect_str_eq(text_of(row, "verdict"), "punt");
	cr_expect_eq(number_of(member(row, "verdicts"), "direct"), 1);
	cr_expect_str_eq(text_of(row, "handler"), "daemon");
	cr_expect_eq(number_of(member(row, "handlers"), "kernel"), 3);
	cr_expect_eq(number_of(row, "errors"), 2);
	cr_expect_eq(number_of(row, "mean_ns"), 100);
	cr_expect_eq(number_of(row, "max_ns"), 300);
	cr_assert_eq(json_object_array_length(member(row, "latency")), VVB_LATENCY_NR);
	cr_expect_str_eq(
		text_of(row, "latency"),
		"[ 0, 0, 0, 0, 0, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "
		"0, 0, 0, 0, 0, 0, 0, 0 ]");
	row = json_object_array_get_idx(member(value, "registers"), VVB_FIELD_QUEUE_SIZE);
	cr_expect_null(member(row, "verdict"), "never accessed");
	cr_expect_eq(json_object_array_length(member(value, "config")), 0);
	cr_expect_eq(number_of(member(value, "events"), "denied"), 3);
	cr_expect_str_eq(
		json_object_to_json_string_ext(member(value, "commands"), JSON_C_TO_STRING_PLAIN),
		"{\"3\":7}");
	print(value, stats_text);
	says(out, "\n    device_status    64ns:8 256ns:1\n  events: denied 3\n"
		  "  commands: legacy_common_cfg_read 7\n");
	json_object_put(value);
	memset(&stats, 0, sizeof(stats));
	value = stats_json(ONE, &stats);
	print(value, stats_text);
	says(out, "that it reached:\n    -\n  events: -\n  commands: -\n");
	json_object_put(value);
}

/* @type: as PCI numbers it */
static json_object *config_of(const char *type, struct vvb_stats *stats)
{
	fake_file("0x1af4\n", "sys/bus/pci/devices/" ONE "/vendor");
	fake_file(type, "sys/bus/pci/devices/" ONE "/device");
	stats->vf = 0x101;
	return stats_json(ONE, stats);
}

Test(user_vvbctl, stats_of_config_fields)
{
	struct vvb_stats stats = { .config = { [0] = { .reads = 4 },
					       [32] = { .writes = 2, .errors = 1 },
					       [96] = { .reads = 3, .errors = 3 } } };
	json_object *value = config_of("0x1042\n", &stats);

	cr_expect_str_eq(
		json_object_to_json_string_ext(member(value, "config"), JSON_C_TO_STRING_PLAIN),
		"[{\"name\":\"capacity\",\"offset\":0,\"reads\":4,\"writes\":0,\"errors\":0},"
		"{\"name\":\"writeback\",\"offset\":32,\"reads\":0,\"writes\":2,\"errors\":1},"
		"{\"name\":\"?\",\"offset\":96,\"reads\":3,\"writes\":0,\"errors\":3}]");
	print(value, stats_text);
	says(out, "    writeback         +32      0       2       1 ");
	json_object_put(value);
	value = config_of("0x1234\n", &stats);
	cr_expect_str_eq(text_of(json_object_array_get_idx(member(value, "config"), 0), "name"),
			 "?");
	json_object_put(value);
}

#define FAKE_VERSION "sys/module/virtio_vfio_bpf/version"

/* A file of the fake tree, for others than libvvb. */
static void fake_path(char path[512], const char *name)
{
	const char *bpffs = vvb_bpffs_path();

	snprintf(path, 512, "%.*s/%s", (int)(strrchr(bpffs, '/') - bpffs), bpffs, name);
}

/* This one is installed; NULL: none is. */
static void install_vvbd(const char *program)
{
	char path[512];

	fake_path(path, "bin");
	setenv("PATH", path, 1);
	fake_file(program ?: "", "bin/vvbd");
	fake_path(path, "bin/vvbd");
	cr_assert_eq(program ? chmod(path, 0755) : unlink(path), 0);
}

Test(user_vvbctl, version)
{
	fake_file("test\n", FAKE_VERSION);
	install_vvbd("#!/bin/sh\n[ \"$1\" = --version ] && echo vvbd test\n");
	cr_expect_eq(RUN("version"), DONE);
	says(out,
	     "vvbctl   test, API version 1\nmodule   test, API version 1\nvvbd     test\nlibrary  ");
	cr_expect_str_eq(err, "");
	cr_expect_eq(RUN("-V"), DONE);
	cr_expect_eq(RUN("-j", "version"), DONE);
	says(out,
	     "{\"version\":\"test\",\"api_version\":1,\"module\":\"test\",\"module_api_version\":1,"
	     "\"library\":");
	says(out, ",\"daemon\":\"test\",\"running\":[]}");
}

Test(user_vvbctl, version_of_what_is_not_there, .timeout = 40)
{
	install_vvbd(NULL);
	cr_expect_eq(RUN("version"), DONE);
	says(out, "module   does not tell, API version 1\nvvbd     not installed\n");
	setenv("VVB_SYSFS", "/nonexistent", 1);
	cr_expect_eq(RUN("version"), DONE);
	says(out, "module   not loaded\n");
	cr_expect_eq(RUN("-j", "version"), DONE);
	says(out, "\"module\":null,\"module_api_version\":null,");
	says(out, "\"daemon\":null,");
	install_vvbd("#!/bin/sh\nexec /bin/sleep 60\n");
	cr_expect_eq(RUN("version"), DONE, "it is not waited for");
	says(out, "vvbd     not installed\n");
	install_vvbd("#!/bin/sh\necho something else\n");
	cr_expect_eq(RUN("version"), DONE);
	says(out, "vvbd     not installed\n");
}

/* All are shown, and each that is another one is told of. */
Test(user_vvbctl, versions_that_differ)
{
	fake_file("0.1.0\n", FAKE_VERSION);
	fake_file("2\n", FAKE_API_VERSION);
	install_vvbd("#!/bin/sh\necho vvbd 0.1.5\n");
	cr_expect_eq(RUN("version"), FAILED);
	says(out, "module   0.1.0, API version 2\nvvbd     0.1.5\n");
	says(err,
	     "vvbctl: module virtio_vfio_bpf is of version 0.1.0, vvbctl of test: once its VFs are closed, rmmod");
	says(err, "vvbctl: vvbd is of version 0.1.5, vvbctl of test: install the one");
}

/* That of other programs is found by its name, as they find it. */
Test(user_vvbctl, a_library_of_another_release)
{
	void *library = dlopen(PLUGINS "library-old.so", RTLD_NOW);

	cr_assert_not_null(library, "%s", dlerror());
	install_vvbd(NULL);
	cr_expect_eq(RUN("version"), FAILED);
	says(out, "library  0.1.7\n");
	says(err, "vvbctl: libvvb.so.1 is of version 0.1.7, vvbctl of test: install the one");
	dlclose(library);
}

/* A daemon that was there before an upgrade has the device open, and its file is gone. */
Test(user_vvbctl, version_of_a_daemon_that_runs)
{
	char device[512], file[512], command[1100], wanted[64];
	int ready[2];
	pid_t pid;

	install_vvbd(NULL);
	fake_file("", "vvb");
	fake_path(device, "vvb");
	fake_path(file, "daemon");
	setenv("VVB_DEVICE", device, 1);
	snprintf(command, sizeof(command), "/bin/cp /bin/sleep %s", file);
	cr_assert_eq(system(command), 0);
	cr_assert_eq(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	if (!pid) {
		if (open(device, O_RDONLY) >= 0)
			execl(file, file, "60", NULL);
		_exit(1);
	}
	close(ready[1]);
	cr_assert_eq(read(ready[0], wanted, 1), 0, "it has begun");
	snprintf(wanted, sizeof(wanted), "; /dev/vvb is open in process %d\n", pid);
	cr_expect_eq(RUN("version"), DONE);
	says(out, wanted);
	unlink(file);
	cr_expect_eq(RUN("version"), FAILED);
	says(out, wanted);
	snprintf(wanted, sizeof(wanted), "process %d, daemon, runs of a file that has been", pid);
	says(err, wanted);
	cr_expect_eq(RUN("-j", "version"), FAILED);
	says(out, "\"name\":\"daemon\",\"replaced\":true}]}");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* What needs the module is not begun. Help, and the way to get rid of a policy, are still there. */
Test(user_vvbctl, a_module_of_another_version)
{
	fake_file("2\n", FAKE_API_VERSION);
	cr_expect_eq(RUN("vf"), FAILED);
	says(err, "this program is older than module virtio_vfio_bpf (version 1");
	says(err, "not 2): install the one that came with the module");
	cr_expect_eq(RUN("-j", "vf", "set", ONE, "legacy", "only"), FAILED);
	says(out, "{\"error\":\"this program is older than module virtio_vfio_bpf");
	cr_expect_str_eq(fake_read("sys/bus/pci/devices/" ONE "/vvb/legacy"), "auto\n");
	cr_expect_eq(RUN("stats"), FAILED);
	says(err, "this program is older");
	cr_expect_eq(RUN("daemon", "nonsense"), USAGE);
	cr_expect_eq(RUN("version"), DONE);
	cr_expect_eq(RUN("vf", "help"), DONE);
	cr_expect_eq(RUN("policy", "unload", "nosuch"), FAILED);
	cr_expect_null(strstr(err, "older"));
	fake_remove(FAKE_API_VERSION);
	cr_expect_eq(RUN("policy"), FAILED);
	says(err, "module virtio_vfio_bpf is older than this program (version 0");
	fake_file("two\n", FAKE_API_VERSION);
	cr_expect_eq(RUN("policy"), FAILED);
	says(err, "api_version of module virtio_vfio_bpf: ");
}

Test(user_vvbctl, no_module)
{
	setenv("VVB_SYSFS", "/nonexistent", 1);
	setenv("VVB_DEVICE", "/nonexistent", 1);
	cr_expect_eq(RUN("vf"), FAILED);
	cr_expect_str_eq(err, "vvbctl: " NOT_LOADED "\n");
	cr_expect_eq(RUN("policy", "load", "/no/such/file"), FAILED);
	cr_expect_str_eq(err, "vvbctl: load /no/such/file: " NOT_LOADED "\n");
	cr_expect_eq(RUN("stats"), FAILED);
	cr_expect_str_eq(err, "vvbctl: " NOT_LOADED "\n");
	cr_expect_eq(RUN("policy", "unload", "split"), FAILED);
	cr_expect_str_eq(err, "vvbctl: split: " NOT_LOADED "\n");
	cr_expect_eq(RUN("policy", "events", "split"), FAILED);
	cr_expect_str_eq(err, "vvbctl: split: " NOT_LOADED "\n");
	cr_expect_eq(RUN("policy", "set", ONE, "rate", "1", "of", "split"), FAILED);
	cr_expect_str_eq(err, "vvbctl: split: " NOT_LOADED "\n");
	cr_expect_eq(RUN("holders"), FAILED);
	cr_expect_str_eq(err, "vvbctl: " NOT_LOADED "\n");
}
