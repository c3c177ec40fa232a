// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A guest and a VMM that do anything, beside an oracle that knows what must come of it:
 * random_access VF [--seed N] [--count N] [--any-commands] [--no-doorbell]
 *
 * Accesses to BAR0 of every width, place, alignment and direction; in between MSI-X, I/O and
 * memory decoding go off and on, the link goes down and up, the device is reset and opened
 * anew. Each result must be the oracle's, and the device model must have seen the oracle's
 * commands, each within one field, in that order: it digests them. With --any-commands, for
 * policies that answer something themselves, only results are compared. --no-doorbell: the
 * device was told to have no notify address, kicks are commands.
 *
 * The same seed does the same again.
 */
#include <fcntl.h>
#include <getopt.h>
#include <linux/pci_regs.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "../oracle/oracle.h"
#include "check.h"
#include "dice.h"
#include "legacy.h"
#include "monitor.h"
#include "punt.h"
#include "stats.h"

#define LEN_MAX 300u
#define BATCH 200u /* commands between two looks at the device's digest */
#define TRACE 256u /* commands that the device's trace holds */
#define PARTS 20000u
#define SHOWN 16u
#define CONFIG_KNOWN 24u

/* ---- what the test bed's device is, by its documentation; config-len is to be asked for ---- */

static struct oracle_settings device = {
	.features = 0x18878028, /* MTU MAC MRG_RXBUF STATUS CTRL_* ANY_LAYOUT INDIRECT_DESC */
	.queue_size = 256,
	.vectors = 4,
	/* no MAC yet, nor what comes behind the first 24; link up, one queue pair, MTU 1500, 10000 Mbit/s, full duplex */
	.config = { 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0xdc, 5, 0x10, 0x27, 0, 0, 1 },
};

static struct vf vf;
static struct oracle oracle;
static struct monitor monitor;
static char report[MONITOR_LINE];
static unsigned int member;
static int events[3];

static uint64_t seed = 1;
static uint64_t rng;
static unsigned long count = 20000, done;
static int any_commands, no_doorbell;

/* What was foretold since the start. */
static struct {
	uint64_t digest;
	uint64_t commands;
	uint64_t doorbells;
	uint64_t partial_writes;
	uint64_t beyond_config;
	uint64_t io_disabled;
	uint64_t bus_master_set;
} sum, before;

static struct {
	struct oracle_command command;
	unsigned long op;
} foretold[TRACE];
static unsigned int unseen; /* commands since the last look */

static unsigned int below(unsigned int n)
{
	return dice_below(&rng, n);
}

static void __attribute__((noreturn)) give_up(void)
{
	check_note("again: random_access %s --seed %llu --count %lu%s%s", vf.bdf,
		   (unsigned long long)seed, done + 1, any_commands ? " --any-commands" : "",
		   no_doorbell ? " --no-doorbell" : "");
	exit(1);
}

/* ---- the device's side ---- */

static void get_report(const char *property)
{
	int err = monitor_get(&monitor, property, report, sizeof(report));

	if (err)
		check_die("%s: %s", property,
			  err == -EREMOTEIO ? monitor_said(&monitor) : strerror(-err));
}

