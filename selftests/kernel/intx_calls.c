// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What VFIO says of INTx, call by call: intx_calls ADDRESS LOWER RAISE
 *
 * ADDRESS is a transitional network device; LOWER and RAISE are the commands that take its link
 * down and up. The same program is run against vfio-pci with a function that has an INTx: what it
 * answers there is what it must answer here.
 */
#include <linux/pci_regs.h>
#include <sys/ioctl.h>

#include "check_vf.h"
#include "intx.h"
#include "legacy.h"
#include "stats.h"

#define WAIT_MS 2000
#define QUIET_MS 150

#define NONE VFIO_IRQ_SET_DATA_NONE
#define BOOL VFIO_IRQ_SET_DATA_BOOL
#define EVENTFD VFIO_IRQ_SET_DATA_EVENTFD
#define TRIGGER VFIO_IRQ_SET_ACTION_TRIGGER
#define MASK VFIO_IRQ_SET_ACTION_MASK
#define UNMASK VFIO_IRQ_SET_ACTION_UNMASK

static struct vf vf;
static const char *link_command[2]; /* down, up */
static int event;
static int ours;

/* ---- the device ---- */

/* As little of a driver as has the device tell of changes of its configuration. */
static void start_device(void)
{
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER);
	legacy_put32(&vf, LEGACY_DRIVER_FEATURES,
		     legacy_get32(&vf, LEGACY_DEVICE_FEATURES) & 1u << 16);
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 0);
	legacy_put32(&vf, LEGACY_QUEUE_ADDRESS, VF_DMA_IOVA / 4096);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS,
		    LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER | LEGACY_STATUS_DRIVER_OK);
}

/* A change of the configuration, which is an interrupt. */
static void interrupt(void)
{
	static int up = 1;

	up = !up;
	if (system(link_command[up]))
		check_die("%s", link_command[up]);
}

static uint8_t read_isr(void)
{
	return legacy_get8(&vf, LEGACY_ISR_STATUS);
}

static int line_is_up(void)
{
	return !!(vf_config_get(&vf, PCI_STATUS, 2) & PCI_STATUS_INTERRUPT);
}

/* Nothing is pending, nothing masked, nothing signalled. */
static void quiet(void)
{
	read_isr();
	intx_unmask(&vf);
	intx_signals(event, 0);
}

static void signals(uint64_t wanted, const char *what)
{
	check_eq((long long)intx_signals(event, wanted ? (int)check_ms(WAIT_MS) : QUIET_MS),
		 (long long)wanted, "signals: %s", what);
}

/* ---- calls that are wrong, or too early ---- */

static void info(void)
{
	struct vfio_irq_info got = { .argsz = sizeof(got), .index = VFIO_PCI_INTX_IRQ_INDEX };

	check(!ioctl(vf.device, VFIO_DEVICE_GET_IRQ_INFO, &got), "IRQ_INFO");
	check_eq(got.count, 1, "count");
	check_eq(got.flags,
		 VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE | VFIO_IRQ_INFO_AUTOMASKED,
		 "flags");
	got.argsz = sizeof(got) - 1;
	check(ioctl(vf.device, VFIO_DEVICE_GET_IRQ_INFO, &got) && errno == EINVAL,
	      "IRQ_INFO with an argsz that is too small");
	check_eq(vf_config_get(&vf, PCI_INTERRUPT_PIN, 1), 1, "interrupt pin A");
	vf_config_put(&vf, PCI_INTERRUPT_LINE, 1, 0x0b);
	check_eq(vf_config_get(&vf, PCI_INTERRUPT_LINE, 1), 0x0b, "interrupt line is kept");
	vf_config_put(&vf, PCI_INTERRUPT_PIN, 1, 2);
	check_eq(vf_config_get(&vf, PCI_INTERRUPT_PIN, 1), 1, "interrupt pin is not written");
	check_eq(vf_config_get(&vf, PCI_INTERRUPT_LINE, 4) & 0xffff, 0x010b, "both in one");
}

static void too_early(void)
{
	check_eq(intx_mask(&vf), -EINVAL, "mask before there is a trigger");
	check_eq(intx_unmask(&vf), -EINVAL, "unmask");
	check_eq(intx_unmask_by(&vf, event), -EINVAL, "unmask by an eventfd");
	check_eq(intx_set(&vf, TRIGGER | NONE, 1, 0), -EINVAL, "trigger by hand");
	check_eq(intx_set(&vf, TRIGGER | BOOL, 1, 1), -EINVAL, "trigger by hand, bool");
	check_eq(intx_off(&vf), -EINVAL, "off");
}

struct wrong {
	const char *what;
	struct vfio_irq_set set;
	int err;
};

