// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What vvbctl check finds of the machine: its kernel, IOMMU, VFIO, and the module. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "check.h"
#include "kernel_config.h"
#include "libvvb/api.h"
#include "libvvb/paths.h"
#include "libvvb/rights.h"
#include "vvbctl.h"

#define LEAST_MAJOR 6
#define LEAST_MINOR 12

/* Below sysfs. */
static bool is_there(const char *below)
{
	char path[PATH_MAX];

	return !vvb_path(path, sizeof(path), "%s/%s", vvb_sysfs_path(), below) &&
	       !access(path, F_OK);
}

static int read_below(const char *below, char *text, size_t size)
{
	char path[PATH_MAX];
	int err = vvb_path(path, sizeof(path), "%s/%s", vvb_sysfs_path(), below);

	return err ? err : vvb_read_text(path, text, size);
}

static bool has_module(void)
{
	return vvb_api_of_module() != -ENOENT;
}

/* ---- the kernel ---- */

static void check_version(struct checks *checks)
{
	const struct check row = { .name = "kernel", .cure = "Linux 6.12 or later" };
	unsigned int major = 0, minor = 0;
	struct utsname name;
	bool enough;

	uname(&name);
	enough = sscanf(name.release, "%u.%u", &major, &minor) == 2 &&
		 (major > LEAST_MAJOR || (major == LEAST_MAJOR && minor >= LEAST_MINOR));
	check_add(checks, &row, enough ? CHECK_OK : CHECK_NO, "Linux %s", name.release);
}

/* @option: or another that does the same, behind a blank. */
static void check_option(struct checks *checks, const struct kernel_config *config,
			 const char *option)
{
	char name[160], cure[256], one[64];
	const char *other = strchr(option, ' ');
	bool has;

	snprintf(one, sizeof(one), "%.*s", (int)strcspn(option, " "), option);
	snprintf(name, sizeof(name), "CONFIG_%s%s%s", one, other ? " or CONFIG_" : "",
		 other ? other + 1 : "");
	snprintf(cure, sizeof(cure), "a kernel with %s, as Debian's 6.12 is", name);
	has = kernel_config_has(config, one) || (other && kernel_config_has(config, other + 1));
	check_add(checks, &(struct check) { .name = name, .cure = cure }, has ? CHECK_OK : CHECK_NO,
		  "%s in %s", has ? "set" : "not set", kernel_config_path(config));
}

static void check_options(struct checks *checks)
{
	static const char *const wanted[] = {
		"PCI_IOV",
		"VIRTIO_PCI_ADMIN_LEGACY",
		"VFIO_PCI_CORE",
		"VFIO_IOMMU_TYPE1 IOMMUFD",
		"BPF_SYSCALL",
		"BPF_JIT",
		"DEBUG_INFO_BTF",
		"DEBUG_INFO_BTF_MODULES",
		"DYNAMIC_FTRACE_WITH_DIRECT_CALLS",
		NULL,
	};
	const struct check row = {
		.name = "kernel configuration",
		.cure = "/boot/config-RELEASE of this kernel, or one with CONFIG_IKCONFIG_PROC",
	};
	struct kernel_config *config = kernel_config_read();

	if (!config)
		check_add(checks, &row, CHECK_UNKNOWN, "neither /proc/config.gz nor /boot has it");
	for (int i = 0; config && wanted[i]; i++)
		check_option(checks, config, wanted[i]);
	kernel_config_free(config);
}

/* The word in brackets of "none [integrity] confidentiality". */
static void chosen(char *text)
{
	char *open = strchr(text, '['), *close = open ? strchr(open, ']') : NULL;

	if (!close)
		return;
	*close = '\0';
	memmove(text, open + 1, strlen(open + 1) + 1);
}

static void check_lockdown(struct checks *checks)
{
	const struct check row = {
		.name = "lockdown",
		.cure = "lockdown=integrity, as guards and some policies read memory of the kernel",
	};
	char mode[64] = "none";
	int err = read_below("kernel/security/lockdown", mode, sizeof(mode));

	chosen(mode);
	if (err && err != -ENOENT)
		check_add(checks, &row, CHECK_UNKNOWN, "%s", why(err));
	else
		check_add(checks, &row, strcmp(mode, "confidentiality") ? CHECK_OK : CHECK_NO, "%s",
			  err ? "this kernel has none, or securityfs is not mounted" : mode);
}

