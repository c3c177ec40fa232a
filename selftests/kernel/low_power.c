// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A VMM puts the VF to sleep (VFIO low power entry); an access to BAR0 wakes it:
 * low_power VF
 * low_power VF late	it falls asleep while an access is under way; with the policy `late`
 * low_power VF intx	it sleeps as it is closed, with INTx on; it has Power Management
 */
#include <pthread.h>
#include <unistd.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "intx.h"
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

static int sleep_until_woken(int eventfd)
{
	struct {
		struct vfio_device_feature feature;
		struct vfio_device_low_power_entry_with_wakeup entry;
	} arg = {
		.feature.argsz = sizeof(arg),
		.feature.flags =
			VFIO_DEVICE_FEATURE_SET | VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY_WITH_WAKEUP,
		.entry.wakeup_eventfd = eventfd,
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

/* ---- asleep in the middle of an access ---- */

/* A second goes by before the command. */
static void *read_queue_size(void *unused)
{
	(void)unused;
	check(legacy_get16(&vf, LEGACY_QUEUE_SIZE) != 0xffff, "queue_size read");
	return NULL;
}

/* It falls asleep while an access waits. When the device is needed it wakes, and tells of that. */
static void asleep_meanwhile(void)
{
	int wakeup = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	pthread_t thread;
	uint64_t woken = 0;
	unsigned int i;

	pthread_create(&thread, NULL, read_queue_size, NULL);
	usleep(100000);
	check_eq(sleep_until_woken(wakeup), 0, "low power entry meanwhile");
	for (i = 0; i < 60 && !asleep(); i++)
		usleep(10000);
	check_eq(asleep(), 1, "the VF sleeps before the device is needed");
	pthread_join(thread, NULL);
	check(read(wakeup, &woken, sizeof(woken)) == sizeof(woken) && woken == 1, "it was woken");
	check_eq(asleep(), 0, "the VF is awake");
	feature(VFIO_DEVICE_FEATURE_LOW_POWER_EXIT);
	close(wakeup);
}

/* ---- closed asleep, while vectors of the VF are the driver's ---- */

static void fall_asleep(void)
{
	unsigned int tries;

	check_eq(feature(VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY), 0, "low power entry");
	for (tries = 0; tries < 100 && !asleep(); tries++)
		usleep(20000);
	check(tries < 100, "the VF sleeps");
}

static void to_d3hot(void)
{
	unsigned int at = check_vf_capability(&vf, PCI_CAP_ID_PM);

	check_eq(vf_config_put(&vf, at + PCI_PM_CTRL, 2, 3), 0, "to D3hot");
}

static void closed_asleep(const char *bdf)
{
	void (*const ways[])(void) = { fall_asleep, to_d3hot };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		check_eq(intx_on(&vf, intx_event()), 0, "INTx on");
		ways[i]();
		vf_close(&vf);
		check_vf_open(&vf, bdf);
	}
	check_eq(intx_on(&vf, intx_event()), 0, "INTx on");
	vf_close(&vf);
}

int main(int argc, char **argv)
{
	unsigned int tries;
	uint32_t features;
	int err;

	if (argc < 2)
		check_die("usage: low_power VF [late|intx]");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	features = legacy_get32(&vf, LEGACY_DEVICE_FEATURES);
	check(features != 0 && features != 0xffffffff, "device_features 0x%x", features);
	err = feature(VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY);
	if (err == -ENOTTY) {
		printf("SKIP no low power entry in this kernel\n");
		return CHECK_SKIP;
	}
	check_eq(err, 0, "low power entry");
	if (argc > 2 && !strcmp(argv[2], "intx")) {
		check_eq(feature(VFIO_DEVICE_FEATURE_LOW_POWER_EXIT), 0, "low power exit");
		closed_asleep(argv[1]);
		return check_result();
	}
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