/* clang-format off */
#define SET(_flags, _start, _count)                     \
	{                                               \
		.argsz = sizeof(struct vfio_irq_set) + 4, \
		.flags = _flags,                        \
		.start = _start,                        \
		.count = _count                         \
	}
/* clang-format on */
#define ALL_ACTIONS (TRIGGER | MASK | UNMASK)

static const struct wrong wrongs[] = {
	{ "no flags", SET(0, 0, 1), -EINVAL },
	{ "no data type", SET(TRIGGER, 0, 1), -EINVAL },
	{ "two data types", SET(TRIGGER | NONE | BOOL, 0, 1), -EINVAL },
	{ "an unknown flag", SET(TRIGGER | NONE | 1u << 30, 0, 1), -EINVAL },
	{ "no action", SET(EVENTFD, 0, 1), -ENOTTY },
	{ "two actions", SET(MASK | UNMASK | NONE, 0, 1), -ENOTTY },
	{ "all actions", SET(ALL_ACTIONS | NONE, 0, 1), -ENOTTY },
	{ "a second interrupt", SET(TRIGGER | EVENTFD, 1, 1), -EINVAL },
	{ "two interrupts", SET(TRIGGER | EVENTFD, 0, 2), -EINVAL },
	{ "very many", SET(TRIGGER | NONE, 0, ~0u), -EINVAL },
	{ "start and count that overflow", SET(TRIGGER | NONE, ~0u, 1), -EINVAL },
	{ "an eventfd, but none", SET(TRIGGER | EVENTFD, 0, 0), -EINVAL },
	{ "a bool, but none", SET(TRIGGER | BOOL, 0, 0), -EINVAL },
	{ "mask none", SET(MASK | NONE, 0, 0), -EINVAL },
	{ "unmask none", SET(UNMASK | NONE, 0, 0), -EINVAL },
};

static void wrong_calls(const char *when)
{
	struct vfio_irq_set set = SET(TRIGGER | EVENTFD, 0, 1);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wrongs); i++)
		check_eq(vf_irqs_raw(&vf, &wrongs[i].set, &event, sizeof(event)), wrongs[i].err,
			 "%s: %s", when, wrongs[i].what);
	set.argsz = sizeof(set);
	check_eq(vf_irqs_raw(&vf, &set, &event, 4), -EINVAL, "%s: argsz without the eventfd", when);
	set.argsz = sizeof(set) - 1;
	check_eq(vf_irqs_raw(&vf, &set, &event, 4), -EINVAL, "%s: argsz without the header", when);
	set = (struct vfio_irq_set)SET(TRIGGER | EVENTFD, 0, 1);
	set.index = VFIO_PCI_NUM_IRQS;
	check_eq(vf_irqs_raw(&vf, &set, &event, 4), -EINVAL, "%s: no such index", when);
	check_eq(ioctl(vf.device, VFIO_DEVICE_SET_IRQS, 8) ? -errno : 0, -EFAULT,
		 "%s: no memory there", when);
}

static void wrong_eventfds(const char *when, int on)
{
	int closed = intx_event();

	close(closed);
	check_eq(intx_on(&vf, closed), -EBADF, "%s: trigger, closed", when);
	check_eq(intx_on(&vf, vf.device), -EINVAL, "%s: trigger, no eventfd", when);
	check_eq(intx_unmask_by(&vf, closed), on ? -EBADF : -EINVAL, "%s: unmask, closed", when);
	check_eq(intx_unmask_by(&vf, vf.device), -EINVAL, "%s: unmask, no eventfd", when);
	check_eq(intx_set(&vf, MASK | EVENTFD, 1, event), on ? -ENOTTY : -EINVAL,
		 "%s: mask by an eventfd", when);
}

/* ---- the line ---- */

static void level(void)
{
	quiet();
	check_eq(line_is_up(), 0, "line is down");
	interrupt();
	signals(1, "an interrupt");
	check_eq(line_is_up(), 1, "Interrupt Status");
	check(read_isr(), "the ISR says why");
	check_eq(line_is_up(), 0, "which lowers the line");
	check_eq(read_isr(), 0, "and is cleared");
	interrupt();
	signals(0, "masked by the first");
	check_eq(intx_unmask(&vf), 0, "unmask");
	signals(1, "the line is up");
	check_eq(intx_unmask(&vf), 0, "unmask, nobody has read the ISR");
	signals(1, "it is up still");
	read_isr();
	check_eq(intx_unmask(&vf), 0, "unmask, it is down");
	signals(0, "nothing");
	check_eq(intx_unmask(&vf), 0, "unmask what is not masked");
	signals(0, "nothing");
}

