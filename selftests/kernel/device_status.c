// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * device_status VF - a status of the device is never taken for an error of the kernel's own
 *
 * Whatever number it is, the guest sees absent hardware, it is counted as the refusal that it
 * is, and many of them are rationed.
 */
#include <time.h>
#include <unistd.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "legacy.h"
#include "monitor.h"
#include "punt.h"
#include "stats.h"

#define FLOOD 100

static struct vf vf;
static struct monitor monitor;

/* ENOENT, EINTR, EAGAIN, ENOMEM, EBUSY, ENODEV, EINVAL, ETIMEDOUT, ECANCELED and none of all. */
static const int statuses[] = { 2, 4, 11, 12, 16, 19, 22, 110, 125, 65535 };

static void refuse_next(int status)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", status);
	if (monitor_set(&monitor, "admin-fail-status", text) ||
	    monitor_set(&monitor, "admin-fail-at", "1"))
		check_die("monitor: %s", monitor_said(&monitor));
}

static __u64 count(enum vvb_event event)
{
	return stats_event(vf.bdf, event);
}

static void one(int status)
{
	__u64 errors = count(VVB_EV_COMMAND_ERROR), gate = count(VVB_EV_PF_UNAVAILABLE);
	__u64 late = count(VVB_EV_COMMAND_TIMEOUT), retries = count(VVB_EV_COMMAND_RETRY);
	int again = status == 11;
	uint32_t value = 0;
	ssize_t n;

	refuse_next(status);
	n = legacy_read(&vf, LEGACY_DEVICE_FEATURES, &value, 4);
	check_eq(n, 4, "status %d: bytes read", status);
	check((value == ~0u) == !again, "status %d: 0x%x", status, value);
	if (!again) {
		refuse_next(status);
		check_eq(legacy_put16(&vf, LEGACY_QUEUE_SELECT, 1), 0, "status %d: a write",
			 status);
		check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 0, "status %d: it is dropped",
			 status);
	}
	check_eq((long long)(count(VVB_EV_COMMAND_ERROR) - errors), again ? 0 : 2,
		 "status %d: errors", status);
	check_eq((long long)(count(VVB_EV_COMMAND_RETRY) - retries), again, "status %d: retries",
		 status);
	check_eq((long long)(count(VVB_EV_PF_UNAVAILABLE) - gate + count(VVB_EV_COMMAND_TIMEOUT) -
			     late),
		 0, "status %d: taken for something else", status);
	usleep(700000); /* the ration fills up */
}

static void flood(int status)
{
	__u64 errors = count(VVB_EV_COMMAND_ERROR), limit = count(VVB_EV_COMMAND_LIMIT);
	time_t start = time(NULL);
	long most;
	int i, odd = 0, ones = 0;
	uint32_t value;

	for (i = 0; i < FLOOD; i++) {
		refuse_next(status);
		odd += legacy_read(&vf, LEGACY_DEVICE_FEATURES, &value, 4) != 4;
		ones += value == ~0u;
	}
	most = 16 + 4 * (long)(time(NULL) - start + 1);
	errors = count(VVB_EV_COMMAND_ERROR) - errors;
	limit = count(VVB_EV_COMMAND_LIMIT) - limit;
	check_eq(odd, 0, "status %d: accesses that failed otherwise", status);
	check_eq(ones, FLOOD, "status %d: all-ones", status);
	check(errors > 0 && errors <= (__u64)most, "status %d: %llu commands of %d, at most %ld",
	      status, (unsigned long long)errors, FLOOD, most);
	check_eq((long long)(errors + limit), FLOOD, "status %d: all are counted", status);
	monitor_set(&monitor, "admin-fail-at", "0");
	sleep(5);
}

/* A status that the device has not got brings nothing with it. */
static void no_bus_master(void)
{
	refuse_next(22);
	check_eq(legacy_put8(&vf, LEGACY_DEVICE_STATUS,
			     LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER),
		 0, "ACKNOWLEDGE|DRIVER written, and refused");
	check_eq(vf_config_get(&vf, PCI_COMMAND, 2) & PCI_COMMAND_MASTER, 0, "Bus Master");
}

int main(int argc, char **argv)
{
	unsigned int i;

	if (argc < 2)
		check_die("usage: device_status VF");
	if (monitor_open(&monitor))
		check_die("no monitor");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	for (i = 0; i < ARRAY_SIZE(statuses); i++)
		one(statuses[i]);
	sleep(2);
	no_bus_master();
	flood(2);
	flood(4);
	flood(19);
	vf_close(&vf);
	return check_result();
}
