// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * INTx where the VF's vectors are not to be had: intx_refused VF refused|stalled|asleep|one|killed
 *
 *	refused	the device takes none of them, or says so when they are read back
 *	stalled	it does not answer; the VF has admin_timeout_ms=300
 *	asleep	INTx comes on in D3hot; the VF has Power Management
 *	one	there is but one vector
 *	killed	who sets INTx up is killed meanwhile; the VF has eight pairs of queues, and
 *		admin_timeout_ms=0
 *
 * The guest then has what it has without INTx, an ISR byte to poll; no access of it fails for that,
 * and the next reset of the device is a new try.
 */
#include <signal.h>
#include <linux/pci_regs.h>
#include <sys/wait.h>

#include "check_vf.h"
#include "intx.h"
#include "knob.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

#define WAIT_MS 2000
#define QUIET_MS 200
#define PFN (VF_DMA_IOVA / 4096)

static struct vf vf;
static int event;

static void told_by(const char *wanted, const char *when)
{
	char got[32] = "";

	vf_attr_get(vf.bdf, "interrupt", got, sizeof(got));
	check(!strcmp(got, wanted), "%s: interrupt is %s (wanted %s)", when, got, wanted);
}

static long long refusals(void)
{
	return (long long)stats_event(vf.bdf, VVB_EV_INTX_REFUSED);
}

static long long commands(void)
{
	struct vvb_stats stats;
	long long sum = 0;
	unsigned int i;

	if (stats_read(vf.bdf, &stats))
		check_die("no counters");
	for (i = 0; i < ARRAY_SIZE(stats.commands); i++)
		sum += (long long)stats.commands[i];
	return sum;
}

/* Up to where a queue gets its address. */
static void begin(void)
{
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER);
	legacy_put32(&vf, LEGACY_DRIVER_FEATURES, 1u << 16);
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 1);
}

static void finish(void)
{
	legacy_put8(&vf, LEGACY_DEVICE_STATUS,
		    LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER | LEGACY_STATUS_DRIVER_OK);
}

static uint32_t give_address(void)
{
	legacy_put32(&vf, LEGACY_QUEUE_ADDRESS, PFN);
	return legacy_get32(&vf, LEGACY_QUEUE_ADDRESS);
}

static void link_changes(uint64_t wanted, const char *when)
{
	knob_set("link-down", "1");
	check_eq((long long)intx_signals(event, wanted ? (int)check_ms(WAIT_MS) : QUIET_MS),
		 (long long)wanted, "%s: told of the link", when);
	knob_set("link-up", "1");
}

static void polls(const char *when)
{
	long long before = commands();

	told_by("polled", when);
	check_eq(legacy_get8(&vf, LEGACY_ISR_STATUS), LEGACY_ISR_CONFIG, "%s: ISR", when);
	check_eq(commands() - before, 1, "%s: commands of that", when);
	check_eq(legacy_get8(&vf, LEGACY_ISR_STATUS), 0, "%s: it is cleared", when);
}

static void new_try(const char *when)
{
	legacy_get8(&vf, LEGACY_ISR_STATUS);
	begin();
	told_by("intx", when);
	check_eq(give_address(), PFN, "%s: queue address", when);
	finish();
	intx_unmask(&vf);
	intx_signals(event, 0);
	link_changes(1, when);
	legacy_get8(&vf, LEGACY_ISR_STATUS);
	intx_unmask(&vf);
}

/* The driver takes MSI-X: of ours the device has none left. */
static void none_left(const char *when)
{
	int fds[2] = { event, event };

	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 1);
	check_eq(intx_off(&vf), 0, "%s: INTx off", when);
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, fds, 2), 0, "%s: MSI-X", when);
	check_eq(legacy_get16(&vf, LEGACY_CONFIG_VECTOR), LEGACY_NO_VECTOR, "%s: config_vector",
		 when);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_VECTOR), LEGACY_NO_VECTOR, "%s: queue_vector",
		 when);
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0), 0, "%s: MSI-X off", when);
	check_eq(intx_on(&vf, event), 0, "%s: INTx on", when);
}

