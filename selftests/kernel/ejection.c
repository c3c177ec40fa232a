// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The policy `error` gives up on itself at a read of queue_size; the daemon hears of it, and
 * the report says all of it: ejection VF
 */
#include <sys/ioctl.h>
#include <time.h>
#include <linux/pci_regs.h>

#include "check.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

static struct vf vf;
static struct daemon d;

static void report(struct vvb_ejection *e)
{
	memset(e, 0xff, sizeof(*e));
	e->argsz = sizeof(*e);
	e->flags = 0;
	e->vf = stats_vf_id(vf.bdf);
	if (ioctl(d.channel, VVB_IOC_EJECTION, e))
		check_die("VVB_IOC_EJECTION: %s", strerror(errno));
}

static void judge(const struct vvb_ejection *e, uint16_t size)
{
	const __u64 now = (__u64)time(NULL) * 1000000000u;

	check_eq(e->kind, VVB_EJECTED_ERROR, "kind");
	check_eq(e->code, 42, "code");
	check(!strcmp(e->policy, "error"), "policy %.16s", e->policy);
	check(!strcmp(e->message, "no queue is this small"), "message %.80s", e->message);
	check(e->time_ns <= now + 2000000000u && e->time_ns + 60000000000u > now, "time");
	check_eq(e->access, 1, "there is an access");
	check_eq(e->field, VVB_FIELD_QUEUE_SIZE, "field");
	check_eq(e->offset, LEGACY_QUEUE_SIZE, "offset");
	check_eq(e->width, 2, "width");
	check_eq(e->write, 0, "a read");
	check(size != 7, "the default answered: queue_size %u", size);
}

int main(int argc, char **argv)
{
	struct vvb_request request;
	struct vvb_ejection e;
	uint16_t size, again;
	int err;

	if (argc < 2)
		check_die("usage: ejection VF");
	err = vf_open(&vf, argv[1]);
	if (!err)
		err = daemon_open(&d);
	if (!err)
		err = daemon_claim(&d, argv[1]);
	if (err)
		check_die("VF %s: %s", argv[1], strerror(-err));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	report(&e);
	check_eq(e.kind, VVB_EJECTED_NOT, "nothing to report yet");
	check(legacy_get32(&vf, LEGACY_DEVICE_FEATURES) != 0, "device_features");
	check_eq(daemon_wait(&d, &request, 0), -EAGAIN, "no notice yet");
	size = legacy_get16(&vf, LEGACY_QUEUE_SIZE);
	check_eq(daemon_wait(&d, &request, 2000), 0, "a notice for the daemon");
	check_eq(request.kind, VVB_REQUEST_EJECTED, "that a policy was ejected");
	check_eq((long long)request.id, 0, "to which there is no reply");
	check_eq((long long)request.vf, (long long)stats_vf_id(vf.bdf), "of this VF");
	report(&e);
	judge(&e, size);
	again = legacy_get16(&vf, LEGACY_QUEUE_SIZE);
	check_eq(again, size, "the default from then on");
	check_eq(daemon_wait(&d, &request, 0), -EAGAIN, "told once");
	daemon_close(&d);
	vf_close(&vf);
	return check_result();
}