/* The line of our VF in a report of all functions. */
static const char *our_line(const char *property)
{
	char start[16];
	const char *line;

	get_report(property);
	snprintf(start, sizeof(start), "%u ", member);
	for (line = report; line && *line;
	     line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (!strncmp(line, start, strlen(start)))
			return line;
	check_die("%s has no line for VF %u", property, member);
}

static uint64_t number_in(const char *line, const char *name)
{
	const char *at = strstr(line, name);

	if (!at)
		check_die("no %s in: %s", name, line);
	return strtoull(at + strlen(name), NULL, 0);
}

static uint64_t doorbells(void)
{
	return number_in(our_line("fn-counters"), " legacy_notifies=");
}

static uint64_t refused(void)
{
	get_report("totals");
	return number_in(report, " refused=");
}

static void get_mac(uint8_t mac[6])
{
	const char *at = strstr(our_line("fn-state"), " mac=");
	unsigned int i, byte;

	for (i = 0; at && i < 6; i++) {
		if (sscanf(at + 5 + 3 * i, "%2x", &byte) != 1)
			check_die("no MAC in: %s", at);
		mac[i] = (uint8_t)byte;
	}
}

/* How long the configuration is, and what is in it behind struct virtio_net_config. */
static void get_config(void)
{
	unsigned int i;

	get_report("config-len");
	device.config_len = (uint8_t)strtoul(report, NULL, 0);
	for (i = CONFIG_KNOWN; i < device.config_len; i++)
		device.config[i] = (uint8_t)(255 - i);
	check_note("%u bytes of configuration", device.config_len);
}

static void get_digest(uint64_t *commands, uint64_t *digest)
{
	get_report("admin-digest");
	*commands = number_in(report, "commands=");
	*digest = number_in(report, " digest=");
}

/* ---- commands ---- */

static void foretell(const struct oracle_outcome *out)
{
	unsigned int i;

	for (i = 0; i < out->nr_commands; i++) {
		unsigned int at = (unsigned int)(sum.commands++ % TRACE);

		foretold[at].command = out->command[i];
		foretold[at].op = done;
		sum.digest = oracle_digest(sum.digest, member, &out->command[i]);
		unseen++;
	}
	sum.doorbells += out->doorbells;
	sum.partial_writes += out->partial_writes;
	sum.beyond_config += out->beyond_config;
	sum.io_disabled += out->io_disabled;
	sum.bus_master_set += out->bus_master_set;
}

static int same_command(const char *line, const struct oracle_command *c)
{
	return number_in(line, " opcode=") == c->opcode && number_in(line, " group=") == 1 &&
	       number_in(line, " member=") == member && number_in(line, " offset=") == c->offset &&
	       number_in(line, " len=") == c->len && number_in(line, " value=") == c->value &&
	       number_in(line, " status=") == 0;
}

/* The device's trace, as far as it goes back, beside what was foretold. */
static void explain(uint64_t seen)
{
	char *line, *rest = report;

	get_report("admin-trace");
	while ((line = strsep(&rest, "\n")) && *line) {
		uint64_t nr = strtoull(line, NULL, 10) - (seen - (sum.commands + before.commands));
		uint64_t i = nr - before.commands;

		if (i >= sum.commands || i + TRACE < sum.commands ||
		    same_command(line, &foretold[i % TRACE].command))
			continue;
		check_note("device:   %s", line);
		check_note("foretold: opcode=%u offset=%u len=%u value=0x%llx, for access %lu",
			   foretold[i % TRACE].command.opcode, foretold[i % TRACE].command.offset,
			   foretold[i % TRACE].command.len,
			   (unsigned long long)foretold[i % TRACE].command.value,
			   foretold[i % TRACE].op);
		return;
	}
	check_note("the last %u commands are as foretold", TRACE);
}

static void look_at_commands(void)
{
	uint64_t commands, digest;

	if (any_commands)
		return;
	get_digest(&commands, &digest);
	unseen = 0;
	if (commands == before.commands + sum.commands && digest == sum.digest)
		return;
	check(0, "commands: %llu, foretold %llu; digest %016llx, foretold %016llx",
	      (unsigned long long)(commands - before.commands), (unsigned long long)sum.commands,
	      (unsigned long long)digest, (unsigned long long)sum.digest);
	explain(commands);
	give_up();
}

/* What opening a VF takes is the driver's own: begin anew behind it. */
static void begin_commands(void)
{
	uint64_t commands;

	get_digest(&commands, &sum.digest);
	before.commands = commands - sum.commands;
}

/* ---- accesses ---- */

static void show(const char *what, const uint8_t *bytes, long len)
{
	char text[3 * SHOWN + 8] = "";
	unsigned int i;

	for (i = 0; i < SHOWN && (long)i < len; i++)
		sprintf(text + 3 * i, " %02x", bytes[i]);
	check_note("%s: %ld%s%s", what, len, text, len > SHOWN ? " ..." : "");
}

static int same_bytes(const uint8_t *got, const struct oracle_outcome *want)
{
	static const uint8_t untouched[LEN_MAX] = { [0 ... LEN_MAX - 1] = 0x5a };
	size_t n = want->ret > 0 ? (size_t)want->ret : 0;

	return !memcmp(got, want->bytes, n) && !memcmp(got + n, untouched, LEN_MAX - n);
}

/*
 * The rings that are written are nonsense: no bus mastering. What a write of device_status brings
 * is looked at, and taken away again.
 */
static void master_off(void)
{
	int on = !!(vf_config_get(&vf, PCI_COMMAND, 2) & PCI_COMMAND_MASTER);

	if (on != oracle.master) {
		check(0, "access %lu: Bus Master is %s", done, on ? "on" : "off");
		give_up();
	}
	vf_command(&vf, 0, PCI_COMMAND_MASTER);
	oracle_set_master(&oracle, false);
}

static void access_bar0(uint64_t pos, uint8_t *bytes, size_t len, int write)
{
	struct oracle_outcome want;
	ssize_t got;

	oracle_access(&oracle, pos, write ? bytes : NULL, len, &want);
	if (!write)
		memset(bytes, 0x5a, LEN_MAX);
	got = write ? pwrite(vf.device, bytes, len, (off_t)(vf.bar0 + pos)) :
		      pread(vf.device, bytes, len, (off_t)(vf.bar0 + pos));
	if (got < 0)
		got = -errno;
	foretell(&want);
	if (write && pos == LEGACY_DEVICE_STATUS)
		master_off();
	if (got == want.ret && (write || same_bytes(bytes, &want)))
		return;
	check(0, "access %lu: %s of %zu bytes at %llu, MSI-X %s", done, write ? "write" : "read",
	      len, (unsigned long long)pos, oracle.msix ? "on" : "off");
	show("got", bytes, got);
	show("wanted", write ? bytes : want.bytes, want.ret);
	give_up();
}

/* Values that change something, at the register that a write of random bytes begins at. */
static void make_sense(uint64_t pos, uint8_t *bytes, size_t len)
{
	static const uint8_t statuses[] = { 0, 0, 1, 3, 3, 7, 15, 64, 0x83, 0xff };

	if (!len || !below(4))
		return;
	switch (pos) {
	case LEGACY_QUEUE_SELECT:
	case LEGACY_QUEUE_NOTIFY:
	case LEGACY_CONFIG_VECTOR:
	case LEGACY_QUEUE_VECTOR:
		bytes[0] = (uint8_t)below(6);
		bytes[1] = 0;
		return;
	case LEGACY_DEVICE_STATUS:
		bytes[0] = statuses[below(sizeof(statuses))];
	}
}

static void pick_register(uint64_t *pos, size_t *len)
{
	static const uint8_t whole[][2] = {
		{ 0, 4 },  { 4, 4 },  { 8, 4 },	 { 8, 4 },  { 12, 2 }, { 14, 2 }, { 14, 2 },
		{ 16, 2 }, { 16, 2 }, { 18, 1 }, { 18, 1 }, { 19, 1 }, { 20, 2 }, { 22, 2 },
		{ 20, 6 }, { 24, 6 }, { 26, 2 }, { 30, 2 }, { 24, 1 }, { 29, 1 }, { 34, 2 },
		{ 14, 4 }, { 16, 4 }, { 16, 1 }, { 18, 4 }, { 12, 4 }, { 20, 4 },
	};
	unsigned int i = below(ARRAY_SIZE(whole));

	*pos = whole[i][0];
	*len = whole[i][1];
}

static void pick(uint64_t *pos, size_t *len)
{
	unsigned int kind = below(16), bar0_len = oracle_bar0_len(&oracle);

	*pos = below(bar0_len);
	if (kind < 7) {
		pick_register(pos, len);
	} else if (kind < 11) {
		*len = 1 + below(8);
	} else if (kind < 13) {
		*len = 1 + below(16);
	} else if (kind < 14) {
		*len = 1 + below(64);
	} else if (kind < 15) {
		*pos = below(bar0_len + 16);
		*len = below(LEN_MAX + 1);
	} else {
		*pos = dice(&rng) >> (24 + below(38));
		*len = below(17);
	}
}

static void one_access(void)
{
	uint8_t bytes[LEN_MAX];
	int write = below(5) < 2;
	uint64_t pos;
	size_t len;

	pick(&pos, &len);
	if (write) {
		dice_bytes(&rng, bytes, len);
		make_sense(pos, bytes, len);
	}
	access_bar0(pos, bytes, len, write);
}

/* ---- what else happens ---- */

static void must(int err, const char *what)
{
	if (!err)
		return;
	check(0, "access %lu: %s: %s", done, what, strerror(-err));
	give_up();
}

static void flip_io(void)
{
	int on = !oracle.io;

	must(vf_command(&vf, on ? PCI_COMMAND_IO : 0, on ? 0 : PCI_COMMAND_IO), "I/O decoding");
	oracle_set_io(&oracle, on);
}

/* It means nothing in a VF: the oracle is not told. */
static void flip_memory(void)
{
	int off = vf_config_get(&vf, PCI_COMMAND, 2) & PCI_COMMAND_MEMORY;

	must(vf_command(&vf, off ? 0 : PCI_COMMAND_MEMORY, off ? PCI_COMMAND_MEMORY : 0),
	     "memory decoding");
}

static void flip_msix(void)
{
	int on = !oracle.msix;

	must(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, events, on ? 3 : 0), "MSI-X");
	oracle_set_msix(&oracle, on);
}

