// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <uapi/vvb.h>

#include "fake.h"

static char root[64];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void remove_tree(void)
{
	nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void put_path(const char *variable, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	mkdir(path, 0700);
	setenv(variable, path, 1);
}

void fake_tree(void)
{
	strcpy(root, "/tmp/vvb-unit-XXXXXX");
	if (!mkdtemp(root))
		abort();
	atexit(remove_tree);
	put_path("VVB_SYSFS", "sys");
	put_path("VVB_BPFFS", "bpf");
	put_path("VVB_DEVICE", "dev");
}

static void make_parents(char *path)
{
	for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}

static void full_path(char path[256], const char *fmt, va_list args)
{
	int at = snprintf(path, 256, "%s/", root);

	vsnprintf(path + at, 256 - at, fmt, args);
}

void fake_file(const char *text, const char *fmt, ...)
{
	char path[256];
	va_list args;
	FILE *file;

	va_start(args, fmt);
	full_path(path, fmt, args);
	va_end(args);
	make_parents(path);
	file = fopen(path, "w");
	if (!file || fputs(text, file) < 0 || fclose(file))
		abort();
}

void fake_remove(const char *fmt, ...)
{
	char path[256];
	va_list args;

	va_start(args, fmt);
	full_path(path, fmt, args);
	va_end(args);
	if (remove(path))
		abort();
}

const char *fake_read(const char *fmt, ...)
{
	static char text[4096];
	char path[256];
	va_list args;
	FILE *file;

	va_start(args, fmt);
	full_path(path, fmt, args);
	va_end(args);
	file = fopen(path, "r");
	if (!file)
		return NULL;
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	return text;
}

void fake_driver(const char *bpf, const char *policies)
{
	char version[16];

	snprintf(version, sizeof(version), "%d\n", VVB_API_VERSION);
	fake_file(version, FAKE_API_VERSION);
	fake_file(bpf, "sys/bus/pci/drivers/virtio_vfio_bpf/bpf");
	fake_file(policies, "sys/bus/pci/drivers/virtio_vfio_bpf/policies");
}

void fake_attribute(const char *bdf, const char *name, const char *value)
{
	fake_file(value, "sys/bus/pci/devices/%s/vvb/%s", bdf, name);
}

void fake_vf(const char *bdf, unsigned int id, unsigned int member)
{
	/* clang-format off */
	static const struct { const char *name, *value; } defaults[] = {
		{ "legacy", "auto\n" }, { "interface", "closed\n" }, { "policy", "none\n" },
		{ "policy_state", "none\n" }, { "shadow", "none\n" }, { "eject", "" },
		{ "policy_budget_us", "1000\n" }, { "on_daemon_loss", "kernel\n" },
		{ "punt_timeout_ms", "250\n" }, { "admin_timeout_ms", "0\n" },
		{ "daemon_uid", "0\n" }, { "stalled", "0\n" }, { "pf_stalled", "0\n" },
		{ "daemon", "none\n" }, { "notify", "closed\n" }, { "intx", "auto\n" },
		{ "interrupt", "closed\n" }, { "policy_required", "no\n" },
		{ "capable", "only\n" }, { "owner", "auto\n" }, { "owner_active", "pf\n" },
		{ "queue_size_max", "0\n" }, { "features_offered", "0\n" },
		{ "features_chosen", "0\n" }, { "features_taken", "0\n" },
		{ "ioeventfds", "0\n" }, { "kicks_by_vmm", "0\n" },
		{ "kicks_by_ioeventfd", "0\n" }, { "kicks_by_thread", "0\n" }, {}
	};
	/* clang-format on */
	char number[16];

	for (int i = 0; defaults[i].name; i++)
		fake_attribute(bdf, defaults[i].name, defaults[i].value);
	snprintf(number, sizeof(number), "%u\n", id);
	fake_attribute(bdf, "vf_id", number);
	snprintf(number, sizeof(number), "%u\n", member);
	fake_attribute(bdf, "member_id", number);
	fake_file("", "sys/bus/pci/drivers/virtio_vfio_bpf/%s", bdf);
}
