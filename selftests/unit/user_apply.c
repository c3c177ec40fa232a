// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What vvbctl apply, save, vf bind and unbind find in sysfs, and what they say: over plain files. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake.h"
#include "libvvb/binding.h"
#include "libvvb/pci.h"
#include "libvvb/settings.h"
#include "vvbctl/vvbctl.h"

#define PF 0x100
#define VF1 0x101
#define DEVICES "sys/bus/pci/devices/"
#define DRIVER "sys/bus/pci/drivers/virtio_vfio_bpf/"

static char *out, *err, conf[128];

static int run(char **argv)
{
	FILE *real_out = stdout, *real_err = stderr;
	size_t len;
	int argc = 0, ret;

	while (argv[argc])
		argc++;
	free(out);
	free(err);
	stdout = open_memstream(&out, &len);
	stderr = open_memstream(&err, &len);
	ret = vvbctl(argc, argv);
	fclose(stdout);
	fclose(stderr);
	stdout = real_out;
	stderr = real_err;
	return ret;
}

#define RUN(...) run((char *[]) { "vvbctl", ##__VA_ARGS__, NULL })

static void function(const char *bdf, const char *vendor, const char *device, const char *driver)
{
	fake_file(vendor, DEVICES "%s/vendor", bdf);
	fake_file(device, DEVICES "%s/device", bdf);
	fake_file(driver, DEVICES "%s/uevent", bdf);
	fake_file("(null)\n", DEVICES "%s/driver_override", bdf);
}

static void virtual_function(const char *bdf, int nr, const char *driver)
{
	char slot[64];

	function(bdf, "0x1af4\n", "0x1041\n", driver);
	fake_file("PCI_SLOT_NAME=0000:01:00.0\n", DEVICES "%s/physfn/uevent", bdf);
	snprintf(slot, sizeof(slot), "PCI_CLASS=20000\nPCI_SLOT_NAME=%s\n", bdf);
	fake_file(slot, DEVICES "0000:01:00.0/virtfn%d/uevent", nr);
}

/*
 * Whoever reads it waits, and the test for him, until Criterion ends that: as it is with this file of
 * a PF while its VFs are taken away and somebody has one open.
 */
static void endless(const char *file)
{
	char path[256];

	fake_file("", "%s", file);
	fake_remove("%s", file);
	snprintf(path, sizeof(path), "%s/../%s", getenv("VVB_SYSFS"), file);
	cr_assert_eq(mkfifo(path, 0600), 0);
}

static void start(void)
{
	fake_tree();
	fake_driver("available\n", "");
	function("0000:01:00.0", "0x1af4\n", "0x1041\n", "DRIVER=virtio-pci\n");
	fake_file("4\n", DEVICES "0000:01:00.0/sriov_totalvfs");
	endless(DEVICES "0000:01:00.0/sriov_numvfs");
	fake_file("1\n", DEVICES "0000:01:00.0/sriov_offset");
	fake_file("2\n", DEVICES "0000:01:00.0/sriov_stride");
	fake_file("1\n", DEVICES "0000:01:00.0/sriov_drivers_autoprobe");
	virtual_function("0000:01:00.1", 0, "DRIVER=virtio-pci\n");
	virtual_function("0000:01:00.3", 1, "PCI_CLASS=20000\n");
	function("0000:00:1f.3", "0x8086\n", "0x2930\n", "PCI_CLASS=C0500\n");
	function("0000:00:03.0", "0x1af4\n", "0x1044\n", "PCI_CLASS=FF00\n");
	fake_file("", DRIVER "settings");
	fake_file("", "sys/bus/pci/drivers_probe");
	snprintf(conf, sizeof(conf), "%s/../vvb.conf", getenv("VVB_SYSFS"));
}

static void end(void)
{
	free(out);
	free(err);
}

TestSuite(user_apply, .init = start, .fini = end, .timeout = 60);

static void says(const char *text, const char *wanted)
{
	cr_expect(strstr(text, wanted), "wanted '%s' in '%s'", wanted, text);
}

Test(user_apply, kinds_of_functions)
{
	char driver[64];
	__u64 pf = 0;

	cr_expect_eq(vvb_pci_kind(PF), VVB_PCI_PF);
	cr_expect_eq(vvb_pci_kind(VF1), VVB_PCI_VF);
	cr_expect_eq(vvb_pci_kind(0x18), VVB_PCI_PLAIN);
	cr_expect_eq(vvb_pci_kind(0xfb), VVB_PCI_OTHER);
	cr_expect_eq(vvb_pci_kind(0x999), VVB_PCI_ABSENT);
	function("0000:01:00.0", "0x1af4\n", "0x1000\n", "");
	cr_expect_eq(vvb_pci_kind(PF), VVB_PCI_OTHER, "a transitional one");
	cr_expect_eq(vvb_pci_pf_of(VF1, &pf), 0);
	cr_expect_eq(pf, PF);
	cr_expect_eq(vvb_pci_pf_of(PF, &pf), -ENOENT);
	vvb_pci_driver(VF1, driver);
	cr_expect_str_eq(driver, "virtio-pci");
	vvb_pci_driver(0x103, driver);
	cr_expect_str_eq(driver, "");
}

