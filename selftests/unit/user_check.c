// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbctl check, over a sysfs of plain files; and what it reads there. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "fake.h"
#include "vvbctl/check.h"
#include "vvbctl/kernel_config.h"
#include "vvbctl/pci_config.h"
#include "vvbctl/vvbctl.h"

#define PF "0000:01:00.0"
#define VF "0000:01:00.1"
#define DEVICES "sys/bus/pci/devices/"

static struct checks checks;

/* A link in the tree, to what is below it or not there. */
static void linked(const char *to, const char *path)
{
	char full[256];

	fake_file("", "%s", path);
	fake_remove("%s", path);
	snprintf(full, sizeof(full), "%s/%s", getenv("VVB_SYSFS"), path + strlen("sys/"));
	cr_assert_eq(symlink(to, full), 0);
}

static void features(bool admin_queue)
{
	char bits[66];

	memset(bits, '0', 64);
	bits[41] = admin_queue ? '1' : '0';
	strcpy(bits + 64, "\n");
	fake_file(bits, DEVICES PF "/virtio3/features");
}

static void start(void)
{
	fake_tree();
	fake_driver("available\n", "split 1\n");
	fake_vf(VF, 0x101, 1);
	fake_file("0x1af4\n", DEVICES PF "/vendor");
	fake_file("0x1041\n", DEVICES PF "/device");
	fake_file("4\n", DEVICES PF "/sriov_totalvfs");
	fake_file("DRIVER=virtio-pci\nPCI_SLOT_NAME=" PF "\n", DEVICES PF "/uevent");
	features(true);
	linked("../../../../bus/virtio/drivers/virtio_net", DEVICES PF "/virtio3/driver");
	fake_file("PCI_SLOT_NAME=" VF "\n", DEVICES PF "/virtfn0/uevent");
	fake_file("PCI_SLOT_NAME=" PF "\n", DEVICES VF "/physfn/uevent");
	fake_file("DRIVER=virtio_vfio_bpf\nPCI_SLOT_NAME=" VF "\n", DEVICES VF "/uevent");
	fake_file("", DEVICES VF "/iommu_group/devices/" VF);
	checks = (struct checks) { .rows = json_object_new_array(), .of = "x" };
}

static void end(void)
{
	json_object_put(checks.rows);
}

TestSuite(user_check, .init = start, .fini = end);

/* "state: found -> cure" of the row with that name. */
static const char *row(const char *name)
{
	static char text[512];
	json_object *r;

	for (size_t i = 0; i < json_object_array_length(checks.rows); i++) {
		r = json_object_array_get_idx(checks.rows, i);
		if (strcmp(text_of(r, "requirement"), name))
			continue;
		snprintf(text, sizeof(text), "%s: %s", text_of(r, "state"), text_of(r, "found"));
		return text;
	}
	return "no such row";
}

static const char *cure(const char *name)
{
	json_object *r;

	for (size_t i = 0; i < json_object_array_length(checks.rows); i++) {
		r = json_object_array_get_idx(checks.rows, i);
		if (!strcmp(text_of(r, "requirement"), name))
			return text_of(r, "cure");
	}
	return "no such row";
}

static void again(void (*of)(struct checks *checks, __u64 id), const char *bdf)
{
	__u64 id;

	cr_assert_eq(vvb_bdf_parse(bdf, &id), 0);
	end();
	checks = (struct checks) { .rows = json_object_new_array(), .of = bdf };
	of(&checks, id);
}

Test(user_check, a_pf)
{
	again(check_pf, PF);
	cr_expect_not(checks.failed);
	cr_expect_str_eq(row("card"), "ok: a virtio device, net, that may have 4 VFs");
	cr_expect_str_eq(row("PF driver"), "ok: virtio-pci, and virtio3 has virtio_net");
	cr_expect_str_eq(row("administration queue"), "ok: feature 41 is there");
	cr_expect_str_eq(row("VFs"), "ok: 1 of 4");
	features(false);
	again(check_pf, PF);
	cr_expect(checks.failed);
	cr_expect_str_eq(row("administration queue"), "no: feature 41 is not there");
	fake_file("0x1000\n", DEVICES PF "/device");
	fake_file("PCI_SLOT_NAME=" PF "\n", DEVICES PF "/uevent");
	fake_remove(DEVICES PF "/virtfn0/uevent");
	fake_remove(DEVICES PF "/virtio3/features");
	again(check_pf, PF);
	cr_expect_str_eq(row("card"),
			 "no: it is no modern virtio device of a type that has a legacy form");
	cr_expect_str_eq(row("PF driver"), "no: it has none, not virtio-pci");
	cr_expect_str_eq(row("administration queue"),
			 "unknown: virtio-pci has to drive the PF first");
	cr_expect_str_eq(row("VFs"), "no: 0 of 4");
}