/* The @nth command of those that tell the device of its vectors is refused. */
static void refused_at(const char *nth)
{
	long long before = refusals();
	char when[32];

	snprintf(when, sizeof(when), "command %s refused", nth);
	begin();
	told_by("intx", "before");
	knob_set("admin-fail-status", "22");
	knob_set("admin-fail-at", nth);
	check_eq(give_address(), PFN, "%s: queue address", when);
	check_eq(refusals() - before, 1, "%s: counted", when);
	finish();
	intx_signals(event, 0);
	link_changes(0, when);
	polls(when);
	none_left(when);
	new_try("the next driver");
	none_left("after that");
}

/* A driver whose queue_select is refused goes on with the queue that it had selected before. */
static void select_refused(void)
{
	int fds[2] = { event, event };

	begin();
	knob_set("admin-fail-at", "1");
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 0);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 1, "queue_select refused: what it was");
	check_eq(give_address(), PFN, "queue address");
	finish();
	told_by("intx", "queue_select refused");
	check_eq(intx_off(&vf), 0, "INTx off");
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 1, "queue_select is what it was");
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, fds, 2), 0, "MSI-X");
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_VECTOR), LEGACY_NO_VECTOR, "vector of queue 1");
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0), 0, "MSI-X off");
	check_eq(intx_on(&vf, event), 0, "INTx on");
	legacy_get8(&vf, LEGACY_ISR_STATUS);
	intx_unmask(&vf);
	intx_signals(event, 0);
}

/* Drivers that do not look whether a queue is there give it an address all the same. */
static void no_queue(uint16_t queue)
{
	long long before = refusals();

	begin();
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, queue);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SIZE), 0, "there is no queue %u", queue);
	legacy_put32(&vf, LEGACY_QUEUE_ADDRESS, PFN);
	told_by("intx", "an address for a queue that is not there");
	check_eq(refusals() - before, 0, "nothing was refused");
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 1);
	check_eq(give_address(), PFN, "an address for one that is");
	finish();
	intx_signals(event, 0);
	link_changes(1, "after that");
	legacy_get8(&vf, LEGACY_ISR_STATUS);
	/* over queues at work that one is no obstacle either */
	check_eq(intx_off(&vf), 0, "INTx off");
	check_eq(intx_on(&vf, event), 0, "INTx on");
	told_by("intx", "over queues at work");
	check_eq(refusals() - before, 0, "nothing was refused");
	legacy_get8(&vf, LEGACY_ISR_STATUS);
	intx_unmask(&vf);
	intx_signals(event, 0);
}

static void refused(void)
{
	long long before = refusals();

	refused_at("1"); /* config_vector, written and read */
	refused_at("2");
	refused_at("3"); /* queue_vector */
	refused_at("4");
	begin();
	knob_set("admin-short-result", "0"); /* which reads as another vector */
	legacy_put32(&vf, LEGACY_QUEUE_ADDRESS, PFN);
	knob_set("admin-short-result", "-1");
	told_by("polled", "read back wrong");
	check_eq(refusals() - before, 5, "counted");
	new_try("and again");
	/* over a queue at work */
	check_eq(intx_off(&vf), 0, "INTx off");
	knob_set("admin-fail-at", "2");
	check_eq(intx_on(&vf, event), 0, "INTx on over a queue at work, which is refused");
	told_by("polled", "at work");
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 1, "queue_select is what it was");
	check_eq(intx_off(&vf), 0, "INTx off");
	check_eq(intx_on(&vf, event), 0, "INTx on");
	told_by("polled", "refused until the next reset");
	new_try("the next driver");
	select_refused();
	no_queue(40);
	no_queue(2000);
}

/* An interrupt handler does not wait for another vCPU, and what that waits for. */
static void isr_waits_for_nobody(void)
{
	struct vcpu other;
	long start;

	vcpu_read(&other, &vf, LEGACY_DEVICE_FEATURES, 4);
	usleep(50000);
	start = punt_now_ms();
	legacy_get8(&vf, LEGACY_ISR_STATUS);
	start = punt_now_ms() - start;
	check(start < 100, "the ISR is read in %ld ms while another access waits", start);
	check_eq(vcpu_join(&other, WAIT_MS), 0, "which ends");
	check(other.ms >= 250, "after %ld ms", other.ms);
}