Test(user_apply, vfs_that_there_are_and_could_be)
{
	__u64 *vfs;

	cr_assert_eq(vvb_pci_vfs_of(PF, false, &vfs), 2);
	cr_expect_eq(vfs[0], 0x101);
	cr_expect_eq(vfs[1], 0x103);
	free(vfs);
	cr_assert_eq(vvb_pci_vfs_of(PF, true, &vfs), 4);
	cr_expect_eq(vfs[2], 0x105);
	cr_expect_eq(vfs[3], 0x107);
	free(vfs);
	fake_file("0\n", DEVICES "0000:01:00.0/sriov_offset");
	cr_assert_eq(vvb_pci_vfs_of(PF, true, &vfs), 2, "it does not tell where they will be");
	free(vfs);
	fake_file("65000\n", DEVICES "0000:01:00.0/sriov_offset");
	fake_file("200\n", DEVICES "0000:01:00.0/sriov_stride");
	cr_assert_eq(vvb_pci_vfs_of(PF, true, &vfs), 4, "none beyond the last bus");
	cr_expect_leq(vfs[3], 0xffff);
	free(vfs);
	cr_expect_eq(vvb_pci_pfs(&vfs), 1);
	cr_expect_eq(vfs[0], PF);
	free(vfs);
}

Test(user_apply, what_the_drivers_file_tells)
{
	static const char text[] =
		"0000:01:00.1 legacy=only policy=split\n"
		"0000:01:00.10 legacy=off\nnonsense\n0000:01:00.5 daemon_uid=7\n";
	char value[VVB_SETTING_LEN];
	const char *at = text;
	__u64 vf;

	cr_expect_eq(vvb_settings_get(text, VF1, "policy", value), 0);
	cr_expect_str_eq(value, "split");
	cr_expect_eq(vvb_settings_get(text, VF1, "lega", value), -ENOENT);
	cr_expect_eq(vvb_settings_get(text, VF1, "intx", value), -ENOENT);
	cr_expect_eq(vvb_settings_get(text, 0x102, "legacy", value), -ENOENT);
	cr_expect_eq(vvb_settings_get(NULL, VF1, "legacy", value), -ENOENT);
	cr_expect_eq(vvb_settings_get(text, 0x105, "daemon_uid", value), 0);
	cr_expect_str_eq(value, "7");
	fake_attribute("0000:01:00.1", "legacy", "auto\n");
	cr_expect_eq(vvb_settings_get(text, VF1, "legacy", value), 0);
	cr_expect_str_eq(value, "auto", "a VF that is bound is asked itself");
	cr_expect(vvb_settings_next(&at, &vf) && vf == VF1);
	cr_expect(vvb_settings_next(&at, &vf) && vf == 0x105);
	cr_expect_not(vvb_settings_next(&at, &vf));
	cr_expect_eq(vvb_settings_put(VF1, "legacy", "only"), 0);
	cr_expect_str_eq(fake_read(DRIVER "settings"), "0000:01:00.1 legacy=only");
}

/* Each step on the way: what was done before it is undone, and it is named. */
Test(user_apply, steps_of_a_bind_that_fail)
{
	struct vvb_binding b;

	fake_file("vfio-pci\n", DEVICES "0000:01:00.1/driver_override");
	fake_file("", DEVICES "0000:01:00.1/driver/unbind/no-file");
	cr_expect_eq(vvb_bind(VF1, &b), -EISDIR);
	cr_expect_str_eq(b.why, "unbind from virtio-pci: Is a directory");
	cr_expect_eq(strncmp(fake_read(DEVICES "0000:01:00.1/driver_override"), "vfio-pci", 8), 0);
	fake_remove(DEVICES "0000:01:00.1/driver_override");
	cr_expect_eq(vvb_bind(VF1, &b), -ENOENT);
	cr_expect_str_eq(b.why, "driver_override: No such file or directory");
	fake_remove("sys/bus/pci/drivers_probe");
	cr_expect_eq(vvb_bind(0x103, &b), -ENODEV, "it has no driver to be unbound from");
	cr_expect_str_eq(b.why, "drivers_probe: No such device");
	cr_expect_eq(*fake_read(DEVICES "0000:01:00.3/driver_override"), '\n');
}