/* A kernel that looks at signatures at all has this file, and marks a module that has none. */
#define SIG_ENFORCE "module/module/parameters/sig_enforce"

static bool wants_signature(void)
{
	char text[64] = "";

	if (!read_below(SIG_ENFORCE, text, sizeof(text)) && *text == 'Y')
		return true;
	if (read_below("kernel/security/lockdown", text, sizeof(text)))
		return false;
	chosen(text);
	return strcmp(text, "none");
}

static void check_signature(struct checks *checks)
{
	const struct check row = {
		.name = "module signature",
		.cure = "sign the module with a key that the machine trusts (mokutil --import)",
	};
	char taints[32] = "";

	if (!is_there(SIG_ENFORCE)) {
		check_add(checks, &row, CHECK_OK, "this kernel does not look at it");
	} else if (has_module()) {
		read_below("module/" VVB_DRIVER "/taint", taints, sizeof(taints));
		check_add(checks, &row, CHECK_OK, "%s, and the kernel has taken it",
			  strchr(taints, 'E') ? "it has none" : "it is signed");
	} else if (wants_signature()) {
		check_add(checks, &row, CHECK_UNKNOWN, "this kernel loads signed modules only");
	} else {
		check_add(checks, &row, CHECK_OK, "this kernel loads modules without one, too");
	}
}

/* ---- what VFs are given away by ---- */

static bool has_entries(const char *below)
{
	char path[PATH_MAX];
	struct dirent *entry;
	bool any = false;
	DIR *dir;

	if (vvb_path(path, sizeof(path), "%s/%s", vvb_sysfs_path(), below))
		return false;
	dir = opendir(path);
	while (dir && !any && (entry = readdir(dir)))
		any = entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return any;
}

static void check_iommu(struct checks *checks)
{
	const struct check row = {
		.name = "IOMMU",
		.cure = "VT-d or AMD-Vi in the firmware, and intel_iommu=on for the kernel",
	};
	bool any = has_entries("class/iommu");

	check_add(checks, &row, any ? CHECK_OK : CHECK_NO, "%s",
		  any ? "the kernel uses one" : "the kernel uses none");
}

static void check_vfio(struct checks *checks)
{
	const struct check row = { .name = "VFIO",
				   .cure = "modprobe -a vfio-pci-core vfio_iommu_type1" };
	bool core = is_there("module/vfio_pci_core"), type1 = !access("/dev/vfio/vfio", F_OK);
	bool iommufd = !access("/dev/iommu", F_OK);

	if (core && (type1 || iommufd))
		check_add(checks, &row, CHECK_OK, "vfio-pci-core is loaded, and there is %s",
			  type1 ? "/dev/vfio/vfio" : "/dev/iommu");
	else
		check_add(checks, &row, CHECK_NO, "%s",
			  core ? "there is neither /dev/vfio/vfio nor /dev/iommu" :
				 "vfio-pci-core is not loaded");
}

/* ---- the module ---- */

static void check_module(struct checks *checks)
{
	const struct check row = { .name = "module", .cure = "modprobe " VVB_DRIVER };
	bool loaded = has_module();

	check_add(checks, &row, loaded ? CHECK_OK : CHECK_NO, VVB_DRIVER " is %sloaded",
		  loaded ? "" : "not ");
}

/* "vvbctl 1, module 1, ..." of what there is. Return: are all of one release? */
static bool list_versions(char *text, size_t size)
{
	static const struct {
		const char *key, *name;
	} parts[] = {
		{ "version", "vvbctl" },
		{ "module", "module" },
		{ "daemon", "vvbd" },
		{ "library", "libvvb.so" },
	};
	json_object *value = versions();
	bool same = true;
	size_t at = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && at < size; i++) {
		const char *is = text_of(value, parts[i].key);

		if (!json_object_object_get(value, parts[i].key))
			continue;
		at += snprintf(text + at, size - at, "%s%s %s", at ? ", " : "", parts[i].name, is);
		same = same && !strcmp(is, VVB_VERSION);
	}
	json_object_put(value);
	return same;
}