Test(user_check, ways_of_kicks)
{
	again(check_vf, VF);
	cr_expect_str_eq(row("kicks"), "unknown: the VF is closed");
	fake_attribute(VF, "interface", "legacy\n");
	again(check_vf, VF);
	cr_expect_str_eq(row("kicks"),
			 "no: the VMM has registered no ioeventfds: each is an exit to it");
	cr_expect_not(checks.failed);
	fake_attribute(VF, "ioeventfds", "2\n");
	again(check_vf, VF);
	cr_expect_str_eq(row("kicks"), "ok: the VMM has registered 2 ioeventfds");
	fake_attribute(VF, "kicks_by_ioeventfd", "10\n");
	fake_attribute(VF, "kicks_by_thread", "11\n");
	again(check_vf, VF);
	cr_expect_str_eq(row("kicks"), "no: 11 of 21 that were signalled had to go to a thread");
	cr_expect_not(checks.failed);
}

Test(user_check, a_vf_that_is_bound)
{
	again(check_vf, VF);
	cr_expect_not(checks.failed);
	cr_expect_str_eq(row("IOMMU group"), "ok: it is alone in it, with 0 other functions");
	cr_expect_str_eq(row("driver"), "ok: virtio_vfio_bpf");
	cr_expect_str_eq(row("legacy=only"), "ok: the modern interface can be sealed off");
	cr_expect_str_eq(row("notify address"), "unknown: the VF is closed");
	fake_file("", DEVICES VF "/iommu_group/devices/0000:01:00.7");
	fake_attribute(VF, "capable", "auto: virtio registers share a BAR\n");
	fake_attribute(VF, "notify", "command\n");
	fake_attribute(VF, "stalled", "1\n");
	again(check_vf, VF);
	cr_expect(checks.failed);
	cr_expect_str_eq(row("IOMMU group"), "no: it shares it with 1 other functions");
	cr_expect_str_eq(row("legacy interface"),
			 "ok: the PF has the legacy commands (opcodes 2 to 6)");
	cr_expect_str_eq(row("legacy=only"), "no: virtio registers share a BAR");
	cr_expect_str_eq(row("notify address"), "no: the device has named none that can be used");
	fake_attribute(VF, "owner_active", "daemon\n");
	again(check_vf, VF);
	cr_expect_str_eq(row("legacy interface"),
			 "ok: a daemon carries out operations (owner daemon)");
	fake_attribute(VF, "owner_active", "pf\n");
	fake_remove(DEVICES VF "/iommu_group/devices/0000:01:00.7");
	fake_attribute(VF, "stalled", "0\n");
	again(check_vf, VF);
	cr_expect_not(checks.failed, "legacy=only is not needed, nor is the address");
	fake_attribute(VF, "legacy", "only\n");
	again(check_vf, VF);
	cr_expect(checks.failed, "now it is");
	fake_attribute(VF, "capable", "off: no commands\n");
	fake_attribute(VF, "legacy", "auto\n");
	again(check_vf, VF);
	cr_expect(checks.failed);
	cr_expect_str_eq(row("legacy interface"), "no: no commands");
	fake_remove(DEVICES VF "/vvb/capable");
	again(check_vf, VF);
	cr_expect_str_eq(row("legacy interface"), "unknown: the module does not tell",
			 "an older one");
}

Test(user_check, policy_and_daemon)
{
	fake_attribute(VF, "policy", "split\n");
	fake_attribute(VF, "policy_state", "refused\n");
	fake_attribute(VF, "on_daemon_loss", "wait\n");
	again(check_vf, VF);
	cr_expect_str_eq(row("policy"), "no: split is refused");
	cr_expect_str_eq(row("daemon"), "no: none; what is punted without one: wait");
	cr_expect(checks.failed);
	fake_attribute(VF, "policy_state", "active\n");
	fake_attribute(VF, "daemon", "live\n");
	again(check_vf, VF);
	cr_expect_not(checks.failed);
}

/* Nobody sends commands to a PF whose VFs are their own owners. */
Test(user_check, a_pf_that_is_not_needed)
{
	features(false);
	fake_remove(DEVICES PF "/virtio3/driver");
	fake_attribute(VF, "owner_active", "self\n");
	again(check_pf, PF);
	cr_expect_not(checks.failed);
	cr_expect_str_eq(row("administration queue"), "no: feature 41 is not there");
	cr_expect_str_eq(row("PF driver"), "no: virtio3 has no driver: no command can be sent");
	fake_attribute(VF, "owner_active", "none\n");
	again(check_pf, PF);
	cr_expect(checks.failed, "it wants the commands");
	fake_attribute(VF, "owner_active", "self\n");
	fake_file("PCI_SLOT_NAME=0000:01:00.2\n", DEVICES PF "/virtfn1/uevent");
	again(check_pf, PF);
	cr_expect(checks.failed, "of one that is not bound nothing is known");
}