static void flip_link(void)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", member);
	must(monitor_set(&monitor, oracle.link ? "link-down" : "link-up", number), "link");
	oracle_set_link(&oracle, !oracle.link);
}

static void reset(void)
{
	must(vf_reset(&vf), "VFIO_DEVICE_RESET");
	oracle_reset(&oracle);
}

static void open_vf(const char *bdf)
{
	must(vf_open(&vf, bdf), "open");
}

static void reopen(void)
{
	char bdf[sizeof(vf.bdf)];

	memcpy(bdf, vf.bdf, sizeof(bdf));
	look_at_commands();
	vf_close(&vf);
	open_vf(bdf);
	begin_commands();
	oracle_reopen(&oracle);
}

static const struct {
	void (*happens)(void);
	unsigned int parts; /* of PARTS steps */
} things[] = {
	{ flip_msix, 60 }, { flip_io, 40 }, { flip_memory, 20 },
	{ flip_link, 20 }, { reset, 4 },    { reopen, 1 },
};

/* Off does not stay off for long, or little would happen. */
static void on_again(void)
{
	if (!oracle.io && !below(8))
		flip_io();
}

static void step(void)
{
	unsigned int part = below(PARTS), i;

	for (i = 0; i < ARRAY_SIZE(things); i++) {
		if (part < things[i].parts) {
			things[i].happens();
			break;
		}
		part -= things[i].parts;
	}
	on_again();
	one_access();
	if (unseen >= BATCH)
		look_at_commands();
}