static void masked(void)
{
	quiet();
	check_eq(intx_mask(&vf), 0, "mask");
	check_eq(intx_mask(&vf), 0, "and again");
	interrupt();
	signals(0, "masked");
	check_eq(line_is_up(), 1, "Interrupt Status does not mind");
	check_eq(intx_set(&vf, UNMASK | BOOL, 1, 0), 0, "unmask, false");
	signals(0, "masked still");
	check_eq(intx_set(&vf, UNMASK | BOOL, 1, 1), 0, "unmask, true");
	signals(1, "what came meanwhile");
	quiet();
	check_eq(intx_set(&vf, MASK | BOOL, 1, 0), 0, "mask, false");
	interrupt();
	signals(1, "not masked");
	quiet();
	check_eq(intx_set(&vf, MASK | BOOL, 1, 1), 0, "mask, true");
	interrupt();
	signals(0, "masked");
}

static void disabled(void)
{
	quiet();
	vf_command(&vf, PCI_COMMAND_INTX_DISABLE, 0);
	check(vf_config_get(&vf, PCI_COMMAND, 2) & PCI_COMMAND_INTX_DISABLE, "Interrupt Disable");
	interrupt();
	signals(0, "disabled");
	check_eq(line_is_up(), 1, "Interrupt Status does not mind");
	check_eq(intx_unmask(&vf), 0, "unmask");
	signals(0, "disabled all the same");
	check_eq(intx_set(&vf, TRIGGER | NONE, 1, 0), 0, "trigger by hand");
	signals(0, "that, too");
	vf_command(&vf, 0, PCI_COMMAND_INTX_DISABLE);
	signals(1, "Interrupt Disable is cleared");
	quiet();
	check_eq(intx_mask(&vf), 0, "mask");
	vf_command(&vf, PCI_COMMAND_INTX_DISABLE, 0);
	vf_command(&vf, 0, PCI_COMMAND_INTX_DISABLE);
	interrupt();
	signals(1, "clearing it has unmasked");
}

static void by_hand(void)
{
	quiet();
	check_eq(intx_set(&vf, TRIGGER | NONE, 1, 0), 0, "trigger by hand");
	signals(1, "by hand");
	check_eq(intx_set(&vf, TRIGGER | BOOL, 1, 0), 0, "trigger by hand, false");
	signals(0, "false");
	check_eq(intx_set(&vf, TRIGGER | BOOL, 1, 1), 0, "trigger by hand, true");
	signals(1, "true");
	check_eq(line_is_up(), 0, "the line has no part in that");
}

/* ---- eventfds ---- */

static void other_trigger(void)
{
	int old = event;

	quiet();
	event = intx_event();
	check_eq(intx_on(&vf, event), 0, "another trigger");
	interrupt();
	signals(1, "by the new one");
	check_eq((long long)intx_signals(old, 0), 0, "not by the old one");
	close(old);
	quiet();
	check_eq(intx_on(&vf, -1), 0, "no trigger");
	check_eq(intx_on(&vf, event), 0, "again");
	interrupt();
	signals(1, "again");
}

static void unmask_eventfd(void)
{
	int unmask = intx_event(), other = intx_event();

	quiet();
	check_eq(intx_unmask_by(&vf, -1), 0, "unmask by none, when there was none");
	check_eq(intx_unmask_by(&vf, unmask), 0, "unmask by an eventfd");
	check_eq(intx_unmask_by(&vf, other), -EBUSY, "by a second one");
	interrupt();
	signals(1, "an interrupt");
	intx_signal(unmask);
	signals(1, "unmasked, the line is up");
	read_isr();
	intx_signal(unmask);
	signals(0, "unmasked, the line is down");
	interrupt();
	signals(1, "the next interrupt");
	check_eq(intx_unmask_by(&vf, -1), 0, "unmask by none");
	intx_signal(unmask);
	signals(0, "nobody listens");
	check_eq(intx_unmask_by(&vf, other), 0, "unmask by another");
	close(other);
	usleep(100000);
	check_eq(intx_unmask(&vf), 0, "unmask, when that was closed");
	signals(1, "it is up still");
	check_eq(intx_unmask_by(&vf, unmask), 0, "by an eventfd again");
	check_eq(intx_unmask_by(&vf, -1), 0, "unmask by none");
	close(unmask);
}