/* Parts of two releases that speak the same language were not tried together, but may do. */
static void check_versions(struct checks *checks)
{
	struct check row = { .name = "versions", .cure = "parts of one version: vvbctl version" };
	char text[256];
	int err = vvb_driver_api(text, sizeof(text));
	bool same;

	if (err == -ENOENT) {
		check_add(checks, &row, CHECK_UNKNOWN, "the module is not loaded");
		return;
	}
	if (err) {
		check_add(checks, &row, CHECK_NO, "%s", text);
		return;
	}
	same = list_versions(text, sizeof(text));
	row.optional = true;
	check_add(checks, &row, same ? CHECK_OK : CHECK_NO, "%s, API version %d", text,
		  VVB_API_VERSION);
}

static void check_btf(struct checks *checks)
{
	const struct check row = {
		.name = "BTF of the module",
		.cure = "build the module with pahole and the kernel's vmlinux, by make -C kmod",
	};
	const struct check kernel = { .name = "BTF of the kernel",
				      .cure = "a kernel with CONFIG_DEBUG_INFO_BTF" };
	bool any = is_there("kernel/btf/vmlinux");

	check_add(checks, &kernel, any ? CHECK_OK : CHECK_NO, "%s",
		  any ? "there is some" : "there is none: no policies and no guards");
	any = is_there("kernel/btf/" VVB_DRIVER);
	if (any)
		check_add(checks, &row, CHECK_OK, "there is some");
	else
		check_add(checks, &row, has_module() ? CHECK_NO : CHECK_UNKNOWN, "%s",
			  has_module() ? "there is none: no policies and no guards" :
					 "the module is not loaded");
}

static bool is_bpffs(void)
{
	struct statfs st;

	return !statfs(vvb_bpffs_path(), &st) && st.f_type == BPF_FS_MAGIC;
}

static void check_policies(struct checks *checks)
{
	struct check row = { .name = "policies" };
	char text[128] = "", *colon;
	int err = vvb_driver_bpf(text, sizeof(text));

	if (err == -EOPNOTSUPP) {
		row.cure = "see the two rows of BTF, and the kernel's log";
		colon = strstr(text, ": ");
		check_add(checks, &row, CHECK_NO, "the driver can have none: %s",
			  colon ? colon + 2 : text);
	} else if (err) {
		check_add(checks, &row, CHECK_UNKNOWN, "the module is not loaded");
	} else if (!is_bpffs()) {
		row.cure = "mount -t bpf none /sys/fs/bpf";
		check_add(checks, &row, CHECK_NO, "no BPF file system is mounted on %s",
			  vvb_bpffs_path());
	} else if (!vvb_rights_bpf()) {
		row.cure = "ask as root";
		check_add(checks, &row, CHECK_UNKNOWN,
			  "the driver takes them; to load one needs CAP_BPF and CAP_PERFMON");
	} else {
		check_add(checks, &row, CHECK_OK, "can be loaded");
	}
}

static void check_device(struct checks *checks)
{
	const struct check row = { .name = "/dev/vvb",
				   .cure = "be root, or in the group vvbd with its udev rule",
				   .optional = true };
	bool may = !access(vvb_device_path(), R_OK | W_OK);

	if (may)
		check_add(checks, &row, CHECK_OK, "can be opened by this user");
	else
		check_add(checks, &row, errno == EACCES ? CHECK_NO : CHECK_UNKNOWN, "%s",
			  strerror(errno));
}

void check_host(struct checks *checks)
{
	check_version(checks);
	check_options(checks);
	check_lockdown(checks);
	check_signature(checks);
	check_iommu(checks);
	check_vfio(checks);
	check_module(checks);
	check_versions(checks);
	check_btf(checks);
	check_policies(checks);
	check_device(checks);
}
