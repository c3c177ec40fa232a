// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * From D0 to D3hot and back by config space: power_state VF kept|lost|access|stalled
 *
 *	kept	the VF keeps its state (No_Soft_Reset)
 *	lost	the way back is a reset; the policy `defer` has selects kept back
 *	access	the same while a daemon has an access in hand; the policy punts
 *	stalled	the same while a command is unanswered; the VF has admin_timeout_ms set
 */
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/ioctl.h>

#include "check_vf.h"
#include "knob.h"
#include "legacy.h"
#include "punt.h"

#define D0 0
#define D3HOT 3

static struct vf vf;
static unsigned int control; /* of the Power Management capability */

static int put_state(unsigned int state)
{
	return vf_config_put(&vf, control, 2, state);
}

static unsigned int get_state(void)
{
	return vf_config_get(&vf, control, 2) & PCI_PM_CTRL_STATE_MASK;
}

static void sleep_and_wake(void)
{
	check_eq(put_state(D3HOT), 0, "to D3hot");
	check_eq(get_state(), D3HOT, "the VF is there");
	check_eq(put_state(D0), 0, "to D0");
	check_eq(get_state(), D0, "the VF is there");
}

static int feature(uint32_t what)
{
	struct vfio_device_feature arg = { .argsz = sizeof(arg), .flags = what };

	return ioctl(vf.device, VFIO_DEVICE_FEATURE, &arg) ? -errno : 0;
}

static void kept(void)
{
	long long resets = knob_counter(1, "resets");

	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE);
	sleep_and_wake();
	check_eq(knob_counter(1, "resets"), resets, "resets");
	check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), LEGACY_STATUS_ACKNOWLEDGE,
		 "device_status is kept, I/O decoding too");
	check_eq(feature(VFIO_DEVICE_FEATURE_PROBE | VFIO_DEVICE_FEATURE_SET |
			 VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY),
		 0, "low power is offered");
}

/* What was selected before the reset is not known after it: the same select is no news. */
static void lost(void)
{
	uint32_t before = vf_config_get(&vf, PCI_COMMAND, 2);
	long long resets = knob_counter(1, "resets");

	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE);
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 1);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 1, "queue 1 is selected");
	sleep_and_wake();
	check_eq(knob_counter(1, "resets"), resets + 1, "resets");
	check_eq(vf_config_get(&vf, PCI_COMMAND, 2), before, "the command register");
	check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), 0, "device_status is 0");
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 1);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 1, "queue 1 is selected again");
}

static void no_low_power(void)
{
	static const uint32_t features[] = {
		VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY,
		VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY_WITH_WAKEUP,
		VFIO_DEVICE_FEATURE_LOW_POWER_EXIT,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(features); i++) {
		check_eq(feature(VFIO_DEVICE_FEATURE_SET | features[i]), -ENOTTY,
			 "feature %u, low power", features[i]);
		check_eq(feature(VFIO_DEVICE_FEATURE_PROBE | VFIO_DEVICE_FEATURE_SET | features[i]),
			 -ENOTTY, "feature %u, asked for", features[i]);
	}
}

static void *cycle(void *arg)
{
	(void)arg;
	put_state(D3HOT);
	put_state(D0);
	return NULL;
}

/* The reset waits for the access. */
static void during_access(void)
{
	long long resets = knob_counter(1, "resets");
	struct vvb_request r;
	pthread_t thread;
	struct daemon d;
	struct vcpu v;

	if (daemon_open(&d) || daemon_claim(&d, vf.bdf))
		check_die("daemon: %s", strerror(errno));
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	check_eq(daemon_wait(&d, &r, 5000), 0, "an access waits for its daemon");
	pthread_create(&thread, NULL, cycle, NULL);
	usleep((useconds_t)check_ms(300) * 1000);
	check_eq(knob_counter(1, "resets"), resets, "resets while it does");
	check_eq(daemon_reply_value(&d, r.id, 0x123), 0, "the daemon answers");
	check_eq(vcpu_join(&v, check_ms(5000)), 0, "the access ends");
	check_eq((long long)v.value, 0x123, "with the answer");
	pthread_join(thread, NULL);
	check_eq(knob_counter(1, "resets"), resets + 1, "resets after it");
	daemon_close(&d);
}

static void while_stalled(void)
{
	unsigned int i;

	check(!knob_set("hang-queue", "true"), "the device hangs");
	check_eq(legacy_get32(&vf, LEGACY_DEVICE_FEATURES), 0xffffffff, "an access");
	check_eq(put_state(D3HOT), -EBUSY, "to D3hot");
	check_eq(get_state(), D0, "the VF has not moved");
	check(!knob_set("hang-queue", "false"), "it answers");
	for (i = 0; i < 50 && legacy_get32(&vf, LEGACY_DEVICE_FEATURES) == ~0u; i++)
		usleep(100000);
	check(i < 50, "accesses work again");
	sleep_and_wake();
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[2] : "";

	if (argc < 3)
		check_die("usage: power_state VF kept|lost|access|stalled");
	check_vf_open(&vf, argv[1]);
	control = check_vf_capability(&vf, PCI_CAP_ID_PM) + PCI_PM_CTRL;
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	if (!strcmp(what, "kept")) {
		kept();
	} else if (!strcmp(what, "lost")) {
		lost();
		no_low_power();
	} else if (!strcmp(what, "access")) {
		during_access();
	} else {
		while_stalled();
	}
	vf_close(&vf);
	return check_result();
}
