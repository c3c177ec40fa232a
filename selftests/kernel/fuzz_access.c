// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A VMM out of its mind: fuzz_access VF [--seed N] [--seconds N]
 *
 * Reads, writes, mappings and ioctls on the VF's file with arguments by dice, good pointers and
 * bad ones, kicks by eventfd, resets, the file closed and opened, the mode of the legacy interface
 * and the policy changed, the device told to fail. What comes of each is the kernel's to say;
 * all that is checked is that it says so in time. The kernel's log is the runner's to judge.
 */
#include <fcntl.h>
#include <getopt.h>
#include <linux/pci_regs.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "dice.h"
#include "legacy.h"
#include "monitor.h"
#include "punt.h"

#define BUFFER 8192u /* the last page of it is not there */
#define PAGE 4096u
#define EVENTS 8u
#define REGIONS 12u
#define SLOW_MS 5000
#define STUCK_S 60

static struct vf vf;
static struct monitor monitor;
static char bdf[16];
static uint8_t *buffer;
static int events[EVENTS];
static uint64_t seed = 1, rng;
static unsigned int seconds = 10, member;
static unsigned long acts;
static const char *now_doing = "nothing";

static unsigned int below(unsigned int n)
{
	return dice_below(&rng, n);
}

/* Mostly small, sometimes anything. */
static uint64_t number(unsigned int small)
{
	return below(8) ? below(small) : dice(&rng) >> below(64);
}

/* @len bytes to read or write; now and then they reach into what is not mapped. */
static uint8_t *bytes(size_t len)
{
	uint8_t *at = buffer;

	if (len > PAGE)
		len = PAGE;
	if (!below(64))
		at += PAGE - below((unsigned int)len + 1);
	else
		dice_bytes(&rng, buffer, len);
	return at;
}

/* No bus mastering, mostly: rings by dice would fill the log with faults. */
static void master_off(void)
{
	if (below(16))
		vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, PCI_COMMAND_MASTER);
}

/* ---- the file's regions ---- */

static void rw(uint64_t region, uint64_t pos, size_t len)
{
	uint8_t *at = bytes(len);

	/* the kernel's verdict on it is not ours */
	if (below(2))
		pos = (uint64_t)pread(vf.device, at, len, (off_t)(region + pos));
	else
		pos = (uint64_t)pwrite(vf.device, at, len, (off_t)(region + pos));
}

static void bar0(void)
{
	rw(vf.bar0, number(80), 1 + number(12) % PAGE);
	master_off(); /* it comes with a device_status */
}

static void bar0_register(void)
{
	static const uint8_t whole[][2] = { { 0, 4 },  { 4, 4 },  { 8, 4 },  { 12, 2 }, { 14, 2 },
					    { 16, 2 }, { 18, 1 }, { 19, 1 }, { 20, 2 }, { 22, 2 } };
	unsigned int i = below(ARRAY_SIZE(whole));

	/* or as old drivers do it */
	rw(vf.bar0, whole[i][0], below(4) ? whole[i][1] : 1u << below(4));
	if (whole[i][0] == LEGACY_DEVICE_STATUS)
		master_off();
}

static void config(void)
{
	rw(vf.config, number(256), 1 + number(8) % 64);
	master_off();
}

static void any_region(void)
{
	rw((uint64_t)below(REGIONS) << 40, number(0x4000), 1 + number(8) % PAGE);
}

static void map(void)
{
	size_t len = (1 + below(4)) * PAGE;
	off_t at = (off_t)((uint64_t)below(REGIONS) << 40 | below(8) * PAGE);
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, vf.device, at);

	if (p != MAP_FAILED)
		munmap(p, len);
}

/* ---- its ioctls ---- */

static int an_eventfd(void)
{
	return below(4) ? events[below(EVENTS)] : (int)number(20) - 1;
}