/* One that has been signalled before it is armed; and one that triggers itself. */
static void unmask_odd(void)
{
	int unmask = intx_event();

	quiet();
	interrupt();
	signals(1, "an interrupt");
	intx_signal(unmask);
	check_eq(intx_unmask_by(&vf, unmask), 0, "by an eventfd that was signalled");
	signals(1, "unmasked at once");
	check_eq(intx_unmask_by(&vf, -1), 0, "unmask by none");
	close(unmask);
	check_eq(intx_unmask_by(&vf, event), 0, "the trigger unmasks itself");
	check_eq(intx_unmask(&vf), 0, "unmask, the line is up");
	usleep(100000);
	read_isr();
	check_eq(intx_unmask_by(&vf, -1), 0, "and no more");
	check(1, "nothing hangs");
}

/* Nobody reads the eventfd: it keeps count, and nobody waits. */
static void storm(void)
{
	unsigned int i;
	int err = 0;

	quiet();
	interrupt();
	signals(1, "an interrupt");
	for (i = 0; i < 1000 && !err; i++)
		err = intx_unmask(&vf);
	check_eq(err, 0, "unmasked 1000 times, the line is up");
	check_eq((long long)intx_signals(event, 0), 1000, "signals of them");
}

/* ---- beside MSI-X, over a reset, and over the end ---- */

static void beside_msix(void)
{
	int fds[2] = { intx_event(), intx_event() };

	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, fds, 2), -EINVAL, "MSI-X beside INTx");
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0), -EINVAL, "MSI-X off");
	quiet();
	interrupt();
	signals(1, "INTx is what it was");
	quiet();
	check_eq(intx_off(&vf), 0, "INTx off");
	too_early();
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, fds, 2), 0, "MSI-X");
	check_eq(intx_on(&vf, event), -EINVAL, "INTx beside MSI-X");
	check_eq(intx_mask(&vf), -EINVAL, "mask");
	check_eq(intx_unmask(&vf), -EINVAL, "unmask");
	check_eq(intx_off(&vf), -EINVAL, "INTx off");
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0), 0, "MSI-X off");
	check_eq(intx_on(&vf, event), 0, "INTx on");
	interrupt();
	signals(1, "INTx is back");
	close(fds[0]);
	close(fds[1]);
}

/* The line is up, and nobody is told; it still is when somebody is. */
static void off_and_on(void)
{
	quiet();
	check_eq(intx_off(&vf), 0, "INTx off");
	interrupt();
	signals(0, "off");
	check_eq(intx_on(&vf, event), 0, "INTx on");
	/* the interrupt controller of the VM forgets a level that came up while nobody listened */
	if (ours)
		signals(1, "what came meanwhile");
	check(read_isr(), "the ISR says so");
}

static void over_reset(void)
{
	struct vfio_device_info device = { .argsz = sizeof(device) };

	if (ioctl(vf.device, VFIO_DEVICE_GET_INFO, &device) ||
	    !(device.flags & VFIO_DEVICE_FLAGS_RESET)) {
		check_note("the device has no reset");
		return;
	}
	quiet();
	interrupt();
	signals(1, "an interrupt");
	check_eq(vf_reset(&vf), 0, "VFIO_DEVICE_RESET");
	check_eq(line_is_up(), 0, "line is down");
	intx_unmask(&vf);
	signals(0, "nothing is left of it");
	start_device();
	quiet();
	interrupt();
	signals(1, "INTx is on still");
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	check_eq(line_is_up(), 0, "the driver's own reset lowers the line");
	start_device();
}

static void over_close(const char *address)
{
	char bdf[sizeof(vf.bdf)];
	int unmask = intx_event();

	snprintf(bdf, sizeof(bdf), "%s", address);
	quiet();
	check_eq(intx_unmask_by(&vf, unmask), 0, "unmask by an eventfd");
	interrupt();
	vf_close(&vf);
	intx_signals(event, 0);
	intx_signal(unmask);
	signals(0, "closed");
	check_vf_open(&vf, bdf);
	too_early();
	start_device();
	check_eq(intx_on(&vf, event), 0, "opened again: INTx on");
	quiet();
	interrupt();
	signals(1, "an interrupt");
	vf_close(&vf);
	close(unmask);
}

int main(int argc, char **argv)
{
	if (argc < 4)
		check_die("usage: intx_calls ADDRESS LOWER RAISE");
	link_command[0] = argv[2];
	link_command[1] = argv[3];
	event = intx_event();
	ours = driver_is_ours(argv[1]);
	check_vf_open(&vf, argv[1]);
	info();
	too_early();
	wrong_calls("off");
	wrong_eventfds("off", 0);
	start_device();
	check_eq(intx_on(&vf, event), 0, "INTx on");
	wrong_calls("on");
	wrong_eventfds("on", 1);
	level();
	masked();
	disabled();
	by_hand();
	other_trigger();
	unmask_eventfd();
	unmask_odd();
	storm();
	beside_msix();
	off_and_on();
	over_reset();
	over_close(argv[1]);
	return check_result();
}
