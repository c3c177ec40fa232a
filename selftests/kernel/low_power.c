// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A VMM puts the VF to sleep (VFIO low power entry); an access to BAR0 wakes it:
 * low_power VF
 * low_power VF late	it falls asleep while an access is under way, with the policy `late-select`
 */
#include <pthread.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <linux/pci_regs.h>

#include "check.h"
#include "legacy.h"

static struct vf vf;

static int feature(uint32_t what)
{
	struct vfio_device_feature arg = {
		.argsz = sizeof(arg),
		.flags = VFIO_DEVICE_FEATURE_SET | what,
	};

	return ioctl(vf.device, VFIO_DEVICE_FEATURE, &arg) ? -errno : 0;
}

static int asleep(void)
{
	char path[96], state[32] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/power/runtime_status", vf.bdf);
	f = fopen(path, "r");
	if (!f || !fgets(state, sizeof(state), f))
		check_die("%s", path);
	fclose(f);
	return !strcmp(state, "suspended\n");
}

/* The policy `late-select` lets a second go by between the two registers. */
static void *select_and_kick(void *unused)
{
	const uint16_t both[] = { 0, 0 };

	(void)unused;
	check_eq(legacy_write(&vf, LEGACY_QUEUE_SELECT, both, sizeof(both)), sizeof(both),
		 "queue_select and queue_notify written at once");
	return NULL;
}

/* That the kick was not dropped is for its caller to see, in the counters. */
static void asleep_meanwhile(void)
{
	pthread_t thread;
	unsigned int i;

	pthread_create(&thread, NULL, select_and_kick, NULL);
	usleep(100000);
	check_eq(feature(VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY), 0, "low power entry meanwhile");
	for (i = 0; i < 60 && !asleep(); i++)
		usleep(10000);
	check_eq(asleep(), 1, "the VF sleeps between the two");
	pthread_join(thread, NULL);
	check_eq(feature(VFIO_DEVICE_FEATURE_LOW_POWER_EXIT), 0, "low power exit");
}

int main(int argc, char **argv)
{
	unsigned int tries;
	uint32_t features;
	int err;

	if (argc < 2)
		check_die("usage: low_power VF [late]");
	err = vf_open(&vf, argv[1]);
	if (err)
		check_die("VF %s: %s", argv[1], strerror(-err));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	features = legacy_get32(&vf, LEGACY_DEVICE_FEATURES);
	check(features != 0 && features != 0xffffffff, "device_features 0x%x", features);
	err = feature(VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY);
	if (err == -ENOTTY) {
		printf("SKIP no low power entry in this kernel\n");
		return CHECK_SKIP;
	}
	check_eq(err, 0, "low power entry");
	if (argc > 2) {
		check_eq(feature(VFIO_DEVICE_FEATURE_LOW_POWER_EXIT), 0, "low power exit");
		asleep_meanwhile();
		vf_close(&vf);
		return check_result();
	}
	for (tries = 0; tries < 100 && !asleep(); tries++)
		usleep(20000);
	check(tries < 100, "the VF sleeps");
	check_eq(legacy_get32(&vf, LEGACY_DEVICE_FEATURES), features, "a read while it sleeps");
	check_eq(legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, 0), 0, "a kick while it sleeps");
	check_eq(feature(VFIO_DEVICE_FEATURE_LOW_POWER_EXIT), 0, "low power exit");
	check_eq(asleep(), 0, "the VF is awake");
	check_eq(legacy_get32(&vf, LEGACY_DEVICE_FEATURES), features, "a read afterwards");
	vf_close(&vf);
	return check_result();
}