static void call(unsigned int nr, void *arg)
{
	ioctl(vf.device, _IO(VFIO_TYPE, VFIO_BASE + nr), below(64) ? arg : buffer + PAGE);
}

static void region_info(void)
{
	struct vfio_region_info info = { .argsz =
						 (uint32_t)(below(8) ? sizeof(info) : number(64)) };

	info.index = (uint32_t)number(REGIONS);
	ioctl(vf.device, VFIO_DEVICE_GET_REGION_INFO, &info);
}

static void irqs(void)
{
	struct vfio_irq_set *set = (void *)buffer;
	unsigned int i, nr = below(10);

	dice_bytes(&rng, buffer, 128);
	for (i = 0; i < nr; i++)
		((int *)set->data)[i] = an_eventfd();
	set->index = (uint32_t)(below(4) ? VFIO_PCI_MSIX_IRQ_INDEX : number(6));
	set->start = (uint32_t)(below(4) ? 0 : number(8));
	set->count = (uint32_t)(below(8) ? nr : number(70000));
	set->flags = below(8) ? 1u << below(3) | 8u << below(3) : (uint32_t)number(64);
	set->argsz = (uint32_t)(below(8) ? sizeof(*set) + nr * sizeof(int) : number(256));
	ioctl(vf.device, VFIO_DEVICE_SET_IRQS, set);
}

static void ioeventfd(void)
{
	uint32_t width = below(8) ? 1u << below(4) : (uint32_t)number(32);
	uint64_t at = below(4) ? vf.bar0 + LEGACY_QUEUE_NOTIFY :
				 ((uint64_t)below(REGIONS) << 40) + number(0x4000);
	uint64_t data = number(5);

	vf_ioeventfd(&vf, at, width, data, below(2) ? -1 : an_eventfd());
}

static void feature(void)
{
	struct vfio_device_feature *f = (void *)buffer;

	dice_bytes(&rng, buffer, 256);
	f->argsz = (uint32_t)(below(4) ? sizeof(*f) + below(32) : number(64));
	f->flags = (uint32_t)(number(12) | (uint64_t)below(8) << 16);
	ioctl(vf.device, VFIO_DEVICE_FEATURE, f);
}

static void any_ioctl(void)
{
	unsigned int nr = (unsigned int)number(24) & 0xff;

	dice_bytes(&rng, buffer, 256);
	*(uint32_t *)buffer = (uint32_t)number(128); /* argsz */
	call(nr, buffer);
}

static void kick(void)
{
	uint64_t one = 1;

	if (write(events[below(EVENTS)], &one, sizeof(one)) < 0)
		return; /* full: the kick is there already */
}

/* ---- from the side ---- */

static void reset(void)
{
	vf_reset(&vf);
}

/* What follows is what the driver allows at any time: refused, it is as good. */
static void attribute(const char *name, const char *const *values, unsigned int nr)
{
	vf_attr_set(bdf, name, values[below(nr)]);
}

/* One that was ejected begins anew. */
static void policy(void)
{
	static const char *const names[] = { "chaos", "chaos", "chaos", "none", "nobody" };

	attribute("policy", names, ARRAY_SIZE(names));
}

static void device_fault(void)
{
	static const char *const statuses[] = { "11", "11", "22", "6", "12", "28" };
	static const char *const cuts[] = { "-1", "-1", "0", "1", "3" };

	monitor_set(&monitor, "admin-fail-status", statuses[below(ARRAY_SIZE(statuses))]);
	monitor_set(&monitor, "admin-fail-at", below(2) ? "1" : "3");
	monitor_set(&monitor, "admin-short-result", cuts[below(ARRAY_SIZE(cuts))]);
}

static void link_state(void)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", member);
	monitor_set(&monitor, below(2) ? "link-up" : "link-down", text);
}

static void open_vf(void)
{
	int err = vf_open(&vf, bdf);

	if (err)
		check_die("act %lu: open: %s", acts, strerror(-err));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, PCI_COMMAND_MASTER);
}