/* ---- */

static void begin(const char *bdf)
{
	char number[16];
	unsigned int i;

	must(vf_attr_get(bdf, "member_id", number, sizeof(number)), "member_id");
	member = (unsigned int)strtoul(number, NULL, 10);
	must(monitor_open(&monitor), "monitor");
	for (i = 0; i < ARRAY_SIZE(events); i++)
		events[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	open_vf(bdf);
	get_mac(device.config);
	get_config();
	oracle_init(&oracle, &device);
	oracle.no_doorbell = no_doorbell;
	before.doorbells = doorbells();
	before.partial_writes = stats_event(bdf, VVB_EV_PARTIAL_WRITE);
	before.beyond_config = stats_event(bdf, VVB_EV_BEYOND_CONFIG);
	before.io_disabled = stats_event(bdf, VVB_EV_IO_DISABLED);
	before.bus_master_set = stats_event(bdf, VVB_EV_BUS_MASTER_SET);
	begin_commands();
}

static void counted(const char *what, uint64_t got, uint64_t from, uint64_t want)
{
	check_eq((long long)(got - from), (long long)want, "%s", what);
}

static void end(uint64_t refused_before)
{
	look_at_commands();
	if (!any_commands)
		check(1, "the device saw the %llu commands foretold, in order",
		      (unsigned long long)sum.commands);
	counted("commands that the device refused", refused(), refused_before, 0);
	counted("doorbells", doorbells(), before.doorbells, sum.doorbells);
	counted("partial writes counted", stats_event(vf.bdf, VVB_EV_PARTIAL_WRITE),
		before.partial_writes, sum.partial_writes);
	counted("accesses beyond the configuration counted",
		stats_event(vf.bdf, VVB_EV_BEYOND_CONFIG), before.beyond_config, sum.beyond_config);
	counted("accesses with I/O decoding off counted", stats_event(vf.bdf, VVB_EV_IO_DISABLED),
		before.io_disabled, sum.io_disabled);
	counted("Bus Master set by the driver", stats_event(vf.bdf, VVB_EV_BUS_MASTER_SET),
		before.bus_master_set, sum.bus_master_set);
}

static void parse(int argc, char **argv)
{
	static const struct option known[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "count", required_argument, NULL, 'c' },
		{ "any-commands", no_argument, &any_commands, 1 },
		{ "no-doorbell", no_argument, &no_doorbell, 1 },
		{},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			seed = strtoull(optarg, NULL, 0);
		else if (c == 'c')
			count = strtoul(optarg, NULL, 0);
		else if (c)
			optind = argc;
	}
	if (optind != argc - 1)
		check_die("usage: random_access VF [--seed N] [--count N] [--any-commands] "
			  "[--no-doorbell]");
}

int main(int argc, char **argv)
{
	struct timespec start, now;
	uint64_t refused_before;
	double seconds;

	parse(argc, argv);
	rng = seed;
	check_note("seed %llu, %lu accesses", (unsigned long long)seed, count);
	begin(argv[optind]);
	refused_before = refused();
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (done = 0; done < count; done++)
		step();
	clock_gettime(CLOCK_MONOTONIC, &now);
	check(1, "%lu accesses, each as the oracle has it", done);
	end(refused_before);
	if (!oracle.link)
		flip_link();
	seconds =
		(double)(now.tv_sec - start.tv_sec) + 1e-9 * (double)(now.tv_nsec - start.tv_nsec);
	check_note("%.1f s, %.0f accesses and %.0f commands a second", seconds,
		   (double)done / seconds, (double)sum.commands / seconds);
	vf_close(&vf);
	return check_result();
}