static void hang(int yes)
{
	char got[8] = "1";
	int i;

	knob_set("hang-queue", yes ? "true" : "false");
	for (i = 0; !yes && i < 50 && got[0] != '0'; i++) {
		usleep(100000);
		vf_attr_get(vf.bdf, "stalled", got, sizeof(got));
	}
	if (!yes)
		check_eq(got[0], '0', "answered, late");
}

static void stalled(void)
{
	long long before = refusals();

	hang(1);
	isr_waits_for_nobody();
	hang(0);
	begin();
	hang(1);
	check_eq(legacy_put32(&vf, LEGACY_QUEUE_ADDRESS, PFN), 0, "queue address, dropped");
	told_by("polled", "no answer");
	check_eq(refusals() - before, 1, "counted");
	check_eq(intx_off(&vf), 0, "INTx off");
	check_eq(intx_on(&vf, event), 0, "INTx on while a command is unanswered");
	hang(0);
	new_try("the next driver");
}

static void asleep(void)
{
	unsigned int at = check_vf_capability(&vf, PCI_CAP_ID_PM);

	check_eq(intx_off(&vf), 0, "INTx off");
	check_eq(vf_config_put(&vf, at + PCI_PM_CTRL, 2, 3), 0, "to D3hot");
	check_eq(intx_on(&vf, event), 0, "INTx on in D3hot");
	told_by("polled", "D3hot");
	check_eq(vf_config_put(&vf, at + PCI_PM_CTRL, 2, 0), 0, "to D0");
	new_try("the next driver");
	check_eq(vf_config_put(&vf, at + PCI_PM_CTRL, 2, 3), 0, "to D3hot and");
	check_eq(vf_config_put(&vf, at + PCI_PM_CTRL, 2, 0), 0, "back, with INTx on");
	new_try("the driver after that");
}

/* It is the queues'; nobody is told of the configuration. */
static void one(void)
{
	begin();
	told_by("intx", "one vector");
	check_eq(give_address(), PFN, "queue address");
	finish();
	check_eq(refusals(), 0, "nothing was refused");
	link_changes(0, "one vector");
	check_eq(legacy_get8(&vf, LEGACY_ISR_STATUS), 0, "nor does the ISR say so");
}

/* Each queue that is there gets an address. Return: how many those are. */
static unsigned int all_queues(void)
{
	uint16_t queue;

	begin();
	legacy_put32(&vf, LEGACY_DRIVER_FEATURES,
		     legacy_get32(&vf, LEGACY_DEVICE_FEATURES) & (1u << 17 | 1u << 22));
	for (queue = 0;; queue++) {
		legacy_put16(&vf, LEGACY_QUEUE_SELECT, queue);
		if (!legacy_get16(&vf, LEGACY_QUEUE_SIZE))
			return queue;
		give_address();
	}
}

/* The device takes a second for each of dozens of commands. */
static void killed(void)
{
	unsigned int queues;
	long start;
	pid_t pid;

	check_eq(intx_off(&vf), 0, "INTx off");
	queues = all_queues();
	check(queues > 16, "%u queues", queues);
	knob_set("admin-delay-ns", "1000000000");
	pid = fork();
	if (!pid)
		_exit(intx_on(&vf, event) ? 1 : 0);
	sleep(2);
	start = punt_now_ms();
	kill(pid, SIGKILL);
	check_eq(waitpid(pid, NULL, 0), pid, "killed while it sets INTx up");
	start = punt_now_ms() - start;
	check(start < check_ms(10000), "it is gone after %ld ms", start);
	knob_set("admin-delay-ns", "0");
	new_try("the next driver");
}

int main(int argc, char **argv)
{
	const struct {
		const char *name;
		void (*run)(void);
	} tests[] = {
		{ "refused", refused }, { "stalled", stalled }, { "asleep", asleep },
		{ "one", one },		{ "killed", killed },
	};
	unsigned int i;

	if (argc < 3)
		check_die("usage: intx_refused VF refused|stalled|asleep|one|killed");
	event = intx_event();
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO, 0);
	check_eq(intx_on(&vf, event), 0, "INTx on");
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		if (!strcmp(tests[i].name, argv[2]))
			tests[i].run();
	vf_close(&vf);
	return check_result();
}