Test(user_check, cures_are_commands_of_vvbctl)
{
	fake_file("DRIVER=virtio-pci\nPCI_SLOT_NAME=" VF "\n", DEVICES VF "/uevent");
	again(check_vf, VF);
	cr_expect_str_eq(cure("driver"), "vvbctl vf bind " VF);
	fake_file("DRIVER=virtio_vfio_bpf\nPCI_SLOT_NAME=" VF "\n", DEVICES VF "/uevent");
	fake_attribute(VF, "capable", "off: the PF's device has no legacy commands\n");
	fake_attribute(VF, "owner", "pf\n");
	again(check_vf, VF);
	cr_expect_str_eq(cure("legacy interface"),
			 "vvbctl vf set " VF " owner auto; or vvbctl vf set " VF
			 " legacy off, where it needs none");
	fake_attribute(VF, "owner", "auto\n");
	again(check_vf, VF);
	cr_expect_str_eq(cure("legacy interface"), "what is missing; or vvbctl vf set " VF
						   " legacy off, where it needs none");
}

/* ---- the host ---- */

static void host(void)
{
	end();
	checks = (struct checks) { .rows = json_object_new_array(), .of = "host" };
	check_host(&checks);
}

Test(user_check, a_host_on_which_all_is_well)
{
	fake_file("none [integrity] confidentiality\n", "sys/kernel/security/lockdown");
	fake_file("", "sys/class/iommu/dmar0/devices");
	fake_file("", "sys/kernel/btf/vmlinux");
	fake_file("", "sys/kernel/btf/virtio_vfio_bpf");
	fake_file("test\n", "sys/module/virtio_vfio_bpf/version");
	fake_file("Y\n", "sys/module/module/parameters/sig_enforce");
	fake_file("O\n", "sys/module/virtio_vfio_bpf/taint");
	host();
	cr_expect_str_eq(row("lockdown"), "ok: integrity");
	cr_expect_str_eq(row("IOMMU"), "ok: the kernel uses one");
	cr_expect_str_eq(row("module"), "ok: virtio_vfio_bpf is loaded");
	cr_expect_str_eq(row("module signature"), "ok: it is signed, and the kernel has taken it");
	cr_expect_str_eq(row("BTF of the kernel"), "ok: there is some");
	cr_expect_str_eq(row("BTF of the module"), "ok: there is some");
}

Test(user_check, what_a_host_may_lack)
{
	fake_file("none integrity [confidentiality]\n", "sys/kernel/security/lockdown");
	fake_driver("unavailable: the module has no BTF\n", "");
	host();
	cr_expect(checks.failed);
	cr_expect_str_eq(row("lockdown"), "no: confidentiality");
	cr_expect_str_eq(row("IOMMU"), "no: the kernel uses none");
	cr_expect_str_eq(row("VFIO"), "no: vfio-pci-core is not loaded");
	cr_expect_str_eq(cure("VFIO"), "modprobe -a vfio-pci-core vfio_iommu_type1");
	cr_expect_str_eq(row("BTF of the kernel"), "no: there is none: no policies and no guards");
	cr_expect_str_eq(row("BTF of the module"), "no: there is none: no policies and no guards");
	cr_expect_str_eq(row("policies"), "no: the driver can have none: the module has no BTF");
	fake_file("9\n", FAKE_API_VERSION);
	host();
	cr_expect(strstr(row("versions"), "no: this program is older than module"));
	setenv("VVB_SYSFS", "/nonexistent", 1);
	host();
	cr_expect_str_eq(row("module"), "no: virtio_vfio_bpf is not loaded");
	cr_expect_str_eq(cure("module"), "modprobe virtio_vfio_bpf");
	cr_expect_str_eq(row("versions"), "unknown: the module is not loaded");
	cr_expect_str_eq(row("policies"), "unknown: the module is not loaded");
}

/* A module that would be loaded, and needs a signature. */
Test(user_check, signatures)
{
	fake_file("N\n", "sys/module/module/parameters/sig_enforce");
	fake_remove(FAKE_API_VERSION);
	fake_remove("sys/bus/pci/drivers/virtio_vfio_bpf/bpf");
	fake_remove("sys/bus/pci/drivers/virtio_vfio_bpf/policies");
	fake_remove("sys/bus/pci/drivers/virtio_vfio_bpf/" VF);
	fake_remove("sys/bus/pci/drivers/virtio_vfio_bpf");
	host();
	cr_expect_str_eq(row("module signature"), "ok: this kernel loads modules without one, too");
	fake_file("none [integrity] confidentiality\n", "sys/kernel/security/lockdown");
	host();
	cr_expect_str_eq(row("module signature"), "unknown: this kernel loads signed modules only");
	cr_expect(strstr(cure("module signature"), "mokutil --import"));
}

