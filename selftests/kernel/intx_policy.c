// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a verdict on a read of the ISR byte does to INTx: intx_policy VF kernel|deny|emulate|punt
 *
 * The VF's policy, or the guard, says so of each such read.
 */
#include <linux/pci_regs.h>
#include <sys/ioctl.h>

#include "check_vf.h"
#include "intx.h"
#include "knob.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

#define WAIT_MS 2000

static struct vf vf;
static struct daemon d;
static int event;

static int line_is_up(void)
{
	return !!(vf_config_get(&vf, PCI_STATUS, 2) & PCI_STATUS_INTERRUPT);
}

static uint64_t commands(void)
{
	struct vvb_stats stats;
	uint64_t sum = 0;
	unsigned int i;

	if (stats_read(vf.bdf, &stats))
		check_die("no counters");
	for (i = 0; i < ARRAY_SIZE(stats.commands); i++)
		sum += stats.commands[i];
	return sum;
}

static uint64_t reads(void)
{
	struct vvb_stats stats;

	if (stats_read(vf.bdf, &stats))
		check_die("no counters");
	return stats.field[VVB_FIELD_ISR_STATUS].reads;
}

static void start(void)
{
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER);
	legacy_put32(&vf, LEGACY_DRIVER_FEATURES, 1u << 16);
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 0);
	legacy_put32(&vf, LEGACY_QUEUE_ADDRESS, VF_DMA_IOVA / 4096);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS,
		    LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER | LEGACY_STATUS_DRIVER_OK);
}

/* A new one; or that again which nobody was shown. */
static void interrupt(void)
{
	static int up = 1;
	int again = line_is_up();

	intx_unmask(&vf);
	if (!again) {
		up = !up;
		knob_set(up ? "link-up" : "link-down", "1");
	}
	check_eq((long long)intx_signals(event, (int)check_ms(WAIT_MS)), 1, "an interrupt");
	check_eq(line_is_up(), 1, "the line is up");
}

/* Read once: @value is what the guest gets, and the line is up or down after that. */
static void isr_gives(uint8_t value, int line, const char *what)
{
	uint64_t before = commands(), counted = reads();

	check_eq(legacy_get8(&vf, LEGACY_ISR_STATUS), value, "%s: ISR", what);
	check_eq((long long)(commands() - before), 0, "%s: commands", what);
	check_eq((long long)(reads() - counted), 1, "%s: it is counted", what);
	check_eq(line_is_up(), line, "%s: the line is %s", what, line ? "up" : "down");
}

/* Read once, as a daemon answers. */
static void daemon_gives(enum vvb_reply_action action, uint8_t value, int line, const char *what)
{
	struct vvb_reply reply = { .action = action, .value = 0x40 };
	struct vvb_request request;
	struct vcpu vcpu;

	interrupt();
	vcpu_read(&vcpu, &vf, LEGACY_ISR_STATUS, 1);
	if (daemon_wait(&d, &request, WAIT_MS))
		check_die("%s: no request", what);
	reply.id = request.id;
	if (action == VVB_REPLY_COMMAND)
		daemon_command(&request, &reply.command);
	check_eq(daemon_reply(&d, &reply), 0, "%s: taken", what);
	vcpu_join(&vcpu, WAIT_MS);
	check_eq((long long)vcpu.value, value, "%s: ISR", what);
	check_eq(line_is_up(), line, "%s: the line is %s", what, line ? "up" : "down");
}

/* A command of its own reads, and clears, the same byte. */
static void daemon_looks(void)
{
	struct vvb_own_command own = { .argsz = sizeof(own) };
	struct vvb_request request;
	struct vcpu vcpu;

	interrupt();
	vcpu_read(&vcpu, &vf, LEGACY_ISR_STATUS, 1);
	if (daemon_wait(&d, &request, WAIT_MS))
		check_die("its own: no request");
	own.id = request.id;
	daemon_command(&request, &own.command);
	check(!ioctl(d.session, VVB_IOC_COMMAND, &own) && !own.status, "a command of its own");
	check_eq(own.result[0], LEGACY_ISR_CONFIG, "gives the byte");
	check_eq(line_is_up(), 0, "and lowers the line");
	daemon_reply_value(&d, request.id, own.result[0]);
	vcpu_join(&vcpu, WAIT_MS);
	check_eq((long long)vcpu.value, LEGACY_ISR_CONFIG, "which the guest gets");
}

static void punted(void)
{
	interrupt();
	isr_gives(LEGACY_ISR_CONFIG, 0, "no daemon, so the kernel");
	if (daemon_open(&d) || daemon_claim(&d, vf.bdf))
		check_die("no channel");
	daemon_gives(VVB_REPLY_COMMAND, LEGACY_ISR_CONFIG, 0, "a command");
	daemon_gives(VVB_REPLY_DIRECT, LEGACY_ISR_CONFIG, 0, "do it yourself");
	daemon_gives(VVB_REPLY_VALUE, 0x40, 1, "a value");
	daemon_gives(VVB_REPLY_DENY, 0xff, 1, "denied");
	daemon_looks();
	daemon_close(&d);
}

static void judged(const char *how)
{
	interrupt();
	if (!strcmp(how, "kernel"))
		isr_gives(LEGACY_ISR_CONFIG, 0, how);
	else
		isr_gives(strcmp(how, "deny") ? 0 : 0xff, 1, how);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		check_die("usage: intx_policy VF kernel|deny|emulate|punt");
	event = intx_event();
	check_vf_open(&vf, argv[1]);
	knob_set("link-up", "1");
	check_eq(intx_on(&vf, event), 0, "INTx on");
	start();
	if (!strcmp(argv[2], "punt"))
		punted();
	else
		judged(argv[2]);
	knob_set("link-up", "1");
	vf_close(&vf);
	return check_result();
}