/*
 * As a VMM opens it next time, it may be another kind of device. Without a fault that is still to come:
 * who does not learn where the VF is kicked does not open it with legacy=only.
 */
static void reopen(void)
{
	static const char *const modes[] = { "auto", "auto", "only", "only", "off" };

	vf_close(&vf);
	attribute("legacy", modes, ARRAY_SIZE(modes));
	monitor_set(&monitor, "admin-short-result", "-1");
	monitor_set(&monitor, "admin-fail-at", "0");
	open_vf();
}

/* ---- */

#define ACT(function, weight)                       \
	{                                           \
		.name = #function, function, weight \
	}

static const struct {
	const char *name;
	void (*run)(void);
	unsigned int weight;
} table[] = {
	ACT(bar0, 400),	      ACT(bar0_register, 600), ACT(config, 200), ACT(any_region, 60),
	ACT(map, 20),	      ACT(region_info, 40),    ACT(irqs, 60),	 ACT(ioeventfd, 60),
	ACT(feature, 30),     ACT(any_ioctl, 40),      ACT(kick, 60),	 ACT(policy, 20),
	ACT(device_fault, 4), ACT(link_state, 4),      ACT(reset, 1),	 ACT(reopen, 2),
};

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void act(void)
{
	unsigned int i, weights = 0, pick;
	long start = now_ms(), took;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		weights += table[i].weight;
	pick = below(weights);
	for (i = 0; pick >= table[i].weight; i++)
		pick -= table[i].weight;
	now_doing = table[i].name;
	alarm(STUCK_S); /* a call that never ends: the test does */
	table[i].run();
	took = now_ms() - start;
	if (took > check_ms(SLOW_MS))
		check(0, "act %lu, %s: took %ld ms", acts, now_doing, took);
	acts++;
}

static void begin(void)
{
	char text[16];
	unsigned int i;

	if (vf_attr_get(bdf, "member_id", text, sizeof(text)))
		check_die("%s: not a VF of this driver", bdf);
	member = (unsigned int)strtoul(text, NULL, 10);
	if (monitor_open(&monitor))
		check_die("no line to the monitor");
	/* cppcheck-suppress invalidFunctionArg ; anonymous memory has no file */
	buffer = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(buffer + PAGE, PAGE);
	for (i = 0; i < EVENTS; i++)
		events[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	open_vf();
}

/* The device is left as it is found: whatever else is wrong with the VF is a finding. */
static void end(void)
{
	char text[16];

	alarm(STUCK_S);
	vf_close(&vf);
	snprintf(text, sizeof(text), "%u", member);
	monitor_set(&monitor, "admin-fail-at", "0");
	monitor_set(&monitor, "admin-short-result", "-1");
	monitor_set(&monitor, "link-up", text);
	monitor_close(&monitor);
	vf_attr_set(bdf, "policy", "none");
	check(!vf_attr_set(bdf, "legacy", "auto"), "legacy=auto");
}

static void parse(int argc, char **argv)
{
	static const struct option known[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "seconds", required_argument, NULL, 't' },
		{},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			seed = strtoull(optarg, NULL, 0);
		else if (c == 't')
			seconds = (unsigned int)strtoul(optarg, NULL, 0);
		else
			optind = argc;
	}
	if (optind != argc - 1)
		check_die("usage: fuzz_access VF [--seed N] [--seconds N]");
	snprintf(bdf, sizeof(bdf), "%s", argv[optind]);
}

int main(int argc, char **argv)
{
	long until;

	parse(argc, argv);
	rng = seed;
	check_note("seed %llu, %u seconds", (unsigned long long)seed, seconds);
	begin();
	until = now_ms() + 1000L * seconds;
	while (now_ms() < until)
		act();
	end();
	check(acts > 0, "%lu acts, none took %ld ms", acts, check_ms(SLOW_MS));
	return check_result();
}