/* Nobody takes the VF in a sysfs of plain files: all is as before, and it is said. */
Test(user_apply, a_bind_that_fails)
{
	struct vvb_binding b;

	fake_file("vfio-pci\n", DEVICES "0000:01:00.1/driver_override");
	fake_file("", DEVICES "0000:01:00.1/driver/unbind");
	cr_expect_eq(vvb_bind(VF1, &b), -EIO);
	cr_expect_str_eq(b.why, "virtio_vfio_bpf did not take it, the kernel log says why");
	cr_expect_str_eq(b.before, "virtio-pci");
	cr_expect_eq(strncmp(fake_read(DEVICES "0000:01:00.1/driver_override"), "vfio-pci", 8), 0);
	cr_expect_str_eq(fake_read(DEVICES "0000:01:00.1/driver/unbind"), "0000:01:00.1");
	cr_expect_eq(vvb_bind(PF, &b), -EINVAL);
	cr_expect_str_eq(b.why, "is a PF");
	cr_expect_eq(vvb_bind(0xfb, &b), -EINVAL);
	cr_expect_str_eq(b.why, "is no modern virtio function");
	fake_file("(null)\n", DEVICES "0000:00:03.0/driver_override");
	cr_expect_eq(vvb_bind(0x18, &b), -EIO);
	cr_expect_str_eq(b.why, "virtio_vfio_bpf did not take it, the kernel log says why",
			 "neither VF nor PF: the driver is asked");
	cr_expect_eq(vvb_unbind(VF1, &b), -ENODEV);
	says(b.why, "not bound to virtio_vfio_bpf, but to virtio-pci");
	cr_expect_eq(vvb_unbind(0x103, &b), 0, "nobody has it");
	fake_remove(DRIVER "settings");
}

Test(user_apply, bind_words)
{
	cr_expect_eq(RUN("vf", "bind"), USAGE);
	says(err, "vf bind wants: {VF|PF}...");
	cr_expect_eq(RUN("vf", "bind", "0000:01:00.1", "x"), USAGE);
	says(err, "what is 'x'?");
	cr_expect_eq(RUN("vf", "bind", "00:1f.3"), FAILED);
	says(err, "0000:00:1f.3: is no modern virtio function");
	cr_expect_eq(RUN("-j", "vf", "bind", "0000:01:00.0"), FAILED);
	says(out, "{\"of\":\"0000:01:00.1\",\"error\":\"virtio_vfio_bpf did not take it");
	says(out, "{\"of\":\"0000:01:00.3\",\"error\":");
	says(fake_read(DEVICES "0000:01:00.0/sriov_drivers_autoprobe"), "1");
}

Test(user_apply, dry_run)
{
	fake_file("# all\n[all]\nintx = off\n[pf 01:00.0]\nlegacy = only\nbind = yes\n"
		  "[vf 01:00.3]\nlegacy = auto\npunt_timeout_ms = 0x20\n",
		  "vvb.conf");
	fake_file("0000:01:00.5 legacy=only\n", DRIVER "settings");
	cr_assert_eq(RUN("apply", conf, "--dry-run"), DONE, "%s", err);
	cr_expect_str_eq(out, "0000:01:00.1  legacy auto -> only\n"
			      "0000:01:00.1  intx auto -> off\n"
			      "0000:01:00.1  driver virtio-pci -> virtio_vfio_bpf\n"
			      "0000:01:00.3  intx auto -> off\n"
			      "0000:01:00.3  punt_timeout_ms 250 -> 32\n"
			      "0000:01:00.3  driver none -> virtio_vfio_bpf\n"
			      "0000:01:00.5  intx auto -> off\n"
			      "0000:01:00.7  legacy auto -> only\n"
			      "0000:01:00.7  intx auto -> off\n"
			      "0000:01:00.0  sriov_drivers_autoprobe 1 -> 0\n");
	cr_expect_str_eq(fake_read(DRIVER "settings"), "0000:01:00.5 legacy=only\n");
	fake_file("off\n", "sys/module/virtio_vfio_bpf/parameters/legacy");
	cr_assert_eq(RUN("-j", "apply", conf, "--dry-run", "--vf", "01:00.7"), DONE);
	says(out, "\"what\":\"legacy\",\"from\":\"off\",\"to\":\"only\"}");
	says(out, "\"line\":5,");
	cr_assert_eq(RUN("apply", conf, "--dry-run", "--vf", "02:00.0"), DONE);
	cr_expect_str_eq(out, "");
	fake_file("[pf 00:1f.3]\nbind = yes\n[vf 00:03.0]\nbind = yes\n", "vvb.conf");
	cr_assert_eq(RUN("apply", conf, "--dry-run"), FAILED);
	says(err, "[pf ADDRESS] wants a virtio PF");
	cr_assert_eq(RUN("apply", conf, "--dry-run", "--vf", "02:00.0"), DONE);
	cr_expect_str_eq(err, "");
	cr_assert_eq(RUN("apply", conf, "--dry-run", "--vf", "00:03.0"), DONE);
	cr_expect_str_eq(out, "0000:00:03.0  driver none -> virtio_vfio_bpf\n");
	fake_file("[vf 00:03.0]\nbind = yes\n[vf 00:1f.3]\nbind = yes\n", "vvb.conf");
	cr_assert_eq(RUN("apply", conf, "--dry-run"), FAILED);
	cr_expect_str_eq(out, "0000:00:03.0  driver none -> virtio_vfio_bpf\n");
	says(err, "vvb.conf:4: 0000:00:1f.3: bind: is no modern virtio function");
}

