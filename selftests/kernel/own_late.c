// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A daemon's own command has to wait for its turn, and meanwhile the request it is for runs into
 * its deadline: it is not sent any more. own_late (the VFs come by VVB_VFS, nine of them)
 *
 * The first VF's policy must punt control accesses. The others have their commands in the device,
 * as many as may be there of one PF, and the device hangs.
 */
#include <stdlib.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/ioctl.h>
#include <vvb/admin.h>

#include "check_vf.h"
#include "legacy.h"
#include "monitor.h"
#include "punt.h"
#include "stats.h"

#define OTHERS 8 /* commands that may be in flight, VVB_SLOTS of the driver */
#define DEADLINE_MS check_ms(500)
#define WRITTEN 0x28

static struct vf vf, others[OTHERS];
static struct vcpu vcpus[OTHERS];
static struct daemon d;
static struct monitor monitor;

/**
 * struct own - a command of the daemon's own, in a thread that waits for its end
 * @err:	of the ioctl
 */
struct own {
	pthread_t thread;
	struct vvb_own_command command;
	int err;
};

static void attr(const char *bdf, const char *name, long value)
{
	char text[16];
	int err;

	snprintf(text, sizeof(text), "%ld", value);
	err = vf_attr_set(bdf, name, text);
	if (err)
		check_die("%s %s=%s: %s", bdf, name, text, strerror(-err));
}

static void open_one(struct vf *v, const char *bdf)
{
	check_vf_open(v, bdf);
	vf_command(v, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	attr(bdf, "admin_timeout_ms", 60000);
}

static void open_all(void)
{
	char bdfs[OTHERS + 1][16];
	unsigned int i;

	if (vf_names(bdfs, OTHERS + 1) != OTHERS + 1)
		check_die("%d VFs are needed", OTHERS + 1);
	open_one(&vf, bdfs[0]);
	for (i = 0; i < OTHERS; i++)
		open_one(&others[i], bdfs[i + 1]);
	attr(vf.bdf, "punt_timeout_ms", DEADLINE_MS);
}

static void hang(const char *value)
{
	int err = monitor_set(&monitor, "hang-queue", value);

	if (err)
		check_die("hang-queue=%s: %s", value, strerror(-err));
}

static void *own_run(void *arg)
{
	struct own *own = arg;

	own->err = ioctl(d.session, VVB_IOC_COMMAND, &own->command) ? errno : 0;
	return NULL;
}

/* A write of driver_features on behalf of a read of device_features. */
static void own_start(struct own *own, const struct vvb_request *request)
{
	struct vvb_request write = *request;

	write.write = 1;
	write.offset = LEGACY_DRIVER_FEATURES;
	write.value = WRITTEN;
	*own = (struct own) { .command.argsz = sizeof(own->command), .command.id = request->id };
	daemon_command(&write, &own->command.command);
	pthread_create(&own->thread, NULL, own_run, own);
}

static void in_time(void)
{
	struct vvb_request r;
	struct vcpu v;
	struct own own;

	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	check_eq(daemon_wait(&d, &r, 2000), 0, "in time: has the request");
	own_start(&own, &r);
	pthread_join(own.thread, NULL);
	check(!own.err && !own.command.status, "in time: the command ran");
	daemon_reply_value(&d, r.id, 1);
	vcpu_join(&v, 5000);
}

static void too_late(void)
{
	struct vvb_request r;
	struct vcpu v;
	struct own own;
	unsigned int i;

	hang("true");
	for (i = 0; i < OTHERS; i++)
		vcpu_read(&vcpus[i], &others[i], LEGACY_DEVICE_FEATURES, 4);
	usleep(200000); /* they have all slots now */
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	check_eq(daemon_wait(&d, &r, 2000), 0, "too late: has the request");
	own_start(&own, &r);
	if (vcpu_join(&v, DEADLINE_MS + 5000))
		check_die("the access is still stuck");
	check(v.value == 0xffffffff, "too late: the access got %llx", (unsigned long long)v.value);
	hang("false");
	pthread_join(own.thread, NULL);
	check_eq(own.err, ENOENT, "too late: no such request any more");
	for (i = 0; i < OTHERS; i++)
		check(!vcpu_join(&vcpus[i], 5000) && vcpus[i].value != 0xffffffff,
		      "too late: another VF's command had its answer");
}

static void policy(const char *name)
{
	int err = vf_attr_set(vf.bdf, "policy", name);

	if (err)
		check_die("policy %s: %s", name, strerror(-err));
}

/* What the device has, whoever wrote it. */
static uint32_t driver_features(void)
{
	policy("none");
	return legacy_get32(&vf, LEGACY_DRIVER_FEATURES);
}

int main(void)
{
	__u64 errors;
	unsigned int i;

	open_all();
	if (monitor_open(&monitor) || daemon_open(&d) || daemon_claim(&d, vf.bdf))
		check_die("daemon, monitor: %s", strerror(errno));
	in_time();
	check_eq(driver_features(), WRITTEN, "in time: what it wrote");
	legacy_put32(&vf, LEGACY_DRIVER_FEATURES, 0);
	policy("split");
	errors = stats_event(vf.bdf, VVB_EV_COMMAND_ERROR);
	too_late();
	check_eq(driver_features(), 0, "too late: nothing was written");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_COMMAND_ERROR) - errors), 0,
		 "too late: no command failed");
	daemon_close(&d);
	monitor_close(&monitor);
	vf_close(&vf);
	for (i = 0; i < OTHERS; i++)
		vf_close(&others[i]);
	return check_result();
}