/* Of all parts that are installed; they may do together, so that is not what it fails for. */
Test(user_check, parts_of_other_releases)
{
	char path[256], program[300];

	snprintf(path, sizeof(path), "%s/../bin", getenv("VVB_SYSFS"));
	setenv("PATH", path, 1);
	fake_file("#!/bin/sh\necho vvbd 0.1.5\n", "bin/vvbd");
	snprintf(program, sizeof(program), "%s/vvbd", path);
	cr_assert_eq(chmod(program, 0755), 0);
	fake_file("test\n", "sys/module/virtio_vfio_bpf/version");
	host();
	cr_expect(strstr(row("versions"), "no: vvbctl test, module test, vvbd 0.1.5"), "%s",
		  row("versions"));
	cr_assert_eq(unlink(program), 0);
	host();
	cr_expect(strstr(row("versions"), "ok: vvbctl test, module test, API version 1"), "%s",
		  row("versions"));
}

/* ---- configuration space ---- */

static unsigned char space[PCI_CONFIG_LEN];

static void virtio_cap(unsigned int at, unsigned int next, unsigned int type, unsigned int bar,
		       unsigned int len)
{
	space[at] = 0x09;
	space[at + 1] = (unsigned char)next;
	space[at + 2] = 16;
	space[at + 3] = (unsigned char)type;
	space[at + 4] = (unsigned char)bar;
	space[at + 12] = (unsigned char)len;
}

static void typical(void)
{
	memset(space, 0, sizeof(space));
	space[0x34] = 0x40;
	virtio_cap(0x40, 0x50, 1, 2, 64);
	virtio_cap(0x50, 0x60, 4, 2, 24);
	virtio_cap(0x60, 0x70, 5, 4, 0); /* to be written by the guest */
	space[0x70] = 0x11;
	space[0x74] = 4;
}

Test(user_check, where_registers_lie)
{
	struct pci_layout layout;

	typical();
	cr_assert(pci_config_layout(space, &layout));
	cr_expect_eq(layout.msix_bar, 4);
	cr_expect_not(layout.beside_msix);
	cr_expect_eq(layout.config_len, 24);
	space[0x74] = 2;
	cr_assert(pci_config_layout(space, &layout));
	cr_expect(layout.beside_msix);
	space[0x61] = 0; /* no MSI-X */
	cr_assert(pci_config_layout(space, &layout));
	cr_expect_eq(layout.msix_bar, -1);
	cr_expect_not(layout.beside_msix);
}

Test(user_check, lists_that_are_broken)
{
	struct pci_layout layout;

	memset(space, 0, sizeof(space));
	cr_expect(pci_config_layout(space, &layout), "none is no fault");
	cr_expect_eq(layout.config_len, 0);
	typical();
	space[0x71] = 0x40; /* round and round */
	cr_expect_not(pci_config_layout(space, &layout));
	space[0x71] = 0x10; /* into the header */
	cr_expect_not(pci_config_layout(space, &layout));
	typical();
	space[0x71] = 0xfc; /* one at the very end, cut off by it */
	space[0xfc] = 0x09;
	cr_expect(pci_config_layout(space, &layout));
	for (unsigned int i = 0; i < 100000; i++) {
		for (unsigned int at = 0x34; at < sizeof(space); at++)
			space[at] = (unsigned char)rand();
		pci_config_layout(space, &layout);
	}
}

/* ---- how the kernel was built ---- */

#define CONFIG "# CONFIG_A is not set\nCONFIG_B=y\nCONFIG_C=m\nCONFIG_D=5\nCONFIG_EB=y\n"

static void check_config(const char *path)
{
	struct kernel_config *config = kernel_config_from(path);

	cr_assert_not_null(config);
	cr_expect_not(kernel_config_has(config, "A"));
	cr_expect(kernel_config_has(config, "B"));
	cr_expect(kernel_config_has(config, "C"));
	cr_expect_not(kernel_config_has(config, "D"));
	cr_expect_not(kernel_config_has(config, "E"));
	cr_expect_str_eq(kernel_config_path(config), path);
	kernel_config_free(config);
}

Test(user_check, options_of_a_kernel)
{
	char path[256];
	gzFile file;

	fake_file(CONFIG, "config");
	snprintf(path, sizeof(path), "%s/../config", getenv("VVB_SYSFS"));
	check_config(path);
	file = gzopen(path, "w");
	cr_assert_gt(gzputs(file, CONFIG), 0);
	gzclose(file);
	check_config(path);
	cr_expect_null(kernel_config_from("/nonexistent"));
}