Test(user_apply, files_that_are_wrong)
{
	cr_expect_eq(RUN("apply", "x", "y"), USAGE);
	says(err, "what is 'y'? apply takes: [FILE]");
	cr_expect_eq(RUN("apply", "/no/such/file"), FAILED);
	says(err, "/no/such/file: No such file or directory");
	fake_file("[all]\nlegacy = no\n", "vvb.conf");
	cr_expect_eq(RUN("apply", conf), FAILED);
	says(err, "vvb.conf:2: legacy: what is 'no'? auto, only or off");
	cr_expect_eq(RUN("-j", "apply", conf), FAILED);
	says(out, "{\"error\":\"");
	cr_expect_eq(RUN("save", conf), FAILED, "it is not written over");
	says(err, "vvb.conf:2: legacy");
	fake_file("[pf 01:00.1]\nlegacy = only\n[pf 09:00.0]\nlegacy = only\n"
		  "[pf 00:03.0]\nlegacy = only\n",
		  "vvb.conf");
	cr_expect_eq(RUN("apply", conf, "--dry-run"), FAILED);
	says(err, "vvb.conf:1: 0000:01:00.1: is a VF; [pf ADDRESS] wants a virtio PF\n");
	says(err, "vvb.conf:5: 0000:00:03.0: is a virtio function, but neither VF nor PF; [pf");
	says(err, "vvb.conf:3: 0000:09:00.0: there is no such PCI device\n");
	fake_file("[vf 01:00.1]\ndaemon_uid = nobody-of-that-name\n", "vvb.conf");
	cr_expect_eq(RUN("apply", conf, "--dry-run"), FAILED);
	says(err, "vvb.conf:2: 0000:01:00.1: daemon_uid: there is no user 'nobody-of-that-name'\n");
}

/* Bytes of a path do nothing to a terminal, are shown once, and are JSON. */
Test(user_apply, names_of_files_that_are_no_text)
{
	json_object *list;

	fake_file("[policy x]\nfile = /no/such/\033[2J\xff\n", "vvb.conf");
	cr_expect_eq(RUN("apply", conf, "--dry-run"), FAILED);
	says(err, "vvb.conf:2: x: load /no/such/\\x1b[2J\\xff: No such file or directory\n");
	cr_expect_eq(RUN("-j", "apply", conf, "--dry-run"), FAILED);
	list = json_tokener_parse(out);
	cr_expect_str_eq(text_of(json_object_array_get_idx(list, 0), "error"),
			 "load /no/such/\033[2J\\xff: No such file or directory");
	json_object_put(list);
}

Test(user_apply, save)
{
	fake_file("[all]\nhandler = record\nlegacy = off\n[vvbd]\ntrace_dir = /t\n", "vvb.conf");
	fake_file("0000:01:00.1 legacy=only\n0000:01:00.3 legacy=only\n"
		  "0000:01:00.7 legacy=only punt_timeout_ms=9\n0000:05:00.1 intx=off\n",
		  DRIVER "settings");
	cr_assert_eq(RUN("save", conf), DONE, "%s", err);
	cr_expect_str_eq(
		fake_read("vvb.conf"),
		"# What was in force, as vvbctl save found it. vvb.conf(5) has the format.\n"
		"\n[all]\nhandler = record\n"
		"\n[pf 0000:01:00.0]\nlegacy = only\n"
		"\n[vf 0000:01:00.5]\nlegacy = auto\n"
		"\n[vf 0000:01:00.7]\npunt_timeout_ms = 9\n"
		"\n[vf 0000:05:00.1]\nintx = off\n"
		"\n[vvbd]\ntrace_dir = /t\n");
	says(fake_read("vvb.conf.old"), "[all]\nhandler = record\nlegacy = off\n");
	cr_assert_eq(RUN("apply", conf, "--dry-run"), DONE, "%s", err);
	cr_expect_str_eq(out, "", "what was saved is in force: %s", out);
	fake_file("0000:01:00.1 legacy=only\n...\n", DRIVER "settings");
	cr_expect_eq(RUN("save", conf), FAILED);
	says(err, "the module has settings for more addresses than");
}
